"""Analyses that were never computed: results of a size or kind that a page must bear, as a record stores them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from homeward.record.values import Analysis

__all__ = ["drawn_result", "stored"]


def stored(result: Mapping[str, Any], revision: int = 1) -> Analysis:
    """A result as the record keeps it."""
    return Analysis("0" * 64, revision, int(result["seed"]), (), "0", "gen", json.dumps(result))


def drawn_result(names: int, samples: int, seed: int) -> dict[str, Any]:
    """A result of so many missing persons and samples: log10 LRs drawn about −4 with a scatter of 3, one true name for
    each sample near +6; families of two, individuals of two samples; every twelfth sample is of a pair of brothers
    whom nothing tells apart, and every seventh is undecided.
    """
    chance = np.random.Generator(np.random.PCG64(seed))
    missing = [f"F{k // 2:03d}/M-{k}" for k in range(names)]
    typed = [f"R-{k}" for k in range(samples)]
    lr = chance.normal(-4.0, 3.0, (samples, names))
    true = [(k // 2 * 2) % names for k in range(samples)]
    for k, j in enumerate(true):
        lr[k, j] = chance.normal(6.0, 1.0)
    posterior = np.zeros((samples, names + 2))
    conclusions = []
    for k, j in enumerate(true):
        kind = "group" if k % 12 == 0 and j + 1 < names else "probable" if k % 7 == 0 else "identified"
        named = [missing[j], missing[j + 1]] if kind == "group" else [missing[j]]
        share = {"group": 0.4999, "probable": 0.9, "identified": 0.9999}[kind]
        for m in range(len(named)):
            posterior[k, j + m] = share
        posterior[k, -1] = 1 - posterior[k].sum()
        conclusions.append(
            {"samples": [typed[k]], "missing": named, "conclusion": kind, "posterior": share, "reasons": []}
        )
    pairs = [
        {"sample": s, "missing": m, "status": "computed", "log10_lr": round(x, 3), "posterior": 0.5, "terms": []}
        for s, row in zip(typed, lr.tolist(), strict=True)
        for m, x in zip(missing, row, strict=True)
    ]
    who = [*missing, "unreferenced", "stranger"]
    return {
        "format": "homeward-result 1",
        "settings": {"thresholds": {"posterior": 0.9995, "undisputed_lr": 10000.0}},
        "seed": seed,
        "missing": [{"id": m, "sex": "male", "references": 1} for m in missing],
        "samples": [{"id": s, "of": "remains", "source": s, "sex": "unknown", "markers": 24} for s in typed],
        "pairs": pairs,
        "warnings": [],
        "joint": {
            "method": {"name": "exact"},
            "marginals": [
                {"sample": s, "who": w, "posterior": x}
                for s, row in zip(typed, posterior.tolist(), strict=True)
                for w, x in zip(who, row, strict=True)
            ],
            "individuals": [{"count": (samples + 1) // 2, "posterior": 1.0}],
            "same_individual": [
                {"a": typed[k], "b": typed[k + 1], "posterior": 0.9999} for k in range(0, samples - 1, 2)
            ],
            "assignments": [],
            "conclusions": conclusions,
        },
    }
