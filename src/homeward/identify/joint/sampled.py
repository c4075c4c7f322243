"""The joint posterior by Markov chains, where it is too large to be summed.

Stages double in length, all earlier ones being thrown away, until the errors are as small as asked or the work allowed
is done. Work is counted in steps, never in time: the same seed gives the same numbers on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Progress, silent
from homeward.identify.joint.diagnostics import Diagnosis, diagnose
from homeward.identify.joint.fillings import Fillings
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointAssignment, JointMethod, JointPosterior
from homeward.identify.joint.problem import Problem
from homeward.identify.joint.starts import start
from homeward.identify.joint.sweeps import Runner, advance
from homeward.identify.joint.tables import Body, Tables
from homeward.identify.joint.tally import BATCHES, Tally

__all__ = ["solve_by_sampling"]

Floats = NDArray[np.float64]

_STEPS_A_SECOND = 600_000
"""Steps that two cores make in a second, roughly: all that ``seconds`` means."""
_BEST = 100


def solve_by_sampling(
    problem: Problem,
    *,
    seed: int,
    seconds: float = 60.0,
    chains: int = 4,
    target_error: float = 0.01,
    threshold: float = 0.9995,
    progress: Progress = silent,
) -> JointPosterior:
    """The joint posterior by sampling, to a standard error of ``target_error`` of every marginal.

    ``threshold``: it should be clear besides which marginals are above it. ``seconds``: about how much work is done at
    most, on two cores. Whether that was enough is in `JointMethod`:
    nothing is called converged unless split-R̂ < 1.01 and more than 400 effective draws stand behind every marginal.
    Raises `Impossible` where no possible state is found.
    """
    tables = Tables(problem)
    fillings = Fillings(tables)
    runners = [Runner(start(tables, Random(f"{seed} {k}"), k), fillings) for k in range(chains)]
    for runner in runners:
        runner.warm_up()
    budget = seconds * _STEPS_A_SECOND
    spent, sweeps, expected = 0.0, 2 * BATCHES, 0.0
    while True:
        before = sum(r.chain.steps for r in runners)
        progress("joint-sampling", min(int(spent), int(budget)), int(budget))
        tallies = advance(runners, sweeps, expected)
        used = sum(r.chain.steps for r in runners) - before
        spent += used
        found = diagnose(tallies)
        missing = max(found.most_error / target_error, found.undecided(tables.names, threshold))
        if sweeps > 2 * BATCHES and found.converged and missing <= 1.0:
            break
        left = int((budget - spent) / used * sweeps) if used else 0
        if left < sweeps * 3 // 2 and sweeps > 2 * BATCHES:
            break
        # an error is halved by four times the sweeps
        factor = min(max(1.2 * missing**2, 2.0), 8.0, max(2.0, left / sweeps))
        expected = used * factor
        sweeps = max(2, int(sweeps * factor) // (2 * BATCHES)) * 2 * BATCHES
        for runner, tally in zip(runners, tallies, strict=True):
            runner.plan(tally)
    progress("joint-sampling", int(budget), int(budget))
    return _posterior(tables, tallies, found)


def _posterior(tables: Tables, tallies: list[Tally], found: Diagnosis) -> JointPosterior:
    p = tables.problem
    draws = float(sum(t.sweeps for t in tallies))
    marginals = np.clip(found.mean, 0.0, 1.0)
    marginals /= marginals.sum(axis=1, keepdims=True)
    states = np.array([state for t in tallies for state in t.states], dtype=np.intp)
    states = states.reshape(sum(len(t.states) for t in tallies), tables.n)
    same = np.eye(tables.n)
    if tables.single:
        no_sample = np.clip(1.0 - marginals[:, : tables.names].sum(axis=0), 0.0, 1.0)
    else:
        no_sample = 1.0 - np.sum([t.occupied for t in tallies], axis=0) / draws
        same = np.maximum(same, np.sum([t.same for t in tallies], axis=0) / draws)
    return JointPosterior(
        p.samples,
        p.names,
        tuple(g.label for g in p.groups),
        marginals,
        found.error,
        same,
        np.asarray(np.sum([t.bodies for t in tallies], axis=0) / draws),
        _assignments(tables, states),
        JointMethod(
            "sampled",
            chains=len(tallies),
            max_rhat=found.rhat,
            min_ess=found.ess,
            max_mc_error=found.most_error,
            converged=found.converged,
        ),
        no_sample,
        states=states,
    )


def _assignments(tables: Tables, states: NDArray[np.intp]) -> tuple[JointAssignment, ...]:
    """The states met most often, groups without kin taken together."""
    names, samples = tables.names, tables.problem.samples
    label = [*tables.problem.names, *(UNREFERENCED for _ in tables.problem.groups), STRANGER]
    merged = np.where((states >= names) & (states < tables.stranger), names, states)
    met, times = np.unique(merged, axis=0, return_counts=True)
    found = []
    for k in np.argsort(-times, kind="stable")[:_BEST].tolist():
        columns = met[k].tolist()
        who = tuple(zip(samples, (label[c] for c in columns), strict=True))
        found.append(JointAssignment(who, float(times[k]) / len(states), _ln_lr(tables, columns)))
    return tuple(found)


def _ln_lr(tables: Tables, columns: Sequence[int]) -> float:
    """ln of how much more all families weigh with these samples at their names."""
    held: dict[int, Body] = {}
    for i, c in enumerate(columns):
        if c < tables.names:
            held[c] = (*held.get(c, ()), i)
    families = [tuple(held.get(name, ()) for name in family.names) for family in tables.problem.families]
    return sum(tables.ln_family(f, each) for f, each in enumerate(families) if any(each))
