"""Alleles that are rare, absent from the table or on no ladder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from homeward.check.finding import Finding
from homeward.check.subjects import Subject, TypedCase
from homeward.genetics import allele_kind, bundled_population, bundled_populations, fraction, repeats

__all__ = ["alleles"]

_BEYOND = 1
"""Repeats beyond the known alleles of a marker that are not yet unusual."""


def alleles(typed: TypedCase) -> Iterator[Finding]:
    """Alleles seen in the case whose frequency is no more than a policy's, and those no table knows."""
    seen: dict[tuple[str, str], list[Subject]] = {}
    for s in typed.subjects:
        for marker, rows in typed.profiles.typings[s.sample.id].items():
            for allele in dict.fromkeys(a for row in rows for a in row.alleles if a != "?"):
                seen.setdefault((marker, allele), []).append(s)
    before = {(c.marker, c.allele): c for c in typed.model.changes if c.reason in ("added", "raised")}
    own = {t.population: t.markers for t in typed.case.populations}
    for (marker, allele), subjects in seen.items():
        change = before.get((marker, allele))
        if marker not in typed.model.locus or change is None:
            continue
        known = _known(marker).union(*(set(rows.get(marker, ())) for rows in own.values()))
        if change.reason == "raised":
            code = "rare-allele"
        elif allele not in known and _off_ladder(marker, allele, known):
            code = "off-ladder-allele"
        else:
            code = "allele-not-in-table"
        locus = typed.model.locus[marker]
        yield Finding(
            code,
            "warning" if code == "off-ladder-allele" else "note",
            persons=tuple(dict.fromkeys(p for s in subjects for p in _persons(s))),
            samples=tuple(s.sample.id for s in subjects),
            markers=(marker,),
            evidence={
                "allele": allele,
                "in_table": round(float(change.before), 9),
                "used": round(float(locus.frequencies[locus.index[allele]]), 9),
                "seen": len(subjects),
            },
        )


def _off_ladder(marker: str, allele: str, known: frozenset[str]) -> bool:
    """Beyond all known alleles of the marker, or between them where no allele of such a fraction is known."""
    if allele_kind(marker) != "STR" or not known:
        return False
    whole, part = repeats(allele), fraction(allele)
    numbers = [n for a in known if (n := repeats(a)) is not None]
    if whole is None or part is None or not numbers:
        return False
    outside = not min(numbers) - _BEYOND <= whole <= max(numbers) + _BEYOND
    return outside or part not in {fraction(a) for a in known}


@cache
def _known(marker: str) -> frozenset[str]:
    """The marker's alleles in any bundled population."""
    tables: list[Mapping[str, Mapping[str, float]]] = [bundled_population(p.id).markers for p in bundled_populations()]
    return frozenset(a for t in tables for a in t.get(marker, ()))


def _persons(s: Subject) -> tuple[str, ...]:
    return (s.id,) if s.sample.of == "person" else ()
