"""What each command of an exchange does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from homeward.cli.exchange_terms import ask_whose, say_terms
from homeward.cli.inputs import read_input
from homeward.cli.output import TerminalProgress, counted, say, say_error, writable, write_files
from homeward.exchange.agreement import Role
from homeward.exchange.ending import agreed_by_both, delete_by, delete_theirs
from homeward.exchange.ending import conclude as conclude_round
from homeward.exchange.families_side import answer as answer_request
from homeward.exchange.families_side import disclose as disclose_families
from homeward.exchange.form import read_form, written
from homeward.exchange.inputs import Source, commit_inputs
from homeward.exchange.keys import Card, fingerprint
from homeward.exchange.laboratories import advance, begin, open_differing, outcome_of
from homeward.exchange.proposal import propose as proposed
from homeward.exchange.proposal import read_terms
from homeward.exchange.remains_side import confirm as confirm_hits
from homeward.exchange.remains_side import request
from homeward.exchange.side import CARD, Side, new_side, open_side, role_of
from homeward.exchange.signing import Signed
from homeward.exchange.signing import sign as with_signature
from homeward.faults import Fault, Refusal
from homeward.formats.source import file_bytes

__all__ = [
    "agree",
    "answer",
    "bytes_of",
    "commit",
    "conclude",
    "concord",
    "confirm",
    "disclose",
    "export",
    "keygen",
    "propose",
    "receipt",
    "receive",
    "say_left_out",
    "say_sent",
    "show",
    "sign",
    "today",
]


def today() -> str:
    """The day in UTC, which is that of the agreement."""
    return datetime.now(UTC).strftime("%Y-%m-%d")


def bytes_of(path: Path) -> bytes:
    """A file's bytes. Raises `Refusal`."""
    faults: list[Fault] = []
    data = file_bytes(path, path.name, faults)
    if data is None:
        raise Refusal(faults)
    return data


def keygen(folder: Path, party: str, country: str) -> None:
    card = new_side(folder, party, country)
    say(f"made: {folder}")
    say(f"fingerprint of {card.name}: {fingerprint(card)}")
    say_error(f"give {folder / CARD} to the other side, and the fingerprint on paper; {folder} itself to nobody")


def propose(folder: Path, terms: Path, case: str, to: Path, role: Role, other: Path, auditor: Path | None) -> None:
    writable(to, inputs=[terms, other])
    with open_side(folder) as side:
        mine = side.keys.card
    theirs = read_form(Card, bytes_of(other), other.name)
    witness = None if auditor is None else read_form(Card, bytes_of(auditor), auditor.name)
    signed = proposed(read_input(case), read_terms(bytes_of(terms), terms.name), role, mine, theirs, witness)
    write_files({to: written(signed)})
    for card in (mine, theirs, *([witness] if witness else [])):
        say(f"fingerprint of {card.name}: {fingerprint(card)}")
    for missed in signed.agreement.plain.missed if signed.agreement.plain else ():
        say(f"{missed.kind}: {missed.share:.1%} of {missed.pairs} simulated true pairs are missed")
    say(f"written: {to}")


def commit(folder: Path, case: str, agreement: Path, consents: Path | None) -> None:
    signed = read_form(Signed, bytes_of(agreement), agreement.name)
    if signed.remains or signed.families:
        message = "somebody has signed it already"
        raise Refusal([Fault("exchange-turn", message, "begin with a new proposal", file=agreement.name)], rule=True)
    with open_side(folder) as side:
        role = role_of(signed.agreement, side.keys.card)
        bound, left = commit_inputs(signed.agreement, role, Source(case, today(), consents))
        side.put_inputs(bound)
    party = replace(signed.agreement.party(role), inputs=bound.inputs)
    changed = (
        replace(signed.agreement, remains=party) if role == "remains" else replace(signed.agreement, families=party)
    )
    write_files({agreement: written(replace(signed, agreement=changed))})
    say_left_out(left)
    say(f"committed: {bound.inputs.leaves} inputs, root {bound.inputs.root}")


def show(agreement: Path) -> None:
    say_terms(read_form(Signed, bytes_of(agreement), agreement.name))


def _card(path: Path | None) -> Card | None:
    return None if path is None else read_form(Card, bytes_of(path), path.name)


