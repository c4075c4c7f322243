"""What a second laboratory needs to compute a report again: case, result, report, versions, and how to check them."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from typing import Any

import homeward
from homeward.case import Case
from homeward.faults import Fault, Refusal
from homeward.formats.bundle import Bundle, bundle_bytes
from homeward.formats.case_folder import case_texts, read_case_folder
from homeward.formats.letterhead import Letterhead
from homeward.formats.source import InMemory
from homeward.report.documents.as_html import document_html
from homeward.report.documents.identification import identification_report
from homeward.report.documents.subject import Issue, Signature, Subject
from homeward.report.documents.values import document_json
from homeward.report.words import Words

__all__ = ["differing", "review_bundle"]


def review_bundle(subject: Subject, case: Case, issue: Issue, *, with_case: bool = True) -> bytes:
    """The bundle of an identification report, `homeward-bundle 1`; ``case`` as it was before settings of the run.

    The letterhead goes without its logo. Raises `Refusal` ``not-held`` for a case that no folder holds whole.
    """
    issue = Issue(issue.language, _without_logo(issue.letterhead), issue.date)
    files = {name: text.encode() for name, text in _case_files(case).items()} if with_case else {}
    files |= {"result.json": subject.data, **_report(subject, issue), "versions.txt": _versions().encode()}
    files["README.md"] = _readme(issue.language, with_case).encode()
    head = {
        "engine": {"version": homeward.__version__},
        "case": {"name": case.name, "digest": subject.result.case.digest},
        "report": _asked(subject, issue),
    }
    return bundle_bytes(head, files)


def differing(bundle: Bundle, case: Case, again: bytes) -> list[str]:
    """Files of a bundle that are not what its case gives, computed ``again``; in the order of importance."""
    found = [] if bundle.files["result.json"] == again else ["result.json"]
    asked = bundle.head["report"]
    signed = tuple(Signature(s["name"], s["date"]) for s in asked["signatures"])
    h = asked["letterhead"]
    letterhead = Letterhead(h["name"], tuple(h["address"]), h["accreditation"], h["contact"])
    subject = Subject(again, case, asked["sample"], asked["missing"], signed)
    report = _report(subject, Issue(asked["language"], letterhead, asked["date"]))
    return found + [name for name, data in report.items() if bundle.files.get(name) != data]


def _without_logo(h: Letterhead) -> Letterhead:
    return Letterhead(h.name, h.address, h.accreditation, h.contact)


def _report(subject: Subject, issue: Issue) -> dict[str, bytes]:
    document = identification_report(subject, issue)
    return {"report.json": document_json(document), "report.html": document_html(document).encode()}


def _asked(subject: Subject, issue: Issue) -> dict[str, Any]:
    """All that the report was made of besides the result."""
    h = issue.letterhead
    return {
        "sample": subject.sample,
        "missing": subject.missing,
        "language": issue.language,
        "date": issue.date,
        "signatures": [{"name": s.name, "date": s.date} for s in subject.signed],
        "letterhead": {
            "name": h.name,
            "address": list(h.address),
            "accreditation": h.accreditation,
            "contact": h.contact,
        },
    }


def _case_files(case: Case) -> dict[str, str]:
    texts = case_texts(case)
    if read_case_folder(InMemory({name: text.encode() for name, text in texts.items()})).digest != case.digest:
        message = "a case folder does not hold all of this case"
        raise Refusal([Fault("not-held", message, "make the bundle --without-case, and send the case itself")])
    return {f"case/{name}": text for name, text in texts.items()}


def _readme(language: str, with_case: bool) -> str:
    say = Words(language)
    told = ["what", "case" if with_case else "no-case", "result", "report", "versions", "bundle", "verify"]
    parts = [f"# {say('review.title')}", *(say(f"review.{key}") for key in told)]
    parts.append("    homeward verify BUNDLE.zip" + ("" if with_case else " CASE"))
    return "\n\n".join(parts) + "\n"


def _versions() -> str:
    """Python, Homeward, and every package that a calculation may use, one a line."""
    lines = [f"Python {platform.python_version()}", f"homeward=={homeward.__version__}"]
    return "\n".join([*lines, *sorted(set(_needed("homeward", set())))]) + "\n"


def _needed(package: str, seen: set[str]) -> Iterator[str]:
    """The packages installed that one needs, theirs included; extras left out."""
    for line in requires(package) or ():
        name = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        if "extra ==" in line or name.lower() in seen:
            continue
        seen.add(name.lower())
        try:
            yield f"{name.lower()}=={version(name)}"
            yield from _needed(name, seen)
        except PackageNotFoundError:  # for another system than this
            continue
