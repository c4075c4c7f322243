"""Fragments: samples drawn anew from what each is of, given all others, which also gives its probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.problem import Held
from homeward.identify.joint.tables import LEAST, Body, Tables

__all__ = ["Seats"]

Floats = NDArray[np.float64]


class Seats:
    """All that a sample can be of: every column anew, then the bodies there are.

    A seat is a name, or a number from `Tables.columns` on: a body outside.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.t: Tables = chain.tables
        t = self.t
        self.members: dict[int, Body] = {}
        self.column: dict[int, int] = {}
        self.of = [-1] * t.n
        self.free = list(range(t.columns + t.n - 1, t.columns - 1, -1))
        self.left = np.array(t.capacity)
        """Free labels by column."""
        for body, column in zip(chain.bodies, chain.place, strict=True):
            self._seat(body, column, column if column < t.names else self.free.pop())

    def keep(self) -> None:
        """Make this the chain's state, bodies in the order of their first samples."""
        held = sorted((body, self.column[seat]) for seat, body in self.members.items())
        self.chain.put([body for body, _ in held], [column for _, column in held])

    def renew(self, samples: Sequence[int], probabilities: Floats | None = None, *, temper: float = 1.0) -> list[float]:
        """One exact draw of each sample in turn; its probabilities by column are put into ``probabilities``.

        Samples of no body yet find one. ``temper``: to what power probabilities are raised, below 1 for a rough start.
        Returns for every sample how probable it was that it leaves its body for another, or another's joins it.
        """
        t = self.t
        leaves = []
        for i in samples:
            old = self.take_up(i)
            others, ln = self.options(i)
            p = np.exp((ln - ln.max()) * (temper if ln.max() > LEAST / 2 else 1.0))
            p /= p.sum()
            stays = float(p[t.columns + others.index(old)]) if old in others else float(p[: t.columns].sum())
            leaves.append(1.0 - stays)
            if probabilities is not None:
                probabilities[i] = p[: t.columns]
                for k, seat in enumerate(others):
                    probabilities[i, self.column[seat]] += p[t.columns + k]
            self.put(i, _chosen(t, others, p, self.chain.rng.random()))
        self.chain.steps += 15 * len(samples)
        return leaves

    def renew_together(self, chosen: Sequence[int]) -> None:
        """Samples taken up and put back one after the other, so that they cross a barrier together.

        Each is put back by its exact weights given all that are in place, so that the new state is to be accepted in
        the ratio of the sums of these weights over the steps, new to old.
        """
        old = [(self.of[i], self.column[self.of[i]]) for i in chosen]
        for i in chosen:
            self.take_up(i)
        ln_old = self._put_back(chosen, old)
        for i in chosen:
            self.take_up(i)
        ln_new = 0.0
        for i in chosen:
            others, ln = self.options(i)
            ln_sum = float(np.logaddexp.reduce(ln))
            ln_new += ln_sum
            self.put(i, _chosen(self.t, others, np.exp(ln - ln_sum), self.chain.rng.random()))
        if self.chain.rng.random() >= exp(min(0.0, ln_new - ln_old)):
            for i in chosen:
                self.take_up(i)
            self._put_back(chosen, old)
        self.chain.steps += 50 * len(chosen)

    def _put_back(self, chosen: Sequence[int], old: Sequence[tuple[int, int]]) -> float:
        """Into the bodies (seat, column) they were of, some no more there; ln of the product of the weights' sums."""
        again: dict[int, int] = {}
        gone = {seat for seat, _ in old if seat not in self.members}
        total = 0.0
        for i, (seat, column) in zip(chosen, old, strict=True):
            total += float(np.logaddexp.reduce(self.options(i)[1]))
            self.put(i, again.get(seat, column if seat in gone else seat))
            again[seat] = self.of[i]
        return total

    def options(self, i: int) -> tuple[list[int], Floats]:
        """The bodies that a sample can join, and ln weights of it at every column anew and with each of these."""
        t = self.t
        others, gains = self._joined(i)
        found = np.empty(t.columns + len(others))
        with np.errstate(divide="ignore"):
            found[: t.columns] = t.alone[i] + np.log(self.left)
        for f in t.several:
            names = t.problem.families[f].names
            held = self.held(f)
            if any(held):
                for at, name in enumerate(names):
                    if not held[at]:
                        found[name] = t.given(f, at, held)[i] + t.fit[i, name]
        found[t.columns :] = gains
        return others, np.maximum(found, LEAST)

    def _joined(self, i: int) -> tuple[list[int], list[float]]:
        """The seats of bodies that a sample can join, and what it weighs there."""
        t = self.t
        met: dict[int, int] = {}
        for j in t.near[i]:
            seat = self.of[j]
            if seat >= 0:
                met[seat] = met.get(seat, 0) + 1
        seats = [seat for seat, times in met.items() if times == len(self.members[seat])]
        exact = t.problem.bodies is not None
        own = [tuple(sorted((*self.members[seat], i))) for seat in seats]
        if exact and seats:
            after, before = t.weights(own), t.weights([self.members[seat] for seat in seats])
        others, gains = [], []
        for k, seat in enumerate(seats):
            column = self.column[seat]
            if column >= t.names:
                gain = float(after[k][-1] - before[k][-1]) if exact else float(t.ln_more(self.members[seat])[i])
            elif exact and t.plain[column]:
                gain = float(after[k][column] - before[k][column])
            else:
                f, at = t.of_name[column]
                gain = float(t.given(f, at, self.held(f))[i])
            if gain > LEAST:
                others.append(seat)
                gains.append(gain + float(t.fit[i, column]))
        return others, gains

    def held(self, f: int) -> Held:
        """What the names of a family hold."""
        return tuple(self.members.get(name, ()) for name in self.t.problem.families[f].names)

    def take_up(self, i: int) -> int:
        """Leave everything without the sample; the seat it had, -1 if none."""
        seat = self.of[i]
        if seat < 0:
            return -1
        self.of[i] = -1
        body = tuple(j for j in self.members[seat] if j != i)
        if body:
            self.members[seat] = body
            return seat
        column = self.column.pop(seat)
        del self.members[seat]
        self.left[column] += 1.0
        if seat >= self.t.columns:
            self.free.append(seat)
        return seat

    def put(self, i: int, seat: int) -> None:
        """With the sample in the body at a seat, or in a new one where ``seat`` is a column nobody has yet."""
        if seat in self.members:
            self.members[seat] = tuple(sorted((*self.members[seat], i)))
            self.of[i] = seat
        else:
            self._seat((i,), seat, seat if seat < self.t.names else self.free.pop())

    def become(self, seat: int, body: Body) -> None:
        """Other samples in a body that stays where it is."""
        self.members[seat] = body
        for i in body:
            self.of[i] = seat

    def lift(self, seat: int) -> None:
        """A whole body taken away; its samples wait to be put elsewhere."""
        del self.members[seat]
        self.left[self.column.pop(seat)] += 1.0
        if seat >= self.t.columns:
            self.free.append(seat)

    def drop(self, body: Body, column: int) -> int:
        """A whole body at a column with room; the seat it has."""
        seat = column if column < self.t.names else self.free.pop()
        self._seat(body, column, seat)
        return seat

    def _seat(self, body: Body, column: int, seat: int) -> None:
        self.members[seat] = body
        self.column[seat] = column
        self.left[column] -= 1.0
        for i in body:
            self.of[i] = seat


def _chosen(t: Tables, others: Sequence[int], p: Floats, u: float) -> int:
    """A seat drawn by its probability."""
    found = min(int(np.cumsum(p).searchsorted(u * float(p.sum()), side="right")), len(p) - 1)
    while p[found] <= 0:
        found -= 1
    return found if found < t.columns else others[found - t.columns]
