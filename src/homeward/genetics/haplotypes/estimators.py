"""Frequency of a haplotype in a population, from how often it stands in a reference database. Y and mtDNA alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from homeward.genetics.haplotypes.database import Comparison

__all__ = [
    "LEVEL",
    "Estimate",
    "augmented_count",
    "brenner_kappa",
    "clopper_pearson",
    "clopper_pearson_upper",
    "estimates",
    "theta_corrected",
]

LEVEL = 0.95
"""Confidence of every interval and bound."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One estimator's answer.

    ``method``: ``count``, ``augmented-count``, ``clopper-pearson-upper``, ``brenner-kappa`` or ``discrete-laplace``.
    ``low``, ``high``: two-sided 95% interval of sampling, None where the method has none. ``theta``: what has been
    allowed for common ancestry in ``frequency``, ``low`` and ``high``.
    """

    method: str
    frequency: float
    low: float | None
    high: float | None
    matches: int
    size: int
    theta: float = 0.0

    def corrected(self, theta: float) -> Estimate:
        """The probability that a man presumed unrelated has the haplotype too: θ + (1 − θ) f. Raises ValueError if
        θ stands in it already."""
        if self.theta:
            raise ValueError("the estimate is corrected already")
        low = None if self.low is None else theta_corrected(self.low, theta)
        high = None if self.high is None else theta_corrected(self.high, theta)
        return replace(self, frequency=theta_corrected(self.frequency, theta), low=low, high=high, theta=theta)


def theta_corrected(frequency: float, theta: float) -> float:
    """θ + (1 − θ) f: P(a second presumed unrelated person has the haplotype | the first has it).

    ``theta``: probability that two persons of the population share the haplotype by common descent, 0 to 1. Buckleton,
    Krawczak & Weir 2011, FSI Genetics 5:78. Raises ValueError outside 0 to 1.
    """
    if not (0 <= theta <= 1 and 0 <= frequency <= 1):
        raise ValueError(f"theta {theta} and frequency {frequency} must lie between 0 and 1")
    return theta + (1 - theta) * frequency


def augmented_count(matches: int, size: int) -> Estimate:
    """(x + 1) / (n + 1): the case's own haplotype is counted into the database.

    Budowle et al. 2009; Roewer et al. 2020, FSI Genetics 48:102308. The interval is Clopper and Pearson's of x + 1 of
    n + 1. Raises ValueError unless 0 ≤ x ≤ n.
    """
    _check(matches, size)
    low, high = clopper_pearson(matches + 1, size + 1)
    return Estimate("augmented-count", (matches + 1) / (size + 1), low, high, matches, size)


@lru_cache(maxsize=4096)
def clopper_pearson(matches: int, size: int, level: float = LEVEL) -> tuple[float, float]:
    """Two-sided exact binomial interval of x of n. Clopper & Pearson 1934, Biometrika 26:404."""
    _check(matches, size)
    tail = (1 - level) / 2
    low = 0.0 if matches == 0 else _root(lambda p: 1 - _at_most(matches - 1, size, p), tail)
    high = 1.0 if matches == size else _root(lambda p: -_at_most(matches, size, p), -tail)
    return low, high


def clopper_pearson_upper(matches: int, size: int, level: float = LEVEL) -> Estimate:
    """One-sided exact upper bound: the frequency under which x or fewer of n has probability 1 − level.

    1 − 0.05^(1/n) for a haplotype not seen. Clopper & Pearson 1934; SWGDAM Interpretation Guidelines for Y-STR. Raises
    ValueError unless 0 ≤ x ≤ n and n > 0.
    """
    _check(matches, size)
    if size == 0:
        raise ValueError("an empty database bounds nothing")
    bound = 1.0 if matches == size else _root(lambda p: -_at_most(matches, size, p), -(1 - level))
    return Estimate("clopper-pearson-upper", bound, None, None, matches, size)


def brenner_kappa(matches: int, size: int, singletons: int) -> Estimate:
    """(1 − κ) / (n + 1) for a haplotype not in the database, κ = (singletons + 1) / (n + 1).

    κ is the share of singletons after the case's own haplotype has been counted in. Brenner 2010, FSI Genetics 4:281,
    whose n is the size of that extended database. The argument holds for new haplotypes only: one that the database
    has gets the augmented count (x + 1) / (n + 1). With singletons only, κ would be 1 and the estimate 0: one of them
    is then taken to be no singleton. Raises ValueError unless 0 ≤ x ≤ n and 0 ≤ singletons ≤ n.
    """
    _check(matches, size)
    if not 0 <= singletons <= size:
        raise ValueError(f"{singletons} singletons among {size}")
    extended = size + 1
    if matches:
        return Estimate("brenner-kappa", (matches + 1) / extended, None, None, matches, size)
    kappa = min(singletons + 1, size) / extended
    return Estimate("brenner-kappa", (1 - kappa) / extended, None, None, matches, size)


def estimates(comparison: Comparison, laplace: float | None = None, theta: float = 0.0) -> tuple[Estimate, ...]:
    """Every estimator side by side, each with θ + (1 − θ) f where a θ is given.

    ``laplace``: the frequency by `DiscreteLaplace.probability`, where a model has been fitted.
    """
    x, n = comparison.matches, comparison.size
    found = [augmented_count(x, n), brenner_kappa(x, n, comparison.singletons)]
    if n:
        low, high = clopper_pearson(x, n)
        found = [Estimate("count", x / n, low, high, x, n), *found, clopper_pearson_upper(x, n)]
    if laplace is not None:
        found.append(Estimate("discrete-laplace", laplace, None, None, x, n))
    return tuple(e.corrected(theta) if theta else e for e in found)


def _check(matches: int, size: int) -> None:
    if not 0 <= matches <= size:
        raise ValueError(f"{matches} matches among {size}")


def _at_most(matches: int, size: int, p: float) -> float:
    """Binomial P(X ≤ matches)."""
    if p <= 0:
        return 1.0
    if p >= 1:
        return float(matches >= size)
    whole = math.lgamma(size + 1)
    terms = (
        math.exp(whole - math.lgamma(k + 1) - math.lgamma(size - k + 1) + k * math.log(p) + (size - k) * math.log1p(-p))
        for k in range(matches + 1)
    )
    return min(1.0, math.fsum(terms))


def _root(rising: Callable[[float], float], wanted: float) -> float:
    """Where a function that rises with p takes a value, by halving to the last bit."""
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return high
