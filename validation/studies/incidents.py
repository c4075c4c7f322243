"""Whole simulated incidents, cut into smaller ones of the same list, and what each claims sorted by the truth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case
from homeward.genetics import Scenario, scenarios_of
from homeward.identify.joint.part import part_of
from homeward.identify.joint.problem import Family, Group, Prior, Problem
from homeward.simulate import STRANGER, Truth, simulate_incident
from validation.joint import problem_of_case
from validation.studies.claims import THRESHOLD, Claims

__all__ = ["ALL", "FAR", "NEAR", "SIZE", "STRANGERS", "Whole", "alone", "sort", "whole_incident", "with_prior"]

Floats = NDArray[np.float64]

SIZE = 183
STRANGERS = 0.05
NEAR = {"child": 46, "brother": 13, "sister": 13, "grandson": 5, "grandchild": 4, "brothers-son": 3, "nobody": 4}
"""84 families with a relative or two, mostly near ones, and four of which nobody is typed."""
FAR = {"child": 9, "brother": 5, "sister": 5, "grandson": 19, "grandchild": 13, "brothers-son": 16}
FAR |= {"sisters-child": 11, "brothers-grandson": 6, "nobody": 4}
"""The same, mostly far ones."""
ALL = {"child": 84, "brother": 42, "sister": 42, "nobody": 4}
"""Nearly everybody on the list has references: who fits nobody is a stranger then."""


@dataclass(frozen=True, eq=False)
class Whole:
    """An incident with its truth, and its problem as one scenario sees it."""

    seed: int
    case: Case
    truth: Truth
    scenarios: Sequence[Scenario]
    problem: Problem

    def seen_by(self, case: Case, scenarios: Sequence[Scenario]) -> Whole:
        """The same as others would compute it."""
        return Whole(self.seed, case, self.truth, scenarios, problem_of_case(case, scenarios))

    def cut(self, samples: Sequence[int]) -> Problem:
        """The incident of which only these samples are found.

        Weights are looked up in the whole incident's tables; those of families of whom several are missing depend on
        which samples there are, and are computed for these alone.
        """
        problem = part_of(self.problem, samples, range(len(self.problem.families)))
        several = [f for f, family in enumerate(problem.families) if len(family.names) > 1]
        if not several:
            return problem
        ids = {problem.names[problem.families[f].names[0]].partition("/")[0] for f in several}
        small = problem_of_case(_only(self.case, samples, ids), self.scenarios)
        families = list(problem.families)
        for f, family in zip(several, small.families, strict=True):
            # asked step by step, which is quicker than all ways at once where samples are few
            families[f] = Family(families[f].names, family.ln_given)
        return replace(problem, families=tuple(families))


def whole_incident(seed: int, **asked: Any) -> Whole:
    """183 names, 5% strangers, a fifth of the profiles partial; computed without θ, whatever it was drawn under."""
    case, truth = simulate_incident(seed=seed, size=SIZE, strangers=STRANGERS, partial=0.2, typed=(0.3, 0.9), **asked)
    settings = case.settings
    case = replace(case, settings=replace(settings, model=replace(settings.model, theta=0.0)))
    scenarios = scenarios_of(case)
    return Whole(seed, case, truth, scenarios, problem_of_case(case, scenarios))


def _only(case: Case, samples: Sequence[int], families: set[str]) -> Case:
    """The case with these remains and these families."""
    remains = [case.remains[i] for i in samples]
    kept = {r.id for r in remains}
    chosen = tuple(f for f in case.families if f.id in families)
    people = tuple(s for s in case.samples if s.id in kept or s.source.partition("/")[0] in families)
    named = {s.id for s in people}
    typings = tuple(t for t in case.typings if t.sample in named)
    mt = tuple(t for t in case.mt if t.sample in named)
    return replace(case, families=chosen, remains=tuple(remains), samples=people, typings=typings, mt=mt)


def with_prior(problem: Problem, *, strangers: float | None = None, names: int | None = None) -> Problem:
    """The problem under another share of strangers, or with a list of so many names."""
    prior = problem.prior
    if strangers is not None:
        problem = replace(problem, prior=replace(prior, strangers=strangers))
    if names is not None:
        more = Group("more", names - prior.names, (0.0,) * len(problem.samples))
        problem = replace(problem, prior=replace(problem.prior, names=names), groups=(*problem.groups, more))
    return problem


def alone(problem: Problem) -> Floats:
    """Every sample by itself: the posterior over all places, shape (samples, names + groups + 1)."""
    prior: Prior = problem.prior
    listed = math.log((1.0 - prior.strangers) / prior.names)
    stranger = math.log(prior.strangers) if prior.strangers > 0 else -math.inf
    ln = np.full((len(problem.samples), len(problem.names) + len(problem.groups) + 1), -math.inf)
    for family in problem.families:
        for at, name in enumerate(family.names):
            ln[:, name] = family.ln_given(at, ((),) * len(family.names)) + problem.ln_fit[:, name] + listed
    for g, group in enumerate(problem.groups):
        ln[:, len(problem.names) + g] = np.array(group.ln_fit) + math.log(group.size) + listed
    ln[:, -1] = problem.ln_fit_stranger + stranger
    weight = np.exp(ln - ln.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def sort(
    claims: Claims,
    method: str,
    marginals: Floats,
    problem: Problem,
    whole: Whole,
    further: Callable[[str], Iterable[str]] = lambda name: (),
) -> None:
    """Put every claim above one half into its strata: of a name (by kin and profile), unreferenced, stranger.

    ``further``: of a name, the strata that its claims are also of.
    """
    truth, case = whole.truth, whole.case
    with_kin = {person.partition("/")[0] for person in truth.kin}
    markers = len(case.markers)
    place = {name: k for k, name in enumerate(problem.names)}
    for i, sample in enumerate(problem.samples):
        person = truth.of[sample]
        names = marginals[i, : len(problem.names)]
        unreferenced, stranger = float(marginals[i, len(problem.names) : -1].sum()), float(marginals[i, -1])
        best = int(names.argmax())
        name, p = problem.names[best], float(names[best])
        partial = len(case.typings_by_sample[sample]) < markers
        strata = [f"{method}: name", f"{method}: {'partial' if partial else 'whole'}"]
        # by what is claimed, never by the truth: a stratum that knows of false claims would draw them
        if name.partition("/")[0] in with_kin:
            strata.append(f"{method}: kin")
        strata += [f"{method}: {stratum}" for stratum in further(name)]
        claims.add(strata, p, name == person)
        outside = person not in place
        claims.add([f"{method}: unreferenced"], unreferenced, outside and person != STRANGER)
        claims.add([f"{method}: stranger"], stranger, person == STRANGER)
        to_truth = stranger if person == STRANGER else unreferenced if outside else float(names[place[person]])
        claims.ln_truth[method].append(math.log(max(to_truth, 1e-300)))
        if p >= THRESHOLD and name != person:
            false = {"method": method, "seed": whole.seed, "samples": problem.samples, "sample": sample}
            claims.false.append({**false, "name": name, "posterior": p, "truth": person, "to_truth": to_truth})
