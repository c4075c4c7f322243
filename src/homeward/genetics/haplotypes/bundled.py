"""The bundled haplotype databases: what they are, where they come from, and their haplotypes."""

from __future__ import annotations

from functools import cache

from homeward.genetics.bundled import BundledDatabase, provenance, table_rows
from homeward.genetics.haplotypes.database import HaplotypeDatabase
from homeward.genetics.y import YHaplotype, y_haplotype

__all__ = ["bundled_database", "bundled_databases"]

_FOLDER = "haplotypes"


@cache
def bundled_databases() -> tuple[BundledDatabase, ...]:
    """All bundled databases, in the order of `docs/lineages.md`."""
    return tuple(
        BundledDatabase(population=row["population"], persons=int(row["persons"]), **provenance(row))
        for row in table_rows(_FOLDER, "index")
    )


@cache
def bundled_database(id: str) -> HaplotypeDatabase[YHaplotype]:
    """A bundled database by its id. Raises KeyError for an id not bundled."""
    about = {d.id: d for d in bundled_databases()}[id]
    haplotypes = tuple(
        (y_haplotype({marker: cell.split() for marker, cell in row.items() if marker != "count"}), int(row["count"]))
        for row in table_rows(_FOLDER, id)
    )
    return HaplotypeDatabase(about.id, "Y", about.population, f"{about.reference}; {about.source}", haplotypes)
