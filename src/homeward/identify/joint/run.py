"""From a case to its joint answer: posterior, conclusions, what people have signed, how it all stands up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
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
from homeward.identify.joint.profiles import body_profiles
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
    unsigned = replace(case, identifications=())
    solve = partial(joint_posterior, views=views, profiles=profiles, merging=merging, seed=seed, progress=progress)
    free, solved = None, None
    try:
        if case.identifications:
            free = solve(unsigned)
        solved = solve(case)
    except Impossible:
        if free is None:
            return None
        # what was signed cannot be: the answer is the one without it, and a warning says so
        case, solved, free = unsigned, free, None
    posterior = solved.posterior
    conclusions = conclude(
        posterior,
        thresholds=case.settings.thresholds,
        ln_lr=_table(posterior, ln_lr),
        incompatible=np.nan_to_num(_table(posterior, incompatible), nan=0.0).astype(np.int16),
        kin=_kin(merging, posterior.names),
        signed={row.sample: row.missing for row in case.identifications},
        unconditioned=None if free is None else free.posterior,
        chance=solved.chance,
    )
    whole = Whole(case, scenarios, views, profiles, merging, solved.joined, solved.problems, posterior)
    conclusions = stress_tests(whole, conclusions, progress=progress)
    conclusions = _with_relatives(conclusions, views)
    right, error = all_right(conclusions, posterior, case.settings.thresholds.posterior, solved.chance)
    by_id = {s.id: s for s in case.samples}
    threshold = case.settings.thresholds.posterior
    return Joint(
        posterior,
        conclusions,
        right,
        None if free is None else free.posterior,
        complete_rows(whole, conclusions),
        body_profiles(posterior, conclusions, by_id, views, profiles, threshold),
        error,
    )


def _with_relatives(conclusions: Sequence[Conclusion], views: Sequence[View]) -> tuple[Conclusion, ...]:
    """For every name proposed or probable, close relatives of his, in no file, and whom the DNA tells apart worst."""
    sample = {readings[0][1].id: k for k, readings in enumerate(views[0].samples)}
    name = {pedigrees[0][1].id: k for k, pedigrees in enumerate(views[0].columns)}
    found = []
    for c in conclusions:
        if len(c.missing) == 1 and c.missing[0] in name and c.conclusion in (*PROPOSED, "probable"):
            against = kin_alternatives(views, sample[c.samples[0]], name[c.missing[0]])
            kin, ln = min(against.items(), key=lambda row: row[1])
            if isfinite(ln):
                reason = Reason("relative-instead", {"relative": kin, "log10_lr": round(ln / log(10.0), 6)})
                each = tuple((k, round(x / log(10.0), 6)) for k, x in against.items() if isfinite(x))
                c = replace(c, reasons=(*c.reasons, reason), relatives=each)
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
