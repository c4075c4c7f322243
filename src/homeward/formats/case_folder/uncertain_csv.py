"""`uncertain.csv`: whose parents may be others than the register says, and how probably."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from homeward.case import Doubt, Family, variants
from homeward.faults import Refusal
from homeward.formats.case_folder.listing import Listing
from homeward.formats.case_folder.pedigrees_csv import People
from homeward.formats.table import Row, shown

__all__ = ["FILE", "NEEDED", "read_doubts"]

FILE = "uncertain.csv"
NEEDED = ("family", "person", "father", "mother", "probability")

_Lines = list[tuple[Row, Doubt]]


def read_doubts(listing: Listing, families: Sequence[Family], people: People) -> tuple[Family, ...]:
    """The families with what may be wrong in them; unchanged where there is no file.

    Whatever `variants` would refuse later is refused here, at the row it concerns.
    """
    if not listing.has(FILE):
        return tuple(families)
    table = listing.table(FILE, needed=NEEDED)
    by_id = {f.id: f for f in families}
    lines: dict[str, _Lines] = {}
    seen: set[tuple[str, str, str | None, str | None]] = set()
    for row in table:
        doubt = _doubt(row, people)
        key = (row.cells.get("family", ""), doubt.person, doubt.father, doubt.mother)
        if key in seen and not row.faulty:
            remedy = "give each alternative one row with its whole probability"
            row.fault("duplicate-doubt", "person", "these parents stand in an earlier row of the person", remedy)
        seen.add(key)
        if not row.faulty and key[0]:
            lines.setdefault(key[0], []).append((row, doubt))
    found = dict(by_id)
    for family, rows in lines.items():
        if family in by_id:
            found[family] = replace(by_id[family], doubts=tuple(doubt for _, doubt in rows))
            _check(by_id[family], rows)
    return tuple(found.values())


def _doubt(row: Row, people: People) -> Doubt:
    family, person = row.id("family"), row.id("person")
    father, mother = row.id("father", needed=False), row.id("mother", needed=False)
    row.needed("probability")
    probability = row.number("probability", 0.0, 1.0)
    if family and people.sound:
        _check_known(row, people, family, {"person": person, "father": father, "mother": mother})
    return Doubt(person, father or None, mother or None, probability or 0.0)


def _check_known(row: Row, people: People, family: str, named: Mapping[str, str]) -> None:
    if family not in people.families:
        message = f"{shown(family)} is not in pedigrees.csv"
        row.fault("unknown-family", "family", message, "correct the row, or add the family")
        return
    for column, person in named.items():
        if person and f"{family}/{person}" not in people.sex:
            code = "unknown-person" if column == "person" else "unknown-parent"
            message = f"{shown(person)} is not in family {shown(family)}"
            remedy = "correct the row, add the member, or leave the cell empty for somebody unknown"
            row.fault(code, column, message, remedy if column != "person" else "correct the row, or add the member")


def _check(family: Family, lines: _Lines) -> None:
    """Report what no pedigree can be: of each row alone, then of the other rows together."""
    sound = [(row, doubt) for row, doubt in lines if not _refused(family, [(row, doubt)], at=row)]
    _refused(family, sound)


def _refused(family: Family, lines: _Lines, at: Row | None = None) -> bool:
    """Whether these doubts are refused; the faults go to ``at``, else to the last row of whom they are about."""
    try:
        variants(family.id, family.pedigree, [doubt for _, doubt in lines])
    except Refusal as refusal:
        for fault in refusal.faults:
            row = at or next((row for row, d in reversed(lines) if d.person == fault.value), lines[-1][0])
            column = "probability" if fault.code == "doubt-probability" else "person"
            row.fault(fault.code, column, fault.message, fault.remedy)
        return True
    return False
