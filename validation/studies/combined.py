"""Small families under one or two of the models at once: what `models_agree` compares the engines on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, combinations, combinations_with_replacement, product

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from homeward.case import Doubt, Sample, Variant, variants
from homeward.genetics import LinkedPair, Locus, LocusKind, Model, Recombination, Scenario
from homeward.identify import Column, Typed, View
from homeward.likelihood import Task, likelihoods, ln_likelihood_linked, oracle_likelihood, oracle_likelihood_linked
from homeward.observe import Evidence, called, mistyped, with_dropout
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["EFFECTS", "REFUSED", "Combined", "Known", "Shown", "World", "combined", "outcomes"]

Floats = NDArray[np.float64]

EFFECTS = ("structure", "silent", "drop-out", "mistyping", "founders", "mutation", "X", "mixture", "doubt", "linkage")
REFUSED = frozenset({("structure", "linkage")})
"""Pairs that are refused by name and so never computed together."""

MISSING, RELATIVE, STRANGER = "M", "R", "stranger"
Shown = frozenset[str]
"""Alleles of one typing, each once."""
Known = tuple[Shown | Evidence, ...]
"""What is known of one person at each locus: a typing, or straight away what it says."""


@dataclass(frozen=True)
class World:
    """One population and one pedigree that may be true, with their prior."""

    weight: float
    scenario: Scenario
    variant: Variant

    @cached_property
    def beside(self) -> Pedigree:
        """The family with somebody unrelated of the missing person's sex beside it."""
        pedigree = self.variant.pedigree
        return Pedigree([*pedigree, Member(STRANGER, sex=pedigree[MISSING].sex)])

    def engine(self, seen: Sequence[dict[str, Evidence]], *, unrelated: bool = False) -> float:
        """P(what was seen at every locus) by the engine; ``unrelated``: of a stranger and not of the missing person."""
        model, pedigree = self.scenario.model, self.beside if unrelated else self.variant.pedigree
        if model.linkage == "pairs":
            one, other = model.loci
            return math.exp(
                ln_likelihood_linked(pedigree, (one, other), (seen[0], seen[1]), model.linked[0].recombination)
            )
        tasks = [Task(pedigree, x, e, theta=model.theta) for x, e in zip(model.loci, seen, strict=True)]
        return float(np.prod(likelihoods(tasks)))

    def oracle(self, seen: Sequence[dict[str, Evidence]], *, unrelated: bool = False) -> float:
        """The same by enumeration; people who share nothing, not even an urn, are enumerated apart."""
        model = self.scenario.model
        together = unrelated and model.theta > 0
        family = self.beside if together else self.variant.pedigree
        value = self._enumerated(family, [{p: e[p] for p in e if p in family} for e in seen])
        if unrelated and not together:
            alone = self.beside.parts([STRANGER])
            value *= self._enumerated(alone, [{p: e[p] for p in e if p in alone} for e in seen])
        return value

    def _enumerated(self, pedigree: Pedigree, seen: Sequence[dict[str, Evidence]]) -> float:
        model = self.scenario.model
        if model.linkage == "pairs":
            rho = model.linked[0].recombination
            (one, other) = model.loci
            return oracle_likelihood_linked(pedigree, (one, other), (seen[0], seen[1]), (rho.mother, rho.father))
        return math.prod(
            _cached(pedigree, x, tuple(sorted(e.items())), model.theta) for x, e in zip(model.loci, seen, strict=True)
        )


@lru_cache(maxsize=4096)
def _cached(pedigree: Pedigree, locus: Locus, seen: tuple[tuple[str, Evidence], ...], theta: float) -> float:
    return oracle_likelihood(pedigree, locus, dict(seen), theta)


