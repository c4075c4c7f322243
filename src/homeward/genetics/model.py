"""`Model`: every assumption of one calculation, in one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["FrequencyChange", "Locus", "LocusKind", "Model", "Scenario"]

LocusKind = Literal["autosomal", "X"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Locus:
    """One marker as the engines see it.

    ``frequencies``: shape (alleles,), used as given. ``from_mother`` / ``from_father``: shape (alleles,
    alleles), row = parental allele, rows sum to one, probability per meiosis; None = no mutation.
    """

    name: str
    kind: LocusKind
    alleles: tuple[str, ...]
    frequencies: Floats
    from_mother: Floats | None = None
    from_father: Floats | None = None

    @cached_property
    def index(self) -> dict[str, int]:
        """Allele → position in `alleles`."""
        return {allele: i for i, allele in enumerate(self.alleles)}

    @property
    def mutates(self) -> bool:
        return self.from_mother is not None or self.from_father is not None


@dataclass(frozen=True, slots=True)
class FrequencyChange:
    """One frequency that a policy changed; ``before`` and ``after`` are proportions."""

    population: str
    marker: str
    allele: str
    before: float
    after: float
    reason: Literal["added", "raised", "rescaled", "rest"]


@dataclass(frozen=True, eq=False)
class Model:
    """Population, loci, mutation, structure and sex error of one calculation."""

    population: str
    loci: tuple[Locus, ...]
    theta: float = 0.0
    sex_error: float = 0.001
    changes: tuple[FrequencyChange, ...] = ()

    @cached_property
    def locus(self) -> dict[str, Locus]:
        """Marker name → locus."""
        return {locus.name: locus for locus in self.loci}

    def without_mutation(self) -> Model:
        """The same model with every mutation rate zero."""
        return replace(self, loci=tuple(replace(x, from_mother=None, from_father=None) for x in self.loci))


@dataclass(frozen=True, eq=False)
class Scenario:
    """A model with its label and weight; a list of them is a mixture or a set of stress tests."""

    label: str
    weight: float
    model: Model
