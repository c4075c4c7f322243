"""Founders of one population share ancestors: the Pólya urn of Balding & Nichols (1994), summed exactly.

The probability that the next allele drawn is a, after n_a of n drawn so far, is
(θ n_a + (1−θ) p_a) / (1 + (n−1) θ). With the alleles of called founders drawn first (c_a of them a), every
further allele is either drawn anew from v_a = θ c_a + (1−θ) p_a or a copy of an earlier one. Which alleles are
copies of which is a partition of the founder alleles, and one of block sizes b₁, b₂, … weighs Π θ^{b−1} (b−1)!:
the likelihood is a sum of ordinary networks over partitions, in each of which copies are one variable.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.likelihood.execute import eliminate
from homeward.likelihood.planner import Scope

__all__ = ["MOST_FOUNDER_ALLELES", "Founder", "Urn", "urn_sum"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MOST_FOUNDER_ALLELES = 9
"""Untyped founder alleles that are summed exactly: 21,147 partitions."""


@dataclass(frozen=True, slots=True)
class Founder:
    """One founder in the urn: his variables if untyped, his node if called, his ploidy and inbreeding."""

    node: int
    variables: Scope
    called: bool
    ploidy: int
    inbreeding: float


@dataclass(frozen=True, slots=True)
class Urn:
    """All founders of a comparison and θ; ``founders`` in the order of the nodes."""

    founders: tuple[Founder, ...]
    theta: float


def urn_sum(
    urn: Urn,
    p: Floats,
    genotype: dict[int, Ints],
    factors: Sequence[Floats],
    scopes: tuple[Scope, ...],
    dims: tuple[int, ...],
    keep: Scope,
) -> Floats:
    """Sum a network whose founder alleles come from an urn: shape (loci, *dims of keep).

    ``factors``: everything but the founders' priors. ``p``: (loci, n); ``genotype``: calls of called founders.
    A founder with inbreeding f has two equal alleles from one draw with probability f. Raises `Refusal`
    (``theta-too-large``) beyond `MOST_FOUNDER_ALLELES` untyped founder alleles that matter.
    """
    used = {v for scope in scopes for v in scope} | set(keep)
    drawn = [tuple(v for v in f.variables if v in used) for f in urn.founders]
    alleles = sum(len(d) for d in drawn)
    if alleles > MOST_FOUNDER_ALLELES:
        raise Refusal([_too_large(alleles)])
    loci = max([len(p), *(len(f) for f in factors), *(len(g) for g in genotype.values())])
    total = np.zeros((loci, *(dims[v] for v in keep)))
    inbred = [i for i, f in enumerate(urn.founders) if f.inbreeding and (f.called or len(drawn[i]) == 2)]
    for shared in product((False, True), repeat=len(inbred)):
        one_draw = {i for i, s in zip(inbred, shared, strict=True) if s}
        chance = float(np.prod([_chance(urn.founders[i], s) for i, s in zip(inbred, shared, strict=True)]))
        fixed = _called_alleles(urn, one_draw, p, genotype, loci)
        items = [d if i in one_draw else (v,) for i, d in enumerate(drawn) for v in (d[:1] if i in one_draw else d)]
        total += chance * _partitioned(urn.theta, fixed, items, p, factors, scopes, dims, keep)
    return total


def _chance(founder: Founder, one_draw: bool) -> float:
    return founder.inbreeding if one_draw else 1.0 - founder.inbreeding


def _too_large(alleles: int) -> Fault:
    return Fault(
        "theta-too-large",
        f"{alleles} founder alleles of one comparison are untyped; theta is summed exactly up to"
        f" {MOST_FOUNDER_ALLELES}",
        "set model.theta = 0, or leave out ancestors who only join distant relatives",
    )


@dataclass(frozen=True, slots=True)
class _Called:
    """The alleles of called founders: how often each was drawn (loci, n), how many, and their probability (loci,)."""

    counts: Floats
    drawn: int
    probability: Floats


def _called_alleles(urn: Urn, one_draw: set[int], p: Floats, genotype: dict[int, Ints], loci: int) -> _Called:
    rows = np.arange(loci)
    p = np.broadcast_to(p, (loci, p.shape[1]))
    counts = np.zeros(p.shape)
    probability = np.ones(loci)
    drawn = 0
    for i, founder in enumerate(urn.founders):
        if not founder.called:
            continue
        a, b = np.broadcast_to(genotype[founder.node], (loci, 2)).T
        pair = founder.ploidy == 2 and i not in one_draw
        if i in one_draw:
            probability = probability * (a == b)
        for allele in (a, b) if pair else (a,):
            scale = 1.0 + (drawn - 1) * urn.theta
            probability = probability * (urn.theta * counts[rows, allele] + (1 - urn.theta) * p[rows, allele]) / scale
            counts[rows, allele] += 1
            drawn += 1
        if pair:
            probability = probability * np.where(a == b, 1.0, 2.0)
    return _Called(counts, drawn, probability)


def _partitioned(
    theta: float,
    called: _Called,
    items: Sequence[Scope],
    p: Floats,
    factors: Sequence[Floats],
    scopes: tuple[Scope, ...],
    dims: tuple[int, ...],
    keep: Scope,
) -> Floats:
    """The sum over partitions of ``items``, each a founder allele or two that are one draw."""
    fresh = theta * called.counts + (1 - theta) * p
    scale = called.probability.copy()
    for k in range(len(items)):
        scale /= 1.0 + (called.drawn + k - 1) * theta
    total: Floats | float = 0.0
    for blocks in partitions(len(items)):
        weight = 1.0
        same: dict[int, int] = {}
        roots = []
        for block in blocks:
            weight *= theta ** (len(block) - 1) * factorial(len(block) - 1)
            variables = [v for k in block for v in items[k]]
            same.update(dict.fromkeys(variables, variables[0]))
            roots.append(variables[0])
        if weight:
            total = total + weight * _identified(same, roots, fresh, factors, scopes, dims, keep)
    return np.asarray(total * scale.reshape(-1, *(1,) * len(keep)))


def _identified(
    same: dict[int, int],
    roots: Sequence[int],
    fresh: Floats,
    factors: Sequence[Floats],
    scopes: tuple[Scope, ...],
    dims: tuple[int, ...],
    keep: Scope,
) -> Floats:
    """One partition's network: copies are one variable, drawn from ``fresh``."""
    arrays, narrowed = [], []
    for factor, scope in zip(factors, scopes, strict=True):
        renamed = tuple(same.get(v, v) for v in scope)
        distinct = tuple(dict.fromkeys(renamed))
        arrays.append(factor if len(distinct) == len(scope) else _diagonal(factor, renamed, distinct))
        narrowed.append(distinct)
    if not arrays and not roots:
        return np.ones(1)
    kept = tuple(same.get(v, v) for v in keep)
    distinct = tuple(dict.fromkeys(kept))
    result = eliminate([*arrays, *(fresh for _ in roots)], (*narrowed, *((r,) for r in roots)), dims, distinct)
    return result if len(distinct) == len(keep) else _spread(result, kept, distinct, dims)


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
