"""models_agree: enumeration, engine and simulation say the same under every model and every two that may be combined.

For each of them random small families: the likelihood of every observation by engine and by enumeration; the LR of
`identify` against the ratio of enumerated sums over whatever is unknown; Σ P(genotype | H2) LR(genotype) = 1; and how
often each pair of typings is drawn.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.case import Typing
from homeward.identify import Piece, compare_all
from homeward.observe import Evidence
from homeward.simulate import simulate_family, simulate_typings
from validation.studies.combined import (
    EFFECTS,
    MISSING,
    REFUSED,
    RELATIVE,
    STRANGER,
    Combined,
    Known,
    Shown,
    World,
    combined,
)
from validation.studies.combined import outcomes as outcomes_of
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.simulation import g_test
from validation.studies.study import Bound, Outcome, Study

__all__ = ["COMBINATIONS", "MODELS_AGREE"]

FAMILIES = 3
"""Random families under each combination."""
REPLICATES = 20_000
LIMIT = 1e-9
SMALLEST = 1e-4
"""Smallest p-value over all families, after Bonferroni: once in ten thousand studies of true engines."""
COMBINATIONS: tuple[tuple[str, ...], ...] = (
    *((effect,) for effect in EFFECTS),
    *(pair for pair in combinations(EFFECTS, 2) if pair not in REFUSED),
)


@dataclass(frozen=True)
class Compared:
    """What one family came to: largest relative differences, and the p-value of the simulation."""

    engine: float
    ratio: float
    total: float
    pieces: float
    sum_to_one: float
    p_value: float


def compared(case: Combined, chance: Generator) -> Compared:
    """Everything that can be held against each other for one family."""
    shown = outcomes_of(case, RELATIVE)
    relative = shown[int(chance.integers(len(shown)))]
    samples = outcomes_of(case, MISSING)
    known = list(product(*(case.genotypes(x) for x in case.loci)))
    engine = max(
        _apart(world.engine(seen, unrelated=not h1), world.oracle(seen, unrelated=not h1))
        for world in case.worlds
        for each in samples
        for h1 in (True, False)
        for seen in [_seen(case, world, relative, each, MISSING if h1 else STRANGER)]
    )
    ratio, pieces, _ = _ratios(case, relative, samples)
    of_genotypes, _, total = _ratios(case, relative, known)
    p, observed, sum_to_one = _drawn(case, chance)
    return Compared(engine, max(ratio, of_genotypes), total, pieces, sum_to_one, g_test(observed, p))


def _seen(case: Combined, world: World, relative: Known, sample: Known, whose: str) -> list[dict[str, Evidence]]:
    both = case.readings(world, RELATIVE, relative), case.readings(world, MISSING, sample)
    return [{RELATIVE: r, whose: s} for r, s in zip(*both, strict=True)]


def _ratios(case: Combined, relative: Known, samples: Sequence[Known]) -> tuple[float, float, float]:
    """Largest differences of an LR from the enumerated ratio, of its pieces from it, and of the LRs' sum from one."""
    pieces: list[Piece] = []
    found = compare_all(case.views(relative, samples), pieces=pieces, refuse=False)
    lr = np.exp(found.ln_lr[:, 0])
    summed = np.exp(np.sum([np.nan_to_num(p.ln_lr[:, 0], nan=0.0, neginf=-math.inf) for p in pieces], axis=0))
    h1, h2 = (
        np.array(
            [
                math.fsum(
                    w.weight * w.oracle(_seen(case, w, relative, each, whose), unrelated=whose == STRANGER)
                    for w in case.worlds
                )
                for each in samples
            ]
        )
        for whose in (MISSING, STRANGER)
    )
    nobody = math.fsum(
        w.weight * w.oracle([{RELATIVE: r} for r in case.readings(w, RELATIVE, relative)]) for w in case.worlds
    )
    return (
        max(_apart(a, b) for a, b in zip(lr, h1 / h2, strict=True)),
        max(_apart(a, b) for a, b in zip(summed, lr, strict=True)),
        abs(float((h2 * lr).sum()) / nobody - 1.0),
    )


