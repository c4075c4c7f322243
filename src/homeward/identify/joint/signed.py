"""What the evidence says of identifications that people have signed; they are taken as given, and warned of."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from homeward.case import Case, names_on_list
from homeward.identify.joint.answer import Joint
from homeward.identify.joint.posterior import STRANGER, UNREFERENCED, JointPosterior
from homeward.identify.result import Warning

__all__ = ["signed_warnings"]

_SURE = 0.9
"""Posterior from which somebody else is who a sample is of, were it not for what was signed ..."""
_LOST = 0.5
"""... and below which it is no more."""


def signed_warnings(case: Case, joint: Joint, log10_lr: Mapping[tuple[str, str], float]) -> list[Warning]:
    """Warnings about `Case.identifications`; ``log10_lr``: (sample, name) → that of the pair by itself.

    ``signed-impossible``: no state that the prior allows has what was signed, and the answer leaves it out.
    ``signed-against``: without what was signed, the name is less probable than before any DNA was seen.
    ``signed-moves``: of a sample nobody has signed, a name would be sure, and is not with what was signed.
    """
    if not case.identifications:
        return []
    free = joint.unconditioned
    if free is None:
        return [Warning("signed-impossible", {"samples": ", ".join(row.sample for row in case.identifications)})]
    place = {sample: i for i, sample in enumerate(free.samples)}
    known = names_on_list(case)
    incident = case.settings.incident
    before = (1.0 - incident.strangers) / max(case.list_size, 1)
    told = []
    for row in case.identifications:
        missing = known.get(row.missing, row.missing)
        column = free.names.index(missing) if missing in free.names else None
        if column is None or row.sample not in place:
            continue
        posterior = float(free.marginals[place[row.sample], column])
        if posterior < before:
            parameters: dict[str, str | int | float] = {
                "sample": row.sample,
                "missing": missing,
                "posterior": posterior,
                "before": round(before, 9),
            }
            if (lr := log10_lr.get((row.sample, missing))) is not None and np.isfinite(lr):
                parameters["log10_lr"] = round(lr, 6)
            told.append(Warning("signed-against", parameters))
    signed = {row.sample for row in case.identifications}
    return told + [w for s in free.samples if s not in signed for w in _moved(s, joint.posterior, free)]


def _moved(sample: str, with_signed: JointPosterior, free: JointPosterior) -> list[Warning]:
    """A sample that lost who it would be of."""
    own, other = _outcomes(free, sample), _outcomes(with_signed, sample)
    who = max(own, key=lambda w: own[w])
    if who not in free.names or own[who] < _SURE or other[who] >= _LOST:
        return []
    parameters: dict[str, str | int | float] = {"sample": sample, "who": who}
    return [Warning("signed-moves", parameters | {"without": own[who], "posterior": other[who]})]


def _outcomes(p: JointPosterior, sample: str) -> dict[str, float]:
    i = p.samples.index(sample)
    found = {name: float(p.marginals[i, k]) for k, name in enumerate(p.names)}
    return found | {UNREFERENCED: float(p.unreferenced[i]), STRANGER: float(p.stranger[i])}
