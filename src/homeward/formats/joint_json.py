"""The `joint` part of a result file: every log base 10, rows in the order of the case."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from homeward.identify import Result
    from homeward.identify.joint.answer import BodyProfile, Conclusion, Joint, Reason, Stress
    from homeward.identify.joint.posterior import JointMethod, JointPosterior

__all__ = ["joint_json"]

_LN10 = math.log(10.0)


def joint_json(result: Result, joint: Joint) -> dict[str, Any]:
    """The value of `joint`, as `docs/result.schema.json` states it."""
    p = joint.posterior
    order = _order(result, p)
    value: dict[str, Any] = {
        "method": _method(p.method),
        "marginals": _marginals(p, order),
        "individuals": [{"count": k, "posterior": _probability(x)} for k, x in enumerate(p.bodies) if x > 0],
        "same_individual": _same(p, order),
        "assignments": [
            {"who": dict(a.who), "posterior": _probability(a.posterior), "log10_lr": _log10(a.ln_lr / _LN10)}
            for a in p.assignments
        ],
        "conclusions": [_conclusion(c) for c in joint.conclusions],
        "nobody_found": [
            {"missing": m, "posterior": _probability(x)} for m, x in zip(p.names, p.no_sample, strict=True)
        ],
        "all_right": _probability(joint.all_right),
        "complete": [
            {"probability": _probability(q), "names": int(n), "all_right": _probability(x)}
            for q, n, x in joint.complete
        ],
    }
    if joint.all_right_error > 0:
        value["all_right_mc_error"] = float(joint.all_right_error)
    if joint.bodies:
        value["bodies"] = [_body(b) for b in joint.bodies]
    if (before := joint.unconditioned) is not None:
        value["unconditioned"] = _marginals(before, _order(result, before))
    return value


def _order(result: Result, p: JointPosterior) -> list[int]:
    """Places of the samples in the posterior, in the order of the case."""
    at = {sample: i for i, sample in enumerate(p.samples)}
    known = [at[s.id] for s in result.samples if s.id in at]
    return known + [i for i in range(len(p.samples)) if i not in set(known)]


def _method(m: JointMethod) -> dict[str, Any]:
    told: dict[str, Any] = {"name": m.name, "converged": bool(m.converged)}
    # a count of states may be beyond what a double tells apart
    if m.states is not None and m.states < 2**53:
        told["states"] = int(m.states)
    if m.ln_evidence is not None and math.isfinite(m.ln_evidence):
        told["log_evidence"] = float(m.ln_evidence) / _LN10
    if m.chains:
        told["chains"] = int(m.chains)
    for key in ("max_rhat", "min_ess", "max_mc_error", "theta_error"):
        known = getattr(m, key, None)
        if known is not None and math.isfinite(known):
            told[key] = float(known)
    if m.approximations:
        told["approximations"] = list(m.approximations)
    return told


def _marginals(p: JointPosterior, order: Sequence[int]) -> list[dict[str, Any]]:
    """A row for every sample and missing person with references, and for the two outside."""
    n = len(p.names)
    sampled = p.method.name == "sampled"
    rows: list[dict[str, Any]] = []
    for i in order:
        outcomes = [(m, p.marginals[i, j], p.mc_error[i, j]) for j, m in enumerate(p.names)]
        together = math.sqrt(float((p.mc_error[i, n:-1] ** 2).sum()))
        outcomes.append(("unreferenced", p.unreferenced[i], together))
        outcomes.append(("stranger", p.stranger[i], p.mc_error[i, -1]))
        for who, x, error in outcomes:
            row: dict[str, Any] = {"sample": p.samples[i], "who": who, "posterior": _probability(x)}
            if sampled:
                row["mc_error"] = float(error)
            rows.append(row)
    return rows


def _same(p: JointPosterior, order: Sequence[int]) -> list[dict[str, Any]]:
    return [
        {"a": p.samples[i], "b": p.samples[j], "posterior": _probability(p.same_body[i, j])}
        for k, i in enumerate(order)
        for j in order[k + 1 :]
    ]


def _conclusion(c: Conclusion) -> dict[str, Any]:
    row: dict[str, Any] = {
        "samples": list(c.samples),
        "missing": list(c.missing),
        "conclusion": c.conclusion,
        "reasons": [_reason(r) for r in c.reasons],
    }
    if c.posterior is not None:
        row["posterior"] = _probability(c.posterior)
    if c.mc_error > 0:
        row["mc_error"] = float(c.mc_error)
    for key, value in (("log10_lr", c.log10_lr), ("log10_glr", c.log10_glr)):
        if value is not None:
            row[key] = _log10(value)
    if c.stress:
        row["stress"] = [_stress(s) for s in c.stress]
    if c.untested:
        row["untested"] = [{"change": u.change, "why": u.why} for u in c.untested]
    if c.relatives:
        row["relatives"] = [{"relative": kin, "log10_lr": _log10(x)} for kin, x in c.relatives]
    return row


def _reason(r: Reason) -> dict[str, Any]:
    return {"code": r.code, **{k: _value(v) for k, v in r.parameters.items()}}


def _value(value: str | int | float) -> str | int | float | None:
    """A parameter as a plain value; what is no number is null."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return int(value)


def _stress(s: Stress) -> dict[str, Any]:
    row: dict[str, Any] = {"change": s.change, "posterior": _probability(s.posterior)}
    if s.log10_lr is not None:
        row["log10_lr"] = _log10(s.log10_lr)
    return row


def _body(b: BodyProfile) -> dict[str, Any]:
    """No alleles: a result may be seen where genotypes may not."""
    return {
        "samples": list(b.samples),
        "posterior": _probability(b.posterior),
        "missing": b.missing,
        "fragments": [
            {
                "sample": f.sample,
                "markers": f.markers,
                "new": f.new,
                "log10_lr": None if f.log10_lr is None else _log10(f.log10_lr),
            }
            for f in b.fragments
        ],
        "markers": [{"marker": m.marker, "samples": list(m.samples), "disagree": list(m.disagree)} for m in b.markers],
    }


def _log10(value: float) -> float | None:
    """A log10 LR; an LR of 0 is null, and so is one against something impossible."""
    return float(value) if math.isfinite(value) else None


def _probability(value: float | np.floating[Any]) -> float:
    """A sum of probabilities may end a bit above one."""
    return min(max(float(value), 0.0), 1.0)
