"""Why a body is concluded to be whose: stable codes with their parameters, listed in `docs/model.md`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log

import numpy as np

from homeward.identify.joint.answer import Reason
from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.groups import Body
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED
from homeward.identify.joint.standing import Standing

__all__ = [
    "RIVAL",
    "improbable",
    "incompatible",
    "kin_on_list",
    "leading",
    "log10",
    "named_elsewhere",
    "one_body",
    "own_lr",
    "prior_dependent",
    "rests_on_signed",
    "rival_bodies",
    "runner_up",
    "signed",
    "threshold_missed",
]

RIVAL = 0.1
"""Posterior from which a second name, or a second body, disputes a claim."""
_SPEAKS = log(10.0)
"""ln LR from which it speaks for a name in a dispute of two bodies."""
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


def improbable(ln_lrs: Sequence[float]) -> list[Reason]:
    """The best LR of names that nobody else is proposed for."""
    if not ln_lrs:
        return []
    best = log10(max(ln_lrs))
    return [Reason("improbable", {} if best is None else {"log10_lr": best})]


def named_elsewhere(at: Standing, body: Body) -> list[Reason]:
    """Names that its LR speaks for and that are proposed for another body."""
    p, ln_lr = at.posterior, at.best_lr(body)
    taken = {named[0] for other, named in at.named.items() if named is not None and other != body}
    return [
        Reason("named-elsewhere", {"missing": p.names[k], "log10_lr": float(ln_lr[k] / log(10.0))})
        for k in sorted(taken)
        if ln_lr[k] > 0.0
    ]


def rival_bodies(at: Standing, body: Body, name: int) -> list[Reason]:
    """Other bodies, most probably not this one, that claim the same name.

    Either of the two has it with more than one half, or the LRs of both speak for it.
    """
    p, missing = at.posterior, at.posterior.names[name]
    own, speaks = float(at.row(body)[name]), float(at.best_lr(body)[name]) >= _SPEAKS
    found = []
    for k in np.flatnonzero(at.rows[:, name] >= RIVAL).tolist():
        other, posterior = at.bodies[k], float(at.rows[k, name])
        if other == body or p.same_body[other[0], body[0]] >= 0.5:
            continue
        if max(own, posterior) > 0.5 or (speaks and float(at.best_lr(other)[name]) >= _SPEAKS):
            found.append(
                Reason("rival-body", {"sample": p.samples[other[0]], "missing": missing, "posterior": posterior})
            )
    return found


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
    """What people have signed of these samples, or of others that they say are of the same person."""
    missing, samples = at.posterior.names[name], at.ids(body)
    found = [Reason("signed", {"sample": s, "missing": missing}) for s in samples if at.signed.get(s) == missing]
    earlier = [s for s, m in at.signed.items() if m == missing and s not in samples]
    if earlier and not found:
        found.append(Reason("later-fragment", {"sample": earlier[0], "missing": missing}))
    return found


def rests_on_signed(at: Standing, body: Body, name: int, e: Estimate) -> list[Reason]:
    """Whether it crosses the threshold only because of what people have signed."""
    if at.unconditioned is None or not at.signed or not at.crossed(e):
        return []
    alone = float(at.unconditioned.marginals[list(body), name].min())
    if Estimate(alone, 1.0 - alone).crosses(at.thresholds.posterior):
        return []
    return [Reason("rests-on-signed", {"posterior": alone})]


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


def log10(ln: float) -> float | None:
    """From natural logs; None where it is no number to show."""
    return ln / log(10.0) if isfinite(ln) else None
