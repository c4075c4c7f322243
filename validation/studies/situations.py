"""Random situations for the engine: pedigrees with loops, inbred founders and twins, any mutation model, X too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from homeward.faults import Refusal
from homeward.genetics import Locus, LocusKind, mutation_matrix, transformed
from homeward.genetics.mutation import MutationModel, Transform
from homeward.observe import Evidence
from homeward.pedigree import Pedigree, random_pedigree, set_founder_inbreeding, set_twins, siblings
from homeward.simulate import simulate_genotypes

__all__ = ["MODELS", "TRANSFORMS", "Situation", "ploidy", "random_evidence", "random_situation"]

Floats = NDArray[np.float64]

MODELS: tuple[MutationModel, ...] = (
    "none",
    "equal",
    "proportional",
    "random",
    "onestep",
    "stepwise",
    "dawid",
    "custom",
)
TRANSFORMS: tuple[Transform | None, ...] = (None, "stationary", "MH", "BA", "PR")
_ALLELES = ("9", "10", "10.2", "11", "12")


@dataclass(frozen=True)
class Situation:
    """A pedigree and a locus; ``model`` names the mutation model and its transformation."""

    pedigree: Pedigree
    locus: Locus
    model: str


def random_situation(chance: Generator, *, people: int, alleles: int) -> Situation:
    """One situation; a transformation that does not exist for its matrix is left out."""
    model = MODELS[chance.integers(len(MODELS))]
    kind: LocusKind = "X" if chance.random() < 0.4 else "autosomal"
    names = tuple(a for a in _ALLELES if model != "dawid" or "." not in a)[:alleles]
    p = chance.dirichlet(np.full(len(names), 2.0)) * 0.9 + 0.1 / len(names)
    transform = TRANSFORMS[chance.integers(len(TRANSFORMS))]
    mother, father, used = None, None, "none"
    if model != "none":
        mother, used = _matrix(chance, model, transform, names, p)
        father, _ = _matrix(chance, model, transform, names, p)
        if chance.random() < 0.1:
            father = None
    return Situation(_pedigree(chance, people), Locus("L", kind, names, p, mother, father), used)


def random_evidence(chance: Generator, situation: Situation) -> dict[str, Evidence]:
    """Calls, half calls and soft evidence of some of the people, most of it possible."""
    pedigree, locus = situation.pedigree, situation.locus
    drawn = simulate_genotypes(pedigree, [locus], seed=int(chance.integers(2**31)))[locus.name]
    seen: dict[str, Evidence] = {}
    n = len(locus.alleles)
    for person in pedigree.ids:
        g = tuple(sorted(drawn[person][0].tolist()))
        how = chance.random()
        if how < 0.4:
            seen[person] = Evidence(ploidy(situation, person), (g,), (1.0,))
        elif how < 0.5 and len(g) == 2:
            half = {(min(g[0], a), max(g[0], a)) for a in range(n)}
            seen[person] = Evidence(2, tuple(sorted(half)), (1.0,) * len(half))
        elif how < 0.6:
            every = [(a,) for a in range(n)] if len(g) == 1 else [(a, b) for a in range(n) for b in range(a, n)]
            seen[person] = Evidence(ploidy(situation, person), tuple(every), tuple(chance.random(len(every)).tolist()))
        elif how < 0.65:
            other = tuple(sorted(chance.integers(n, size=len(g)).tolist()))
            seen[person] = Evidence(ploidy(situation, person), (other,), (1.0,))
    return seen


def ploidy(situation: Situation, person: str) -> Literal[1, 2]:
    return 1 if situation.locus.kind == "X" and situation.pedigree[person].sex == "male" else 2


def _matrix(
    chance: Generator, model: MutationModel, transform: Transform | None, names: tuple[str, ...], p: Floats
) -> tuple[Floats, str]:
    rate = float(chance.uniform(0.001, 0.2))
    if model == "custom":
        m = chance.dirichlet(np.ones(len(names)), size=len(names))
    else:
        rate2 = rate / 5 if model == "stepwise" else 0.0
        seed = int(chance.integers(2**31))
        m = mutation_matrix(model, names, p, rate=min(rate, 0.5 * float(p.min())), rate2=rate2, range=0.3, seed=seed)
    if transform is not None:
        try:
            return transformed(m, p, transform), f"{model} {transform}"
        except Refusal:
            pass
    return m, model


def _pedigree(chance: Generator, people: int) -> Pedigree:
    founders = int(chance.integers(2, max(3, people - 1)))
    pedigree = random_pedigree(int(chance.integers(2**31)), people=people, founders=founders)
    if chance.random() < 0.4:
        values = {f: float(chance.random()) for f in pedigree.founders}
        pedigree = set_founder_inbreeding(pedigree, values, x=bool(chance.random() < 0.5))
    if chance.random() < 0.4:
        pairs = [
            (a, b)
            for a in pedigree.ids
            for b in siblings(pedigree, a)
            if not pedigree[a].is_founder and a < b and pedigree[a].sex == pedigree[b].sex
        ]
        if pairs:
            pedigree = set_twins(pedigree, pairs[chance.integers(len(pairs))])
    return pedigree
