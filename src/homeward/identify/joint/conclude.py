"""What is concluded of every remains sample, by rules stated in `docs/model.md`, from the joint posterior alone.

Each sample has exactly one conclusion. Nothing concluded is used to conclude anything else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np
from numpy.typing import NDArray

from homeward.case import Thresholds
from homeward.identify.joint import reasons as why
from homeward.identify.joint.answer import Conclusion, ConclusionKind, Reason
from homeward.identify.joint.claims import Chance, Claim, of_one_body, posterior_chance
from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.groups import LARGEST_GROUP, Body, bodies_of, sharing
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointPosterior
from homeward.identify.joint.standing import Standing

__all__ = ["PROPOSED", "all_right", "conclude"]

Floats = NDArray[np.float64]

PROPOSED: frozenset[ConclusionKind] = frozenset({"undisputed", "identified", "group"})
"""Conclusions that propose names."""


def conclude(
    posterior: JointPosterior,
    *,
    thresholds: Thresholds,
    ln_lr: Floats,
    incompatible: NDArray[np.int16] | None = None,
    kin: Mapping[str, Mapping[str, str]] | None = None,
    signed: Mapping[str, str] | None = None,
    unconditioned: JointPosterior | None = None,
    chance: Chance | None = None,
) -> tuple[Conclusion, ...]:
    """One conclusion for every sample, in the order of the samples.

    ``ln_lr``: (samples, names) natural log of the LR of each pair by itself, NaN where nothing was compared;
    ``incompatible``: (samples, names) markers impossible without mutation. ``kin``: name → listed relatives of his →
    relationship code. ``signed``: sample → name, as people have signed; ``unconditioned``: the posterior without
    those, same samples and names. ``chance``: of several claims together, `posterior_chance` if None.
    """
    chance = chance or posterior_chance(posterior)
    at = Standing(posterior, thresholds, ln_lr, incompatible, kin or {}, signed or {}, unconditioned, chance)
    found = [*_identified(at), *_groups(at)]
    settled = {sample for c in found for sample in c.samples}
    found += [_other(at, body) for body in at.bodies if not settled.intersection(at.ids(body))]
    place = {sample: i for i, sample in enumerate(posterior.samples)}
    return tuple(sorted(found, key=lambda c: min(place[s] for s in c.samples)))


def all_right(
    conclusions: Sequence[Conclusion], posterior: JointPosterior, threshold: float, chance: Chance | None = None
) -> tuple[float, float]:
    """P(every name proposed is right), 1 where none is, and its standard error.

    ``threshold``: of the posterior, as concluded by.
    """
    body = {posterior.samples[i]: b for b, each in enumerate(bodies_of(posterior, threshold)) for i in each}
    claims = []
    for c in conclusions:
        if c.conclusion in PROPOSED:
            parts: dict[int, list[str]] = {}
            for sample in c.samples:
                parts.setdefault(body[sample] if len(c.missing) > 1 else 0, []).append(sample)
            claims += [Claim(tuple(part), c.missing) for part in parts.values()]
    return (chance or posterior_chance(posterior))(of_one_body(claims)) if claims else (1.0, 0.0)


def _identified(at: Standing) -> list[Conclusion]:
    found = []
    for body, named in at.named.items():
        if named is not None:
            name, e = named
            found.append(
                _of_one_name(at, body, name, e, "undisputed" if at.undisputed[body[0], name] else "identified")
            )
    return found


def _groups(at: Standing) -> list[Conclusion]:
    """Bodies that share several names, where that crosses the threshold; the largest such sets first."""
    supports = {body: s for body, named in at.named.items() if named is None and (s := _support(at, body))}
    found: list[Conclusion] = []
    done: set[Body] = set()
    for bodies, names in sharing(supports):
        if done.intersection(bodies) or len(bodies) < len(names) == at.names:
            continue
        own = sorted(names)
        e = at.within(bodies[0], own) if len(bodies) == 1 else at.together(bodies, own)
        if at.crossed(e):
            found.append(_group(at, bodies, own, e))
            done.update(bodies)
    return found


def _support(at: Standing, body: Body) -> frozenset[int]:
    """The fewest names, most probable first, that together cross the threshold; none where that takes too many."""
    row = at.row(body)[: at.names]
    order = np.argsort(-row, kind="stable")[:LARGEST_GROUP].tolist()
    if not at.compared(body) or row[order].sum() < at.thresholds.posterior:
        return frozenset()
    for k in range(2, len(order) + 1):
        if row[order[k - 1]] > 0 and at.crossed(at.within(body, order[:k])):
            return frozenset(order[:k])
    return frozenset()


def _group(at: Standing, bodies: Sequence[Body], names: Sequence[int], e: Estimate) -> Conclusion:
    told = [Reason("group", {"bodies": len(bodies), "names": len(names)})]
    told += [reason for body in bodies for reason in why.leading(at, body)]
    told += [reason for body in bodies for name in names for reason in why.signed(at, body, name)]
    samples = at.ids(tuple(sorted(i for body in bodies for i in body)))
    missing = tuple(at.posterior.names[k] for k in names)
    return Conclusion(samples, missing, "group", e.posterior, mc_error=e.ln_odds_error, reasons=tuple(told))


def _other(at: Standing, body: Body) -> Conclusion:
    """What is concluded of a body that no names are proposed for."""
    if not at.compared(body):
        return Conclusion(at.ids(body), (), "non-identifiable", None, reasons=(Reason("no-shared-markers"),))
    excluded = _excluded(at, body)
    if excluded is not None:
        return excluded
    row, name = at.row(body)[: at.names], at.leading(body)
    if name is not None and row[name] >= why.RIVAL:
        names = row[row >= why.RIVAL]
        rivals = (len(names) > 1 and names.sum() > 0.5) or bool(why.rival_bodies(at, body, name))
        if rivals or row[name] > 0.5:
            return _of_one_name(at, body, name, at.within(body, [name]), "disputed" if rivals else "probable")
    told = (*why.leading(at, body), *why.incompatible(at, body))
    return Conclusion(at.ids(body), (), "inconclusive", None, reasons=told)


def _excluded(at: Standing, body: Body) -> Conclusion | None:
    """Nobody of any family, by the threshold, and no LR that speaks for anybody who is not proposed elsewhere."""
    p = at.posterior
    outside = p.marginals[list(body), at.names :].sum(axis=1)
    i = body[int(outside.argmin())]
    e = Estimate(float(outside.min()), float(p.marginals[i, : at.names].sum()), p.error_of(i, range(at.names)))
    elsewhere = why.named_elsewhere(at, body)
    taken = {r.parameters["missing"] for r in elsewhere}
    free = [
        ln for name, ln in zip(p.names, at.best_lr(body).tolist(), strict=True) if name not in taken and not isnan(ln)
    ]
    if not at.crossed(e) or max(free, default=0.0) > 0.0:
        return None
    told = why.incompatible(at, body) or why.improbable(free)
    where = Reason("outside", {STRANGER: float(p.stranger[i]), UNREFERENCED: float(p.unreferenced[i])})
    reasons = (*told, *elsewhere, where)
    return Conclusion(at.ids(body), (), "excluded", e.posterior, mc_error=e.ln_odds_error, reasons=reasons)


def _of_one_name(at: Standing, body: Body, name: int, e: Estimate, kind: ConclusionKind) -> Conclusion:
    p = at.posterior
    log10_lr = why.log10(float(at.best_lr(body)[name]))
    told = (
        *why.threshold_missed(at, e),
        *why.own_lr(at, body, name, log10_lr),
        *why.runner_up(at, body, name),
        *why.rival_bodies(at, body, name),
        *why.kin_on_list(at, name),
        *why.one_body(at, body),
        *why.signed(at, body, name),
        *why.rests_on_signed(at, body, name, e),
        *why.prior_dependent(at, body, e),
    )
    return Conclusion(
        samples=at.ids(body),
        missing=(p.names[name],),
        conclusion=kind,
        posterior=e.posterior,
        log10_lr=log10_lr,
        log10_glr=None if p.ln_glr is None else why.log10(float(p.ln_glr[list(body), name].max())),
        mc_error=e.ln_odds_error,
        reasons=told,
    )
