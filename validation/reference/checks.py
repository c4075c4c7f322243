"""What we claim to compute as the field's programs do: unlinked markers, mutation, pairs, exclusions, direct match."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from homeward.genetics import (
    is_always_lumpable,
    is_lumpable,
    is_reversible,
    is_stationary,
    overall_rate,
)
from homeward.likelihood import ln_likelihood
from validation.corpus import genotypes, loci, matrix_of, pedigree
from validation.reference.registry import apart, claim, ln, worst

__all__: list[str] = []

Json = Mapping[str, Any]


@claim("01_single_lik", "likelihood")
def likelihood(case: Json) -> float:
    """Relative difference of the likelihood."""
    markers = case["markers"]
    family = pedigree(case["pedigree"], case.get("founder_inbreeding"))
    ours = float(ln_likelihood(family, loci(markers), genotypes(markers)).sum())
    return _relative(ours, ln(case["expected"]["lnlik"]))


@claim("02_kinship_lr", "lr")
def kinship_lr(case: Json) -> float:
    """Absolute difference of the logs, relative difference of the likelihood of each marker."""
    expected, markers = case["expected"], case["markers"]
    per_marker = {
        name: ln_likelihood(pedigree(members, case.get("founder_inbreeding")), loci(markers), genotypes(markers))
        for name, members in case["hypotheses"].items()
    }
    total = {name: float(values.sum()) for name, values in per_marker.items()}
    found = [apart(total[name], ln(value)) for name, value in (expected.get("lnlik") or {}).items()]
    base = total[case.get("reference_hypothesis") or list(total)[-1]]
    impossible = expected.get("LR_total") or {}
    for name, value in (expected.get("lnLR_total") or {}).items():
        if base > -math.inf and (value is not None or impossible.get(name) == 0):
            found.append(apart(total[name] - base, ln(value)))
    for name, values in (expected.get("lik_per_marker") or {}).items():
        if len(values) != len(markers):
            return math.inf
        found += [
            _relative(float(ours), _log(theirs))
            for ours, theirs in zip(per_marker[name], values, strict=True)
            if theirs is not None
        ]
    return worst(found)


@claim("06_mutation", "matrix")
def matrix(case: Json) -> float:
    """Largest absolute difference of an entry."""
    ours, theirs = _matrix(case), np.array(case["expected"]["matrix"], dtype=np.float64)
    return float(np.abs(ours - theirs).max()) if ours.shape == theirs.shape else math.inf


@claim("06_mutation", "flags")
def flags(case: Json) -> float:
    """Absolute difference of the overall rate; the flags must be equal."""
    expected, p = case["expected"], np.array(case["frequencies"], dtype=np.float64)
    m = _matrix(case)
    ours: dict[str, bool] = {
        "stationary": is_stationary(m, p),
        "reversible": is_reversible(m, p),
        "always_lumpable": is_always_lumpable(m),
    }
    if expected.get("lump_set") is not None:
        ours["lumpable"] = is_lumpable(m, case["alleles"], expected["lump_set"])
    if any(expected.get(name) is not None and expected[name] != value for name, value in ours.items()):
        return math.inf
    rate = expected.get("overall_rate")
    return 0.0 if rate is None else apart(overall_rate(m, p), rate)


def _matrix(case: Json) -> Any:
    return matrix_of(case["spec"], case["alleles"], np.array(case["frequencies"], dtype=np.float64))


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _relative(ours: float, theirs: float) -> float:
    """Relative difference of two likelihoods given as natural logs."""
    difference = ours - theirs if ours != theirs else 0.0
    return math.inf if math.isnan(difference) or difference > 1.0 else abs(math.expm1(difference))
