"""`Model`: every assumption of one calculation, in one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.lineage import LineageModel

__all__ = ["FrequencyChange", "LinkedPair", "Locus", "LocusKind", "Model", "Recombination", "Scenario"]

LocusKind = Literal["autosomal", "X"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Locus:
    """One marker as the engines see it.

    ``frequencies``: shape (alleles,), used as given. ``from_mother`` / ``from_father``: shape (alleles,
    alleles), row = parental allele, rows sum to one, probability per meiosis; None = no mutation. ``silent``: position
    of the allele that no typing shows. ``elsewhere``: frequencies, of the same alleles, in the other populations that
    founders are stated to be of. ``chromosomes``: 2N behind the frequencies where their sampling error is to count.
    """

    name: str
    kind: LocusKind
    alleles: tuple[str, ...]
    frequencies: Floats
    from_mother: Floats | None = None
    from_father: Floats | None = None
    silent: int | None = None
    elsewhere: Mapping[str, Floats] = field(default_factory=dict)
    chromosomes: float | None = None

    @cached_property
    def index(self) -> dict[str, int]:
        """Allele → position in `alleles`."""
        return {allele: i for i, allele in enumerate(self.alleles)}

    @property
    def mutates(self) -> bool:
        return self.from_mother is not None or self.from_father is not None


@dataclass(frozen=True, slots=True)
class Recombination:
    """Recombination fraction between two loci, 0 to 0.5, in a mother's and in a father's meiosis."""

    mother: float
    father: float


@dataclass(frozen=True, slots=True)
class LinkedPair:
    """Two loci of a model that are inherited together more often than not."""

    markers: tuple[str, str]
    recombination: Recombination


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
    """Population, loci, mutation, structure, linkage and errors of one calculation.

    ``linked``: pairs of loci known to be linked; ``linkage``, ``dropout``, ``mistyping``: as in `ModelSettings`.
    ``provisional``: populations used that have no sound table, with the reason code; the alleles of founders of one
    with none at all come from ``frequencies``. ``lineages``: what is assumed of the Y and of the mtDNA, where typed.
    """

    population: str
    loci: tuple[Locus, ...]
    theta: float = 0.0
    sex_error: float = 0.001
    changes: tuple[FrequencyChange, ...] = ()
    linked: tuple[LinkedPair, ...] = ()
    linkage: Literal["report", "pairs", "ignore"] = "report"
    dropout: Literal["stated", "estimated"] = "stated"
    mistyping: float = 0.0
    provisional: Mapping[str, str] = field(default_factory=dict)
    lineages: tuple[LineageModel, ...] = ()

    @cached_property
    def locus(self) -> dict[str, Locus]:
        """Marker name → locus."""
        return {locus.name: locus for locus in self.loci}

    def theta_at(self, locus: Locus) -> float:
        """θ of one locus: structure, and the sampling error of its frequencies where that counts.

        Counts of 2N chromosomes leave a Dirichlet of concentration 2N, which is the urn of θ = 1 / (2N + 1); together
        two alleles drawn are one draw with probability θ + (1 − θ) / (2N + 1).
        """
        if locus.chromosomes is None:
            return self.theta
        return self.theta + (1.0 - self.theta) / (locus.chromosomes + 1.0)

    def without_mutation(self) -> Model:
        """The same model with every mutation rate zero."""
        loci = tuple(replace(x, from_mother=None, from_father=None) for x in self.loci)
        return replace(self, loci=loci, lineages=tuple(x.without_mutation() for x in self.lineages))


@dataclass(frozen=True, eq=False)
class Scenario:
    """A model with its label and weight; a list of them is a mixture or a set of stress tests."""

    label: str
    weight: float
    model: Model
