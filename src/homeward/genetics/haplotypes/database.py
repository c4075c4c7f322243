"""Reference databases of haplotypes, and how often one stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from homeward.genetics.lineage import LineageKind
from homeward.genetics.y import YHaplotype

__all__ = ["Comparison", "HaplotypeDatabase", "y_key", "y_matches"]

H = TypeVar("H")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A haplotype held against a database.

    ``matches``: men or women with the same haplotype. ``size``: those typed at everything compared; the others count
    neither way. ``singletons``: haplotypes that exactly one of them has, at what was compared.
    """

    matches: int
    size: int
    singletons: int


@dataclass(frozen=True, eq=False)
class HaplotypeDatabase(Generic[H]):
    """Haplotypes of persons taken to be a random sample of a population, each with its count.

    ``population``: whose, in words. ``source``: where published, and the licence of the figures.
    """

    id: str
    kind: LineageKind
    population: str
    source: str
    haplotypes: tuple[tuple[H, int], ...]

    @cached_property
    def size(self) -> int:
        """Persons in the database."""
        return sum(count for _, count in self.haplotypes)

    def compared(self, haplotype: H, key: Callable[[H], Hashable | None]) -> Comparison:
        """How often a haplotype stands here, under a ``key`` that two haplotypes share exactly when they match.

        A haplotype without a key (None) was not typed at everything compared: its bearers leave the count. Raises
        ValueError where the haplotype asked for has none.
        """
        asked = key(haplotype)
        if asked is None:
            raise ValueError("the haplotype itself is not typed at what is compared")
        found: Counter[Hashable] = Counter()
        for other, count in self.haplotypes:
            own = key(other)
            if own is not None:
                found[own] += count
        singletons = sum(count == 1 for count in found.values())
        return Comparison(found[asked], found.total(), singletons)


def y_key(loci: Sequence[str]) -> Callable[[YHaplotype], Hashable | None]:
    """The key by which Y haplotypes match: the same alleles shown at each of these loci, however often one is written.

    An electropherogram does not tell (13) from (13, 13), so neither does the key. None where one of the loci was not
    typed.
    """

    def key(haplotype: YHaplotype) -> Hashable | None:
        if any(locus not in haplotype for locus in loci):
            return None
        return tuple(frozenset(haplotype[locus]) for locus in loci)

    return key


def y_matches(database: HaplotypeDatabase[YHaplotype], observed: YHaplotype, loci: Sequence[str] | None) -> Comparison:
    """A Y haplotype held against a database at ``loci``; None: at all that the haplotype shows."""
    wanted = tuple(observed) if loci is None else tuple(loci)
    return database.compared(observed, y_key(wanted))
