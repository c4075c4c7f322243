"""Urns summed over descents: once it is fixed which allele every meiosis passed on, each allele has one forebear.

A network is then a forest with a founder allele at each root, and its value for founder alleles x₁, x₂, … a product
Π f_i(x_i). Summed over draws from an urn this needs no network for every partition but sums over sets S of founder
alleles, v and θ as in `structure` and u_B(x) = v_x Π_{i∈B} f_i(x):

    Z(S) = Σ_{B∋min S} θ^{|B|−1} (|B|−1)! Z(S−B) Σ_x u_B(x),
    R(S)(x) = v_x Z(S) + Σ_{B⊆S} θ^{|B|} |B|! u_B(x) Z(S−B),

the weight of drawing S, and of drawing S and then an x. Two more draws x, y after S weigh likewise

    Σ_{B⊆S} θ^{|B|} |B|! u_B(x) R(S−B)(y) + [x = y] Σ_{B⊆S} θ^{|B|+1} (|B|+1)! u_B(x) Z(S−B).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.conditioning import Gate
from homeward.likelihood.execute import LARGEST
from homeward.likelihood.planner import Scope, plan_elimination
from homeward.likelihood.structure import Setting, System

__all__ = ["by_descents", "cheaper_descents", "descents"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Tree = tuple["Branch", ...]
"""What hangs on an allele: the product of its branches."""

_MOST_SELECTORS = 8
_MOST_DRAWS = 8
_MOST_WORK = 1e8
_LITTLE = 1e7
"""Multiplications a locus that are always few enough."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A factor, its selector fixed at ``opened``; with a second allele, what hangs on that."""

    factor: int
    opened: int | None
    below: Tree | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept allele: its forebear, the place among the kept, and the way down with what hangs beside it."""

    root: int
    place: int
    way: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Descent:
    """One setting of the selectors: factors over phases alone, what hangs on each founder allele, the kept ones.

    ``loose``: what hangs on alleles that come from called parents.
    """

    half: float
    alone: tuple[int, ...]
    loose: tuple[Tree, ...]
    roots: tuple[tuple[int, Tree], ...]
    kept: tuple[Kept, ...]

    @property
    def others(self) -> list[Tree]:
        """What hangs on founder alleles none of which is a forebear of a kept one."""
        forebears = {k.root for k in self.kept}
        return [tree for v, tree in self.roots if v not in forebears and tree]


def descents(system: System, setting: Setting) -> tuple[Descent, ...] | None:
    """One for each setting of the selectors, or None where this is no way to sum."""
    urns = [u for u in setting.urns if u.draws]
    single = all(len(item) == 1 for u in urns for item in u.items)
    if system.rescaled or setting.folded or len(urns) != 1 or not single:
        return None
    return _descents(system.scopes, system.keep, tuple(v for (v,) in urns[0].items), system.selectors, system.binary)


@lru_cache(maxsize=4096)
def _descents(
    scopes: tuple[Scope, ...], keep: Scope, founders: Scope, selectors: tuple[Gate, ...], binary: frozenset[int]
) -> tuple[Descent, ...] | None:
    if len(selectors) > _MOST_SELECTORS or len(keep) > 2:
        return None
    found = []
    for choice in product((0, 1), repeat=len(selectors)):
        opened: dict[int, int | None] = {}
        for g, s in zip(selectors, choice, strict=True):
            opened[g.second if s else g.first] = s
        closed = {g.first if s else g.second for g, s in zip(selectors, choice, strict=True)}
        alleles = {k: tuple(v for v in scope if v not in binary) for k, scope in enumerate(scopes) if k not in closed}
        descent = _descent(alleles, opened, keep, founders, 0.5 ** len(selectors))
        if descent is None or len(descent.others) > _MOST_DRAWS:
            return None
        found.append(descent)
    return tuple(found)


def _descent(
    alleles: dict[int, Scope], opened: dict[int, int | None], keep: Scope, founders: Scope, half: float
) -> Descent | None:
    """Where the network is a forest with a founder allele at every root, and at most one kept allele in a tree."""
    above: dict[int, tuple[int, int]] = {}
    for k, scope in alleles.items():
        if len(scope) > 2 or (len(scope) == 2 and (scope[1] in above or scope[1] in founders)):
            return None
        if len(scope) == 2:
            above[scope[1]] = (k, scope[0])
    everything = {v for scope in alleles.values() for v in scope} | set(keep)
    ways: dict[int, Scope] = {}
    for v in keep:
        path = [v]
        while path[-1] in above:
            path.append(above[path[-1]][1])
        ways[v] = tuple(reversed(path))
    on_way = {v for way in ways.values() for v in way}
    if len(on_way) < sum(len(way) for way in ways.values()) or not {way[0] for way in ways.values()} <= set(founders):
        return None

    def tree(v: int) -> Tree:
        return tuple(
            Branch(k, opened.get(k), tree(scope[1]) if len(scope) == 2 else None)
            for k, scope in alleles.items()
            if scope and scope[0] == v and not (len(scope) == 2 and scope[1] in on_way)
        )

    kept = tuple(
        Kept(way[0], place, tuple(Branch(above[w][0], opened.get(above[w][0]), tree(w)) for w in way[1:]))
        for place, way in enumerate(ways[v] for v in keep)
    )
    alone = tuple(k for k, scope in alleles.items() if not scope)
    loose = tuple(tree(v) for v in sorted(everything) if v not in above and v not in founders)
    return Descent(half, alone, loose, tuple((v, tree(v)) for v in founders), kept)


def cheaper_descents(system: System, setting: Setting, partitions: float) -> tuple[Descent, ...] | None:
    """The descents if they take less than networks of so many partitions."""
    found = descents(system, setting)
    if found is None:
        return None
    scopes = (*system.scopes, *(item for urn in setting.urns for item in urn.items))
    other = partitions * plan_elimination(scopes, system.dims, system.keep).work(system.dims)
    return found if _work(found, system) <= min(max(other, _LITTLE), _MOST_WORK) else None


def _work(found: Sequence[Descent], system: System) -> float:
    """Multiplications a locus, as `Plan.work` counts them."""
    n = max(x.shape[1] for x in system.p.values())
    phases = 2 ** len(_phases(system))
    total = 0.0
    for d in found:
        sets = 2 ** len(d.others)
        total += phases * sets * (3 * n + len(d.kept) * n * (n + sets)) + sum(n**3 for k in d.kept for _ in k.way)
    return total


def _phases(system: System) -> list[int]:
    """The binary variables that are no selectors."""
    chosen = {system.scopes[g.first][0] for g in system.selectors}
    return sorted({v for scope in system.scopes for v in scope if v in system.binary} - chosen)


def by_descents(system: System, setting: Setting, found: Sequence[Descent]) -> Floats:
    """One setting summed over all descents: (loci, *dims of keep)."""
    (urn,) = (u for u in setting.urns if u.draws)
    n = urn.fresh.shape[1]
    most = max(len(d.others) for d in found)
    largest = 2 ** len(_phases(system)) * 2**most * max(n, 2**most) * 4
    each = max(1, LARGEST // largest)
    parts = []
    for start in range(0, system.loci, each):
        at = np.arange(start, min(start + each, system.loci))
        fresh = urn.fresh if len(urn.fresh) == 1 else urn.fresh[at]
        sums = _Sums(system.rows(at), fresh)
        scale = urn.per_draw(system.urn.theta)
        mass = fresh.sum(axis=1)
        total: Floats | float = 0.0
        for d in found:
            drawn = len(d.others) + len(d.kept)
            # alleles of which nothing tells add up, to one where frequencies do
            rest = np.prod([mass + k * system.urn.theta for k in range(drawn, urn.draws)], axis=0) / scale
            value = sums.of(d)
            total = total + value * np.reshape(d.half * rest, (-1, *(1,) * (value.ndim - 1)))
        total = np.asarray(total)
        parts.append(np.broadcast_to(total, (len(at), *total.shape[1:])))
    return np.concatenate(parts)


class _Sums:
    """The sums of some loci; arrays are (loci, phases, …), where one stands for any number of loci or phases."""

    def __init__(self, system: System, fresh: Floats) -> None:
        self.system = system
        self.fresh = fresh
        self.phases = _phases(system)
        self.trees: dict[Tree, Floats] = {}

    def of(self, descent: Descent) -> Floats:
        """One descent: (loci, *dims of keep)."""
        theta = self.system.urn.theta
        hanging = dict(descent.roots)
        functions = [self._tree(tree) for tree in descent.others]
        weight = np.ones((1, 1))
        for k in descent.alone:
            weight = weight * self._aligned(k, None, 0)
        for loose in descent.loose:
            weight = weight * self._tree(loose).sum(axis=2)
        loci = max(len(x) for x in (self.fresh, weight, *functions))
        phases = 2 ** len(self.phases)
        m = len(functions)
        u = np.empty((loci, phases, 2**m, self.fresh.shape[1]))
        u[:, :, 0] = self.fresh[:, None]
        for i, f in enumerate(functions):
            np.multiply(u[:, :, : 1 << i], f[:, :, None], out=u[:, :, 1 << i : 2 << i])
        z = _drawn(u.sum(axis=3), theta) * weight[:, :, None]
        sizes, rest, both = _subsets(m)
        kept = descent.kept
        if not kept:
            return np.asarray(z[:, :, -1].sum(axis=1))
        one = np.array([theta**k * factorial(k) for k in range(m + 1)])[sizes]
        beside = [self._tree(hanging[k.root]) if hanging[k.root] else None for k in kept]
        ways = [self._way(k.way) for k in kept]
        if len(kept) == 1:
            held = np.matmul((z[:, :, rest] * one)[:, :, None], u)[:, :, 0]
            held = held if beside[0] is None else held * beside[0]
            return _along(held[:, :, None], [None, ways[0]])[:, 0]
        more = np.array([theta ** (k + 1) * factorial(k + 1) for k in range(m + 1)])[sizes]
        same = np.matmul((z[:, :, rest] * more)[:, :, None], u)[:, :, 0]
        pairs = np.concatenate([z, np.zeros((loci, phases, 1))], axis=2)[:, :, both] * (one[:, None] * one)
        second = np.matmul(pairs, u)
        for k, hung in enumerate(beside):
            if hung is not None:
                same = same * hung
                if k:
                    second = second * hung[:, :, None]
                else:
                    u = u * hung[:, :, None]
        return _along(_crossed(u, second, same, [w is None or w.shape[1] == 1 for w in ways]), ways)

    def _tree(self, tree: Tree) -> Floats:
        """f(x) of what hangs on an allele: (loci, phases, n)."""
        if tree not in self.trees:
            found = self._branch(tree[0])
            for branch in tree[1:]:
                found = found * self._branch(branch)
            self.trees[tree] = found
        return self.trees[tree]

    def _branch(self, branch: Branch) -> Floats:
        if branch.below is None:
            return self._aligned(branch.factor, branch.opened, 1)
        matrix = self._aligned(branch.factor, branch.opened, 2)
        if not branch.below:
            return np.asarray(matrix.sum(axis=-1))
        below = self._tree(branch.below)
        if matrix.shape[1] == 1:
            return np.asarray(below @ matrix[:, 0].transpose(0, 2, 1))
        return np.asarray((matrix @ below[..., None])[..., 0])

    def _way(self, way: tuple[Branch, ...]) -> Floats | None:
        """P(kept allele | its forebear), with what hangs on the way: (loci, phases, n, n); None for the same allele."""
        found: Floats | None = None
        for branch in way:
            matrix: Floats = self._aligned(branch.factor, branch.opened, 2)
            if branch.below:
                matrix = matrix * self._tree(branch.below)[:, :, None]
            found = matrix if found is None else found @ matrix
        return found

    def _aligned(self, factor: int, opened: int | None, alleles: int) -> Floats:
        """A factor as (loci, phases, *alleles)."""
        array, scope = self.system.factors[factor], self.system.scopes[factor]
        if opened is not None:
            # a gate's selector is its first variable; the half it may carry is in the descent
            array = array[:, opened] if opened else array[:, opened] * 2
            scope = scope[1:]
        held = [i for i, v in enumerate(scope) if v not in self.system.binary]
        assert len(held) == alleles
        mine = [scope.index(v) for v in self.phases if v in scope]
        array = array.transpose(0, *(i + 1 for i in mine), *(i + 1 for i in held))
        sizes = array.shape[1 + len(mine) :]
        if not mine:
            return array[:, None]
        array = array.reshape(len(array), *(2 if v in scope else 1 for v in self.phases), *sizes)
        full = np.broadcast_to(array, (len(array), *(2,) * len(self.phases), *sizes))
        return full.reshape(len(array), -1, *sizes)


def _drawn(sums: Floats, theta: float) -> Floats:
    """Z of every set from Σ_x u_B(x) of every set: (loci, phases, sets)."""
    z = np.ones(sums.shape)
    sizes = _subsets(sums.shape[2].bit_length() - 1)[0]
    terms = sums * np.array([theta ** (k - 1) * factorial(k - 1) if k else 0.0 for k in range(sizes.max() + 1)])[sizes]
    for s in range(1, sums.shape[2]):
        blocks = [b for b in range(1, s + 1) if b & ~s == 0 and b & s & -s]
        z[:, :, s] = np.einsum("abc,abc->ab", terms[:, :, blocks], z[:, :, [s - b for b in blocks]])
    return z


@lru_cache(maxsize=16)
def _subsets(m: int) -> tuple[Ints, Ints, Ints]:
    """Size of each set, what is left without it, what is left without two (−1, beyond the last, where they meet)."""
    sets = np.arange(2**m)
    sizes = np.array([int(s).bit_count() for s in sets])
    rest = sets[::-1].copy()
    both = np.where(sets[:, None] & sets, -1, 2**m - 1 - (sets[:, None] | sets))
    return sizes, rest, both


def _crossed(first: Floats, second: Floats, same: Floats, plain: Sequence[bool]) -> Floats:
    """Σ over sets of first(x) second(y), and ``same`` where x = y: (loci, phases, n, n), phases summed if ``plain``."""
    n = first.shape[-1]
    if all(plain):
        first, second = (x.reshape(len(x), 1, -1, n) for x in (first, second))
        same = same.sum(axis=1, keepdims=True)
    loci = max(len(first), len(second), len(same))
    found = np.broadcast_to(first.swapaxes(2, 3) @ second, (loci, first.shape[1], n, n)).copy()
    found[:, :, np.arange(n), np.arange(n)] += same
    return found


def _along(table: Floats, ways: Sequence[Floats | None]) -> Floats:
    """From the forebears to the kept alleles, and all phases together: (loci, n or 1, n)."""
    first, second = ways
    if all(w is None or w.shape[1] == 1 for w in ways):
        table = table.sum(axis=1, keepdims=True)
    if first is not None:
        table = first.swapaxes(2, 3) @ table
    if second is not None:
        table = table @ second
    return np.asarray(table.sum(axis=1))
