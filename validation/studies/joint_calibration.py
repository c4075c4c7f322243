"""joint_calibration: of the claims to which the joint posterior gives about p, a share of about p is true.

Whole incidents of 183 names are drawn, and cut into incidents of which ten bodies are found, each solved exactly.
"""

from __future__ import annotations

import math
import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case
from homeward.genetics import Scenario, scenarios_of
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.part import part_of
from homeward.identify.joint.problem import Family, Prior, Problem
from homeward.simulate import STRANGER, Truth, simulate_incident
from validation.joint import problem_of_case
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["JOINT_CALIBRATION"]

Floats = NDArray[np.float64]
Row = tuple[float, bool]

INCIDENTS = 150
"""Whole incidents at scale 1, each cut into eighteen."""
BODIES = 10
CUTS = 183 // BODIES
CLAIMS = 6000
"""Claims above the threshold that scale 1 promises."""
EDGES = (0.5, 0.9, 0.99, 0.9995, 1.0)
Z = 4.0
SIZE = 183
NEAR = {"child": 44, "brother": 12, "sister": 12, "grandson": 5, "grandchild": 4, "brothers-son": 2, "nobody": 5}
FAR = {"child": 9, "brother": 5, "sister": 5, "grandson": 19, "grandchild": 12, "brothers-son": 14, "sisters-child": 9}
FAR |= {"brothers-grandson": 6, "nobody": 5}
KINDS = (NEAR, NEAR, NEAR, NEAR, NEAR, FAR)
WRONG_STRANGERS = 0.3
WRONG_POPULATION = "US_NIST1036_Asian"


@dataclass(frozen=True)
class Claims:
    """What one incident's claims came to: stratum → (probability, true), and ln of what was given to the truth."""

    rows: Mapping[str, list[Row]]
    ln_truth: Mapping[str, list[float]]


def _incident(number: int, seed: int, cuts: int) -> Claims:
    """All cuts of one whole incident."""
    case, truth = simulate_incident(
        seed=seed + number,
        relatives=KINDS[number % len(KINDS)],
        second_relative=0.9,
        kin={"brother": 4, "cousin": 2},
        bodies=SIZE,
        samples_are="bodies",
        strangers=0.05,
        partial=0.2,
    )
    scenarios = scenarios_of(case)
    whole = problem_of_case(case, scenarios)
    rows: dict[str, list[Row]] = defaultdict(list)
    ln_truth: dict[str, list[float]] = defaultdict(list)
    for cut in range(cuts):
        samples = range(cut * BODIES, (cut + 1) * BODIES)
        problem = _cut(whole, case, scenarios, samples)
        known = {"joint": solve_exactly(problem).marginals, "alone": _alone(problem)}
        if cut % 5 == 0:
            prior = replace(problem.prior, strangers=WRONG_STRANGERS)
            known["wrong prior"] = solve_exactly(replace(problem, prior=prior)).marginals
        if cut % 5 == 1:
            known["wrong model"] = solve_exactly(_other_population(case, samples)).marginals
        for name, marginals in known.items():
            _sort(name, marginals, problem, case, truth, rows, ln_truth)
    return Claims(dict(rows), dict(ln_truth))


def _cut(whole: Problem, case: Case, scenarios: Sequence[Scenario], samples: Sequence[int]) -> Problem:
    """The incident of which only these are found; what several missing share is computed for these alone."""
    problem = part_of(whole, samples, range(len(whole.families)))
    several = [f for f, family in enumerate(problem.families) if len(family.names) > 1]
    ids = {problem.names[problem.families[f].names[0]].partition("/")[0] for f in several}
    small = problem_of_case(_only(case, samples, ids), scenarios)
    families = list(problem.families)
    for f, family in zip(several, small.families, strict=True):
        families[f] = Family(families[f].names, family.ln_given)
    return replace(problem, families=tuple(families))


