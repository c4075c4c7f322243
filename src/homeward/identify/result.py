"""`Result`: what `identify` found, frozen; the faces turn it into words, pages and JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from homeward.case import Case, HaplotypeEstimator
from homeward.check import Finding
from homeward.genetics import FrequencyChange, Scenario
from homeward.genetics.lineage import LineageKind
from homeward.identify.joint.answer import Joint
from homeward.identify.lineage_evidence import LineageComparison
from homeward.pedigree import Sex

if TYPE_CHECKING:
    from homeward.genetics.haplotypes.estimators import Estimate

__all__ = [
    "BoneKinship",
    "BoneRelationship",
    "Direct",
    "Dropout",
    "HaplotypeRow",
    "MissingRow",
    "Outside",
    "Pair",
    "PedigreeVariant",
    "Result",
    "SampleRow",
    "Term",
    "TermKind",
    "Warning",
]

BoneRelationship = Literal["parent-child", "siblings", "half-siblings"]
TermKind = Literal["autosomal", "X", "linked", "Y", "mt", "snp"]


@dataclass(frozen=True, slots=True)
class Term:
    """One factor of an LR: a block's markers and its log10 LR (-inf = impossible under H1)."""

    kind: TermKind
    markers: tuple[str, ...]
    log10_lr: float


@dataclass(frozen=True)
class Pair:
    """A remains sample against a missing person.

    H1: the sample is of this missing person. H2: it is of somebody unrelated to the family.
    ``log10_lr`` is -inf where H1 is impossible and None where nothing could be compared; ``exclusions``
    counts terms impossible without mutation. ``by_population``: under each population alone where the calculation is a
    mixture of several, else empty.
    """

    sample: str
    missing: str
    status: Literal["computed", "sex", "no-shared-markers"]
    log10_lr: float | None
    exclusions: int
    terms: tuple[Term, ...]
    posterior: float
    by_population: tuple[tuple[str, float | None], ...] = ()

    def _repr_html_(self) -> str:
        from homeward.report import pair_html

        return pair_html(self)


@dataclass(frozen=True, slots=True)
class Outside:
    """Where else a sample may belong, each sample alone: not on the list, or listed without references."""

    sample: str
    stranger: float
    unreferenced: float


@dataclass(frozen=True, slots=True)
class Direct:
    """Two samples. H1: of one individual, H2: of unrelated persons."""

    a: str
    b: str
    status: Literal["computed", "no-shared-markers"]
    log10_lr: float | None
    markers: int
    mismatches: int


@dataclass(frozen=True, slots=True)
class BoneKinship:
    """Two remains samples. H1: related so, H2: unrelated; no family is involved."""

    a: str
    b: str
    relationship: BoneRelationship
    log10_lr: float | None
    markers: int


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A missing person; ``references`` counts typed members of his family, 0 = nobody to compare with."""

    id: str
    sex: Sex
    references: int


@dataclass(frozen=True, slots=True)
class SampleRow:
    """A typed sample; ``markers`` counts markers with a typing; ``dropout``: what its own typings say of drop-out."""

    id: str
    of: str
    source: str
    sex: Sex
    markers: int
    dropout: Dropout | None = None


@dataclass(frozen=True, slots=True)
class Dropout:
    """The heterozygote drop-out of a sample, estimated: posterior mean and central 95% interval, and from what.

    ``heights``: the mean height of the alleles seen, in RFU, None where no heights were given.
    """

    mean: float
    low: float
    high: float
    heights: float | None


@dataclass(frozen=True, slots=True)
class PedigreeVariant:
    """One pedigree a family may have: whose parents are not the registered ones; prior, and posterior given references.

    ``changed``: (person, father or "", mother or "") of each; () = as registered.
    """

    families: tuple[str, ...]
    changed: tuple[tuple[str, str, str], ...]
    prior: float
    posterior: float


@dataclass(frozen=True, slots=True)
class HaplotypeRow:
    """How rare the Y haplotype or the mtDNA of a remains sample is, by every estimator; ``estimator``: the one used."""

    sample: str
    kind: LineageKind
    database: str
    estimator: HaplotypeEstimator
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Warning:
    """Something a person must know: a stable code and its parameters."""

    code: str
    parameters: Mapping[str, str | int | float]


@dataclass(frozen=True)
class Result:
    """All that was computed from one case under one set of scenarios.

    ``findings``: what `check` says of the data. ``joint``: the joint answer, None where it was not asked for or where
    nothing that the prior allows can have led to what was seen. ``lineages``: haplotypes held against references, of
    each sample's best candidates and of those that a lineage speaks for; ``haplotypes``: how rare each is.
    """

    case: Case
    scenarios: tuple[Scenario, ...]
    seed: int
    missing: tuple[MissingRow, ...]
    samples: tuple[SampleRow, ...]
    pairs: tuple[Pair, ...]
    outside: tuple[Outside, ...]
    direct: tuple[Direct, ...]
    kinship: tuple[BoneKinship, ...]
    warnings: tuple[Warning, ...]
    findings: tuple[Finding, ...] = ()
    variants: tuple[PedigreeVariant, ...] = ()
    joint: Joint | None = None
    lineages: tuple[LineageComparison, ...] = ()
    haplotypes: tuple[HaplotypeRow, ...] = ()

    @cached_property
    def frequency_changes(self) -> tuple[FrequencyChange, ...]:
        return tuple(change for s in self.scenarios for change in s.model.changes)

    @cached_property
    def pair(self) -> Mapping[tuple[str, str], Pair]:
        """(sample, missing) → pair."""
        return {(p.sample, p.missing): p for p in self.pairs}

    def candidates(self, sample: str) -> tuple[Pair, ...]:
        """A sample's pairs, the most probable first (ties: higher LR, then order of the files).

        Raises KeyError, with the ids nearest to it, for what is no sample of remains in this result.
        """
        known = [s.id for s in self.samples if s.of == "remains"]
        if sample not in known:
            near = ", ".join(get_close_matches(sample, known, 3, 0.4) or known[:3])
            raise KeyError(f"no sample of remains {sample!r}" + (f"; near it: {near}" if near else ""))
        return self._candidates.get(sample, ())

    @cached_property
    def _candidates(self) -> Mapping[str, tuple[Pair, ...]]:
        rows: dict[str, list[Pair]] = {}
        for p in self.pairs:
            rows.setdefault(p.sample, []).append(p)
        return {
            sample: tuple(sorted(pairs, key=lambda p: (-p.posterior, -(0.0 if p.log10_lr is None else p.log10_lr))))
            for sample, pairs in rows.items()
        }

    def _repr_html_(self) -> str:
        from homeward.report import result_fragment

        return result_fragment(self)
