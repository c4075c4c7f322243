"""GROUND. `Case` and what it holds: frozen values every room understands, and one digest of them all.

A case knows no files: `formats` makes it, and may be asked where a value came from (`inputs`).
"""

from homeward.case.canonical import canonical_json, digest, plain
from homeward.case.doubts import Variant, variants
from homeward.case.merge import MergedFamily, Merging, merge_families
from homeward.case.settings import (
    HaplotypeEstimator,
    Incident,
    LineageSettings,
    LinkedMarkers,
    ModelSettings,
    Run,
    Settings,
    Thresholds,
)
from homeward.case.statements import contradictions, names_on_list
from homeward.case.units import apart, units
from homeward.case.values import (
    Case,
    Doubt,
    Family,
    FrequencyTable,
    HaplotypeTable,
    Hypothesis,
    Identification,
    InputFile,
    KnownHaplotype,
    ListedPerson,
    MtTyping,
    MutationRow,
    NonDna,
    NonDnaKind,
    PersonRecord,
    Remains,
    Sample,
    SampleOf,
    Span,
    Typing,
)

__all__ = [
    "Case",
    "Doubt",
    "Family",
    "FrequencyTable",
    "HaplotypeEstimator",
    "HaplotypeTable",
    "Hypothesis",
    "Identification",
    "Incident",
    "InputFile",
    "KnownHaplotype",
    "LineageSettings",
    "LinkedMarkers",
    "ListedPerson",
    "MergedFamily",
    "Merging",
    "ModelSettings",
    "MtTyping",
    "MutationRow",
    "NonDna",
    "NonDnaKind",
    "PersonRecord",
    "Remains",
    "Run",
    "Sample",
    "SampleOf",
    "Settings",
    "Span",
    "Thresholds",
    "Typing",
    "Variant",
    "apart",
    "canonical_json",
    "contradictions",
    "digest",
    "merge_families",
    "names_on_list",
    "plain",
    "units",
    "variants",
]
