"""P(references, sample | somebody unrelated) in natural log, which weighs what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus
from homeward.identify.screen import FamilyTables, LocusTables, Typed
from homeward.identify.soft import weighed
from homeward.observe import Evidence

__all__ = ["ln_alone", "ln_families", "ln_families_at", "ln_unrelated"]

Floats = NDArray[np.float64]


def ln_unrelated(samples: Sequence[Typed], prepared: FamilyTables, locus: Locus) -> Floats:
    """Natural log of P(references, sample) at one locus if the two are unrelated: shape (samples, missing).

    What is not typed counts as one. Under θ the two share an urn.
    """
    theta = prepared.model.theta_at(locus)
    found = np.zeros((len(samples), len(prepared.columns)))
    read = {i: e for i, s in enumerate(samples) if (e := _any(s, locus)) is not None}
    own = {i: ln_alone(e, locus, theta) for i, e in read.items()}
    found[list(own)] += np.array(list(own.values())).reshape(-1, 1)
    for stack in prepared.stacks.get(locus.name, ()):
        with np.errstate(divide="ignore"):
            found[:, stack.columns] += np.log(stack.totals) + stack.ln_scale
        typed = {i: e for i in read if (e := samples[i].evidence[locus.name].get(stack.ploidy)) is not None}
        if stack.stranger is not None:
            rows = np.array(list(typed), dtype=np.intp)
            found[np.ix_(rows, stack.columns)] = _together(list(typed.values()), stack, stack.stranger)
            continue
        for i, e in typed.items():
            if e is not read[i]:  # an X locus read as a man's
                found[i, stack.columns] += ln_alone(e, locus, theta) - own[i]
    return found


def ln_families(prepared: FamilyTables) -> Floats:
    """Natural log of P(references) over all loci: shape (missing,), -inf where they cannot all be right."""
    found = np.zeros(len(prepared.columns))
    for marker in prepared.stacks:
        found += ln_families_at(prepared, marker)
    return found


def ln_families_at(prepared: FamilyTables, marker: str) -> Floats:
    """Natural log of P(references) at one locus: shape (missing,), 0 where nobody is typed."""
    found = np.zeros(len(prepared.columns))
    for stack in prepared.stacks.get(marker, ()):
        with np.errstate(divide="ignore"):
            found[stack.columns] += np.log(stack.totals) + stack.ln_scale
    return found


def ln_alone(e: Evidence, locus: Locus, theta: float) -> float:
    """Natural log of P(evidence) of one person from the population, -inf where it is impossible."""
    chance = e.chance(locus.frequencies, theta)
    return log(chance) if chance > 0 else -inf


def _any(sample: Typed, locus: Locus) -> Evidence | None:
    """The sample's reading at a locus; of an X locus read both ways, the woman's."""
    read = sample.evidence.get(locus.name, {})
    return read[max(read)] if read else None


def _together(evidence: Sequence[Evidence], stack: LocusTables, stranger: Floats) -> Floats:
    """ln P(references, evidence of an unrelated person from the same urn), shape (evidence, columns of the stack)."""
    chances, whose = weighed(evidence, stack.block, stranger)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(chances)[whose] + stack.ln_scale)
