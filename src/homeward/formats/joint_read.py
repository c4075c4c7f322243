"""The `joint` part of a result file read again: what `joint_json` wrote."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from homeward.identify.joint.answer import Conclusion, Joint
    from homeward.identify.joint.posterior import JointMethod, JointPosterior

__all__ = ["read_conclusions", "read_joint", "read_posterior"]

_LN10 = math.log(10.0)
_METHOD = ("states", "chains", "max_rhat", "min_ess", "max_mc_error", "theta_error")


def read_joint(joint: Mapping[str, Any]) -> Joint:
    """A joint answer. What a file does not tell is empty: the consensus of a body, and of sampled states all but their
    figures."""
    from homeward.identify.joint.answer import BodyProfile, Fragment, Joint

    bodies = tuple(
        BodyProfile(
            tuple(b["samples"]),
            b["posterior"],
            b["missing"],
            tuple(Fragment(f["sample"], f["markers"], f["new"], f["log10_lr"]) for f in b["fragments"]),
            (),
        )
        for b in joint.get("bodies", ())
    )
    before = joint.get("unconditioned")
    return Joint(
        read_posterior(joint),
        read_conclusions(joint["conclusions"]),
        joint["all_right"],
        None if before is None else read_posterior({**joint, "marginals": before}),
        tuple((c["probability"], c["names"], c["all_right"]) for c in joint["complete"]),
        bodies,
        joint.get("all_right_mc_error", 0.0),
    )


def read_posterior(joint: Mapping[str, Any]) -> JointPosterior:
    """The posterior of a result's ``joint``; listed persons without references are one column, as they are written."""
    from homeward.identify.joint.posterior import UNREFERENCED, JointAssignment, JointPosterior

    rows = joint["marginals"]
    samples = tuple(dict.fromkeys(row["sample"] for row in rows))
    width = len(rows) // len(samples) if samples else 2
    names = tuple(row["who"] for row in rows[: width - 2])
    marginals = np.array([row["posterior"] for row in rows], dtype=np.float64).reshape(len(samples), width)
    errors = np.array([row.get("mc_error", 0.0) for row in rows], dtype=np.float64).reshape(len(samples), width)
    at = {s: i for i, s in enumerate(samples)}
    same = np.eye(len(samples))
    for pair in joint["same_individual"]:
        i, j = at.get(pair["a"]), at.get(pair["b"])
        if i is None or j is None:
            continue
        same[i, j] = same[j, i] = pair["posterior"]
    bodies = np.zeros(len(samples) + 1)
    for row in joint["individuals"]:
        bodies[row["count"]] = row["posterior"]
    nobody = {row["missing"]: row["posterior"] for row in joint.get("nobody_found", ())}
    best = tuple(
        JointAssignment(
            tuple(a["who"].items()), a["posterior"], -math.inf if a["log10_lr"] is None else a["log10_lr"] * _LN10
        )
        for a in joint["assignments"]
    )
    return JointPosterior(
        samples,
        names,
        (UNREFERENCED,),
        marginals,
        errors,
        same,
        bodies,
        best,
        _method(joint["method"]),
        np.array([nobody.get(m, math.nan) for m in names], dtype=np.float64),
    )


def _method(told: Mapping[str, Any]) -> JointMethod:
    from homeward.identify.joint.posterior import JointMethod

    known = {key: told[key] for key in _METHOD if key in told}
    evidence = told["log_evidence"] * _LN10 if "log_evidence" in told else None
    return JointMethod(
        told["name"],
        ln_evidence=evidence,
        converged=told.get("converged", True),
        approximations=tuple(told.get("approximations", ())),
        **known,
    )


def read_conclusions(rows: Sequence[Mapping[str, Any]]) -> tuple[Conclusion, ...]:
    """What was concluded, with reasons, stress tests and relatives."""
    return tuple(map(_conclusion, rows))


def _conclusion(row: Mapping[str, Any]) -> Conclusion:
    from homeward.identify.joint.answer import Conclusion, Reason, Stress, Untested

    return Conclusion(
        tuple(row["samples"]),
        tuple(row["missing"]),
        row["conclusion"],
        row.get("posterior"),
        _lr(row, "log10_lr"),
        _lr(row, "log10_glr"),
        row.get("mc_error", 0.0),
        tuple(Reason(r["code"], {k: v for k, v in r.items() if k != "code"}) for r in row["reasons"]),
        tuple(Stress(s["change"], s["posterior"], _lr(s, "log10_lr")) for s in row.get("stress", ())),
        tuple(Untested(u["change"], u["why"]) for u in row.get("untested", ())),
        tuple((r["relative"], -math.inf if r["log10_lr"] is None else r["log10_lr"]) for r in row.get("relatives", ())),
    )


def _lr(row: Mapping[str, Any], key: str) -> float | None:
    """A log10 LR where the row tells one; null is an LR of 0."""
    return None if key not in row else -math.inf if row[key] is None else row[key]
