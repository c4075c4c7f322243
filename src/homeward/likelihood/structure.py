"""Founders of one population share ancestors: the Pólya urn of Balding & Nichols (1994), one urn a population.

The probability that the next allele drawn is a, after n_a of n drawn so far, is
(θ n_a + (1−θ) p_a) / (1 + (n−1) θ). With the alleles of called founders drawn first (c_a of them a), every
further allele is either drawn anew from v_a = θ c_a + (1−θ) p_a or a copy of an earlier one. Which alleles are
copies of which is a partition of the founder alleles, and one of block sizes b₁, b₂, … weighs Π θ^{b−1} (b−1)!:
the likelihood is a sum of ordinary networks over partitions, in each of which copies are one variable. Where
partitions are too many, `integration` takes the frequencies of the subpopulation themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import factorial, log, prod

import numpy as np
from numpy.typing import NDArray

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
    "by_partitions",
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

    ``p``: population → (loci, n); ``genotype``: calls of called founders, node → (loci, 2). ``rescaled``: every array
    is kept at one, for numbers too small for a double.
    """

    urn: Urn
    p: Mapping[str, Floats]
    genotype: Mapping[int, Ints]
    factors: tuple[Floats, ...]
    scopes: tuple[Scope, ...]
    dims: tuple[int, ...]
    keep: Scope
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


@dataclass(frozen=True, slots=True)
class Partition:
    """Which draws are copies: variables that are one, a prior and a root for each block, its size and its urn."""

    weight: float
    same: Mapping[int, int]
    priors: tuple[Floats, ...]
    roots: tuple[int, ...]
    sizes: tuple[int, ...]
    urns: tuple[int, ...]


def every_partition(theta: float, urns: Sequence[Drawn]) -> Iterator[Partition]:
    """All partitions of every urn's draws that have a weight."""
    for choice in product(*(partitions(len(u.items)) for u in urns)):
        blocks = [(k, block) for k, parts in enumerate(choice) for block in parts]
        weight = prod(theta ** (len(block) - 1) * factorial(len(block) - 1) for _, block in blocks)
        same: dict[int, int] = {}
        roots = []
        for k, block in blocks:
            variables = [v for b in block for v in urns[k].items[b]]
            same.update(dict.fromkeys(variables, variables[0]))
            roots.append(variables[0])
        if weight:
            sizes = tuple(len(block) for _, block in blocks)
            priors = tuple(urns[k].fresh for k, _ in blocks)
            yield Partition(weight, same, priors, tuple(roots), sizes, tuple(k for k, _ in blocks))


def by_partitions(system: System, setting: Setting) -> tuple[Floats, Floats]:
    """One setting summed over the partitions of every urn's draws: (loci, *dims of keep), and its ln scale."""
    theta = system.urn.theta
    scale = float(np.prod([u.per_draw(theta) for u in setting.urns]))
    last = _last(system, setting)
    if last and not system.rescaled:
        return _drawn_last(system, setting, last) / scale, np.zeros(1)
    total = Summed.zero(system)
    for partition in every_partition(theta, setting.urns):
        value, ln = _identified(system, partition, system.keep)
        if system.rescaled:
            total.add(partition.weight / scale * value, ln)
        else:
            total.value += partition.weight / scale * value
    return (total.value, total.ln) if system.rescaled else (total.value, np.zeros(1))


def _last(system: System, setting: Setting) -> tuple[int, ...]:
    """Kept alleles of which nothing else tells, if there are one or two of one urn: they may be drawn last."""
    told = {v for scope in system.scopes for v in scope}
    single = [(k, item[0]) for k, urn in enumerate(setting.urns) for item in urn.items if len(item) == 1]
    free = [(k, v) for k, v in single if v in system.keep and v not in told]
    if len(free) == 1 or (len(free) == len(system.keep) == 2 and free[0][0] == free[1][0]):
        return tuple(v for v in system.keep if v in {w for _, w in free})
    return ()


def _drawn_last(system: System, setting: Setting, last: tuple[int, ...]) -> Floats:
    """Draw the alleles nothing else tells of after all others, from how often each allele was drawn by then.

    With n_a copies of a drawn by the others, one more is a with weight v_a + θ n_a; two more are a and b with
    (v_a + θ n_a)(v_b + θ n_b + θ [a = b]). Only means of n and of n n′ are needed.
    """
    theta = system.urn.theta
    home = next(k for k, urn in enumerate(setting.urns) if any(last[0] in item for item in urn.items))
    fresh = setting.urns[home].fresh
    rest = [replace(u, items=tuple(item for item in u.items if item[0] not in last)) for u in setting.urns]
    total: Floats | float = 0.0
    for partition in every_partition(theta, rest):
        if len(last) == 1:
            total = total + partition.weight * _one_more(system, partition, home, last[0], fresh)
        else:
            total = total + partition.weight * _two_more(system, partition, home, fresh)
    return np.asarray(total)


