"""Genotypes drawn: founders from the population, everybody else by gene dropping."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.genetics import Locus
from homeward.pedigree import Member, Pedigree

__all__ = ["drawn", "shown", "simulate_genotypes"]

Floats = NDArray[np.float64]
Alleles = NDArray[np.intp]

_SUM = 1e-6
"""How far a locus's frequencies may be from one and still be a population to draw from; they are rescaled."""


def simulate_genotypes(
    pedigree: Pedigree,
    loci: Sequence[Locus],
    *,
    seed: int,
    replicates: int = 1,
    persons: Iterable[str] | None = None,
) -> dict[str, dict[str, Alleles]]:
    """Genotypes of a pedigree: marker → person → positions in the locus's alleles, shape (replicates, ploidy).

    The two alleles of a diploid stand as (paternal, maternal); a male has one at an X locus. Founders draw
    from the frequencies, and their second allele is a copy of the first with their inbreeding coefficient; a
    parent passes either allele with chance ½, which then mutates by that parent's matrix; identical twins
    share one draw. ``persons``: who is returned (everybody if None), which changes nobody's draw.

    Raises `Refusal` with codes ``sex-needed`` (a person of unknown sex at an X locus) and ``frequency-sum``
    (frequencies that do not sum to one).
    """
    chance = Generator(PCG64(seed))
    wanted = tuple(pedigree.ids if persons is None else persons)
    found: dict[str, dict[str, Alleles]] = {}
    for locus in loci:
        everybody = drawn(pedigree, locus, chance, replicates)
        found[locus.name] = {person: everybody[person] for person in wanted}
    return found


def drawn(pedigree: Pedigree, locus: Locus, chance: Generator, replicates: int = 1) -> dict[str, Alleles]:
    """Everybody's alleles at one locus, person → shape (replicates, ploidy); see `simulate_genotypes`."""
    _refuse(pedigree, locus)
    twin_of = {t: group[0] for group in pedigree.twins for t in group[1:]}
    found: dict[str, Alleles] = {}
    for person in pedigree.topological:
        member = pedigree[person]
        if person in twin_of:
            found[person] = found[twin_of[person]]
        elif member.father is None or member.mother is None:
            found[person] = _founder(member, locus, chance, replicates)
        else:
            received = [_passed(found[member.mother], locus.from_mother, chance)]
            if not _haploid(member, locus):
                received.insert(0, _passed(found[member.father], locus.from_father, chance))
            found[person] = np.stack(received, axis=1)
    return found


def shown(locus: Locus, genotype: Alleles) -> tuple[str, ...]:
    """One genotype, shape (ploidy,), as a laboratory writes it: names in the locus's order."""
    return tuple(locus.alleles[i] for i in sorted(genotype.tolist()))


def _haploid(member: Member, locus: Locus) -> bool:
    return locus.kind == "X" and member.sex == "male"


def _founder(member: Member, locus: Locus, chance: Generator, replicates: int) -> Alleles:
    first = _picked(locus.frequencies[None, :], np.zeros(replicates, dtype=np.intp), chance)
    if _haploid(member, locus):
        return first[:, None]
    second = _picked(locus.frequencies[None, :], np.zeros(replicates, dtype=np.intp), chance)
    f = member.founder_inbreeding_x if locus.kind == "X" else member.founder_inbreeding
    if f > 0:
        second = np.where(chance.random(replicates) < f, first, second)
    return np.stack([first, second], axis=1)


def _passed(parent: Alleles, matrix: Floats | None, chance: Generator) -> Alleles:
    """What the child receives, shape (replicates,): one of the parent's alleles, perhaps mutated."""
    if parent.shape[1] == 1:
        copy = parent[:, 0]
    else:
        copy = np.where(chance.random(len(parent)) < 0.5, parent[:, 0], parent[:, 1])
    return copy if matrix is None else _picked(matrix, copy, chance)


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
    total = float(locus.frequencies.sum())
    if abs(total - 1.0) > _SUM:
        message = f"the frequencies of {locus.name} sum to {total:g}: the remainder cannot be drawn"
        faults.append(Fault("frequency-sum", message, "set sum_policy to rescale or rest", marker=locus.name))
    if faults:
        raise Refusal(faults)
