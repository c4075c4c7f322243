"""SCIENCE. Markers, alleles, populations, mutation; `Model` = every assumption of one calculation."""

from homeward.genetics.model import FrequencyChange, Locus, LocusKind, Model, Scenario

__all__ = ["FrequencyChange", "Locus", "LocusKind", "Model", "Scenario"]
