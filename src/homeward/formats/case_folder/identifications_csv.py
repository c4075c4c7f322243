"""`identifications.csv`: which sample is of which name, as people have signed it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from datetime import date

from homeward.case import Case, Identification
from homeward.case.statements import contradictions
from homeward.formats.case_folder.listing import Listing
from homeward.formats.case_folder.named import Known
from homeward.formats.table import Row, shown

__all__ = ["COLUMNS", "FILE", "check_identifications", "read_identifications", "signers"]

FILE = "identifications.csv"
NEEDED = ("sample", "missing", "signed")
COLUMNS = (*NEEDED, "date")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Signed = tuple[tuple[Row, Identification], ...]


def read_identifications(listing: Listing, known: Known) -> Signed:
    """The sound rows and what they say; none where there is no file. Whether they agree is `check_identifications`."""
    if not listing.has(FILE):
        return ()
    rows = listing.table(FILE, needed=NEEDED, optional=COLUMNS)
    read = [(row, _identification(row, known)) for row in rows]
    return tuple((row, said) for row, said in read if not row.faulty)


def _identification(row: Row, known: Known) -> Identification:
    sample, missing = known.sample_of_remains(row), known.missing(row)
    row.needed("signed")
    row.text("signed")
    signed = signers(row.cells.get("signed", ""))
    if len(signed) < 2 and row.has("signed"):
        remedy = "write the names or ids of at least two different persons, separated by ;"
        row.fault("one-signature", "signed", "an identification is signed by at least two persons", remedy)
    return Identification(sample, missing, signed, _date(row))


def signers(cell: str) -> tuple[str, ...]:
    """The persons, each once: a name in other letters, widths or spaces is the same person."""
    found: dict[str, str] = {}
    for part in cell.split(";"):
        key = " ".join(unicodedata.normalize("NFKC", part).casefold().split())
        if key:
            found.setdefault(key, part.strip())
    return tuple(found.values())


def _date(row: Row) -> str:
    text = row.cells.get("date", "")
    if text:
        try:
            if not _DATE.fullmatch(text):
                raise ValueError
            date.fromisoformat(text)
        except ValueError:
            row.fault("bad-value", "date", f"{shown(text)} is no date", "write year, month and day: 2026-03-09")
            return ""
    return text


def check_identifications(case: Case, signed: Signed) -> None:
    """Report what cannot both be signed, at the later of two rows."""
    case = replace(case, identifications=tuple(said for _, said in signed))
    for found in contradictions(case):
        row, earlier = signed[found.later][0], signed[found.earlier][0].line
        keep = f"keep the row that holds, {row.line} or {earlier}"
        if found.reason == "repeated":
            message = f"the sample has this name in row {earlier}"
            row.fault("duplicate-identification", "sample", message, "keep one row, with everybody who signed")
        elif found.reason == "two-names":
            message = f"the same body has another name in row {earlier}"
            row.fault(
                "identification-conflict", "missing", message, f"keep the row that holds, {row.line} or {earlier}"
            )
        else:
            message = f"this name has another body in row {earlier}"
            remedy = f"{keep}, or correct what remains.csv says of the two, or samples_are and prior in case.toml"
            row.fault("identification-conflict", "sample", message, remedy)
