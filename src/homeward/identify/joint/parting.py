"""Whole bodies become one, and one becomes two, at once: fragment by fragment the way leads through what hardly can be.

Two fragments are chosen by what does not move. If they are of two bodies these are made one, where the first is; if of
one, the others join the first or the second in turn by what they weigh there, and the second's finds a place by weight
(sequentially allocated merge and split: Dahl and Newcomb 2022, J Stat Comput Simul; Metropolis and Hastings).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.resample import Seats
from homeward.identify.joint.tables import LEAST, Body

__all__ = ["part_or_join"]

Floats = NDArray[np.float64]

_FLOOR = 1e-3
"""Least probability of either part for a fragment, so that no parting is out of reach."""


def part_or_join(seats: Seats, i: int, j: int) -> bool:
    """One such move for two fragments that may be of one body."""
    seats.chain.steps += 50
    one, other = seats.of[i], seats.of[j]
    return _part(seats, i, j) if one == other else _join(seats, i, j)


def _join(seats: Seats, i: int, j: int) -> bool:
    one, other = seats.of[i], seats.of[j]
    first, second = seats.members[one], seats.members[other]
    columns = seats.column[one], seats.column[other]
    whole = tuple(sorted((*first, *second)))
    if _ln_together(seats, whole) < LEAST / 2:
        return False
    *_, ln_back = _parted(seats, i, j, whole, second)
    before = _ln_weight(seats, (one, other), columns)
    seats.lift(other)
    # labels that are alike count in the state as in the draw of one of them
    before += log(seats.left[columns[1]])
    ln_back += float(_ln_placed(seats, second)[columns[1]])
    seats.become(one, whole)
    if _accepted(seats, _ln_weight(seats, (one,), columns) - before + ln_back):
        return True
    seats.become(one, first)
    seats.drop(second, columns[1])
    return False


def _part(seats: Seats, i: int, j: int) -> bool:
    one = seats.of[i]
    whole = seats.members[one]
    first, second, ln_forth = _parted(seats, i, j, whole)
    ln_placed = _ln_placed(seats, second)
    column = _drawn(ln_placed, seats.chain.rng.random())
    if ln_forth == -inf or ln_placed[column] == -inf:
        return False
    columns = seats.column[one], column
    before = _ln_weight(seats, (one,), columns)
    room = log(seats.left[column])
    seats.become(one, first)
    other = seats.drop(second, column)
    after = _ln_weight(seats, (one, other), columns) + room
    if _accepted(seats, after - before - ln_forth - float(ln_placed[column])):
        return True
    seats.lift(other)
    seats.become(one, whole)
    return False


def _parted(seats: Seats, i: int, j: int, whole: Body, known: Body | None = None) -> tuple[Body, Body, float]:
    """A body parted by chance, or so that ``known`` is the second; ln probability of just that, -inf if impossible."""
    parts: list[Body] = [(i,), (j,)]
    total = 0.0
    for k in whole:
        if k in (i, j):
            continue
        one, other = (_ln_together(seats, tuple(sorted((*p, k)))) - _ln_together(seats, p) for p in parts)
        chance = 1.0 / (1.0 + exp(min(700.0, max(-700.0, one - other))))
        chance = min(1.0 - _FLOOR, max(_FLOOR, chance))
        at = seats.chain.rng.random() < chance if known is None else k in known
        total += log(chance if at else 1.0 - chance)
        parts[at] = tuple(sorted((*parts[at], k)))
    possible = all(_ln_together(seats, part) > LEAST / 2 for part in parts)
    return parts[0], parts[1], total if possible else -inf


def _ln_together(seats: Seats, body: Body) -> float:
    """What samples weigh as one body of somebody unrelated; at least twice `LEAST`."""
    apart = seats.t.problem.apart
    if apart and any(pair in apart for pair in combinations(body, 2)):
        return 2 * LEAST
    return max(2 * LEAST, seats.t.ln_body(body))


def _ln_placed(seats: Seats, body: Body) -> Floats:
    """ln probability of every column for a new body: by its row and the labels free."""
    with np.errstate(divide="ignore"):
        ln = seats.t.row(body).ln + np.log(seats.left)
    top = float(ln.max())
    if top == -inf:
        return np.asarray(ln)
    return np.asarray(ln - top - log(float(np.exp(ln - top).sum())))


def _drawn(ln: Floats, u: float) -> int:
    p = np.exp(ln)
    found = min(int(np.cumsum(p).searchsorted(u * float(p.sum()), side="right")), len(p) - 1)
    while found and p[found] <= 0:
        found -= 1
    return found


def _accepted(seats: Seats, ln_ratio: float) -> bool:
    return ln_ratio >= 0 or seats.chain.rng.random() < exp(max(-700.0, ln_ratio))


def _ln_weight(seats: Seats, which: Sequence[int], columns: Sequence[int]) -> float:
    """What some bodies weigh, labels aside, with all families that have these columns and whose rows do not say all."""
    t = seats.t
    total = 0.0
    for seat in which:
        body, column = seats.members[seat], seats.column[seat]
        total += float(t.row(body).ln[column] if t.plain[column] else t.fit[list(body), column].sum())
    loose = {t.family_of[column] for column in columns if not t.plain[column]}
    return total + sum(t.ln_family(f, seats.held(f)) for f in sorted(loose))
