"""From a case to its joint answer: posterior, conclusions, what people have signed, how it all stands up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite, log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Merging
from homeward.faults import Progress, silent
from homeward.genetics import Scenario
from homeward.identify.joint.answer import Conclusion, Joint, Reason
from homeward.identify.joint.conclude import PROPOSED, all_right, conclude
from homeward.identify.joint.exact import Impossible
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.solve import joint_posterior
from homeward.identify.joint.stress import complete_rows, stress_tests
from homeward.identify.joint.whole import Whole
from homeward.identify.mixture import View
from homeward.identify.relatives import kin_alternatives
from homeward.observe import Profiles
from homeward.pedigree import relationship

__all__ = ["joint_of"]

Floats = NDArray[np.float64]
Counts = NDArray[np.int16]


def joint_of(
    case: Case,
    scenarios: Sequence[Scenario],
    views: Sequence[View],
    profiles: Sequence[Profiles],
    merging: Merging,
    *,
    ln_lr: Mapping[tuple[str, str], float],
    incompatible: Mapping[tuple[str, str], int],
    seed: int,
    progress: Progress = silent,
) -> Joint | None:
    """The joint answer, or None where nothing that the prior allows can have led to what was seen.

    ``ln_lr``: (sample, name) → natural log of the LR of the pair by itself, where anything was compared;
    ``incompatible``: markers impossible without mutation.
    """
    try:
        solved = joint_posterior(case, views, profiles, merging, seed=seed, progress=progress)
        free = None
        if case.identifications:
            unsigned = replace(case, identifications=())
            free = joint_posterior(unsigned, views, profiles, merging, seed=seed, progress=progress).posterior
    except Impossible:
        return None
    posterior = solved.posterior
    conclusions = conclude(
        posterior,
        thresholds=case.settings.thresholds,
        ln_lr=_table(posterior, ln_lr),
        incompatible=np.nan_to_num(_table(posterior, incompatible), nan=0.0).astype(np.int16),
        kin=_kin(merging, posterior.names),
        signed={row.sample: row.missing for row in case.identifications},
        unconditioned=free,
        chance=solved.chance,
    )
    whole = Whole(case, scenarios, views, profiles, merging, solved.joined, solved.problems, posterior)
    conclusions = stress_tests(whole, conclusions, progress=progress)
    conclusions = _with_relatives(conclusions, views)
    right = all_right(conclusions, posterior, case.settings.thresholds.posterior, solved.chance)
    return Joint(posterior, conclusions, right, free, complete_rows(whole, conclusions))


def _with_relatives(conclusions: Sequence[Conclusion], views: Sequence[View]) -> tuple[Conclusion, ...]:
    """For every name proposed or probable, the close relative of his, in no file, whom the DNA tells apart worst."""
    sample = {readings[0][1].id: k for k, readings in enumerate(views[0].samples)}
    name = {pedigrees[0][1].id: k for k, pedigrees in enumerate(views[0].columns)}
    found = []
    for c in conclusions:
        if len(c.missing) == 1 and c.missing[0] in name and c.conclusion in (*PROPOSED, "probable"):
            against = kin_alternatives(views, sample[c.samples[0]], name[c.missing[0]])
            kin, ln = min(against.items(), key=lambda row: row[1])
            if isfinite(ln):
                reason = Reason("relative-instead", {"relative": kin, "log10_lr": round(ln / log(10.0), 6)})
                c = replace(c, reasons=(*c.reasons, reason))
        found.append(c)
    return tuple(found)


def _table(posterior: JointPosterior, values: Mapping[tuple[str, str], float]) -> Floats:
    found = np.full((len(posterior.samples), len(posterior.names)), np.nan)
    for i, sample in enumerate(posterior.samples):
        for k, name in enumerate(posterior.names):
            found[i, k] = values.get((sample, name), np.nan)
    return found


def _kin(merging: Merging, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """Name → relatives of his on the list → how they are related."""
    listed = set(names)
    found: dict[str, dict[str, str]] = {}
    for family in merging.families:
        missing = [m for m in family.missing if m in listed]
        for one in missing:
            for other in missing:
                code = relationship(family.pedigree, one, other).code if one != other else "self"
                if code not in ("self", "unrelated", "spouses"):
                    found.setdefault(one, {})[other] = code
    return found
