"""The mtDNA of several samples as sites that mutate: where they vary, and the stretches in which they agree."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from homeward.case import Span
from homeward.genetics.lineage import Observed, Site
from homeward.genetics.mtdna.columns import UNSTABLE, Column, columns
from homeward.genetics.mtdna.haplotype import MtHaplotype
from homeward.genetics.mtdna.rates import LENGTH_RATES, OTHER_LENGTH_RATE, TRANSITIONS, substitution_rate
from homeward.genetics.mtdna.reference import LENGTH

__all__ = ["DAMAGE", "ERROR", "LENGTH_ERROR", "mt_sites"]

Floats = NDArray[np.float64]

ERROR = 1e-5
"""Probability that a base is read or written down as another one. Assumed; so that one difference excludes nobody."""
DAMAGE = 1e-3
"""Probability that a degraded sample shows T for C, or A for G (deaminated cytosine on either strand). Assumed."""
LENGTH_ERROR = 1e-2
"""Probability that a tract is read one step too long, and the same too short. Assumed."""
_BASES = ("A", "C", "G", "T")
_PARTNER = {"A": "G", "G": "A", "C": "T", "T": "C"}
_UNITS = {"524": 2, "8289": 9}


def mt_sites(
    observed: Sequence[tuple[Sequence[Span], Sequence[str], bool]],
    *,
    disregard: Collection[str] = UNSTABLE,
    error: float = ERROR,
    damage: float = DAMAGE,
    mutation: bool = True,
) -> tuple[tuple[Site, ...], list[Observed], dict[int, Span]]:
    """The sites in which samples vary, then a site a stretch; what each sample shows of them; which are stretches.

    ``observed``: of each sample the ranges, the differences, and whether it is degraded. A heteroplasmy is compatible
    with each of its bases and excludes none; N and what lies outside the ranges is not typed; equal sequences in
    different notations are equal. ``disregard``: tracts whose length is not weighed. ``mutation``: False = none, every
    transition is the identity. A *stretch* is read from end to end by the same samples; it is typed in these, and stays
    as they have it where none of its positions changes that is no site of its own.
    """
    haplotypes = [MtHaplotype(tuple(ranges), tuple(differences)) for ranges, differences, _ in observed]
    degraded = [is_degraded for _, _, is_degraded in observed]
    varying = [
        c
        for c in columns(haplotypes)
        if c.differs and any(s is not None for s in c.seen) and not (c.kind == "length" and c.name in disregard)
    ]
    built = [_site(c, error, damage) for c in varying]
    seen = [
        {
            at: emitted(s, degraded[i])
            for at, (c, (_, emitted)) in enumerate(zip(varying, built, strict=True))
            if (s := c.seen[i]) is not None
        }
        for i in range(len(haplotypes))
    ]
    apart = {c.low for c in varying if c.kind == "base"}
    stretches = dict(enumerate(_stretches([h.ranges for h in haplotypes]), len(varying)))
    for o, h in zip(seen, haplotypes, strict=True):
        o |= {at: _AS_ALL for at, stretch in stretches.items() if _within(stretch, h.ranges)}
    sites = (*(site for site, _ in built), *(_stretch_site(s, apart) for s in stretches.values()))
    if not mutation:
        sites = tuple(Site(s.name, s.states, np.eye(len(s.states))) for s in sites)
    return sites, [Observed(o) for o in seen], stretches


_Emission = Callable[[frozenset[str], bool], Floats]


def _site(column: Column, error: float, damage: float) -> tuple[Site, _Emission]:
    if column.kind == "base":
        return _base_site(column, error, damage)
    states = _states(column)
    n = len(states)
    if column.kind == "length":
        transition = _stepwise(n, LENGTH_RATES[column.name])
        reading = _stepwise(n, 2 * LENGTH_ERROR)
    else:
        transition = np.full((n, n), OTHER_LENGTH_RATE / max(1, n - 1))
        reading = np.full((n, n), error / max(1, n - 1))
        np.fill_diagonal(transition, 1.0 - OTHER_LENGTH_RATE)
        np.fill_diagonal(reading, 1.0 - error)

    def emitted(seen: frozenset[str], is_degraded: bool) -> Floats:
        return _best(reading, [i for i, s in enumerate(states) if s in seen])

    return Site(f"mt {column.name}", states, transition), emitted


def _base_site(column: Column, error: float, damage: float) -> tuple[Site, _Emission]:
    rate = substitution_rate(column.low)
    transition = _substitutions(rate * TRANSITIONS, rate * (1.0 - TRANSITIONS) / 2)
    sound = _substitutions(error / 3, error / 3)
    worn = sound.copy()
    for true, shown in (("C", "T"), ("G", "A")):
        i, j = _BASES.index(true), _BASES.index(shown)
        worn[i, j] += damage
        worn[i, i] -= damage

    def emitted(seen: frozenset[str], is_degraded: bool) -> Floats:
        return _best(worn if is_degraded else sound, [i for i, b in enumerate(_BASES) if b in seen])

    return Site(f"mt {column.name}", _BASES, transition), emitted


def _substitutions(transition: float, transversion: float) -> Floats:
    """Rows: the base there was; columns: the base there is."""
    found = np.full((4, 4), transversion)
    for i, b in enumerate(_BASES):
        found[i, _BASES.index(_PARTNER[b])] = transition
        found[i, i] = 1.0 - transition - 2 * transversion
    return found


def _best(reading: Floats, seen: list[int]) -> Floats:
    """P(seen | state); of a mixture, that of its best component, so that a mixture never speaks against one."""
    found: Floats = reading[:, seen].max(axis=1)
    if len(seen) > 1:
        found[seen] = 1.0
    return found


def _states(column: Column) -> tuple[str, ...]:
    """All states seen; of a length also those between, in order, so that steps have somewhere to go."""
    seen = {s for options in column.seen if options is not None for s in options}
    if column.kind != "length":
        return tuple(sorted(seen))
    lengths = {int(s) for s in seen}
    lengths |= set(range(min(lengths), max(lengths), _UNITS.get(column.name, 1)))
    return tuple(str(n) for n in sorted(lengths))


def _stepwise(n: int, rate: float) -> Floats:
    """Half the rate to either neighbour; at an end, the half that would leave stays."""
    found = np.zeros((n, n))
    for i in range(n):
        for j in (i - 1, i + 1):
            if 0 <= j < n:
                found[i, j] = rate / 2
        found[i, i] = 1.0 - found[i].sum()
    return found


@cache
def _kept() -> Floats:
    """ln probability of no substitution at the positions up to and including each, position 0 first."""
    return np.concatenate([[0.0], np.cumsum([math.log1p(-substitution_rate(p)) for p in range(1, LENGTH + 1)])])


def _stretches(ranges: Sequence[Sequence[Span]]) -> list[Span]:
    """Everything read, cut wherever somebody's reading begins or ends."""
    cuts = sorted({r.low for each in ranges for r in each} | {r.high + 1 for each in ranges for r in each})
    found = [Span(low, after - 1) for low, after in pairwise(cuts)]
    return [stretch for stretch in found if any(_within(stretch, each) for each in ranges)]


def _within(stretch: Span, ranges: Sequence[Span]) -> bool:
    return any(r.low <= stretch.low and stretch.high <= r.high for r in ranges)


_AS_ALL = np.array([1.0, 0.0])


def _stretch_site(stretch: Span, apart: set[int]) -> Site:
    """Stays as all have it, or has changed, and back alike; ``apart``: positions with a site of their own."""
    kept = _kept()
    own = sum(kept[p] - kept[p - 1] for p in apart if stretch.low <= p <= stretch.high)
    changed = -math.expm1(float(kept[stretch.high] - kept[stretch.low - 1] - own))
    return Site(f"mt {stretch}", ("as all", "changed"), np.array([[1.0 - changed, changed], [changed, 1.0 - changed]]))
