"""States to start from, far from each other: by weight, by chance, with as few listed as can be."""

from __future__ import annotations

from collections import deque
from random import Random

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.exact import Impossible
from homeward.identify.joint.resample import Seats
from homeward.identify.joint.tables import Tables

__all__ = ["start"]

Floats = NDArray[np.float64]

_WALKS = 200
"""Sweeps given to a chain to come from an impossible state to a possible one."""


def start(tables: Tables, rng: Random, kind: int) -> Chain:
    """A chain at a possible state. ``kind``: 0 = by weight, 1 = by chance, 2 = outside where possible, then mixtures.

    Raises `Impossible` where no place can be found for some sample, or no possible state.
    """
    if tables.single:
        bodies = [(i,) for i in range(tables.n)]
        chain = Chain(tables, rng, bodies, _matched(tables, rng, kind))
    else:
        chain = Chain(tables, rng, [], [])
        _redrawn(chain, temper=0.3 if kind % 2 else 1.0)
    for _ in range(_WALKS):
        if chain.possible:
            return chain
        if not tables.single:
            _redrawn(chain)
        for _ in range(len(chain.bodies) if tables.loose else 0):
            chain.path()
            chain.swap()
        chain.mix(4)
    raise Impossible("no state of the incident was found that can have led to what was seen")


def _redrawn(chain: Chain, *, temper: float = 1.0) -> None:
    """Every sample drawn once, in random order."""
    seats = Seats(chain)
    seats.renew(chain.rng.sample(range(chain.tables.n), chain.tables.n), temper=temper)
    seats.keep()


def _matched(tables: Tables, rng: Random, kind: int) -> list[int]:
    """A place for every sample, each its own body, as far as possible those wished for."""
    n, columns = tables.n, tables.columns
    rows = np.array([tables.row((i,)).ln for i in range(n)]).reshape(n, columns)
    noise = np.array([[rng.random() for _ in range(columns)] for _ in range(n)]).reshape(n, columns)
    wish = (rows, noise, noise + 2.0 * (np.arange(columns) >= tables.names), rows + 5.0 * noise)[min(kind, 3)]
    order = rng.sample(range(n), n)
    if kind == 0:
        order.sort(key=lambda i: -float(rows[i].max()))
    likes = [[c for c in np.argsort(-wish[i], kind="stable").tolist() if rows[i, c] > -np.inf] for i in range(n)]
    place = [-1] * n
    inside: list[set[int]] = [set() for _ in range(columns)]
    for i in order:
        if not _seated(tables, likes, place, inside, i):
            raise Impossible("there is no possible place for every sample")
    return place


def _seated(tables: Tables, likes: list[list[int]], place: list[int], inside: list[set[int]], i: int) -> bool:
    """Find a chain of moves that leaves room for one more, shortest first."""
    came: dict[int, tuple[int, int]] = {}
    waiting = deque([i])
    while waiting:
        b = waiting.popleft()
        for c in likes[b]:
            if c in came:
                continue
            came[c] = b, place[b]
            if len(inside[c]) < tables.capacity[c]:
                _shift(place, inside, came, c)
                return True
            waiting.extend(sorted(inside[c]))
    return False


def _shift(place: list[int], inside: list[set[int]], came: dict[int, tuple[int, int]], column: int) -> None:
    while True:
        b, left = came[column]
        if left >= 0:
            inside[left].remove(b)
        inside[column].add(b)
        place[b] = column
        if left < 0:
            return
        column = left
