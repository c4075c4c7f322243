"""What a chain has seen in one stage: sums, sums by batch and by half, states, and marginals freed of visits' noise.

A body that is mostly of one name is worked out instead of counted: each state with it there and the state in
which it has changed places with one other, or moved to a free place, share their visits in the ratio of their weights
(a Rao–Blackwell estimate over pairs of states, in which the partner of every state is unique). A sample that comes and
goes between bodies counts by its probabilities given all others.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.kernels import share_visits
from homeward.identify.joint.tables import LEAST, Tables

__all__ = ["BATCHES", "ROUNDS", "Tally"]

Floats = NDArray[np.float64]

BATCHES = 32
ROUNDS = 16
"""Rounds of compiled moves in a sweep, each of which counts its visits."""
_MOST_STATES = 1_000
"""States kept of one chain, evenly over its last stage."""
_SURE = 0.5
"""How often a body must be of one name for its marginals to be worked out from pairs of states."""


@dataclass
class Tally:
    """Sums over the sweeps of a stage of one chain.

    ``mean``: (samples, columns) sum of the estimates by sweep; ``squares``: Σ over batches of the squared batch
    means, of batches of one, two and four; ``halves``: visits by half of the stage; ``states``: those kept.
    """

    tables: Tables
    sweeps: int
    home: NDArray[np.intp]
    """The name of each sample whose marginals are worked out, else -1."""
    mean: Floats = field(init=False)
    squares: list[Floats] = field(init=False)
    halves: list[Floats] = field(init=False)

    def __post_init__(self) -> None:
        t = self.tables
        shape = t.n, t.columns
        self.mean = np.zeros(shape)
        self.squares = [np.zeros(shape) for _ in range(3)]
        self.halves = [np.zeros(shape) for _ in range(2)]
        self._batches = [np.zeros(shape) for _ in range(3)]
        self._now = np.zeros(shape)
        self._done = 0
        self.same = np.zeros((0, 0) if t.single else (t.n, t.n))
        self.bodies = np.zeros(t.n + 1)
        self.occupied = np.zeros(t.names)
        self.states: list[NDArray[np.int32]] = []
        several = np.array([*(f in t.several for f in t.family_of), True])
        self.counted = (self.home < 0) | several[self.home]
        """Samples some of whose marginals are, at least in part, counted visits."""

    def add(self, chain: Chain, visits: Floats, given: NDArray[np.intp], probabilities: Floats | None) -> None:
        """One sweep. ``visits``: shares of the sweep that bodies were at columns, (bodies, columns).

        ``given``: samples that count by their ``probabilities`` given all others, (samples, columns).
        """
        t = self.tables
        of = np.empty(t.n, dtype=np.int64)
        if t.single:
            of[:] = np.arange(t.n)
        else:
            for b, body in enumerate(chain.bodies):
                of[list(body)] = b
            self.same += of[:, None] == of[None, :]
        place = np.array(chain.place, dtype=np.int64)
        estimate = visits[of]
        self.halves[2 * self._done // self.sweeps] += estimate
        sure = np.flatnonzero(self.home >= 0)
        if len(sure):
            estimate[sure] = _shared(chain, place, of[sure], self.home[sure])
        if probabilities is not None and len(given):
            estimate[given] = probabilities[given]
        self._now += estimate
        self.bodies[len(chain.bodies)] += 1
        self.occupied += np.array(chain.holder) >= 0
        if self._done * _MOST_STATES // self.sweeps >= len(self.states):
            self.states.append(place[of].astype(np.int32))
        self._done += 1
        if self._done * BATCHES % self.sweeps == 0:
            self._close()

    def _close(self) -> None:
        """End of a batch."""
        number = self._done * BATCHES // self.sweeps
        size = self.sweeps // BATCHES
        for k in range(3):
            self._batches[k] += self._now
            if number % (1 << k) == 0:
                self.squares[k] += (self._batches[k] / (size << k)) ** 2
                self._batches[k][:] = 0.0
        self.mean += self._now
        self._now[:] = 0.0

    def __getstate__(self) -> dict[str, object]:
        # weights are functions, which do not travel between processes
        return {name: value for name, value in vars(self).items() if name != "tables"}

    def homes(self, tables: Tables) -> NDArray[np.intp]:
        """For every sample the name it mostly has, else -1."""
        visits = (self.halves[0] + self.halves[1]) / self.sweeps
        best = visits.argmax(axis=1)
        sure = (visits.max(axis=1, initial=0.0) >= _SURE) & (best < tables.names)
        if not tables.single:
            sure &= tables.plain[best]
        return np.where(sure, best, -1)


def _shared(chain: Chain, place: NDArray[np.int64], of: NDArray[np.int64], home: NDArray[np.intp]) -> Floats:
    """Probabilities of samples over pairs of states, each with its body, for those that have a home: (asked, columns).

    Pairs that change two names of one family are left out, and those with a name whose weights rows do not tell: there
    a visit stays a visit.
    """
    t = chain.tables
    ln = _conditional(chain) if t.single else chain.ln
    family = np.array([*t.family_of, *range(t.names, t.columns)], dtype=np.int64)
    if not t.single:
        family[~t.plain] = -1
    room = np.array(t.capacity)
    room[: t.names] = np.array(chain.holder) < 0
    for k, inside in enumerate(chain.inside):
        room[t.names + k] -= len(inside)
    room = np.where(np.isinf(room), 1.0, room)
    now = _ln_count(t, chain.listed)
    fewer, more = _ln_count(t, chain.listed - 1) - now, _ln_count(t, chain.listed + 1) - now
    # samples of one body with one home share a row
    pairs, row = np.unique(of * t.columns + home, return_inverse=True)
    found = share_visits(ln, place, pairs // t.columns, pairs % t.columns, t.names, room, family, fewer, more)
    return np.asarray(found[row])


def _ln_count(t: Tables, listed: int) -> float:
    return float(t.ln_count[min(max(listed, 0), t.n)])


def _conditional(chain: Chain) -> Floats:
    """ln weight of every body at every column, given what the other names of its family hold."""
    t = chain.tables
    if not t.several:
        return chain.ln
    ln = np.array([row.ln for row in chain.rows])
    for f in t.several:
        names = t.problem.families[f].names
        held = tuple(chain.held(name) for name in names)
        if not any(held):
            continue
        for at, name in enumerate(names):
            others = (*held[:at], (), *held[at + 1 :])
            if any(others):
                ln[:, name] = t.given(f, at, others) + t.fit[:, name] + t.tilt
    return np.asarray(np.maximum(ln, LEAST))
