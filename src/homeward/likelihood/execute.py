"""Carrying a plan out on arrays: every factor has a leading axis of loci, and all loci run together."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.planner import Plan, Scope, Step, plan_elimination

__all__ = ["Memo", "carry_out", "cut", "eliminate", "take", "widest_variable"]

Floats = NDArray[np.float64]
Name = tuple[object, ...]
Memo = dict[Name, NDArray[np.float64]]
"""Results already computed in a sibling network, by what they were computed from."""

REMEMBERED = 1 << 20
"""Numbers an array may hold to be worth remembering."""

LARGEST = 1 << 24
"""Most numbers one intermediate array may hold (128 MB); beyond it a variable is fixed value by value."""


def eliminate(
    factors: Sequence[Floats],
    scopes: tuple[Scope, ...],
    dims: tuple[int, ...],
    keep: Scope,
    *,
    memo: Memo | None = None,
    names: Sequence[Name] = (),
    quick: bool = False,
) -> Floats:
    """Sum every variable but ``keep`` out of the product of the factors.

    ``factors[i]`` has shape (loci, *dims of scopes[i]), or 1 in place of loci where all loci share it. Returns
    shape (loci, *dims of keep). With ``memo``,
    joins already made of equally named factors are taken from there; ``quick`` as in `plan_elimination`.
    """
    loci = max(f.shape[0] for f in factors)
    plan = plan_elimination(scopes, dims, keep, quick=quick)
    if plan.largest > LARGEST:
        return _fixing(plan, factors, scopes, dims, keep)
    chunk = max(1, int(LARGEST // max(plan.largest, 1.0)))
    if chunk >= loci:
        return _run(plan, factors, dims, keep, memo, names)
    parts = [_run(plan, [_rows(f, i, i + chunk) for f in factors], dims, keep, None, ()) for i in range(0, loci, chunk)]
    return np.concatenate(parts)


def _rows(factor: Floats, start: int, stop: int) -> Floats:
    return factor if len(factor) == 1 else factor[start:stop]


def carry_out(
    plan: Plan,
    slots: dict[int, Floats],
    dims: tuple[int, ...],
    memo: Memo | None = None,
    names: Sequence[Name] = (),
) -> None:
    """Do the steps of a plan in place: used slots leave ``slots``, new ones join it."""
    named = dict(enumerate(names))
    new = len(slots)
    for step in plan.steps:
        if memo is None:
            slots[new] = take(step, slots, dims)
        else:
            named[new] = (named.get(step.a), named.get(step.b) if step.b is not None else None, step.out_of)
            slots[new] = _remembered(step, slots, dims, memo, named[new])
        new += 1


def _remembered(step: Step, slots: dict[int, Floats], dims: tuple[int, ...], memo: Memo, name: Name) -> Floats:
    found = memo.get(name)
    if found is not None:
        for slot in (step.a, step.b):
            if slot is not None:
                del slots[slot]
        return found
    made = take(step, slots, dims)
    if made.size <= REMEMBERED:
        memo[name] = made
    return made


def _fixing(
    plan: Plan, factors: Sequence[Floats], scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope
) -> Floats:
    """Take one variable of the largest array value by value and add up: less memory, more time."""
    v = widest_variable(plan, scopes, dims, keep)
    narrowed = tuple(1 if w == v else d for w, d in enumerate(dims))
    total: Floats | None = None
    for value in range(dims[v]):
        narrower = [cut(f, s, v, value) for f, s in zip(factors, scopes, strict=True)]
        part = eliminate(narrower, scopes, narrowed, keep)
        total = part if total is None else total + part
    assert total is not None  # a variable has at least one value
    return total


def widest_variable(plan: Plan, scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope) -> int:
    """The variable that, taken value by value, makes the largest array smallest."""
    widest = max((s.scope for s in plan.steps), key=lambda s: prod(dims[v] for v in s))
    free = [v for v in widest if v not in keep and dims[v] > 1]
    candidates = []
    for v in free:
        narrowed = tuple(1 if w == v else d for w, d in enumerate(dims))
        trial = plan_elimination(scopes, narrowed, keep)
        candidates.append((trial.largest, trial.cost, v))
    if not candidates:
        raise MemoryError(f"an array of {plan.largest:.0f} numbers is asked for by the result itself")
    return min(candidates)[2]


def cut(factor: Floats, scope: Scope, v: int, value: int) -> Floats:
    """The factor at one value of a variable, which keeps its axis with length one."""
    if v not in scope:
        return factor
    return np.take(factor, [value], axis=scope.index(v) + 1)


def _run(
    plan: Plan,
    factors: Sequence[Floats],
    dims: tuple[int, ...],
    keep: Scope,
    memo: Memo | None,
    names: Sequence[Name],
) -> Floats:
    slots: dict[int, Floats] = dict(enumerate(factors))
    carry_out(plan, slots, dims, memo, names)
    loci = max(f.shape[0] for f in factors)
    result = np.ones((loci,) + (1,) * len(keep))
    for slot, scope in plan.remaining:
        order = sorted(range(len(scope)), key=lambda i: keep.index(scope[i]))
        array = slots[slot].transpose(0, *(i + 1 for i in order))
        shape = (len(array), *(dims[v] if v in scope else 1 for v in keep))
        result = result * array.reshape(shape)
    return np.broadcast_to(result, (loci, *(dims[v] for v in keep))) if keep else result


def take(step: Step, slots: dict[int, Floats], dims: tuple[int, ...]) -> Floats:
    """Do one step: its slots leave ``slots``, and what they make is returned."""
    a = slots.pop(step.a)
    if step.b is None:
        axes = tuple(i for i in range(1, a.ndim) if i not in step.axes_a[: len(step.left)])
        return np.asarray(a.sum(axis=axes))
    b = slots.pop(step.b)
    shared, left, right, gone = (
        prod(dims[v] for v in part) for part in (step.together, step.left, step.right, step.out_of)
    )
    x = a.transpose(0, *step.axes_a).reshape(len(a), shared, left, gone)
    y = b.transpose(0, *step.axes_b).reshape(len(b), shared, gone, right)
    z = x * y if gone == 1 else x @ y
    return z.reshape(len(z), *(dims[v] for v in step.scope))
