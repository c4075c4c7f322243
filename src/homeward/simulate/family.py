"""A family drawn under everything that is not known of it: its population, and who its parents really are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.case import Variant
from homeward.genetics import Scenario
from homeward.simulate.genotypes import Alleles, simulate_genotypes

__all__ = ["Draws", "simulate_family"]


@dataclass(frozen=True, eq=False)
class Draws:
    """The replicates in which one scenario and one pedigree are true.

    ``replicates``: which ones, ascending. ``genotypes``: as of `simulate_genotypes`, one row for each of them;
    positions are in the loci of ``scenario.model``.
    """

    scenario: Scenario
    variant: Variant
    replicates: NDArray[np.intp]
    genotypes: Mapping[str, Mapping[str, Alleles]]


def simulate_family(
    scenarios: Sequence[Scenario],
    variants: Sequence[Variant],
    *,
    seed: int,
    replicates: int,
    persons: Iterable[str] | None = None,
) -> tuple[Draws, ...]:
    """Genotypes of a family whose population and pedigree are each drawn once a replicate, by their weights.

    The population is one for everybody and all markers; ``variants``: as of `case.variants`. Combinations that no
    replicate drew are left out. Raises `Refusal` as `simulate_genotypes`.
    """
    chance = Generator(PCG64(seed))
    population = _chosen([s.weight for s in scenarios], replicates, chance)
    pedigree = _chosen([v.weight for v in variants], replicates, chance)
    wanted = None if persons is None else tuple(persons)
    found = []
    for i, scenario in enumerate(scenarios):
        for j, variant in enumerate(variants):
            own = int(chance.integers(2**63))
            which = np.flatnonzero((population == i) & (pedigree == j))
            if which.size:
                genotypes = simulate_genotypes(
                    variant.pedigree, scenario.model, seed=own, replicates=which.size, persons=wanted
                )
                found.append(Draws(scenario, variant, which, genotypes))
    return tuple(found)


def _chosen(weights: Sequence[float], replicates: int, chance: Generator) -> NDArray[np.intp]:
    p = np.asarray(weights, dtype=np.float64)
    return np.asarray(chance.choice(len(p), size=replicates, p=p / p.sum()), dtype=np.intp)
