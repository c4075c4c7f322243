"""The best assignments, best first, by a search whose bounds are exact sums and maxima."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from math import exp, inf

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.outside import Outside
from homeward.identify.joint.places import Entries
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointAssignment
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.subsets import bits

__all__ = ["best_assignments"]

Floats = NDArray[np.float64]

_BEST = 100
_MOST_STEPS = 50_000
"""Partial assignments looked at before the list is given as far as it is certain."""


@dataclass(frozen=True, eq=False, slots=True)
class _Partial:
    """What the first families hold, one way each; ``listed``: who else is on the list, once that is settled."""

    bound: float
    used: int
    ln: float
    chosen: tuple[int, ...]
    listed: int | None = None


def best_assignments(
    problem: Problem, entries: Sequence[Entries], outside: Outside, bounds: Sequence[Floats], ln_total: float
) -> tuple[JointAssignment, ...]:
    """At most 100, merged by label: all listed persons without kin in the case are `unreferenced`.

    ``bounds``: for each family, the most that it and all later ones can add, by the samples used before.
    """

    def further(partial: _Partial) -> Iterator[_Partial]:
        if len(partial.chosen) == len(entries):
            return _ended(partial, outside)
        return _with_next(partial, entries[len(partial.chosen)], bounds[len(partial.chosen) + 1])

    order = count()
    waiting: list[tuple[float, int, _Partial, Iterator[_Partial]]] = []

    def wait(siblings: Iterator[_Partial]) -> None:
        """The best of them stands for all."""
        first = next(siblings, None)
        if first is not None:
            heapq.heappush(waiting, (-first.bound, next(order), first, siblings))

    wait(iter([_Partial(float(bounds[0][0]), 0, 0.0, ())]))
    found: list[JointAssignment] = []
    for _ in range(_MOST_STEPS):
        if not waiting or len(found) == _BEST:
            break
        _, _, best, siblings = heapq.heappop(waiting)
        if best.bound == -inf:
            break
        wait(siblings)
        if best.listed is not None:
            found.append(_assignment(problem, entries, best, exp(best.ln - ln_total)))
        else:
            wait(further(best))
    return tuple(found)


def _with_next(partial: _Partial, entries: Entries, later: Floats) -> Iterator[_Partial]:
    """Every way to fill the next family, best bound first."""
    used = entries.masks | partial.used
    bound = partial.ln + entries.ln + later[used]
    bound[entries.masks & partial.used > 0] = -inf
    for way in np.argsort(-bound, kind="stable").tolist():
        if bound[way] == -inf:
            return
        ln = partial.ln + float(entries.ln[way])
        yield _Partial(float(bound[way]), int(used[way]), ln, (*partial.chosen, way))


def _ended(partial: _Partial, outside: Outside) -> Iterator[_Partial]:
    """Every way to part the others into listed persons and strangers, best first."""
    ways = sorted(zip(*outside.by_label(partial.used), strict=True), key=lambda way: -way[1])
    for mask, more in ways:
        if more == -inf:
            return
        ln = partial.ln + more
        yield _Partial(ln, partial.used, ln, partial.chosen, mask)


def _assignment(problem: Problem, entries: Sequence[Entries], best: _Partial, posterior: float) -> JointAssignment:
    who = dict.fromkeys(range(len(problem.samples)), STRANGER)
    for i in bits(best.listed or 0):
        who[i] = UNREFERENCED
    for family, each, way in zip(problem.families, entries, best.chosen, strict=True):
        for name, held in zip(family.names, each.of_names(way), strict=True):
            who.update(dict.fromkeys(held, problem.names[name]))
    named = tuple((problem.samples[i], who[i]) for i in range(len(problem.samples)))
    ln_lr = sum(float(each.ln_lr[way]) for each, way in zip(entries, best.chosen, strict=True))
    return JointAssignment(named, posterior, ln_lr)
