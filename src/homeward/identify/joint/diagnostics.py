"""Whether chains agree, and how far to trust what they say.

Split-R̂ after Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., 11.4, on halves of chains; standard errors by
batch means over all chains, the worst of three sizes of batches; effective sample size p (1 − p) / error².
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.crossing import ERRORS, Estimate
from homeward.identify.joint.tally import BATCHES, ROUNDS, Tally

__all__ = ["LEAST_ESS", "MOST_RHAT", "Diagnosis", "diagnose"]

Floats = NDArray[np.float64]

MOST_RHAT, LEAST_ESS = 1.01, 400.0
_OPEN = 0.001
"""Marginals nearer to 0 or 1 than this are settled as far as convergence goes."""
_LIKELY = 0.9
"""Marginals from which on it matters whether they are above a threshold."""


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """``mean`` and ``error``: (samples, columns); ``rhat``, ``ess``: the worst of all marginals that are open."""

    mean: Floats
    error: Floats
    rhat: float
    ess: float

    @property
    def converged(self) -> bool:
        return self.rhat < MOST_RHAT and self.ess > LEAST_ESS

    @property
    def most_error(self) -> float:
        return float(self.error.max(initial=0.0))

    def undecided(self, names: int, threshold: float) -> float:
        """By what factor errors are too large to say which marginals of the first columns are above a threshold.

        Nearer to it than a quarter on the log-odds is left undecided.
        """
        worst = 0.0
        at = log(threshold / (1.0 - threshold)) if 0.0 < threshold < 1.0 else 0.0
        for i, c in np.argwhere(self.mean[:, :names] > _LIKELY).tolist():
            e = Estimate(float(self.mean[i, c]), max(0.0, 1.0 - float(self.mean[i, c])), float(self.error[i, c]))
            if e.error > 0.0:
                away = abs(log(e.posterior / max(e.outside, e.error)) - at)
                worst = max(worst, ERRORS * e.ln_odds_error / max(away, 0.25) if away > 0.25 else 0.0)
        return worst


def diagnose(tallies: Sequence[Tally]) -> Diagnosis:
    """What the chains of one stage say together."""
    chains, sweeps = len(tallies), tallies[0].sweeps
    draws = chains * sweeps
    mean = sum((t.mean for t in tallies), np.zeros_like(tallies[0].mean)) / draws
    variance = np.zeros_like(mean)
    for k in range(len(tallies[0].squares)):
        batches = chains * (BATCHES >> k)
        square = sum((t.squares[k] for t in tallies), np.zeros_like(mean)) / batches
        variance = np.maximum(variance, (square - mean**2) / (batches - 1))
    # what was never seen may still be: a visit more or less is the least a count can err by
    counted = np.any([t.counted for t in tallies], axis=0)
    variance[counted] = np.maximum(variance, 1.0 / draws**2)[counted]
    # what is rare, or was worked out from states too rare to have been met, is known no better than its sample's best
    variance = np.maximum(variance, _least(mean, variance, draws))
    rhat, ess = _rhat(tallies, mean), _ess(mean, variance, draws)
    return Diagnosis(mean, np.sqrt(variance), rhat, ess)


def _least(mean: Floats, variance: Floats, draws: int) -> Floats:
    """The least variance of every marginal: that of as many counts as the best one of its sample is worth.

    At most every round counts; of what those never met, as if it had been met once.
    """
    p = np.clip(mean, 0.0, 1.0)
    spread = p * (1.0 - p)
    best = mean.argmax(axis=1)[:, None] if mean.size else np.zeros((len(mean), 1), dtype=np.intp)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.take_along_axis(spread / variance, best, axis=1)
    worth = np.where(worth > 0, np.minimum(worth, draws * ROUNDS), draws * ROUNDS)
    return np.asarray(np.maximum(spread, 1.0 / worth) / worth)


def _rhat(tallies: Sequence[Tally], mean: Floats) -> float:
    half = tallies[0].sweeps / 2
    halves = np.array([each / half for t in tallies for each in t.halves])
    within = (halves * (1.0 - halves)).mean(axis=0)
    between = halves.var(axis=0, ddof=1)
    matters = ((mean > _OPEN) & (mean < 1.0 - _OPEN)) | (mean == mean.max(axis=1, keepdims=True, initial=0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        rhat = np.where(between > 0, np.sqrt(1.0 + between / within - 1.0 / half), 1.0)
    return max(1.0, float(rhat[matters].max(initial=1.0)))


def _ess(mean: Floats, variance: Floats, draws: int) -> float:
    open_ = (mean > _OPEN) & (mean < 1.0 - _OPEN)
    with np.errstate(divide="ignore", invalid="ignore"):
        ess = mean * (1.0 - mean) / variance
    return float(ess[open_].min(initial=float(draws)))
