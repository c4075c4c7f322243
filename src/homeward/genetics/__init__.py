"""SCIENCE. Markers, alleles, populations, mutation; `Model` = every assumption of one calculation.

Names are loaded when first touched: what reads files needs marker and allele names without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.genetics.alleles import (
        NULL,
        REST,
        SILENT,
        AlleleKind,
        allele_order,
        alternatives,
        canonical_allele,
        fraction,
        repeats,
    )
    from homeward.genetics.build import scenarios_of
    from homeward.genetics.linkage import KnownLinkage, known_linkage, linked_pairs
    from homeward.genetics.markers import Marker, MarkerKind, allele_kind, canonical_marker, known_markers, marker_kind
    from homeward.genetics.model import FrequencyChange, LinkedPair, Locus, LocusKind, Model, Recombination, Scenario
    from homeward.genetics.mutation import (
        is_always_lumpable,
        is_lumpable,
        is_reversible,
        is_stationary,
        mutation_matrix,
        overall_rate,
        transformed,
    )
    from homeward.genetics.policies import MarkerFrequencies, apply_policies
    from homeward.genetics.populations import BundledPopulation, bundled_population, bundled_populations
    from homeward.genetics.rates import DefaultRate, default_mutation, default_rates

_HOMES = {
    "alleles": (
        "NULL",
        "REST",
        "SILENT",
        "AlleleKind",
        "allele_order",
        "alternatives",
        "canonical_allele",
        "fraction",
        "repeats",
    ),
    "build": ("scenarios_of",),
    "linkage": ("KnownLinkage", "known_linkage", "linked_pairs"),
    "markers": ("Marker", "MarkerKind", "allele_kind", "canonical_marker", "known_markers", "marker_kind"),
    "model": ("FrequencyChange", "LinkedPair", "Locus", "LocusKind", "Model", "Recombination", "Scenario"),
    "mutation": (
        "is_always_lumpable",
        "is_lumpable",
        "is_reversible",
        "is_stationary",
        "mutation_matrix",
        "overall_rate",
        "transformed",
    ),
    "policies": ("MarkerFrequencies", "apply_policies"),
    "populations": ("BundledPopulation", "bundled_population", "bundled_populations"),
    "rates": ("DefaultRate", "default_mutation", "default_rates"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "NULL",
    "REST",
    "SILENT",
    "AlleleKind",
    "BundledPopulation",
    "DefaultRate",
    "FrequencyChange",
    "KnownLinkage",
    "LinkedPair",
    "Locus",
    "LocusKind",
    "Marker",
    "MarkerFrequencies",
    "MarkerKind",
    "Model",
    "Recombination",
    "Scenario",
    "allele_kind",
    "allele_order",
    "alternatives",
    "apply_policies",
    "bundled_population",
    "bundled_populations",
    "canonical_allele",
    "canonical_marker",
    "default_mutation",
    "default_rates",
    "fraction",
    "is_always_lumpable",
    "is_lumpable",
    "is_reversible",
    "is_stationary",
    "known_linkage",
    "known_markers",
    "linked_pairs",
    "marker_kind",
    "mutation_matrix",
    "overall_rate",
    "repeats",
    "scenarios_of",
    "transformed",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'homeward.genetics' has no attribute {name!r}")
    return getattr(import_module(f"homeward.genetics.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
