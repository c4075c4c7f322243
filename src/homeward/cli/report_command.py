"""Reports on paper, and a result or a bundle computed again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from homeward.cli.commands import identified
from homeward.cli.exits import DIFFERS
from homeward.cli.inputs import paths_of, read_input
from homeward.cli.output import say, say_error, writable, write_files
from homeward.faults import Fault, Refusal
from homeward.record.url import is_record_url

if TYPE_CHECKING:
    from homeward.case import Case
    from homeward.report.documents import Document
    from homeward.report.documents.letter import Identified
    from homeward.report.documents.subject import Issue, Subject

__all__ = ["Asked", "report", "verify"]

STANDARD_OUTPUT = Path("-")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is asked for of: ``sample`` and ``missing``, or an item of ``remains``; ``result``: computed
    before; ``account``: who asks a record."""

    kind: str
    sample: str = ""
    missing: str = ""
    remains: str = ""
    result: Path | None = None
    account: str = ""
    quiet: bool = False


def report(
    where: str,
    asked: Asked,
    outputs: Mapping[str, Path | None],
    language: str,
    letterhead: Path | None,
    day: str,
    without_case: bool,
) -> None:
    """Write a report in every form that was asked for. ``outputs``: pdf, html, json, zip → file."""
    from homeward.formats.letterhead import Letterhead, read_letterhead
    from homeward.report import Words
    from homeward.report.documents.subject import Issue

    files = {form: file for form, file in outputs.items() if file is not None}
    _ask_for_files(asked, files)
    inputs = [*paths_of(where), *(p for p in (asked.result, letterhead) if p is not None)]
    writable(*files.values(), inputs=inputs)
    Words(language)  # a language there is, before any work
    head = Letterhead() if letterhead is None else read_letterhead(letterhead)
    issue = Issue(language, head, _day(day))
    if asked.kind == "bundle":
        subject, case = _subject(where, asked)
        from homeward.report.documents.bundle import review_bundle

        contents = {files["zip"]: review_bundle(subject, case, issue, with_case=not without_case)}
    else:
        contents = _forms(_document(where, asked, issue), files)
    write_files(contents)
    for file in contents:
        if file != STANDARD_OUTPUT:
            say_error(f"written: {file}")


def verify(result_file: Path, path: str | None, quiet: bool) -> None:
    """Run again under the settings and seed that a result or a bundle states; leaves with 4 unless all is the same."""
    from homeward.formats.bundle import is_bundle

    if is_bundle(result_file):
        differing = _other_files(result_file, path, quiet)
    else:
        if path is None:
            message = "a result is computed again from its case"
            raise Refusal([Fault("bad-argument", message, "write homeward verify RESULT.json CASE", file="CASE")])
        differing = _other_parts(result_file, path, quiet)
    if differing:
        say_error(f"{result_file}: not what {path or 'its case'} gives: {', '.join(differing)}")
        raise SystemExit(DIFFERS)
    say(f"{result_file}: the same bytes")


def _other_parts(result_file: Path, path: str, quiet: bool) -> list[str]:
    """Parts of a result that its case does not give."""
    from homeward.formats import read_result_json, result_json
    from homeward.formats.overrides import overridden
    from homeward.formats.result_value import other_settings

    stated = read_result_json(result_file)
    given = result_file.read_bytes()
    case = read_input(path)
    again = result_json(identified(case, quiet))
    changed = other_settings(json.loads(again)["settings"], stated["settings"])
    if changed and again != given:
        again = result_json(identified(overridden(case, changed, str(result_file)), quiet))
    if again == given:
        return []
    now = json.loads(again)
    differing = [key for key in sorted(stated.keys() | now.keys()) if stated.get(key) != now.get(key)]
    return differing or ["the same values in other bytes"]


def _other_files(bundle_file: Path, path: str | None, quiet: bool) -> list[str]:
    """Files of a bundle that were altered, or that its case does not give."""
    from homeward.formats import result_json
    from homeward.formats.bundle import read_bundle
    from homeward.formats.case_folder import read_case_folder
    from homeward.formats.result_value import case_as_computed
    from homeward.formats.results import result_value
    from homeward.formats.source import InMemory
    from homeward.report.documents.bundle import differing

    bundle = read_bundle(bundle_file)
    if bundle.altered:
        return list(bundle.altered)
    if path is None and not bundle.case:
        remedy = "write homeward verify BUNDLE.zip CASE"
        raise Refusal([Fault("bad-argument", "the bundle was made without the case", remedy, file="CASE")])
    case = read_case_folder(InMemory(bundle.case)) if path is None else read_input(path)
    try:
        computed = case_as_computed(case, result_value(bundle.files["result.json"], "result.json"))
    except Refusal as refusal:
        if all(f.code == "other-case" for f in refusal.faults):
            return ["case"]
        raise
    return differing(bundle, case, result_json(identified(computed, quiet)))


