"""Samples against samples: are two of one individual?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus, Model
from homeward.identify.screen import Typed
from homeward.observe import Evidence
from homeward.pedigree import Sex

__all__ = ["DirectMatches", "direct_matches"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class DirectMatches:
    """Shape (samples, samples), symmetric: natural log LR, loci compared, loci where the calls differ."""

    ln_lr: Floats
    compared: Ints
    mismatches: Ints


def direct_matches(samples: Sequence[Typed], sexes: Sequence[Sex], model: Model) -> DirectMatches:
    """Every two samples. H1: they are of one individual; H2: of two unrelated persons.

    At a locus, LR = Σ P(g) e₁(g) e₂(g) / (Σ P(g) e₁(g) · Σ P(g) e₂(g)), for calls 1/P(g) or 0. X loci count
    only between samples known to be of one sex.
    """
    n = len(samples)
    total = np.zeros((n, n))
    compared = np.zeros((n, n), dtype=np.intp)
    mismatches = np.zeros((n, n), dtype=np.intp)
    for locus in model.loci:
        for ploidy, may in _comparable(locus, sexes):
            evidence = [
                s.evidence.get(locus.name, {}).get(ploidy) if m else None for s, m in zip(samples, may, strict=True)
            ]
            rows = np.array([i for i, e in enumerate(evidence) if e is not None], dtype=np.intp)
            if len(rows) < 2:
                continue
            ln_lr, differ = _at_locus([e for e in evidence if e is not None], locus, ploidy)
            at = np.ix_(rows, rows)
            total[at] += ln_lr
            compared[at] += 1
            mismatches[at] += differ
    return DirectMatches(total, compared, mismatches)


def _comparable(locus: Locus, sexes: Sequence[Sex]) -> list[tuple[int, list[bool]]]:
    """Ploidy and which samples may be compared at it."""
    if locus.kind == "autosomal":
        return [(2, [True] * len(sexes))]
    return [(1, [s == "male" for s in sexes]), (2, [s == "female" for s in sexes])]


def _at_locus(evidence: Sequence[Evidence], locus: Locus, ploidy: int) -> tuple[Floats, Ints]:
    """Natural log LR and 0/1 mismatch of every two, shape (n, n)."""
    genotypes = {g: k for k, g in enumerate(dict.fromkeys(g for e in evidence for g in e.genotypes))}
    p = np.array([_hardy_weinberg(g, locus) for g in genotypes])
    weights = np.zeros((len(evidence), len(genotypes)))
    for row, e in enumerate(evidence):
        weights[row, [genotypes[g] for g in e.genotypes]] = e.values
    alone = weights @ p
    together = (weights * p) @ weights.T
    with np.errstate(divide="ignore"):
        ln_lr = np.log(together) - np.log(alone)[:, None] - np.log(alone)[None, :]
    return ln_lr, (together <= 0).astype(np.intp)


def _hardy_weinberg(genotype: tuple[int, ...], locus: Locus) -> float:
    p = locus.frequencies
    if len(genotype) == 1:
        return float(p[genotype[0]])
    a, b = genotype
    return float(p[a] * p[b] * (1 if a == b else 2))
