"""What speaks against the answer of an estimator: as codes, for whoever makes the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from homeward.genetics.haplotypes.database import HaplotypeDatabase
from homeward.genetics.mtdna import MtDatabase
from homeward.genetics.y import YHaplotype

__all__ = ["FEWEST", "DatabaseDoubt", "database_doubts", "mt_database_doubts"]

FEWEST = {"augmented-count": 200, "clopper-pearson": 200, "brenner-kappa": 500, "discrete-laplace": 500}
"""Persons below which a database is called too small for an estimator: counting misses a haplotype that one man in 100
has with probability 0.13 at 200; κ and the clusters of the discrete Laplace model are themselves estimated from rare
haplotypes and are taken to need more. A choice of this project, not a published limit."""


@dataclass(frozen=True, slots=True)
class DatabaseDoubt:
    """One doubt. ``code``: ``small-haplotype-database`` (``value``: its size), ``haplotype-population`` (its
    population) or ``loci-not-in-database`` (the markers, comma-separated)."""

    code: str
    database: str
    value: str


def database_doubts(
    database: HaplotypeDatabase[YHaplotype], estimator: str, loci: Iterable[str], population: str = ""
) -> tuple[DatabaseDoubt, ...]:
    """Doubts about weighing Y haplotypes typed at ``loci`` by a database, in the order of their codes above.

    ``estimator``: as in `Estimate.method`, or of the settings. ``population``: of the men, in words, of which those
    before the first comma name the people; empty = not stated, and then not compared.
    """
    found = _doubts(database, database.size, estimator, population)
    typed = {marker for haplotype, _ in database.haplotypes for marker in haplotype}
    missing = [marker for marker in dict.fromkeys(loci) if marker not in typed]
    if missing:
        found.append(DatabaseDoubt("loci-not-in-database", database.id, ",".join(missing)))
    return tuple(found)


def mt_database_doubts(database: MtDatabase, estimator: str, population: str = "") -> tuple[DatabaseDoubt, ...]:
    """`database_doubts` of mtDNA; nobody read in all of a sample's ranges shows in its estimates."""
    return tuple(_doubts(database, sum(count for _, count in database.haplotypes), estimator, population))


def _doubts(
    database: HaplotypeDatabase[YHaplotype] | MtDatabase, size: int, estimator: str, population: str
) -> list[DatabaseDoubt]:
    found = []
    if size < FEWEST.get(estimator.removesuffix("-upper"), 0):
        found.append(DatabaseDoubt("small-haplotype-database", database.id, str(size)))
    if population and _people(population) not in (_people(database.population), database.id.casefold()):
        found.append(DatabaseDoubt("haplotype-population", database.id, database.population))
    return found


def _people(population: str) -> str:
    """Of `Japanese, Tokyo` the Japanese."""
    return population.partition(",")[0].strip().casefold()
