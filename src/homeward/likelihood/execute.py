"""Carrying a plan out on arrays: every factor has a leading axis of loci, and all loci run together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.planner import Plan, Scope, Step, plan_elimination

__all__ = ["Move", "carry_out", "cut", "eliminate", "in_chunks", "left_over", "move_of", "moves_of", "widest_variable"]

Floats = NDArray[np.float64]

LARGEST = 1 << 24
"""Most numbers one intermediate array may hold (128 MB); beyond it a variable is fixed value by value."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step with its shapes worked out: transpose and reshape the two arrays, multiply, reshape.

    Shapes leave out the leading axis of loci. ``summed``: the axes a step on one array alone adds up.
    """

    axes_a: tuple[int, ...]
    shape_a: tuple[int, ...]
    axes_b: tuple[int, ...]
    shape_b: tuple[int, ...]
    elementwise: bool
    shape: tuple[int, ...]
    summed: tuple[int, ...]

    def join(self, a: Floats, b: Floats | None) -> Floats:
        """What the step makes of its arrays."""
        if b is None:
            return np.asarray(a.sum(axis=self.summed))
        x = a.transpose(self.axes_a).reshape(len(a), *self.shape_a)
        y = b.transpose(self.axes_b).reshape(len(b), *self.shape_b)
        z = x * y if self.elementwise else x @ y
        return z.reshape(len(z), *self.shape)


def move_of(step: Step, dims: tuple[int, ...]) -> Move:
    """A step at these dimensions."""
    shared, left, right, gone = (
        prod(dims[v] for v in part) for part in (step.together, step.left, step.right, step.out_of)
    )
    return Move(
        (0, *step.axes_a),
        (shared, left, gone),
        (0, *step.axes_b),
        (shared, gone, right),
        gone == 1,
        tuple(dims[v] for v in step.scope),
        step.axes_a[len(step.left) :] if step.b is None else (),
    )


@lru_cache(maxsize=16384)
def moves_of(plan: Plan, dims: tuple[int, ...]) -> tuple[Move, ...]:
    """All steps of a plan at these dimensions."""
    return tuple(move_of(step, dims) for step in plan.steps)


def eliminate(factors: Sequence[Floats], scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope) -> Floats:
    """Sum every variable but ``keep`` out of the product of the factors.

    ``factors[i]`` has shape (loci, *dims of scopes[i]), or 1 in place of loci where all loci share it. Returns
    shape (loci, *dims of keep).
    """
    loci = max(f.shape[0] for f in factors)
    plan = plan_elimination(scopes, dims, keep)
    if plan.largest > LARGEST:
        return _fixing(plan, factors, scopes, dims, keep)
    chunk = max(1, int(LARGEST // max(plan.largest, 1.0)))
    if chunk >= loci:
        return _run(plan, factors, dims, keep)
    return np.concatenate([_run(plan, rows, dims, keep) for rows in in_chunks(factors, loci, chunk)])


def in_chunks(factors: Sequence[Floats], loci: int, chunk: int) -> list[list[Floats]]:
    """The factors of some loci at a time; what all loci share goes with each."""
    return [[f if len(f) == 1 else f[i : i + chunk] for f in factors] for i in range(0, loci, chunk)]


def carry_out(plan: Plan, slots: dict[int, Floats], dims: tuple[int, ...]) -> None:
    """Do the steps of a plan in place: used slots leave ``slots``, new ones join it."""
    for new, (step, move) in enumerate(zip(plan.steps, moves_of(plan, dims), strict=True), len(slots)):
        slots[new] = move.join(slots.pop(step.a), None if step.b is None else slots.pop(step.b))


def left_over(remaining: Sequence[tuple[Floats, Scope]], loci: int, dims: tuple[int, ...], keep: Scope) -> Floats:
    """The product of what no step joins, over ``keep``: shape (loci, *dims of keep) or broadcastable to it."""
    result = np.ones((loci,) + (1,) * len(keep))
    for array, scope in remaining:
        order = sorted(range(len(scope)), key=lambda i: keep.index(scope[i]))
        shape = (len(array), *(dims[v] if v in scope else 1 for v in keep))
        result = result * array.transpose(0, *(i + 1 for i in order)).reshape(shape)
    return result


def _run(plan: Plan, factors: Sequence[Floats], dims: tuple[int, ...], keep: Scope) -> Floats:
    slots: dict[int, Floats] = dict(enumerate(factors))
    carry_out(plan, slots, dims)
    loci = max(f.shape[0] for f in factors)
    result = left_over([(slots[slot], scope) for slot, scope in plan.remaining], loci, dims, keep)
    return np.broadcast_to(result, (loci, *(dims[v] for v in keep)))


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
