"""engine_against_simulation: the engine's probabilities are the frequencies of simulated data."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import combinations_with_replacement, product

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.likelihood import Task, likelihoods
from homeward.observe import Evidence
from homeward.simulate import simulate_genotypes
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.situations import Situation, ploidy, random_situation
from validation.studies.study import Bound, Outcome, Study, chi_square_tail

__all__ = ["ENGINE_AGAINST_SIMULATION", "g_test"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

RUNS = 600
REPLICATES = 100_000
SMALLEST = 1e-4
"""Smallest p-value over all runs, after Bonferroni: once in ten thousand studies of a true engine."""
DISTANCE = 1.95
"""Kolmogorov's distance times √runs: exceeded once in a thousand studies of a true engine."""


def _work(scale: float, seed: int) -> Outcome:
    chance = Generator(PCG64(seed))
    runs = max(10, round(RUNS * scale))
    values: list[float] = []
    impossible, worst_sum = 0, 0.0
    models: Counter[str] = Counter()
    for _ in range(runs):
        situation = random_situation(chance, people=int(chance.integers(3, 10)), alleles=3)
        count = int(chance.integers(2, 4))
        typed = [situation.pedigree.ids[i] for i in chance.permutation(len(situation.pedigree))[:count]]
        p = _probabilities(situation, typed)
        observed = _counts(situation, typed, int(chance.integers(2**31)))
        worst_sum = max(worst_sum, abs(float(p.sum()) - 1))
        impossible += int(observed[p <= 0].sum())
        values.append(g_test(observed, p))
        models[f"{situation.locus.kind} {situation.model}"] += 1
    values.sort()
    distance = max(max(abs(v - k / runs), abs(v - (k + 1) / runs)) for k, v in enumerate(values))
    bounds = (
        Bound("genotypes drawn that the engine calls impossible", impossible, 0),
        Bound("largest distance of a sum of probabilities from one", worst_sum, 1e-9),
        Bound("minus log₁₀ of the smallest p-value", -math.log10(max(values[0], 1e-300)), -math.log10(SMALLEST / runs)),
        Bound("Kolmogorov distance of the p-values from evenness, times √runs", distance * math.sqrt(runs), DISTANCE),
    )
    plot = scatter_svg(
        f"Engine against simulation: G-tests of {runs} random situations, {REPLICATES:,} draws each",
        Axis("rank of the p-value / runs", 0, 1, [(k / 4, f"{k / 4:g}") for k in range(5)]),
        Axis("p-value", 0, 1, [(k / 4, f"{k / 4:g}") for k in range(5)]),
        [Mark((k + 0.5) / runs, v) for k, v in enumerate(values)],
        line=[(0, 0), (1, 1)],
    )
    figures = {"smallest_p": values[0], "median_p": values[runs // 2], "distance": distance, "worst_sum": worst_sum}
    return Outcome(runs, bounds, {**figures, "situations": dict(sorted(models.items()))}, plot)


def _genotypes(situation: Situation, person: str) -> list[tuple[int, ...]]:
    return list(combinations_with_replacement(range(len(situation.locus.alleles)), ploidy(situation, person)))


def _probabilities(situation: Situation, typed: Sequence[str]) -> Floats:
    """The engine's, of every joint genotype of the typed people."""
    calls = [
        [Evidence(ploidy(situation, person), (g,), (1.0,)) for g in _genotypes(situation, person)] for person in typed
    ]
    rows = product(*calls)
    return likelihoods([Task(situation.pedigree, situation.locus, dict(zip(typed, r, strict=True))) for r in rows])


def _counts(situation: Situation, typed: Sequence[str], seed: int) -> Ints:
    """How often each joint genotype was drawn, in the order of `_probabilities`."""
    drawn = simulate_genotypes(situation.pedigree, [situation.locus], seed=seed, replicates=REPLICATES, persons=typed)
    cell = np.zeros(REPLICATES, dtype=np.intp)
    cells, n = 1, len(situation.locus.alleles)
    for person in typed:
        known = _genotypes(situation, person)
        place = np.zeros((n,) * len(known[0]), dtype=np.intp)
        for k, g in enumerate(known):
            place[g] = place[g[::-1]] = k
        alleles = drawn[situation.locus.name][person]
        cell = cell * len(known) + place[tuple(alleles.T)]
        cells *= len(known)
    return np.bincount(cell, minlength=cells)


def g_test(observed: Ints, p: Floats) -> float:
    """G-test; the cells expected fewer than five times are thrown together, and drawing what cannot be is proof."""
    if observed[p <= 0].any():
        return 0.0
    expected = observed.sum() * p
    order = np.argsort(-expected)
    e, o = expected[order], observed[order].astype(np.float64)
    kept = max(1, int((e >= 5).sum()))
    while kept > 1 and 0 < e[kept:].sum() < 5:
        kept -= 1
    e, o = np.append(e[:kept], e[kept:].sum()), np.append(o[:kept], o[kept:].sum())
    seen = o > 0
    g = 2 * float((o[seen] * np.log(o[seen] / e[seen])).sum())
    freedom = int((e > 0).sum()) - 1
    return chi_square_tail(g, freedom) if freedom > 0 else 1.0


ENGINE_AGAINST_SIMULATION = Study("engine_against_simulation", 19420203, _work)
