"""engine_against_oracle: the engine's likelihoods and genotype tables are those of plain enumeration."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations_with_replacement

import numpy as np
from numpy.random import PCG64, Generator

from homeward.likelihood import Task, likelihoods, oracle_likelihood, tables
from homeward.observe import Evidence
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.situations import Situation, ploidy, random_evidence, random_situation
from validation.studies.study import Bound, Outcome, Study

__all__ = ["ENGINE_AGAINST_ORACLE"]

RUNS = 800
LIMIT = 1e-10


def _work(scale: float, seed: int) -> Outcome:
    chance = Generator(PCG64(seed))
    runs = max(10, round(RUNS * scale))
    marks: list[Mark] = []
    figures: Counter[str] = Counter()
    one_sided, checked = 0, 0
    for _ in range(runs):
        people = int(chance.integers(3, 8))
        situation = random_situation(chance, people=people, alleles={3: 5, 4: 5, 5: 3}.get(people, 2))
        seen = random_evidence(chance, situation)
        figures[f"{situation.locus.kind} {situation.model}"] += 1
        for found, expected in _compared(situation, seen, chance):
            checked += 1
            if expected == 0 or found == 0:
                one_sided += expected != found
                continue
            logarithm = math.log10(max(abs(found - expected) / expected, 1e-17))
            marks.append(Mark(people + chance.uniform(-0.3, 0.3), logarithm, int(situation.locus.kind == "X")))
    worst = 10 ** max(m.y for m in marks)
    bounds = (
        Bound("largest relative difference of a likelihood or a table's entry", worst, LIMIT),
        Bound("values that are zero for one of the two only", one_sided, 0),
    )
    return Outcome(
        runs,
        bounds,
        {
            "worst": worst,
            "median_log10": float(np.median([m.y for m in marks])),
            "values_compared": checked,
            "situations": dict(sorted(figures.items())),
        },
        _plot(marks[:: max(1, len(marks) // 2000)], runs),
    )


def _compared(situation: Situation, seen: Mapping[str, Evidence], chance: Generator) -> Iterator[tuple[float, float]]:
    """(engine, enumeration) of the likelihood, then of each genotype of one person of whom nothing was seen."""
    pedigree, locus = situation.pedigree, situation.locus
    yield float(likelihoods([Task(pedigree, locus, seen)])[0]), oracle_likelihood(pedigree, locus, seen)
    person = pedigree.ids[chance.integers(len(pedigree))]
    if person in seen:
        return
    every = frozenset(range(len(locus.alleles)))
    (table,) = tables([Task(pedigree, locus, seen, targets=(person,), apart=every)])
    size = ploidy(situation, person)
    for genotype in combinations_with_replacement(range(len(locus.alleles)), size):
        orders = 2 if len(set(genotype)) == 2 else 1
        found = orders * float(table.joint[tuple(int(table.block[a]) for a in genotype)])
        yield found, oracle_likelihood(pedigree, locus, {**seen, person: Evidence(size, (genotype,), (1.0,))})


def _plot(marks: Sequence[Mark], runs: int) -> str:
    return scatter_svg(
        f"Engine against enumeration, {runs} random situations",
        Axis("people in the pedigree", 2.5, 7.5, [(n, str(n)) for n in range(3, 8)]),
        Axis("log₁₀ relative difference (limit: the line)", -17.5, -8, [(n, str(n)) for n in range(-17, -7, 3)]),
        marks,
        line=[(2.5, math.log10(LIMIT)), (7.5, math.log10(LIMIT))],
        key=("autosomal", "X"),
    )


ENGINE_AGAINST_ORACLE = Study("engine_against_oracle", 20420203, _work)
