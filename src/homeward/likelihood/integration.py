"""The urn's frequencies themselves, integrated: what draws leave is a Dirichlet of frequencies in the subpopulation.

Alleles drawn from an urn are independent given its frequencies q, which have a Dirichlet distribution with
α_a = (θ c_a + (1−θ) p_a) / θ once called founders drew c_a alleles a each. The likelihood is then a polynomial in
q, homogeneous of the degree of the number of alleles still to be drawn, and rules with few points integrate it
exactly: q broken into Betas, each with its Gauss–Jacobi points (Golub & Welsch 1969), or where alleles are many,
points of smoothed allele counts β,

    q = (β + α/2) / (j + A/2),   A = Σ α,   |β| = j,

weighted by the probability that an urn of composition α draws the counts β. Their mean over one level j is a
polynomial in 1/(j + A/2)² whose constant term is the integral: the rule of Grundmann & Möller (1978) is its case
α = 1. Half as many levels as the degree are exact; fewer are extrapolated and leave an error that is reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import combinations
from math import ceil, comb

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.structure import Drawn

__all__ = ["Points", "betas", "counts", "draws", "joined", "points_of_betas", "points_of_counts"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_ROUNDED = 1e-15
"""Relative error of one term of a sum."""


@dataclass(frozen=True, eq=False, slots=True)
class Points:
    """A rule: frequencies of each urn at each point, (points, n), and weights; ``weights`` already hold what one
    draw after the other adds to the normalisation. ``coarser``: the weights of the next poorer rule, or the same.
    ``noise``: relative error by cancellation.
    """

    q: tuple[Floats, ...]
    weights: Floats
    coarser: Floats
    noise: float = 0.0


def points_of_betas(degree: int, blocks: int) -> int:
    """How many points `betas` takes."""
    return int(ceil((degree + 1) / 2) ** max(blocks - 1, 0))


def points_of_counts(levels: int, blocks: int) -> int:
    """How many points `counts` takes."""
    return comb(levels + blocks, blocks)


def total_weight(drawn: Drawn, row: int, theta: float) -> float:
    """The sum of the weights of all draws, 1 where frequencies sum to one."""
    fresh = float(drawn.fresh[row if len(drawn.fresh) > 1 else 0].sum())
    return float(np.prod([fresh + k * theta for k in range(drawn.draws)])) / drawn.per_draw(theta)


def concentration(drawn: Drawn, row: int, theta: float) -> tuple[Floats, Ints]:
    """α of the alleles that can be drawn, and which they are."""
    fresh = drawn.fresh[row if len(drawn.fresh) > 1 else 0]
    at = np.flatnonzero(fresh > 0)
    return fresh[at] / theta, at


def betas(drawn: Drawn, row: int, theta: float) -> Points:
    """Gauss–Jacobi points of the stick broken from one end to the other; exact."""
    alpha, at = concentration(drawn, row, theta)
    nodes = ceil((drawn.draws + 1) / 2)
    q = np.ones((1, 0))
    left, weights = np.ones(1), np.ones(1)
    for k in range(len(alpha) - 1):
        x, w = _gauss(nodes, float(alpha[k]), float(alpha[k + 1 :].sum()))
        piece = np.multiply.outer(left, x).ravel()
        q = np.column_stack([np.repeat(q, nodes, axis=0), piece])
        left = np.repeat(left, nodes) - piece
        weights = np.multiply.outer(weights, w).ravel()
    return _placed(np.column_stack([q, left]) if len(alpha) else q, at, drawn, row, theta, weights, weights, 0.0)


def _placed(
    q: Floats, at: Ints, drawn: Drawn, row: int, theta: float, weights: Floats, coarser: Floats, noise: float
) -> Points:
    full = np.zeros((len(q), drawn.fresh.shape[1]))
    full[:, at] = q
    scale = total_weight(drawn, row, theta) if len(at) or not drawn.draws else 0.0
    return Points((full,), scale * weights, scale * coarser, noise)


@lru_cache(maxsize=4096)
def _gauss(nodes: int, a: float, b: float) -> tuple[Floats, Floats]:
    """Points in [0, 1] and weights (sum 1) that integrate polynomials against a Beta(a, b) density."""
    k = np.arange(nodes, dtype=float)
    # Jacobi polynomials on [-1, 1] with weight (1−t)^(b−1) (1+t)^(a−1), x = (1+t)/2
    s = 2 * k + a + b - 2
    with np.errstate(divide="ignore", invalid="ignore"):
        diagonal = ((a - 1) ** 2 - (b - 1) ** 2) / (s * (s + 2))
        off = 4 * k * (k + b - 1) * (k + a - 1) * (k + a + b - 2) / (s**2 * (s + 1) * (s - 1))
    diagonal[0] = (a - b) / (a + b)
    if nodes > 1:
        off[1] = 4 * a * b / ((a + b) ** 2 * (a + b + 1))
    side = np.sqrt(off[1:])
    t, vectors = np.linalg.eigh(np.diag(diagonal) + np.diag(side, 1) + np.diag(side, -1))
    return np.clip((1 + t) / 2, 0.0, 1.0), vectors[0] ** 2


def counts(drawn: Drawn, row: int, theta: float, levels: int) -> Points:
    """Points of smoothed allele counts, levels 0 … ``levels``; exact from half the degree on."""
    alpha, at = concentration(drawn, row, theta)
    total = float(alpha.sum())
    x = [(j + total / 2) ** 2 for j in range(levels + 1)]
    fine, coarse = _extrapolation(x), [0.0, *_extrapolation(x[1:])] if levels else [1.0]
    q, weights, coarser = [], [], []
    for j in range(levels + 1):
        beta = _compositions(j, len(alpha))
        chance = _drawn_chance(beta, alpha)
        q.append((beta + alpha / 2) / (j + total / 2))
        weights.append(fine[j] * chance)
        coarser.append(coarse[j] * chance)
    exact = 2 * levels + 1 >= drawn.draws
    w, c = np.concatenate(weights), np.concatenate(coarser)
    noise = _ROUNDED * float(np.abs(w).sum())
    return _placed(np.concatenate(q), at, drawn, row, theta, w, w if exact else c, noise)


def _extrapolation(x: list[float]) -> list[float]:
    """Weights of values at 1/x that give a polynomial's value at 0."""
    return [float(np.prod([x[i] / (x[i] - y) for k, y in enumerate(x) if k != i])) for i in range(len(x))]


