"""Two genotypes at a locus under any pairwise relationship: P = P(g₁) P(g₂) (κ₀ + κ₁ r₁ + κ₂ r₂).

r₁ and r₂ are the LRs for sharing one and two alleles by descent; every relationship of two persons who are not
inbred is a point κ = (κ₀, κ₁, κ₂), and so is its likelihood a product over loci of this one form.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus
from homeward.observe import Evidence, called

__all__ = ["Kappa", "estimate_kappa", "evidence_ratios", "fit_kappa", "genotype_ratios"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Kappa = tuple[float, float, float]


def genotype_ratios(first: Ints, second: Ints, frequencies: Floats) -> tuple[Floats, Floats]:
    """r₁ and r₂ of genotypes against genotypes, all shapes broadcast.

    ``first``, ``second``: shape (..., 2), allele positions. r₁ = ¼ Σ over the four pairs of alleles of 1/p where
    they are equal; r₂ = 1/P(g) where the genotypes are equal. Weir, Anderson & Hepler 2006 (Nat Rev Genet 7:771).
    """
    a, b, c, d = first[..., 0], first[..., 1], second[..., 0], second[..., 1]
    pa, pb = frequencies[a], frequencies[b]
    with np.errstate(divide="ignore", invalid="ignore"):
        one = 0.25 * (np.where(a == c, 1 / pa, 0.0) + np.where(a == d, 1 / pa, 0.0))
        one = one + 0.25 * (np.where(b == c, 1 / pb, 0.0) + np.where(b == d, 1 / pb, 0.0))
        equal = ((a == c) & (b == d)) | ((a == d) & (b == c))
        two = np.where(equal, 1 / (pa * pb * np.where(a == b, 1.0, 2.0)), 0.0)
    return one, two


def evidence_ratios(evidence: Sequence[Evidence], locus: Locus) -> tuple[Floats, Floats]:
    """r₁ and r₂ of every two pieces of diploid evidence, shape (n, n); for calls those of the genotypes."""
    p = locus.frequencies
    if all(e.is_call for e in evidence):
        calls = np.array([e.genotypes[0] for e in evidence], dtype=np.intp).reshape(-1, 2)
        return genotype_ratios(calls[:, None, :], calls[None, :, :], p)
    place = {g: k for k, g in enumerate(dict.fromkeys(g for e in evidence for g in e.genotypes))}
    genotypes = np.array(list(place), dtype=np.intp).reshape(-1, 2)
    chance = p[genotypes[:, 0]] * p[genotypes[:, 1]] * np.where(genotypes[:, 0] == genotypes[:, 1], 1.0, 2.0)
    weights = np.zeros((len(evidence), len(genotypes)))
    for row, e in enumerate(evidence):
        weights[row, [place[g] for g in e.genotypes]] = e.values
    weights *= chance
    alone = weights.sum(axis=1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where(alone > 0, weights / alone, 0.0)
    one, two = genotype_ratios(genotypes[:, None, :], genotypes[None, :, :], p)
    return weights @ one @ weights.T, weights @ two @ weights.T


def estimate_kappa(
    a: Sequence[Sequence[str | None]], b: Sequence[Sequence[str | None]], loci: Sequence[Locus]
) -> Kappa:
    """Maximum likelihood κ of two persons from their genotypes at unlinked autosomal loci, mutation ignored.

    ``a``, ``b``: alleles as typed, one pair a locus; a locus where either says nothing is left out. Thompson 1975
    (Ann Hum Genet 39:173); what `forrel::ibdEstimate` computes.
    """
    ratios = []
    for x, y, locus in zip(a, b, loci, strict=True):
        seen = [called(x, locus, "unknown"), called(y, locus, "unknown")]
        if locus.kind == "autosomal" and seen[0] is not None and seen[1] is not None:
            one, two = evidence_ratios([seen[0], seen[1]], locus)
            ratios.append((one[0, 1], two[0, 1]))
    r = np.array(ratios, dtype=np.float64).reshape(-1, 2)
    return fit_kappa(r[:, 0], r[:, 1])


def fit_kappa(one: Floats, two: Floats) -> Kappa:
    """The κ that maximises Σ ln(κ₀ + κ₁ r₁ + κ₂ r₂), r₁ and r₂ of shape (loci,).

    The sum is concave: Newton's method with a logarithmic barrier that is then let go. Without loci every κ fits
    alike, and the answer is the middle of the triangle.
    """
    ratios = np.stack([np.ones_like(one), one, two])
    ratios = ratios / ratios.max(axis=0, initial=1.0)
    k = np.full(3, 1 / 3)
    barrier = 1.0
    while barrier > 1e-12:
        for _ in range(100):
            step, decrement = _newton(k, ratios, barrier)
            if decrement < 1e-12 * barrier:
                break
            # a step of this length stays inside the triangle and converges: self-concordance
            k = k + step / (1 + np.sqrt(decrement / barrier))
        barrier /= 10.0
    k = np.where(k < 1e-8, 0.0, k)
    k0, k1, k2 = (k / k.sum()).tolist()
    return k0, k1, k2


def _newton(k: Floats, ratios: Floats, barrier: float) -> tuple[Floats, float]:
    """Newton's step along Σ κ = 1, and how much it promises; each κ is scaled by itself, lest tiny ones drown."""
    share = k[:, None] * ratios / (k @ ratios)
    gradient = share.sum(axis=1) + barrier
    system = np.zeros((4, 4))
    system[:3, :3] = share @ share.T + barrier * np.eye(3)
    system[:3, 3] = system[3, :3] = k
    z = np.linalg.solve(system, np.append(gradient, 0.0))[:3]
    return k * z, float(gradient @ z)
