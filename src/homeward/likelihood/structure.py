"""Founders of one population share ancestors: the Pólya urn of Balding & Nichols (1994), one urn a population.

The probability that the next allele drawn is a, after n_a of n drawn so far, is
(θ n_a + (1−θ) p_a) / (1 + (n−1) θ). With the alleles of called founders drawn first (c_a of them a), every
further allele is either drawn anew from v_a = θ c_a + (1−θ) p_a or a copy of an earlier one. How the networks of
such draws are summed is the business of `descent`, `partitions` and `integration`, among which `urns` chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.conditioning import Gate
from homeward.likelihood.execute import eliminate
from homeward.likelihood.planner import Scope
from homeward.likelihood.rescaled import LEAST, eliminate_rescaled, may_underflow

__all__ = [
    "Drawn",
    "Founder",
    "Setting",
    "Summed",
    "System",
    "Urn",
    "inbred",
    "settings",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Founder:
    """One founder: his variables if untyped, his node if called, his ploidy, inbreeding and population."""

    node: int
    variables: Scope
    called: bool
    ploidy: int
    inbreeding: float
    population: str = ""


@dataclass(frozen=True, slots=True)
class Urn:
    """All founders of a comparison and θ; ``founders`` in the order of the nodes. One urn a population."""

    founders: tuple[Founder, ...]
    theta: float


@dataclass(frozen=True, slots=True)
class System:
    """A network without the founders' priors, and what these are made of.

    ``p``: population → (loci, n); ``genotype``: calls of called founders, node → (loci, 2). ``selectors`` and all
    ``binary`` variables as in `Network`. ``rescaled``: every array is kept at one, for numbers too small for a double.
    """

    urn: Urn
    p: Mapping[str, Floats]
    genotype: Mapping[int, Ints]
    factors: tuple[Floats, ...]
    scopes: tuple[Scope, ...]
    dims: tuple[int, ...]
    keep: Scope
    selectors: tuple[Gate, ...] = ()
    binary: frozenset[int] = frozenset()
    rescaled: bool = False

    @property
    def loci(self) -> int:
        arrays = [*self.p.values(), *self.factors, *(self.genotype[f.node] for f in self.urn.founders if f.called)]
        return max((len(a) for a in arrays), default=1)

    def rows(self, at: Ints) -> System:
        """The same at some of the loci."""

        return replace(
            self,
            p={k: v if len(v) == 1 else v[at] for k, v in self.p.items()},
            genotype={k: v if len(v) == 1 else v[at] for k, v in self.genotype.items()},
            factors=tuple(f if len(f) == 1 else f[at] for f in self.factors),
        )

    def run(self, factors: Sequence[Floats], scopes: tuple[Scope, ...], keep: Scope) -> tuple[Floats, Floats]:
        """Sum a network out: (loci, *dims of keep), and ln of what multiplies it, -inf where it is zero."""
        if not self.rescaled:
            found = eliminate(factors, scopes, self.dims, keep)
            return found, np.zeros(1)
        found, ln = eliminate_rescaled(factors, scopes, self.dims, keep)
        return found, np.where(found.reshape(len(found), -1).max(axis=1) > 0, ln, -np.inf)

    def lost(self, value: Floats) -> Ints:
        """The loci whose numbers may have underflowed."""
        low = value.reshape(len(value), -1).sum(axis=1) < LEAST
        if self.rescaled or not low.any() or not may_underflow([*self.factors, *self.p.values()]):
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(low)


@dataclass(slots=True)
class Summed:
    """A sum of terms of any size: ``value`` (loci, …) times exp ``ln`` (loci,), and the relative error of it."""

    value: Floats
    ln: Floats
    relative_error: Floats

    def add(self, value: Floats, ln: Floats) -> None:
        top = np.maximum(self.ln, ln)
        shift = np.where(np.isfinite(top), top, 0.0)
        axes = (-1, *(1,) * (self.value.ndim - 1))
        mine, other = (np.exp(np.minimum(x - shift, 0.0)).reshape(axes) for x in (self.ln, ln))
        self.value = self.value * mine + value * other
        self.ln = top

    def settled(self) -> Summed:
        """The same with a logarithm of 0 wherever a double holds the numbers themselves."""
        size = self.value.reshape(len(self.value), -1).sum(axis=1)
        with np.errstate(divide="ignore"):
            held = np.log(size) + self.ln > log(LEAST)
        factor = np.exp(np.where(held, self.ln, 0.0)).reshape(-1, *(1,) * (self.value.ndim - 1))
        possible = np.where(np.isfinite(self.ln), self.ln, 0.0)
        return replace(self, value=self.value * factor, ln=np.where(held, 0.0, possible))

    @classmethod
    def zero(cls, system: System) -> Summed:
        loci = system.loci
        value = np.zeros((loci, *(system.dims[v] for v in system.keep)))
        return cls(value, np.full(loci, -np.inf), np.zeros(loci))


@dataclass(frozen=True, slots=True)
class Drawn:
    """The urn of one population: what is left in it once called founders have drawn.

    ``fresh``: (loci, n), v_a of the module; ``called``: how many alleles were drawn; ``items``: what is still to be
    drawn, each an allele or two that are one draw. ``besides``: alleles drawn by folded founders.
    """

    fresh: Floats
    called: int
    items: tuple[Scope, ...]
    population: str
    besides: int = 0

    @property
    def draws(self) -> int:
        return len(self.items) + self.besides

    def per_draw(self, theta: float) -> float:
        """What every weight of the draws is to be divided by."""
        return float(np.prod([1.0 + (self.called + k - 1) * theta for k in range(self.draws)]))


@dataclass(frozen=True, slots=True)
class Setting:
    """Which inbred founders have one draw for both alleles: the urns then, and ln of the probability, (loci,).

    ``folded``: inbred founders of whom it is left open.
    """

    urns: tuple[Drawn, ...]
    ln: Floats
    folded: tuple[int, ...] = ()


def untyped(system: System) -> list[Scope]:
    """The variables of each founder that matter."""
    used = {v for scope in system.scopes for v in scope} | set(system.keep)
    return [tuple(v for v in f.variables if v in used) for f in system.urn.founders]


def inbred(system: System) -> list[int]:
    """Founders with two alleles that matter and inbreeding."""
    drawn = untyped(system)
    return [i for i, f in enumerate(system.urn.founders) if f.inbreeding and (f.called or len(drawn[i]) == 2)]


def settings(system: System, folded: bool = False) -> list[Setting]:
    """One setting for every choice of the inbred founders with one draw; ``folded``: only one, without those."""
    choosing = inbred(system)
    if folded:
        return [_setting(system, set(), set(choosing), np.zeros(system.loci))]
    found = []
    for one_draw in product((False, True), repeat=len(choosing)):
        chances = [_chance(system.urn.founders[i], s) for i, s in zip(choosing, one_draw, strict=True)]
        if all(chances):
            same = {i for i, s in zip(choosing, one_draw, strict=True) if s}
            found.append(_setting(system, same, set(), np.full(system.loci, np.log(chances).sum())))
    return found


def _setting(system: System, one_draw: set[int], folded: set[int], ln: Floats) -> Setting:
    founders, drawn = system.urn.founders, untyped(system)
    urns = []
    for population in dict.fromkeys(f.population for f in founders):
        everybody = [i for i, f in enumerate(founders) if f.population == population]
        of = [i for i in everybody if i not in folded]
        fresh, called, chance = _called_alleles(system, of, one_draw, population)
        items = [d for i in of for d in ([drawn[i]] if i in one_draw else [(v,) for v in drawn[i]]) if d]
        ln = ln + chance
        urns.append(Drawn(fresh, called, tuple(items), population, 2 * (len(everybody) - len(of))))
    return Setting(tuple(urns), ln, tuple(sorted(folded)))


def _chance(founder: Founder, one_draw: bool) -> float:
    return founder.inbreeding if one_draw else 1.0 - founder.inbreeding


def _called_alleles(
    system: System, of: Sequence[int], one_draw: set[int], population: str
) -> tuple[Floats, int, Floats]:
    """What called founders leave of an urn, (loci, n), how many alleles they drew, and ln of the probability."""
    theta, loci = system.urn.theta, system.loci
    called = [i for i in of if system.urn.founders[i].called]
    p = system.p[population]
    if not called:
        return (1 - theta) * p, 0, np.zeros(loci)
    p = np.broadcast_to(p, (loci, p.shape[1]))
    rows = np.arange(loci)
    counts = np.zeros(p.shape)
    ln = np.zeros(loci)
    drawn = 0
    with np.errstate(divide="ignore"):
        for i in called:
            founder = system.urn.founders[i]
            a, b = np.broadcast_to(system.genotype[founder.node], (loci, 2)).T
            pair = founder.ploidy == 2 and i not in one_draw
            if i in one_draw:
                ln = np.where(a == b, ln, -np.inf)
            for allele in (a, b) if pair else (a,):
                chance = theta * counts[rows, allele] + (1 - theta) * p[rows, allele]
                ln = ln + np.log(chance / (1.0 + (drawn - 1) * theta))
                counts[rows, allele] += 1
                drawn += 1
            if pair:
                ln = ln + np.log(np.where(a == b, 1.0, 2.0))
    return theta * counts + (1 - theta) * p, drawn, ln
