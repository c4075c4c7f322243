"""Mitochondrial variants as VCF 4.x, haploid or diploid, read and written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from homeward.case import Span
from homeward.formats.mt_collector import MtCollector
from homeward.genetics.mtdna import BASES_OF, MtHaplotype, NotationError, bases, merged, rcrs, replaced

__all__ = ["is_mt_vcf", "read_mt_vcf", "vcf_lines"]

_NAMES = frozenset({"mt", "m", "chrm", "chrmt", "nc_012920", "nc_012920.1", "rcrs"})
_RANGES = "##homeward_range="
_LETTERS = {frozenset(v): k for k, v in BASES_OF.items()}
_PLAIN = re.compile(r"[ACGTN]+", re.IGNORECASE)
_FIXED = 9


def is_mt_vcf(lines: Sequence[str]) -> bool:
    """Whether every record is of the mtDNA, and there is one, or at least a sample."""
    records = [line.split("\t", 1)[0] for line in lines if not line.startswith("#")]
    header = any(line.startswith("#CHROM") for line in lines)
    return header and all(r.lower() in _NAMES for r in records) and (bool(records) or any(_RANGES in x for x in lines))


def read_mt_vcf(text: str, into: MtCollector) -> None:
    """Each sample's haplotype; a call of several alleles is a mixture, a missing one is not read."""
    ranges: dict[str, tuple[Span, ...]] = {}
    samples: list[str] = []
    edits: dict[str, list[str]] = {}
    header_row = 1
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(_RANGES):
            name, _, where = line.removeprefix(_RANGES).partition("\t")
            pairs = [part.split("-") for part in where.split()]
            if all(len(p) == 2 and p[0].isdigit() and p[1].isdigit() for p in pairs):
                ranges[name] = tuple(Span(int(low), int(high)) for low, high in pairs)
        elif line.startswith("#CHROM"):
            samples, header_row = line.rstrip("\n").split("\t")[_FIXED:], number
            edits = {s: [] for s in samples}
        elif line.strip() and not line.startswith("#"):
            _record(line.split("\t"), number, samples, edits, into)
    if not samples:
        into.fault("no-genotypes", "the file names no sample", "export it with genotypes", row=header_row)
    for sample in samples:
        if sample not in ranges:
            into.tell("range-assumed")
        try:
            read = merged(ranges.get(sample) or (Span(1, len(rcrs())),))
        except ValueError:
            into.fault("bad-range", "the line names no range", "write 16024-576", row=header_row, sample=sample)
            continue
        into.add(sample, read, tuple(edits[sample]), row=header_row)


def _record(cells: list[str], number: int, samples: list[str], edits: dict[str, list[str]], into: MtCollector) -> None:
    if len(cells) < _FIXED + len(samples) or not cells[1].isdigit():
        into.fault("row-length", "the record lacks columns", "give all columns of the header", row=number)
        return
    position, reference, alternatives = int(cells[1]), cells[3].upper(), cells[4].upper().split(",")
    alleles = [reference, *alternatives]
    keys = cells[8].split(":")
    if "GT" not in keys:
        into.fault("no-genotypes", "the record has no genotypes", "export it with GT", row=number)
        return
    for sample, cell in zip(samples, cells[_FIXED:], strict=False):
        call = cell.split(":")[keys.index("GT")] if cell.count(":") >= keys.index("GT") else "."
        try:
            edits[sample] += _differences(position, alleles, call.strip())
        except NotationError as problem:
            message = "the reference bases are not those of the rCRS"
            remedy = "call variants against NC_012920"
            into.fault(problem.code, message, remedy, row=number, column="REF", value=problem.value, sample=sample)
        except ValueError:
            message, remedy = "the genotype cannot be read", "write bases, and genotypes such as 1, 0/1 or ."
            into.fault("bad-allele", message, remedy, row=number, column=sample, value=cell, sample=sample)


def _differences(position: int, alleles: list[str], call: str) -> list[str]:
    """What a genotype says, as differences. Raises ValueError for what is none."""
    parts = re.split(r"[/|]", call)
    if "." in parts:
        return [f"{position + i}N" for i in range(len(alleles[0]))]
    chosen = sorted({int(p) for p in parts})
    if chosen[-1] >= len(alleles) or len(chosen) > 2:
        raise ValueError(call)
    texts = [alleles[i] for i in chosen]
    if chosen == [0]:
        texts = [alleles[0]]
    if not all(_PLAIN.fullmatch(t) for t in texts) or not _PLAIN.fullmatch(alleles[0]):
        raise ValueError(call)
    new = texts[0] if len(texts) == 1 else _mixed(texts[0], texts[1])
    found = replaced(position, alleles[0], new, f"{position}{alleles[0]}>{new}")
    return [f"{e.position}.{e.n}{e.symbol}" if e.n else f"{e.position}{e.symbol}" for e in found]


