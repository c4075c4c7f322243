"""`y_haplotypes.csv` and `mt_haplotypes.csv`: haplotypes of populations, by how many persons or by frequency."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from homeward.case import HaplotypeTable, KnownHaplotype
from homeward.faults import Fault
from homeward.formats.alleles import allele_of, given_of, marker_of
from homeward.formats.case_folder.listing import Listing
from homeward.formats.case_folder.mtdna_csv import haplotype_of
from homeward.formats.table import Row, Table, shown

__all__ = ["MT_FILE", "VALUES", "Y_FILE", "read_mt_tables", "read_y_tables"]

Y_FILE = "y_haplotypes.csv"
MT_FILE = "mt_haplotypes.csv"
VALUES = ("count", "frequency")
MOST_PERSONS = 1e9
_ALLELE = re.compile(r"allele([1-9][0-9]?)")


@dataclass
class _Tables:
    """What has been read of one file: for each table which value it gives, and the sum of its frequencies."""

    column: dict[str, str] = field(default_factory=dict)
    sums: dict[str, list[float]] = field(default_factory=dict)

    def value(self, row: Row, table: str, columns: Sequence[str]) -> float:
        """The one value of a row. A table gives counts throughout, or frequencies."""
        filled = [c for c in columns if row.has(c)]
        if len(filled) != 1:
            if filled:
                row.fault("frequency-and-count", "count", "the row has a count and a frequency", "keep one of them")
            elif columns:
                row.fault("missing-value", columns[0], "the haplotype has no value", f"fill in {' or '.join(columns)}")
            return 0.0
        (column,) = filled
        if self.column.setdefault(table, column) != column:
            message = f"the table {shown(table)} has counts and frequencies"
            row.fault("frequency-and-count", column, message, "give all haplotypes of a table counts, or frequencies")
        value = row.number(column, 0.0, 1.0 if column == "frequency" else MOST_PERSONS)
        if value is not None and (value <= 0 or (column == "count" and value != math.floor(value))):
            what = "a whole number of persons" if column == "count" else "a frequency"
            row.fault("bad-number", column, f"{value:g} is not {what} above 0", "correct it, or take the haplotype out")
        return value or 0.0

    def add(self, row: Row, table: str, value: float) -> None:
        """One more haplotype of a table; frequencies that come to more than 1 are a fault of the row they do so at."""
        if self.column.get(table) != "frequency":
            return
        values = self.sums.setdefault(table, [])
        before = math.fsum(values)
        values.append(value)
        if before <= 1 + 1e-6 < math.fsum(values):
            message = f"the frequencies of {shown(table)} come to more than 1"
            row.fault("bad-number", "frequency", message, "correct the frequencies")


@dataclass
class _Haplotype:
    """A haplotype of the Y under reading."""

    row: Row
    cell: str
    value: float
    alleles: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_y_tables(listing: Listing, y_snps: Collection[str] = ()) -> tuple[list[HaplotypeTable], list[tuple[str, str]]]:
    """The tables of Y haplotypes by their first rows, and the marker names they were given under.

    ``y_snps``: as `marker_of` takes them.
    """
    if not listing.has(Y_FILE):
        return [], []
    table = listing.table(
        Y_FILE,
        needed=("table", "haplotype", "marker", "allele1"),
        optional=VALUES,
        known=lambda c: bool(_ALLELE.fullmatch(c)),
    )
    columns = _value_columns(table, listing.faults)
    alleles = sorted((c for c in set(table.columns) if _ALLELE.fullmatch(c)), key=lambda c: (len(c), c))
    tables = _Tables()
    found: dict[str, dict[str, _Haplotype]] = {}
    given: dict[str, str] = {}
    for row in table:
        name, haplotype, marker = row.id("table"), row.id("haplotype"), marker_of(row, y_snps=y_snps)
        if marker:
            given.setdefault(marker, given_of(row, marker))
            _check_y(row, marker)
        called = _alleles(row, marker, alleles)
        value = tables.value(row, name, columns)
        if not name or not haplotype:
            continue
        said = found.setdefault(name, {}).get(haplotype)
        if said is None:
            said = found[name][haplotype] = _Haplotype(row, _cell(row, columns), value)
            tables.add(row, name, value)
        elif not row.faulty and not said.row.faulty and value != said.value:
            column = next(c for c in columns if row.has(c))
            message = f"{shown(haplotype)} of {shown(name)} had {said.cell} in an earlier row"
            row.fault("haplotype-value", column, message, "repeat one value in all rows of a haplotype")
        if marker and marker in said.alleles:
            message = f"{marker} of {shown(haplotype)} stands in an earlier row"
            row.fault("duplicate-typing", "marker", message, "give each marker of a haplotype one row")
        if marker:
            said.alleles[marker] = called
    made = []
    for name, of_table in found.items():
        haplotypes = tuple(KnownHaplotype(h.value, h.alleles) for h in of_table.values())
        made.append(HaplotypeTable(name, "Y", tables.column.get(name) == "count", haplotypes))
    return made, list(given.items())


def _check_y(row: Row, marker: str) -> None:
    from homeward.genetics import marker_kind

    if marker_kind(marker) != "Y":
        row.fault("other-marker", "marker", f"{marker} does not lie on the Y chromosome", "remove the row")


def _alleles(row: Row, marker: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The alleles of all copies, in ascending order, as often as they are given."""
    from homeward.genetics import REST, SILENT, allele_order

    row.needed("allele1")
    filled = [c for c in columns if marker and row.has(c)]
    for column in filled:
        if row.cells[column] in (REST, SILENT):
            remedy = "write the allele; one that was typed and gives no product is null"
            row.fault("bad-allele", column, f"{row.cells[column]} is no allele of a haplotype", remedy)
    found = [allele_of(row, c, marker, typed=False) for c in filled]
    return allele_order(a for a in found if a)


def _cell(row: Row, columns: Sequence[str]) -> str:
    return next((row.cells[c] for c in columns if row.has(c)), "")


def read_mt_tables(listing: Listing) -> list[HaplotypeTable]:
    """The tables of mitochondrial haplotypes by their first rows."""
    if not listing.has(MT_FILE):
        return []
    table = listing.table(MT_FILE, needed=("table", "range", "haplotype"), optional=VALUES)
    columns = _value_columns(table, listing.faults)
    tables = _Tables()
    found: dict[str, list[KnownHaplotype]] = {}
    for row in table:
        name = row.id("table")
        haplotype = haplotype_of(row)
        value = tables.value(row, name, columns)
        if name and haplotype is not None:
            tables.add(row, name, value)
            known = KnownHaplotype(value, ranges=haplotype[0], differences=haplotype[1])
            found.setdefault(name, []).append(known)
    return [HaplotypeTable(name, "mt", tables.column.get(name) == "count", tuple(h)) for name, h in found.items()]


def _value_columns(table: Table, faults: list[Fault]) -> list[str]:
    """Those of `count` and `frequency` that the file has; none is a fault of the header."""
    found = [c for c in VALUES if c in table.columns]
    if table.columns and not found:
        message, remedy = "the file has neither counts nor frequencies", "add the column count or frequency"
        faults.append(Fault("missing-column", message, remedy, table.file, 1, "count"))
    return found
