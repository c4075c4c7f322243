"""The bundled haplotype databases: what they are, where they come from, and their haplotypes."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from homeward.genetics.haplotypes.database import HaplotypeDatabase
from homeward.genetics.y import YHaplotype, y_haplotype

__all__ = ["BundledDatabase", "bundled_database", "bundled_databases"]


@dataclass(frozen=True, slots=True)
class BundledDatabase:
    """What is known of a bundled database of Y haplotypes.

    ``persons``: men typed. ``status``: ``provisional`` where the sample or its provenance is too weak for casework
    without a check.
    """

    id: str
    population: str
    persons: int
    status: Literal["sound", "provisional"]
    source: str
    reference: str
    licence: str
    note: str


@cache
def bundled_databases() -> tuple[BundledDatabase, ...]:
    """All bundled databases, in the order of `docs/lineages.md`."""
    return tuple(
        BundledDatabase(
            id=row["id"],
            population=row["population"],
            persons=int(row["persons"]),
            status=cast(Literal["sound", "provisional"], row["status"]),
            source=row["source"],
            reference=row["reference"],
            licence=row["licence"],
            note=row["note"],
        )
        for row in _rows("index")
    )


@cache
def bundled_database(id: str) -> HaplotypeDatabase[YHaplotype]:
    """A bundled database by its id. Raises KeyError for an id not bundled."""
    about = {d.id: d for d in bundled_databases()}[id]
    haplotypes = tuple(
        (y_haplotype({marker: cell.split() for marker, cell in row.items() if marker != "count"}), int(row["count"]))
        for row in _rows(id)
    )
    return HaplotypeDatabase(about.id, "Y", about.population, f"{about.reference}; {about.source}", haplotypes)


def _rows(name: str) -> list[dict[str, str]]:
    folder = files("homeward.genetics") / "data" / "haplotypes"
    return list(csv.DictReader((folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()))