@lru_cache(maxsize=64)
def _compositions(total: int, parts: int) -> Ints:
    """All ways to write ``total`` as a sum of ``parts`` numbers from 0: shape (ways, parts)."""
    if parts == 0:
        return np.zeros((int(total == 0), 0), dtype=np.intp)
    bars = np.array(list(combinations(range(total + parts - 1), parts - 1)), dtype=np.intp)
    bars = bars.reshape(-1, parts - 1)
    edge = np.full((len(bars), 1), total + parts - 1)
    return np.diff(np.column_stack([np.full((len(bars), 1), -1), bars, edge]), axis=1) - 1


def _drawn_chance(beta: Ints, alpha: Floats) -> Floats:
    """P(counts) of |β| draws from an urn of composition α."""
    j = int(beta[0].sum()) if len(beta) else 0
    rising = np.ones((j + 1, len(alpha)))
    for k in range(j):
        rising[k + 1] = rising[k] * (alpha + k) / (k + 1)
    chance = np.prod(rising[beta, np.arange(len(alpha))], axis=1)
    return np.asarray(chance / chance.sum())


def draws(drawn: Drawn, row: int, theta: float, number: int, seed: int) -> Points:
    """Frequencies drawn at random, in the same order for the same seed."""
    alpha, at = concentration(drawn, row, theta)
    gamma = np.random.default_rng(seed).standard_gamma(np.maximum(alpha, 1e-12), (number, len(alpha)))
    size = gamma.sum(axis=1, keepdims=True)
    q = np.divide(gamma, size, out=np.full(gamma.shape, 1.0 / max(len(alpha), 1)), where=size > 0)
    weights = np.full(number, 1.0 / number)
    return _placed(q, at, drawn, row, theta, weights, weights, 0.0)


def joined(rules: list[Points]) -> Points:
    """The rule of several urns at once: every point of one with every point of the others."""
    return reduce(_crossed, rules, Points((), np.ones(1), np.ones(1)))


def _crossed(one: Points, other: Points) -> Points:
    m, n = len(one.weights), len(other.weights)
    q = (*(np.repeat(x, n, axis=0) for x in one.q), *(np.tile(x, (m, 1)) for x in other.q))
    weights = np.multiply.outer(one.weights, other.weights).ravel()
    coarser = np.multiply.outer(one.coarser, other.coarser).ravel()
    return Points(q, weights, coarser, one.noise + other.noise)
