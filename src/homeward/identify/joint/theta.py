"""Another θ at bounded cost: several bodies of one family share its urn, which is dear to sum over.

Exact are a sample alone at a name, and the few samples of a family that most probably are of it together. For others,
what one more sample weighs beside those held is as at the θ of the incident, moved by what θ does to it alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from homeward.case import Merging
from homeward.identify.joint.problem import Family, Held, Problem
from homeward.identify.joint.weights import problem_of
from homeward.identify.joint.whole import Whole
from homeward.identify.mixture import View

__all__ = ["with_theta_problem"]

Floats = NDArray[np.float64]

_LIKELY = 0.05
"""Posterior of being of a family from which samples are weighed together exactly ..."""
_MOST = 3
"""... and how many of them at most."""


def with_theta_problem(whole: Whole, z: int, view: View) -> Problem:
    """The whole incident in population ``z`` as ``view``, the same with another θ, has it."""
    changed = problem_of(whole.case, view, whole.profiles[z], whole.merging, whole.joined)
    before = whole.problems[z]
    if changed.names != before.names:
        return changed
    families = [
        Family(own.names, _ln_given(own, was, _together(whole, z, view, f)))
        for f, (own, was) in enumerate(zip(changed.families, before.families, strict=True))
    ]
    return replace(changed, families=tuple(families))


def _ln_given(
    own: Family, was: Family, together: Callable[[int, Held], Floats | None]
) -> Callable[[int, Held], Floats]:
    nobody: Held = ((),) * len(own.names)

    @cache
    def ln_given(at: int, held: Held) -> Floats:
        alone = own.ln_given(at, nobody)
        if not any(held):
            return alone
        with np.errstate(invalid="ignore"):
            moved = was.ln_given(at, held) + alone - was.ln_given(at, nobody)
        found = np.where(np.isnan(moved), -np.inf, moved)
        exact = together(at, held)
        return found if exact is None else np.where(np.isnan(exact), found, exact)

    return ln_given


def _together(whole: Whole, z: int, view: View, f: int) -> Callable[[int, Held], Floats | None]:
    """The weights of the likeliest samples of a family beside each other, NaN for other samples; None for others."""
    share = whole.at_families[:, f]
    likely = [i for i in np.argsort(-share, kind="stable").tolist() if share[i] >= _LIKELY][:_MOST]
    units = sorted(likely)
    place = {i: k for k, i in enumerate(units)}

    @cache
    def family() -> Family:
        joined = [whole.joined[i] for i in units]
        own = {s.id for unit in joined for s in unit}
        merged = whole.merged[f]
        missing = set(merged.missing)
        narrow = replace(
            view,
            samples=[readings for readings in view.samples if readings[0][1].id in own],
            columns=[columns for columns in view.columns if columns[0][1].id in missing],
        )
        case = replace(whole.case, non_dna=(), identifications=())
        return problem_of(case, narrow, whole.profiles[z], Merging((merged,), (), ()), joined).families[0]

    def together(at: int, held: Held) -> Floats | None:
        inside = {i for h in held for i in h}
        if len(units) < 2 or not inside <= place.keys() or len(inside) == len(units):
            return None
        ln = family().ln_given(at, tuple(tuple(place[i] for i in h) for h in held))
        found = np.full(len(whole.joined), np.nan)
        found[units] = ln
        return found

    return together
