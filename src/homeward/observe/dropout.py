"""Drop-out that nobody stated: a number shared by all markers of a sample, known up to weights on a grid.

What is known of it before the sample's own typings speak comes from the other samples of the case: how often an
allele that one replicate shows is missing from another, and how that hangs on the heights.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, log
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from homeward.case import Sample, Typing
from homeward.genetics import Model
from homeward.genetics.dropout import GRID

if TYPE_CHECKING:
    from homeward.observe.profiles import Profiles

__all__ = ["Reading", "dropout_posterior", "estimated_readings", "mean_height"]

Floats = NDArray[np.float64]
BySample = Mapping[str, Mapping[str, tuple[Typing, ...]]]

_BETWEEN = 0.5
"""Standard deviation of the logit of drop-out between samples of equal heights."""
_RIDGE = np.diag([1 / 3.0**2, 1 / 5.0**2])
"""Precision of the intercept and the slope beforehand, so weak that it only keeps them finite."""
_STEPS, _LONGEST, _CLOSE = 100, 1.0, 1e-10


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a sample: drop-out and drop-in as in `with_dropout`, and its probability ``weight``."""

    weight: float
    heterozygote: float
    homozygote: float
    dropin: float


@dataclass(frozen=True, slots=True)
class _Tally:
    """What a sample's replicates show of the alleles of its heterozygotes.

    ``alleles``: of those typed equally often: (replicates, alleles, how often one is lacking in all). ``ln_height``:
    natural log of the sample's mean height, None where no heights are given.
    """

    alleles: tuple[tuple[int, int, int], ...]
    ln_height: float | None


@dataclass(frozen=True, eq=False)
class _Fit:
    """Logit of drop-out = β · (1, ln height − ``centre``); ``spread``: variance of ln height among its samples."""

    beta: Floats
    covariance: Floats
    centre: float
    spread: float

    def predict(self, ln_height: float | None) -> tuple[float, float]:
        """Mean and variance of the logit of a sample's drop-out."""
        x = np.array([1.0, 0.0 if ln_height is None else ln_height - self.centre])
        unknown = self.beta[1] ** 2 * self.spread if ln_height is None else 0.0
        return float(x @ self.beta), float(x @ self.covariance @ x + unknown) + _BETWEEN**2


def estimated_readings(
    samples: Sequence[Sample], typings: BySample, markers: Collection[str]
) -> dict[str, tuple[Reading, ...]]:
    """The readings of samples whose drop-out is estimated: on `GRID`, homozygote drop-out its square.

    ``markers``: diploid loci. The weights of a sample come from the replicates of the other samples: among the
    heterozygotes (two alleles seen over all replicates) every allele is there or not in each, given that it is there
    at least once; logit P(drop-out) = β₀ + β₁ ln(mean height) as Tvedebrink, Eriksen, Mogensen & Morling
    2009 (FSI Genetics 3:222), the intercept alone without heights, plus a spread between samples. With no
    other replicates all points weigh the same. Its own typings are left out: they speak in the likelihood.
    """
    tallies = {s.id: _tally(s, typings[s.id], markers) for s in samples}
    telling = {id: t for id, t in tallies.items() if t.alleles}
    of_all = _fit(list(telling.values()))
    found = {}
    for s in samples:
        fit = of_all if s.id not in telling else _fit([t for id, t in telling.items() if id != s.id])
        weights = _weights(fit, tallies[s.id].ln_height)
        found[s.id] = tuple(Reading(w, d, d * d, s.dropin or 0.0) for w, d in zip(weights, GRID, strict=True))
    return found


def dropout_posterior(profiles: Profiles, sample: Sample, model: Model) -> tuple[float, float, float, float | None]:
    """What a sample's own typings say of its heterozygote drop-out.

    Mean, lower and upper end of the central 95% interval, and the mean height of the alleles seen (None without
    heights), from the prior of its readings and the likelihood of each as of somebody unrelated to everybody.
    """
    readings = profiles.readings(sample)
    sex = profiles.sex[sample.id]
    ln = [log(r.weight) if r.weight > 0 else -inf for r in readings]
    for locus in model.loci:
        if locus.name not in profiles.typings[sample.id] or (locus.kind == "X" and sex == "unknown"):
            continue
        for k, reading in enumerate(readings):
            e = profiles.evidence(sample, locus, sex, reading)
            if e is None or not e.genotypes:  # untyped, or two alleles on a man's X: the same under every reading
                break
            ln[k] += log(e.chance(locus.frequencies))
    top = max(ln)
    each = [exp(x - top) for x in ln]
    posterior = np.array(each) / fsum(each)
    rates = np.array([r.heterozygote for r in readings])
    low, high = _interval(rates, posterior)
    markers = {locus.name for locus in model.loci}
    return float(posterior @ rates), low, high, mean_height(profiles.typings[sample.id], markers)