def _ask_for_files(asked: Asked, files: Mapping[str, Path]) -> None:
    """Each kind has its forms, and what it is of. Raises `Refusal` ``bad-argument``."""
    faults = []
    forms = {"zip"} if asked.kind == "bundle" else {"pdf", "html", "json"}
    if not files or not files.keys() <= forms:
        remedy = "name a file with " + ", ".join(f"--{form}" for form in sorted(forms))
        faults.append(Fault("bad-argument", f"a report of kind {asked.kind} is written as none of these", remedy))
    needed = {"custody": "remains", "status": ""}.get(asked.kind, "sample")
    if needed and not getattr(asked, needed):
        faults.append(Fault("bad-argument", f"it is not said of which {needed}", f"name one with --{needed}"))
    if faults:
        raise Refusal(faults)


def _day(text: str) -> str:
    from datetime import date

    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        raise Refusal([Fault("bad-date", "this is no day", "write YYYY-MM-DD", file="--date", value=text)]) from error


def _forms(document: Document, files: Mapping[str, Path]) -> dict[Path, bytes]:
    from homeward.report.documents import document_html, document_json, document_pdf

    made = {
        "pdf": document_pdf,
        "html": lambda d: document_html(d).encode(),
        "json": document_json,
    }
    return {file: made[form](document) for form, file in files.items()}


def _document(where: str, asked: Asked, issue: Issue) -> Document:
    from homeward.report.documents.identification import identification_report
    from homeward.report.documents.letter import family_letter

    if asked.kind == "identification":
        return identification_report(_subject(where, asked)[0], issue)
    if asked.kind == "letter":
        return family_letter(_told(where, asked), issue)
    if not is_record_url(where):
        message = f"a report of kind {asked.kind} is of a record, which keeps what people did"
        raise Refusal([Fault("needs-record", message, "name a record, see homeward record create", file="CASE")])
    from homeward.cli.record_commands import acting
    from homeward.record import open_record
    from homeward.report.documents.custody import chain_of_custody
    from homeward.report.documents.from_record import item_in, state_in
    from homeward.report.documents.status import case_status

    record = open_record(where)
    actor = acting(record, asked.account)
    if asked.kind == "custody":
        return chain_of_custody(item_in(record, actor, asked.remains), issue)
    return case_status(state_in(record, actor), issue)


def _subject(where: str, asked: Asked) -> tuple[Subject, Case]:
    """The sample and the name with their result, and the case as it is kept."""
    from homeward.formats import result_json
    from homeward.formats.source import file_bytes
    from homeward.report.documents.subject import Subject

    if is_record_url(where):
        from homeward.cli.record_commands import acting
        from homeward.record import open_record
        from homeward.report.documents.from_record import candidate_of, subject_in

        record = open_record(where)
        actor = acting(record, asked.account)
        subject = subject_in(record, actor, candidate_of(record, actor, asked.sample, asked.missing))
        return subject, subject.result.case
    case = read_input(where)
    faults: list[Fault] = []
    if asked.result is None:
        data: bytes | None = result_json(identified(case, asked.quiet))
    else:
        data = file_bytes(asked.result, asked.result.name, faults)
    if data is None:
        raise Refusal(faults)
    return Subject(data, case, asked.sample, asked.missing), case


def _told(where: str, asked: Asked) -> Identified:
    """The identification that a letter tells of."""
    from homeward.report.documents.from_record import candidate_of, identified_in
    from homeward.report.documents.letter import identified_by

    if is_record_url(where):
        from homeward.cli.record_commands import acting
        from homeward.record import open_record

        record = open_record(where)
        actor = acting(record, asked.account)
        return identified_in(record, actor, candidate_of(record, actor, asked.sample, asked.missing))
    return identified_by(read_input(where), asked.sample)
