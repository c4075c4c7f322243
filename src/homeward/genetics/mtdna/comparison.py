"""Two haplotypes compared over the ranges both were read in: by sequence, never by notation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from homeward.case import Span
from homeward.genetics.mtdna.columns import UNSTABLE, Column, columns
from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.reference import intersection

__all__ = ["MtComparison", "compare"]


@dataclass(frozen=True, slots=True)
class MtComparison:
    """What two haplotypes say of each other.

    ``ranges``: the positions both hold; empty where none is shared. ``differing``: where no base and no length can be
    both (a heteroplasmy differs from neither of its bases, N from nothing). ``disregarded``: the same, of the tracts
    whose length was not to be compared.
    """

    ranges: tuple[Span, ...]
    differing: tuple[Column, ...]
    disregarded: tuple[Column, ...]

    @property
    def matches(self) -> bool:
        """Whether anything was compared, and nothing differs."""
        return bool(self.ranges) and not self.differing

    @property
    def positions(self) -> int:
        """How many positions were compared."""
        return sum(r.high - r.low + 1 for r in self.ranges)


def compare(first: MtHaplotype, second: MtHaplotype, disregard: Collection[str] = UNSTABLE) -> MtComparison:
    """Compare over the shared ranges; the lengths of the tracts named in ``disregard`` are set aside."""
    shared = intersection(first.ranges, second.ranges)
    if not shared:
        return MtComparison((), (), ())
    if first.places == second.places:
        return MtComparison(shared, (), ())
    found = [c for c in columns((first, second)) if c.differs]
    kept = tuple(c for c in found if c.kind != "length" or c.name not in disregard)
    return MtComparison(shared, kept, tuple(c for c in found if c not in kept))
