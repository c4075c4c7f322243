"""identify_calibration: of the pairs given a posterior of about p, a share of about p is true."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from homeward.genetics import scenarios_of
from homeward.identify import Result, identify
from homeward.simulate import STRANGER, Truth, simulate_incident
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["IDENTIFY_CALIBRATION"]

INCIDENTS = 150
BODIES = 40
EDGES = (0.0, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5, 0.8, 0.95, 0.99, 0.999, 0.9995, 1.0)
Z = 4.0
"""Standard errors by which a bin's share of true pairs may miss its mean posterior."""
CONDITIONS: tuple[dict[str, int], ...] = (
    {
        "child": 9,
        "brother": 5,
        "sister": 5,
        "grandson": 20,
        "grandchild": 13,
        "brothers-son": 16,
        "sisters-child": 10,
        "brothers-grandson": 6,
    },
    {"child": 20, "father": 10, "brother": 12, "sister": 12, "grandson": 10, "brothers-son": 10},
)
SIZES = (183, 100)
NEAR = {"child", "father", "brother", "sister"}

Row = tuple[float, bool]


def _work(scale: float, seed: int) -> Outcome:
    incidents = max(2, round(INCIDENTS * scale))
    rows: dict[str, list[Row]] = defaultdict(list)
    named: list[Row] = []
    for k in range(incidents):
        condition = k % len(CONDITIONS)
        case, truth = simulate_incident(
            seed=seed + k,
            size=SIZES[condition],
            relatives=CONDITIONS[condition],
            bodies=BODIES,
            strangers=0.1,
            typed=(0.3, 1.0),
        )
        result = identify(case, scenarios_of(case), seed=1)
        named += _sort(result, truth, rows)
    bins = {stratum: _bins(pairs) for stratum, pairs in sorted(rows.items())}
    worst = max(abs(b["z"]) for found in bins.values() for b in found)
    expected_false = math.fsum(1 - p for p, _ in named)
    false = sum(not true for _, true in named)
    bounds = (
        Bound("largest miss of a bin's share of true pairs, in standard errors", worst, Z),
        Bound(
            "names above 0.9995 that are false, against their expected number plus four standard errors",
            false,
            math.ceil(expected_false + 4 * math.sqrt(expected_false)),
        ),
    )
    figures = {
        "samples": incidents * BODIES,
        "pairs": sum(len(r) for stratum, r in rows.items() if stratum.startswith("kin")),
        "above_threshold": len(named),
        "false_above_threshold": false,
        "expected_false_above_threshold": expected_false,
        "bins": bins,
    }
    return Outcome(incidents, bounds, figures, _plot(bins))


def _sort(result: Result, truth: Truth, rows: dict[str, list[Row]]) -> list[Row]:
    """Put every posterior into its strata; those above the threshold are returned too."""
    markers = {s.id: s.markers for s in result.samples}
    loci = len(result.scenarios[0].model.loci)
    named: list[Row] = []
    for pair in result.pairs:
        row = (pair.posterior, truth.of[pair.sample] == pair.missing)
        rows["kin near" if truth.relative[pair.missing] in NEAR else "kin far"].append(row)
        rows["partial" if markers[pair.sample] < 0.6 * loci else "whole"].append(row)
        if pair.posterior >= EDGES[-2]:
            named.append(row)
    for out in result.outside:
        person = truth.of[out.sample]
        rows["stranger"].append((out.stranger, person == STRANGER))
        rows["unreferenced"].append((out.unreferenced, person != STRANGER and person not in truth.relative))
    return named


def _bins(pairs: Sequence[Row]) -> list[dict[str, float]]:
    """Count, mean posterior, share true and its distance from the mean in standard errors, of each bin in use."""
    p = np.array([row[0] for row in pairs])
    true = np.array([row[1] for row in pairs])
    place = np.clip(np.searchsorted(EDGES, p, side="right") - 1, 0, len(EDGES) - 2)
    found = []
    for k in np.unique(place):
        inside = place == k
        mean, count = float(p[inside].sum()), int(inside.sum())
        # where hardly one true (or false) pair is expected, one is no evidence: a variance of one at least
        spread = math.sqrt(max(float((p[inside] * (1 - p[inside])).sum()), 1.0))
        found.append(
            {
                "from": EDGES[k],
                "to": EDGES[k + 1],
                "pairs": count,
                "mean_posterior": mean / count,
                "true": int(true[inside].sum()),
                "z": (float(true[inside].sum()) - mean) / spread,
            }
        )
    return found


def _log_odds(p: float) -> float:
    return math.log10(p / (1 - p))


def _plot(bins: dict[str, list[dict[str, float]]]) -> str:
    shown = [p for p in EDGES if 0 < p < 1]
    ticks = [(_log_odds(p), f"{p:g}") for p in (1e-4, 1e-3, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999)]
    low, high = _log_odds(shown[0]) - 1, -_log_odds(shown[0]) + 1
    marks = [m for i, found in enumerate(bins.values()) for b in found for m in _marks(i, b, low, high)]
    return scatter_svg(
        "Posterior of each bone alone against the share that is true",
        Axis("mean posterior (log odds)", low, high, ticks),
        Axis("share true (log odds), ± 2 standard errors", low, high, ticks),
        marks,
        line=[(low, low), (high, high)],
        key=tuple(bins),
    )


def _marks(series: int, b: dict[str, float], low: float, high: float) -> Iterable[Mark]:
    mean, count = b["mean_posterior"], b["pairs"]
    if not 0 < mean < 1:
        return
    se = math.sqrt(mean * (1 - mean) / count)

    def inside(p: float) -> float:
        return min(max(_log_odds(min(max(p, 1e-12), 1 - 1e-12)), low), high)

    share = b["true"] / count
    x = min(max(_log_odds(mean) + (series - 2.5) * 0.03, low), high)
    yield Mark(x, inside(share), series, inside(share - 2 * se), inside(share + 2 * se))


IDENTIFY_CALIBRATION = Study("identify_calibration", 183_000, _work)
