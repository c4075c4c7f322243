"""What a laboratory sees of a drawn genotype: drop-out, drop-in, silent alleles, and mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.case import Sample, Typing
from homeward.genetics import Locus, Model
from homeward.simulate.genotypes import Alleles, shown

__all__ = ["mistaken", "seen", "simulate_typings", "typed"]

Bools = NDArray[np.bool_]


def simulate_typings(
    genotypes: Mapping[str, Alleles], loci: Model | Sequence[Locus], sample: Sample, *, seed: int, replicate: int = 1
) -> list[list[Typing]]:
    """One typing of a sample for each replicate of a person's genotypes: replicate → typings, one a marker.

    ``genotypes``: marker → shape (replicates, ploidy), of one person of `simulate_genotypes`. The sample's own
    drop-out, drop-in and mistyping rates hold, and those of a `Model` where a person's sample states no mistyping. A
    sample without drop-out rates is called: silent alleles alone are then no typing at all. ``replicate``: the
    number of the laboratory's repetition, which goes into the typings.
    """
    chance = Generator(PCG64(seed))
    living = isinstance(loci, Model) and sample.of in ("person", "staff")
    rate = (loci.mistyping if isinstance(loci, Model) and living else 0.0) if sample.mistyping is None else None
    count = max((len(g) for g in genotypes.values()), default=0)
    found: list[list[Typing]] = [[] for _ in range(count)]
    for locus in loci.loci if isinstance(loci, Model) else loci:
        if locus.name in genotypes:
            mistyping = sample.mistyping or 0.0 if rate is None else rate
            rows = typed(locus, genotypes[locus.name], sample, mistyping, chance)
            for typings, alleles in zip(found, rows, strict=True):
                if alleles is not None:
                    typings.append(Typing(sample.id, locus.name, alleles, replicate))
    return found


def typed(
    locus: Locus, genotypes: Alleles, sample: Sample, mistyping: float, chance: Generator
) -> list[tuple[str, ...] | None]:
    """The alleles of one typing of each genotype, names in the locus's order; None = there is no typing.

    Under drop-out a typing is the alleles seen, each once, perhaps none.
    """
    truth = mistaken(locus, genotypes, mistyping, chance)
    rates = (sample.dropout_het, sample.dropout_hom, sample.dropin)
    if all(rate is None for rate in rates):
        return [shown(locus, g) or None for g in truth]
    rows = seen(locus, truth, *(rate or 0.0 for rate in rates), chance=chance)
    return [tuple(locus.alleles[a] for a in np.flatnonzero(row)) for row in rows]


def mistaken(locus: Locus, genotypes: Alleles, rate: float, chance: Generator) -> Alleles:
    """The genotypes that are typed: with chance ``rate`` a random person's instead, in Hardy–Weinberg proportions."""
    if not rate:
        return genotypes
    other = chance.choice(len(locus.alleles), size=genotypes.shape, p=locus.frequencies / locus.frequencies.sum())
    wrong = chance.random(len(genotypes)) < rate
    return np.where(wrong[:, None], other, genotypes)


def seen(
    locus: Locus, genotypes: Alleles, heterozygote: float, homozygote: float, dropin: float, *, chance: Generator
) -> Bools:
    """Which alleles show themselves, shape (replicates, alleles), every one by itself.

    One copy in a heterozygote is lost with chance ``heterozygote``, both copies of a homozygote or a man's one at X
    with ``homozygote``; besides, any allele a drops in with chance ``dropin`` p_a (Haned, Slooten & Gill 2012). A
    silent allele never shows, and makes a heterozygote of whoever has another.
    """
    n = len(locus.alleles)
    alike = (genotypes == genotypes[:, :1]).all(axis=1)
    present = np.zeros((len(genotypes), n), dtype=np.bool_)
    np.put_along_axis(present, genotypes, True, axis=1)
    lost = np.where(alike, homozygote, heterozygote)[:, None]
    visible = present & (chance.random(present.shape) >= lost)
    visible |= chance.random(present.shape) < dropin * locus.frequencies
    if locus.silent is not None:
        visible[:, locus.silent] = False
    return visible