def sign(folder: Path, agreement: Path, other: Path | None, auditor: Path | None, compared: bool) -> None:
    signed = read_form(Signed, bytes_of(agreement), agreement.name)
    say_terms(signed)
    with open_side(folder) as side:
        role = role_of(signed.agreement, side.keys.card)
        if signed.agreement.party(role).inputs != side.committed.inputs:
            message = "it holds other inputs than this side committed to"
            fault = Fault("exchange-commitment", message, "commit again before both sign", file=agreement.name)
            raise Refusal([fault], rule=True)
        ask_whose(signed.agreement, role, _card(other), _card(auditor), compared)
        signed = with_signature(signed, role, side.keys)
    write_files({agreement: written(signed)})
    say(f"signed: agreement {signed.agreement.hash}")


def agree(folder: Path, agreement: Path, other: Path | None, auditor: Path | None, compared: bool) -> None:
    data = bytes_of(agreement)
    signed = read_form(Signed, data, agreement.name)
    say_terms(signed)
    with open_side(folder) as side:
        ask_whose(signed.agreement, role_of(signed.agreement, side.keys.card), _card(other), _card(auditor), compared)
        agreed = side.agree(data, today(), agreement.name)
    say(f"in force: agreement {agreed.hash}, until {agreed.until}; what is theirs is deleted by {delete_by(agreed)}")


def export(folder: Path, case: str, samples: Sequence[str], leave_out: bool) -> None:
    with open_side(folder) as side:
        envelope, left = request(side, Source(case, today(), None, leave_out), samples)
        say_left_out(left)
        say_sent(side, envelope)


def receive(folder: Path, envelope: Path) -> None:
    with open_side(folder) as side:
        letter = side.receive(bytes_of(envelope), today(), envelope.name)
        say(f"received: {letter.header.kind} {letter.header.number} of {side.agreement.other(side.role).name}")


def answer(folder: Path, case: str, consents: Path | None, leave_out: bool, quiet: bool) -> None:
    progress = TerminalProgress(quiet)
    with open_side(folder) as side:
        try:
            envelope, done = answer_request(side, Source(case, today(), consents, leave_out), progress)
        finally:
            progress.clear()
        say_left_out(done.left_out)
        compared = f"{done.answer.compared_remains} remains with {done.answer.compared_families} families"
        say(f"compared: {compared}; {counted(done.answer.hits, 'hit')}")
        say_sent(side, envelope)


def confirm(folder: Path, by: Sequence[str], remains: Sequence[str]) -> None:
    with open_side(folder) as side:
        say_sent(side, confirm_hits(side, today(), by, remains))


def disclose(
    folder: Path, case: str, by: Sequence[str], decline: Sequence[str], consents: Path | None, leave_out: bool
) -> None:
    with open_side(folder) as side:
        envelope, left = disclose_families(side, Source(case, today(), consents, leave_out), by, decline)
        say_left_out(left)
        say_sent(side, envelope)


def conclude(folder: Path, by: Sequence[str], reject: Sequence[str]) -> None:
    with open_side(folder) as side:
        envelope = conclude_round(side, today(), by, reject)
        said = side.letter("conclusion").payload
        say(f"result: {said.result}; signed here: {counted(said.identified, 'name')}")
        say(f"agreed by both sides: {len(agreed_by_both(side))}")
        say_sent(side, envelope)


def concord(folder: Path, case: str, sample: str, bone: str, reveal: bool) -> None:
    """The step that is due here, or what came of it."""
    if case and not (sample and bone):
        message = "a comparison begins with a sample and with what both call the bone"
        raise Refusal([Fault("bad-argument", message, "give --sample and --bone", file="--case")])
    with open_side(folder) as side:
        found = None if case else outcome_of(side)
        if found is None:
            say_sent(side, begin(side, read_input(case), sample, bone, today()) if case else advance(side, today()))
            found = outcome_of(side)
        elif reveal:
            say_sent(side, open_differing(side, today()))
        if found is not None:
            for word, markers in asdict(found).items():
                say(f"{word}: {', '.join(markers) or 'none'}")


def receipt(folder: Path) -> None:
    with open_side(folder) as side:
        envelope = delete_theirs(side, today())
        deleted = side.letter("receipt").payload.deleted
        say(f"deleted: {counted(deleted, 'payload')} of the other side, and every result")
        say_sent(side, envelope)


def say_sent(side: Side, envelope: Path) -> None:
    """Where the envelope lies, and the head of the log that went with it."""
    say(f"envelope: {envelope}")
    say(f"head of the log: {side.state.head[0]}")


def say_left_out(faults: Iterable[Fault]) -> None:
    """On standard error, under the names things have at home."""
    for fault in faults:
        marker = f" {fault.marker}" if fault.marker else ""
        say_error(f"left out: {fault.sample}{marker}: {fault.code}: {fault.message}")
