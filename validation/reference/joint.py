"""What we claim of whole incidents: the joint posterior, exact and sampled, and all assignments one by one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from homeward.identify.joint.exact import solve_exactly, states
from homeward.identify.joint.problem import Problem
from validation.joint import STRANGER, JointIncident, Solved, every_assignment, flat_problem
from validation.reference.registry import apart, claim, ln, worst

__all__: list[str] = []

Json = Mapping[str, Any]

LN_SCALE = 10.0
"""Natural logs may differ by 1e-7 and posteriors by 1e-6: the check's tolerance is the latter."""
SECONDS = 20.0
"""What sampling one of these small incidents may take."""


@claim("10_joint", "exact")
def exact(case: Json) -> float:
    """Absolute difference of every probability and of ln evidence; the number of states must be equal."""
    incident, expected = JointIncident(case), case["expected"]
    solved = incident.solved("exact")
    found = [apart(ours, theirs) for ours, theirs, _ in _probabilities(incident, solved, expected)]
    bodies = expected.get("number_of_bodies")
    if bodies is not None:
        ours = solved.posterior.bodies
        found += [apart(float(p), bodies.get(str(k), 0.0)) for k, p in enumerate(ours)]
    method = solved.posterior.method
    if expected.get("ln_evidence") is not None:
        found.append(apart(_number(method.ln_evidence), expected["ln_evidence"]))
    if expected.get("n_states") is not None:
        found.append(_equal(_number(method.states), expected["n_states"]))
    return worst(found)


@claim("10_joint", "sampled")
def sampled(case: Json) -> float:
    """Difference of every probability in Monte Carlo standard errors."""
    incident = JointIncident(case)
    solved = incident.solved("sampled", seconds=SECONDS)
    if solved.posterior.method.name != "sampled" or not solved.posterior.method.converged:
        return math.inf
    return worst(
        [
            abs(ours - theirs) / error if abs(ours - theirs) > 1e-9 else 0.0
            for ours, theirs, error in _probabilities(incident, solved, case["expected"])
        ]
    )


def _probabilities(incident: JointIncident, solved: Solved, expected: Json) -> Iterator[tuple[float, float, float]]:
    """Ours, the corpus', and the standard error of ours."""
    for sample, row in (expected.get("posterior") or {}).items():
        if not set(row) <= {*incident.names, STRANGER}:
            yield math.inf, 0.0, 0.0
        for name in (*incident.names, STRANGER):
            yield solved.probability(sample, name), row.get(name) or 0.0, solved.error(sample, name) or math.nan
    least = solved.posterior.method.min_ess or math.nan
    for one, other, theirs in expected.get("same_body") or ():
        yield solved.together(one, other), theirs, math.sqrt(max(theirs * (1.0 - theirs), 1.0 / least) / least)


@claim("03_dvi", "joint")
def joint(case: Json) -> float:
    """Absolute difference of posteriors, and ten times that of natural logs; counts must be equal."""
    expected = case["expected"]
    size, table = expected.get("n_assignments") or {}, expected.get("joint")
    problem, places = flat_problem(case)
    found = []
    if size.get("type") == "exact":
        found.append(_equal(states(problem), size["size"]))
    if table:
        found += _full_table(problem, places, table)
    if expected.get("best"):
        best = max(problem.ln_base + a.ln_lr for a in solve_exactly(problem).assignments)
        found.append(LN_SCALE * apart(best, ln(expected["best"]["loglik"])))
    return worst(found)


def _full_table(problem: Problem, places: Mapping[str, int], table: Json) -> Iterator[float]:
    reduced = table.get("grid_reduced_to_pairwise_LR_positive")
    rows = states(_without_impossible_pairs(problem) if reduced else problem)
    ours = every_assignment(problem)
    solved = solve_exactly(problem)
    yield _equal(rows, table.get("n_rows"))
    yield _equal(len(ours), table.get("n_finite"))
    if table.get("logsumexp_loglik") is not None:
        total = _number(solved.method.ln_evidence) + math.log(_number(solved.method.states))
        yield LN_SCALE * apart(total, table["logsumexp_loglik"])
        yield LN_SCALE * apart(float(np.logaddexp.reduce(ours)), table["logsumexp_loglik"])
    marginals = table.get("flat_prior_posterior_pairing")
    if marginals is not None:
        for sample, values in zip(marginals["rows"], marginals["values"], strict=True):
            at = problem.samples.index(sample)
            for name, value in zip(marginals["cols"], values, strict=True):
                column = len(problem.names) + len(problem.groups) if name == "*" else places[name]
                yield apart(float(solved.marginals[at, column]), value or 0.0)
    if table.get("top"):
        theirs = sorted((ln(x) for x in table["top"]["loglik"]), reverse=True)
        impossible = [-math.inf] * max(0, int(rows) - len(ours))
        best = [*ours.tolist(), *impossible][: len(theirs)]
        yield _equal(len(best), len(theirs))
        yield LN_SCALE * worst([apart(a, b) for a, b in zip(best, theirs, strict=False)])


def _equal(ours: float, theirs: float | None) -> float:
    """0 where two counts are equal or there is nothing to compare with."""
    return 0.0 if theirs is None or ours == theirs else math.inf


def _without_impossible_pairs(problem: Problem) -> Problem:
    """Every pairing that is impossible by itself is left out of the table, not counted as a row of zero."""
    fit = problem.ln_fit.copy()
    for family in problem.families:
        nobody = ((),) * len(family.names)
        for at, name in enumerate(family.names):
            fit[family.ln_given(at, nobody) == -math.inf, name] = -math.inf
    return replace(problem, ln_fit=fit)


def _number(value: float | None) -> float:
    return math.nan if value is None else value
