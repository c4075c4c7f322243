"""What an urn of its own for every family is wrong by, against one urn of all: also where several are of one family."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from homeward.case import merge_families
from homeward.genetics import scenarios_of
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.part import part_of
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.solve import problems_of, units_of
from homeward.identify.joint.structure import solve_whole, theta_error
from homeward.identify.mixture import View
from homeward.identify.screen import Typed
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.simulate import simulate_incident

MARKERS = 10


def incident(seed: int, theta: float) -> tuple[Problem, View, list[Typed]]:
    """Two brothers missing, somebody of another family, and a fourth; three bodies, weighed with an urn a family."""
    case, _ = simulate_incident(
        seed=seed,
        size=4,
        relatives={"child": 1, "brothers-son": 1},
        kin={"brother": 1},
        bodies=3,
        samples_are="bodies",
        strangers=0.1,
        typed=(0.3, 0.8),
    )
    kept = set(sorted(case.markers)[:MARKERS])
    settings = replace(case.settings, model=replace(case.settings.model, theta=theta))
    case = replace(case, typings=tuple(t for t in case.typings if t.marker in kept), settings=settings)
    scenarios = scenarios_of(case)
    profiles = [gather(case, s.model) for s in scenarios]
    merging = merge_families(case)
    view = views_of(scenarios, profiles, merging, [s for s in case.samples if s.of == "remains"])[0]
    units = units_of(case, view)
    return problems_of(case, [view], profiles, merging, units)[0], view, [r[0][1] for r in view.samples]


@pytest.mark.parametrize(("seed", "theta"), [(2, 0.01), (2, 0.03), (3, 0.01), (3, 0.03)])
def test_the_error_told_is_of_the_size_of_the_error_of_the_whole(seed: int, theta: float):
    p, view, samples = incident(seed, theta)
    found = solve_exactly(p)
    told = theta_error(p, view, samples, found)
    assert told is not None
    error = float(np.abs(solve_whole(p, view, samples).marginals - found.marginals).max())
    assert 0.0 < told < 1.1 * theta
    assert 0.0 < error < 2 * theta


@pytest.mark.parametrize("theta", [0.01, 0.03])
def test_inside_a_family_of_two_the_bodies_of_it_are_counted(theta: float):
    p, view, samples = incident(2, theta)
    found = solve_exactly(p)
    at = next(k for k, family in enumerate(p.families) if len(family.names) > 1)
    alone = part_of(p, [0, 1, 2], [at])
    alone = replace(alone, groups=(), prior=replace(alone.prior, kind="flat-assignments"))
    columns = [c for c in view.columns if c[0][1].id in alone.names]
    whole = solve_whole(alone, replace(view, columns=columns), samples)
    inside = float(np.abs(whole.marginals - solve_exactly(alone).marginals).max())
    told = theta_error(p, view, samples, found)
    assert told is not None
    assert inside > 0.0
    assert told >= inside - 1e-12
