"""The slow, obviously right definition: add up every way the alleles could have run.

Kept for good beside the engine; tests hold the two against each other. Exponential in the number of
people, so for small pedigrees and few alleles only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from homeward.genetics import Locus
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree

__all__ = ["oracle_likelihood", "oracle_likelihood_linked"]

Genotype = tuple[int, ...]


def oracle_likelihood(pedigree: Pedigree, locus: Locus, evidence: Mapping[str, Evidence], theta: float = 0.0) -> float:
    """P(evidence | pedigree) at one locus by enumeration of everybody's ordered genotypes.

    ``theta``: founders' alleles are drawn one after the other, each remembering those of his population before it.
    """
    order = [pedigree[p] for p in pedigree.topological]
    place = {p.id: i for i, p in enumerate(order)}
    groups = [sorted(group, key=place.__getitem__) for group in pedigree.twins]
    twin_of = {t: group[0] for group in groups for t in group[1:]}

    def add_up(i: int, state: dict[str, Genotype], drawn: dict[str, Genotype]) -> float:
        if i == len(order):
            return 1.0
        person = order[i]
        total = 0.0
        for genotype in product(range(len(locus.alleles)), repeat=ploidy(person, locus)):
            p = _seen(evidence.get(person.id), genotype)
            if not p:
                continue
            after = {**state, person.id: genotype}
            if person.id in twin_of:
                total += p * add_up(i + 1, after, drawn) if state[twin_of[person.id]] == genotype else 0.0
            elif person.is_founder:
                of = person.population if person.population in locus.elsewhere else ""
                before = drawn.get(of, ())
                for draws, chance in _draws(person, genotype, locus):
                    chance *= _urn(draws, before, _frequencies(locus, of), theta)
                    total += p * chance * add_up(i + 1, after, {**drawn, of: before + draws}) if chance else 0.0
            else:
                p *= _arises(person, genotype, locus, state)
                total += p * add_up(i + 1, after, drawn) if p else 0.0
        return total

    return add_up(0, {}, {})


def ploidy(person: Member, locus: Locus) -> int:
    return 1 if locus.kind == "X" and person.sex == "male" else 2


def _seen(evidence: Evidence | None, genotype: Genotype) -> float:
    if evidence is None:
        return 1.0
    return dict(zip(evidence.genotypes, evidence.values, strict=True)).get(tuple(sorted(genotype)), 0.0)


def _arises(person: Member, genotype: Genotype, locus: Locus, state: dict[str, Genotype]) -> float:
    """P(ordered genotype | parents); order is (paternal, maternal)."""
    assert person.father is not None and person.mother is not None  # both or none, by Pedigree
    from_mother = _passed(state[person.mother], genotype[-1], locus.from_mother)
    if len(genotype) == 1:
        return from_mother
    return from_mother * _passed(state[person.father], genotype[0], locus.from_father)


def _draws(person: Member, genotype: Genotype, locus: Locus) -> list[tuple[Genotype, float]]:
    """What a founder may have drawn to have this genotype: two alleles, or one for both if inbred."""
    f = person.founder_inbreeding_x if locus.kind == "X" else person.founder_inbreeding
    if len(genotype) == 1:
        return [(genotype, 1.0)]
    options = [(genotype, 1.0 - f)]
    if f and genotype[0] == genotype[1]:
        options.append((genotype[:1], f))
    return options


def _frequencies(locus: Locus, population: str) -> Sequence[float]:
    return [float(x) for x in (locus.elsewhere[population] if population else locus.frequencies)]


def _urn(draws: Genotype, drawn: Genotype, frequencies: Sequence[float], theta: float) -> float:
    """P(the next draws | those before): (θ n_a + (1−θ) p_a) / (1 + (n−1) θ) each."""
    p = 1.0
    for a in draws:
        p *= (theta * drawn.count(a) + (1 - theta) * frequencies[a]) / (1 + (len(drawn) - 1) * theta)
        drawn = (*drawn, a)
    return p


def _passed(parent: Genotype, allele: int, matrix: object) -> float:
    """Each of the parent's alleles is passed on with equal chance, then perhaps mutates."""
    total = 0.0
    for a in parent:
        total += float(matrix[a, allele]) if matrix is not None else float(a == allele)  # type: ignore[index]
    return total / len(parent)


def oracle_likelihood_linked(
    pedigree: Pedigree,
    loci: tuple[Locus, Locus],
    evidence: tuple[Mapping[str, Evidence], Mapping[str, Evidence]],
    recombination: tuple[float, float],
) -> float:
    """P(evidence at two linked loci | pedigree) by enumeration; no inbred founders, no twins.

    ``recombination``: of mothers, of fathers.
    """
    order = [pedigree[p] for p in pedigree.topological]

    def add_up(i: int, state: dict[str, tuple[Genotype, Genotype]]) -> float:
        if i == len(order):
            return 1.0
        person = order[i]
        one, other = (list(product(range(len(x.alleles)), repeat=ploidy(person, x))) for x in loci)
        total = 0.0
        for genotypes in product(one, other):
            p = 1.0
            for e, genotype in zip(evidence, genotypes, strict=True):
                p *= _seen(e.get(person.id), genotype)
            if p and person.is_founder:
                for locus, genotype in zip(loci, genotypes, strict=True):
                    frequencies = _frequencies(locus, person.population if person.population in locus.elsewhere else "")
                    for allele in genotype:
                        p *= frequencies[allele]
            elif p:
                p *= _linked(person, genotypes, loci, state, recombination)
            if p:
                total += p * add_up(i + 1, {**state, person.id: genotypes})
        return total

    return add_up(0, {})


def _linked(
    person: Member,
    genotypes: tuple[Genotype, Genotype],
    loci: tuple[Locus, Locus],
    state: dict[str, tuple[Genotype, Genotype]],
    recombination: tuple[float, float],
) -> float:
    """P(both ordered genotypes | parents): which grandparental haplotype, recombined or not, then mutation."""
    assert person.father is not None and person.mother is not None  # both or none, by Pedigree
    sources = [(person.mother, -1, recombination[0], [x.from_mother for x in loci])]
    if len(genotypes[0]) == 2:
        sources.append((person.father, 0, recombination[1], [x.from_father for x in loci]))
    chance = 1.0
    for parent, slot, rho, matrices in sources:
        first, second = state[parent]
        total = 0.0
        for s, t in product(range(len(first)), range(len(second))):
            weight = 1.0 if len(first) == 1 else 0.5 * ((1 - rho) if s == t else rho)
            total += (
                weight
                * _passed((first[s],), genotypes[0][slot], matrices[0])
                * _passed((second[t],), genotypes[1][slot], matrices[1])
            )
        chance *= total
    return chance