def _one_more(system: System, partition: Partition, home: int, last: int, fresh: Floats) -> Floats:
    keep = tuple(v for v in system.keep if v != last)
    copies: Floats | float = 0.0
    before: Floats | None = None
    for root, size, urn in zip(partition.roots, partition.sizes, partition.urns, strict=True):
        if urn == home:
            held = _identified(system, partition, (*keep, root))[0]
            before = held.sum(axis=-1) if before is None else before
            copies = copies + size * held
    if before is None:
        before = _identified(system, partition, keep)[0]
    anew = before[..., None] * fresh.reshape(len(fresh), *(1,) * len(keep), -1)
    return np.moveaxis(anew + system.urn.theta * copies, -1, system.keep.index(last) + 1)


def _two_more(system: System, partition: Partition, home: int, fresh: Floats) -> Floats:
    theta, n = system.urn.theta, fresh.shape[1]
    blocks = [(r, s) for r, s, urn in zip(partition.roots, partition.sizes, partition.urns, strict=True) if urn == home]
    one: Floats = np.zeros((1, n))
    two: Floats = np.zeros((1, n, n))
    diagonal = np.arange(n)
    found: dict[int, Floats] = {}
    for i, (root, size) in enumerate(blocks):
        for other, others in blocks[i + 1 :]:
            both = _identified(system, partition, (root, other))[0]
            two = two + size * others * (both + both.transpose(0, 2, 1))
            found[root], found[other] = both.sum(axis=2), both.sum(axis=1)
        if root not in found:
            found[root] = _identified(system, partition, (root,))[0]
    squares: Floats = np.zeros((1, n))
    for root, size in blocks:
        one = one + size * found[root]
        squares = squares + size**2 * found[root]
    whole = found[blocks[0][0]].sum(axis=1) if blocks else _identified(system, partition, ())[0]
    drawn = fresh * whole[:, None] + theta * one
    table = fresh[:, :, None] * drawn[:, None, :] + theta * (one[:, :, None] * fresh[:, None, :] + theta * two)
    table[:, diagonal, diagonal] += theta * (drawn + theta * squares)
    return table


def _identified(system: System, partition: Partition, keep: Scope) -> tuple[Floats, Floats]:
    """One partition's network: copies are one variable, drawn from the urn as called founders left it."""
    same = partition.same
    arrays, narrowed = [], []
    for factor, scope in zip(system.factors, system.scopes, strict=True):
        renamed = tuple(same.get(v, v) for v in scope)
        distinct = tuple(dict.fromkeys(renamed))
        arrays.append(factor if len(distinct) == len(scope) else _diagonal(factor, renamed, distinct))
        narrowed.append(distinct)
    roots = tuple((r,) for r in partition.roots)
    if not arrays and not roots:
        return np.ones(1), np.zeros(1)
    kept = tuple(same.get(v, v) for v in keep)
    distinct = tuple(dict.fromkeys(kept))
    result, ln = system.run([*arrays, *partition.priors], (*narrowed, *roots), distinct)
    return (result if len(distinct) == len(kept) else _spread(result, kept, distinct, system.dims)), ln


def _diagonal(factor: Floats, renamed: Scope, distinct: Scope) -> Floats:
    """The entries of a factor at which variables that are one have one value."""
    letter = {v: chr(ord("b") + i) for i, v in enumerate(distinct)}
    inside, outside = ("".join(letter[v] for v in scope) for scope in (renamed, distinct))
    return np.asarray(np.einsum(f"a{inside}->a{outside}", factor))


def _spread(result: Floats, kept: Scope, distinct: Scope, dims: tuple[int, ...]) -> Floats:
    """A table over all kept variables, zero where those that are one differ."""
    full = np.zeros((len(result), *(dims[v] for v in kept)))
    grid = np.indices(result.shape[1:])
    index = {v: grid[i] for i, v in enumerate(distinct)}
    full[(slice(None), *(index[v] for v in kept))] = result
    return full


@lru_cache(maxsize=16)
def partitions(n: int) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """All ways to part 0 … n−1 into blocks, each in order of its first member."""
    if n == 0:
        return ((),)
    found: list[tuple[tuple[int, ...], ...]] = []
    for blocks in partitions(n - 1):
        found.extend((*blocks[:i], (*block, n - 1), *blocks[i + 1 :]) for i, block in enumerate(blocks))
        found.append((*blocks, (n - 1,)))
    return tuple(found)