def _mixed(first: str, second: str) -> str:
    """Two alleles as one text: IUPAC letters where they have different bases, small letters where one has none."""
    if len(first) == len(second):
        return "".join(_LETTERS[frozenset(a + b)] for a, b in zip(first, second, strict=True))
    short, long = sorted((first, second), key=len)
    same = 0
    while same < len(short) and short[same] == long[same]:
        same += 1
    extra = len(long) - len(short)
    if short[same:] != long[same + extra :]:
        raise ValueError(long)
    return long[:same] + long[same : same + extra].lower() + long[same + extra :]


def vcf_lines(haplotypes: Sequence[tuple[str, MtHaplotype]]) -> list[str]:
    """The lines of a file that says of each sample what it shows, with the ranges read."""
    records: dict[tuple[int, str], dict[str, tuple[str, ...]]] = {}
    for name, haplotype in haplotypes:
        for position, reference, alleles in _records(haplotype):
            records.setdefault((position, reference), {})[name] = alleles
    lines = ["##fileformat=VCFv4.2", "##contig=<ID=MT,length=16569>", "##reference=NC_012920.1"]
    lines.append('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">')
    lines += [f"{_RANGES}{name}\t" + " ".join(f"{r.low}-{r.high}" for r in h.ranges) for name, h in haplotypes]
    fixed = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT"]
    lines.append("\t".join([*fixed, *(name for name, _ in haplotypes)]))
    for (position, reference), calls in sorted(records.items()):
        others = list(dict.fromkeys(a for alleles in calls.values() for a in alleles if a not in (reference, "")))
        index = {reference: "0", "": "."} | {a: str(i) for i, a in enumerate(others, 1)}
        cells = [
            "/".join(sorted(index[a] for a in calls[name])) if name in calls else _elsewhere(h, position, reference)
            for name, h in haplotypes
        ]
        lines.append("\t".join(["MT", str(position), ".", reference, ",".join(others) or ".", *"...", "GT", *cells]))
    return lines


def _elsewhere(haplotype: MtHaplotype, position: int, reference: str) -> str:
    """The call of a haplotype that has no record of its own here: as the reference, or not said by this record."""
    read = all(haplotype.at(position + i) is not None for i in range(len(reference)))
    clear = all(position + i not in haplotype.places for i in range(len(reference)))
    return "0" if read and clear else "." if not read else "0"


def _records(haplotype: MtHaplotype) -> list[tuple[int, str, tuple[str, ...]]]:
    """(position, reference bases, alleles) of each group of neighbouring places; "" = not read."""
    groups: list[list[int]] = []
    for p, text in haplotype.places.items():
        alone = len(text) == 1 and not text.islower()
        if groups and p == groups[-1][-1] + 1 and not (alone and _alone(haplotype, groups[-1])):
            groups[-1].append(p)
        else:
            groups.append([p])
    found: list[tuple[int, str, tuple[str, ...]]] = []
    for group in groups:
        low, high = group[0], group[-1]
        symbols = "".join(haplotype.places[p] for p in group)
        if not _alone(haplotype, group):  # a base before what is gone, or after it at the beginning
            low, high = (low - 1, high) if low > 1 else (low, high + 1)
            symbols = "".join((haplotype.at(p) or "") for p in range(low, high + 1))
        if "N" in symbols:
            found.append((low, rcrs()[low - 1 : high], ("",)))
            continue
        options = sorted({"".join(parts) for parts in product(*(sorted(bases(c)) for c in symbols))}, key=len)
        chosen = (options[0], options[-1]) if len(options) > 1 else (options[0],)
        found.append((low, rcrs()[low - 1 : high].replace("N", ""), chosen))
    return found


def _alone(haplotype: MtHaplotype, group: Sequence[int]) -> bool:
    return len(group) == 1 and len(haplotype.places[group[0]]) == 1 and not haplotype.places[group[0]].islower()
