"""Consensus profiles: what the samples of one body show together, and where one of them disagrees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeward.case import Sample
from homeward.genetics import Locus, Model
from homeward.observe import Evidence, Profiles
from homeward.pedigree import Sex

__all__ = ["Consensus", "consensus"]

_Genotype = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    """One marker of one body.

    ``alleles``: the most probable genotype among those that explain the most samples, () where samples contradict each
    other and as many speak for either side; ``probability``: its posterior as of somebody from the population, None
    where a sample is left unexplained. ``samples``: those typed there; ``disagree``: those it does not explain.
    """

    marker: str
    alleles: tuple[str, ...]
    probability: float | None
    samples: tuple[str, ...]
    disagree: tuple[str, ...]


def consensus(profiles: Profiles, samples: Sequence[Sample], model: Model) -> tuple[Consensus, ...]:
    """The profile of one body from all its samples, marker by marker in the order of the model.

    X markers are left out while the sex of the samples is unknown or differs.
    """
    sexes = {profiles.sex[s.id] for s in samples} - {"unknown"}
    sex: Sex = sexes.pop() if len(sexes) == 1 else "unknown"
    found = []
    for locus in model.loci:
        if locus.kind == "X" and sex == "unknown":
            continue
        seen = {s.id: e for s in samples if (e := profiles.evidence(s, locus, sex)) is not None}
        if seen:
            found.append(_at(locus, seen))
    return tuple(found)


def _at(locus: Locus, seen: Mapping[str, Evidence]) -> Consensus:
    values = {s: dict(zip(e.genotypes, e.values, strict=True)) for s, e in seen.items()}
    explained = {g: frozenset(s for s, v in values.items() if v.get(g, 0.0) > 0) for v in values.values() for g in v}
    most = max((len(who) for who in explained.values()), default=0)
    best = {g: who for g, who in explained.items() if len(who) == most}
    if len(set(best.values())) != 1:
        return Consensus(locus.name, (), None, tuple(seen), tuple(seen))
    weight = {g: _weight(locus, g, [values[s] for s in who]) for g, who in best.items()}
    # the first of equals in the order of the alleles, so that the order of the samples does not matter
    genotype = min(sorted(weight), key=lambda g: -weight[g])
    disagree = tuple(s for s in seen if s not in best[genotype])
    total = sum(weight.values())
    probability = weight[genotype] / total if not disagree and total > 0 else None
    return Consensus(locus.name, tuple(locus.alleles[a] for a in genotype), probability, tuple(seen), disagree)


def _weight(locus: Locus, genotype: _Genotype, values: Sequence[Mapping[_Genotype, float]]) -> float:
    """P(genotype) in the population times P(seen | genotype) of every sample."""
    weight = 2.0 if len(set(genotype)) == 2 else 1.0
    for allele in genotype:
        weight *= float(locus.frequencies[allele])
    for v in values:
        weight *= v[genotype]
    return weight
