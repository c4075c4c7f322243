"""Genotypes drawn: founders from the population, everybody else by gene dropping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.genetics import Locus, Model, Recombination
from homeward.pedigree import Member, Pedigree

__all__ = ["Alleles", "Block", "Urns", "blocks", "drawn", "shown", "simulate_genotypes"]

Floats = NDArray[np.float64]
Alleles = NDArray[np.intp]

_SUM = 1e-6
"""How far a locus's frequencies may be from one and still be a population to draw from; they are rescaled."""


def simulate_genotypes(
    pedigree: Pedigree,
    loci: Model | Sequence[Locus],
    *,
    seed: int,
    replicates: int = 1,
    persons: Iterable[str] | None = None,
) -> dict[str, dict[str, Alleles]]:
    """Genotypes of a pedigree: marker → person → positions in the locus's alleles, shape (replicates, ploidy).

    The two alleles of a diploid stand as (paternal, maternal); a male has one at an X locus. Founders draw
    from the frequencies of their population, and their second allele is a copy of the first with their inbreeding
    coefficient; a parent passes either allele with chance ½, which then mutates by that parent's matrix; identical
    twins share one draw. ``loci``: those of a whole `Model` are drawn under its θ, where the founders of one
    population draw from one urn in each replicate (Balding & Nichols 1994), and its linked pairs together if its
    linkage is ``pairs``; loci alone are unlinked and θ is zero. ``persons``: who is returned (everybody if None),
    which changes nobody's draw.

    Raises `Refusal` with codes ``sex-needed`` (a person of unknown sex at an X locus) and ``frequency-sum``
    (frequencies that do not sum to one).
    """
    chance = Generator(PCG64(seed))
    wanted = tuple(pedigree.ids if persons is None else persons)
    found: dict[str, dict[str, Alleles]] = {}
    for group in blocks(loci):
        for locus, everybody in zip(group.loci, drawn(pedigree, group, chance, replicates), strict=True):
            found[locus.name] = {person: everybody[person] for person in wanted}
    return {locus.name: found[locus.name] for locus in (loci.loci if isinstance(loci, Model) else loci)}


@dataclass(frozen=True)
class Block:
    """Loci that are drawn together, one or a linked pair, with the θ of each; pure numbers, no person."""

    loci: tuple[Locus, ...]
    theta: tuple[float, ...]
    recombination: Recombination | None = None


def blocks(loci: Model | Sequence[Locus]) -> list[Block]:
    """What is drawn together, in the order of each block's first locus."""
    if not isinstance(loci, Model):
        return [Block((locus,), (0.0,)) for locus in loci]
    pairs = loci.linked if loci.linkage == "pairs" else ()
    linked = {marker: pair for pair in pairs for marker in pair.markers}
    found = []
    for locus in loci.loci:
        pair = linked.get(locus.name)
        if pair is None:
            found.append(Block((locus,), (loci.theta_at(locus),)))
        elif locus.name == min(pair.markers, key=[x.name for x in loci.loci].index):
            both = tuple(loci.locus[marker] for marker in pair.markers)
            found.append(Block(both, tuple(loci.theta_at(x) for x in both), pair.recombination))
    return found


def drawn(pedigree: Pedigree, block: Block, chance: Generator, replicates: int = 1) -> tuple[dict[str, Alleles], ...]:
    """Everybody's alleles at each locus of a block, person → shape (replicates, ploidy); see `simulate_genotypes`."""
    for locus in block.loci:
        _refuse(pedigree, locus)
    twin_of = {t: group[0] for group in pedigree.twins for t in group[1:]}
    found: tuple[dict[str, Alleles], ...] = tuple({} for _ in block.loci)
    urns = [Urns(locus, theta, replicates) for locus, theta in zip(block.loci, block.theta, strict=True)]
    for person in pedigree.topological:
        member = pedigree[person]
        if person in twin_of:
            for at in found:
                at[person] = at[twin_of[person]]
        elif member.father is None or member.mother is None:
            for at, urn in zip(found, urns, strict=True):
                at[person] = _founder(member, urn, chance)
        else:
            for at, received in zip(found, _child(member, block, found, chance), strict=True):
                at[person] = np.stack(received, axis=1)
    return found


def shown(locus: Locus, genotype: Alleles) -> tuple[str, ...]:
    """One genotype, shape (ploidy,), as a laboratory writes it: names in the locus's order.

    What stands beside a silent allele looks homozygous; silent alleles alone show nothing, ().
    """
    visible = [i for i in sorted(genotype.tolist()) if i != locus.silent]
    return tuple(locus.alleles[i] for i in (visible * len(genotype) if len(visible) == 1 else visible))