def mean_height(typings: Mapping[str, Sequence[Typing]], markers: Collection[str]) -> float | None:
    """Mean height of the alleles seen in all typings of a sample, None where no heights are given."""
    heights = [h for marker, rows in typings.items() if marker in markers for row in rows for h in row.heights if h > 0]
    return fsum(heights) / len(heights) if heights else None


def _interval(rates: Floats, posterior: Floats) -> tuple[float, float]:
    """Central 95%, each point's probability spread evenly over its cell of the grid."""
    if len(rates) == 1:
        return float(rates[0]), float(rates[0])
    angles = np.arcsin(np.sqrt(rates))
    half = 0.5 * (angles[1] - angles[0])
    edges = np.append(angles - half, angles[-1] + half)
    ends = np.interp([0.025, 0.975], np.append(0.0, posterior.cumsum()), edges)
    low, high = np.sin(np.clip(ends, 0.0, np.pi / 2)) ** 2
    return float(low), float(high)


def _tally(sample: Sample, typings: Mapping[str, tuple[Typing, ...]], markers: Collection[str]) -> _Tally:
    """Loci with an unknown or unresolved allele say nothing here, nor samples in which alleles drop in."""
    counts: dict[int, tuple[int, int]] = {}
    for marker, rows in typings.items():
        shown = [set(row.alleles) for row in rows]
        both = sorted(set().union(*shown))
        if marker not in markers or len(rows) < 2 or len(both) != 2 or sample.dropin:
            continue
        if not any(a == "?" or "|" in a for a in both):
            alleles, lacking = counts.get(len(rows), (0, 0))
            counts[len(rows)] = alleles + 2, lacking + sum(a not in s for a in both for s in shown)
    height = mean_height(typings, markers)
    return _Tally(tuple((n, *found) for n, found in counts.items()), None if height is None else log(height))


def _fit(tallies: Sequence[_Tally]) -> _Fit | None:
    """Logistic regression of an allele's absence on ln height, given that some replicate has it; None without data.

    The number of replicates that lack an allele is binomial cut short of all of them. A sample weighs as much as its
    information and the spread between samples allow.
    """
    if not tallies:
        return None
    known = [t.ln_height for t in tallies if t.ln_height is not None]
    centre = fsum(known) / len(known) if known else 0.0
    spread = fsum((h - centre) ** 2 for h in known) / len(known) if known else 0.0
    x = np.array([[1.0, 0.0 if t.ln_height is None else t.ln_height - centre] for t in tallies])
    of = np.repeat(np.arange(len(tallies)), [len(t.alleles) for t in tallies])
    n, alleles, lacking = np.array([c for t in tallies for c in t.alleles], dtype=float).T
    beta = np.zeros(2)
    for _ in range(_STEPS):
        mean, variance = _cut_binomial(n, 1.0 / (1.0 + np.exp(-np.clip(x @ beta, -8.0, 6.0)))[of])
        information = np.bincount(of, alleles * variance)
        trust = 1.0 / (1.0 + _BETWEEN**2 * information)
        score = x.T @ (trust * np.bincount(of, lacking - alleles * mean)) - _RIDGE @ beta
        precision = (x.T * (trust * information)) @ x + _RIDGE
        step = np.linalg.solve(precision, score)
        step *= min(1.0, _LONGEST / max(float(np.abs(step).max()), 1e-300))
        beta = beta + step
        if np.abs(step).max() < _CLOSE:
            break
    return _Fit(beta, np.linalg.inv(precision), centre, spread)


def _cut_binomial(n: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of a binomial number (n, d) given that it is below n."""
    all_lack = d**n
    mean = (n * d - n * all_lack) / (1.0 - all_lack)
    square = (n * d * (1.0 - d) + (n * d) ** 2 - n * n * all_lack) / (1.0 - all_lack)
    return mean, square - mean**2


def _weights(fit: _Fit | None, ln_height: float | None) -> list[float]:
    """A logit-normal prior on the grid, equal weights without a fit."""
    d = np.array(GRID)
    if fit is None:
        return [1.0 / len(GRID)] * len(GRID)
    mean, variance = fit.predict(ln_height)
    # the grid is even in arcsin √d, of which the logit grows by 2 / √(d(1 − d))
    ln = -0.5 * (np.log(d / (1.0 - d)) - mean) ** 2 / variance - 0.5 * np.log(d * (1.0 - d))
    each = np.exp(ln - ln.max())
    return [float(w) for w in each / each.sum()]
