"""What each command does, between reading a case and writing what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from homeward.cli.exits import BAD_INPUT, RULE
from homeward.cli.inputs import paths_of, read_input
from homeward.cli.output import (
    TerminalProgress,
    columns,
    counted,
    json_bytes,
    over_input,
    say,
    say_error,
    writable,
    write_files,
)
from homeward.faults import Fault, Refusal
from homeward.formats.overrides import overridden, parsed

if TYPE_CHECKING:
    from homeward.case import Case, Hypothesis
    from homeward.check import Finding
    from homeward.genetics import Scenario
    from homeward.identify import Comparison, Result

__all__ = ["check", "convert", "identified", "identify", "lr", "populations"]

STANDARD_OUTPUT = Path("-")


def check(path: str, json_file: Path | None, quiet: bool) -> None:
    """Every fault on standard error, else every finding; as JSON where asked. Leaves with 2 if there is a fault."""
    from homeward.check import check as find
    from homeward.genetics import scenarios_of

    writable(json_file, inputs=paths_of(path))
    faults: Sequence[Fault] = ()
    findings: Sequence[Finding] = ()
    progress = TerminalProgress(quiet)
    try:
        case = read_input(path)
        findings = find(case, scenarios_of(case), progress=progress)
    except Refusal as refusal:
        faults = refusal.faults
    finally:
        progress.clear()
    for fault in faults:
        say_error(fault.line())
    if json_file is not None:
        told = {"faults": [f.as_json() for f in faults], "findings": [f.as_json() for f in findings]}
        write_files({json_file: json_bytes(told)})
    if faults:
        raise SystemExit(BAD_INPUT)
    if json_file != STANDARD_OUTPUT:
        say(
            f"{case.name}: no faults in {counted(case.inputs, 'file')} "
            f"({counted(case.families, 'family', 'families')}, {counted(case.samples, 'sample')}, "
            f"{counted(case.markers, 'marker')})"
        )
        _say_findings(findings)


def identify(
    path: str,
    json_file: Path | None,
    html_file: Path | None,
    pairwise: bool,
    seed: int | None,
    settings: Sequence[str],
    language: str,
    quiet: bool,
) -> None:
    """The main job: a summary on standard output, or there the file that was asked for.

    Leaves with 3 if the joint answer did not converge; the files are written, and say so.
    """
    from homeward.formats import result_json

    writable(json_file, html_file, inputs=paths_of(path))
    changes = parsed(settings) | ({} if seed is None else {"run.seed": seed})
    changes |= {"run.joint": "off"} if pairwise else {}
    case = overridden(read_input(path), changes)
    from homeward.report import Words

    Words(language)  # a language there is, before any work
    result = identified(case, quiet)
    files: dict[Path, bytes] = {}
    if json_file is not None:
        files[json_file] = result_json(result)
    if html_file is not None:
        from homeward.report import result_html

        files[html_file] = result_html(result, language=language).encode("utf-8")
    write_files(files)
    if STANDARD_OUTPUT not in files:
        from homeward.report import summary

        say(summary(result, language=language).rstrip("\n"))
        for file in files:
            say_error(f"written: {file}")
    if result.joint is not None and not result.joint.posterior.method.converged:
        message = "the joint answer has not converged; nothing in it may be relied on"
        say_error(Fault("not-converged", message, "give it more time: --set run.seconds=600").line())
        raise SystemExit(RULE)


def lr(path: str, hypotheses: Sequence[str], json_file: Path | None, settings: Sequence[str], quiet: bool) -> None:
    """The hypotheses named on the command line, else those of the case; the last is the reference."""
    from homeward.genetics import scenarios_of

    writable(
        json_file, inputs=[*paths_of(path), *(Path(h.partition("=")[2]) for h in hypotheses if h.partition("=")[2])]
    )
    named = _named(hypotheses)
    case = overridden(read_input(path), parsed(settings))
    if named:
        case = replace(case, hypotheses=named)
    from homeward.cli.comparison import comparison_json, comparison_table
    from homeward.identify import compare

    progress = TerminalProgress(quiet)
    try:
        scenarios = scenarios_of(case)
        comparison = compare(case, scenarios, progress=progress)
    finally:
        progress.clear()
    if json_file is not None:
        write_files({json_file: json_bytes(comparison_json(comparison))})
    if json_file != STANDARD_OUTPUT:
        say(columns(comparison_table(comparison), right=True))
    _say_weak_tables(case, scenarios, comparison)


def _say_weak_tables(case: Case, scenarios: Sequence[Scenario], found: Comparison) -> None:
    """On standard error what is weak about the tables these LRs rest on, as `check` says it."""
    from homeward.check import frequency_tables
    from homeward.report import Words, finding_text

    words = Words()
    founders = {m.population for h in found.case.hypotheses for m in h.pedigree}
    mine = {s.model.population for s in scenarios} | founders
    for finding in frequency_tables(case, scenarios):
        if finding.code == "markers-without-frequencies" or finding.evidence.get("population") in mine:
            say_error(f"{words(f'severity.{finding.severity}')}: {finding.code}: {finding_text(finding, words)}")


def convert(source: Path, target: Path, to: str) -> None:
    """Write a case, profiles or frequencies in another form; what it cannot hold is listed on standard error."""
    from homeward.case import Case
    from homeward.formats import write_case
    from homeward.formats.convert import converted

    if faults := over_input([target], [source]):
        raise Refusal(faults)
    made, told = converted(source, target, to)
    if isinstance(made, Case):
        told = (*told, *write_case(made, target))
    else:
        existing = [
            Fault("target-exists", "the file exists", "name a new one", file=str(f)) for f in made if f.exists()
        ]
        if existing:
            raise Refusal(existing)
        writable(*made)
        write_files(made)
    for left_out in told:
        # what the new file does not hold is said of it, what reading found of the old one
        of = target if left_out.code == "not-held" else source
        say_error((left_out if left_out.file else replace(left_out, file=str(of))).line())
    say(f"written: {target}")


def populations(id: str, csv_file: Path | None, json_file: Path | None) -> None:
    """Every bundled table, or the one named: id, number of people, provenance, source; its rows as CSV."""
    from homeward.genetics import bundled_populations

    writable(csv_file, json_file)
    known = [p for p in bundled_populations() if not id or p.id == id]
    if not known:
        raise Refusal([_unknown_population(id)])
    if csv_file is not None:
        if not id:
            message = "a table is written of one population"
            raise Refusal([Fault("bad-argument", message, "write homeward populations ID --csv FILE", file="--csv")])
        _write_table(id, csv_file)
        return
    if json_file is not None:
        from homeward.case import plain

        write_files({json_file: json_bytes({"populations": [plain(p) for p in known]})})
    if json_file != STANDARD_OUTPUT:
        rows = [(p.id, _size(p.individuals), p.status, p.description) for p in known]
        say(columns([("id", "persons", "provenance", "population"), *rows]))


def _size(individuals: int | None) -> str:
    """Persons typed, and whether their chromosomes are fewer than `check` wants of a table."""
    from homeward.genetics.populations import FEWEST_CHROMOSOMES

    if individuals is None:
        return ""
    return f"N={individuals}" + (" (small table)" if 2 * individuals < FEWEST_CHROMOSOMES else "")


def _write_table(id: str, file: Path) -> None:
    """One bundled table as the rows of `frequencies.csv`."""
    from homeward.formats import Frequencies
    from homeward.formats.tables_out import homeward_frequencies
    from homeward.genetics import bundled_population

    content, _ = homeward_frequencies(Frequencies("long-frequencies", (bundled_population(id),)))
    write_files({file: content})
    if file != STANDARD_OUTPUT:
        say(f"written: {file}")


def _unknown_population(id: str) -> Fault:
    from homeward.genetics import bundled_populations
    from homeward.genetics.populations import close_populations

    close = close_populations(id, [p.id for p in bundled_populations()])
    remedy = f"name {close or 'one that homeward populations lists'}"
    return Fault("no-population", f"no population {id[:64]!r} is bundled", remedy, file="ID", value=id)


def _say_findings(findings: Sequence[Finding]) -> None:
    """One line each, warnings first, and how many there are."""
    from homeward.report import Words, finding_text

    words = Words()
    for finding in findings:
        say(f"{words(f'severity.{finding.severity}')}: {finding.code}: {finding_text(finding, words)}")
    warnings = sum(f.severity == "warning" for f in findings)
    say(f"findings: {warnings} to look at, {len(findings) - warnings} to know")


def identified(case: Case, quiet: bool) -> Result:
    """The result of a case, with progress on a terminal."""
    from homeward.genetics import scenarios_of
    from homeward.identify import identify

    progress = TerminalProgress(quiet)
    try:
        return identify(case, scenarios_of(case), seed=case.settings.run.seed, progress=progress)
    finally:
        progress.clear()


def _named(arguments: Sequence[str]) -> tuple[Hypothesis, ...]:
    """The hypotheses of `--hypothesis NAME=FILE.csv`, in the order given."""
    from homeward.formats import read_hypothesis

    faults: list[Fault] = []
    found: dict[str, Hypothesis] = {}
    for argument in arguments:
        name, equals, file = argument.partition("=")
        remedy = "write --hypothesis NAME=FILE.csv"
        if not (name and equals and file):
            faults.append(Fault("bad-argument", "this names no hypothesis and file", remedy, file="--hypothesis"))
        elif name in found:
            message = f"{name} is named twice"
            faults.append(Fault("duplicate-hypothesis", message, "name each hypothesis once", file="--hypothesis"))
        else:
            try:
                found[name] = read_hypothesis(Path(file), name)
            except Refusal as refusal:
                faults += refusal.faults
    if faults:
        raise Refusal(faults)
    return tuple(found.values())
