"""Why a body is concluded to be whose: stable codes with their parameters, listed in `docs/model.md`."""

from __future__ import annotations

import numpy as np

from homeward.identify.joint.answer import Reason
from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.groups import Body
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED
from homeward.identify.joint.standing import Standing

__all__ = [
    "RIVAL",
    "incompatible",
    "kin_on_list",
    "leading",
    "one_body",
    "own_lr",
    "prior_dependent",
    "rival_bodies",
    "runner_up",
    "signed",
    "threshold_missed",
]

RIVAL = 0.1
"""Posterior from which a second name, or a second body, disputes a claim."""
_TOLD = 1e-6
"""Posterior from which a runner-up is named."""
_TOLERATED = 2
"""Incompatible markers that exclude nobody yet."""
_STRANGER_TIMES = 10.0
"""Factor on the prior of being outside, under which a conclusion that no longer holds depends on the prior."""


def incompatible(at: Standing, body: Body) -> list[Reason]:
    """Whether every name that it was compared with has more incompatible markers than are let pass."""
    if at.incompatible is None:
        return []
    compared = ~np.isnan(at.ln_lr[list(body)])
    worst = np.where(compared, at.incompatible[list(body)], 0).max(axis=0)[compared.any(axis=0)]
    return [Reason("incompatible", {"markers": int(worst.min())})] if (worst > _TOLERATED).all() else []


def rival_bodies(at: Standing, body: Body, name: int) -> list[Reason]:
    """Other bodies, most probably not this one, that are of the same name with more than little probability."""
    p, missing = at.posterior, at.posterior.names[name]
    return [
        Reason("rival-body", {"sample": p.samples[b[0]], "missing": missing, "posterior": float(at.rows[k, name])})
        for k in np.flatnonzero(at.rows[:, name] >= RIVAL).tolist()
        if (b := at.bodies[k]) != body and p.same_body[b[0], body[0]] < 0.5
    ]


def threshold_missed(at: Standing, e: Estimate) -> list[Reason]:
    """Why the threshold is not crossed, where it is not."""
    threshold = at.thresholds.posterior
    if at.crossed(e):
        return []
    if not Estimate(e.posterior, e.outside).crosses(threshold):
        return [Reason("below-threshold", {"threshold": threshold})]
    code = "four-errors" if at.posterior.method.converged else "not-converged"
    return [Reason(code, {"threshold": threshold, "error": e.ln_odds_error})]


def own_lr(at: Standing, body: Body, name: int, log10_lr: float | None) -> list[Reason]:
    if at.undisputed[body[0], name] and log10_lr is not None:
        return [Reason("undisputed", {"log10_lr": log10_lr, "threshold": at.thresholds.undisputed_lr})]
    if log10_lr is None or log10_lr <= 0.0:
        return [Reason("others-decide", {} if log10_lr is None else {"log10_lr": log10_lr})]
    return []


def runner_up(at: Standing, body: Body, name: int) -> list[Reason]:
    p, row = at.posterior, at.row(body)
    rivals = [(float(row[k]), who) for k, who in enumerate(p.names) if k != name]
    rivals += [(float(row[-1]), STRANGER), (float(row[at.names : -1].sum()), UNREFERENCED)]
    posterior, who = max(rivals, key=lambda r: r[0])
    if posterior < _TOLD:
        return []
    related = at.kin.get(p.names[name], {}).get(who)
    kin = {} if related is None else {"relationship": related}
    return [Reason("runner-up", {"who": who, "posterior": posterior, **kin})]


def kin_on_list(at: Standing, name: int) -> list[Reason]:
    """Relatives on the list: a high LR may be theirs."""
    related = at.kin.get(at.posterior.names[name], {})
    return [Reason("kin-on-list", {"missing": who, "relationship": code}) for who, code in related.items()]


def one_body(at: Standing, body: Body) -> list[Reason]:
    if len(body) == 1:
        return []
    least = float(at.posterior.same_body[np.ix_(body, body)].min())
    return [Reason("one-body", {"samples": len(body), "posterior": min(least, 1.0)})]


def signed(at: Standing, body: Body, name: int) -> list[Reason]:
    """What people have signed of these samples, and what is so only because they have."""
    missing, samples = at.posterior.names[name], at.ids(body)
    found = [Reason("signed", {"sample": s, "missing": missing}) for s in samples if at.signed.get(s) == missing]
    earlier = [s for s, m in at.signed.items() if m == missing and s not in samples]
    if earlier and not found:
        found.append(Reason("later-fragment", {"sample": earlier[0], "missing": missing}))
    if at.unconditioned is not None and at.signed:
        alone = float(at.unconditioned.marginals[list(body), name].min())
        if not Estimate(alone, 1.0 - alone).crosses(at.thresholds.posterior):
            found.append(Reason("rests-on-signed", {"posterior": alone}))
    return found


def prior_dependent(at: Standing, body: Body, e: Estimate) -> list[Reason]:
    """Whether it holds only while somebody outside is no more probable than the incident says."""
    threshold = at.thresholds.posterior if at.crossed(e) else 0.5
    outside = float(at.row(body)[at.names :].sum())
    posterior = e.posterior / (e.posterior + e.outside + (_STRANGER_TIMES - 1.0) * outside)
    if e.posterior <= threshold or posterior > threshold:
        return []
    return [Reason("prior-dependent", {"factor": _STRANGER_TIMES, "posterior": posterior})]


def leading(at: Standing, body: Body) -> list[Reason]:
    name = at.leading(body)
    if name is None:
        return []
    sample, posterior = at.posterior.samples[body[0]], float(at.row(body)[name])
    return [Reason("leading", {"sample": sample, "missing": at.posterior.names[name], "posterior": posterior})]
