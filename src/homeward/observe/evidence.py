"""`Evidence` and how called genotypes become it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus
from homeward.pedigree import Sex

__all__ = ["Evidence", "called", "sex_shown", "with_dropout"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """P(seen | genotype) for one person or sample at one locus.

    ``genotypes``: the genotypes with a non-zero value, as allele positions in the locus: (i, j) with
    i ≤ j when ``ploidy`` is 2, (i,) when it is 1. ``values``: one probability a genotype.
    No genotype at all means that nothing possible explains what was seen.
    """

    ploidy: Literal[1, 2]
    genotypes: tuple[tuple[int, ...], ...]
    values: tuple[float, ...]

    @property
    def is_call(self) -> bool:
        """Exactly one genotype is possible, and what was seen is then certain."""
        return len(self.genotypes) == 1 and self.values[0] == 1.0

    def times(self, other: Evidence) -> Evidence:
        """The evidence of two independent observations of one genotype."""
        mine = dict(zip(self.genotypes, self.values, strict=True))
        shared = [(g, mine[g] * v) for g, v in zip(other.genotypes, other.values, strict=True) if g in mine]
        return Evidence(self.ploidy, tuple(g for g, _ in shared), tuple(v for _, v in shared))

    def ordered(self, alleles: int) -> NDArray[np.float64]:
        """The same over ordered genotypes: shape (alleles, alleles), or (alleles,) when haploid."""
        full = np.zeros((alleles,) * self.ploidy)
        for g, v in zip(self.genotypes, self.values, strict=True):
            full[g] = full[g[::-1]] = v
        return full


def called(alleles: Sequence[str | None], locus: Locus, sex: Sex) -> Evidence | None:
    """Evidence of a called genotype; None when nothing is known.

    ``alleles`` as typed: two, or one at an X locus; ``?`` or None is an unknown allele, so that one known
    allele leaves every genotype that holds it (the homozygote included). At an X locus a male carries one
    allele, so two equal ones are one and two different ones are impossible; a female shown with one allele
    only is homozygous. Raises KeyError for an allele the locus does not have.
    """
    known = [locus.index[a] for a in alleles if a not in (None, "?")]
    if not known:
        return None
    if locus.kind == "X" and sex == "male":
        possible = [(known[0],)] if len(set(known)) == 1 else []
        return Evidence(1, tuple(possible), (1.0,) * len(possible))
    if len(known) == len(alleles):
        return Evidence(2, ((min(known), max(known)),), (1.0,))
    first = known[0]
    others = range(len(locus.alleles))
    return Evidence(2, tuple((min(first, b), max(first, b)) for b in others), (1.0,) * len(others))


def with_dropout(
    alleles: Sequence[str], locus: Locus, sex: Sex, heterozygote: float, homozygote: float, dropin: float = 0.0
) -> Evidence:
    """Evidence of a typing in which alleles may have dropped out and strange ones dropped in.

    ``heterozygote``: chance that a given allele of a heterozygote is not seen, each alone; ``homozygote``: that a
    homozygote (or a male's X allele) is not seen at all; ``dropin``: rate at which any allele a appears besides, with
    chance dropin · p_a. Every allele of the locus is seen or not by itself: with n copies in the genotype it is not
    seen with chance (1 − dropin p_a) d_n, d₀ = 1. Seeing nothing is evidence too; ``?`` says that whether any other
    allele was seen is not known. Haned, Slooten & Gill 2012 (FSI Genetics 6:762).
    """
    seen = {locus.index[a] for a in alleles if a != "?"}
    told = "?" not in alleles
    absent = [1.0 - dropin * float(p) for p in locus.frequencies]
    n = len(locus.alleles)
    haploid = locus.kind == "X" and sex == "male"
    # an allele that drops in need not be in the genotype; without drop-in only genotypes of seen alleles count
    rest = prod(absent[a] for a in range(n) if told and a not in seen)
    kept: dict[tuple[int, ...], float] = {}
    for g in _genotypes(n, haploid):
        if not dropin and not seen <= set(g):
            continue
        value = rest * prod(1.0 - absent[a] for a in seen if a not in g)
        for a in set(g):
            lost = homozygote if len(set(g)) == 1 else heterozygote
            if a in seen:
                value *= 1.0 - absent[a] * lost
            elif told:
                value *= lost
        if value > 0:
            kept[g] = value
    return Evidence(1 if haploid else 2, tuple(kept), tuple(kept.values()))


def _genotypes(alleles: int, haploid: bool) -> list[tuple[int, ...]]:
    if haploid:
        return [(a,) for a in range(alleles)]
    return [(a, b) for a in range(alleles) for b in range(a, alleles)]


def sex_shown(x_alleles: Iterable[Sequence[str | None]]) -> Sex:
    """The sex that X genotypes themselves show: two different alleles anywhere mean female."""
    for alleles in x_alleles:
        if len({a for a in alleles if a not in (None, "?")}) > 1:
            return "female"
    return "unknown"
