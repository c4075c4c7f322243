"""Networks whose founders share an urn, summed in the cheapest way there is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.likelihood.structure import MOST_FOUNDER_ALLELES, Setting, Summed, System, by_partitions, settings

__all__ = ["urn_sum"]

Floats = NDArray[np.float64]


def urn_sum(system: System) -> Summed:
    """Sum a network whose founder alleles come from urns: shape (loci, *dims of keep)."""
    total = Summed.zero(system)
    for setting in settings(system):
        value, ln = _one(system, setting)
        total.add(value, setting.ln + ln)
    lost = system.lost(total.value)
    if len(lost):
        again = urn_sum(replace(system.rows(lost), rescaled=True))
        total.value[lost], total.ln[lost] = again.value, again.ln
    return total.settled()


def _one(system: System, setting: Setting) -> tuple[Floats, Floats]:
    alleles = sum(len(u.items) for u in setting.urns)
    if alleles > MOST_FOUNDER_ALLELES:
        raise Refusal([_too_large(alleles)])
    return by_partitions(system, setting)


def _too_large(alleles: int) -> Fault:
    return Fault(
        "theta-too-large",
        f"{alleles} founder alleles of one comparison are untyped; theta is summed exactly up to"
        f" {MOST_FOUNDER_ALLELES}",
        "set model.theta = 0, or leave out ancestors who only join distant relatives",
    )
