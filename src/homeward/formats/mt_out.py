"""Mitochondrial haplotypes into EMPOP .emp, HaploGrep .hsd, a table, FASTA and VCF."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from homeward.case import Span
from homeward.faults import Fault
from homeward.formats.mt_vcf import vcf_lines
from homeward.formats.profiles import Profile, Profiles
from homeward.formats.writing import csv_bytes, neutral, not_held
from homeward.genetics.mtdna import LENGTH, MtHaplotype

__all__ = ["MT_WRITERS"]

Written = tuple[bytes, tuple[Fault, ...]]
_LINE = 70


def _emp(profiles: Profiles) -> Written:
    lines = ["# Written by Homeward", f"# N={len(profiles.mt)}"]
    ranges: tuple[Span, ...] = ()
    said = _said(profiles)
    for t in sorted(profiles.mt, key=lambda t: tuple((r.low, r.high) for r in t.ranges)):
        if t.ranges != ranges:
            ranges = t.ranges
            lines.append("#! " + " ".join(f"{r.low}-{r.high}" for r in _round(ranges)))
        about = said[t.sample]
        differences = [d[:-1] + "DEL" if d.endswith("-") else d for d in _from_16024(t.differences)]
        lines.append("\t".join([neutral(t.sample), about.haplogroup or "?", str(about.count), *differences]))
    return _text(lines), _left(profiles)


def _hsd(profiles: Profiles) -> Written:
    lines = ["ID\tRange\tHaplogroup\tPolymorphisms"]
    said = _said(profiles)
    for t in profiles.mt:
        ranges = "".join(f"{r.low}-{r.high};" for r in t.ranges)
        differences = [d[:-1] + "d" if d.endswith("-") else d for d in t.differences]
        lines.append("\t".join([neutral(t.sample), ranges, said[t.sample].haplogroup or "?", *differences]))
    return _text(lines), (*_counts(profiles), *_left(profiles))


def _table(profiles: Profiles) -> Written:
    rows: list[Sequence[str]] = [("sample", "range", "haplotype")]
    rows += [(t.sample, ";".join(f"{r.low}..{r.high}" for r in t.ranges), " ".join(t.differences)) for t in profiles.mt]
    groups = any(p.haplogroup for p in profiles.profiles)
    told = (Fault("not-held", "the new file does not hold haplogroups", "keep the original"),) if groups else ()
    return csv_bytes(rows), (*told, *_counts(profiles), *_left(profiles))


def _fasta(profiles: Profiles) -> Written:
    lines = []
    uncertain = False
    for t in profiles.mt:
        haplotype = MtHaplotype(t.ranges, t.differences)
        for r, sequence in zip(haplotype.ranges, haplotype.sequences(), strict=True):
            uncertain |= any(c.islower() for c in sequence)
            lines.append(f">{t.sample.replace(' ', '_')} {r.low}-{r.high}")
            whole = sequence.upper()
            lines += [whole[i : i + _LINE] for i in range(0, len(whole), _LINE)]
    message = "the new file does not hold bases that only some molecules have: they stand as if all had them"
    told: tuple[Fault, ...] = (Fault("not-held", message, "keep the original"),) if uncertain else ()
    groups = any(p.haplogroup for p in profiles.profiles)
    told += (Fault("not-held", "the new file does not hold haplogroups", "keep the original"),) if groups else ()
    return _text(lines), (*told, *_counts(profiles), *_left(profiles))


def _vcf(profiles: Profiles) -> Written:
    first = [t for t in profiles.mt if t.replicate == 1]
    told = []
    if len(first) < len(profiles.mt):
        told.append(Fault("not-held", "the new file does not hold second typings of a sample", "keep the original"))
    lines = vcf_lines([(t.sample.replace("\t", " "), MtHaplotype(t.ranges, t.differences)) for t in first])
    groups = any(p.haplogroup for p in profiles.profiles)
    told += [Fault("not-held", "the new file does not hold haplogroups", "keep the original")] if groups else []
    return _text(lines), (*told, *_counts(profiles), *_left(profiles))


MT_WRITERS: dict[str, Callable[[Profiles], Written]] = {
    "emp": _emp,
    "hsd": _hsd,
    "mt-table": _table,
    "fasta": _fasta,
    "mt-vcf": _vcf,
}
"""Format → what writes it: the file's bytes, and what it does not hold."""


def _said(profiles: Profiles) -> dict[str, Profile]:
    found = {p.sample: p for p in profiles.profiles}
    return found | {t.sample: Profile(t.sample, ()) for t in profiles.mt if t.sample not in found}


def _round(ranges: tuple[Span, ...]) -> list[Span]:
    """Ranges with the one that ends at the origin and the one that begins there made one, as EMPOP writes them."""
    if len(ranges) > 1 and ranges[0].low == 1 and ranges[-1].high == LENGTH:
        return [Span(ranges[-1].low, ranges[0].high), *ranges[1:-1]]
    return list(ranges)


def _from_16024(differences: Sequence[str]) -> list[str]:
    """The control region's first part first, as it is read."""
    late = [d for d in differences if int(d.partition(".")[0].rstrip("ACGTRYSWKMBDHVNacgtryswkmbdhvn-")) >= 16024]
    return [*late, *(d for d in differences if d not in late)]


def _counts(profiles: Profiles) -> tuple[Fault, ...]:
    several = any(p.count != 1 for p in profiles.profiles)
    told = Fault("not-held", "the new file does not hold how many persons a haplotype stands for", "keep the original")
    return (told,) if several else ()


def _left(profiles: Profiles) -> tuple[Fault, ...]:
    typed = any(p.typings for p in profiles.profiles)
    told = Fault("not-held", "the new file does not hold STRs and SNPs", "write them to a file of their own")
    return (*((told,) if typed else ()), *not_held(profiles, {"mt", "heights"}))


def _text(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode("utf-8")
