"""A table of consents, for an import: what every living person allowed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

from homeward.faults import Fault, Refusal
from homeward.formats.source import file_bytes
from homeward.formats.table import Row, read_table
from homeward.record.values import Consent
from homeward.record.values.people import Purpose

__all__ = ["read_consents"]

NEEDED = ("subject", "purposes", "countries", "since")
OPTIONAL = ("until", "unexpected_kinship", "document")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def read_consents(path: Path) -> dict[str, Consent]:
    """Data key → consent, from a CSV of the columns of docs/record.md#consent.

    Raises `Refusal` with every fault: ``missing-value``, ``unknown-word``, ``bad-date``, ``duplicate-id``.
    """
    faults: list[Fault] = []
    data = file_bytes(path, path.name, faults)
    found: dict[str, Consent] = {}
    if data is not None:
        for row in read_table(data, path.name, faults, needed=NEEDED, optional=OPTIONAL):
            _read(row, found)
    if faults:
        raise Refusal(faults)
    return found


def _read(row: Row, found: dict[str, Consent]) -> None:
    subject = row.needed("subject")
    if subject and not subject.startswith(("person:", "staff:")):
        subject = f"person:{subject}"
    purposes: Any = _listed(row, "purposes")
    if unknown := [p for p in purposes if p not in get_args(Purpose)]:
        remedy = f"write {', '.join(get_args(Purpose))}"
        row.fault("unknown-word", "purposes", f"{len(unknown)} words are no purpose", remedy)
    since, until = _day(row, "since", needed=True), _day(row, "until")
    if subject in found:
        row.fault("duplicate-id", "subject", "the person stands in an earlier row", "remove one")
    if row.faulty:
        return
    wish = row.cells.get("unexpected_kinship", "").strip() == "yes"
    document = row.cells.get("document", "").strip()
    found[subject] = Consent(purposes, _listed(row, "countries"), since, until, wish, document)


def _listed(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in row.needed(column).split(";") if part.strip())


def _day(row: Row, column: str, *, needed: bool = False) -> str:
    text = row.needed(column) if needed else row.cells.get(column, "").strip()
    if text and not _DAY.fullmatch(text):
        row.fault("bad-date", column, "this is no day", "write it as 2026-03-09")
    return text
