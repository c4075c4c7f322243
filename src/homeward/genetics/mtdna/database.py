"""The bundled databases of mitochondrial haplotypes, and how often a haplotype stands in one."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from homeward.case import Span
from homeward.genetics.mtdna.columns import TRACTS, UNSTABLE
from homeward.genetics.mtdna.comparison import compare
from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.reference import intersection, merged, rcrs

__all__ = ["BundledMtDatabase", "MtDatabase", "bundled_mt_database", "bundled_mt_databases", "mt_key"]


@dataclass(frozen=True, slots=True)
class BundledMtDatabase:
    """What is known of a bundled database. ``status``: ``provisional`` where it is too weak for casework without a
    check."""

    id: str
    population: str
    persons: int
    ranges: tuple[Span, ...]
    status: Literal["sound", "provisional"]
    source: str
    reference: str
    licence: str
    note: str


@dataclass(frozen=True, eq=False)
class MtDatabase:
    """Haplotypes of persons taken to be a random sample of a population, each with how many have it."""

    id: str
    population: str
    source: str
    haplotypes: tuple[tuple[MtHaplotype, int], ...]

    def matches(self, haplotype: MtHaplotype, disregard: Collection[str] = UNSTABLE) -> tuple[int, int]:
        """(persons who match, persons compared), over all that the haplotype shows.

        Persons who were not read in all of its ranges count in neither. A mixture matches each of its bases; the
        lengths of the tracts named in ``disregard`` count for nothing.
        """
        found = size = 0
        for other, count in self.haplotypes:
            if intersection(other.ranges, haplotype.ranges) == haplotype.ranges:
                size += count
                found += count if compare(haplotype, other, disregard).matches else 0
        return found, size

    def singletons(self, ranges: Sequence[Span], disregard: Collection[str] = UNSTABLE) -> int:
        """How many haplotypes exactly one person has, of those read in all of the ranges, seen within them."""
        key = mt_key(ranges, disregard)
        seen: Counter[Hashable] = Counter()
        for other, count in self.haplotypes:
            own = key(other)
            if own is not None:
                seen[own] += count
        return sum(n == 1 for n in seen.values())


def mt_key(ranges: Sequence[Span], disregard: Collection[str] = UNSTABLE) -> Callable[[MtHaplotype], Hashable | None]:
    """What two haplotypes share when they are equal within ranges; None where one was not read in all of them.

    Lengths of the tracts named in ``disregard`` count for nothing. Mixtures are equal to the same mixture only.
    """
    wanted = merged(ranges)
    loose = [TRACTS[name] for name in disregard]

    def key(haplotype: MtHaplotype) -> Hashable | None:
        if intersection(haplotype.ranges, wanted) != wanted:
            return None
        found: list[tuple[int, str]] = []
        for p, text in haplotype.places.items():
            if not any(r.low <= p <= r.high for r in wanted):
                continue
            own = rcrs()[p - 1]
            if any(low <= p <= high for low, high in loose):
                text = text[:1] or own
            if text != own:
                found.append((p, text))
        return tuple(found)

    return key


def _folder_rows(name: str) -> list[dict[str, str]]:
    folder = files("homeward.genetics") / "data" / "mtdna" / "databases"
    return list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def _ranges(text: str) -> tuple[Span, ...]:
    return merged(Span(*(int(x) for x in part.split(".."))) for part in text.split(";"))


@cache
def bundled_mt_databases() -> tuple[BundledMtDatabase, ...]:
    """All bundled databases, in the order of `docs/mtdna.md`."""
    return tuple(
        BundledMtDatabase(
            id=row["id"],
            population=row["population"],
            persons=int(row["persons"]),
            ranges=_ranges(row["range"]),
            status=cast(Literal["sound", "provisional"], row["status"]),
            source=row["source"],
            reference=row["reference"],
            licence=row["licence"],
            note=row["note"],
        )
        for row in _folder_rows("index")
    )


@cache
def bundled_mt_database(id: str) -> MtDatabase:
    """A bundled database by its id. Raises KeyError for an id not bundled."""
    about = {d.id: d for d in bundled_mt_databases()}[id]
    haplotypes = tuple(
        (MtHaplotype(_ranges(row["range"]), tuple(row["haplotype"].split())), int(row["count"]))
        for row in _folder_rows(id)
    )
    return MtDatabase(about.id, about.population, f"{about.reference}; {about.source}", haplotypes)
