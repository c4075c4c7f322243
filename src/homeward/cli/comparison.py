"""What `homeward lr` shows and writes."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import homeward
from homeward.identify import Comparison

__all__ = ["comparison_json", "comparison_table"]


def comparison_json(found: Comparison) -> dict[str, Any]:
    """The value of a `homeward-lr 1` file; a likelihood or LR of zero is None."""
    case = found.case
    value: dict[str, Any] = {
        "format": "homeward-lr 1",
        "engine": {"version": homeward.__version__},
        "case": {
            "name": case.name,
            "digest": case.digest,
            "inputs": [{"path": f.path, "sha256": f.sha256} for f in case.inputs],
        },
        "hypotheses": [
            {"name": name, "log10_likelihood": _number(x)}
            for name, x in zip(found.hypotheses, found.log10_likelihood, strict=True)
        ],
        "reference": found.reference,
        "terms": [
            {"kind": _kind(found, markers), "markers": list(markers)} | _lrs(found, found.log10_lr[:, k])
            for k, markers in enumerate(found.blocks)
        ],
    }
    if found.by_population:
        value["by_population"] = [
            {"population": p} | _lrs(found, lrs.tolist()) for p, lrs in found.log10_lr_by_population
        ]
    return value | _lrs(found, _total_log10_lr(found))


def comparison_table(found: Comparison) -> list[tuple[str, ...]]:
    """Hypothesis, log10 likelihood, log10 LR against the last; in a mixture also under each population alone."""
    alone = found.log10_lr_by_population
    heads = ["hypothesis", "log10 likelihood", f"log10 LR against {found.reference}", *(f"in {p}" for p, _ in alone)]
    rows = [tuple(heads)]
    for k, (name, lr) in enumerate(zip(found.hypotheses, _total_log10_lr(found), strict=True)):
        values = [float(found.log10_likelihood[k]), lr, *(float(lrs[k]) for _, lrs in alone)]
        rows.append((name, *(_shown(x) for x in values)))
    return rows


def _kind(found: Comparison, markers: Sequence[str]) -> str:
    return found.model.locus[markers[0]].kind if len(markers) == 1 else "linked"


def _total_log10_lr(found: Comparison) -> list[float]:
    base = float(found.log10_likelihood[-1])
    return [float(x) - base if base > -math.inf else math.nan for x in found.log10_likelihood]


def _lrs(found: Comparison, values: Iterable[float]) -> dict[str, Any]:
    """`log10_lr` of each hypothesis; none where the reference itself is impossible."""
    named = dict(zip(found.hypotheses, (float(x) for x in values), strict=True))
    if any(math.isnan(x) for x in named.values()):
        return {}
    return {"log10_lr": {name: _number(x) for name, x in named.items()}}


def _number(x: float) -> float | None:
    return None if x == -math.inf else float(x)


def _shown(x: float) -> str:
    if math.isnan(x):
        return "undefined"
    return "impossible" if x == -math.inf else f"{x:.4f}"
