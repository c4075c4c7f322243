"""P(references, sample | somebody unrelated) in natural log, which weighs what nobody knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus
from homeward.identify.screen import FamilyTables, LocusTables, Typed
from homeward.observe import Evidence

__all__ = ["ln_alone", "ln_families", "ln_families_at", "ln_unrelated"]

Floats = NDArray[np.float64]


def ln_unrelated(samples: Sequence[Typed], prepared: FamilyTables, locus: Locus) -> Floats:
    """Natural log of P(references, sample) at one locus if the two are unrelated: shape (samples, missing).

    What is not typed counts as one. Under θ the two share an urn.
    """
    theta = prepared.model.theta_at(locus)
    found = np.zeros((len(samples), len(prepared.columns)))
    own = {i: ln_alone(e, locus, theta) for i, s in enumerate(samples) if (e := _any(s, locus)) is not None}
    found[list(own)] += np.array(list(own.values())).reshape(-1, 1)
    for stack in prepared.stacks.get(locus.name, ()):
        with np.errstate(divide="ignore"):
            found[:, stack.columns] += np.log(stack.totals) + stack.ln_scale
        for i, sample in enumerate(samples):
            e = sample.evidence.get(locus.name, {}).get(stack.ploidy)
            if e is None:
                continue
            if stack.stranger is None:
                found[i, stack.columns] += ln_alone(e, locus, theta) - own[i]
            else:
                found[i, stack.columns] = _together(e, stack)
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
    """Natural log of P(evidence) of one person from the population; his two alleles share the urn."""
    p = locus.frequencies
    g = np.array(e.genotypes, dtype=np.intp).reshape(-1, e.ploidy)
    chance = p[g[:, 0]]
    if e.ploidy == 2:
        alike = g[:, 0] == g[:, 1]
        chance = chance * (theta * alike + (1 - theta) * p[g[:, 1]]) * np.where(alike, 1.0, 2.0)
    with np.errstate(divide="ignore"):
        return float(np.log(chance @ np.array(e.values)))


def _any(sample: Typed, locus: Locus) -> Evidence | None:
    """The sample's reading at a locus; of an X locus read both ways, the woman's."""
    read = sample.evidence.get(locus.name, {})
    return read[max(read)] if read else None


def _together(e: Evidence, stack: LocusTables) -> Floats:
    """ln P(references, evidence of an unrelated person from the same urn), shape (columns of the stack,)."""
    assert stack.stranger is not None
    first = np.array([int(np.flatnonzero(stack.block == b)[0]) for b in range(int(stack.block.max()) + 1)])
    weights = e.ordered(len(stack.block))[np.ix_(*([first] * e.ploidy))]
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(stack.stranger.reshape(len(stack.columns), -1) @ weights.ravel()) + stack.ln_scale)
