"""How many men share a man's Y haplotype, by simulating the male line of a growing population.

Andersen & Balding 2017, PLoS Genet 13:e1007028: matching men are patrilineal relatives, closer than two men at random,
and most of them are within a few dozen meioses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.faults import Progress, silent

__all__ = ["QUANTILES", "MatchingMales", "matching_males"]

Ints = NDArray[np.int64]

QUANTILES = (0.025, 0.5, 0.95, 0.975)


@dataclass(frozen=True, eq=False)
class MatchingMales:
    """``counts``: shape (replicates,), living men other than the man himself with his haplotype.

    ``population``: living men. ``meioses``: shape (replicates,), the mean number of meioses between the man and those
    who match him, NaN where nobody does.
    """

    counts: Ints
    population: int
    meioses: NDArray[np.float64]

    def quantile(self, share: float) -> float:
        """The number that this share of the replicates does not exceed."""
        return float(np.quantile(self.counts, share, method="inverted_cdf"))

    @property
    def quantiles(self) -> dict[float, float]:
        return {share: self.quantile(share) for share in QUANTILES}


def matching_males(
    rates: Iterable[float],
    *,
    size: int,
    seed: int,
    generations: int = 250,
    growth: float = 0.02,
    growing: int = 150,
    living: int = 3,
    variance: float = 0.2,
    replicates: int = 1000,
    progress: Progress = silent,
) -> MatchingMales:
    """The number of living men who have the haplotype of a man drawn from among them.

    ``rates``: probability per meiosis that each locus (each copy of it) mutates. A haplotype is inherited unchanged
    with probability Π (1 − rate), and two men match when nothing mutated between them: mutations that undo each other
    are not counted. ``size``: men of the last generation. There are ``generations`` of them; the population grows by
    ``growth`` a generation over the last ``growing`` and is constant before. ``living``: youngest generations alive.
    ``variance``: of fathers' expected numbers of sons relative to the mean (gamma), beyond which sons are Poisson;
    0 = the Wright–Fisher model. Deterministic by seed. Raises ValueError for figures out of range.

    The line is followed backwards from the man, and forwards only along sons without a mutation: the men who do not
    match are never drawn.
    """
    unchanged = float(np.prod([1 - r for r in rates]))
    if not (0 < unchanged <= 1 and size > 1 and generations > living >= 1 and growth >= 0 and variance >= 0):
        raise ValueError("rates, size, generations, living, growth or variance are out of range")
    if not 0 <= growing < generations:
        raise ValueError(f"growing {growing} must lie between 0 and {generations}")
    sizes = _sizes(size, generations, growth, growing)
    chance = Generator(PCG64(seed))
    counts = np.zeros(replicates, dtype=np.int64)
    meioses = np.full(replicates, np.nan)
    for i in range(replicates):
        if i % 100 == 0:
            progress("matching-males", i, replicates)
        counts[i], meioses[i] = _one(sizes, unchanged, living, variance, chance)
    progress("matching-males", replicates, replicates)
    return MatchingMales(counts, int(sizes[-living:].sum()), meioses)


def _sizes(size: int, generations: int, growth: float, growing: int) -> Ints:
    """Men of each generation, oldest first."""
    back = np.minimum(np.arange(generations)[::-1], growing)
    return np.maximum(1, np.rint(size / (1 + growth) ** back)).astype(np.int64)


def _one(sizes: Ints, unchanged: float, living: int, variance: float, chance: Generator) -> tuple[int, float]:
    """Matching men of one simulated line, and the mean meioses to them."""
    last = sizes.size - 1
    alive = sizes[-living:] / sizes[-living:].sum()
    at = last - living + 1 + int(chance.choice(living, p=alive))
    found, apart = 0, 0.0
    own = at
    ancestors = [own]
    while own > 0 and chance.random() < unchanged:
        own -= 1
        ancestors.append(own)
    for steps, generation in enumerate(ancestors):
        # one more son of a man known to have one: sons are as of a father chosen in proportion to them
        spread = chance.gamma(1 / variance + (generation != at), variance) if variance else 1.0
        men = np.zeros(1, dtype=np.int64)
        if generation < last:
            mean = sizes[generation + 1] / sizes[generation]
            men[0] = chance.poisson(mean * spread * unchanged)
        if generation != at and generation >= last - living + 1:
            found, apart = found + 1, apart + steps
        current, depth = int(men[0]), 1
        while current and generation + depth <= last:
            reached = generation + depth
            if reached >= last - living + 1:
                found, apart = found + current, apart + current * (steps + depth)
            if reached == last:
                break
            mean = sizes[reached + 1] / sizes[reached] * unchanged
            total = chance.gamma(current / variance, variance) if variance else float(current)
            current = int(chance.poisson(mean * total))
            depth += 1
    return found, apart / found if found else np.nan
