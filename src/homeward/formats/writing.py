"""What writers share: what a format cannot hold, and cells that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from homeward.case import Typing
from homeward.faults import Fault
from homeward.formats.profiles import Frequencies, Profile, Profiles

__all__ = [
    "csv_bytes",
    "held_once",
    "neutral",
    "not_held",
    "plain_cell",
    "widest",
    "without_null",
    "without_silent",
    "without_unresolved",
]

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_WORDS = {
    "heights": "peak heights",
    "sex": "sexes",
    "family": "families of samples",
    "relationship": "relationships",
    "category": "sample categories",
    "pedigree": "pedigrees",
    "doubts": "what is in doubt about parents",
    "population": "populations of founders",
    "mt": "mitochondrial haplotypes",
}


def not_held(profiles: Profiles, holds: Collection[str]) -> tuple[Fault, ...]:
    """A fault ``not-held`` for each kind of content that the profiles have and a format does not."""
    has = {
        "heights": any(t.heights for t in profiles.typings),
        "sex": any(p.sex != "unknown" for p in profiles.profiles),
        "family": any(p.family for p in profiles.profiles),
        "relationship": any(p.relationship for p in profiles.profiles),
        "category": any(p.category for p in profiles.profiles),
        "pedigree": any(len(f.pedigree) > 1 for f in profiles.families),
        "doubts": any(f.doubts for f in profiles.families),
        "mt": bool(profiles.mt),
        "population": any(m.population for f in profiles.families for m in f.pedigree),
    }
    return tuple(
        Fault("not-held", f"the new file does not hold {_WORDS[kind]}", "keep the original")
        for kind, present in has.items()
        if present and kind not in holds
    )


def neutral(cell: str) -> str:
    """A cell that a spreadsheet shows and never evaluates: `=`, `+`, `-`, `@` first get an apostrophe before them."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def plain_cell(cell: str) -> str:
    """A cell without the apostrophe that `neutral` gave it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_DANGEROUS) else cell


def held_once(profiles: Profiles) -> tuple[Profiles, tuple[Fault, ...]]:
    """For formats with one typing of a marker: the first of each sample and marker, and what was left out."""
    kept = tuple(replace(p, typings=tuple(t for t in p.typings if t.replicate == 1)) for p in profiles.profiles)
    left = sum(t.replicate > 1 for t in profiles.typings)
    told = Fault("not-held", f"the new file does not hold {left} further typings of a marker", "keep the original")
    return replace(profiles, profiles=kept), (told,) if left else ()


def without_unresolved(profiles: Profiles) -> tuple[Profiles, tuple[Fault, ...]]:
    """For formats of other programs: `?` where an allele is one of several, and that it is so."""
    told = Fault("not-held", "the new file does not hold unresolved alleles: they are unknown ones there", "keep them")
    if not any("|" in a for t in profiles.typings for a in t.alleles):
        return profiles, ()
    kept = tuple(replace(p, typings=tuple(_unknown(t) for t in p.typings)) for p in profiles.profiles)
    return replace(profiles, profiles=kept), (told,)


def without_null(profiles: Profiles) -> tuple[Profiles, tuple[Fault, ...]]:
    """Profiles without the Y markers that give no product, which other forms cannot tell from untyped ones."""
    from homeward.genetics import NULL

    if not any(NULL in t.alleles for t in profiles.typings):
        return profiles, ()
    message = "the new file does not hold that a Y marker gives no product: it is not typed there"
    kept = tuple(replace(p, typings=tuple(t for t in p.typings if NULL not in t.alleles)) for p in profiles.profiles)
    return replace(profiles, profiles=kept), (Fault("not-held", message, "keep the original"),)


def _unknown(typing: Typing) -> Typing:
    return replace(typing, alleles=tuple("?" if "|" in a else a for a in typing.alleles))


def without_silent(frequencies: Frequencies) -> tuple[Frequencies, tuple[Fault, ...]]:
    """For formats of other programs: tables without their silent alleles, and that they had some."""
    from homeward.genetics import SILENT

    told = Fault("not-held", "the new file does not hold silent alleles", "keep the original")
    if not any(SILENT in values for t in frequencies.tables for values in t.markers.values()):
        return frequencies, ()
    tables = tuple(
        replace(t, markers={m: {a: v for a, v in values.items() if a != SILENT} for m, values in t.markers.items()})
        for t in frequencies.tables
    )
    return replace(frequencies, tables=tables), (told,)


def csv_bytes(rows: Iterable[Sequence[str]], delimiter: str = ",") -> bytes:
    """Rows as CSV or TSV in UTF-8 with `\\n` line ends, every cell neutralised."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerows([neutral(c) for c in row] for row in rows)
    return out.getvalue().encode("utf-8")


def widest(profiles: Iterable[Profile], least: int = 2) -> int:
    """The most alleles any typing has, not fewer than ``least``."""
    return max([least, *(len(t.alleles) for p in profiles for t in p.typings)])
