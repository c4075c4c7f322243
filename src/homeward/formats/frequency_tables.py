"""Allele frequencies as tables: wide (EuroForMix, RelSearch, GENis, Home Office), long (GENis, our own), in blocks."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from pathlib import PurePath

from homeward.case import FrequencyTable
from homeward.faults import Fault
from homeward.formats.calls import EMPTY, name_of, token_of
from homeward.formats.headers import Header
from homeward.formats.profiles import Frequencies
from homeward.formats.table import shown
from homeward.formats.text import Grid, key_of
from homeward.genetics import REST, SILENT

__all__ = ["Tables", "is_blocks", "read_blocks", "read_long_frequencies", "read_wide_frequencies", "wide_rows"]

_NOT_ALLELES = {"n", "2n", "fmin", "total", "sum", "allele", "alleles", "count", "samplesize", "h", "ho", "he", "pic",
                "pd", "pe", "individuals", "minimum", "minfreq", "合計", "합계", "chromosomes"}  # fmt: skip


class Tables:
    """Gathers the tables of one file: population → marker → allele → value."""

    def __init__(self, format: str, file: str, faults: list[Fault]) -> None:
        self.format, self.file, self.faults = format, file, faults
        self.findings: list[Fault] = []
        self._values: dict[str, dict[str, dict[str, float]]] = {}
        self._given: dict[str, str] = {}
        self._summed = False

    def fault(self, code: str, message: str, remedy: str, row: int | None, value: str = "", marker: str = "") -> None:
        self.faults.append(
            Fault(code, message, remedy, self.file, row, marker[:200], value[:200], "", name_of(marker)[:64])
        )

    def put(self, population: str, marker: str, allele: str, value: str, row: int | None) -> None:
        """One value from cells as the file has them; an empty value is none."""
        number = self._number(value, row, marker)
        name = name_of(marker)
        if number is None or not name:
            return
        if len(name) > 64 or not name.isprintable() or not 1 <= len(population) <= 200:
            self.fault("bad-value", f"{shown(marker)} is no marker name", "correct the name", row, marker)
            return
        summed = False
        if allele.strip() == REST or allele.strip().lower() == SILENT:
            key = REST if allele.strip() == REST else SILENT
        else:
            try:
                token = token_of(allele, name)
            except ValueError:
                token = None
            if (
                token is None
                or token.code not in ("", "sequence-left-out")
                or "|" in token.allele
                or token.allele == "?"
            ):
                remedy = "write alleles as 9.3 (SNP: A C G T)"
                self.fault("bad-allele", f"{shown(allele)} is no allele of {marker}", remedy, row, allele, marker)
                return
            key, summed = token.allele, token.code == "sequence-left-out"
        self._given.setdefault(name, unicodedata.normalize("NFC", marker).strip())
        values = self._values.setdefault(unicodedata.normalize("NFC", population), {}).setdefault(name, {})
        if key in values and not summed:
            message = f"{shown(allele)} of {marker} stands twice"
            self.fault("duplicate-allele", message, "give each allele one value", row, allele, marker)
        self._summed = self._summed or summed
        values[key] = values.get(key, 0.0) + number

    def _number(self, text: str, row: int | None, marker: str) -> float | None:
        plain = unicodedata.normalize("NFKC", text).strip()
        if plain.upper() in EMPTY:
            return None
        percent = plain.endswith("%")
        plain = plain.removesuffix("%").strip()
        try:
            value = float(plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1e12:
            self.fault("bad-number", f"{shown(text)} is no frequency", "write a number from 0 up", row, text, marker)
            return None
        return value / 100 if percent else value

    def frequencies(self, source: str = "") -> Frequencies:
        """Everything gathered. A population all of whose values are whole, some above 1, is one of counts."""
        if self._summed:
            message = "alleles given by number and sequence were added up by number"
            self.findings.append(Fault("sequence-left-out", message, "", self.file))
        tables = []
        for population, markers in self._values.items():
            values = [v for m in markers.values() for v in m.values()]
            counts = max(values) > 1
            if counts and not all(v.is_integer() for v in values):
                message = f"values of {population} are above 1 and not whole"
                self.fault("bad-number", message, "give frequencies or counts, not both", None)
            tables.append(FrequencyTable(population, counts, markers, source))
        given = {canonical: name for canonical, name in self._given.items() if canonical != name}
        return Frequencies(self.format, tuple(tables), tuple(self.findings), given)


def population_of(grid: Grid) -> str:
    """What a table without a population's name is called: its sheet, else its file."""
    return grid.sheet or PurePath(grid.file).stem


def read_wide_frequencies(grid: Grid, header: Header, into: Tables) -> None:
    """A row an allele, a column a marker; rows such as `N` and `fmin` are told of and left out."""
    population = population_of(grid)
    for line in grid.lines[header.at + 1 :]:
        allele = line[0]
        if key_of(allele) in _NOT_ALLELES:
            message = f"the row {shown(allele)} is of no allele and was left out"
            into.findings.append(Fault("row-left-out", message, "", grid.file, line.number))
            continue
        for i, marker in enumerate(header.cells[1:], 1):
            if marker and allele:
                into.put(population, marker, allele, line[i], line.number)


def read_long_frequencies(grid: Grid, header: Header, into: Tables) -> None:
    """A row an allele of a marker; frequencies are read where the table has both them and counts."""
    column = "frequency" if "frequency" in header.roles else "count"
    where = "population" if "population" in header.roles else "project"
    for line in grid.lines[header.at + 1 :]:
        cells = line.cells
        marker, allele = header.cell("marker", cells), header.cell("allele", cells)
        if marker and allele and key_of(allele) not in _NOT_ALLELES:
            population = header.cell(where, cells) or population_of(grid)
            into.put(population, marker, allele, header.cell(column, cells), line.number)


def is_blocks(grid: Grid) -> bool:
    """Whether the rows are blocks of a marker's name alone and then `allele value` rows (Familias)."""
    if len(grid.lines) < 2 or len(grid.lines[0].cells) != 1:
        return False
    widths = {len(line.cells) for line in grid.lines}
    return widths == {1, 2} and len(grid.lines[1].cells) == 2 and all(_pair(line.cells) for line in grid.lines[:50])


def _pair(cells: tuple[str, ...]) -> bool:
    if len(cells) == 1:
        return True
    try:
        return float(cells[1].replace(",", ".")) >= 0
    except ValueError:
        return False


def read_blocks(grid: Grid, into: Tables) -> None:
    """The blocks of a Familias text database."""
    marker = ""
    for line in grid.lines:
        if len(line.cells) == 1:
            marker = line[0]
        else:
            into.put(population_of(grid), marker, line[0], line[1], line.number)


def wide_rows(table: FrequencyTable, names: Iterable[str] = ()) -> list[list[str]]:
    """A table as rows, an allele each, empty cells where a marker lacks it."""
    from homeward.genetics import allele_order

    markers = list(table.markers)
    alleles = allele_order({a for m in table.markers.values() for a in m})
    rows = [["Allele", *(names or markers)]]
    for allele in alleles:
        rows.append([allele, *(_shown(table.markers[m].get(allele)) for m in markers)])
    return rows


def _shown(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() else repr(value)
