"""The mtDNA of several samples as the sites in which they vary, for the likelihood of a maternal line."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from functools import cache

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
) -> tuple[tuple[Site, ...], list[Observed], float]:
    """The sites in which samples vary, what each sample shows of them, and the ln probability of all else staying.

    ``observed``: of each sample the ranges, the differences, and whether it is degraded. A heteroplasmy is compatible
    with each of its bases and excludes none; N and what lies outside the ranges is not typed; equal sequences in
    different notations are equal. ``disregard``: tracts whose length is not weighed. ``mutation``: False = none, every
    transition is the identity and the third answer 0. The third answer is per meiosis, natural log, over the
    positions that at least two samples were read in and that do not vary among them.
    """
    haplotypes = [MtHaplotype(tuple(ranges), tuple(differences)) for ranges, differences, _ in observed]
    degraded = [is_degraded for _, _, is_degraded in observed]
    varying = [
        c
        for c in columns(haplotypes)
        if c.differs and any(s is not None for s in c.seen) and not (c.kind == "length" and c.name in disregard)
    ]
    built = [_site(c, error, damage) for c in varying]
    shown: list[Observed] = []
    for i in range(len(haplotypes)):
        seen = {
            at: emitted(s, degraded[i])
            for at, (c, (_, emitted)) in enumerate(zip(varying, built, strict=True))
            if (s := c.seen[i]) is not None
        }
        shown.append(Observed(seen))
    sites = tuple(site for site, _ in built)
    if not mutation:
        return tuple(Site(s.name, s.states, np.eye(len(s.states))) for s in sites), shown, 0.0
    return sites, shown, _unchanged(haplotypes, {c.low for c in varying if c.kind == "base"})


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


def _unchanged(haplotypes: Sequence[MtHaplotype], varying: set[int]) -> float:
    """ln probability, per meiosis, that nothing changes where two or more were read and all agree."""
    depth = np.zeros(LENGTH + 2, dtype=np.int64)
    for h in haplotypes:
        for r in h.ranges:
            depth[r.low] += 1
            depth[r.high + 1] -= 1
    shared = np.cumsum(depth)[1 : LENGTH + 1] >= 2
    shared[[p - 1 for p in varying]] = False
    return float(np.diff(_kept())[shared].sum())
