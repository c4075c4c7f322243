"""A table of consents, for an import: what every living person allowed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any, get_args

from homeward.faults import Fault, Refusal
from homeward.formats.source import Place, file_bytes
from homeward.formats.table import Row, read_table
from homeward.record.consent import consent_faults
from homeward.record.values import Consent
from homeward.record.values.people import Purpose

__all__ = ["NEEDED", "OPTIONAL", "consents_to_fill_in", "read_consents"]

NEEDED = ("subject", "purposes", "countries", "since")
OPTIONAL = ("until", "unexpected_kinship", "document")


def read_consents(path: Place) -> dict[str, Consent]:
    """Data key → consent, from a CSV of the columns of docs/record.md#consent.

    Raises `Refusal` with every fault: ``missing-value``, ``duplicate-id`` and those of
    `consent_faults`.
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


def consents_to_fill_in(subjects: Iterable[str]) -> str:
    """The same table with a row for each of these data keys, and nothing said of anybody yet."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow((*NEEDED, *OPTIONAL))
    rows.writerows((subject, *[""] * (len(NEEDED) + len(OPTIONAL) - 1)) for subject in subjects)
    return text.getvalue()


def _read(row: Row, found: dict[str, Consent]) -> None:
    subject = row.needed("subject")
    if subject and not subject.startswith(("person:", "staff:")):
        subject = f"person:{subject}"
    purposes: Any = _listed(row, "purposes")
    if unknown := [p for p in purposes if p not in get_args(Purpose)]:
        remedy = f"write {', '.join(get_args(Purpose))}"
        row.fault("unknown-word", "purposes", f"{len(unknown)} words are no purpose", remedy)
    if subject in found:
        row.fault("duplicate-id", "subject", "the person stands in an earlier row", "remove one")
    wish, document = (row.cells.get(column, "").strip() for column in ("unexpected_kinship", "document"))
    since, until = row.needed("since"), row.cells.get("until", "").strip()
    consent = Consent(purposes, _listed(row, "countries"), since, until, wish == "yes", document)
    if not row.faulty:
        for fault in consent_faults(consent):
            row.fault(fault.code, fault.column, fault.message, fault.remedy)
    if not row.faulty:
        found[subject] = consent


def _listed(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in row.needed(column).split(";") if part.strip())
