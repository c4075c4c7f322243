"""From a case to its joint posterior: exactly where that is possible, else sampled; every population weighed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Merging, Sample, units
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Model
from homeward.identify.joint.claims import Chance, exact_chance, mixed_chance, posterior_chance
from homeward.identify.joint.exact import MOST_WORK, solve_exactly, work
from homeward.identify.joint.posterior import JointAssignment, JointMethod, JointPosterior
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.structure import can_be_whole, has_structure, solve_whole, theta_error
from homeward.identify.joint.weights import joined_readings, problem_of
from homeward.identify.mixture import View
from homeward.identify.screen import Typed
from homeward.observe import Profiles

__all__ = ["Solved", "joint_posterior", "problems_of", "solve", "units_of"]

Floats = NDArray[np.float64]

_MOST_ASKED = 100 * MOST_WORK
"""Additions up to which ``exact`` may be insisted on."""


def joint_posterior(
    case: Case,
    views: Sequence[View],
    profiles: Sequence[Profiles],
    merging: Merging,
    *,
    seed: int,
    progress: Progress = silent,
) -> Solved:
    """The joint posterior of all remains samples of a case.

    ``views``: all remains samples and all missing persons as each population sees them, ``profiles`` one a view. Raises
    `Impossible` where no state that the prior allows can have led to what was seen.
    """
    joined = units_of(case, views[0])
    problems = problems_of(case, views, profiles, merging, joined)
    run = case.settings.run
    found = []
    for problem, view in zip(problems, views, strict=True):
        if has_structure(view.model) and can_be_whole(problem, view):
            found.append(solve_whole(problem, view, _plain(view, joined)))
            continue
        threshold = case.settings.thresholds.posterior
        one = solve(problem, seed=seed, method=run.joint, seconds=run.seconds, threshold=threshold, progress=progress)
        one = _labelled(one, problem, view, joined) if has_structure(view.model) else one
        found.append(_with_lines(one, view.model))
    share = _shares(problems, found, [v.weight for v in views])
    return Solved(_of_samples(_mixed(found, share), joined), tuple(problems), tuple(share), joined)


def _plain(view: View, joined: Sequence[Sequence[Sample]]) -> list[Typed]:
    """The only reading of every unit."""
    place = {readings[0][1].id: readings for readings in view.samples}
    return [joined_readings([place[s.id] for s in unit])[0][1] for unit in joined]


def _with_lines(found: JointPosterior, model: Model) -> JointPosterior:
    """Under θ two families' haplotypes tell of each other too; that is left out, and labelled."""
    if not any(lineage.theta > 0 for lineage in model.lineages):
        return found
    approximations = (*found.method.approximations, "lineage-theta-by-family")
    return replace(found, method=replace(found.method, approximations=approximations))


def _labelled(
    found: JointPosterior, problem: Problem, view: View, joined: Sequence[Sequence[Sample]]
) -> JointPosterior:
    """An urn for each family is an approximation; how much it matters is measured where two samples contend most."""
    error = None
    if view.plain:
        error = theta_error(problem, view, _plain(view, joined), found)
    approximations = (*found.method.approximations, "theta-by-family")
    return replace(found, method=replace(found.method, approximations=approximations, theta_error=error))


@dataclass(frozen=True, eq=False)
class Solved:
    """A posterior over samples, and what it was found from.

    ``problems``: one a population, over units; ``shares``: their posterior weights; ``joined``: each unit's samples.
    """

    posterior: JointPosterior
    problems: tuple[Problem, ...]
    shares: tuple[float, ...]
    joined: tuple[tuple[Sample, ...], ...]

    @property
    def chance(self) -> Chance:
        """P(several claims together)."""
        if self.posterior.method.name == "sampled" or any(work(p) > MOST_WORK for p in self.problems):
            return posterior_chance(self.posterior)
        unit = {s.id: samples[0].id for samples in self.joined for s in samples}
        return mixed_chance([exact_chance(p, unit) for p in self.problems], self.shares)


def units_of(case: Case, view: View) -> tuple[tuple[Sample, ...], ...]:
    """Samples known to be of one body, joined unless their DNA cannot be of one person."""
    place = {readings[0][1].id: readings for readings in view.samples}
    found: list[tuple[Sample, ...]] = []
    for unit in units(case):
        readings = joined_readings([place[s.id] for s in unit])
        possible = any(
            all(e.genotypes for read in typed.evidence.values() for e in read.values()) for _, typed in readings
        )
        found.extend([unit] if possible else [(s,) for s in unit])
    return tuple(found)


def problems_of(
    case: Case,
    views: Sequence[View],
    profiles: Sequence[Profiles],
    merging: Merging,
    joined: Sequence[Sequence[Sample]],
) -> list[Problem]:
    """One problem a population."""
    return [problem_of(case, view, seen, merging, joined) for view, seen in zip(views, profiles, strict=True)]