def _only(case: Case, samples: Sequence[int], families: set[str] | None) -> Case:
    """The case with these remains and these families (None = all)."""
    remains = [case.remains[i] for i in samples]
    kept = {r.id for r in remains}
    chosen = tuple(f for f in case.families if families is None or f.id in families)
    ids = {f.id for f in chosen}
    people = tuple(s for s in case.samples if s.id in kept or s.source.partition("/")[0] in ids)
    named = {s.id for s in people}
    typings = tuple(t for t in case.typings if t.sample in named)
    return replace(case, families=chosen, remains=tuple(remains), samples=people, typings=typings)


def _other_population(case: Case, samples: Sequence[int]) -> Problem:
    """The same incident computed with the frequencies of others, without the mutations there were."""
    model = replace(case.settings.model, population=((WRONG_POPULATION, 1.0),), mutation="none")
    other = replace(_only(case, samples, None), settings=replace(case.settings, model=model))
    return problem_of_case(other, scenarios_of(other))


def _alone(problem: Problem) -> Floats:
    """Every sample by itself: the posterior over all places, shape (samples, names + groups + 1)."""
    prior: Prior = problem.prior
    listed, stranger = math.log((1.0 - prior.strangers) / prior.names), math.log(prior.strangers)
    ln = np.full((len(problem.samples), len(problem.names) + len(problem.groups) + 1), -math.inf)
    for family in problem.families:
        for at, name in enumerate(family.names):
            ln[:, name] = family.ln_given(at, ((),) * len(family.names)) + problem.ln_fit[:, name] + listed
    for g, group in enumerate(problem.groups):
        ln[:, len(problem.names) + g] = np.array(group.ln_fit) + math.log(group.size) + listed
    ln[:, -1] = problem.ln_fit_stranger + stranger
    weight = np.exp(ln - ln.max(axis=1, keepdims=True))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def _sort(
    method: str,
    marginals: Floats,
    problem: Problem,
    case: Case,
    truth: Truth,
    rows: dict[str, list[Row]],
    ln_truth: dict[str, list[float]],
) -> None:
    """Put every claim above one half into its strata."""
    with_kin = {person.partition("/")[0] for person in truth.kin}
    markers = len(case.markers)
    for i, sample in enumerate(problem.samples):
        person = truth.of[sample]
        names = marginals[i, : len(problem.names)]
        unreferenced, stranger = float(marginals[i, len(problem.names) : -1].sum()), float(marginals[i, -1])
        best = int(names.argmax())
        claims = [("name", float(names[best]), problem.names[best] == person)]
        strata = ["partial" if len(case.typings_by_sample[sample]) < markers else "whole"]
        if {problem.names[best].partition("/")[0], person.partition("/")[0]} & with_kin:
            strata.append("kin")
        outside = person not in problem.names
        claims += [
            ("unreferenced", unreferenced, outside and person != STRANGER),
            ("stranger", stranger, person == STRANGER),
        ]
        for kind, p, true in claims:
            for stratum in (kind, *strata) if kind == "name" else (kind,):
                if p >= EDGES[0]:
                    rows[f"{method}: {stratum}"].append((min(p, 1.0), bool(true)))
        given = (
            stranger if person == STRANGER else unreferenced if outside else float(names[problem.names.index(person)])
        )
        ln_truth[method].append(math.log(max(given, 1e-300)))


