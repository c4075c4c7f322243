"""The commands of an exchange and their options; what each does stands in `exchange_commands`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["add_exchange_commands"]

Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="This side's folder of the exchange.")]
CaseArgument = Annotated[str, typer.Argument(metavar="CASE", help="A case folder, or the address of a record.")]
AgreementFile = Annotated[Path, typer.Argument(metavar="AGREEMENT", help="The file of the agreement.")]
Consent = Annotated[
    Path | None,
    typer.Option("--consent", metavar="FILE.csv", help="What the living allowed, if CASE is no record."),
]
LeaveOut = Annotated[bool, typer.Option("--leave-out", help="Work without what may not be used, and list it.")]
By = Annotated[list[str], typer.Option("--by", metavar="ID", help="Who decided; repeatable.")]
Sample = Annotated[list[str] | None, typer.Option("--sample", metavar="SAMPLE", help="Only this sample; repeatable.")]
Other = Annotated[Path | None, typer.Option("--with", metavar="CARD.json", help="The other side's card.")]
Auditor = Annotated[Path | None, typer.Option("--auditor", metavar="CARD.json", help="The auditor's card.")]
Compared = Annotated[
    bool, typer.Option("--compared", help="A person compared the fingerprints with those on paper; in place of cards.")
]
Decline = Annotated[list[str] | None, typer.Option("--decline", metavar="ID", help="Not this family; repeatable.")]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write JSON; - is standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on the terminal.")]


class Role(StrEnum):
    remains = "remains"
    families = "families"


_exchange = typer.Typer(
    no_args_is_help=True, help="Two parties, one answer: signed and sealed files in place of pooled data."
)


def add_exchange_commands(app: typer.Typer) -> None:
    """Give the command line what a side of an exchange can do."""
    app.add_typer(_exchange, name="exchange", rich_help_panel=None)


@_exchange.command()
def keygen(
    folder: Folder,
    party: Annotated[str, typer.Option("--party", metavar="NAME", help="The party's short name.")],
    country: Annotated[str, typer.Option("--country", metavar="CC", help="Its country, two capital letters.")],
) -> None:
    """Make a side's folder with fresh keys, and the card that the other side needs."""
    from homeward.cli import exchange_commands

    exchange_commands.keygen(folder, party, country)


@_exchange.command()
def propose(
    folder: Folder,
    terms: Annotated[Path, typer.Argument(metavar="TERMS.toml", help="What people agreed on.")],
    case: CaseArgument,
    to: AgreementFile,
    role: Annotated[Role, typer.Option("--role", help="What this side holds.")],
    other: Annotated[Path, typer.Option("--with", metavar="CARD.json", help="The other side's card.")],
    auditor: Annotated[
        Path | None, typer.Option("--auditor", metavar="CARD.json", help="The card of a neutral auditor.")
    ] = None,
) -> None:
    """Write an agreement of the terms, and of the panel, tables and settings of a case; nobody has signed it."""
    from homeward.cli import exchange_commands

    exchange_commands.propose(folder, terms, case, to, role.value, other, auditor)


@_exchange.command()
def commit(folder: Folder, case: CaseArgument, agreement: AgreementFile, consent: Consent = None) -> None:
    """Bind this side to its inputs: put the root over them, salted, into the agreement before anybody signs."""
    from homeward.cli import exchange_commands

    exchange_commands.commit(folder, case, agreement, consent)


@_exchange.command()
def show(agreement: AgreementFile) -> None:
    """Whose keys an agreement names, and the terms that matter; nothing is signed."""
    from homeward.cli import exchange_commands

    exchange_commands.show(agreement)


@_exchange.command()
def sign(
    folder: Folder, agreement: AgreementFile, other: Other = None, auditor: Auditor = None, compared: Compared = False
) -> None:
    """Show whose keys and which terms an agreement has, and put this side's signature into it."""
    from homeward.cli import exchange_commands

    exchange_commands.sign(folder, agreement, other, auditor, compared)


@_exchange.command()
def agree(
    folder: Folder, agreement: AgreementFile, other: Other = None, auditor: Auditor = None, compared: Compared = False
) -> None:
    """Show the agreement that both signed, and take it: from now on it is in force here."""
    from homeward.cli import exchange_commands

    exchange_commands.agree(folder, agreement, other, auditor, compared)


@_exchange.command()
def status(folder: Folder, json: Json = None) -> None:
    """Who is due with what, the hits under the names they have at home, quotas left, and the head of the log."""
    from homeward.cli import exchange_views

    exchange_views.status(folder, json)


@_exchange.command()
def preview(
    folder: Folder,
    case: CaseArgument,
    sample: Sample = None,
    consent: Consent = None,
    leave_out: LeaveOut = False,
    decline: Decline = None,
    json: Json = None,
) -> None:
    """Show exactly what would leave with the next letter, and what of the case would not; nothing is sent."""
    from homeward.cli import exchange_views

    exchange_views.preview(folder, case, sample or [], consent, leave_out, json, decline or [])


@_exchange.command()
def export(folder: Folder, case: CaseArgument, sample: Sample = None, leave_out: LeaveOut = False) -> None:
    """Remains' side: ask for a comparison, with profiles under opaque ids."""
    from homeward.cli import exchange_commands

    exchange_commands.export(folder, case, sample or [], leave_out)


