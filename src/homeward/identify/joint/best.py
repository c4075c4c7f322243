"""The best assignments, best first, by a search whose bounds are exact sums and maxima."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import count
from math import exp, inf

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.outside import Outside
from homeward.identify.joint.places import Entry
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointAssignment
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.subsets import bits

__all__ = ["best_assignments"]

Floats = NDArray[np.float64]

_BEST = 100
_MOST_STEPS = 50_000
"""Partial assignments looked at before the list is given as far as it is certain."""


def best_assignments(
    problem: Problem, entries: Sequence[Sequence[Entry]], outside: Outside, bounds: Sequence[Floats], ln_total: float
) -> tuple[JointAssignment, ...]:
    """At most 100, merged by label: all listed persons without kin in the case are `unreferenced`.

    ``bounds``: for each family, the most that it and all later ones can add, by the samples used before.
    """
    order = count()
    waiting: list[tuple[float, int, int, int, float, tuple[Entry, ...], int | None]] = []
    heapq.heappush(waiting, (-float(bounds[0][0]), next(order), 0, 0, 0.0, (), None))
    found: list[JointAssignment] = []
    for _ in range(_MOST_STEPS):
        if not waiting or len(found) == _BEST:
            break
        negative, _, family, used, ln, chosen, listed = heapq.heappop(waiting)
        if negative == inf:
            break
        if listed is not None:
            found.append(_assignment(problem, chosen, used, listed, exp(ln - ln_total)))
        elif family == len(entries):
            for mask, more in zip(*outside.by_label(used), strict=True):
                if more > -inf:
                    heapq.heappush(waiting, (-(ln + more), next(order), family, used, ln + more, chosen, mask))
        else:
            for e in entries[family]:
                if e.mask & used:
                    continue
                bound = ln + e.ln + float(bounds[family + 1][used | e.mask])
                if bound > -inf:
                    step = (used | e.mask, ln + e.ln, (*chosen, e), None)
                    heapq.heappush(waiting, (-bound, next(order), family + 1, *step))
    return tuple(found)


def _assignment(problem: Problem, chosen: Sequence[Entry], used: int, listed: int, posterior: float) -> JointAssignment:
    who = dict.fromkeys(range(len(problem.samples)), STRANGER)
    for i in bits(listed):
        who[i] = UNREFERENCED
    for family, entry in zip(problem.families, chosen, strict=True):
        for name, held in zip(family.names, entry.held, strict=True):
            who.update(dict.fromkeys(held, problem.names[name]))
    named = tuple((problem.samples[i], who[i]) for i in range(len(problem.samples)))
    return JointAssignment(named, posterior, sum(e.ln_lr for e in chosen))
