"""engine_against_oracle: the engine's likelihoods are those of plain enumeration."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.random import PCG64, Generator

from homeward.likelihood import Task, likelihoods, oracle_likelihood
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.situations import random_evidence, random_situation
from validation.studies.study import Bound, Outcome, Study

__all__ = ["ENGINE_AGAINST_ORACLE"]

RUNS = 600
LIMIT = 1e-10


def _work(scale: float, seed: int) -> Outcome:
    chance = Generator(PCG64(seed))
    runs = max(10, round(RUNS * scale))
    marks: list[Mark] = []
    worst, zeros, disagreed = 0.0, 0, 0
    models: Counter[str] = Counter()
    for _ in range(runs):
        people = int(chance.integers(3, 7))
        situation = random_situation(chance, people=people, alleles=3 if people < 6 else 2)
        seen = random_evidence(chance, situation)
        found = float(likelihoods([Task(situation.pedigree, situation.locus, seen)])[0])
        expected = oracle_likelihood(situation.pedigree, situation.locus, seen)
        models[f"{situation.locus.kind} {situation.model}"] += 1
        if expected == 0 or found == 0:
            zeros += 1
            disagreed += expected != found
            continue
        difference = abs(found - expected) / expected
        worst = max(worst, difference)
        marks.append(
            Mark(people + chance.uniform(-0.3, 0.3), math.log10(max(difference, 1e-17)), situation.locus.kind == "X")
        )
    plot = scatter_svg(
        f"Engine against enumeration, {runs} random situations",
        Axis("people in the pedigree", 2.5, 6.5, [(n, str(n)) for n in range(3, 7)]),
        Axis("log₁₀ relative difference", -17.5, -8, [(n, str(n)) for n in range(-17, -7, 3)]),
        marks,
        line=[(2.5, math.log10(LIMIT)), (6.5, math.log10(LIMIT))],
        key=("autosomal", "X"),
    )
    bounds = (
        Bound("largest relative difference of a likelihood", worst, LIMIT),
        Bound("likelihoods that are zero for one of the two only", disagreed, 0),
    )
    median = float(np.median([m.y for m in marks]))
    figures = {"worst": worst, "median_log10": median, "impossible": zeros, "situations": dict(sorted(models.items()))}
    return Outcome(runs, bounds, figures, plot)


ENGINE_AGAINST_ORACLE = Study("engine_against_oracle", 20420203, _work)