@dataclass(frozen=True)
class Combined:
    """A family of one missing person and one typed relative, one sample, and what may be true of them."""

    effects: tuple[str, ...]
    worlds: tuple[World, ...]
    sample: Sample
    reference: Sample

    @property
    def loci(self) -> tuple[Locus, ...]:
        return self.worlds[0].scenario.model.loci

    @property
    def drops_out(self) -> bool:
        return self.sample.dropout_het is not None

    def sex(self, person: str) -> Sex:
        return self.worlds[0].variant.pedigree[person].sex

    def typings(self, locus: Locus, person: str) -> Iterator[Shown]:
        """Everything that a typing of the sample (of the missing person) or of the relative may show."""
        visible = [a for i, a in enumerate(locus.alleles) if i != locus.silent]
        if person == MISSING and self.drops_out:
            most = len(visible) if self.sample.dropin else self.ploidy(locus, person)
            yield from map(frozenset, chain.from_iterable(combinations(visible, n) for n in range(most + 1)))
        else:
            yield from map(frozenset, combinations_with_replacement(visible, self.ploidy(locus, person)))

    def ploidy(self, locus: Locus, person: str) -> int:
        return 1 if locus.kind == "X" and self.sex(person) == "male" else 2

    def readings(self, world: World, person: str, known: Known) -> tuple[Evidence, ...]:
        """What is known of a person as one world reads it: a chance allele is drawn from that world's frequencies."""
        loci = world.scenario.model.loci
        return tuple(
            e if isinstance(e, Evidence) else self._reading(x, person, e) for x, e in zip(loci, known, strict=True)
        )

    def _reading(self, locus: Locus, person: str, shown: Shown) -> Evidence:
        sex, alleles = self.sex(person), sorted(shown)
        if person == MISSING and self.drops_out:
            s = self.sample
            return with_dropout(alleles, locus, sex, s.dropout_het or 0.0, s.dropout_hom or 0.0, s.dropin or 0.0)
        e = called(alleles if self.ploidy(locus, person) == 1 else [alleles[0], alleles[-1]], locus, sex)
        assert e is not None  # something is shown
        return mistyped(e, locus, self.reference.mistyping or 0.0) if person == RELATIVE else e

    def genotypes(self, locus: Locus) -> Iterator[Evidence]:
        """Every genotype of the missing person as if it were known."""
        ploidy = self.ploidy(locus, MISSING)
        for g in combinations_with_replacement(range(len(locus.alleles)), ploidy):
            yield Evidence(1 if ploidy == 1 else 2, (g,), (1.0,))

    def views(self, relative: Known, samples: Sequence[Known]) -> list[View]:
        """The comparison of these samples as `compare_all` takes it."""
        by_scenario: dict[str, list[World]] = {}
        for world in self.worlds:
            by_scenario.setdefault(world.scenario.label, []).append(world)
        found = []
        for label, worlds in by_scenario.items():
            first, model = worlds[0], worlds[0].scenario.model
            names = [x.name for x in model.loci]
            seen = self.readings(first, RELATIVE, relative)
            evidence = {name: {RELATIVE: e} for name, e in zip(names, seen, strict=True)}
            columns = [(w.variant.weight, Column(MISSING, MISSING, w.variant.pedigree, evidence)) for w in worlds]
            typed = []
            for k, each in enumerate(samples):
                own = self.readings(first, MISSING, each)
                typed.append(Typed(str(k), {name: {e.ploidy: e} for name, e in zip(names, own, strict=True)}))
            found.append(View(label, first.scenario.weight, model, [[(1.0, one)] for one in typed], [columns]))
        return found


