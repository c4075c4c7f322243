"""`frequencies.csv`: allele frequencies or counts by population."""

from __future__ import annotations

import math
from dataclasses import dataclass

from homeward.case import FrequencyTable
from homeward.faults import Fault
from homeward.formats.alleles import allele_of, marker_of
from homeward.formats.case_folder.listing import Listing
from homeward.formats.table import Row, shown

__all__ = ["Populations", "read_frequencies"]

FILE = "frequencies.csv"
NEEDED = ("population", "marker", "allele")
MOST_CHROMOSOMES = 1e12


@dataclass(frozen=True)
class Populations:
    """The tables in the order of their first rows, and the marker names they were given under."""

    tables: tuple[FrequencyTable, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
    sound: bool = True

    def alleles(self) -> dict[str, set[str]]:
        """Marker → alleles that any table has."""
        found: dict[str, set[str]] = {}
        for table in self.tables:
            for marker, values in table.markers.items():
                found.setdefault(marker, set()).update(values)
        return found


def read_frequencies(listing: Listing) -> Populations:
    """The case's own population tables; none where there is no file."""
    if not listing.has(FILE):
        return Populations()
    table = listing.table(FILE, needed=NEEDED, optional=("frequency", "count"))
    column = _value_column(table.columns, listing.faults) if table.columns else ""
    found: dict[str, dict[str, dict[str, float]]] = {}
    first: dict[tuple[str, str], Row] = {}
    given: dict[str, str] = {}
    for row in table:
        population, marker = row.id("population"), marker_of(row)
        if marker:
            given.setdefault(marker, row.cells["marker"].strip())
        text = row.needed("allele")
        allele = allele_of(row, "allele", marker, typed=False) if text and marker else ""
        value = _value(row, column)
        if population and marker and allele:
            markers = found.setdefault(population, {})
            first.setdefault((population, marker), row)
            values = markers.setdefault(marker, {})
            if allele in values:
                message = f"{shown(allele)} of {marker} stands in an earlier row of {population}"
                row.fault("duplicate-allele", "allele", message, "give each allele one row; 9 and 9.0 are one allele")
            values[allele] = values.get(allele, 0.0) if row.faulty else value
    sound = table.sound and not any(row.faulty for row in table)
    if sound and column:
        _check_sums(found, first, column)
    tables = tuple(FrequencyTable(p, column == "count", markers) for p, markers in found.items())
    return Populations(tables, tuple(given.items()), sound)


def _value_column(columns: tuple[str, ...], faults: list[Fault]) -> str:
    """`frequency` or `count`; both or neither is a fault of the header, and then "" is returned."""
    found = [c for c in ("frequency", "count") if c in columns]
    if len(found) == 1:
        return found[0]
    if found:
        code, column, message = "frequency-and-count", "count", "the file has frequencies and counts"
    else:
        code, column, message = "missing-column", "frequency", "the file has neither frequencies nor counts"
    faults.append(Fault(code, message, "keep exactly one of the columns frequency and count", FILE, 1, column))
    return ""


def _value(row: Row, column: str) -> float:
    if not column:
        return 0.0
    row.needed(column)
    if column == "frequency":
        return row.number(column, 0.0, 1.0) or 0.0
    value = row.number(column, 0.0, MOST_CHROMOSOMES)
    if value is not None and value != math.floor(value):
        row.fault("bad-number", column, f"{value:g} is no count of chromosomes", "write a whole number")
    return value or 0.0


def _check_sums(found: dict[str, dict[str, dict[str, float]]], first: dict[tuple[str, str], Row], column: str) -> None:
    for population, markers in found.items():
        for marker, values in markers.items():
            if not any(values.values()):
                message = f"all values of {marker} in {population} are zero"
                first[population, marker].fault("bad-number", column, message, "give at least one allele a value")
