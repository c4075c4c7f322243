"""The slow, obviously right definition: add up every way the alleles could have run.

Kept for good beside the engine; tests hold the two against each other. Exponential in the number of
people, so for small pedigrees and few alleles only.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from homeward.genetics import Locus
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree

__all__ = ["oracle_likelihood"]

Genotype = tuple[int, ...]


def oracle_likelihood(pedigree: Pedigree, locus: Locus, evidence: Mapping[str, Evidence]) -> float:
    """P(evidence | pedigree) at one locus by enumeration of everybody's ordered genotypes."""
    order = [pedigree[p] for p in pedigree.topological]
    place = {p.id: i for i, p in enumerate(order)}
    groups = [sorted(group, key=place.__getitem__) for group in pedigree.twins]
    twin_of = {t: group[0] for group in groups for t in group[1:]}

    def add_up(i: int, state: dict[str, Genotype]) -> float:
        if i == len(order):
            return 1.0
        person = order[i]
        total = 0.0
        for genotype in product(range(len(locus.alleles)), repeat=ploidy(person, locus)):
            p = _seen(evidence.get(person.id), genotype)
            if p and person.id in twin_of:
                p *= float(state[twin_of[person.id]] == genotype)
            elif p:
                p *= _arises(person, genotype, locus, state, pedigree)
            if p:
                total += p * add_up(i + 1, {**state, person.id: genotype})
        return total

    return add_up(0, {})


def ploidy(person: Member, locus: Locus) -> int:
    return 1 if locus.kind == "X" and person.sex == "male" else 2


def _seen(evidence: Evidence | None, genotype: Genotype) -> float:
    if evidence is None:
        return 1.0
    return dict(zip(evidence.genotypes, evidence.values, strict=True)).get(tuple(sorted(genotype)), 0.0)


def _arises(person: Member, genotype: Genotype, locus: Locus, state: dict[str, Genotype], pedigree: Pedigree) -> float:
    """P(ordered genotype | parents), the founder's prior for founders; order is (paternal, maternal)."""
    if person.father is None or person.mother is None:
        return _founder(person, genotype, locus)
    from_mother = _passed(state[person.mother], genotype[-1], locus.from_mother)
    if len(genotype) == 1:
        return from_mother
    return from_mother * _passed(state[person.father], genotype[0], locus.from_father)


def _founder(person: Member, genotype: Genotype, locus: Locus) -> float:
    p = locus.frequencies
    if len(genotype) == 1:
        return float(p[genotype[0]])
    f = person.founder_inbreeding_x if locus.kind == "X" else person.founder_inbreeding
    a, b = genotype
    return float((1 - f) * p[a] * p[b] + f * p[a] * (a == b))


def _passed(parent: Genotype, allele: int, matrix: object) -> float:
    """Each of the parent's alleles is passed on with equal chance, then perhaps mutates."""
    total = 0.0
    for a in parent:
        total += float(matrix[a, allele]) if matrix is not None else float(a == allele)  # type: ignore[index]
    return total / len(parent)
