"""private_match: encrypted answers against the same whole numbers in clear, whole numbers against exact LRs, and how
many true pairs of each kind a threshold misses.

Families of seven kinds and 24 STRs; half of the bones are of their missing men, an eighth of what was typed failed, and
of every fourth bone alleles were lost. At small scales a ring too small to be secure stands for the real one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from homeward.exchange.private import exact_log10_lr, rehearse
from homeward.exchange.private.scores import whole_numbers
from validation.private import KINDS, Match, Run, columns_of, made_up, terms_of
from validation.studies.lr_distributions import model_of
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study, told

__all__ = ["PRIVATE_MATCH"]

PAIRS = 2000
"""True pairs drawn of each kind."""
THRESHOLD = 4.0
SIZES = ((20, 200, 16384, 128), (20, 200, 32768, 1024), (183, 300, 32768, 1024))
"""Remains, families, ring, steps: the first two at a tenth of the scale already, all at the whole."""
SHORT = ("child", "brother", "grandson", "2 grandsons", "b's son", "s's child", "b's grandson")
"""What `KINDS` are called in the plot."""
SMALL = (6, 14, 1024, 16)


def _runs(scale: float, seed: int) -> list[Run]:
    if scale < 0.1:
        remains, families, ring, steps = SMALL
        match = made_up(remains, families, ring=ring, steps=steps, seed=seed, markers=8, insecure=True)
        return [Run(match).all_steps(audited=True)]
    sizes = SIZES if scale >= 1 else SIZES[:2]
    runs = (
        Run(made_up(r, f, ring=ring, steps=steps, seed=seed + k)).all_steps(audited=True)
        for k, (r, f, ring, steps) in enumerate(sizes)
    )
    return list(
        told("private_match", sizes, seed, runs, lambda run: f"{run.wrong} of {_pairs(run.match)} pairs differ")
    )


def _pairs(match: Match) -> int:
    return len(match.profiles) * len(match.scores.ids)


def against_exact(match: Match) -> dict[str, Any]:
    """Whole numbers against exact LRs: hits missed at the threshold, hits below what was told, and by how much."""
    exact = match.log10_lr
    hits = np.zeros(exact.shape, dtype=np.bool_)
    for h in match.right:
        hits[h.family, h.remains] = True
    below = exact[hits & (exact < match.terms.threshold)]
    return {
        "at_threshold": int((exact >= match.terms.threshold).sum()),
        "missed": int((~hits & (exact >= match.terms.threshold)).sum()),
        "below_lowest": int((hits & (exact < match.scores.lowest[:, None] - 1e-6)).sum()),
        "hits_below_threshold": len(below),
        "furthest_below": float(match.terms.threshold - below.min()) if len(below) else 0.0,
        "furthest_told": float(match.terms.threshold - match.scores.lowest.min()),
    }


def missed_of(kind: str, two: bool, pairs: int, seed: int) -> dict[str, Any]:
    """The share of true pairs, typed whole, whose exact LR is below the threshold, and that are not hits."""
    model = model_of()
    terms = terms_of(model, 1, pairs, 32768, 1024, threshold=THRESHOLD)
    columns, men = columns_of(model, kind, two, pairs, seed)
    exact = exact_log10_lr(terms, columns, model)
    scores = whole_numbers(terms, tuple(c.id for c in columns), exact)
    profiles = [
        [x.class_of([x.alleles[a] for a in pair]) for x, pair in zip(terms.loci, m, strict=True)] for m in men.tolist()
    ]
    at = np.array(profiles) + terms.starts[:-1]
    own = np.take_along_axis(exact, at, axis=1).sum(axis=1)
    hit = np.take_along_axis(scores.steps, at, axis=1).sum(axis=1) >= scores.thresholds
    below = float((own < THRESHOLD).mean())
    return {
        "kind": kind,
        "typed": 1 + two,
        "pairs": pairs,
        "seed": seed,
        "below_threshold": below,
        "standard_error": float(np.sqrt(below * (1 - below) / pairs)),
        "no_hit": float((~hit).mean()),
        "missed_at_threshold": int((~hit & (own >= THRESHOLD)).sum()),
    }


def _work(scale: float, seed: int) -> Outcome:
    runs = _runs(scale, seed)
    compared = [against_exact(run.match) for run in runs]
    pairs = max(40, round(PAIRS * scale))
    missed = [missed_of(kind, two, pairs, seed + 100 + k) for k, (kind, two) in enumerate(KINDS)]
    rehearsed = [rehearse(run.match.terms, seed=seed) for run in runs]
    bounds = (
        Bound("pairs whose encrypted answer is not that in clear", sum(run.wrong for run in runs), 0),
        Bound(
            "pairs at the threshold that are no hit",
            sum(c["missed"] for c in compared) + sum(m["missed_at_threshold"] for m in missed),
            0,
        ),
        Bound("hits below what the families' side was told", sum(c["below_lowest"] for c in compared), 0),
        Bound("findings of an audit of honest matches", sum(len(run.findings) for run in runs), 0),
        Bound("bits of noise budget short of the stated distance", max(r.needed - r.before for r in rehearsed), 0),
    )
    figures = {
        "runs": [{**run.figures(), **c, "noise": vars(r)} for run, c, r in zip(runs, compared, rehearsed, strict=True)],
        "missed": missed,
        "threshold": THRESHOLD,
    }
    return Outcome(sum(_pairs(run.match) for run in runs) + pairs * len(KINDS), bounds, figures, _plot(missed))


def _plot(missed: list[dict[str, Any]]) -> str:
    """Shares of true pairs that are no hit."""
    marks = [Mark(k, m["below_threshold"], 0) for k, m in enumerate(missed)]
    marks += [Mark(k + 0.15, m["no_hit"], 1) for k, m in enumerate(missed)]
    ticks = [(float(k), name) for k, name in enumerate(SHORT)]
    return scatter_svg(
        f"True pairs missed at log10 LR {THRESHOLD:g}, 24 STRs",
        Axis("typed relative of the missing man; b, s: his brother's, his sister's", -0.5, len(missed) - 0.5, ticks),
        Axis("share", 0.0, 1.3, [(v / 4, f"{v / 4:g}") for v in range(5)]),
        marks,
        key=["exact LR below the threshold", "no hit in whole numbers"],
    )


PRIVATE_MATCH = Study("private_match", 261_129, _work)
