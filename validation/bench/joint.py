"""The joint figures: whole simulated incidents, solved exactly or sampled, with the time and the error side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from homeward.genetics import scenarios_of
from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.solve import solve
from homeward.simulate import simulate_incident
from validation.bench.measure import Work
from validation.joint import problem_of_case

__all__ = ["JOINT_FIGURES"]

POPULATION = "US_NIST1036_Asian"
MARKERS = 24
"""Of the 29 STRs of that table."""
KINDS = {
    "child": 9,
    "brother": 5,
    "sister": 5,
    "grandson": 20,
    "grandchild": 13,
    "brothers-son": 16,
    "sisters-child": 10,
    "brothers-grandson": 6,
}
"""84 families with one relative each."""
FEWER = {kind: families // 2 for kind, families in KINDS.items()}
SECONDS = 60.0
THRESHOLD = 0.9995


def _incident(method: str, **asked: Any) -> Work:
    """Weights and posterior of one incident, computed anew."""
    case, _ = simulate_incident(seed=1, population=POPULATION, **asked)
    kept = set(sorted(case.markers)[:MARKERS])
    case = replace(case, typings=tuple(t for t in case.typings if t.marker in kept))
    scenarios = scenarios_of(case)
    samples = len(case.remains)

    def run() -> JointPosterior:
        return solve(problem_of_case(case, scenarios), seed=1, method=method, seconds=SECONDS)

    size = {"samples": samples, "names": case.list_size, "families": len(case.families), "markers": len(case.markers)}
    return Work(run=run, size=size, units=samples, check=_errors, once=method == "sampled")


def _errors(found: JointPosterior) -> dict[str, Any]:
    m = found.method
    if m.name == "exact":
        return {"method": "exact", "states": m.states, "max_mc_error": 0.0, "max_rhat": None, "chains": 0}
    return {
        "method": "sampled",
        "max_mc_error": m.max_mc_error,
        "max_rhat": m.max_rhat,
        "min_ess": m.min_ess,
        "chains": m.chains,
        "converged": m.converged,
        "undecided": _undecided(found),
    }


def _undecided(found: JointPosterior) -> int:
    """Samples whose likeliest name may be above or below the threshold for all that is known."""
    names = len(found.names)
    count = 0
    for i, row in enumerate(found.marginals[:, :names]):
        p, e = float(row.max()), found.error_of(i, [int(row.argmax())])
        above = Estimate(p, 1.0 - p, e).crosses(THRESHOLD)
        below = Estimate(1.0 - p, p, e).crosses(1.0 - THRESHOLD)
        count += not above and not below
    return count


JOINT_FIGURES: dict[str, Callable[[], Work]] = {
    "joint_closed_183": partial(
        _incident, "sampled", relatives=KINDS, bodies=183, samples_are="bodies", strangers=0.0, partial=0.0
    ),
    "joint_fragments_600": partial(
        _incident,
        "sampled",
        relatives=KINDS,
        bodies=183,
        fragments=600,
        samples_are="fragments",
        strangers=0.05,
        stranger_bodies=10,
        partial=0.2,
    ),
    "joint_open_2000": partial(
        _incident,
        "sampled",
        size=2000,
        relatives=FEWER,
        bodies=400,
        samples_are="bodies",
        strangers=0.1,
        partial=0.2,
    ),
    "joint_exact_12": partial(
        _incident,
        "exact",
        size=12,
        relatives={"child": 2, "grandson": 2, "brothers-son": 2},
        kin={"brother": 4, "cousin": 2},
        bodies=12,
        samples_are="bodies",
        strangers=0.02,
    ),
}
