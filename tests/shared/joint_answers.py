"""A joint answer made by hand for the invented incident of the report's tests."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np

from homeward.identify import Result
from homeward.identify.joint.answer import Conclusion, Joint, Reason, Stress
from homeward.identify.joint.posterior import JointAssignment, JointMethod, JointPosterior

__all__ = ["EXACT", "SAMPLED", "hand_made", "with_joint"]

SAMPLES = ("R-01", "R-02", "R-03", "R-04", "R-05", "R-01b")
NAMES = ("F-61/M-112", "F-62/M-1", "F-62/M-2", "F-63/M-7", "F-64/M-9")
EXACT = JointMethod("exact", 184_756.0, -812.25)
SAMPLED = JointMethod(
    "sampled",
    chains=4,
    max_rhat=1.31,
    min_ess=12.0,
    max_mc_error=0.08,
    converged=False,
    approximations=("theta-by-family", "something-new"),
)
_OUTSIDE = {"L-1": 0.25}
_MARGINALS = {
    "R-01": ((0.99985, 0.00005, 0.00004, 0.0, 0.0), 0.00003, 0.00003),
    "R-02": ((0.00001, 0.538, 0.4619, 0.0, 0.0), 0.00004, 0.00005),
    "R-03": ((0.0, 0.4618, 0.5379, 0.0001, 0.0), 0.0001, 0.0001),
    "R-04": ((0.0, 0.0, 0.0, 0.9971, 0.0), 0.0009, 0.002),
    "R-05": ((0.0, 0.0, 0.0, 0.0002, 0.021), 0.0488, 0.93),
    "R-01b": ((0.99985, 0.00005, 0.00004, 0.0, 0.0), 0.00003, 0.00003),
}


def _posterior(method: JointMethod, error: float) -> JointPosterior:
    rows = [
        (*names, _OUTSIDE["L-1"] * outside, (1 - _OUTSIDE["L-1"]) * outside, stranger)
        for names, outside, stranger in _MARGINALS.values()
    ]
    marginals = np.array(rows)
    n = len(SAMPLES)
    same = np.eye(n)
    same[0, 5] = same[5, 0] = 0.99991
    same[1, 4] = same[4, 1] = 0.031
    counts = np.zeros(n + 1)
    counts[5], counts[4], counts[6] = 0.968, 0.03191, 0.00009
    best = dict(zip(SAMPLES, ("F-61/M-112", "F-62/M-1", "F-62/M-2", "F-63/M-7", "stranger", "F-61/M-112"), strict=True))
    turned = best | {"R-02": "F-62/M-2", "R-03": "F-62/M-1"}
    third = best | {"R-05": "unreferenced"}
    return JointPosterior(
        SAMPLES,
        NAMES,
        ("L-1", "male"),
        marginals,
        error * marginals * (1 - marginals),
        same,
        counts,
        tuple(
            JointAssignment(tuple(who.items()), p, ln_lr * log(10))
            for who, p, ln_lr in ((best, 0.47, 33.1), (turned, 0.404, 33.0), (third, 0.03, 33.1))
        ),
        method,
        1 - marginals[:, : len(NAMES)].max(axis=0),
    )


def hand_made(method: JointMethod = EXACT, *, signed: bool = False) -> Joint:
    """An identified body of two samples, two brothers either way round, one nearly, one of nobody."""
    error = 0.0 if method.name == "exact" else 0.2
    conclusions = (
        Conclusion(
            ("R-01", "R-01b"),
            ("F-61/M-112",),
            "identified",
            0.99985,
            9.2,
            8.4,
            error,
            (
                Reason("below-threshold", {"threshold": 0.9995}),
                Reason("runner-up", {"who": "F-62/M-1", "posterior": 0.00005}),
                Reason("kin-on-list", {"missing": "F-62/M-2", "relationship": "avuncular"}),
                Reason("something-new", {"missing": "F-62/M-1", "log10_lr": 2.21}),
            ),
            (
                Stress("theta:0.03", 0.9998, 9.0),
                Stress("edge:F-61/C1:father:unstated", 0.9912, 7.5),
                Stress("strangers:0.2", 0.9999),
            ),
        ),
        Conclusion(("R-02", "R-03"), ("F-62/M-1", "F-62/M-2"), "group", 0.9997, None, 5.4, error),
        Conclusion(("R-04",), ("F-63/M-7",), "probable", 0.9971, 5.5, 5.5, error),
        Conclusion(("R-05",), (), "inconclusive", None, mc_error=error),
    )
    posterior = _posterior(method, error)
    before = replace(posterior, marginals=0.9 * posterior.marginals + 0.1 / posterior.marginals.shape[1])
    return Joint(
        posterior,
        conclusions,
        0.99955,
        before if signed else None,
        ((0.9, 2, 0.9992), (0.98, 3, 0.99955), (1.0, 3, 0.9998)),
    )


def with_joint(result: Result, method: JointMethod = EXACT, *, signed: bool = False) -> Result:
    """The invented incident with its joint answer."""
    return replace(result, joint=hand_made(method, signed=signed))
