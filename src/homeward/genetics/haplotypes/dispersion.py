"""Dispersions of the discrete Laplace mixture, given who is in which cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_dispersions"]

Floats = NDArray[np.float64]

# Steps that a locus, and a cluster, are taken to have shown where they do not vary: no allele is impossible.
_LEAST_AT_LOCUS = 0.5
_LEAST_IN_CLUSTER = 1.0
_LEAST_MEN = 1e-3  # in a cluster at a locus, so that the curvature is never zero
_ITERATIONS = 50
_STILL = 1e-10  # gained in ln likelihood
_SHORTEST = 1e-6  # of a step
_RIDGE = 1e-9


def fit_dispersions(men: Floats, steps: Floats, start: Floats) -> Floats:
    """The p of each cluster and locus of greatest likelihood, where ln p = a (cluster) + b (locus).

    ``men``, ``steps``: shape (clusters, loci), men counted and their steps from the centre, by membership.
    ``start``: where to begin, additive in ln p. The likelihood Σ steps·η + men·ln((1 − e^η)/(1 + e^η)) is concave in
    η = ln p: Newton's method, with moves halved where they would leave η < 0 or fall. Andersen, Eriksen & Morling
    2013, section 3.
    """
    men = np.maximum(men, _LEAST_MEN)
    steps = steps + np.maximum(_LEAST_AT_LOCUS - steps.sum(axis=0), 0) * men / men.sum(axis=0)
    share = men / men.sum(axis=1, keepdims=True)
    steps = steps + np.maximum(_LEAST_IN_CLUSTER - steps.sum(axis=1, keepdims=True), 0) * share
    eta = np.log(start)
    # the first cluster's part is zero: a shift between the two parts changes nothing
    cluster, locus = eta.mean(axis=1) - eta[0].mean(), eta[0]
    eta = cluster[:, None] + locus
    value = _value(men, steps, eta)
    for _ in range(_ITERATIONS):
        p = np.exp(eta)
        slope = steps - men * 2 * p / (1 - p**2)
        curve = men * 2 * p * (1 + p**2) / (1 - p**2) ** 2
        move = _newton(slope, curve)
        scale = 1.0
        while True:
            tried = eta + scale * move
            new = _value(men, steps, tried)
            if new >= value or scale < _SHORTEST:
                break
            scale /= 2
        if new - value < _STILL:
            break
        eta, value = tried, new
    found: Floats = np.exp(eta)
    return found


def _newton(slope: Floats, curve: Floats) -> Floats:
    """Newton's move of η, shape (clusters, loci), where it is a cluster's part plus a locus's part."""
    clusters, loci = slope.shape
    hessian = np.zeros((clusters - 1 + loci, clusters - 1 + loci))
    hessian[: clusters - 1, clusters - 1 :] = curve[1:]
    hessian += hessian.T
    hessian[np.diag_indices_from(hessian)] = np.append(curve.sum(axis=1)[1:], curve.sum(axis=0)) + _RIDGE
    move = np.linalg.solve(hessian, np.append(slope.sum(axis=1)[1:], slope.sum(axis=0)))
    by_cluster: Floats = np.append(0.0, move[: clusters - 1])
    found: Floats = by_cluster[:, None] + move[clusters - 1 :]
    return found


def _value(men: Floats, steps: Floats, eta: Floats) -> float:
    if (eta >= 0).any() or not np.isfinite(eta).all():
        return -np.inf
    p = np.exp(eta)
    return float((steps * eta + men * (np.log1p(-p) - np.log1p(p))).sum())
