"""The posterior of one sample alone, under the prior of the incident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from homeward.pedigree import Sex

__all__ = ["Listed", "alone", "contradicts"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Listed:
    """The list as a sample alone meets it.

    ``size``: names on it (N); ``strangers``: probability π that a sample is of nobody on it; ``referenced``
    and ``unreferenced``: the sexes of the named persons with and without references. Names not known at all
    are ``size`` minus both.
    """

    size: int
    strangers: float
    referenced: tuple[Sex, ...]
    unreferenced: tuple[Sex, ...]
    sex_error: float


def alone(ln_lr: Floats, sex: Sex, listed: Listed, clans: Sequence[float] = ()) -> tuple[Floats, float, float]:
    """Posterior of each referenced person, of a stranger, and of all listed persons without references.

    ``ln_lr``: shape (referenced,), natural log LR against somebody unrelated (0 where nothing was compared). ``clans``:
    of each of ``listed.unreferenced``, what his clan makes of the sample (`clan_terms`), where any is told.
    Prior (1−π)/N a name, π for a stranger; a contradiction of sex multiplies by the sex error.
    """
    name = (1 - listed.strangers) / listed.size if listed.size else 0.0
    odds = np.array([name * _agrees(sex, s, listed.sex_error) for s in listed.referenced])
    nameless = max(listed.size - len(listed.referenced) - len(listed.unreferenced), 0)
    each = [_agrees(sex, s, listed.sex_error) for s in listed.unreferenced]
    if clans:
        each = [chance * exp(ln) for chance, ln in zip(each, clans, strict=True)]
    others = name * (nameless + sum(each))
    # the largest term becomes one, so that neither huge LRs overflow nor a closed list of poor matches vanishes
    outside = listed.strangers + others
    possible = np.isfinite(ln_lr) & (odds > 0)
    top = max([*ln_lr[possible].tolist(), *([0.0] if outside > 0 else [])], default=0.0)
    related = np.zeros(len(ln_lr))
    related[possible] = odds[possible] * np.exp(ln_lr[possible] - top)
    scale = float(np.exp(-top)) if outside > 0 else 0.0
    total = float(related.sum()) + outside * scale
    if total <= 0:
        return related, 0.0, 0.0
    return related / total, listed.strangers * scale / total, others * scale / total


def _agrees(sample: Sex, person: Sex, error: float) -> float:
    return error if contradicts(sample, person) else 1.0


def contradicts(sample: Sex, person: Sex) -> bool:
    """Whether two recorded sexes exclude each other."""
    return "unknown" not in (sample, person) and sample != person
