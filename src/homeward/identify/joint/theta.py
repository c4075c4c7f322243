"""Another θ at bounded cost: several bodies of one family share its urn, which is dear to sum over.

Exact are a body alone in its family (its samples taken as one profile, H1 and H2 in the family's urn), and the two
samples that are most probably of two names of it. What else one more sample weighs beside those held is as at the θ of
the incident, moved by what θ does to it without them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache, cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from homeward.case import Merging
from homeward.identify.joint.problem import Family, Held, Problem
from homeward.identify.joint.weights import joined_readings, problem_of
from homeward.identify.joint.whole import Whole
from homeward.identify.mixture import View, compare_all

__all__ = ["with_theta_problem"]

Floats = NDArray[np.float64]

_ONE_BODY, _MOST_ONE_BODY = 0.01, 4
"""Posterior of being of a family from which samples are taken as one profile there, and how many at most."""
_TWO_NAMES = 0.25
"""The same, from which two samples at two names of it are weighed together."""


def with_theta_problem(whole: Whole, z: int, view: View) -> Problem:
    """The whole incident in population ``z`` as ``view``, the same with another θ, has it."""
    changed = problem_of(whole.case, view, whole.profiles[z], whole.merging, whole.joined)
    if changed.names != whole.problems[z].names:
        return changed
    families = [Family(f.names, _Weights(whole, z, view, changed, k).ln_given) for k, f in enumerate(changed.families)]
    return replace(changed, families=tuple(families))


class _Weights:
    """The weights of one family under another θ."""

    def __init__(self, whole: Whole, z: int, view: View, changed: Problem, f: int) -> None:
        self.whole, self.z, self.f = whole, z, f
        self.before, self.changed = whole.problems[z], changed
        self.own, self.was = changed.families[f], self.before.families[f]
        missing = set(whole.merged[f].missing)
        self.view = replace(view, columns=[c for c in view.columns if c[0][1].id in missing])
        self.nobody: Held = ((),) * len(self.own.names)
        share = whole.at_families[:, f]
        order = np.argsort(-share, kind="stable").tolist()
        self.one_body = sorted([i for i in order if share[i] >= _ONE_BODY][:_MOST_ONE_BODY])
        self.two_names = sorted([i for i in order if share[i] >= _TWO_NAMES][:2])
        self.ln_given = cache(self._ln_given)

    def _ln_given(self, at: int, held: Held) -> Floats:
        """`Family.ln_given`."""
        if not any(held):
            return self.own.ln_given(at, self.nobody)
        others: Held = tuple(() if k == at else h for k, h in enumerate(held))
        found = self._one_body(at, held[at])
        if any(others):
            alone: Held = tuple(h if k == at else () for k, h in enumerate(held))
            with np.errstate(invalid="ignore"):
                found = found + self.was.ln_given(at, held) - self.was.ln_given(at, alone)
            units = {i for h in held for i in h}
            if len(units) == 1 and units < set(self.two_names):
                (other,) = set(self.two_names) - units
                place = {i: k for k, i in enumerate(self.two_names)}
                beside = self._pair.ln_given(at, tuple(tuple(place[i] for i in h) for h in held))
                found[other] = beside[place[other]]
        return np.where(np.isnan(found), -np.inf, found)

    def _one_body(self, at: int, body: tuple[int, ...]) -> Floats:
        """What every unit weighs more at a name that holds this body, nobody being at the others."""
        if not body:
            return self.own.ln_given(at, self.nobody).copy()
        held: Held = tuple(body if k == at else () for k in range(len(self.nobody)))
        with np.errstate(invalid="ignore"):
            together = self.changed.ln_body(body)
            found = self.was.ln_given(at, held) - self.before.ln_body(body) + together
            if set(body) <= set(self.one_body):
                ln = self._ln_lr
                for i in set(self.one_body) - set(body):
                    found[i] = ln[tuple(sorted((*body, i)))][at] - ln[tuple(sorted(body))][at] + together[i]
        return np.where(np.isnan(found), -np.inf, found)

    @cached_property
    def _ln_lr(self) -> dict[tuple[int, ...], Floats]:
        """ln LR of units taken as one profile, against each name."""
        read = {readings[0][1].id: readings for readings in self.view.samples}
        bodies = [b for n in range(1, len(self.one_body) + 1) for b in combinations(self.one_body, n)]
        samples = [joined_readings([read[s.id] for i in body for s in self.whole.joined[i]]) for body in bodies]
        ln = compare_all([replace(self.view, samples=samples)], refuse=False).ln_lr
        return {body: np.nan_to_num(row, nan=-np.inf, neginf=-np.inf) for body, row in zip(bodies, ln, strict=True)}

    @cached_property
    def _pair(self) -> Family:
        """The family with only the two samples that most probably are of two of its names."""
        joined = [self.whole.joined[i] for i in self.two_names]
        own = {s.id for unit in joined for s in unit}
        samples = [readings for readings in self.view.samples if readings[0][1].id in own]
        case = replace(self.whole.case, non_dna=(), identifications=())
        merging = Merging((self.whole.merged[self.f],), (), ())
        view = replace(self.view, samples=samples)
        return problem_of(case, view, self.whole.profiles[self.z], merging, joined).families[0]