def combined(chance: Generator, effects: Sequence[str]) -> Combined:
    """A random family with random numbers under the effects named."""
    sexes: list[Sex] = [("male", "female")[k] for k in chance.integers(2, size=2).tolist()]
    small = "linkage" in effects or ("silent" in effects and "structure" in effects)
    pedigree = _parent_and_child(sexes[0]) if small or chance.random() < 0.5 else _siblings(*sexes)
    if "founders" in effects:
        elsewhere = next(m.id for m in pedigree if m.is_founder and m.id != MISSING)
        pedigree = Pedigree(replace(m, population="K" if m.id == elsewhere else "") for m in pedigree)
    doubts = []
    if "doubt" in effects:
        mother = pedigree[RELATIVE].mother
        doubts = [Doubt(RELATIVE, None, mother, float(chance.uniform(0.1, 0.6)))]
        if pedigree[RELATIVE].mother == MISSING:
            doubts = [Doubt(RELATIVE, pedigree[RELATIVE].father, None, doubts[0].probability)]
    weights = [0.3, 0.7] if "mixture" in effects else [1.0]
    # a silent allele at both of two linked loci is more than enumeration can take
    plain = [e for e in effects if e != "silent"] if "linkage" in effects else effects
    loci = [_locus(chance, f"L{k}", plain if k else effects) for k in range(2)]
    scenarios = [Scenario(f"P{k}", weight, _model(chance, loci, effects, f"P{k}")) for k, weight in enumerate(weights)]
    dropout = (0.3, 0.15, 0.1) if "drop-out" in effects else (None, None, None)
    return Combined(
        tuple(effects),
        tuple(World(s.weight * v.weight, s, v) for s in scenarios for v in variants("F", pedigree, doubts)),
        Sample("S", "remains", "S", *dropout),
        Sample("T", "person", f"F/{RELATIVE}", mistyping=0.1 if "mistyping" in effects else 0.0),
    )


def _parent_and_child(sex: Sex) -> Pedigree:
    other: Sex = "female" if sex == "male" else "male"
    father, mother = (MISSING, "spouse") if sex == "male" else ("spouse", MISSING)
    return Pedigree([Member(MISSING, sex=sex), Member("spouse", sex=other), Member(RELATIVE, father, mother, sex)])


def _siblings(one: Sex, other: Sex) -> Pedigree:
    parents = [Member("father", sex="male"), Member("mother", sex="female")]
    return Pedigree([*parents, Member(MISSING, "father", "mother", one), Member(RELATIVE, "father", "mother", other)])


def _locus(chance: Generator, name: str, effects: Sequence[str]) -> Locus:
    alleles = ("9", "10", "silent") if "silent" in effects else ("9", "10")
    kind: LocusKind = "X" if "X" in effects else "autosomal"
    p = _frequencies(chance, len(alleles))
    mother, father = None, None
    if "mutation" in effects:
        mother, father = (_mutation(chance, alleles) for _ in range(2))
    silent = 2 if "silent" in effects else None
    elsewhere = {"K": _frequencies(chance, len(alleles))} if "founders" in effects else {}
    return Locus(name, kind, alleles, p, mother, father, silent=silent, elsewhere=elsewhere)


def _mutation(chance: Generator, alleles: Sequence[str]) -> Floats:
    """Any matrix, but nothing mutates to or from a silent allele."""
    matrix = np.eye(len(alleles))
    up, down = chance.uniform(0.05, 0.3, size=2)
    matrix[:2, :2] = [[1 - up, up], [down, 1 - down]]
    return matrix


def _frequencies(chance: Generator, n: int) -> Floats:
    return chance.dirichlet(np.full(n, 3.0)) * 0.8 + 0.2 / n


def _model(chance: Generator, loci: Sequence[Locus], effects: Sequence[str], label: str) -> Model:
    own = [replace(x, frequencies=_frequencies(chance, len(x.alleles))) for x in loci] if label != "P0" else loci
    rho = Recombination(0.05, 0.2)
    linked = "linkage" in effects
    return Model(
        label,
        tuple(own),
        theta=0.1 if "structure" in effects else 0.0,
        linked=(LinkedPair((loci[0].name, loci[1].name), rho),) if linked else (),
        linkage="pairs" if linked else "ignore",
    )


def outcomes(case: Combined, person: str) -> list[tuple[Shown, ...]]:
    """Everything that may be shown of a person at both loci together."""
    return list(product(*(dict.fromkeys(case.typings(x, person)) for x in case.loci)))
