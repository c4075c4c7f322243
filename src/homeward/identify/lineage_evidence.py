"""What a haplotype says of one sample and one missing person, in figures that can be checked by hand.

Who was compared, where they differ, over how many meioses, and how rare what was seen is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.genetics.lineage import LineageKind, LineageModel, Site
from homeward.identify.line_weights import LineageWeights, weights_of
from homeward.identify.screen import Column, Typed
from homeward.likelihood.lineage import Line, line_table

Floats = NDArray[np.float64]

__all__ = ["Difference", "LineageComparison", "lineage_comparisons"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A site at which two samples show different states; ``mutations``: the fewest that lead from one to the other."""

    site: str
    sample: str
    reference: str
    mutations: int


@dataclass(frozen=True, slots=True)
class LineageComparison:
    """A remains sample held against one reference of the missing person's line.

    ``meioses``: between the missing person and the reference; ``sites``: compared, of these ``differences``;
    ``log10_chance``: log10 probability that a person so many meioses away shows what the sample shows, given what the
    reference shows, -inf where it is impossible; ``frequency``: of what the sample shows at these sites, by the
    estimator chosen.
    """

    kind: LineageKind
    sample: str
    missing: str
    reference: str
    meioses: int
    sites: tuple[str, ...]
    differences: tuple[Difference, ...]
    log10_chance: float
    frequency: float

    @property
    def mutations(self) -> int:
        """The fewest mutations that it takes, over all differences."""
        return sum(d.mutations for d in self.differences)


def lineage_comparisons(sample: Typed, column: Column, model: Model) -> tuple[LineageComparison, ...]:
    """One for every haplotype of the sample and every reference in the line; none where nothing is shared."""
    found: list[LineageComparison] = []
    for lineage in model.lineages:
        weights = weights_of(lineage)
        for line in weights.lines(column.pedigree):
            if column.person not in line.place:
                continue
            for person, reference in column.haplotypes:
                for own in sample.haplotypes:
                    if person in line.place and reference in lineage.seen and own in lineage.seen:
                        one = _compared(weights, line, own, column, person, reference)
                        found += [one] if one is not None else []
    return tuple(found)


def _compared(
    weights: LineageWeights, line: Line, own: str, column: Column, person: str, reference: str
) -> LineageComparison | None:
    lineage = weights.model
    shared = weights.mask[own] & weights.mask[reference]
    if not shared:
        return None
    at = weights.sites_of(shared)
    place = line.place[column.person]
    seen = weights.at_places(((line.place[person], reference),))
    table = line_table(weights.arrays, line, seen, place)[:, at]
    # given the reference: the sum over the founder's clusters of each one's share
    with np.errstate(divide="ignore"):
        ln_reference = np.log(table.sum(axis=2)).sum(axis=1) + np.log(weights.arrays.weights)
        ln_both = np.log((table * weights.evidence[own][at][None]).sum(axis=2)).sum(axis=1)
        ln_both = ln_both + np.log(weights.arrays.weights)
        ln = float(np.logaddexp.reduce(ln_both) - np.logaddexp.reduce(ln_reference))
    return LineageComparison(
        lineage.kind,
        own,
        column.id,
        reference,
        line.meioses(column.person, person),
        tuple(lineage.sites[i].name for i in at),
        tuple(d for i in at if (d := _difference(lineage, i, own, reference)) is not None),
        ln / log(10.0),
        weights.frequency(own, shared),
    )


def _difference(lineage: LineageModel, at: int, own: str, reference: str) -> Difference | None:
    """None where some state explains both about as well as any explains either."""
    site = lineage.sites[at]
    one, other = (np.asarray(lineage.seen[s].sites[at]) for s in (own, reference))
    first, second = _likely(one), _likely(other)
    if first & second:
        return None
    steps = _steps(site, first, second)
    return Difference(site.name, _named(site, first), _named(site, second), steps)


_LIKELY = 0.5
"""Share of the best explanation from which a state is taken for seen."""


def _likely(chance: Floats) -> set[int]:
    return set(np.flatnonzero(chance >= _LIKELY * chance.max()).tolist())


def _named(site: Site, states: set[int]) -> str:
    return "/".join(site.states[k] for k in sorted(states))


def _steps(site: Site, first: set[int], second: set[int]) -> int:
    """The fewest mutations between: by single steps of what the site does most, else one."""
    sets = [_counted(site.states[k]) for k in (*first, *second)]
    if any(s is None for s in sets):
        return 1
    return min(_apart(site.states[a], site.states[b]) for a in first for b in second)


def _counted(state: str) -> tuple[int, ...] | None:
    parts = state.replace("|", ",").split(",")
    return tuple(map(int, parts)) if all(p.isdigit() for p in parts) else None


def _apart(a: str, b: str) -> int:
    """Repeats between two states, copy by copy; a copy more or less is one mutation."""
    one, other = sorted(_counted(a) or ()), sorted(_counted(b) or ())
    if len(one) != len(other):
        return max(1, abs(len(one) - len(other)))
    return sum(abs(x - y) for x, y in zip(one, other, strict=True))
