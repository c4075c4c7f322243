"""In which order to sum the variables of a network out.

A network is a product of factors, each over a few variables; summing a variable out joins the factors that
hold it. Finding the cheapest order is NP-hard, so a few greedy rules run and the cheapest plan wins. The
same search mixes alleles and meiosis selectors freely: they are all variables.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import inf, prod

__all__ = ["Plan", "Step", "plan_elimination"]

Scope = tuple[int, ...]

_EASY = 2e7
"""A plan this cheap (multiplications a locus) is not worth a longer search."""
_RESTARTS = 12
_STEP = 500.0
"""What the bookkeeping of one step costs, in multiplications a locus."""
_ENDLESS = 1e290
"""Sizes whose sums may be beyond a double."""
_ROUNDED = (1, 2, 4, 8, 24, 64, 128)


@dataclass(frozen=True, slots=True)
class Step:
    """Join slot ``a`` (with slot ``b``, if any) and sum ``out_of`` away; the result takes a new slot.

    ``together`` are variables of both that stay, ``left`` and ``right`` those of one only. The result's
    axes are ``together``, ``left``, ``right``.
    """

    a: int
    b: int | None
    out_of: Scope
    together: Scope
    left: Scope
    right: Scope
    axes_a: tuple[int, ...]
    axes_b: tuple[int, ...]

    @property
    def scope(self) -> Scope:
        return self.together + self.left + self.right


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """Steps in order, the slots left at the end, the cost in multiplications, the largest array."""

    steps: tuple[Step, ...]
    remaining: tuple[tuple[int, Scope], ...]
    cost: float
    largest: float

    def work(self, dims: tuple[int, ...]) -> float:
        """Multiplications a locus at these very dimensions, counting a fixed price for each step."""
        variables = (s.together + s.left + s.right + s.out_of for s in self.steps)
        return _STEP * len(self.steps) + sum(_size(dims, vs) for vs in variables)


def _size(dims: Sequence[int], variables: Iterable[int]) -> float:
    """Numbers in an array over the variables; infinity beyond a double, which an integer would not survive."""
    return prod((float(dims[v]) for v in variables), start=1.0)


Score = Callable[[float, float, float, random.Random], tuple[float, float]]

_RULES: tuple[Score, ...] = (
    lambda cost, size, gone, rng: (size, cost),
    lambda cost, size, gone, rng: (cost, size),
    lambda cost, size, gone, rng: (size - gone if cost < _ENDLESS else inf, cost),
)


def _noisy(cost: float, size: float, gone: float, rng: random.Random) -> tuple[float, float]:
    return (size * rng.uniform(0.2, 1.0), cost)


def plan_elimination(
    scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope = (), *, quick: bool = False
) -> Plan:
    """A cheap order to sum out every variable but ``keep``.

    ``scopes``: the variables of each factor, as positions in ``dims``. Deterministic. Loci of similar size
    share a plan: dimensions count as the next of a few widths, so cost and size are upper bounds. ``quick``: one
    rule only, for small networks that are many.
    """
    rounded = tuple(next((w for w in _ROUNDED if w >= d), d) for d in dims)
    return _plan(scopes, rounded, keep, quick)


@lru_cache(maxsize=16384)
def _plan(scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope, quick: bool) -> Plan:
    if quick:
        return _Search(scopes, dims, keep, _RULES[0], random.Random(0)).run()
    plans = [_Search(scopes, dims, keep, rule, random.Random(0)).run() for rule in _RULES]
    best = min(plans, key=lambda p: (p.cost, p.largest))
    if best.cost > _EASY:
        noisy = [_Search(scopes, dims, keep, _noisy, random.Random(seed)).run() for seed in range(_RESTARTS)]
        best = min([best, *noisy], key=lambda p: (p.cost, p.largest))
    return best


class _Search:
    """One greedy run; holds the factors still alive."""

    def __init__(
        self, scopes: Sequence[Scope], dims: Sequence[int], keep: Scope, score: Score, rng: random.Random
    ) -> None:
        self.dims = dims
        self.keep = frozenset(keep)
        self.score = score
        self.rng = rng
        self.alive: dict[int, Scope] = dict(enumerate(scopes))
        self.holders: dict[int, set[int]] = {}
        for slot, scope in self.alive.items():
            for v in scope:
                self.holders.setdefault(v, set()).add(slot)
        self.steps: list[Step] = []
        self.next_slot = len(scopes)
        self.cost = 0.0
        self.largest = max((self._size(s) for s in scopes), default=1.0)
        self.ranks: dict[int, tuple[float, float]] = {}

    def run(self) -> Plan:
        self._rank(sorted(self.holders))
        while self.ranks:
            v = min(self.ranks, key=lambda w: (self.ranks[w], w))
            near = set().union(*(self.alive[s] for s in self.holders[v]))
            self._sum_out(v)
            self._rank(sorted(near))
        return Plan(tuple(self.steps), tuple(self.alive.items()), self.cost, self.largest)

    def _size(self, variables: Sequence[int] | frozenset[int] | set[int]) -> float:
        return _size(self.dims, variables)

    def _rank(self, variables: Sequence[int]) -> None:
        """Score anew what the last step touched; variables already gone lose their rank."""
        for v in variables:
            slots = self.holders[v]
            if v in self.keep or not slots:
                self.ranks.pop(v, None)
                continue
            cost = self._size(set().union(*(self.alive[s] for s in slots)))
            gone = sum(self._size(self.alive[s]) for s in slots)
            self.ranks[v] = self.score(cost, cost / self.dims[v], gone, self.rng)

    def _private(self, v: int, slots: set[int]) -> bool:
        return v not in self.keep and self.holders[v] <= slots

    def _sum_out(self, v: int) -> None:
        slots = sorted(self.holders[v], key=lambda s: (self._size(self.alive[s]), s))
        while len(slots) > 1:
            a = slots.pop(0)
            # the partner that adds the fewest variables keeps products small
            b = min(slots, key=lambda s: (self._size(set(self.alive[s]) | set(self.alive[a])), s))
            slots.remove(b)
            slots.append(self._join(a, b))
            slots.sort(key=lambda s: (self._size(self.alive[s]), s))
        if slots[0] in self.alive and v in self.alive[slots[0]]:
            self._join(slots[0], None)

    def _join(self, a: int, b: int | None) -> int:
        both = {a} if b is None else {a, b}
        sa = self.alive[a]
        sb: Scope = () if b is None else self.alive[b]
        gone = tuple(v for v in dict.fromkeys(sa + sb) if self._private(v, both))
        shared_gone = tuple(v for v in gone if v in sa and v in sb) if b is not None else gone
        if b is not None and len(shared_gone) < len(gone):
            # a variable of one factor alone is summed out there before the product
            for slot in (a, b):
                if any(v in gone and v not in shared_gone for v in self.alive[slot]):
                    new = self._join(slot, None)
                    a, b = (new, b) if slot == a else (a, new)
            return self._join(a, b)
        together = tuple(v for v in sa if v in sb and v not in shared_gone)
        left = tuple(v for v in sa if v not in sb and v not in shared_gone)
        right = tuple(v for v in sb if v not in sa)
        step = Step(
            a,
            b,
            shared_gone,
            together,
            left,
            right,
            tuple(sa.index(v) + 1 for v in together + left + shared_gone),
            () if b is None else tuple(sb.index(v) + 1 for v in together + shared_gone + right),
        )
        self._replace(both, step)
        self.cost += self._size(set(sa) | set(sb))
        return self.next_slot - 1

    def _replace(self, gone: set[int], step: Step) -> None:
        for slot in gone:
            for v in self.alive.pop(slot):
                self.holders[v].discard(slot)
        self.alive[self.next_slot] = step.scope
        for v in step.scope:
            self.holders[v].add(self.next_slot)
        self.largest = max(self.largest, self._size(step.scope))
        self.steps.append(step)
        self.next_slot += 1
