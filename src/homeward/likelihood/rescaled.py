"""The same elimination for likelihoods too small for a double: every array is kept at one, its size as a logarithm.

A few hundred typed people at one marker have a likelihood below 10⁻³⁰⁸, and so do its parts.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.execute import LARGEST, cut, left_over, moves_of, widest_variable
from homeward.likelihood.planner import Scope, plan_elimination

__all__ = ["LEAST", "eliminate_rescaled", "may_underflow"]

Floats = NDArray[np.float64]

LEAST = 1e-200
"""Sums at least this large lost nothing: what underflowed beside them is smaller by a factor of 10¹⁰⁰."""


def may_underflow(factors: Sequence[Floats]) -> bool:
    """Whether a possible way for the alleles to have run can have less probability than `LEAST`.

    The product of every factor's smallest positive number bounds it from below.
    """
    least = 0.0
    for factor in factors:
        positive = factor[factor > 0]
        least += log(float(positive.min())) if positive.size else 0.0
    return least < log(LEAST)


def eliminate_rescaled(
    factors: Sequence[Floats], scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope
) -> tuple[Floats, Floats]:
    """Like `eliminate`: an array (loci, *dims of keep), and ln of what multiplies it, (loci,)."""
    loci = max(len(f) for f in factors)
    factors = [np.broadcast_to(f, (loci, *f.shape[1:])) for f in factors]
    plan = plan_elimination(scopes, dims, keep)
    if loci > 1 and plan.largest * loci > LARGEST:
        each = [eliminate_rescaled([f[i : i + 1] for f in factors], scopes, dims, keep) for i in range(loci)]
        return np.concatenate([a for a, _ in each]), np.concatenate([ln for _, ln in each])
    if plan.largest > LARGEST:
        return _value_by_value(widest_variable(plan, scopes, dims, keep), factors, scopes, dims, keep)
    ln = np.zeros(loci)
    slots: dict[int, Floats] = {}
    for slot, factor in enumerate(factors):
        slots[slot] = _kept_at_one(factor, ln)
    for new, (step, move) in enumerate(zip(plan.steps, moves_of(plan, dims), strict=True), len(factors)):
        joined = move.join(slots.pop(step.a), None if step.b is None else slots.pop(step.b))
        slots[new] = _kept_at_one(joined, ln)
    result = np.ones((loci,) + (1,) * len(keep))
    for slot, scope in plan.remaining:
        result = _kept_at_one(result * left_over([(slots[slot], scope)], loci, dims, keep), ln)
    return np.broadcast_to(result, (loci, *(dims[v] for v in keep))), ln


def _kept_at_one(array: Floats, ln: Floats) -> Floats:
    """The array with each locus' largest number made one; ``ln`` takes up the rest."""
    top = array.reshape(len(array), -1).max(axis=1)
    top = np.where(top > 0, top, 1.0)
    ln += np.log(top)
    return np.asarray(array / top.reshape(-1, *(1,) * (array.ndim - 1)))


def _value_by_value(
    v: int, factors: Sequence[Floats], scopes: tuple[Scope, ...], dims: tuple[int, ...], keep: Scope
) -> tuple[Floats, Floats]:
    narrowed = tuple(1 if w == v else d for w, d in enumerate(dims))
    parts = []
    for value in range(dims[v]):
        narrower = [cut(f, s, v, value) for f, s in zip(factors, scopes, strict=True)]
        parts.append(eliminate_rescaled(narrower, scopes, narrowed, keep))
    # a part without any probability must not set the common scale
    sizes = [np.where(a.reshape(len(a), -1).max(axis=1) > 0, ln, -np.inf) for a, ln in parts]
    top = np.maximum.reduce(sizes)
    top = np.where(np.isneginf(top), 0.0, top)
    total = sum(a * np.exp(np.minimum(ln - top, 0.0)).reshape(-1, *(1,) * (a.ndim - 1)) for a, ln in parts)
    return np.asarray(total), top
