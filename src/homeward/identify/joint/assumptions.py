"""An incident under changed assumptions: another model, population or prior; its tables are made once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, log

import numpy as np

from homeward.faults import Refusal
from homeward.identify.joint.answer import Untested
from homeward.identify.joint.changes import other_populations, with_faster_mutation, with_theta
from homeward.identify.joint.component import LIMITS, Component
from homeward.identify.joint.exact import work
from homeward.identify.joint.problem import PriorKind, Problem
from homeward.identify.joint.sums import Part, Worlds
from homeward.identify.joint.theta import with_theta_problem
from homeward.identify.joint.weights import problem_of
from homeward.identify.joint.whole import Whole
from homeward.identify.views import views_of
from homeward.observe import gather

__all__ = ["Assumptions", "Changed", "with_strangers"]

_THETAS = (0.01, 0.03)
_MUTATION_TIMES = 5.0
_STRANGERS = (0.05, 0.2)

Changed = tuple[str, Worlds | None]
"""A change by its code and what it makes of a part; None where it cannot be told."""


@dataclass(frozen=True, eq=False)
class _Wide:
    """The whole incident under one changed assumption: a problem and a weight a population."""

    change: str
    problems: Sequence[Problem]
    weights: Sequence[float]


class Assumptions:
    """The parts of an incident, as solved and as changed."""

    def __init__(self, whole: Whole) -> None:
        self.whole = whole
        self._parts: dict[object, Part | None] = {}
        self._changed: dict[object, list[Changed]] = {}

    def part(self, component: Component) -> Part | None:
        """A component as solved; None where it is too much to be summed again and again."""
        if component.key not in self._parts:
            worlds = self._worlds(component, self.whole.problems, [v.weight for v in self.whole.views])
            # every change solves it again
            most = LIMITS[self.whole.case.settings.run.stress].work
            small = worlds is not None and all(work(p) <= most for _, p in worlds)
            self._parts[component.key] = Part(component, worlds) if worlds is not None and small else None
        return self._parts[component.key]

    def genetics(self, part: Part) -> list[Changed]:
        """θ, mutation, populations."""
        key = part.component.key, "genetics"
        if key not in self._changed:
            self._changed[key] = [(w.change, self._worlds(part.component, w.problems, w.weights)) for w in self._wide]
        return self._changed[key]

    def priors(self, part: Part) -> list[Changed]:
        """An open list, a longer one, and the other kind of prior."""
        key = part.component.key, "priors"
        if key not in self._changed:
            self._changed[key] = list(self._priors(part))
        return self._changed[key]

    @cached_property
    def left_out(self) -> tuple[Untested, ...]:
        """Changes that are none, of every conclusion."""
        found = []
        if not any(x.mutates for v in self.whole.views for x in v.model.loci):
            found.append(Untested("mutation", "nothing-mutates"))
        if not any(w.change.startswith("population:") for w in self._wide):
            found.append(Untested("population", "no-other-population"))
        prior = self.whole.problems[0].prior
        if prior.kind == "flat-assignments":
            found += [Untested(change, "flat-prior") for change in ("strangers", "size")]
        elif prior.strangers >= max(_STRANGERS):
            found.append(Untested("strangers", "list-as-open"))
        return tuple(found)

    def _worlds(self, component: Component, wide: Sequence[Problem], weights: Sequence[float]) -> Worlds | None:
        """A component in every population, as problems of the whole incident, changed or not, have it."""
        worlds = []
        for z, (problem, weight) in enumerate(zip(wide, weights, strict=True)):
            narrow = component.problem(problem, z)
            if narrow is None:
                return None
            worlds.append((log(weight) if weight > 0 else -inf, narrow))
        return worlds

    @cached_property
    def _wide(self) -> list[_Wide]:
        w = self.whole
        models = [v.model for v in w.views]
        weights = [v.weight for v in w.views]
        found = []
        for theta in _THETAS:
            if any(m.theta != theta for m in models):
                views = [replace(v, model=with_theta(v.model, theta)) for v in w.views]
                problems = [with_theta_problem(w, z, v) for z, v in enumerate(views)]
                found.append(_Wide(f"theta:{theta:g}", problems, weights))
        if any(x.mutates for m in models for x in m.loci):
            views = [replace(v, model=with_faster_mutation(v.model, _MUTATION_TIMES)) for v in w.views]
            each = zip(views, w.profiles, strict=True)
            problems = [problem_of(w.case, v, p, w.merging, w.joined) for v, p in each]
            found.append(_Wide(f"mutation:x{_MUTATION_TIMES:g}", problems, weights))
        remains = [s for unit in w.joined for s in unit]
        for id, scenario in other_populations(w.case, w.scenarios):
            try:
                profiles = gather(w.case, scenario.model)
                view = views_of([scenario], [profiles], w.merging, remains)[0]
                changed = problem_of(w.case, view, profiles, w.merging, w.joined)
            except Refusal:
                continue  # a population whose table cannot carry this case is no test of it
            found.append(_Wide(f"population:{id}", [changed], [1.0]))
        return found

    def _priors(self, part: Part) -> Iterator[Changed]:
        incident = self.whole.case.settings.incident
        prior = part.worlds[0][1].prior
        if prior.kind != "flat-assignments":
            for strangers in _STRANGERS:
                if strangers > prior.strangers:
                    yield f"strangers:{strangers:g}", with_strangers(part, strangers)
            yield "size:x2", self._with_longer_list(part)
        other: PriorKind = "bodies" if prior.kind == "fragments" else "fragments"
        if prior.kind == "flat-assignments":
            other = "bodies" if incident.samples_are == "bodies" else "fragments"
        if other == "bodies" and prior.kind == "fragments" and not self._one_each(part):
            yield "prior:bodies", None
            return
        worlds = [(w, part.component.with_prior(p, other, z)) for z, (w, p) in enumerate(part.worlds)]
        yield f"prior:{other}", worlds

    def _with_longer_list(self, part: Part) -> Worlds:
        size = self.whole.problems[0].prior.names
        more = part.component.unreferenced(size)
        return [
            (w, replace(p, prior=replace(p.prior, names=p.prior.names + size), groups=(*p.groups, more)))
            for w, p in part.worlds
        ]

    def _one_each(self, part: Part) -> bool:
        """Whether every sample may well be another body."""
        at = list(part.component.inside)
        same = self.whole.same_body[np.ix_(at, at)] - np.eye(len(at))
        return len(at) == len(part.component.blocks) and float(same.max(initial=0.0)) <= 0.5


def with_strangers(part: Part, strangers: float) -> Worlds:
    """Under another probability of not being on the list."""
    return [(w, replace(p, prior=replace(p.prior, strangers=strangers))) for w, p in part.worlds]
