"""joint_calibration: of the claims to which the joint posterior gives about p, a share of about p is true.

Whole incidents of 183 names are drawn, and cut into incidents of which ten bodies, or nine fragments, are found, each
solved exactly: also by those who are wrong about the prior or about the model.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial

import numpy as np

from homeward.genetics import scenarios_of
from homeward.identify.joint.changes import with_faster_mutation
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.problem import Problem
from validation.studies.claims import THRESHOLD, Claims, claims_plot, gathered, worst_bin
from validation.studies.incidents import ALL, FAR, NEAR, SIZE, Whole, alone, sort, whole_incident, with_prior
from validation.studies.study import Bound, Outcome, Study, told

__all__ = ["JOINT_CALIBRATION"]

BODIES = 10
FRAGMENTS = 9
PIECES: Mapping[str, tuple[int, int]] = {
    "bodies": (96, SIZE // BODIES),
    "theta": (8, SIZE // BODIES),
    "fragments": (6, 10),
}
"""Whole incidents at scale 1, and into how many each is cut.

``bodies``: all 183 found; ``theta``: people of common descent, computed as if they were not; ``fragments``: three a
person on average, cut so twice, by fragment and by person.
"""
THETA = 0.02
CLAIMS = 6000
"""Claims above 0.9995 that scale 1 promises."""
Z = 4.0
WRONG_SHARE = 0.005
"""Share of false claims above 0.9995 that is borne with where relatedness is not computed: ten times what is said."""
KIN = {"brother": 3, "cousin": 2, "son": 1}
FRAGMENT_KIN = {"brother": 1}
STRATA = ("name", "kin", "partial", "whole", "unreferenced", "stranger")
OTHER_POPULATION = "US_NIST1036_Asian"
CAREFUL = ("strangers 0.3", "list of 366", "mutation x5")
"""Wrong assumptions that ought to make claims fewer and not false; what comes of the others is reported as it is."""
Piece = tuple[str, int, int]
"""Of which kind, its number among all, and into how many it is cut."""


def _piece(piece: Piece, seed: int) -> Claims:
    kind, number, cuts = piece
    return {"bodies": _bodies, "theta": _theta, "fragments": _fragments}[kind](seed + number, number, cuts)


def _bodies(seed: int, number: int, cuts: int) -> Claims:
    whole = _incident(seed, number)
    claims = Claims()
    others = _wrong_models(whole) if number % 3 == 2 else {}
    for k in range(cuts):
        samples = range(k * BODIES, (k + 1) * BODIES)
        problem = whole.cut(samples)
        sort(claims, "joint", solve_exactly(problem).marginals, problem, whole)
        sort(claims, "alone", alone(problem), problem, whole)
        if k % 3 == 0:
            wrong = {name: other.cut(samples) for name, other in others.items()} or _wrong_priors(problem, number)
            for name, each in wrong.items():
                sort(claims, name, solve_exactly(each).marginals, problem, whole)
    return claims


def _incident(seed: int, number: int, theta: float = 0.0) -> Whole:
    """Of six incidents four have near relatives, one has references for nearly everybody, one has far relatives."""
    return whole_incident(
        seed,
        relatives={4: ALL, 5: FAR}.get(number % 6, NEAR),
        second_relative=0.8,
        kin=KIN,
        bodies=SIZE,
        samples_are="bodies",
        theta=theta,
    )


def _wrong_priors(problem: Problem, number: int) -> Mapping[str, Problem]:
    if number % 3 == 0:
        return {"strangers 0.3": with_prior(problem, strangers=0.3)}
    return {
        "strangers 0.001": with_prior(problem, strangers=0.001),
        "list of 366": with_prior(problem, names=2 * SIZE),
    }


def _wrong_models(whole: Whole) -> Mapping[str, Whole]:
    faster = [replace(s, model=with_faster_mutation(s.model, 5.0)) for s in whole.scenarios]
    settings = whole.case.settings
    model = replace(settings.model, population=((OTHER_POPULATION, 1.0),), mutation="none")
    other = replace(whole.case, settings=replace(settings, model=model))
    return {
        "mutation x5": whole.seen_by(whole.case, faster),
        "another population, no mutation": whole.seen_by(other, scenarios_of(other)),
    }


def _theta(seed: int, number: int, cuts: int) -> Claims:
    whole = _incident(seed, number, THETA)
    claims = Claims()
    for k in range(cuts):
        problem = whole.cut(range(k * BODIES, (k + 1) * BODIES))
        sort(claims, "theta 0.02 unknown", solve_exactly(problem).marginals, problem, whole)
    return claims


def _fragments(seed: int, number: int, cuts: int) -> Claims:
    """Nine fragments of all as they come, as the prior has it; and all fragments of a few bodies, up to nine."""
    whole = whole_incident(
        seed,
        relatives=NEAR,
        second_relative=0.8,
        kin=FRAGMENT_KIN,
        bodies=None,
        fragments=3 * SIZE,
        samples_are="fragments",
        stranger_bodies=9,
    )
    claims = Claims()
    for k in range(cuts):
        _weigh(claims, "fragments", whole, range(k * FRAGMENTS, (k + 1) * FRAGMENTS))
    for samples in _by_body(whole, cuts):
        _weigh(claims, "few bodies", whole, samples)
    return claims


def _by_body(whole: Whole, cuts: int) -> Iterator[Sequence[int]]:
    """All fragments of one body after the other, until the next would be too many."""
    of_body: dict[int, list[int]] = {}
    for i, sample in enumerate(whole.problem.samples):
        of_body.setdefault(whole.truth.body[sample], []).append(i)
    now: list[int] = []
    for samples in of_body.values():
        if now and len(now) + len(samples) > FRAGMENTS:
            yield sorted(now)
            cuts, now = cuts - 1, []
            if not cuts:
                return
        if len(samples) <= FRAGMENTS:
            now += samples


def _weigh(claims: Claims, method: str, whole: Whole, samples: Sequence[int]) -> None:
    problem = whole.cut(samples)
    found = solve_exactly(problem)
    sort(claims, method, found.marginals, problem, whole)
    body = [whole.truth.body[s] for s in problem.samples]
    for i, j in zip(*np.triu_indices(len(body), 1), strict=True):
        claims.add([f"{method}: one body"], float(found.same_body[i, j]), body[i] == body[j])


def _work(scale: float, seed: int) -> Outcome:
    pieces = list(_pieces(scale))
    claims = gathered(told("joint_calibration", pieces, seed, _done(pieces, seed), _said))
    return _outcome(scale, pieces, claims)


def _outcome(scale: float, pieces: Sequence[Piece], claims: Claims) -> Outcome:
    found = len(claims.above("joint: name"))
    strata = [f"joint: {s}" for s in STRATA] + [f"fragments: {s}" for s in ("name", "one body", "unreferenced")]
    careful = gathered([Claims(rows={"all": claims.rows[f"{m}: name"]}) for m in CAREFUL])
    theta_false, _ = claims.false_above("theta 0.02 unknown: name")
    theta_found = len(claims.above("theta 0.02 unknown: name"))
    bounds = (
        Bound("claims above 0.9995 fewer than promised", max(0, math.ceil(CLAIMS * scale) - found), 0),
        Bound(
            "false claims above 0.9995, against the 99% quantile of their number", *claims.false_above("joint: name")
        ),
        Bound("the same of fragments, as the prior has them", *claims.false_above("fragments: name")),
        Bound("the same of fragments, three a body", *claims.false_above("few bodies: name")),
        Bound("the same where too many strangers, names or mutations are assumed", *careful.false_above("all")),
        Bound(
            "false claims above 0.9995 where θ is 0.02 and computed as 0, against one in 200 (at least one)",
            theta_false,
            max(1, math.ceil(WRONG_SHARE * theta_found)),
        ),
        Bound("largest miss of a bin's share of true claims, in standard errors", worst_bin(claims, strata), Z),
        Bound(
            "log loss of the joint posterior, against that of each bone alone",
            claims.loss("joint"),
            claims.loss("alone"),
        ),
    )
    incidents = {kind: sum(cuts for k, _, cuts in pieces if k == kind) for kind in PIECES}
    shown = [f"joint: {s}" for s in ("name", "kin", "partial", "unreferenced", "stranger")] + ["alone: name"]
    plot = claims_plot("Claims of the joint posterior against the share that is true", claims, shown)
    return Outcome(sum(incidents.values()), bounds, {"incidents": incidents, **claims.figures()}, plot)


def _pieces(scale: float) -> Iterator[Piece]:
    number = 0
    for kind, (incidents, cuts) in PIECES.items():
        fewer = math.ceil(incidents * scale)
        each = min(cuts, math.ceil(cuts * incidents * scale / fewer))
        for _ in range(fewer):
            yield kind, number, each
            number += 1


def _done(pieces: Sequence[Piece], seed: int) -> Iterator[Claims]:
    """In as many processes as there are cores for this one; each incident has a seed of its own."""
    one = partial(_piece, seed=seed)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1:
        yield from map(one, pieces)
        return
    with ProcessPoolExecutor(cores) as pool:
        yield from pool.map(one, pieces)


def _said(claims: Claims) -> str:
    kinds = [s for s in claims.rows if s.endswith(": name")]
    return f"{sum(len(claims.above(kind)) for kind in kinds)} names above {THRESHOLD}, {len(claims.false)} false"


JOINT_CALIBRATION = Study("joint_calibration", 183_183, _work)
