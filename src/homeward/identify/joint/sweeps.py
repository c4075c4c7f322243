"""Chains run through a stage of sweeps, on two cores where there is enough to do."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.fillings import Fillings
from homeward.identify.joint.resample import resample, resample_together
from homeward.identify.joint.tally import Tally

__all__ = ["Runner", "advance"]

Floats = NDArray[np.float64]

_WORTH_A_PROCESS = 400_000
"""Steps of a stage from which on a second process is worth its start."""
_PROCESSES = 2


class Runner:
    """A chain and how much of each move a sweep makes."""

    def __init__(self, chain: Chain, fillings: Fillings) -> None:
        self.chain = chain
        self.fillings = fillings
        self.home = np.full(chain.tables.n, -1)
        self.paths = 1 + len(chain.bodies) // 16
        self.length = 4.0

    def run(self, sweeps: int) -> Tally:
        """One stage."""
        chain = self.chain
        chain.put(chain.bodies, chain.place)
        t = chain.tables
        tally = Tally(t, sweeps, self.home)
        pairs = min(len(self.fillings.pairs), 20 + len(self.fillings.pairs) // 8)
        probabilities = None if t.single else np.zeros((t.n, t.columns))
        walked = 0
        for _ in range(sweeps):
            if t.n:
                walked += self._sweep(pairs, probabilities)
            tally.add(chain, probabilities)
            chain.steps += 40 + t.n * (t.columns + (t.n if (self.home >= 0).any() else 0)) // 100
        self.length = walked / (sweeps * self.paths)
        return tally

    def _sweep(self, pairs: int, probabilities: Floats | None) -> int:
        """Every kind of move; how many steps the paths were long."""
        chain = self.chain
        t = chain.tables
        if t.single:
            chain.swap_many(2 + t.n // 2)
        before = chain.steps
        for _ in range(self.paths):
            chain.path()
            chain.path(returning=False)
        walked = chain.steps - before
        for _ in range(0 if t.single and not chain.excess else 1 + len(chain.bodies) // 2):
            chain.swap()
        for _ in range(pairs):
            self.fillings.move(chain)
        if probabilities is not None:
            resample_together(chain, 2 + t.n // 4)
            probabilities[:] = 0.0
            resample(chain, probabilities)
        return walked

    def plan(self) -> None:
        """How many paths a sweep takes from now on: about two steps a body, however long they are."""
        bodies = len(self.chain.bodies)
        self.paths = max(2, min(bodies, int(2 * bodies / max(1.0, self.length))))


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
        for k, tally, bodies, place, state, steps, length in here.recv():
            chain = runners[k].chain
            chain.rng.setstate(state)
            chain.steps = steps
            chain.put(bodies, place)
            runners[k].length = length
            found[k] = tally
        process.join()
    return [found[k] for k in range(len(runners))]


def _run(there: Connection, runners: Sequence[Runner], share: Sequence[int], sweeps: int) -> None:
    answers = []
    for k in share:
        tally = runners[k].run(sweeps)
        chain = runners[k].chain
        answers.append((k, tally, chain.bodies, chain.place, chain.rng.getstate(), chain.steps, runners[k].length))
    there.send(answers)
    there.close()
