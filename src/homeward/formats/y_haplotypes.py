"""Databases of Y haplotypes as laboratories publish them: a row a man or a haplotype, a column a marker, `11,14`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

from homeward.case import HaplotypeTable, KnownHaplotype
from homeward.faults import Fault, Refusal
from homeward.formats.calls import EMPTY
from homeward.formats.source import Place, file_bytes, place_of
from homeward.formats.table import shown
from homeward.formats.text import Grid, Line, grid_of, key_of, text_of
from homeward.genetics import allele_kind, allele_order, canonical_allele, canonical_marker, marker_kind
from homeward.genetics.markers import ON_Y
from homeward.genetics.y.markers import NULL, copies

__all__ = ["YHaplotypes", "read_y_haplotypes"]

_FEWEST_MARKERS = 3
_SEARCHED_LINES = 60
_POPULATION = {"population", "pop", "populationid", "metapopulation", "集団", "집단"}
_COUNT = {"count", "counts", "n", "number", "persons", "individuals", "observed"}
_NULL = {"0", "null", "silent", "del"}
_BETWEEN = re.compile(r"[,;/\s、-]+")


@dataclass(frozen=True, slots=True)
class YHaplotypes:
    """What a file says: one table of counts for each population, and what was noticed on the way."""

    tables: tuple[HaplotypeTable, ...]
    findings: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Columns:
    at: int
    markers: tuple[tuple[int, str], ...]
    population: int
    count: int


def read_y_haplotypes(path: str | Place, y_snps: Collection[str] = ()) -> YHaplotypes:
    """Y haplotypes of a table (CSV, TSV, xlsx, ods): a column a marker, optionally `Population` and `Count`.

    ``y_snps``: canonical names that stand for SNPs of the Y, which are called `Y:…`.

    Several alleles stand in one cell (`11,14`) or in columns of their own (`DYS385a`, `DYS385b`). Empty cells are not
    typed; `0` and `null` are null alleles. Raises `Refusal` with every fault: ``single-locus-frequencies`` for a table
    of allele frequencies, from which no haplotype can be counted; ``no-haplotypes``, ``bad-allele``, ``bad-number``,
    and those of a file that cannot be opened.
    """
    where = place_of(path)
    faults: list[Fault] = []
    findings: list[Fault] = []
    found: dict[str, Counter[tuple[tuple[str, tuple[str, ...]], ...]]] = {}
    for grid in _grids(where, faults, findings):
        columns = _columns(grid, y_snps)
        if columns is not None:
            _read(grid, columns, found, faults, findings)
        elif _is_frequencies(grid):
            message = "the file holds frequencies of single Y markers: no haplotype can be counted from them"
            remedy = "give the men's haplotypes, a row a man"
            faults.append(Fault("single-locus-frequencies", message, remedy, where.name))
    if not faults and not found:
        remedy = f"a header names at least {_FEWEST_MARKERS} Y markers, and a row below it a man"
        faults.append(Fault("no-haplotypes", "the file has no Y haplotypes", remedy, where.name))
    if faults:
        raise Refusal(faults)
    tables = []
    for population, haplotypes in found.items():
        rows = tuple(KnownHaplotype(float(n), dict(haplotype)) for haplotype, n in haplotypes.items())
        tables.append(HaplotypeTable(population, "Y", True, rows, where.name))
    return YHaplotypes(tuple(tables), tuple(findings))


def _grids(path: Place, faults: list[Fault], findings: list[Fault]) -> list[Grid]:
    from homeward.formats.spreadsheet import is_spreadsheet, read_sheets

    data = file_bytes(path, path.name, faults)
    if data is None:
        return []
    if is_spreadsheet(data):
        return read_sheets(data, path.name, faults, findings)
    text = text_of(data, path.name, faults, findings)
    return [] if text is None else [grid_of(text, path.name, faults)]


def _marker(cell: str, y_snps: Collection[str] = ()) -> str:
    """The canonical name of a Y marker a column is of, "" where it is none; `DYS385a` is a column of DYS385."""
    name = canonical_marker(cell)
    if name in y_snps:
        return f"{ON_Y}{name}"
    if name[-1:] in ("a", "b", "c", "d") and copies(name[:-1]) > 1:
        name = canonical_marker(name[:-1])
    return name if marker_kind(name) == "Y" else ""


def _columns(grid: Grid, y_snps: Collection[str]) -> _Columns | None:
    for at, line in enumerate(grid.lines[:_SEARCHED_LINES]):
        markers = tuple((i, m) for i, cell in enumerate(line.cells) if cell and (m := _marker(cell, y_snps)))
        if len(markers) >= _FEWEST_MARKERS:
            keys = [key_of(c) for c in line.cells]
            if keys[0] in ("allele", "alleles", "alelo") or _has_allele_rows(grid, at):
                return None
            population = next((i for i, k in enumerate(keys) if k in _POPULATION), -1)
            count = next((i for i, k in enumerate(keys) if k in _COUNT), -1)
            return _Columns(at, markers, population, count)
    return None


def _has_allele_rows(grid: Grid, at: int) -> bool:
    """Whether a row below calls itself one of alleles: a table of frequencies, not of men."""
    return any(key_of(line[0]) in ("allele", "alleles") for line in grid.lines[at + 1 : at + 4])


def _is_frequencies(grid: Grid) -> bool:
    return any(
        sum(bool(_marker(c)) for c in line.cells if c) >= _FEWEST_MARKERS for line in grid.lines[:_SEARCHED_LINES]
    )


def _read(
    grid: Grid,
    columns: _Columns,
    into: dict[str, Counter[tuple[tuple[str, tuple[str, ...]], ...]]],
    faults: list[Fault],
    findings: list[Fault],
) -> None:
    nulls = 0
    for line in grid.lines[columns.at + 1 :]:
        alleles: dict[str, list[str]] = {}
        for i, marker in columns.markers:
            for allele in _alleles(grid, line, i, marker, faults):
                alleles.setdefault(marker, []).append(allele)
        nulls += sum(NULL in a for a in alleles.values())
        count = _count(grid, line, columns, faults)
        if alleles and count:
            population = (line[columns.population] if columns.population >= 0 else "") or grid.sheet
            key = tuple((m, _once_null(a)) for m, a in alleles.items())
            into.setdefault(population or PurePath(grid.file).stem, Counter())[key] += count
    if nulls:
        findings.append(Fault("null-allele", f"{nulls} calls were read as null alleles", "", grid.file))


def _once_null(alleles: list[str]) -> tuple[str, ...]:
    """`0` beside an allele is a copy that is lost, not a null marker."""
    called = [a for a in alleles if a != NULL]
    return allele_order(called) if called else (NULL,)


def _alleles(grid: Grid, line: Line, at: int, marker: str, faults: list[Fault]) -> list[str]:
    text = line[at].strip()
    if text.upper() in EMPTY - {"0"}:
        return []
    found = []
    for token in filter(None, _BETWEEN.split(text)):
        if token.lower() in _NULL:
            found.append(NULL)
            continue
        try:
            allele = canonical_allele(token, allele_kind(marker))
        except ValueError:
            allele = "?"
        if allele == "?":
            remedy = "write alleles as 13 or 17.2, several as 11,14, a null allele as 0 (SNP: A C G T)"
            faults.append(
                Fault("bad-allele", f"{shown(token)} is no allele", remedy, grid.file, line.number, marker, text[:200])
            )
        else:
            found.append(allele)
    return found


def _count(grid: Grid, line: Line, columns: _Columns, faults: list[Fault]) -> int:
    if columns.count < 0:
        return 1
    text = line[columns.count].strip()
    if text.isdecimal() and 0 < int(text) < 10**9:
        return int(text)
    message = f"{shown(text)} is no number of men"
    faults.append(
        Fault("bad-number", message, "write a whole number from 1 up", grid.file, line.number, "", text[:200])
    )
    return 0
