"""Verogen's ForenSeq Universal Analysis Software: sample reports (xlsx), one sheet a kind of marker."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from homeward.formats.calls import split_cell
from homeward.formats.profiles import Collector
from homeward.formats.text import Grid, Line, key_of
from homeward.pedigree import Sex

__all__ = ["FORMAT", "is_report", "read_reports"]

FORMAT = "forenseq-uas"
_SHEETS = {
    "autosomalstrs", "ystrs", "xstrs", "isnps", "identitysnps", "xsnps", "ysnps", "ancestrysnps", "phenotypesnps",
    "kinshipsnps", "asnps", "psnps",
}  # fmt: skip
_HEMIZYGOUS = {"xsnps", "ysnps"}
_SEXES: dict[str, Sex] = {"XY": "male", "X,Y": "male", "XX": "female", "X,X": "female", "MALE": "male",
                          "FEMALE": "female"}  # fmt: skip


def is_report(sheets: Sequence[Grid]) -> bool:
    """Whether a workbook is a sample report: a sheet of a known name with a table of loci and genotypes."""
    return any(key_of(s.sheet) in _SHEETS and _table(s.lines) >= 0 for s in sheets)


def read_reports(sheets: Sequence[Grid], into: Collector) -> None:
    """The genotypes of every sheet of markers; the reads of typed alleles are their heights.

    `INC` is no typing. Single alleles of the X- and Y-SNP sheets stay single.
    """
    for part, sheet in enumerate(sheets):
        into.part = part
        kind = key_of(sheet.sheet)
        start = _table(sheet.lines) if kind in _SHEETS else -1
        if start < 0:
            continue
        facts = {key_of(line[0]): line[1] for line in sheet.lines[:start]}
        sex = _SEXES.get((facts.get("gender") or facts.get("biologicalsex") or "").upper(), "unknown")
        name = facts.get("sample") or facts.get("samplename") or PurePath(into.file).stem
        sample = into.sample(name, column="Sample", sex=sex)
        reads = _reads(sheet.lines)
        for line in sheet.lines[start + 1 :]:
            marker, genotype = line[0], line[1]
            if key_of(marker) == "locus":
                break
            if not marker or not genotype:
                continue
            alleles = split_cell(genotype, marker)
            heights = _heights(alleles, reads.get(marker, []))
            into.add(sample, marker, alleles, heights, row=line.number, columns=["Genotype"] * len(alleles),
                     hemizygous=kind in _HEMIZYGOUS and len(alleles) == 1)  # fmt: skip


def _table(lines: Sequence[Line]) -> int:
    """The index of the row that heads loci and genotypes, -1 where there is none."""
    for i, line in enumerate(lines[:200]):
        if key_of(line[0]) == "locus" and key_of(line[1]) == "genotype":
            return i
    return -1


def _reads(lines: Sequence[Line]) -> dict[str, list[tuple[str, str]]]:
    """Marker → (allele, reads) of every typed allele, from the table that stands below or beside the genotypes."""
    found: dict[str, list[tuple[str, str]]] = {}
    at: dict[str, int] = {}
    for line in lines:
        keys = [key_of(c) for c in line.cells]
        if "allelename" in keys and "reads" in keys and "locus" in keys:
            allele = keys.index("allelename")
            locus = max(i for i, k in enumerate(keys[:allele]) if k == "locus") if "locus" in keys[:allele] else -1
            typed = next((i for i, k in enumerate(keys) if k.startswith("typedallele")), -1)
            at = {"locus": locus, "allele": allele, "typed": typed, "reads": keys.index("reads")}
        elif at and line[at["typed"]].casefold() == "yes":
            found.setdefault(line[at["locus"]], []).append((line[at["allele"]], line[at["reads"]]))
    return found


def _heights(alleles: Sequence[str], reads: Sequence[tuple[str, str]]) -> list[str]:
    """The reads of each allele of a genotype; none where the two tables differ. A homozygote's stand once."""
    left = list(reads)
    found: list[str] = []
    for i, allele in enumerate(alleles):
        match = next((r for r in left if r[0] == allele), None)
        if match is None:
            return found if i and len(set(alleles)) == 1 and not left else []
        left.remove(match)
        found.append(match[1])
    return [] if left else found
