"""Hypothesis strategies: small pedigrees of every awkward kind, loci with any mutation model, any evidence.

Small enough for the oracle: the ordered genotypes it has to run through are counted and kept below a bound.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations_with_replacement
from math import prod
from random import Random

import numpy as np
from hypothesis import strategies as st

from homeward import Refusal
from homeward.genetics import Locus, mutation_matrix, transformed
from homeward.observe import Evidence, called, with_dropout
from homeward.pedigree import Member, Pedigree

STATES = 4000
MODELS = ("none", "equal", "proportional", "random", "onestep", "stepwise", "dawid", "custom")
TRANSFORMS = (None, None, "stationary", "MH", "BA", "PR")
NAMES = ("8", "9", "9.3", "10", "12")


@dataclass(frozen=True)
class Scene:
    """A pedigree at one locus with what was seen of its members."""

    pedigree: Pedigree
    locus: Locus
    evidence: dict[str, Evidence]


def pedigree(rng: Random, people: int) -> Pedigree:
    """Loops, several mates, twins, inbred founders, unconnected parts; members in any order."""
    founders = rng.randint(2, min(4, people))
    members = [_founder(rng, str(i), ("male", "female")[i] if i < 2 else None) for i in range(founders)]
    while len(members) < people:
        father = rng.choice([m.id for m in members if m.sex == "male"])
        mother = rng.choice([m.id for m in members if m.sex == "female"])
        child = Member(str(len(members)), father, mother, rng.choice(["male", "female"]))
        if len(members) + 1 < people and rng.random() < 0.2:
            child = replace(child, twin="t" + child.id)
            members.append(replace(child, id=child.id + "b"))
        members.append(child)
    rng.shuffle(members)
    return Pedigree(members)


def _founder(rng: Random, id: str, sex: str | None) -> Member:
    f = [rng.choice([0.0, 0.0, 0.1, 0.7]) for _ in range(2)]
    return Member(id, sex=sex or rng.choice(["male", "female"]), founder_inbreeding=f[0], founder_inbreeding_x=f[1])


def locus(rng: Random, kind: str | None = None, alleles: int = 5, name: str = "M") -> Locus:
    """Two alleles up to ``alleles``, any frequencies, any mutation model and transformation, a parent each."""
    names = tuple(sorted(rng.sample(NAMES, rng.randint(2, alleles)), key=float))
    weights = np.array([rng.uniform(0.05, 1.0) for _ in names])
    p = weights / weights.sum()
    mother = matrix(rng, names, p)
    father = mother if rng.random() < 0.3 else matrix(rng, names, p)
    return Locus(name, kind or rng.choice(["autosomal", "X"]), names, p, mother, father)


def matrix(rng: Random, names: tuple[str, ...], p: np.ndarray) -> np.ndarray | None:
    model = rng.choice(MODELS)
    custom = np.array([[rng.uniform(0.01, 1.0) for _ in names] for _ in names])
    rate = rng.choice([0.002, 0.05])
    try:
        m = mutation_matrix(
            model,
            names,
            p,
            rate=rate,
            rate2=rng.choice([0.0, 0.01]),
            range=rng.choice([0.1, 0.5, 1.0]),
            matrix=custom / custom.sum(axis=1, keepdims=True) if model == "custom" else None,
            seed=rng.randint(0, 99),
        )
        transform = rng.choice(TRANSFORMS)
        m = m if transform is None else transformed(m, p, transform)
    except Refusal:
        return None
    return None if model == "none" else m


def genotypes(rng: Random, ped: Pedigree, at: Locus, *, mutants: float = 0.1) -> dict[str, tuple[int, ...]]:
    """Allele positions of everybody, run down the pedigree; now and then an allele that nobody passed on."""
    found: dict[str, tuple[int, ...]] = {}
    n = len(at.alleles)
    shared: dict[tuple[object, ...], tuple[int, ...]] = {}
    for person in ped.topological:
        m = ped[person]
        haploid = at.kind == "X" and m.sex == "male"
        if m.father is None or m.mother is None:
            found[person] = tuple(rng.randrange(n) for _ in range(1 if haploid else 2))
            continue
        got = [rng.choice(found[m.mother])] if haploid else [rng.choice(found[m.father]), rng.choice(found[m.mother])]
        got = [rng.randrange(n) if rng.random() < mutants else a for a in got]
        found[person] = shared.setdefault((m.father, m.mother, m.twin or person), tuple(got))
    return found


def evidence(rng: Random, genotype: tuple[int, ...], at: Locus, sex: str, *, soft: bool = True) -> Evidence | None:
    """A call, mostly; else a half-missing call, a typing with drop-out, or any weights at all."""
    names = [at.alleles[a] for a in genotype]
    way = rng.choice(["call", "call", "call", "half", "dropout", "weights"]) if soft else "call"
    if way == "half":
        return called([names[0], "?"], at, sex) if len(names) == 2 else called(names, at, sex)
    if way == "dropout":
        kept = [a for a in dict.fromkeys(names) if rng.random() < 0.6]
        return with_dropout(kept, at, sex, 0.3, 0.1)
    if way == "weights":
        every = list(combinations_with_replacement(range(len(at.alleles)), len(genotype)))
        some = sorted({tuple(sorted(genotype)), *rng.sample(every, rng.randint(1, len(every)))})
        return Evidence(len(genotype), tuple(some), tuple(rng.uniform(0.1, 1.0) for _ in some))
    return called(names, at, sex)


def typed(rng: Random, ped: Pedigree, at: Locus, *, soft: bool = True) -> dict[str, Evidence]:
    """Evidence of some members, enough for the oracle to come to an end."""
    true = genotypes(rng, ped, at)
    seen: dict[str, Evidence] = {}
    for person in ped.ids:
        if rng.random() < 0.55:
            e = evidence(rng, true[person], at, ped[person].sex, soft=soft)
            if e is not None:
                seen[person] = e
    for person in rng.sample(ped.ids, len(ped)):
        if states(ped, at, seen) <= STATES:
            break
        e = evidence(rng, true[person], at, ped[person].sex, soft=False)
        assert e is not None  # a call of a known genotype
        seen[person] = e
    return seen


def states(ped: Pedigree, at: Locus, seen: dict[str, Evidence]) -> int:
    """How many ordered genotypes of everybody the oracle runs through at most."""
    n = len(at.alleles)
    twin = {t for group in ped.twins for t in group[1:]}
    free = {p: n ** (1 if at.kind == "X" and ped[p].sex == "male" else 2) for p in ped.ids}
    return prod(2 * len(seen[p].genotypes) if p in seen else free[p] for p in ped.ids if p not in twin)


@st.composite
def scenes(draw: st.DrawFn, *, people: int = 8, soft: bool = True, kind: str | None = None) -> Scene:
    rng = draw(st.randoms(use_true_random=False))
    ped = pedigree(rng, rng.randint(2, people))
    at = locus(rng, kind)
    return Scene(ped, at, typed(rng, ped, at, soft=soft))
