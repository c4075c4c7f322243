"""Chains run through a stage of sweeps, on two cores where there is enough to do."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.fillings import Fillings
from homeward.identify.joint.parting import part_or_join
from homeward.identify.joint.resample import Seats
from homeward.identify.joint.tally import ROUNDS, Tally

__all__ = ["Runner", "advance"]

Floats = NDArray[np.float64]

_WORTH_A_PROCESS = 400_000
"""Steps of a stage from which on a second process is worth its start."""
_PROCESSES = 2
_WARM_UP = 6
_RESTLESS = 1e-5
"""How probable it must be that a sample leaves its body for it to be drawn anew in every sweep."""
_SETTLED = 32
"""Of the other samples one in so many is."""
_TO_A_PARTING = 256
"""Samples for each whole body that is to be parted, or joined with another, in a sweep."""


class Runner:
    """A chain and how much of each move a sweep makes.

    ``home``: as of `Tally`; ``restless``: samples that come and go between bodies.
    """

    def __init__(self, chain: Chain, fillings: Fillings) -> None:
        self.chain = chain
        self.fillings = fillings
        t = chain.tables
        self.home = np.full(t.n, -1)
        self.restless = np.arange(0 if t.single else t.n)
        self.leaves = np.zeros(t.n)

    def warm_up(self) -> None:
        """A few sweeps over everything, after which it is known which samples come and go."""
        chain, t = self.chain, self.chain.tables
        for k in range(0 if t.single else _WARM_UP):
            seats = Seats(chain)
            order = chain.rng.sample(range(t.n), t.n)
            leaves = seats.renew(order)
            seats.keep()
            if k > 1:
                self.leaves[order] = np.maximum(self.leaves[order], leaves)
            self._loose(len(self.fillings.pairs))
            chain.mix(ROUNDS)
        self._rest()

    def _rest(self) -> None:
        if not self.chain.tables.single:
            self.restless = np.flatnonzero(self.leaves > _RESTLESS)

    def run(self, sweeps: int) -> Tally:
        """One stage."""
        chain, t = self.chain, self.chain.tables
        chain.put(chain.bodies, chain.place)
        tally = Tally(t, sweeps, self.home)
        probabilities = None if t.single else np.zeros((t.n, t.columns))
        pairs = min(len(self.fillings.pairs), 20 + len(self.fillings.pairs) // 8)
        left, times = np.zeros(t.n), np.zeros(t.n)
        for _ in range(sweeps):
            if probabilities is not None:
                for i, leaves in self._fragments(probabilities):
                    left[i] += leaves
                    times[i] += 1.0
            self._loose(pairs)
            tally.add(chain, chain.mix(ROUNDS), self.restless, probabilities)
            chain.steps += 40 + t.n * t.columns // 500 + int((self.home >= 0).sum()) * len(chain.bodies) // 500
        self.leaves = np.divide(left, times, out=self.leaves, where=times > 0)
        return tally

    def _fragments(self, probabilities: Floats) -> Iterator[tuple[int, float]]:
        """Samples drawn anew: those that come and go, and a few others."""
        chain, n = self.chain, self.chain.tables.n
        rng, near = chain.rng, chain.tables.near
        seats = Seats(chain)
        restless = self.restless.tolist()
        movers = restless or list(range(n))
        for _ in range(1 + len(restless) // 4 if n > 1 else 0):
            first = movers[int(rng.random() * len(movers))]
            # whom to take with it depends on nothing that moves
            others = [*near[first]] if near[first] and rng.random() < 0.8 else [j for j in range(n) if j != first]
            seats.renew_together([first, *rng.sample(others, min(len(others), rng.choice((1, 1, 2))))])
        for _ in range(1 + n // _TO_A_PARTING):
            first = int(rng.random() * n)
            if near[first]:
                part_or_join(seats, first, near[first][int(rng.random() * len(near[first]))])
        known = set(restless)
        settled = [i for i in range(n) if i not in known]
        drawn = restless + rng.sample(settled, -(-len(settled) // _SETTLED))
        rng.shuffle(drawn)
        leaves = seats.renew(drawn, probabilities)
        seats.keep()
        return zip(drawn, leaves, strict=True)

    def _loose(self, pairs: int) -> None:
        """Moves through names whose rows do not say all."""
        chain = self.chain
        names = len(chain.tables.loose_names)
        if not names or not chain.bodies:
            return
        for _ in range(1 + min(names, len(chain.bodies)) // 4):
            chain.path()
            chain.path(returning=False)
        for _ in range(1 + names // 2):
            chain.swap()
        for _ in range(pairs):
            self.fillings.move(chain)

    def plan(self, tally: Tally) -> None:
        """What the next stage works out instead of counting it."""
        self.home = tally.homes(self.chain.tables)
        self._rest()
        self.home[self.restless] = -1


def advance(runners: Sequence[Runner], sweeps: int, steps: float) -> list[Tally]:
    """One stage of all chains. ``steps``: about how many it takes."""
    if (
        steps < _WORTH_A_PROCESS
        or sys.platform != "linux"
        or multiprocessing.cpu_count() < _PROCESSES
        or multiprocessing.current_process().daemon
    ):
        return [runner.run(sweeps) for runner in runners]
    return _apart(runners, sweeps)


def _apart(runners: Sequence[Runner], sweeps: int) -> list[Tally]:
    """The same in processes of their own, each with every second chain."""
    context = multiprocessing.get_context("fork")
    found: dict[int, Tally] = {}
    shares = [range(k, len(runners), _PROCESSES) for k in range(1, _PROCESSES)]
    waiting = []
    for share in shares:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_run, args=(there, runners, share, sweeps), daemon=True)
        process.start()
        there.close()
        waiting.append((process, here))
    for k in range(0, len(runners), _PROCESSES):
        found[k] = runners[k].run(sweeps)
    for process, here in waiting:
        for k, tally, bodies, place, state, steps, paths, leaves in here.recv():
            chain = runners[k].chain
            chain.rng.setstate(state)
            chain.steps = steps
            chain.put(bodies, place)
            chain.paths = paths
            runners[k].leaves = leaves
            found[k] = tally
        process.join()
    return [found[k] for k in range(len(runners))]


def _run(there: Connection, runners: Sequence[Runner], share: Sequence[int], sweeps: int) -> None:
    answers = []
    for k in share:
        tally = runners[k].run(sweeps)
        chain = runners[k].chain
        told = chain.bodies, chain.place, chain.rng.getstate(), chain.steps, chain.paths, runners[k].leaves
        answers.append((k, tally, *told))
    there.send(answers)
    there.close()
