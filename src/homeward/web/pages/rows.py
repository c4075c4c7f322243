"""Rows of a file as people look at them: as they stand beside what was read, and what is wrong at the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from homeward.faults import Fault
from homeward.formats import Profiles, Reading
from homeward.formats.text import Grid

__all__ = ["FaultyRow", "ReadRow", "faulty_rows", "read_rows"]

_MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One typing: its place and cells in the file, what was read, and what is told of it."""

    row: int | None
    sample: str
    given: str
    cells: tuple[str, ...]
    marker: str
    alleles: tuple[str, ...]
    told: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row with something wrong: ``cells`` as (heading, cell, its faults); ``others``: faults of no one cell."""

    sheet: str
    row: int
    cells: tuple[tuple[str, str, tuple[Fault, ...]], ...]
    others: tuple[Fault, ...]


def read_rows(profiles: Profiles) -> tuple[list[ReadRow], int]:
    """The typings, those of which something is told first, as many as fit a page; and how many are left out."""
    told: dict[tuple[str, str], list[Fault]] = {}
    for fault in profiles.findings:
        if fault.sample and fault.marker:
            told.setdefault((fault.sample, fault.marker), []).append(fault)
    found = []
    for t in profiles.typings:
        origin = profiles.origins.get((t.sample, t.marker, t.replicate))
        given, cells, row = (origin.marker, origin.cells, origin.row) if origin else ("", (), None)
        here = tuple(f for f in told.get((t.sample, t.marker), ()) if f.row is None or row is None or f.row == row)
        found.append(ReadRow(row, t.sample, given, cells, t.marker, t.alleles, here))
    for m in profiles.mt:
        origin = profiles.origins.get((m.sample, "mtDNA", m.replicate))
        cells, row = (origin.cells, origin.row) if origin else ((), None)
        found.append(ReadRow(row, m.sample, "mtDNA", cells, "mtDNA", m.differences, ()))
    found.sort(key=lambda r: not r.told)
    return found[:_MOST_ROWS], max(0, len(found) - _MOST_ROWS)


def faulty_rows(seen: Reading) -> list[FaultyRow]:
    """The rows of a file in which something is wrong, each fault at its cell."""
    by_row: dict[int, list[Fault]] = {}
    for fault in seen.faults:
        if fault.row is not None:
            by_row.setdefault(fault.row, []).append(fault)
    found: list[FaultyRow] = []
    for grid in seen.rows:
        heads = _headings(grid, seen.faults)
        for line in grid:
            if line.number in by_row and len(found) < _MOST_ROWS:
                found.append(_faulty(grid.sheet, line.number, heads, line.cells, by_row[line.number]))
    return found


def _headings(grid: Grid, faults: Sequence[Fault]) -> tuple[str, ...]:
    """The line that names the columns in which something is wrong."""
    named = {f.column for f in faults if f.column}
    return next((line.cells for line in grid.lines[:60] if named & set(line.cells)), ())


def _faulty(sheet: str, row: int, heads: Sequence[str], cells: Sequence[str], faults: Sequence[Fault]) -> FaultyRow:
    left = list(faults)
    shown = []
    for i, cell in enumerate(cells):
        head = heads[i] if i < len(heads) else ""
        own = tuple(
            f for f in left if (f.column and f.column == head) or (not f.column and f.value and f.value == cell)
        )
        left = [f for f in left if f not in own]
        shown.append((head, cell, own))
    return FaultyRow(sheet, row, tuple(shown), tuple(left))