class Urns:
    """The founders' alleles at one locus: an urn for each population, in each replicate its own.

    After n alleles drawn, n_a of them a, the next is a with chance (θ n_a + (1 − θ) p_a) / (1 + (n − 1) θ).
    """

    def __init__(self, locus: Locus, theta: float, replicates: int) -> None:
        self.locus, self.theta, self.replicates = locus, theta, replicates
        self._drawn: dict[str, NDArray[np.float64]] = {}

    def frequencies(self, population: str) -> Floats:
        return self.locus.elsewhere.get(population, self.locus.frequencies)

    def draw(self, population: str, chance: Generator) -> Alleles:
        """The next allele of every replicate, not yet put back."""
        p = self.frequencies(population)
        if not self.theta:
            return _picked(p[None, :], np.zeros(self.replicates, dtype=np.intp), chance)
        weights = (1.0 - self.theta) * p + self.theta * self._count(population)
        return _picked(weights, np.arange(self.replicates), chance)

    def put_back(self, population: str, alleles: Alleles, kept: NDArray[np.bool_] | None = None) -> None:
        """One more of each drawn allele, in the replicates where it was ``kept``."""
        if self.theta:
            self._count(population)[np.arange(self.replicates), alleles] += 1.0 if kept is None else kept

    def _count(self, population: str) -> NDArray[np.float64]:
        urn = population if population in self.locus.elsewhere else ""
        return self._drawn.setdefault(urn, np.zeros((self.replicates, len(self.locus.alleles))))


def _haploid(member: Member, locus: Locus) -> bool:
    return locus.kind == "X" and member.sex == "male"


def _founder(member: Member, urns: Urns, chance: Generator) -> Alleles:
    locus, population = urns.locus, member.population
    first = urns.draw(population, chance)
    urns.put_back(population, first)
    if _haploid(member, locus):
        return first[:, None]
    second = urns.draw(population, chance)
    f = member.founder_inbreeding_x if locus.kind == "X" else member.founder_inbreeding
    copied = chance.random(urns.replicates) < f if f > 0 else np.zeros(urns.replicates, dtype=np.bool_)
    urns.put_back(population, second, ~copied)
    return np.stack([first, np.where(copied, first, second)], axis=1)


def _child(member: Member, block: Block, found: Sequence[dict[str, Alleles]], chance: Generator) -> list[list[Alleles]]:
    """What a child receives at each locus of a block: from the father, where from him, then from the mother."""
    assert member.father is not None and member.mother is not None  # both or none, by Pedigree
    rho = block.recombination
    received: list[list[Alleles]] = [[] for _ in block.loci]
    mother = [at[member.mother] for at in found]
    matrices = [locus.from_mother for locus in block.loci]
    for got, copy in zip(received, _passed(mother, matrices, rho.mother if rho else 0.5, chance), strict=True):
        got.append(copy)
    if not _haploid(member, block.loci[0]):
        father = [at[member.father] for at in found]
        matrices = [locus.from_father for locus in block.loci]
        for got, copy in zip(received, _passed(father, matrices, rho.father if rho else 0.5, chance), strict=True):
            got.insert(0, copy)
    return received


def _passed(
    parent: Sequence[Alleles], matrices: Sequence[Floats | None], recombination: float, chance: Generator
) -> list[Alleles]:
    """What one meiosis passes on at each locus, shape (replicates,): one of the parent's alleles, perhaps mutated."""
    passed = []
    paternal: NDArray[np.bool_] | None = None
    for genotype, matrix in zip(parent, matrices, strict=True):
        if genotype.shape[1] == 1:
            copy = genotype[:, 0]
        else:
            if paternal is None:
                paternal = chance.random(len(genotype)) < 0.5
            else:
                paternal = paternal ^ (chance.random(len(genotype)) < recombination)
            copy = np.where(paternal, genotype[:, 0], genotype[:, 1])
        passed.append(copy if matrix is None else _picked(matrix, copy, chance))
    return passed


def _picked(rows: Floats, row: Alleles, chance: Generator) -> Alleles:
    """One draw from ``rows[row[r]]`` for each replicate r: all rows' distribution functions laid end to end."""
    heights = np.cumsum(rows, axis=1)
    heights = heights / heights[:, -1:] + np.arange(len(rows))[:, None]
    at = np.searchsorted(heights.ravel(), chance.random(len(row)) + row, side="right") - row * rows.shape[1]
    return np.asarray(np.minimum(at, rows.shape[1] - 1), dtype=np.intp)


def _refuse(pedigree: Pedigree, locus: Locus) -> None:
    faults = []
    if locus.kind == "X":
        faults = [
            Fault(
                "sex-needed",
                f"{m.id} is of unknown sex, and {locus.name} lies on the X chromosome",
                "give the sex or leave the X markers out",
                value=m.id,
                marker=locus.name,
            )
            for m in pedigree
            if m.sex == "unknown"
        ]
    for population in dict.fromkeys(m.population if m.population in locus.elsewhere else "" for m in pedigree):
        total = float(locus.elsewhere.get(population, locus.frequencies).sum())
        if abs(total - 1.0) > _SUM:
            message = f"the frequencies of {locus.name} sum to {total:g}: the remainder cannot be drawn"
            faults.append(Fault("frequency-sum", message, "set sum_policy to rescale or rest", marker=locus.name))
    if faults:
        raise Refusal(faults)
