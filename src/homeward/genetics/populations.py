"""The bundled population tables: what they are, where they come from, and their frequencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Literal, cast

from homeward.case import FrequencyTable
from homeward.genetics.bundled import BundledTable, provenance, table_rows

__all__ = [
    "FEWEST_CHROMOSOMES",
    "BundledPopulation",
    "bundled_population",
    "bundled_populations",
    "close_populations",
]

_MOST_CLOSE = 3

FEWEST_CHROMOSOMES = 200
"""A table of fewer at a marker is not sound: it misses most alleles rarer than one in a hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledPopulation(BundledTable):
    """What is known of a bundled table of allele frequencies.

    ``individuals``: persons typed, None if not stated. ``values``: whether the table holds counts or frequencies.
    """

    description: str
    individuals: int | None
    values: Literal["count", "frequency"]


@cache
def bundled_populations() -> tuple[BundledPopulation, ...]:
    """All bundled tables, in the order of `docs/populations.md`."""
    return tuple(
        BundledPopulation(
            description=row["description"],
            individuals=int(row["individuals"]) if row["individuals"] else None,
            values=cast(Literal["count", "frequency"], row["values"]),
            **provenance(row),
        )
        for row in table_rows("populations", "index")
    )


@cache
def bundled_population(id: str) -> FrequencyTable:
    """A bundled table by its id; counts where exact counts are known. Raises KeyError for an id not bundled."""
    about = {p.id: p for p in bundled_populations()}[id]
    markers: dict[str, dict[str, float]] = {}
    for row in table_rows("populations", id):
        markers.setdefault(row["marker"], {})[row["allele"]] = float(row[about.values])
    return FrequencyTable(about.id, about.values == "count", markers, f"{about.reference}; {about.source}")


def close_populations(id: str, known: Iterable[str]) -> str:
    """At most three ids that somebody who wrote ``id`` may have meant, as `A, B or C`; empty where none is close."""
    by_key = {name.casefold(): name for name in known}
    found = get_close_matches(id.casefold()[:60], by_key, _MOST_CLOSE, 0.6)
    found += [key for key in by_key if key not in found and len(id) > 2 and key.startswith(id.casefold()[:3])]
    names = [by_key[key] for key in found[:_MOST_CLOSE]]
    return " or ".join(x for x in (", ".join(names[:-1]), *names[-1:]) if x)