def _work(scale: float, seed: int) -> Outcome:
    incidents = max(1, math.ceil(INCIDENTS * scale))
    cuts = min(CUTS, max(3, round(CUTS * INCIDENTS * scale / incidents)))
    rows: dict[str, list[Row]] = defaultdict(list)
    ln_truth: dict[str, list[float]] = defaultdict(list)
    for claims in _incidents(incidents, seed, cuts):
        for stratum, more in claims.rows.items():
            rows[stratum] += more
        for method, values in claims.ln_truth.items():
            ln_truth[method] += values
    bins = {stratum: _bins(each) for stratum, each in sorted(rows.items())}
    loss = {method: -math.fsum(values) / len(values) for method, values in ln_truth.items()}
    sure = {m: [r for r in rows.get(f"{m}: name", ()) if r[0] > EDGES[-2]] for m in ln_truth}
    found = sure["joint"]
    false, most = sum(not true for _, true in found), most_false([1.0 - p for p, _ in found])
    right = [b for stratum, each in bins.items() if stratum.startswith("joint: ") for b in each]
    bounds = (
        Bound("claims above 0.9995 fewer than promised", max(0, math.ceil(CLAIMS * scale) - len(found)), 0),
        Bound("false claims above 0.9995, against the 99% quantile of their number", false, most),
        Bound("largest miss of a bin's share of true claims, in standard errors", max(abs(b["z"]) for b in right), Z),
        Bound("log loss of the joint posterior, against that of each bone alone", loss["joint"], loss["alone"]),
    )
    figures = {
        "incidents": incidents * cuts,
        "bodies": incidents * cuts * BODIES,
        "above_threshold": {m: len(each) for m, each in sure.items()},
        "false_above_threshold": {m: sum(not true for _, true in each) for m, each in sure.items()},
        "expected_false_above_threshold": {m: math.fsum(1.0 - p for p, _ in each) for m, each in sure.items()},
        "share_named": {m: interval(len(each), len(ln_truth[m])) for m, each in sure.items()},
        "log_loss": loss,
        "bins": bins,
    }
    return Outcome(incidents * cuts, bounds, figures, _plot(bins))


def _incidents(count: int, seed: int, cuts: int) -> Iterator[Claims]:
    """In as many processes as there are cores; each incident has a seed of its own."""
    one = partial(_incident, seed=seed, cuts=cuts)
    if count == 1:
        yield one(0)
        return
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        yield from pool.map(one, range(count))


def most_false(chances: Sequence[float], level: float = 0.99) -> int:
    """The quantile of the number of events with these chances, each by itself (Poisson-binomial)."""
    p = np.zeros(len(chances) + 1 if len(chances) < 200 else 200)
    p[0] = 1.0
    for q in chances:
        p[1:] = p[1:] * (1.0 - q) + p[:-1] * q
        p[0] *= 1.0 - q
    return int(np.searchsorted(np.cumsum(p), level))


def interval(true: int, count: int) -> tuple[float, float, float]:
    """A share with its 95% interval (Wilson 1927)."""
    if not count:
        return 0.0, 0.0, 1.0
    share, z = true / count, 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return share, max(0.0, middle - half), min(1.0, middle + half)


def _bins(pairs: Sequence[Row]) -> list[dict[str, Any]]:
    found = []
    for low, high in pairwise(EDGES):
        inside = [(p, true) for p, true in pairs if low <= p and (p < high or high == EDGES[-1])]
        if not inside:
            continue
        mean, true = math.fsum(p for p, _ in inside), sum(t for _, t in inside)
        # where hardly one false claim is expected, one is no evidence: a variance of one at least
        spread = math.sqrt(max(math.fsum(p * (1.0 - p) for p, _ in inside), 1.0))
        share, least, most = interval(true, len(inside))
        found.append(
            {
                "from": low,
                "to": high,
                "claims": len(inside),
                "mean_posterior": mean / len(inside),
                "true": true,
                "share": share,
                "low": least,
                "high": most,
                "z": (true - mean) / spread,
            }
        )
    return found


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1.0 - 1e-6)
    return math.log10(p / (1.0 - p))


def _plot(bins: Mapping[str, list[dict[str, Any]]]) -> str:
    ticks = [(_log_odds(p), f"{p:g}") for p in (0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)]
    low, high = _log_odds(0.1), _log_odds(0.99999)
    shown = ("joint: name", "joint: kin", "joint: partial", "joint: unreferenced", "joint: stranger", "alone: name")

    def place(p: float) -> float:
        return min(max(_log_odds(p), low), high)

    marks = [
        Mark(place(b["mean_posterior"]) + (k - 2.5) * 0.03, place(b["share"]), k, place(b["low"]), place(b["high"]))
        for k, stratum in enumerate(shown)
        for b in bins.get(stratum, ())
    ]
    return scatter_svg(
        "Claims of the joint posterior against the share that is true",
        Axis("mean posterior (log odds)", low, high, ticks),
        Axis("share true (log odds), 95% interval", low, high, ticks),
        marks,
        line=[(low, low), (high, high)],
        key=shown,
    )


JOINT_CALIBRATION = Study("joint_calibration", 183_183, _work)
