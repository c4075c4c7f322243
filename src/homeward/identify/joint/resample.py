"""Fragments: every sample drawn anew from what it is of, given all others, which also gives its probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.problem import Held
from homeward.identify.joint.tables import LEAST, Body, Tables

__all__ = ["resample", "resample_together"]

Floats = NDArray[np.float64]


def resample(chain: Chain, probabilities: Floats | None = None, *, temper: float = 1.0) -> None:
    """One exact draw of every sample in turn; adds its probabilities by column, (samples, columns).

    Samples of no body yet find one. ``temper``: to what power probabilities are raised, below 1 for a rough start.
    """
    slots = _Slots(chain)
    for i in chain.rng.sample(range(slots.t.n), slots.t.n):
        slots.take_up(i)
        ln = np.maximum(slots.ln(i), LEAST)
        p = np.exp((ln - ln.max()) * np.where(ln > LEAST / 2, temper, 1.0))
        p /= p.sum()
        if probabilities is not None:
            probabilities[i] += np.bincount(slots.column, weights=p, minlength=slots.t.columns)
        slots.put(i, _drawn(p, chain.rng.random()))
    chain.steps += 40 * slots.t.n
    chain.put(*slots.state())


def resample_together(chain: Chain, moves: int) -> None:
    """Two or three samples taken up and put back one after the other, so that they cross a barrier together.

    Each is put back by its exact weights given all that are in place, so that the new state is to be accepted in the
    ratio of the sums of these weights over the steps, new to old.
    """
    t, rng = chain.tables, chain.rng
    slots = _Slots(chain)
    for _ in range(moves if t.n > 1 else 0):
        chosen = rng.sample(range(t.n), min(t.n, rng.choice((2, 2, 3))))
        old = [(slots.of[i], int(slots.column[slots.of[i]])) for i in chosen]
        _take_up(slots, chosen)
        ln_old = _put_back(slots, chosen, old)
        _take_up(slots, chosen)
        ln_new = 0.0
        for i in chosen:
            ln = slots.ln(i)
            ln_sum = float(np.logaddexp.reduce(ln))
            ln_new += ln_sum
            slots.put(i, _drawn(np.exp(ln - ln_sum), rng.random()))
        if rng.random() >= exp(min(0.0, ln_new - ln_old)):
            _take_up(slots, chosen)
            _put_back(slots, chosen, old)
    chain.steps += 250 * moves
    chain.put(*slots.state())


def _take_up(slots: _Slots, chosen: Sequence[int]) -> None:
    for i in chosen:
        slots.take_up(i)


def _put_back(slots: _Slots, chosen: Sequence[int], old: Sequence[tuple[int, int]]) -> float:
    """Into the bodies (slot, column) they were of, some no more there; ln of the product of the weights' sums."""
    renewed = {slot: column for slot, column in old if slot >= slots.t.names and not slots.members[slot]}
    again: dict[int, int] = {}
    total = 0.0
    for i, (slot, _) in zip(chosen, old, strict=True):
        total += float(np.logaddexp.reduce(slots.ln(i)))
        slots.put(i, again.get(slot, renewed.get(slot, slot)))
        again[slot] = slots.of[i]
    return total


def _drawn(p: Floats, u: float) -> int:
    found = min(int(np.cumsum(p).searchsorted(u * float(p.sum()), side="right")), len(p) - 1)
    while p[found] <= 0:
        found -= 1
    return found


class _Slots:
    """All that a sample can be of: names first, then new bodies outside, one a column, then the bodies there are."""

    def __init__(self, chain: Chain) -> None:
        self.t: Tables = chain.tables
        t = self.t
        self.outside = t.columns - t.names
        most = t.columns + t.n
        self.members: list[Body] = [()] * most
        self.column = np.full(most, t.stranger)
        self.column[: t.columns] = np.arange(t.columns)
        self.more = np.full((most, t.n), LEAST)
        self.more[t.names : t.columns] = 0.0
        self.count = np.zeros(self.outside)
        self.size = np.array(t.capacity[t.names :])
        self.free = list(range(most - 1, t.columns - 1, -1))
        self.of = [-1] * t.n
        self.apart = np.zeros((t.n, t.n), dtype=bool)
        for i, j in t.problem.apart:
            self.apart[i, j] = self.apart[j, i] = True
        for body, column in zip(chain.bodies, chain.place, strict=True):
            slot = column if column < t.names else self.free.pop()
            self.column[slot] = column
            self.members[slot] = body
            if column >= t.names:
                self.count[column - t.names] += 1
            for i in body:
                self.of[i] = slot
        for f in range(len(t.problem.families)):
            self._renew_family(f)
        for slot in range(t.columns, most):
            if self.members[slot]:
                self._renew_body(slot)

    def ln(self, i: int) -> Floats:
        """ln weight of sample ``i`` by slot; those of no body are `LEAST`."""
        t = self.t
        found = self.more[:, i] + t.fit[i, self.column]
        with np.errstate(divide="ignore"):
            found[t.names : t.columns] += np.log(np.maximum(self.size - self.count, 0.0))
        return np.asarray(found)

    def take_up(self, i: int) -> None:
        """Without the sample."""
        slot = self.of[i]
        if slot >= 0:
            self._change(slot, tuple(j for j in self.members[slot] if j != i))

    def put(self, i: int, slot: int) -> None:
        """With the sample at a slot, or as a new body."""
        t = self.t
        if t.names <= slot < t.columns:
            column, slot = slot, self.free.pop()
            self.column[slot] = column
            self.count[column - t.names] += 1
        self.of[i] = slot
        self._change(slot, tuple(sorted((*self.members[slot], i))))

    def _change(self, slot: int, body: Body) -> None:
        t = self.t
        self.members[slot] = body
        if slot < t.names:
            self._renew_family(t.family_of[slot])
        elif body:
            self._renew_body(slot)
        else:
            self.count[self.column[slot] - t.names] -= 1
            self.more[slot] = LEAST
            self.column[slot] = t.stranger
            self.free.append(slot)

    def _renew_family(self, f: int) -> None:
        t = self.t
        names = t.problem.families[f].names
        held: Held = tuple(self.members[name] for name in names)
        for at, name in enumerate(names):
            self.more[name] = t.given(f, at, held)
            self._part(name)

    def _renew_body(self, slot: int) -> None:
        self.more[slot] = self.t.ln_more(self.members[slot])
        self._part(slot)

    def _part(self, slot: int) -> None:
        body = self.members[slot]
        if body and self.t.problem.apart:
            self.more[slot][self.apart[list(body)].any(axis=0)] = LEAST

    def state(self) -> tuple[list[Body], list[int]]:
        """Bodies and their columns, in the order of their first samples."""
        held = sorted((body, slot) for slot, body in enumerate(self.members) if body)
        return [body for body, _ in held], [int(self.column[slot]) for _, slot in held]
