"""The slow, obviously right definition: every state one by one. Kept for good beside the solvers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from math import exp, fsum, inf, log

import numpy as np

from homeward.identify.joint.exact import Impossible
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointAssignment, JointMethod, JointPosterior
from homeward.identify.joint.problem import Problem

__all__ = ["LnDna", "Place", "State", "solve_by_enumeration"]

Place = tuple[str, int, int]
"""``name`` and which, ``group``, which group and which of its persons, or ``stranger`` and which body."""
State = tuple[Place, ...]
LnDna = Callable[[Sequence[State]], Sequence[float]]


def solve_by_enumeration(problem: Problem, ln_dna: LnDna | None = None) -> JointPosterior:
    """The joint posterior of a tiny problem; raises `Impossible` as `solve_exactly` does.

    ``ln_dna``: natural logs of the likelihood ratios of states, where they are no product of families' and bodies'.
    """
    states = [(state, _ln_prior(problem, state)) for state in _states(problem)]
    states = [(state, ln) for state, ln in states if ln > -inf]
    ratios = [_ln_lr(problem, state) for state, _ in states] if ln_dna is None else ln_dna([s for s, _ in states])
    weights = [
        (state, ln, ln + ln_lr + _ln_fits(problem, state), ln_lr)
        for (state, ln), ln_lr in zip(states, ratios, strict=True)
    ]
    top = max((w for _, _, w, _ in weights), default=-inf)
    if top == -inf:
        raise Impossible("no state of the incident can have led to what was seen")
    total = fsum(exp(w - top) for _, _, w, _ in weights)
    n, names, groups = len(problem.samples), len(problem.names), len(problem.groups)
    marginals, same = np.zeros((n, names + groups + 1)), np.zeros((n, n))
    bodies, no_sample = np.zeros(n + 1), np.ones(names)
    best: dict[tuple[str, ...], float] = {}
    ln_lrs: dict[tuple[str, ...], float] = {}
    glr = _Glr(n, names)
    for state, _, weight, ln_lr in weights:
        p = exp(weight - top) / total
        held = [_column(problem, place) for place in state]
        for i, column in enumerate(held):
            marginals[i, column] += p
        for name in {c for c in held if c < names}:
            no_sample[name] -= p
        for i in range(n):
            for j in range(n):
                same[i, j] += p if state[i] == state[j] else 0.0
        bodies[len(set(state))] += p
        labels = tuple(_label(problem, place) for place in state)
        best[labels] = best.get(labels, 0.0) + p
        ln_lrs[labels] = _ln_names(problem, state)
        glr.add(held, ln_lr)
    ranked = sorted(best.items(), key=lambda row: -row[1])[:100]
    assignments = tuple(
        JointAssignment(tuple(zip(problem.samples, labels, strict=True)), p, ln_lrs[labels])
        for labels, p in ranked
        if p
    )
    ln_prior = log(fsum(exp(ln) for _, ln in states))
    method = JointMethod("exact", float(len(states)), problem.ln_base + top + log(total) - ln_prior)
    names_of_groups = tuple(g.label for g in problem.groups)
    return JointPosterior(
        problem.samples,
        problem.names,
        names_of_groups,
        marginals,
        np.zeros_like(marginals),
        same,
        bodies,
        assignments,
        method,
        no_sample,
        glr.ln(),
    )


class _Glr:
    """The best likelihood ratio with each sample at each name, and outside."""

    def __init__(self, samples: int, names: int) -> None:
        self.best = np.full((samples, names + 1), -inf)

    def add(self, held: list[int], ln_lr: float) -> None:
        names = self.best.shape[1] - 1
        for i, column in enumerate(held):
            at = min(column, names)
            self.best[i, at] = max(self.best[i, at], ln_lr)

    def ln(self) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        found = np.full((len(self.best), self.best.shape[1] - 1), -inf)
        for i, row in enumerate(self.best):
            for name in range(found.shape[1]):
                if row[name] > -inf:
                    found[i, name] = row[name] - max(np.delete(row, name))
        return found


def _states(problem: Problem) -> Iterator[State]:
    n = len(problem.samples)
    listed: list[Place] = [("name", k, 0) for k in range(len(problem.names))]
    listed += [("group", g, u) for g, group in enumerate(problem.groups) for u in range(group.size)]
    for choice in product(
        range(len(listed) + (n if problem.one_sample_a_body else problem.prior.stranger_bodies)), repeat=n
    ):
        state = []
        for i, c in enumerate(choice):
            if c < len(listed):
                state.append(listed[c])
            elif problem.one_sample_a_body and c - len(listed) != i:
                break  # the body of a stranger has no number of its own
            else:
                state.append(("stranger", c - len(listed), 0))
        else:
            if _admissible(problem, state):
                yield tuple(state)


def _admissible(problem: Problem, state: list[Place]) -> bool:
    n = len(state)
    for i in range(n):
        for j in range(i + 1, n):
            if state[i] == state[j] and (problem.one_sample_a_body or (i, j) in problem.apart):
                return False
        if _ln_fit(problem, i, state[i]) == -inf:
            return False
    return True


def _ln_prior(problem: Problem, state: State) -> float:
    listed = sum(place[0] != "stranger" for place in state)
    if problem.one_sample_a_body:
        return problem.prior.ln_listed(listed, len(state))
    prior = problem.prior
    ln = prior.ln_on_list * listed if listed else 0.0
    return ln + (prior.ln_on_stranger * (len(state) - listed) if listed < len(state) else 0.0)


def _ln_fit(problem: Problem, sample: int, place: Place) -> float:
    kind, which, _ = place
    if kind == "name":
        return float(problem.ln_fit[sample, which])
    return problem.groups[which].ln_fit[sample] if kind == "group" else float(problem.ln_fit_stranger[sample])


def _ln_fits(problem: Problem, state: State) -> float:
    return sum(_ln_fit(problem, i, place) for i, place in enumerate(state))


def _ln_lr(problem: Problem, state: State) -> float:
    """DNA alone: of every family, and of every body outside."""
    total = _ln_names(problem, state)
    for place in {p for p in state if p[0] != "name"}:
        held: tuple[int, ...] = ()
        for i, at in enumerate(state):
            if at == place:
                total += float(problem.ln_body(held)[i]) if held else 0.0
                held = (*held, i)
    return total


def _ln_names(problem: Problem, state: State) -> float:
    total = 0.0
    for family in problem.families:
        held: tuple[tuple[int, ...], ...] = ((),) * len(family.names)
        for at, name in enumerate(family.names):
            for i, place in enumerate(state):
                if place == ("name", name, 0):
                    total += float(family.ln_given(at, held)[i])
                    if total == -inf:
                        return total
                    held = tuple((*h, i) if k == at else h for k, h in enumerate(held))
    return total


def _column(problem: Problem, place: Place) -> int:
    kind, which, _ = place
    if kind == "name":
        return which
    return len(problem.names) + (which if kind == "group" else len(problem.groups))


def _label(problem: Problem, place: Place) -> str:
    kind, which, _ = place
    return problem.names[which] if kind == "name" else UNREFERENCED if kind == "group" else STRANGER
