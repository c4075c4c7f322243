"""SCIENCE. Mitochondrial haplotypes: one notation for one sequence, comparison, mutation, haplogroup, databases.

Names are loaded when first touched: what reads files needs haplotypes without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.genetics.mtdna.columns import TRACTS, UNSTABLE, Column, columns
    from homeward.genetics.mtdna.comparison import MtComparison, compare
    from homeward.genetics.mtdna.database import (
        MtDatabase,
        bundled_mt_database,
        bundled_mt_databases,
        mt_key,
    )
    from homeward.genetics.mtdna.haplogroup import Haplogroup, branch_support, haplogroup_of, shown_motif
    from homeward.genetics.mtdna.haplotype import MtHaplotype
    from homeward.genetics.mtdna.notation import BASES_OF, NotationError, bases, parsed, replaced
    from homeward.genetics.mtdna.phylotree import Group, groups, motif
    from homeward.genetics.mtdna.rates import GENERATION_YEARS, substitution_rate
    from homeward.genetics.mtdna.reference import LENGTH, WHOLE, covers, intersection, merged, rcrs
    from homeward.genetics.mtdna.sequence import haplotype_of_sequence
    from homeward.genetics.mtdna.sites import mt_sites

_HOMES = {
    "columns": ("TRACTS", "UNSTABLE", "Column", "columns"),
    "comparison": ("MtComparison", "compare"),
    "database": ("MtDatabase", "bundled_mt_database", "bundled_mt_databases", "mt_key"),
    "haplogroup": ("Haplogroup", "branch_support", "haplogroup_of", "shown_motif"),
    "haplotype": ("MtHaplotype",),
    "notation": ("BASES_OF", "NotationError", "bases", "parsed", "replaced"),
    "phylotree": ("Group", "groups", "motif"),
    "rates": ("GENERATION_YEARS", "substitution_rate"),
    "reference": ("LENGTH", "WHOLE", "covers", "intersection", "merged", "rcrs"),
    "sequence": ("haplotype_of_sequence",),
    "sites": ("mt_sites",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "BASES_OF",
    "GENERATION_YEARS",
    "LENGTH",
    "TRACTS",
    "UNSTABLE",
    "WHOLE",
    "Column",
    "Group",
    "Haplogroup",
    "MtComparison",
    "MtDatabase",
    "MtHaplotype",
    "NotationError",
    "bases",
    "branch_support",
    "bundled_mt_database",
    "bundled_mt_databases",
    "columns",
    "compare",
    "covers",
    "groups",
    "haplogroup_of",
    "haplotype_of_sequence",
    "intersection",
    "merged",
    "motif",
    "mt_key",
    "mt_sites",
    "parsed",
    "rcrs",
    "replaced",
    "shown_motif",
    "substitution_rate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'homeward.genetics.mtdna' has no attribute {name!r}")
    return getattr(import_module(f"homeward.genetics.mtdna.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
