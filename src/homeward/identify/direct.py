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

    At a locus, LR = Σ P(g) e₁(g) e₂(g) / Σ P(g, h) e₁(g) e₂(h), for calls P(g)/P(g, g) or 0, where P(g, h) are two
    persons' genotypes from one urn, at θ = 0 P(g) P(h). X loci count only between samples known to be of one sex.
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
            ln_lr, differ = _at_locus([e for e in evidence if e is not None], locus, model.theta)
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


def _at_locus(evidence: Sequence[Evidence], locus: Locus, theta: float) -> tuple[Floats, Ints]:
    """Natural log LR and 0/1 mismatch of every two, shape (n, n)."""
    genotypes = {g: k for k, g in enumerate(dict.fromkeys(g for e in evidence for g in e.genotypes))}
    alleles = np.array([(g[0], g[-1]) for g in genotypes], dtype=np.intp)
    haploid = len(next(iter(genotypes), ())) == 1
    p = locus.frequencies
    one = _then(alleles, np.zeros((1, 0), dtype=np.intp), p, theta, haploid)[0]
    two = one[:, None] * _then(alleles, alleles[:, :1] if haploid else alleles, p, theta, haploid)
    weights = np.zeros((len(evidence), len(genotypes)))
    for row, e in enumerate(evidence):
        weights[row, [genotypes[g] for g in e.genotypes]] = e.values
    together = (weights * one) @ weights.T
    with np.errstate(divide="ignore"):
        ln_lr = np.log(together) - np.log(weights @ two @ weights.T)
    return ln_lr, (together <= 0).astype(np.intp)


def _then(genotypes: Ints, before: Ints, p: Floats, theta: float, haploid: bool) -> Floats:
    """P(genotype | alleles drawn before it), shape (rows of ``before``, genotypes), Balding & Nichols (1994)."""
    first, second = genotypes.T

    def next_allele(allele: Ints, drawn: int, seen: Floats) -> Floats:
        return np.asarray((theta * seen + (1 - theta) * p[allele]) / (1 + (drawn - 1) * theta))

    n = before.shape[1]
    seen_first = (before[:, :, None] == first).sum(axis=1).astype(float)
    chance = next_allele(first, n, seen_first)
    if haploid:
        return chance
    seen_second = (before[:, :, None] == second).sum(axis=1) + (first == second).astype(float)
    return np.asarray(chance * next_allele(second, n + 1, seen_second) * np.where(first == second, 1.0, 2.0))
