"""Claims held against the truth: bins with intervals, the number of false ones to be expected, log loss, the plot."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from validation.studies.plot import Axis, Mark, scatter_svg

__all__ = ["EDGES", "THRESHOLD", "Claims", "bins_of", "claims_plot", "gathered", "interval", "most_false", "worst_bin"]

EDGES = (0.5, 0.9, 0.99, 0.9995, 1.0)
THRESHOLD = 0.9995

Row = tuple[float, bool]


@dataclass
class Claims:
    """Claims of some incidents.

    ``rows``: stratum → (probability, true). ``ln_truth``: method → ln of what was given to the truth, a sample each.
    ``false``: every false name above the threshold, with all that is needed to draw its incident again.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    ln_truth: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    false: list[dict[str, Any]] = field(default_factory=list)

    def add(self, strata: Iterable[str], p: float, true: bool) -> None:
        """One claim, if it is one: half at least."""
        if p >= EDGES[0]:
            for stratum in strata:
                self.rows[stratum].append((min(float(p), 1.0), bool(true)))

    def above(self, stratum: str, least: float = THRESHOLD) -> list[Row]:
        """The claims of a stratum above the threshold."""
        return [row for row in self.rows.get(stratum, ()) if row[0] >= least]

    def false_above(self, stratum: str, least: float = THRESHOLD) -> tuple[int, int]:
        """How many of them are false, and the 99% quantile of their number if every claim is worth what it says."""
        found = self.above(stratum, least)
        return sum(not true for _, true in found), most_false([1.0 - p for p, _ in found])

    def loss(self, method: str) -> float:
        """Mean negative ln of what was given to the truth."""
        return -math.fsum(self.ln_truth[method]) / len(self.ln_truth[method])

    def figures(self) -> dict[str, Any]:
        """Everything by method and stratum, for the report."""
        sure = {m: self.above(f"{m}: name") for m in self.ln_truth}
        return {
            "claims_above_0.9995": {m: len(each) for m, each in sure.items()},
            "false_above_0.9995": {m: sum(not true for _, true in each) for m, each in sure.items()},
            "expected_false_above_0.9995": {m: math.fsum(1.0 - p for p, _ in each) for m, each in sure.items()},
            "share_of_samples_named": {m: interval(len(each), len(self.ln_truth[m])) for m, each in sure.items()},
            "log_loss": {m: self.loss(m) for m in self.ln_truth},
            "false_claims": self.false,
            "bins": {stratum: bins_of(rows) for stratum, rows in sorted(self.rows.items())},
        }


def gathered(each: Iterable[Claims]) -> Claims:
    """All of them together."""
    found = Claims()
    for claims in each:
        for stratum, rows in claims.rows.items():
            found.rows[stratum] += rows
        for method, values in claims.ln_truth.items():
            found.ln_truth[method] += values
        found.false += claims.false
    return found


def most_false(chances: Sequence[float], level: float = 0.99) -> int:
    """The quantile of the number of events with these chances, each by itself (Poisson-binomial)."""
    p = np.zeros(len(chances) + 1 if len(chances) < 200 else 200)
    p[0] = 1.0
    for q in chances:
        p[1:] = p[1:] * (1.0 - q) + p[:-1] * q
        p[0] *= 1.0 - q
    return int(np.searchsorted(np.cumsum(p), level))


def interval(true: int, count: int) -> tuple[float, float, float]:
    """A share with its 95% interval (Wilson 1927)."""
    if not count:
        return 0.0, 0.0, 1.0
    share, z = true / count, 1.959964
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return share, max(0.0, middle - half), min(1.0, middle + half)


def bins_of(pairs: Sequence[Row]) -> list[dict[str, Any]]:
    """Of each bin in use: claims, mean posterior, share true with its interval, distance in standard errors."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [(p, true) for p, true in pairs if low <= p and (p < high or high == EDGES[-1])]
        if not inside:
            continue
        mean, true = math.fsum(p for p, _ in inside), sum(t for _, t in inside)
        # where hardly one false claim is expected, one is no evidence: a variance of one at least
        spread = math.sqrt(max(math.fsum(p * (1.0 - p) for p, _ in inside), 1.0))
        share, least, most = interval(true, len(inside))
        found.append(
            {
                "from": low,
                "to": high,
                "claims": len(inside),
                "mean_posterior": mean / len(inside),
                "true": true,
                "share": share,
                "low": least,
                "high": most,
                "z": (true - mean) / spread,
            }
        )
    return found


def worst_bin(claims: Claims, strata: Iterable[str]) -> float:
    """The largest distance of a bin's share from its mean posterior, in standard errors."""
    return max((abs(b["z"]) for s in strata for b in bins_of(claims.rows.get(s, ()))), default=0.0)


def claims_plot(title: str, claims: Claims, shown: Sequence[str]) -> str:
    """Share true against mean posterior, both as log odds, with intervals; at most six strata."""
    ticks = [(_log_odds(p), f"{p:g}") for p in (0.1, 0.5, 0.9, 0.99, 0.999, 0.9999)]
    low, high = _log_odds(0.1), _log_odds(0.99999)

    def place(p: float) -> float:
        return min(max(_log_odds(p), low), high)

    marks = [
        Mark(place(b["mean_posterior"]) + (k - 2.5) * 0.03, place(b["share"]), k, place(b["low"]), place(b["high"]))
        for k, stratum in enumerate(shown)
        for b in bins_of(claims.rows.get(stratum, ()))
    ]
    return scatter_svg(
        title,
        Axis("mean posterior (log odds)", low, high, ticks),
        Axis("share true (log odds), 95% interval", low, high, ticks),
        marks,
        line=[(low, low), (high, high)],
        key=shown,
    )


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1.0 - 1e-6)
    return math.log10(p / (1.0 - p))
