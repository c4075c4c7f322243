"""The stepwise workflow of undisputed matches, for comparison with programs that work so; no conclusion rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.identify.screen import Column, Typed, screen

__all__ = ["Undisputed", "undisputed", "without_rival"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Undisputed:
    """A match without rival: natural log LR in the round, counted from 1, in which it was found."""

    sample: str
    missing: str
    ln_lr: float
    round: int


def undisputed(
    samples: Sequence[Typed],
    columns: Sequence[Column],
    model: Model,
    *,
    threshold: float = 10_000.0,
    strict: bool = False,
    allowed: Flags | None = None,
) -> list[Undisputed]:
    """Matches that `without_rival` finds, round by round: those found join the references before LRs are made again.

    ``allowed``: (samples, missing), False where sex forbids the pair; such a pair is no rival either. Each sample is
    one body. Where what joined the references cannot be right beside them, a family has no further match. Step by
    step after Vigeland & Egeland 2021, Sci Rep 11:13661.
    """
    open_samples, open_columns = list(range(len(samples))), list(range(len(columns)))
    now = list(columns)
    may = np.ones((len(samples), len(columns)), dtype=bool) if allowed is None else allowed
    found: list[Undisputed] = []
    for step in range(1, len(columns) + 1):
        rows, chosen = [samples[i] for i in open_samples], [now[j] for j in open_columns]
        if not rows or not chosen:
            break
        ln_lr = screen(rows, chosen, model, refuse=step == 1).ln_lr
        ln_lr = np.where(may[np.ix_(open_samples, open_columns)], ln_lr, -np.inf)
        clear = without_rival(ln_lr, threshold=threshold, strict=strict)
        new = [(i, j) for i, j in np.argwhere(clear).tolist()]
        if not new:
            break
        found += [Undisputed(rows[i].id, chosen[j].id, float(ln_lr[i, j]), step) for i, j in new]
        for i, j in new:
            now = [_joined(c, chosen[j], rows[i], model) for c in now]
        open_samples = [x for k, x in enumerate(open_samples) if k not in {i for i, _ in new}]
        open_columns = [x for k, x in enumerate(open_columns) if k not in {j for _, j in new}]
    return found


def without_rival(ln_lr: Floats, *, threshold: float, strict: bool = False) -> Flags:
    """Where the LR reaches the threshold T and no other LR of the same sample or missing person rivals it.

    A rival is an LR above 1/T of it, or under ``strict`` any above 1. ``ln_lr``: (samples, missing), natural log.
    """
    ln_t = log(threshold)
    best = np.full(ln_lr.shape, -np.inf)
    for axis in (0, 1):
        if ln_lr.shape[axis] < 2:
            continue
        top = np.sort(ln_lr, axis=axis)
        first, second = np.take(top, [-1], axis=axis), np.take(top, [-2], axis=axis)
        best = np.maximum(best, np.where(ln_lr == first, second, first))
    limit = np.zeros(ln_lr.shape) if strict else ln_lr - ln_t
    with np.errstate(invalid="ignore"):
        return np.asarray((ln_lr >= ln_t) & (best <= limit))


def _joined(column: Column, of: Column, sample: Typed, model: Model) -> Column:
    """A missing person of the same family once a sample is taken for one of them."""
    if of.person not in column.pedigree or of.pedigree != column.pedigree:
        return column
    evidence = {marker: dict(seen) for marker, seen in column.evidence.items()}
    for locus in model.loci:
        ploidy = of.ploidy(locus)
        e = None if ploidy is None else sample.evidence.get(locus.name, {}).get(ploidy)
        if e is not None:
            seen = evidence.setdefault(locus.name, {})
            seen[of.person] = e.times(seen[of.person]) if of.person in seen else e
    return replace(column, evidence=evidence)
