"""How often each position of the mtDNA mutates in a meiosis.

A partition's rate per site and year (Översti et al. 2017, Sci. Rep. 7: 6193; from ancient and living mitogenomes)
times `GENERATION_YEARS`, spread within the partition in proportion to 1 + the substitutions that PhyloTree 17 has at a
position (van Oven 2015), so that each partition keeps its mean.
"""

from __future__ import annotations

import csv
import math
from functools import cache
from importlib.resources import files

from homeward.genetics.mtdna.reference import GAP_POSITION, LENGTH

__all__ = ["GENERATION_YEARS", "LENGTH_RATES", "OTHER_LENGTH_RATE", "TRANSITIONS", "substitution_rate"]

GENERATION_YEARS = 28.0
"""Years between a mother's and her child's birth, in the mean (Fenner 2005; Helgason et al. 2003)."""

TRANSITIONS = 12_435 / (12_435 + 544)
"""The share of transitions among the substitutions of PhyloTree 17."""

LENGTH_RATES = {"309": 0.02, "16193": 0.02, "573": 0.01, "524": 0.002, "315": 0.001, "455": 0.001, "459": 0.001,
                "463": 0.001, "960": 0.001, "965": 0.001, "5899": 0.001, "8289": 1e-5}  # fmt: skip
"""Probability per meiosis that a tract changes its length. Assumed: only the order of magnitude is known."""

OTHER_LENGTH_RATE = 1e-6
"""Probability per meiosis of a length change anywhere else. Assumed."""


@cache
def _rates() -> tuple[float, ...]:
    folder = files("homeward.genetics") / "data" / "mtdna"
    partitions = "".join((folder / "partitions.txt").read_text(encoding="ascii").split())
    rows = csv.DictReader((folder / "rates.csv").read_text(encoding="utf-8").splitlines())
    yearly = {row["partition"]: float(row["substitutions_per_site_and_year"]) for row in rows}
    weights = [1.0] * LENGTH
    for row in csv.DictReader((folder / "substitutions.csv").read_text(encoding="ascii").splitlines()):
        weights[int(row["position"]) - 1] += float(row["substitutions"])
    mean = {p: sum(w for w, q in zip(weights, partitions, strict=True) if q == p) / partitions.count(p) for p in yearly}
    found = [-math.expm1(-yearly[p] * GENERATION_YEARS * w / mean[p]) for p, w in zip(partitions, weights, strict=True)]
    found[GAP_POSITION - 1] = 0.0
    return tuple(found)


def substitution_rate(position: int) -> float:
    """Probability per meiosis that the base at a position changes."""
    return _rates()[position - 1]
