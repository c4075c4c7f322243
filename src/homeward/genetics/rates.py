"""Default mutation rates of STR markers, for cases that bring none of their own."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeward.genetics.markers import canonical_marker

__all__ = ["DEFAULT_RANGE", "DEFAULT_RATE2", "DefaultRate", "default_mutation", "default_rates", "generic_rate"]

DEFAULT_RANGE = 0.1
"""Each further step is ten times rarer: the usual choice for the stepwise model."""

DEFAULT_RATE2 = 1e-6
"""Probability per meiosis of leaving the microvariant class: small, so that no such pair is impossible."""


@dataclass(frozen=True, slots=True)
class DefaultRate:
    """Probability per meiosis that an allele mutates, from a mother and from a father, and where it comes from."""

    marker: str
    mother: float
    father: float
    source: str


@cache
def _table() -> dict[str, DefaultRate]:
    text = (files("homeward.genetics") / "data" / "mutation_rates.csv").read_text(encoding="utf-8")
    return {
        row["marker"]: DefaultRate(row["marker"], float(row["mother"]), float(row["father"]), row["source"])
        for row in csv.DictReader(text.splitlines())
    }


def default_rates() -> tuple[DefaultRate, ...]:
    """The markers with rates of their own."""
    return tuple(rate for marker, rate in _table().items() if marker != "*")


def generic_rate() -> DefaultRate:
    """The average used for every other marker."""
    return _table()["*"]


def default_mutation(marker: str) -> tuple[float, float]:
    """Mutation rates of a marker, (mother, father), probability per meiosis.

    Markers without a rate of their own get the generic average of `generic_rate`. Sources: `docs/populations.md`.
    """
    rate = _table().get(canonical_marker(marker), generic_rate())
    return rate.mother, rate.father
