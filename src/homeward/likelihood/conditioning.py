"""Summing some meiosis selectors outermost, where that is cheaper than summing alleles.

Once it is fixed which grandparental allele each child of an untyped couple got, half of the transmission
factors are constant and the rest link only two alleles each: the couple's four alleles no longer meet in
one array of alleles⁴ numbers, but 2^selectors small networks are to be added up. The part of the network
that no such selector touches is computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.execute import Memo, carry_out, eliminate
from homeward.likelihood.planner import Plan, Scope, plan_elimination

__all__ = ["Gate", "add_up"]

Floats = NDArray[np.float64]

_CHEAP = 2e6
"""Below this many multiplications a locus nothing is gained by looking further."""
_MOST = 12
"""Most selectors summed outermost: 4,096 networks."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A selector and its two factors: ``first`` is constant where the selector is 1, ``second`` where it is 0."""

    selector: int
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Split:
    """A network cut in two: the plan of what no gate touches, and the gates to run through.

    ``scopes``: of the slots left after ``plan``, by slot.
    """

    plan: Plan
    gates: tuple[Gate, ...]
    scopes: tuple[tuple[int, Scope], ...]


def add_up(
    factors: Sequence[Floats], scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope, gates: tuple[Gate, ...]
) -> Floats:
    """Like `eliminate`, free to sum the selectors of ``gates`` outermost."""
    split = _cheaper_split(scopes, dims, keep, gates)
    if split is None:
        return eliminate(factors, scopes, dims, keep)
    slots: dict[int, Floats] = dict(enumerate(factors))
    carry_out(split.plan, slots, dims)
    memo: Memo = {}
    total: Floats | None = None
    for open_second in product((0, 1), repeat=len(split.gates)):
        kept, narrowed = _configured(split, open_second)
        arrays = [_opened(slots[slot], slot, split.gates, open_second) for slot, _ in kept]
        names = tuple((slot, _reading(slot, split.gates, open_second)) for slot, _ in kept)
        part = eliminate(arrays, narrowed, dims, keep, memo=memo, names=names, quick=True)
        part = part * 0.5 ** sum(open_second)
        total = part if total is None else total + part
    assert total is not None  # there is at least one configuration
    return total


@lru_cache(maxsize=1024)
def _cheaper_split(
    scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope, gates: tuple[Gate, ...]
) -> Split | None:
    """The split that saves work, or None where the plain order is as cheap."""
    plain = plan_elimination(scopes, dims, keep)
    most = plain.work(dims)
    if most < _CHEAP or not 0 < len(gates) <= _MOST:
        return None
    gated = {f for g in gates for f in (g.first, g.second)}
    guarded = {v for f in gated for v in scopes[f]} | set(keep)
    plan = plan_elimination(scopes, dims, tuple(sorted(guarded)))
    left = dict(plan.remaining)
    split = Split(plan, gates, tuple(left.items()))
    work = plan.work(dims)
    for open_second in product((0, 1), repeat=len(gates)):
        _, narrowed = _configured(split, open_second)
        work += plan_elimination(narrowed, dims, keep, quick=True).work(dims)
        if work >= most:
            return None
    return split


def _reading(slot: int, gates: tuple[Gate, ...], open_second: tuple[int, ...]) -> int | None:
    """Which value of its selector a gate's slot is read at; None for slots that are no gate's."""
    for gate, chosen in zip(gates, open_second, strict=True):
        if slot in (gate.first, gate.second):
            return chosen
    return None


def _configured(split: Split, open_second: tuple[int, ...]) -> tuple[list[tuple[int, Scope]], tuple[Scope, ...]]:
    """The slots that still say something once the selectors are fixed, and their scopes without selectors."""
    closed = {g.first if chosen else g.second for g, chosen in zip(split.gates, open_second, strict=True)}
    selectors = {g.selector for g in split.gates}
    kept = [(slot, scope) for slot, scope in split.scopes if slot not in closed]
    return kept, tuple(tuple(v for v in scope if v not in selectors) for _, scope in kept)


def _opened(array: Floats, slot: int, gates: tuple[Gate, ...], open_second: tuple[int, ...]) -> Floats:
    chosen = _reading(slot, gates, open_second)
    # a gate's selector is its first variable
    return array if chosen is None else array[:, chosen]
