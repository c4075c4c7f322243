"""Dispersions of the discrete Laplace mixture, given who is in which cluster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_dispersions"]

Floats = NDArray[np.float64]

_LEAST_STEPS = 0.5  # a locus that does not vary at all is taken to have shown half a step, so that no allele is impossible
_LEAST_MEN = 1e-3  # in a cluster at a locus, so that the curvature is never zero
_ITERATIONS = 50
_STILL = 1e-10


def fit_dispersions(men: Floats, steps: Floats, start: Floats) -> Floats:
    """The p of each cluster and locus of greatest likelihood, where ln p = a (cluster) + b (locus).

    ``men``, ``steps``: shape (clusters, loci), men counted and their steps from the centre, by membership. ``start``:
    where to begin. The likelihood Σ steps·η + men·ln((1 − e^η)/(1 + e^η)) is concave in η = ln p: Newton's method, with
    steps halved where they would leave η < 0 or fall. Andersen, Eriksen & Morling 2013, section 3.
    """
    clusters, loci = men.shape
    men = np.maximum(men, _LEAST_MEN)
    steps = steps + np.maximum(_LEAST_STEPS - steps.sum(axis=0), 0) * men / men.sum(axis=0)
    design = np.zeros((clusters, loci, clusters - 1 + loci))
    for j in range(1, clusters):
        design[j, :, j - 1] = 1
    design[:, np.arange(loci), clusters - 1 + np.arange(loci)] = 1
    flat = design.reshape(clusters * loci, -1)
    eta = _additive(np.log(start))
    at = np.linalg.lstsq(flat, eta.ravel(), rcond=None)[0]
    eta = (flat @ at).reshape(clusters, loci)
    value = _value(men, steps, eta)
    for _ in range(_ITERATIONS):
        p = np.exp(eta)
        slope = (steps - men * 2 * p / (1 - p**2)).ravel()
        curve = (men * 2 * p * (1 + p**2) / (1 - p**2) ** 2).ravel()
        move = np.linalg.solve((flat * curve[:, None]).T @ flat, flat.T @ slope)
        scale = 1.0
        while True:
            tried = (flat @ (at + scale * move)).reshape(clusters, loci)
            new = _value(men, steps, tried)
            if new >= value or scale < 1e-12:
                break
            scale /= 2
        gained, at, eta, value = new - value, at + scale * move, tried, new
        if gained < _STILL:
            break
    return np.exp(eta)


def _additive(eta: Floats) -> Floats:
    """The nearest sum of a cluster's and a locus's part that stays below zero."""
    fitted: Floats = eta.mean(axis=1, keepdims=True) + eta.mean(axis=0, keepdims=True) - eta.mean()
    return np.minimum(fitted, -1e-6) if (fitted >= 0).any() else fitted


def _value(men: Floats, steps: Floats, eta: Floats) -> float:
    if (eta >= 0).any() or not np.isfinite(eta).all():
        return -np.inf
    p = np.exp(eta)
    return float((steps * eta + men * (np.log1p(-p) - np.log1p(p))).sum())