def solve(
    problem: Problem,
    *,
    seed: int,
    method: str = "auto",
    seconds: float = 60.0,
    threshold: float = 0.9995,
    progress: Progress = silent,
) -> JointPosterior:
    """The posterior of one problem: ``auto`` is exact up to `MOST_WORK`.

    Raises `Refusal` with ``joint-too-large`` where ``exact`` is asked of a problem too large to be summed.
    """
    if method == "exact" and work(problem) > _MOST_ASKED:
        fault = Fault(
            "joint-too-large",
            f"{len(problem.samples)} bodies of unknown name are too many to be summed exactly",
            'set run.joint = "auto" or "sampled", or run with --pairwise',
            file="case.toml",
            column="run.joint",
        )
        raise Refusal([fault])
    if method == "exact" or (method == "auto" and work(problem) <= MOST_WORK):
        return solve_exactly(problem, progress=progress)
    # the compiler behind it takes a second to import, which an exact answer need not wait for
    from homeward.identify.joint.sampled import solve_by_sampling

    return solve_by_sampling(problem, seed=seed, seconds=seconds, threshold=threshold, progress=progress)


def _shares(problems: Sequence[Problem], found: Sequence[JointPosterior], weights: Sequence[float]) -> list[float]:
    """The posterior weight of each population: how well it explains everything together."""
    exact = all(f.method.ln_evidence is not None for f in found)
    ln = np.array(
        [
            (log(w) if w > 0 else -inf) + (float(f.method.ln_evidence or 0.0) if exact else p.ln_base)
            for p, f, w in zip(problems, found, weights, strict=True)
        ]
    )
    return [float(x) for x in np.exp(ln - np.logaddexp.reduce(ln))]


def _mixed(found: Sequence[JointPosterior], share: Sequence[float]) -> JointPosterior:
    """The posteriors under several populations together."""
    if len(found) == 1:
        return found[0]

    def average(values: Sequence[Floats]) -> Floats:
        return np.asarray(sum(s * v for s, v in zip(share, values, strict=True)))

    ranked: dict[tuple[tuple[str, str], ...], tuple[float, float]] = {}
    for s, f in zip(share, found, strict=True):
        for a in f.assignments:
            posterior, ln_lr = ranked.get(a.who, (0.0, a.ln_lr))
            ranked[a.who] = (posterior + s * a.posterior, ln_lr)
    best = sorted(ranked.items(), key=lambda row: -row[1][0])[:100]
    method = _method([f.method for f in found])
    return replace(
        found[0],
        marginals=average([f.marginals for f in found]),
        mc_error=np.sqrt(average([f.mc_error**2 for f in found])),
        same_body=average([f.same_body for f in found]),
        bodies=average([f.bodies for f in found]),
        no_sample=average([f.no_sample for f in found]),
        assignments=tuple(JointAssignment(who, p, ln_lr) for who, (p, ln_lr) in best),
        method=method,
        ln_glr=None,
        states=_states(found, share),
    )


def _states(found: Sequence[JointPosterior], share: Sequence[float]) -> NDArray[np.intp] | None:
    """States drawn under each population, as many as its share."""
    drawn = [f.states for f in found if f.states is not None]
    if len(drawn) < len(found):
        return None
    parts = [
        states[np.linspace(0, len(states) - 1, round(s * len(states))).astype(np.intp)]
        for s, states in zip(share, drawn, strict=True)
    ]
    return np.concatenate(parts)


def _method(each: Sequence[JointMethod]) -> JointMethod:
    if all(m.name == "exact" for m in each):
        # the evidence of a mixture is no sum of states of one population
        return replace(each[0], ln_evidence=None)
    sampled = [m for m in each if m.name == "sampled"]
    return replace(
        sampled[0],
        max_rhat=max((m.max_rhat for m in sampled if m.max_rhat is not None), default=None),
        min_ess=min((m.min_ess for m in sampled if m.min_ess is not None), default=None),
        max_mc_error=max((m.max_mc_error for m in sampled if m.max_mc_error is not None), default=None),
        converged=all(m.converged for m in sampled),
        # which population it is was weighed by the profiles as if nobody were identified
        approximations=tuple(dict.fromkeys((*sampled[0].approximations, "population-weights"))),
    )


def _of_samples(found: JointPosterior, joined: Sequence[Sequence[Sample]]) -> JointPosterior:
    """From units to samples: those of one body share its row."""
    if all(len(unit) == 1 for unit in joined):
        return found
    at = np.array([k for k, unit in enumerate(joined) for _ in unit], dtype=np.intp)
    ids = tuple(s.id for unit in joined for s in unit)
    members = {unit[0].id: tuple(s.id for s in unit) for unit in joined}
    assignments = tuple(
        replace(a, who=tuple((id, name) for first, name in a.who for id in members[first])) for a in found.assignments
    )
    return replace(
        found,
        samples=ids,
        marginals=found.marginals[at],
        mc_error=found.mc_error[at],
        same_body=found.same_body[np.ix_(at, at)],
        assignments=assignments,
        ln_glr=None if found.ln_glr is None else found.ln_glr[at],
    )
