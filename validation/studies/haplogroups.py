"""haplogroups: every motif of PhyloTree 17 is given its own group, and real samples those that their laboratories give.

Three parts. Motifs: all 5,435, read in all of the mtDNA. Samples: those that the project carries, and those of a
folder of the caller's own; each answer is compared with the label at the level that the ranges read allow
(`validation.labelled`). Support: the carried samples cut to shorter ranges; of answers with a support of p, a share of
about p should lie on one line with the haplogroup that the whole sequence has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.random import PCG64, Generator

from homeward.case import Span
from homeward.genetics.mtdna import WHOLE, MtHaplotype, groups, haplogroup_of, motif
from validation.labelled import (
    CARRIED,
    HVS1,
    RELATIONS,
    Judged,
    Labelled,
    carried,
    cut,
    group_of,
    judged,
    of_folder,
    on_one_line,
)
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study, told

__all__ = ["HAPLOGROUPS", "motifs_elsewhere", "shortfall", "supports", "tally"]

T = TypeVar("T")
U = TypeVar("U")

MOTIFS_ELSEWHERE = 0.005
"""Share of the motifs that may be given another group than their own."""
SAMPLES_ELSEWHERE = 0.05
"""Share of the samples that may be placed above their label or beside it, at the level that was read."""
ERRORS = 4.0
"""Standard errors by which the share of right answers may fall short of their mean support."""
RANGES: dict[str, tuple[Span, ...]] = {
    "whole": WHOLE,
    "control region": (Span(16024, 16569), Span(1, 576)),
    "HVS-I and HVS-II": (HVS1, Span(73, 340)),
    "HVS-I": (HVS1,),
}
BINS = (0.0, 0.9, 0.99, 1.0)
FEWEST = 40
"""Motifs, and samples of each collection, that are drawn at the least, at small scales."""


def motifs_elsewhere(names: Sequence[str]) -> list[dict[str, Any]]:
    """The groups whose motif is given another group, and which groups have the same motif."""
    found = []
    for name in names:
        answer = haplogroup_of(MtHaplotype((), tuple(motif(name))))
        if answer.name != name:
            same = [g.name for g in groups() if g.name != name and motif(g.name) == motif(name)]
            found.append({"group": name, "found": answer.name, "support": answer.support, "same_motif": same})
    return found


def tally(judgements: Sequence[Judged]) -> dict[str, Any]:
    """How the answers stand to their labels. ``agree``: the same or finer; ``on_one_line``: coarser ones besides."""
    n = len(judgements)
    count = Counter(j.relation for j in judgements)
    agree = count["same"] + count["finer"]
    return {
        "samples": n,
        **{relation: count[relation] for relation in RELATIONS},
        "agree": agree / n,
        "on_one_line": (agree + count["coarser"]) / n,
    }


def supports(samples: Sequence[Labelled]) -> list[tuple[float, bool]]:
    """For each sample the support of our answer, and whether the answer and the label are on one line of the tree."""
    found = []
    for s in samples:
        answer = haplogroup_of(s.haplotype)
        found.append((answer.support, on_one_line(answer.name, group_of(s.label))))
    return found


def _binned(pairs: Sequence[tuple[float, bool]]) -> list[dict[str, float]]:
    """Bins of support: how many answers, their mean support, the share that is right; the last line is of all."""
    rows = []
    for low, high in (*pairwise(BINS), (0.0, 1.0)):
        inside = [(p, right) for p, right in pairs if low <= p < high or (high == 1.0 and p >= low)]
        if inside:
            p, right = (float(np.mean(column)) for column in zip(*inside, strict=True))
            rows.append({"from": low, "to": high, "answers": len(inside), "support": p, "right": right})
    return rows


def shortfall(pairs: Sequence[tuple[float, bool]]) -> float:
    """By how many standard errors fewer answers are right than their supports have it."""
    expected = math.fsum(p for p, _ in pairs)
    spread = math.sqrt(math.fsum(p * (1 - p) for p, _ in pairs))
    return (expected - sum(right for _, right in pairs)) / max(spread, 0.5)


def _work(scale: float, seed: int, inputs: Path | None = None) -> Outcome:
    chance = Generator(PCG64(seed))
    names = _drawn([g.name for g in groups()], scale, chance)
    own = _drawn(carried(), scale, chance)
    others, refused = of_folder(inputs) if inputs else ((), ())
    collections = {CARRIED: own}
    for c in dict.fromkeys(s.collection for s in others):
        collections[c] = _drawn([s for s in others if s.collection == c], scale, chance)

    elsewhere = _told(seed, {"motifs": names}, motifs_elsewhere)["motifs"]
    judgements = _told(seed, collections, lambda samples: [judged(s) for s in samples])
    by_range = _told(seed, {name: list(cut(own, ranges)) for name, ranges in RANGES.items()}, supports)

    everything = [j for found in judgements.values() for j in found]
    bounds = (
        Bound("share of motifs given another group", len(elsewhere) / len(names), MOTIFS_ELSEWHERE),
        Bound("share of samples above their label or beside it", 1 - tally(everything)["agree"], SAMPLES_ELSEWHERE),
        Bound(
            "standard errors by which right answers fall short of their support",
            max(shortfall(pairs) for pairs in by_range.values()),
            ERRORS,
        ),
        Bound("files refused", len(refused), 0),
    )
    figures = {
        "motifs": len(names),
        "motifs_elsewhere": elsewhere,
        "samples": {name: tally(found) for name, found in judgements.items()} | {"all": tally(everything)},
        "disagreements": [_row(j) for j in everything if j.reason],
        "support": {name: _binned(pairs) for name, pairs in by_range.items()},
        "refused": refused,
        "not_run": [] if inputs else ["samples of a folder: INPUTS names none"],
    }
    return Outcome(len(names) + len(everything), bounds, figures, _plot(by_range))


def _told(seed: int, pieces: Mapping[str, Sequence[T]], work: Callable[[Sequence[T]], list[U]]) -> dict[str, list[U]]:
    """What the work makes of each piece, by its name."""
    done = told("haplogroups", tuple(pieces), seed, map(work, pieces.values()))
    return dict(zip(pieces, done, strict=True))


def _drawn(all_of_them: Sequence[T], scale: float, chance: Generator) -> list[T]:
    n = min(len(all_of_them), max(FEWEST, round(scale * len(all_of_them))))
    return [all_of_them[i] for i in sorted(chance.choice(len(all_of_them), n, replace=False).tolist())]


def _row(j: Judged) -> dict[str, str]:
    return {
        "collection": j.given.collection,
        "sample": j.given.sample,
        "label": j.given.label,
        "found": j.found.name,
        "support": f"{j.found.support:.2f}",
        "relation": j.relation,
        "reason": j.reason,
    }


def _plot(by_range: dict[str, list[tuple[float, bool]]]) -> str:
    """The share of right answers against their mean support, by range and bin of support."""
    ticks = [(v / 10, f"{v / 10:g}") for v in range(5, 11)]
    marks = [
        Mark(row["support"], row["right"], series)
        for series, pairs in enumerate(by_range.values())
        for row in _binned(pairs)[:-1]
    ]
    return scatter_svg(
        "Haplogroups of sequences cut to shorter ranges",
        Axis("mean support", 0.5, 1.0, ticks),
        Axis("share on one line with the label", 0.5, 1.0, ticks),
        marks,
        line=[(0.5, 0.5), (1.0, 1.0)],
        key=tuple(by_range),
    )


HAPLOGROUPS = Study("haplogroups", 20260817, _work, with_inputs=_work)
