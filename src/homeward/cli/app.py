"""The commands and their options; what each does stands in `commands`, imported when one is called."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import homeward

__all__ = ["app"]

app = typer.Typer(
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Who could be whom among unidentified remains and missing persons, how strongly, and why.",
    epilog="Exit codes: 0 done, 1 a defect of ours, 2 bad usage or input, 3 refused by a rule, 4 a comparison failed, "
    "130 interrupted.",
)

CaseArgument = Annotated[
    str, typer.Argument(metavar="CASE", help="A case folder, a Familias .fam file, or the address of a record.")
]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write JSON; - is standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress on the terminal.")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="In place of run.seed of the case.")]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="In place of a key of case.toml, e.g. model.theta=0.01; repeatable."
    ),
]


class ReportKind(StrEnum):
    identification = "identification"
    letter = "letter"
    status = "status"
    custody = "custody"
    bundle = "bundle"


def _version(asked: bool) -> None:
    if asked:
        print(f"homeward {homeward.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    pass


@app.command()
def check(case: CaseArgument, json: Json = None, quiet: Quiet = False) -> None:
    """Read a case and list every fault; without faults, what is unlikely in its data."""
    from homeward.cli import commands

    commands.check(case, json, quiet)


@app.command()
def identify(
    case: CaseArgument,
    json: Json = None,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Write the report, one file; - is standard output.")
    ] = None,
    pairwise: Annotated[bool, typer.Option("--pairwise", help="Each sample taken alone: no joint section.")] = False,
    seed: Seed = None,
    settings: Setting = None,
    language: Annotated[
        str, typer.Option("--language", metavar="CODE", help="Of the summary and the report: en, ja or ko.")
    ] = "en",
    quiet: Quiet = False,
) -> None:
    """Weigh all remains and all missing persons together: who could be whom, how strongly, and why."""
    from homeward.cli import commands

    commands.identify(case, json, html, pairwise, seed, settings or [], language, quiet)


@app.command()
def lr(
    case: CaseArgument,
    hypothesis: Annotated[
        list[str] | None,
        typer.Option(
            "--hypothesis",
            metavar="NAME=FILE.csv",
            help="A pedigree with the columns of pedigrees.csv; repeatable, the last is the reference.",
        ),
    ] = None,
    json: Json = None,
    settings: Setting = None,
    quiet: Quiet = False,
) -> None:
    """Likelihood ratios of the named hypotheses of a kinship case."""
    from homeward.cli import commands

    commands.lr(case, hypothesis or [], json, settings or [], quiet)


@app.command()
def report(
    case: CaseArgument,
    kind: Annotated[
        ReportKind, typer.Option("--kind", help="identification, letter, status, custody or bundle.")
    ] = ReportKind.identification,
    sample: Annotated[str, typer.Option("--sample", metavar="ID", help="Of which sample of remains.")] = "",
    missing: Annotated[
        str, typer.Option("--missing", metavar="ID", help="And of which name; else the most probable.")
    ] = "",
    remains: Annotated[str, typer.Option("--remains", metavar="ID", help="Of which item: kind custody.")] = "",
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write PDF; - is standard output.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one HTML file.")] = None,
    json: Json = None,
    zip: Annotated[Path | None, typer.Option("--zip", metavar="FILE", help="Write a bundle: kind bundle.")] = None,
    result: Annotated[
        Path | None, typer.Option("--result", metavar="RESULT.json", help="What identify --json wrote; else it is run.")
    ] = None,
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="en, ja or ko.")] = "en",
    letterhead: Annotated[
        Path | None, typer.Option("--letterhead", metavar="FILE.toml", help="Who writes, see docs/reports.md.")
    ] = None,
    date: Annotated[str, typer.Option("--date", metavar="YYYY-MM-DD", help="The day of issue.")] = "",
    without_case: Annotated[
        bool, typer.Option("--without-case", help="Leave the case, with its genotypes, out of a bundle.")
    ] = False,
    account: Annotated[
        str, typer.Option("--as", metavar="ACCOUNT", envvar="HOMEWARD_ACCOUNT", help="The account that asks a record.")
    ] = "",
    quiet: Quiet = False,
) -> None:
    """Write a report: of an identification, for the family, of a case, of an item's custody, for peer review."""
    from homeward.cli import report_command

    asked = report_command.Asked(kind.value, sample, missing, remains, result, account, quiet)
    outputs = {"pdf": pdf, "html": html, "json": json, "zip": zip}
    report_command.report(case, asked, outputs, language, letterhead, date, without_case)


@app.command()
def verify(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="What identify --json or report --kind bundle wrote.")
    ],
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="The case; may be left out where a bundle holds it.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Run a result's case again, or a bundle's: exit 4 unless it gives the same bytes."""
    from homeward.cli import report_command

    report_command.verify(result, case, quiet)


@app.command()
def convert(
    source: Annotated[Path, typer.Argument(metavar="A", help="A case, or a file of profiles or frequencies.")],
    target: Annotated[
        Path, typer.Argument(metavar="B", help="A new case folder, or a file whose name tells its form.")
    ],
    to: Annotated[str, typer.Option("--to", metavar="FORMAT", help="The form by its code, see docs/formats.md.")] = "",
    quiet: Quiet = False,
) -> None:
    """Write a case, profiles or frequencies in another form; what the new form cannot hold is listed."""
    from homeward.cli import commands

    commands.convert(source, target, to)


@app.command()
def populations(
    id: Annotated[str, typer.Argument(metavar="[ID]", help="One of them only.")] = "",
    csv: Annotated[
        Path | None,
        typer.Option("--csv", metavar="FILE", help="Write its table as rows of frequencies.csv; - is standard output."),
    ] = None,
    json: Json = None,
) -> None:
    """List the bundled populations with their sources, or write one table out."""
    from homeward.cli import commands

    commands.populations(id, csv, json)


from homeward.cli.exchange_app import add_exchange_commands  # noqa: E402  as the next
from homeward.cli.record_app import add_record_commands  # noqa: E402  the commands above come first in the help

add_record_commands(app)
add_exchange_commands(app)
