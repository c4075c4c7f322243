"""Samples against samples: are two of one individual?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus, Model
from homeward.identify.lineage import ln_readings, same_line_terms
from homeward.identify.screen import Typed
from homeward.observe import Evidence
from homeward.pedigree import Sex

__all__ = ["DirectMatches", "SampleView", "direct_matches"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class SampleView:
    """Samples as one population sees them: its weight, and each sample under every drop-out it may have."""

    weight: float
    model: Model
    samples: Sequence[Sequence[tuple[float, Typed]]]

    @classmethod
    def of(cls, samples: Sequence[Typed], model: Model) -> SampleView:
        """The only population, and samples whose drop-out is known."""
        return cls(1.0, model, [[(1.0, s)] for s in samples])


@dataclass(frozen=True, eq=False)
class DirectMatches:
    """Shape (samples, samples), symmetric: natural log LR, loci compared, loci where the calls differ."""

    ln_lr: Floats
    compared: Ints
    mismatches: Ints


def direct_matches(views: Sequence[SampleView], sexes: Sequence[Sex]) -> DirectMatches:
    """Every two samples. H1: they are of one individual; H2: of two unrelated persons.

    At a locus, P(H1) = Σ P(g) e₁(g) e₂(g) and P(H2) = Σ P(g, h) e₁(g) e₂(h), where P(g, h) are two persons' genotypes
    from one urn, at θ = 0 P(g) P(h). Populations and drop-out are summed outside the product over loci. X loci count
    only between samples known to be of one sex. A Y haplotype or mtDNA counts as one locus more.
    """
    n = len(sexes)
    above, below = np.full((n, n), -np.inf), np.full((n, n), -np.inf)
    compared = np.zeros((n, n), dtype=np.intp)
    mismatches = np.zeros((n, n), dtype=np.intp)
    for k, view in enumerate(views):
        flat = [typed for readings in view.samples for _, typed in readings]
        whose = [i for i, readings in enumerate(view.samples) for _ in readings]
        ln = _everywhere(flat, [sexes[i] for i in whose], view.model)
        with np.errstate(divide="ignore"):
            weight = np.log(np.array([w for readings in view.samples for w, _ in readings]))
            prior = weight[:, None] + weight[None, :] + np.log(view.weight)
        first = np.unique(whose, return_index=True)[1]
        above = np.logaddexp(above, _summed(ln.same + prior, first))
        below = np.logaddexp(below, _summed(ln.apart + prior, first))
        if k == 0:
            at = np.ix_(first, first)
            compared, mismatches = ln.compared[at], ln.mismatches[at]
    np.fill_diagonal(above, 0.0)
    np.fill_diagonal(below, 0.0)
    with np.errstate(invalid="ignore"):
        ln_lr = np.where(np.isneginf(above), -np.inf, above - below)
    return DirectMatches(ln_lr, compared, mismatches)


@dataclass(frozen=True, eq=False)
class _Everywhere:
    """Sums over loci, shape (readings, readings): natural log of P under H1 and H2, loci compared, loci that differ."""

    same: Floats
    apart: Floats
    compared: Ints
    mismatches: Ints


def _everywhere(samples: Sequence[Typed], sexes: Sequence[Sex], model: Model) -> _Everywhere:
    n = len(samples)
    same, apart = np.zeros((n, n)), np.zeros((n, n))
    alone = np.zeros(n)
    compared = np.zeros((n, n), dtype=np.intp)
    mismatches = np.zeros((n, n), dtype=np.intp)
    for locus in model.loci:
        theta = model.theta_at(locus)
        for ploidy, may in _comparable(locus, sexes):
            evidence = [
                s.evidence.get(locus.name, {}).get(ploidy) if m else None for s, m in zip(samples, may, strict=True)
            ]
            rows = np.array([i for i, e in enumerate(evidence) if e is not None], dtype=np.intp)
            if not len(rows):
                continue
            ln_same, ln_apart, ln_alone = _at_locus([e for e in evidence if e is not None], locus, theta)
            at = np.ix_(rows, rows)
            # what one sample shows where the other is not typed weighs the unknown, under both hypotheses alike
            alone[rows] += ln_alone
            beside = ln_alone[:, None] + ln_alone[None, :]
            same[at] += ln_same - beside
            apart[at] += ln_apart - beside
            compared[at] += 1
            mismatches[at] += np.isneginf(ln_same)
    alone += ln_readings(samples, model)
    for ln_lr in same_line_terms(samples, model):
        shared = ~np.isnan(ln_lr)
        same += np.where(shared, ln_lr, 0.0)
        compared += shared
        mismatches += np.isneginf(ln_lr)
    both = alone[:, None] + alone[None, :]
    return _Everywhere(same + both, apart + both, compared, mismatches)


def _summed(ln: Floats, first: Ints) -> Floats:
    """ln of the sum over every two samples' readings, which stand together from ``first`` on."""
    if len(first) == len(ln):
        return ln
    rows = np.logaddexp.reduceat(ln, first, axis=0)
    return np.asarray(np.logaddexp.reduceat(rows, first, axis=1))


def _comparable(locus: Locus, sexes: Sequence[Sex]) -> list[tuple[int, list[bool]]]:
    """Ploidy and which samples may be compared at it."""
    if locus.kind == "autosomal":
        return [(2, [True] * len(sexes))]
    return [(1, [s == "male" for s in sexes]), (2, [s == "female" for s in sexes])]


def _at_locus(evidence: Sequence[Evidence], locus: Locus, theta: float) -> tuple[Floats, Floats, Floats]:
    """Natural log of P of every two, one individual and two, shape (n, n), and of each alone, (n,)."""
    genotypes = {g: k for k, g in enumerate(dict.fromkeys(g for e in evidence for g in e.genotypes))}
    alleles = np.array([(g[0], g[-1]) for g in genotypes], dtype=np.intp)
    haploid = len(next(iter(genotypes), ())) == 1
    p = locus.frequencies
    one = _then(alleles, np.zeros((1, 0), dtype=np.intp), p, theta, haploid)[0]
    weights = np.zeros((len(evidence), len(genotypes)))
    for row, e in enumerate(evidence):
        weights[row, [genotypes[g] for g in e.genotypes]] = e.values
    with np.errstate(divide="ignore"):
        alone = np.log(weights @ one)
        together = np.log((weights * one) @ weights.T)
        if theta == 0:
            return together, alone[:, None] + alone[None, :], alone
        two = one[:, None] * _then(alleles, alleles[:, :1] if haploid else alleles, p, theta, haploid)
        return together, np.log(weights @ two @ weights.T), alone


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
