"""The files of lineages as text: mtdna.csv, y_haplotypes.csv and mt_haplotypes.csv."""

from __future__ import annotations

from collections.abc import Iterable

from homeward.case import Case, HaplotypeTable
from homeward.formats.case_folder import haplotypes_csv, mtdna_csv
from homeward.formats.case_folder.csv_text import Cell, csv_text, padded

__all__ = ["lineage_texts"]


def lineage_texts(case: Case) -> dict[str, str]:
    """The text of each file that has something to say."""
    texts = {}
    if case.mt:
        texts[mtdna_csv.FILE] = csv_text((*mtdna_csv.NEEDED, "replicate"), _typings(case), keep=3)
    y = [table for table in case.haplotypes if table.kind == "Y"]
    if y:
        most = max((len(a) for table in y for h in table.haplotypes for a in h.alleles.values()), default=1)
        columns = ("table", "haplotype", "marker", *(f"allele{i}" for i in range(1, most + 1)), *haplotypes_csv.VALUES)
        rows = (row for table in y for row in _y_rows(case, table, most))
        texts[haplotypes_csv.Y_FILE] = csv_text(columns, rows, keep=4)
    mt = [table for table in case.haplotypes if table.kind == "mt"]
    if mt:
        named = ("table", "range", "haplotype", *haplotypes_csv.VALUES)
        rows = (row for table in mt for row in _mt_rows(table))
        texts[haplotypes_csv.MT_FILE] = csv_text(named, rows, keep=3)
    return texts


def _typings(case: Case) -> Iterable[list[Cell]]:
    for t in case.mt:
        ranges, haplotype = mtdna_csv.ranges_text(t.ranges), mtdna_csv.haplotype_text(t.differences)
        yield [t.sample, ranges, haplotype, "" if t.replicate == 1 else t.replicate]


def _y_rows(case: Case, table: HaplotypeTable, most: int) -> Iterable[list[Cell]]:
    """Haplotypes have no names of their own: they are numbered."""
    for number, h in enumerate(table.haplotypes, 1):
        for marker, alleles in h.alleles.items():
            given = case.marker_names.get(marker, marker)
            yield [table.id, number, given, *padded(alleles, most), *_values(table, h.value)]


def _mt_rows(table: HaplotypeTable) -> Iterable[list[Cell]]:
    for h in table.haplotypes:
        ranges, haplotype = mtdna_csv.ranges_text(h.ranges), mtdna_csv.haplotype_text(h.differences)
        yield [table.id, ranges, haplotype, *_values(table, h.value)]


def _values(table: HaplotypeTable, value: float) -> list[Cell]:
    return [value, None] if table.counts else [None, value]
