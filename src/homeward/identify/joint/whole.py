"""An incident as it was solved, as what is solved again needs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, MergedFamily, Merging, Sample
from homeward.genetics import Scenario
from homeward.identify.joint.groups import bodies_of
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.problem import Held, Problem
from homeward.identify.mixture import View
from homeward.observe import Profiles

__all__ = ["Whole"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Whole:
    """An incident as it was solved: arguments as of `joint_posterior`, units and problems of it, and its posterior.

    ``joined``: the units that ``problems``, one a view, are over; ``posterior``: over the samples of these units.
    """

    case: Case
    scenarios: Sequence[Scenario]
    views: Sequence[View]
    profiles: Sequence[Profiles]
    merging: Merging
    joined: Sequence[Sequence[Sample]]
    problems: Sequence[Problem]
    posterior: JointPosterior

    @cached_property
    def unit(self) -> Mapping[str, int]:
        """Sample → its unit."""
        return {s.id: k for k, unit in enumerate(self.joined) for s in unit}

    @cached_property
    def body(self) -> Mapping[str, int]:
        """Sample → which body it is of, as concluded."""
        p = self.posterior
        bodies = bodies_of(p, self.case.settings.thresholds.posterior)
        return {p.samples[i]: b for b, each in enumerate(bodies) for i in each}

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """The row of each unit in the posterior."""
        place = {sample: i for i, sample in enumerate(self.posterior.samples)}
        return np.array([place[unit[0].id] for unit in self.joined], dtype=np.intp)

    @cached_property
    def marginals(self) -> Floats:
        """Those of units."""
        return np.asarray(self.posterior.marginals[self.rows])

    @cached_property
    def same_body(self) -> Floats:
        return np.asarray(self.posterior.same_body[np.ix_(self.rows, self.rows)])

    @cached_property
    def at_families(self) -> Floats:
        """P(unit is of somebody of this family): shape (units, families)."""
        found = [self.marginals[:, list(f.names)].sum(axis=1) for f in self.problems[0].families]
        return np.array(found).reshape(len(found), len(self.joined)).T

    @cached_property
    def merged(self) -> Sequence[MergedFamily]:
        """The family behind each of the problem's."""
        home = self.merging.family_of
        return [home[self.problems[0].names[f.names[0]]] for f in self.problems[0].families]

    @property
    def places_outside(self) -> Floats:
        """How many bodies each group, and the strangers, have place for."""
        p = self.problems[0]
        strangers = inf if p.one_sample_a_body else float(max(p.prior.stranger_bodies, 1))
        return np.array([*(float(g.size) for g in p.groups), strangers])

    @cached_property
    def ln_names(self) -> Sequence[Floats]:
        """ln of what every unit by itself weighs at every name, in each population: shape (units, names)."""
        found = []
        for p in self.problems:
            ln = p.ln_fit.copy()
            for family in p.families:
                nobody: Held = ((),) * len(family.names)
                for at, name in enumerate(family.names):
                    ln[:, name] += family.ln_given(at, nobody)
            found.append(ln)
        return found
