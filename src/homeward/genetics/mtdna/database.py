"""The bundled databases of mitochondrial haplotypes, and how often a haplotype stands in one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from homeward.case import Span
from homeward.genetics.bundled import BundledDatabase, provenance, table_rows
from homeward.genetics.mtdna.columns import TRACTS, UNSTABLE, Bases, bases_differ, bases_shown
from homeward.genetics.mtdna.comparison import compare
from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.reference import intersection, merged, rcrs

__all__ = ["MtDatabase", "bundled_mt_database", "bundled_mt_databases", "mt_key"]

_FOLDER = "mtdna/databases"


@dataclass(frozen=True, eq=False)
class MtDatabase:
    """Haplotypes of persons taken to be a random sample of a population, each with how many have it."""

    id: str
    population: str
    source: str
    haplotypes: tuple[tuple[MtHaplotype, int], ...]
    _read: dict[tuple[Span, ...], _Read] = field(default_factory=dict, init=False, repr=False)
    _singletons: dict[tuple[tuple[Span, ...], frozenset[str]], int] = field(
        default_factory=dict, init=False, repr=False
    )

    def matches(self, haplotype: MtHaplotype, disregard: Collection[str] = UNSTABLE) -> tuple[int, int]:
        """(persons who match, persons compared), over all that the haplotype shows.

        Persons who were not read in all of its ranges count in neither. A mixture matches each of its bases; the
        lengths of the tracts named in ``disregard`` count for nothing.
        """
        read = self._read_in(haplotype.ranges)
        found = 0
        for other, count in read.perhaps_as(haplotype):
            alike = not bases_differ(haplotype, other) and compare(haplotype, other, disregard).matches
            found += count if alike else 0
        return found, read.size

    def _read_in(self, ranges: tuple[Span, ...]) -> _Read:
        """Those that were read in all of the ranges, found once."""
        if ranges not in self._read:
            of_ranges = {o.ranges for o, _ in self.haplotypes}
            read = {r for r in of_ranges if intersection(r, ranges) == ranges}
            self._read[ranges] = _Read(ranges, [(o, count) for o, count in self.haplotypes if o.ranges in read])
        return self._read[ranges]

    def singletons(self, ranges: Sequence[Span], disregard: Collection[str] = UNSTABLE) -> int:
        """How many haplotypes exactly one person has, of those read in all of the ranges, seen within them."""
        asked = merged(ranges), frozenset(disregard)
        if asked not in self._singletons:
            key = mt_key(*asked)
            seen: Counter[Hashable] = Counter()
            for other, count in self.haplotypes:
                own = key(other)
                if own is not None:
                    seen[own] += count
            self._singletons[asked] = sum(n == 1 for n in seen.values())
        return self._singletons[asked]


class _Read:
    """Haplotypes read in all of some ranges, by the bases that they show there."""

    def __init__(self, ranges: tuple[Span, ...], haplotypes: Sequence[tuple[MtHaplotype, int]]) -> None:
        self.ranges = ranges
        self.size = sum(count for _, count in haplotypes)
        self._by_bases: dict[Bases, list[tuple[MtHaplotype, int]]] = {}
        for other, count in haplotypes:
            self._by_bases.setdefault(bases_shown(other, ranges), []).append((other, count))
        self._vague = [bases for bases in self._by_bases if bases.open]

    def perhaps_as(self, haplotype: MtHaplotype) -> Iterator[tuple[MtHaplotype, int]]:
        """All but those that surely differ from a haplotype in a base."""
        own = bases_shown(haplotype, self.ranges)
        if own.open:
            alike = [bases for bases in self._by_bases if not bases.differ(own)]
        else:
            alike = [own, *(bases for bases in self._vague if not bases.differ(own))]
        for bases in alike:
            yield from self._by_bases.get(bases, ())


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


def _ranges(text: str) -> tuple[Span, ...]:
    return merged(Span(*(int(x) for x in part.split(".."))) for part in text.split(";"))


@cache
def bundled_mt_databases() -> tuple[BundledDatabase, ...]:
    """All bundled databases, in the order of `docs/mtdna.md`."""
    return tuple(
        BundledDatabase(
            population=row["population"],
            persons=int(row["persons"]),
            ranges=_ranges(row["range"]),
            **provenance(row),
        )
        for row in table_rows(_FOLDER, "index")
    )


@cache
def bundled_mt_database(id: str) -> MtDatabase:
    """A bundled database by its id. Raises KeyError for an id not bundled."""
    about = {d.id: d for d in bundled_mt_databases()}[id]
    haplotypes = tuple(
        (MtHaplotype(_ranges(row["range"]), tuple(row["haplotype"].split())), int(row["count"]))
        for row in table_rows(_FOLDER, id)
    )
    return MtDatabase(about.id, about.population, f"{about.reference}; {about.source}", haplotypes)
