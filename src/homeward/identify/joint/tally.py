"""What a chain has seen in one stage: sums, sums by batch and by half, and marginals freed of the noise of visits.

A body that is mostly of one name is worked out instead of counted: each state with it there and the state in
which it has changed places with one other, or moved to a free place, share their visits in the ratio of their weights
(a Rao–Blackwell estimate over pairs of states, in which the partner of every state is unique).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.tables import LEAST, Tables

__all__ = ["BATCHES", "Tally"]

Floats = NDArray[np.float64]

BATCHES = 32
_MOST_STATES = 5_000
_SURE = 0.5
"""How often a body must be of one name for its marginals to be worked out from pairs of states."""


@dataclass
class Tally:
    """Sums over the sweeps of a stage of one chain.

    ``mean``: (samples, columns) sum of the estimates by sweep; ``squares``: Σ over batches of the squared batch
    means, of batches of one, two and four; ``halves``: visits by half of the stage.
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
        self.states: Counter[bytes] = Counter()
        several = np.array([*(f in t.several for f in t.family_of), True])
        self.counted = (self.home < 0) | several[self.home]
        """Samples some of whose marginals are, at least in part, counted visits."""

    def add(self, chain: Chain, probabilities: Floats | None) -> None:
        """One sweep. ``probabilities``: exact ones of each sample given all others, where the sweep has made them."""
        t = self.tables
        column = np.empty(t.n, dtype=np.intp)
        for body, place in zip(chain.bodies, chain.place, strict=True):
            column[list(body)] = place
        every = np.arange(t.n)
        self.halves[2 * self._done // self.sweeps][every, column] += 1.0
        if probabilities is not None:
            self._now += probabilities
        elif (self.home >= 0).any():
            visits = np.zeros_like(self._now)
            visits[every, column] = 1.0
            sure = self.home >= 0
            visits[sure] = paired(chain, column, self.home)[sure]
            self._now += visits
        else:
            self._now[every, column] += 1.0
        self.bodies[len(chain.bodies)] += 1
        self.occupied += np.array(chain.holder) >= 0
        if not t.single:
            for body in chain.bodies:
                if len(body) > 1:
                    self.same[np.ix_(body, body)] += 1.0
        self._count(column)
        self._done += 1
        if self._done * BATCHES % self.sweeps == 0:
            self._close()

    def _count(self, column: NDArray[np.intp]) -> None:
        key = column.astype(np.int32).tobytes()
        if key in self.states or len(self.states) < _MOST_STATES:
            self.states[key] += 1

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
        sure = (visits.max(axis=1, initial=0.0) >= _SURE) & (best < tables.names) & tables.single
        return np.where(sure, best, -1)


def paired(chain: Chain, column: NDArray[np.intp], home: NDArray[np.intp]) -> Floats:
    """Each body's probabilities over pairs of states: (bodies, columns); rows without a home mean nothing.

    Pairs that change two names of one family are left out: there a visit stays a visit.
    """
    t = chain.tables
    ln = _conditional(chain)
    n = t.n
    every = np.arange(n)
    family = np.array([*t.family_of, *range(-1, -1 - (t.columns - t.names), -1)])
    at = ln[every, column]
    found = np.zeros((n, t.columns))
    _share_of_home(chain, ln, column, home, family, found)
    away = np.flatnonzero((home >= 0) & (column != home))
    for b in away.tolist():
        p, q = int(home[b]), int(column[b])
        other = chain.holder[p]
        if family[p] == family[q]:
            share = 1.0
        elif other >= 0:
            share = float(_share(at[b] + ln[other, p] - ln[b, p] - ln[other, q]))
        else:
            fewer = _ln_count(t, chain.listed) - _ln_count(t, chain.listed + (q == t.stranger))
            share = float(_share(at[b] - ln[b, p] + fewer))
        found[b, q] += share
        found[b, p] += 1.0 - share
    return found


def _share_of_home(
    chain: Chain,
    ln: Floats,
    column: NDArray[np.intp],
    home: NDArray[np.intp],
    family: NDArray[np.intp],
    found: Floats,
) -> None:
    """Bodies at home: what the states owe them in which they are elsewhere."""
    t = chain.tables
    here = np.flatnonzero(column == home)
    p = home[here]
    at = ln[np.arange(t.n), column]
    own = at[here][:, None]
    swapped = _share(ln[here][:, column] + ln[:, p].T - own - at[None, :])
    swapped[family[p][:, None] == family[column][None, :]] = 0.0
    order = np.argsort(column, kind="stable")
    used, starts = np.unique(column[order], return_index=True)
    free = np.zeros(t.columns)
    free[: t.names] = np.array(chain.holder) < 0
    for k in range(t.names, t.stranger):
        free[k] = t.capacity[k] - len(chain.inside[k - t.names])
    free[t.stranger] = 1.0
    gain = ln[here] - own
    gain[:, t.stranger] += _ln_count(t, chain.listed - 1) - _ln_count(t, chain.listed)
    moved = _share(gain) * free
    moved[family[p][:, None] == family[None, :]] = 0.0
    moved[:, used] += np.add.reduceat(swapped[:, order], starts, axis=1)
    found[here] = moved
    found[here, p] += 1.0 - found[here].sum(axis=1)


def _ln_count(t: Tables, listed: int) -> float:
    return float(t.ln_count[min(max(listed, 0), t.n)])


def _conditional(chain: Chain) -> Floats:
    """ln weight of every body at every column, given what the other names of its family hold."""
    t = chain.tables
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


def _share(ln: Floats) -> Floats:
    """e^x / (1 + e^x)."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * np.asarray(ln))))
