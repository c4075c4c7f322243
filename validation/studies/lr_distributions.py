"""lr_distributions: how large LRs are, by relationship, drop-out and structure, and what ignoring the two costs.

One relative is typed, one bone is compared. Pairs are drawn under H1 (the bone is of the missing person) and H2 (of
somebody unrelated from the same subpopulation), both from the model the LR is computed with, mutation included.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.case import Case, ModelSettings, Settings, Typing
from homeward.genetics import Locus, Model, scenarios_of
from homeward.identify import Column, Typed, family_tables, look_up
from homeward.observe import Evidence, called, with_dropout
from homeward.pedigree import Member, Pedigree
from homeward.simulate import family_of, simulate_genotypes
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["LR_DISTRIBUTIONS", "Comparer", "Pairs", "balance", "cells", "excess", "model_of", "seen_after_dropout"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

PAIRS = 3000
"""Pairs drawn in each cell under each hypothesis."""
POPULATION = "US_NIST1036_Asian"
MARKERS = (
    *("D1S1656", "D2S441", "D2S1338", "D3S1358", "D5S818", "D6S1043", "D7S820", "D8S1179", "D10S1248", "D12S391"),
    *("D13S317", "D16S539", "D18S51", "D19S433", "D21S11", "D22S1045", "CSF1PO", "FGA", "TH01", "TPOX", "vWA"),
    *("SE33", "Penta D", "Penta E"),
)
RELATIONSHIPS = {
    "parent": "child",
    "sibling": "brother",
    "uncle": "brothers-son",
    "grandparent": "grandson",
    "great-uncle": "brothers-grandson",
}
"""What the bone is to the typed relative → that relative in `homeward.simulate.RELATIVES`."""
DROPOUT = (0.0, 0.2, 0.4, 0.6)
"""Of an allele of a heterozygote; that of a homozygote is its square."""
THETA = (0.0, 0.01, 0.03)
THRESHOLDS = (10.0, 100.0, 1000.0)
QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
LARGE = 4.0
"""log10 LR from which on a pair is called undisputed, and at minus which it is called excluded."""
CUT = 10.0
ERRORS = 4.5
"""Standard errors allowed at the worst of all cells."""
NOTHING = -1
"""In place of an allele that was not seen."""


@dataclass(frozen=True)
class Pairs:
    """Genotypes of the relative and of the bone at each marker, shape (pairs, 2), alleles in order."""

    relative: Mapping[str, Ints]
    bone: Mapping[str, Ints]


@dataclass(frozen=True)
class Cell:
    """log10 LRs of the pairs of one cell under H1 and under H2: as they should be, and with an effect ignored."""

    relationship: str
    dropout: float
    theta: float
    right: tuple[Floats, Floats]
    without_theta: tuple[Floats, Floats]
    without_dropout: tuple[Floats, Floats]


def model_of(theta: float = 0.0, markers: Sequence[str] = MARKERS) -> Model:
    """The STRs under one bundled table with the bundled mutation rates."""
    settings = Settings(model=ModelSettings(population=((POPULATION, 1.0),), mutation="default"))
    nothing = tuple(Typing("nobody", marker, ("?", "?")) for marker in markers)
    (scenario,) = scenarios_of(Case("", typings=nothing, settings=settings))
    return replace(scenario.model, theta=theta)


def seen_after_dropout(genotypes: Ints, rate: float, chance: Generator) -> Ints:
    """What is seen of each genotype: two alleles, one twice (a heterozygote's other may be lost), or nothing."""
    first, last = genotypes.T
    homozygous = first == last
    lost_first, lost_last = chance.random((2, len(genotypes))) < np.where(homozygous, rate**2, rate)
    lost_last = np.where(homozygous, lost_first, lost_last)
    a = np.where(lost_first, np.where(lost_last, NOTHING, last), first)
    b = np.where(lost_last, np.where(lost_first, NOTHING, first), last)
    return np.stack([a, b], axis=1)


class Comparer:
    """One relationship under one model: tables for every genotype of the relative, made once.

    ``relatives``: marker → genotypes that the relative may be found with, shape (any number, 2).
    """

    def __init__(self, family: Pedigree, relative: str, model: Model, relatives: Mapping[str, Ints]) -> None:
        self.model = model
        self.genotypes = {marker: np.unique(g, axis=0) for marker, g in relatives.items()}
        self.tables = {}
        for locus in model.loci:
            columns = [
                Column(str(k), "M", family, {locus.name: {relative: Evidence(2, ((a, b),), (1.0,))}})
                for k, (a, b) in enumerate(self.genotypes[locus.name].tolist())
            ]
            self.tables[locus.name] = family_tables(columns, replace(model, loci=(locus,)))

    def log10_lr(self, pairs: Pairs, rate: float | None) -> Floats:
        """log10 LR of every pair, shape (pairs,); ``rate`` None: what is seen is taken for the genotype itself."""
        total = np.zeros(len(next(iter(pairs.bone.values()))))
        for locus in self.model.loci:
            shown, which = np.unique(pairs.bone[locus.name], axis=0, return_inverse=True)
            n = len(locus.alleles)
            known = self.genotypes[locus.name] @ (n, 1)
            whose = np.searchsorted(known, pairs.relative[locus.name] @ (n, 1))
            total += self._ln_lr(locus, shown, rate)[which.ravel(), whose]
        return np.asarray(total / np.log(10.0))

    def _ln_lr(self, locus: Locus, shown: Ints, rate: float | None) -> Floats:
        """Of everything shown against every genotype of the relative: shape (shown, genotypes)."""
        evidence = [_evidence(a, b, locus, rate) for a, b in shown.tolist()]
        samples = [Typed(str(k), {locus.name: {2: e}}) for k, e in enumerate(evidence) if e is not None]
        found = np.zeros((len(shown), len(self.genotypes[locus.name])))
        if samples:
            found[[e is not None for e in evidence]] = look_up(samples, self.tables[locus.name]).ln_lr
        return found


def _evidence(a: int, b: int, locus: Locus, rate: float | None) -> Evidence | None:
    names = [locus.alleles[x] for x in dict.fromkeys((a, b)) if x != NOTHING]
    if rate:
        return with_dropout(names, locus, "male", rate, rate**2)
    return called([names[0], names[-1]], locus, "male") if names else None


def cells(relationship: str, pairs: int, chance: Generator, markers: Sequence[str] = MARKERS) -> Iterator[Cell]:
    """Every drop-out and structure of one relationship."""
    relative = RELATIONSHIPS[relationship]
    family = family_of(relative, "male")
    drawn = {theta: _drawn(family, relative, model_of(theta, markers), pairs, chance) for theta in THETA}
    comparers = {}
    for theta in THETA:
        # θ = 0 is also what the pairs of the others are compared under when structure is ignored
        used = [p for t, both in drawn.items() for p in both if theta in (0.0, t)]
        every = {m: np.concatenate([p.relative[m] for p in used]) for m in markers}
        comparers[theta] = Comparer(family, relative, model_of(theta, markers), every)
    for theta, rate in product(THETA, DROPOUT):
        seen = [
            Pairs(p.relative, {m: seen_after_dropout(g, rate, chance) for m, g in p.bone.items()}) for p in drawn[theta]
        ]
        right, plain = comparers[theta], comparers[0.0]
        one, other = seen
        yield Cell(
            relationship,
            rate,
            theta,
            (right.log10_lr(one, rate), right.log10_lr(other, rate)),
            (plain.log10_lr(one, rate), plain.log10_lr(other, rate)),
            (right.log10_lr(one, None), right.log10_lr(other, None)),
        )


def _drawn(family: Pedigree, relative: str, model: Model, pairs: int, chance: Generator) -> tuple[Pairs, Pairs]:
    """Pairs under H1 and under H2, where the bone's owner draws from the urn of the family's founders."""
    found = []
    for pedigree, bone in ((family, "M"), (Pedigree([*family, Member("stranger", sex="male")]), "stranger")):
        seed = int(chance.integers(2**31))
        g = simulate_genotypes(pedigree, model, seed=seed, replicates=pairs, persons=(relative, bone))
        found.append(
            Pairs(
                {m: np.sort(everybody[relative], axis=1) for m, everybody in g.items()},
                {m: np.sort(everybody[bone], axis=1) for m, everybody in g.items()},
            )
        )
    return found[0], found[1]


def balance(h1: Floats, h2: Floats, cut: float) -> float:
    """Standard errors between two sides of E(LR | H2) = 1, bounded: E₂ min(LR, cut) and E₁ min(1, cut / LR).

    The plain mean under H2 says nothing: nearly all of it comes from pairs too rare to be drawn. Any bounded function
    of a true LR has these two equal means. log10 LRs, shape (pairs,).
    """
    under_h1, under_h2 = 10.0 ** np.clip(h1, -300, 300), 10.0 ** np.clip(h2, -300, 300)
    below, above = np.minimum(under_h2, cut), np.minimum(1.0, cut / under_h1)
    # what is rare under one hypothesis is common under the other: each spread is seen from both sides
    spread_below = max(below.var(), float((np.minimum(under_h1, cut) ** 2 / under_h1).mean()) - above.mean() ** 2)
    spread_above = max(above.var(), float((np.minimum(1.0, cut / under_h2) ** 2 * under_h2).mean()) - below.mean() ** 2)
    error = np.sqrt(spread_below / len(below) + spread_above / len(above) + 1.0 / min(len(h1), len(h2)) ** 2)
    return float((below.mean() - above.mean()) / error)


def excess(h2: Floats, threshold: float) -> float:
    """How far P(LR > t | H2) is above 1/t, in standard errors of a count whose mean is pairs / t."""
    expected = len(h2) / threshold
    return float((int((10.0**h2 > threshold).sum()) - expected) / np.sqrt(max(expected, 1.0)))


def figures_of(cell: Cell) -> dict[str, object]:
    """What is reported of one cell."""
    h1, h2 = cell.right
    found: dict[str, object] = {
        "relationship": cell.relationship,
        "dropout": cell.dropout,
        "theta": cell.theta,
        "h1_quantiles": _quantiles(h1),
        "h2_quantiles": _quantiles(h2),
        "undisputed_h1": float((h1 >= LARGE).mean()),
        # rare under H2: counted among the pairs of H1, each weighted with 1 / LR
        "undisputed_h2": _rare(h1, h1, LARGE),
        "excluded_h1": float((h1 <= -LARGE).mean()),
        "above_h2": {f"{t:g}": float((10.0**h2 > t).mean()) for t in THRESHOLDS},
        "balance": balance(h1, h2, CUT),
    }
    if cell.theta:
        found["ignoring_theta"] = _cost(cell, cell.without_theta)
    if cell.dropout:
        found["ignoring_dropout"] = _cost(cell, cell.without_dropout)
    return found


def _cost(cell: Cell, wrong: tuple[Floats, Floats]) -> dict[str, float]:
    """What an LR with something ignored does to the pairs of a cell.

    ``overstated``: how often it is more than ten times too large under H1; ``t_times_p``: the largest
    t · P(LR > t | H2) for t from 10 to 10⁶, at most one for a true LR.
    """
    (h1, h2), (w1, w2) = cell.right, wrong
    return {
        "mean_change_log10_h1": float(np.abs(w1 - h1).mean()),
        "mean_change_log10_h2": float(np.abs(w2 - h2).mean()),
        "mean_gain_log10_h1": float((w1 - h1).mean()),
        "overstated_h1": float((w1 - h1 > 1.0).mean()),
        "falsely_excluded_h1": float(((w1 <= -LARGE) & (h1 > -LARGE)).mean()),
        "undisputed_h1": float((w1 >= LARGE).mean()),
        "undisputed_h2": _rare(h1, w1, LARGE),
        "t_times_p_h2": max(10.0**t * _rare(h1, w1, float(t)) for t in range(1, 7)),
        "balance": balance(w1, w2, CUT),
    }


def _rare(right: Floats, told: Floats, threshold: float) -> float:
    """P(log10 LR told ≥ threshold | H2) from the pairs of H1: each stands for 1 / LR pairs of H2."""
    return float((10.0 ** -right[told >= threshold]).sum() / len(right))


def _quantiles(values: Floats) -> dict[str, float]:
    return {f"{q:g}": round(float(v), 3) for q, v in zip(QUANTILES, np.quantile(values, QUANTILES), strict=True)}


def _work(scale: float, seed: int) -> Outcome:
    chance = Generator(PCG64(seed))
    pairs = max(40, round(PAIRS * scale))
    # most of the time goes into tables, which hardly grow with the pairs: a glance takes fewer markers
    markers = MARKERS if scale >= 0.1 else MARKERS[:8]
    every = [cell for relationship in RELATIONSHIPS for cell in cells(relationship, pairs, chance, markers)]
    rows = [figures_of(cell) for cell in every]
    bounds = (
        Bound(
            "largest distance from E(LR | H2) = 1, bounded at 1 and at 10, in standard errors",
            max(abs(balance(*cell.right, cut)) for cell in every for cut in (1.0, CUT)),
            ERRORS,
        ),
        Bound(
            "largest excess of P(LR > t | H2) over 1/t, in standard errors",
            max(excess(cell.right[1], t) for cell in every for t in THRESHOLDS),
            ERRORS,
        ),
        Bound(
            "true parents at drop-out 0.4 still above LR 1 when drop-out is ignored, share",
            max(
                float((c.without_dropout[0] > 0).mean())
                for c in every
                if (c.relationship, c.dropout) == ("parent", 0.4)
            ),
            0.6,
        ),
        Bound(
            "true kin whose mean log10 LR does not grow when θ = 0.03 is ignored, cells without drop-out",
            sum(
                float((c.without_theta[0] - c.right[0]).mean()) <= 0
                for c in every
                if (c.theta, c.dropout) == (0.03, 0.0)
            ),
            0,
        ),
    )
    figures = {"population": POPULATION, "markers": list(markers), "pairs": pairs, "cells": rows}
    return Outcome(len(every) * pairs * 2, bounds, figures, _plot(every, len(markers)))


def _plot(every: Sequence[Cell], markers: int) -> str:
    """Medians and the middle nine tenths under H1 by drop-out, θ = 0.01."""
    shown = [c for c in every if c.theta == THETA[1]]
    names = list(RELATIONSHIPS)
    marks = [
        Mark(c.dropout + (k - 2) * 0.02, float(mid), k, float(low), float(high))
        for c in shown
        for k in [names.index(c.relationship)]
        for low, mid, high in [np.clip(np.quantile(c.right[0], (0.05, 0.5, 0.95)), -4, 14)]
    ]
    return scatter_svg(
        f"log10 LR of true kin by drop-out: {markers} STRs, θ = {THETA[1]:g}",
        Axis("drop-out of an allele of a heterozygote", -0.1, 0.7, [(d, f"{d:g}") for d in DROPOUT]),
        Axis("log10 LR: median, 5% to 95%", -4, 20, [(v, f"{v}") for v in range(-4, 21, 4)]),
        marks,
        line=[(-0.1, LARGE), (0.7, LARGE)],
        key=names,
    )


LR_DISTRIBUTIONS = Study("lr_distributions", 240_603, _work)
