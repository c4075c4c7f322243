"""joint_sampled: claims of incidents too large to be summed, against the truth, each with the error it is known with.

A claim above 0.9995 counts where it would be proposed: crossed by four standard errors, by chains that converged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.solve import solve
from validation.studies.claims import THRESHOLD, Claims, claims_plot, gathered, most_false, worst_bin
from validation.studies.incidents import FAR, NEAR, SIZE, Whole, alone, sort, whole_incident
from validation.studies.study import Bound, Outcome, Study, told

__all__ = ["JOINT_SAMPLED"]

INCIDENTS: Mapping[str, int] = {
    "20 bodies": 16,
    "40 bodies": 8,
    "60 fragments of 20 bodies": 4,
    "100 bodies": 3,
    "183 bodies": 2,
    "549 fragments": 1,
}
"""Incidents at scale 1. The 549 fragments are drawn as the prior has it: about three a person."""
SECONDS = 60.0
"""Work allowed, as `run.seconds`."""
KIN = {"brother": 6, "cousin": 4, "son": 2}
Z = 4.0
STRATA = ("name", "kin", "partial", "whole", "unreferenced", "stranger")


def _incident(kind: str, seed: int) -> Whole:
    count = int(kind.split()[0])
    fragments = "fragments" in kind
    return whole_incident(
        seed,
        relatives=FAR if seed % 3 == 2 else NEAR,
        second_relative=0.8,
        kin=KIN,
        bodies=count if not fragments else 20 if count < SIZE else None,
        fragments=count if fragments else None,
        samples_are="fragments" if fragments else "bodies",
        stranger_bodies=9 if count > SIZE else 1,
    )


def _sampled(kind: str, seed: int, seconds: float) -> tuple[Claims, list[tuple[float, bool]], bool]:
    """Claims, those above the threshold that cross it, and whether the chains converged."""
    whole = _incident(kind, seed)
    found = solve(whole.problem, seed=1, method="sampled", seconds=seconds)
    claims = Claims()
    sort(claims, "joint" if found.method.converged else "not converged", found.marginals, whole.problem, whole)
    sort(claims, "alone", alone(whole.problem), whole.problem, whole)
    return claims, list(_proposed(found, whole)), found.method.converged


def _proposed(found: JointPosterior, whole: Whole) -> Iterator[tuple[float, bool]]:
    if not found.method.converged:
        return
    for i, sample in enumerate(found.samples):
        best = int(found.marginals[i, : len(found.names)].argmax())
        p = float(found.marginals[i, best])
        if Estimate(p, 1.0 - p, float(found.mc_error[i, best])).crosses(THRESHOLD):
            yield p, found.names[best] == whole.truth.of[sample]


def _work(scale: float, seed: int) -> Outcome:
    kinds = [kind for kind, count in INCIDENTS.items() for _ in range(round(count * scale))] or [next(iter(INCIDENTS))]
    pieces = list(enumerate(kinds))
    seconds = SECONDS * min(1.0, 10 * scale)
    done = told("joint_sampled", pieces, seed, (_sampled(kind, seed + k, seconds) for k, kind in pieces))
    each = list(done)
    claims = gathered(found for found, _, _ in each)
    proposed = [row for _, rows, _ in each for row in rows]
    converged = Counter(kind for kind, (_, _, yes) in zip(kinds, each, strict=True) if yes)
    false = sum(not true for _, true in proposed)
    bounds = (
        Bound(
            "false names proposed, against the 99% quantile of their number",
            false,
            most_false([1.0 - p for p, _ in proposed]),
        ),
        Bound(
            "largest miss of a bin's share of true claims, in standard errors",
            worst_bin(claims, [f"joint: {s}" for s in STRATA]),
            Z,
        ),
    )
    figures: dict[str, Any] = {
        "incidents": dict(Counter(kinds)),
        "converged": dict(converged),
        "proposed": len(proposed),
        "false_proposed": false,
        **claims.figures(),
    }
    return Outcome(len(kinds), bounds, figures, _plot(claims))


def _plot(claims: Claims) -> str:
    shown: Sequence[str] = [f"joint: {s}" for s in ("name", "kin", "partial", "unreferenced", "stranger")]
    return claims_plot("Claims of sampled posteriors against the share that is true", claims, [*shown, "alone: name"])


JOINT_SAMPLED = Study("joint_sampled", 549_183, _work)
