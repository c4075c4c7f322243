"""Urns summed over partitions: which founder alleles are copies of which.

An allele drawn from an urn is drawn anew or a copy of an earlier one. A partition of the founder alleles into
copies, of block sizes b₁, b₂, …, weighs Π θ^{b−1} (b−1)!: the likelihood is a sum of ordinary networks over
partitions, in each of which copies are one variable.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import factorial, prod

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.planner import Scope
from homeward.likelihood.structure import Drawn, Setting, Summed, System

__all__ = ["by_partitions", "partitions"]

Floats = NDArray[np.float64]


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