@_exchange.command()
def receive(folder: Folder, envelope: Annotated[Path, typer.Argument(metavar="ENVELOPE")]) -> None:
    """Take an envelope of the other side; refused whole, with the reason, if anything about it is not as agreed."""
    from homeward.cli import exchange_commands

    exchange_commands.receive(folder, envelope)


@_exchange.command()
def answer(
    folder: Folder, case: CaseArgument, consent: Consent = None, leave_out: LeaveOut = False, quiet: Quiet = False
) -> None:
    """Families' side: compare what was asked with all families at home, and answer with hits alone."""
    from homeward.cli import exchange_commands

    exchange_commands.answer(folder, case, consent, leave_out, quiet)


@_exchange.command()
def confirm(
    folder: Folder,
    by: By,
    remains: Annotated[
        list[str] | None, typer.Option("--remains", metavar="ID", help="Only hits of these remains; repeatable.")
    ] = None,
) -> None:
    """Remains' side: a person sees hits through."""
    from homeward.cli import exchange_commands

    exchange_commands.confirm(folder, by, remains or [])


@_exchange.command()
def ask(
    folder: Folder, case: CaseArgument, sample: Sample = None, leave_out: LeaveOut = False, quiet: Quiet = False
) -> None:
    """Remains' side: ask for a private match, with profiles that only this side can decrypt. Experimental."""
    from homeward.cli import exchange_private

    exchange_private.ask(folder, case, sample or [], leave_out, quiet)


@_exchange.command()
def reply(
    folder: Folder, case: CaseArgument, consent: Consent = None, leave_out: LeaveOut = False, quiet: Quiet = False
) -> None:
    """Families' side: compute a private match without seeing a profile, and reply with ciphertexts alone."""
    from homeward.cli import exchange_private

    exchange_private.reply(folder, case, consent, leave_out, quiet)


@_exchange.command()
def decide(
    folder: Folder,
    by: Annotated[list[str] | None, typer.Option("--by", metavar="ID", help="Who decided; repeatable.")] = None,
    remains: Annotated[
        list[str] | None, typer.Option("--remains", metavar="ID", help="Only hits of these remains; repeatable.")
    ] = None,
) -> None:
    """Remains' side: list the hits of the last reply; with --by a person sees them through."""
    from homeward.cli import exchange_private

    exchange_private.decide(folder, by or [], remains or [])


@_exchange.command()
def disclose(
    folder: Folder,
    case: CaseArgument,
    by: By,
    decline: Decline = None,
    consent: Consent = None,
    leave_out: LeaveOut = False,
) -> None:
    """Families' side: a person discloses the families of the confirmed hits, and no others."""
    from homeward.cli import exchange_commands

    exchange_commands.disclose(folder, case, by, decline or [], consent, leave_out)


@_exchange.command()
def conclude(
    folder: Folder,
    by: By,
    reject: Annotated[
        list[str] | None, typer.Option("--reject", metavar="ID", help="Do not sign the name of these remains.")
    ] = None,
) -> None:
    """Both sides: compute the one result of what was disclosed, and sign the names it proposes; two persons decide."""
    from homeward.cli import exchange_commands

    exchange_commands.conclude(folder, by, reject or [])


@_exchange.command()
def receipt(folder: Folder) -> None:
    """Delete what came from the other side and every result, and send a signed receipt."""
    from homeward.cli import exchange_commands

    exchange_commands.receipt(folder)


@_exchange.command()
def concord(
    folder: Folder,
    case: Annotated[str, typer.Option("--case", metavar="CASE", help="Where the sample is; begins anew.")] = "",
    sample: Annotated[str, typer.Option("--sample", metavar="SAMPLE", help="What this laboratory typed.")] = "",
    bone: Annotated[str, typer.Option("--bone", metavar="LABEL", help="What both laboratories call it.")] = "",
    reveal: Annotated[bool, typer.Option("--open", help="Send the results of the loci that differ.")] = False,
) -> None:
    """Two laboratories typed one bone: take the next step to see which loci differ, and nothing of the others."""
    from homeward.cli import exchange_commands

    exchange_commands.concord(folder, case, sample, bone, reveal)


@_exchange.command()
def deposit(
    folder: Folder,
    case: CaseArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE")],
    consent: Consent = None,
    leave_out: LeaveOut = False,
) -> None:
    """Open this side's committed inputs, its log and its seals for the auditor alone."""
    from homeward.cli import exchange_audit

    exchange_audit.deposit(folder, case, file, consent, leave_out)


@_exchange.command()
def audit(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="The auditor's folder, with the sealed key.")],
    bag: Annotated[Path, typer.Argument(metavar="BAG", help="The folder of everything that travelled.")],
    agreement: AgreementFile,
    given: Annotated[
        list[Path] | None, typer.Option("--deposit", metavar="FILE", help="What a side opened; once for each.")
    ] = None,
    json: Json = None,
    quiet: Quiet = False,
) -> None:
    """Run an archived exchange again: exit 4 if anything in it was forged, withheld, invented or altered."""
    from homeward.cli import exchange_audit

    exchange_audit.audit(folder, bag, agreement, given or [], json, quiet)


@_exchange.command()
def demo(
    folder: Annotated[Path, typer.Option("--folder", metavar="DIR", help="A new folder for both sides and the bag.")],
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Of the simulated incident.")] = 7,
) -> None:
    """A simulated incident split in two, from the agreement to identifications that both sides sign."""
    from homeward.cli import exchange_demo

    exchange_demo.demo(folder, seed)