def _drawn(case: Combined, chance: Generator) -> tuple[NDArray[np.float64], NDArray[np.intp], float]:
    """Probability and count of every pair of typings, the last for pairs in which something is not typed at all.

    Besides how far the probabilities are from summing to one, where everything is always typed.
    """
    pairs = list(product(outcomes_of(case, RELATIVE), outcomes_of(case, MISSING)))
    p = np.array([_chance(case, *pair) for pair in pairs])
    seeds = iter(chance.integers(2**31, size=64).tolist())
    counts: Counter[object] = Counter()
    scenarios = list({w.scenario.label: w.scenario for w in case.worlds}.values())
    variants = [w.variant for w in case.worlds if w.scenario is scenarios[0]]
    for draws in simulate_family(scenarios, variants, seed=next(seeds), replicates=REPLICATES):
        typed = [
            simulate_typings(
                {marker: everybody[person] for marker, everybody in draws.genotypes.items()},
                draws.scenario.model,
                sample,
                seed=next(seeds),
            )
            for person, sample in ((RELATIVE, case.reference), (MISSING, case.sample))
        ]
        for one, other in zip(*typed, strict=True):
            counts[_shown(case, one), _shown(case, other)] += 1
    observed = np.array([counts.pop(pair, 0) for pair in pairs] + [0])
    observed[-1] = sum(counts.values())
    always = "silent" not in case.effects
    return np.append(p, 0.0 if always else max(1.0 - p.sum(), 0.0)), observed, abs(p.sum() - 1.0) if always else 0.0


def _shown(case: Combined, typings: Sequence[Typing]) -> tuple[Shown, ...]:
    """What was seen at each locus, in the order of the loci; fewer where one is not typed."""
    by_marker = {t.marker: frozenset(t.alleles) for t in typings}
    return tuple(by_marker[x.name] for x in case.loci if x.name in by_marker)


def _chance(case: Combined, relative: Known, sample: Known) -> float:
    return math.fsum(w.weight * w.engine(_seen(case, w, relative, sample, MISSING)) for w in case.worlds)


def _apart(found: float, expected: float) -> float:
    """Relative difference; infinite where one of the two is zero alone."""
    if expected == 0 or found == 0:
        return 0.0 if found == expected else math.inf
    return abs(found - expected) / abs(expected)


def _work(scale: float, seed: int) -> Outcome:
    chance = Generator(PCG64(seed))
    chosen = COMBINATIONS if scale >= 0.25 else [COMBINATIONS[k] for k in chance.permutation(len(COMBINATIONS))[:5]]
    families = max(1, round(FAMILIES * scale))
    rows = {effects: [compared(combined(chance, effects), chance) for _ in range(families)] for effects in chosen}
    every = [row for found in rows.values() for row in found]
    smallest = min(row.p_value for row in every)
    bounds = (
        Bound("largest relative difference of a likelihood, engine from enumeration", _worst(every, "engine"), LIMIT),
        Bound("largest relative difference of an LR from the enumerated ratio", _worst(every, "ratio"), LIMIT),
        Bound("largest relative difference of an LR from the product of its pieces", _worst(every, "pieces"), LIMIT),
        Bound("largest distance of Σ P(genotype | H2) LR(genotype) from one", _worst(every, "total"), LIMIT),
        Bound("largest distance of the sum over all typings from one", _worst(every, "sum_to_one"), LIMIT),
        Bound(
            "minus log₁₀ of the smallest p-value of the simulation",
            -math.log10(max(smallest, 1e-300)),
            -math.log10(SMALLEST / len(every)),
        ),
    )
    figures = {
        "combinations": {
            " + ".join(effects): {
                "families": len(found),
                "worst": max(max(r.engine, r.ratio, r.pieces, r.total) for r in found),
                "smallest_p": min(r.p_value for r in found),
            }
            for effects, found in rows.items()
        }
    }
    return Outcome(len(every), bounds, figures, _plot([row.p_value for row in every]))


def _worst(rows: Sequence[Compared], field: str) -> float:
    return float(max(getattr(row, field) for row in rows))


def _plot(values: Sequence[float]) -> str:
    ticks = [(k / 4, f"{k / 4:g}") for k in range(5)]
    return scatter_svg(
        f"Every two models together: G-tests of {len(values)} families, {REPLICATES:,} draws each",
        Axis("rank of the p-value / families", 0, 1, ticks),
        Axis("p-value", 0, 1, ticks),
        [Mark((k + 0.5) / len(values), v) for k, v in enumerate(sorted(values))],
        line=[(0, 0), (1, 1)],
    )


MODELS_AGREE = Study("models_agree", 4_242, _work)
