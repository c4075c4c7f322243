"""θ in the joint model: one urn of all families and all bodies, exactly for small incidents.

What one family shows tells of the allele frequencies of another, so under θ the likelihood of a state is no product
over families. Here every state's pedigree is put together and computed whole; larger incidents multiply families, each
with its own urn, which is an approximation and labelled so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from homeward.genetics import Model
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.oracle import State, solve_by_enumeration
from homeward.identify.joint.part import part_of
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.problem import Problem
from homeward.identify.mixture import View
from homeward.identify.screen import Column, Typed
from homeward.likelihood import Task, ln_likelihoods
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree

__all__ = ["MOST_STATES", "can_be_whole", "has_structure", "solve_whole", "theta_error"]

MOST_STATES = 3000
"""States up to which an incident is computed whole under θ."""
_MOST_PEOPLE = 60
_INSIDE, _FULL = 3, 1.0
"""Samples of one family of several that are weighed in one urn, and how many must be expected of it at least."""


def has_structure(model: Model) -> bool:
    """Whether founders share an urn at any locus."""
    return any(model.theta_at(locus) > 0 for locus in model.loci)


def can_be_whole(problem: Problem, view: View) -> bool:
    """Whether an incident is small and plain enough: one pedigree a family, one reading a sample, no haplotypes."""
    places = len(problem.names) + sum(g.size for g in problem.groups)
    places += 1 if problem.one_sample_a_body else problem.prior.stranger_bodies
    people = len({m.id for (_, c), *_ in view.columns for m in c.pedigree})
    plain = view.plain and not view.model.lineages
    return plain and places ** len(problem.samples) <= MOST_STATES and people <= _MOST_PEOPLE


def solve_whole(problem: Problem, view: View, samples: Sequence[Typed]) -> JointPosterior:
    """The joint posterior with every state's likelihood computed whole, all founders of a population from one urn.

    ``samples``: those of the problem, in its order; ``view``: whose columns hold the problem's names.
    """
    whole = _Whole(problem, view, samples)
    found = solve_by_enumeration(replace(problem, ln_base=0.0), whole.ln_states)
    # a pair's LR and a state's stand against nobody identified
    nobody = whole.ln_nobody()
    return replace(found, assignments=tuple(replace(a, ln_lr=whole.ln_of(a.who) - nobody) for a in found.assignments))


def theta_error(problem: Problem, view: View, samples: Sequence[Typed], found: JointPosterior) -> float | None:
    """The largest difference of a marginal between one urn and an urn a family, where it can be told.

    Taken are, on a list of these names alone, the two samples surest of a name with the families they may be of, and
    the three likeliest to be of one family of several names with that family.
    """
    names = len(problem.names)
    if not names or not len(problem.samples):
        return None
    best = found.marginals[:, :names].max(axis=1)
    two = np.argsort(-best, kind="stable")[:2].tolist()
    wanted = {int(found.marginals[i, :names].argmax()) for i in two}
    asked = [(two, [f for f, family in enumerate(problem.families) if wanted & set(family.names)])]
    inside = _fullest(problem, found)
    if inside is not None and inside not in asked:
        asked.append(inside)
    errors = [_difference(problem, view, samples, *each) for each in asked]
    return max((e for e in errors if e is not None), default=None)


def _fullest(problem: Problem, found: JointPosterior) -> tuple[list[int], list[int]] | None:
    """The family of several that most samples, of three, are likeliest to be of."""
    fullest: tuple[float, list[int], list[int]] = (_FULL, [], [])
    for f, family in enumerate(problem.families):
        if len(family.names) > 1:
            share = found.marginals[:, list(family.names)].sum(axis=1)
            likeliest = np.argsort(-share, kind="stable")[:_INSIDE].tolist()
            if float(share[likeliest].sum()) > fullest[0]:
                fullest = float(share[likeliest].sum()), likeliest, [f]
    return fullest[1:] if fullest[1] else None


def _difference(
    problem: Problem, view: View, samples: Sequence[Typed], chosen: Sequence[int], families: Sequence[int]
) -> float | None:
    """The largest difference of a marginal where only these samples and families are, None where that is too large."""
    part = part_of(problem, chosen, families)
    part = replace(part, groups=(), prior=replace(part.prior, kind="flat-assignments"), apart=frozenset())
    small = replace(view, columns=[c for c in view.columns if c[0][1].id in part.names])
    if not can_be_whole(part, small):
        return None
    whole = solve_whole(part, small, [samples[i] for i in chosen])
    return float(np.abs(whole.marginals - solve_exactly(part).marginals).max())


class _Whole:
    """Likelihoods of states, each distinct one computed once."""

    def __init__(self, problem: Problem, view: View, samples: Sequence[Typed]) -> None:
        self.problem = problem
        self.model: Model = view.model
        self.samples = samples
        columns: dict[str, Column] = {c.id: c for (_, c), *_ in view.columns}
        self.holders = [columns[name] for name in problem.names]
        self.members: dict[str, Member] = {m.id: m for c in columns.values() for m in c.pedigree}
        self.evidence = [
            {p: e for c in columns.values() for p, e in c.evidence.get(x.name, {}).items()} for x in self.model.loci
        ]
        self.known: dict[tuple[tuple[int, ...], ...], float] = {}

    def ln_states(self, states: Sequence[State]) -> list[float]:
        """Natural log likelihood of each state."""
        patterns = [self._pattern(state) for state in states]
        new = [p for p in dict.fromkeys(patterns) if p not in self.known]
        tasks = [task for pattern in new for task in self._tasks(pattern)]
        ln = ln_likelihoods(tasks).reshape(len(new), len(self.model.loci)).sum(axis=1) if tasks else np.zeros(len(new))
        self.known.update(zip(new, ln.tolist(), strict=True))
        return [self.known[p] for p in patterns]

    def ln_nobody(self) -> float:
        """With every sample of somebody unrelated to all."""
        alone = tuple(("stranger", i, 0) for i in range(len(self.samples)))
        return self.ln_states([alone])[0]

    def ln_of(self, who: Sequence[tuple[str, str]]) -> float:
        """Of an assignment by label, everybody outside being a body of his own."""
        state: State = tuple(
            ("name", self.problem.names.index(name), 0) if name in self.problem.names else ("stranger", i, 0)
            for i, (_, name) in enumerate(who)
        )
        return self.ln_states([state])[0]

    def _pattern(self, state: State) -> tuple[tuple[int, ...], ...]:
        """Who each body's samples are, names first: all that the likelihood depends on."""
        names = [tuple(i for i, p in enumerate(state) if p == ("name", k, 0)) for k in range(len(self.holders))]
        places = {p for p in state if p[0] != "name"}
        outside = sorted(tuple(i for i, p in enumerate(state) if p == place) for place in places)
        return (*names, *outside)

    def _tasks(self, pattern: tuple[tuple[int, ...], ...]) -> list[Task]:
        names = len(self.holders)
        bodies = [Member(f"body {k}", sex="unknown") for k in range(len(pattern) - names)]
        pedigree = Pedigree([*self.members.values(), *bodies])
        tasks = []
        for locus, references in zip(self.model.loci, self.evidence, strict=True):
            seen: dict[str, Evidence] = dict(references)
            for k, held in enumerate(pattern):
                person = self.holders[k].person if k < names else bodies[k - names].id
                ploidy = self.holders[k].ploidy(locus) if k < names else (2 if locus.kind == "autosomal" else None)
                for i in held:
                    e = self.samples[i].evidence.get(locus.name, {}).get(ploidy or 0)
                    if e is not None:
                        seen[person] = e.times(seen[person]) if person in seen else e
            tasks.append(Task(pedigree, locus, seen, theta=self.model.theta_at(locus)))
        return tasks
