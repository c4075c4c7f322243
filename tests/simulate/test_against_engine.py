"""The third independent answer: frequencies of simulated data are the engine's probabilities.

Simulation shares nothing with the engine but the `Locus`: it draws meioses, the engine sums over them. The joint
genotypes of the typed people of each scenario are counted and held against exp(ln likelihood) by a G-test. Mutation
rates are far above any real one, so that a wrong matrix shows; `test_an_error_would_be_seen` proves that it would.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations_with_replacement, product

import numpy as np
import pytest
from scipy.stats import chi2

from homeward.genetics import Locus, LocusKind, mutation_matrix, transformed
from homeward.likelihood import Task, likelihoods
from homeward.observe import Evidence
from homeward.pedigree import (
    Member,
    Pedigree,
    add_child,
    avuncular,
    cousins,
    half_sibs,
    leaves,
    linear,
    nuclear,
    set_founder_inbreeding,
    set_twins,
)
from homeward.simulate import simulate_genotypes

REPLICATES = 100_000
AGREES = 1e-4
"""Smallest p-value of an agreement; seeds are fixed, so it passes or fails for good."""

MICRO = ("8", "9", "9.3", "10")
WHOLE = ("8", "9", "10", "11")
P = np.array([0.1, 0.2, 0.3, 0.4])
CUSTOM = np.array([[0.7, 0.1, 0.2, 0.0], [0.0, 0.9, 0.0, 0.1], [0.3, 0.1, 0.6, 0.0], [0.05, 0.0, 0.15, 0.8]])


@dataclass(frozen=True)
class Scenario:
    pedigree: Pedigree
    locus: Locus
    typed: tuple[str, ...]


def locus(kind: LocusKind = "autosomal", model: str = "none", transform: str | None = None, **rates: float) -> Locus:
    """Mothers' alleles mutate twice as often as fathers'."""
    alleles = WHOLE if model == "dawid" else MICRO
    if model == "none":
        return Locus("L", kind, alleles, P)
    matrices = []
    for times in (1.0, 0.5):
        if model == "custom":
            m = times * CUSTOM + (1 - times) * np.eye(4)
        else:
            m = mutation_matrix(model, alleles, P, rate=0.16 * times, seed=5 if times == 1 else 6, **rates)
        matrices.append(m if transform is None else transformed(m, P, transform))
    return Locus("L", kind, alleles, P, from_mother=matrices[0], from_father=matrices[1])


TRIO = nuclear(["child"], "female", father="fa", mother="mo")
SIBS = nuclear(["a", "b"], ["male", "female"], father="fa", mother="mo")
UNCLE = avuncular()
COUSINS = cousins(sex=("male", "female"))
INBRED_CHILD = "inbred"
LOOP = add_child(COUSINS, leaves(COUSINS), INBRED_CHILD)
GRANDFATHER = linear(2, ["male", "male", "female"])
GRANDMOTHER = linear(2, ["female", "male", "male"])
MATERNAL = linear(2, ["male", "female", "male"])
TWIN_AND_NIECE = Pedigree(
    [
        Member("fa", sex="male"),
        Member("mo", sex="female"),
        Member("t1", "fa", "mo", "female", twin="a"),
        Member("t2", "fa", "mo", "female", twin="a"),
        Member("hu", sex="male"),
        Member("niece", "hu", "t2", "female"),
    ]
)
STEP = {"rate2": 0.02, "range": 0.3}

SCENARIOS = {
    "trio": Scenario(TRIO, locus(), ("fa", "mo", "child")),
    "father and child": Scenario(TRIO, locus(), ("fa", "child")),
    "siblings": Scenario(SIBS, locus(), ("a", "b")),
    "half siblings": Scenario(half_sibs(), locus(), ("4", "5")),
    "uncle": Scenario(UNCLE, locus(), leaves(UNCLE)),
    "grandfather": Scenario(GRANDFATHER, locus(model="stepwise", **STEP), ("1", GRANDFATHER.ids[-1])),
    "child of cousins": Scenario(LOOP, locus(model="proportional"), (INBRED_CHILD, "1")),
    "inbred founders": Scenario(set_founder_inbreeding(TRIO, {"fa": 0.3, "mo": 0.6}), locus(), ("fa", "mo", "child")),
    "inbred untyped founder": Scenario(set_founder_inbreeding(SIBS, {"mo": 0.7}), locus(model="equal"), ("a", "b")),
    "twins": Scenario(set_twins(nuclear(2), ["3", "4"]), locus(model="equal"), ("1", "3", "4")),
    "twin and niece": Scenario(TWIN_AND_NIECE, locus(model="stepwise", **STEP), ("t1", "niece")),
    "X trio, daughter": Scenario(TRIO, locus("X"), ("fa", "mo", "child")),
    "X siblings": Scenario(SIBS, locus("X", "onestep"), ("a", "b")),
    "X paternal grandmother": Scenario(GRANDMOTHER, locus("X", "equal"), ("1", GRANDMOTHER.ids[-1])),
    "X maternal grandfather": Scenario(MATERNAL, locus("X", "stepwise", **STEP), ("1", MATERNAL.ids[-1])),
    "X paternal sisters": Scenario(
        half_sibs(sex_first="female", sex_second="female"), locus("X", "proportional"), ("4", "5")
    ),
    "X inbred founder": Scenario(set_founder_inbreeding(SIBS, {"mo": 0.5}, x=True), locus("X"), ("mo", "a", "b")),
    "X twins": Scenario(TWIN_AND_NIECE, locus("X", "equal"), ("t1", "niece")),
}
MODELS: dict[str, tuple[str, str | None, dict[str, float]]] = {
    "equal": ("equal", None, {}),
    "proportional": ("proportional", None, {}),
    "random": ("random", None, {}),
    "onestep": ("onestep", None, {}),
    "stepwise": ("stepwise", None, STEP),
    "dawid": ("dawid", None, {}),
    "custom": ("custom", None, {}),
    "stepwise stationary": ("stepwise", "stationary", STEP),
    "stepwise MH": ("stepwise", "MH", STEP),
    "stepwise BA": ("stepwise", "BA", STEP),
    "stepwise PR": ("stepwise", "PR", STEP),
}
for name, (model, transform, rates) in MODELS.items():
    for kind in ("autosomal", "X"):
        at = locus(kind, model, transform, **rates)  # type: ignore[arg-type]
        SCENARIOS[f"{kind} trio, {name}"] = Scenario(TRIO, at, ("fa", "mo", "child"))
        SCENARIOS[f"{kind} siblings, {name}"] = Scenario(SIBS, at, ("a", "b"))


def genotypes(scenario: Scenario, person: str) -> list[tuple[int, ...]]:
    n = len(scenario.locus.alleles)
    haploid = scenario.locus.kind == "X" and scenario.pedigree[person].sex == "male"
    return list(combinations_with_replacement(range(n), 1 if haploid else 2))


def probabilities(scenario: Scenario) -> np.ndarray:
    """The engine's, of every joint genotype of the typed people, in the order of `counts`."""
    evidence = [
        [Evidence(len(g), (g,), (1.0,)) for g in genotypes(scenario, person)]  # type: ignore[arg-type]
        for person in scenario.typed
    ]
    tasks = [
        Task(scenario.pedigree, scenario.locus, dict(zip(scenario.typed, row, strict=True)))
        for row in product(*evidence)
    ]
    return likelihoods(tasks)


@cache
def counts(name: str) -> np.ndarray:
    """How often each joint genotype was drawn."""
    scenario = SCENARIOS[name]
    seed = sorted(SCENARIOS).index(name) + 1
    drawn = simulate_genotypes(
        scenario.pedigree, [scenario.locus], seed=seed, replicates=REPLICATES, persons=scenario.typed
    )[scenario.locus.name]
    cell = np.zeros(REPLICATES, dtype=np.intp)
    cells = 1
    for person in scenario.typed:
        known = genotypes(scenario, person)
        n = len(scenario.locus.alleles)
        place = np.full((n, n) if len(known[0]) == 2 else (n,), -1)
        for k, g in enumerate(known):
            place[g] = place[g[::-1]] = k
        cell = cell * len(known) + place[tuple(drawn[person].T)]
        cells *= len(known)
    return np.bincount(cell, minlength=cells)


def p_value(observed: np.ndarray, p: np.ndarray) -> float:
    """G-test; cells expected fewer than five times are one cell, and drawing what cannot be is proof enough."""
    if observed[p <= 0].any():
        return 0.0
    expected = REPLICATES * p
    rare = expected < 5
    o = np.append(observed[~rare], observed[rare].sum()).astype(float)
    e = np.append(expected[~rare], expected[rare].sum())
    if e[-1] < 5:
        o, e = np.append(o[:-2], o[-2:].sum()), np.append(e[:-2], e[-2:].sum())
    seen = o > 0
    g = 2 * (o[seen] * np.log(o[seen] / e[seen])).sum() + 2 * (e.sum() - o.sum())
    return float(chi2.sf(g, len(o) - 1))


@pytest.mark.parametrize("name", SCENARIOS)
def test_simulated_frequencies_are_the_engines_probabilities(name: str) -> None:
    p = probabilities(SCENARIOS[name])
    assert p.sum() == pytest.approx(1, abs=1e-12)
    assert p_value(counts(name), p) > AGREES


# --- and an error would be seen ---


def with_locus(name: str, **changes: object) -> Scenario:
    return replace(SCENARIOS[name], locus=replace(SCENARIOS[name].locus, **changes))


def matrices(name: str) -> tuple[np.ndarray, np.ndarray]:
    at = SCENARIOS[name].locus
    assert at.from_mother is not None and at.from_father is not None
    return at.from_mother, at.from_father


def swapped(name: str) -> Scenario:
    mother, father = matrices(name)
    return with_locus(name, from_mother=father, from_father=mother)


def transposed(name: str) -> Scenario:
    """The matrix read column by row, rows made to sum to one again."""
    turned = [m.T / m.T.sum(axis=1, keepdims=True) for m in matrices(name)]
    return with_locus(name, from_mother=turned[0], from_father=turned[1])


def related(name: str, pedigree: Pedigree) -> Scenario:
    return replace(SCENARIOS[name], pedigree=pedigree)


ERRORS = {
    "parents swapped, autosomal": ("autosomal trio, stepwise", swapped("autosomal trio, stepwise")),
    "parents swapped, X": ("X trio, custom", swapped("X trio, custom")),
    "mutation forgotten in mothers": ("autosomal trio, equal", with_locus("autosomal trio, equal", from_mother=None)),
    "mutation forgotten at X": ("X siblings, onestep", with_locus("X siblings, onestep", from_mother=None)),
    "matrix transposed": ("autosomal siblings, custom", transposed("autosomal siblings, custom")),
    "matrix transposed at X": ("X siblings, custom", transposed("X siblings, custom")),
    "matrix transposed, proportional": (
        "autosomal trio, proportional",
        transposed("autosomal trio, proportional"),
    ),
    "transformation forgotten": (
        "autosomal trio, stepwise stationary",
        replace(SCENARIOS["autosomal trio, stepwise"], locus=locus(model="stepwise", **STEP)),
    ),
    "an allele a tenth too rare": ("siblings", with_locus("siblings", frequencies=P * [0.9, 1, 1, 1.025])),
    "siblings taken for half siblings": ("half siblings", related("half siblings", nuclear(["4", "5"]))),
    "inbreeding forgotten": ("inbred untyped founder", related("inbred untyped founder", SIBS)),
    "inbreeding of the other parent": (
        "inbred founders",
        related("inbred founders", set_founder_inbreeding(TRIO, {"fa": 0.6, "mo": 0.3})),
    ),
    "X inbreeding forgotten": ("X inbred founder", related("X inbred founder", SIBS)),
    "twins taken for siblings": ("twins", related("twins", nuclear(2))),
    "a twin's child taken for a sister's": (
        "twin and niece",
        related("twin and niece", Pedigree(replace(m, twin=None) for m in TWIN_AND_NIECE)),
    ),
    "a loop cut": (
        "child of cousins",
        related(
            "child of cousins",
            Pedigree(replace(m, father=None, mother=None) if m.id == LOOP[INBRED_CHILD].mother else m for m in LOOP),
        ),
    ),
}


@pytest.mark.parametrize("error", ERRORS)
def test_an_error_would_be_seen(error: str) -> None:
    """The engine's probabilities of a slightly wrong model do not fit the data of the right one."""
    name, wrong = ERRORS[error]
    assert p_value(counts(name), probabilities(wrong)) < 1e-9


@pytest.mark.parametrize("name", ["father and child", "X siblings", "grandfather"])
def test_a_forgotten_half_would_be_seen(name: str) -> None:
    """One cell of the joint probabilities at half its weight: sums and frequencies both say so."""
    p = probabilities(SCENARIOS[name]).copy()
    likely = int(p.argmax())
    p[likely] /= 2
    assert p.sum() < 1 - 1e-3
    assert p_value(counts(name), p / p.sum()) < 1e-9


def test_p_values_are_not_too_good() -> None:
    """Over all scenarios they are spread over (0, 1) as those of a true model are (Kolmogorov's distance)."""
    found: Sequence[float] = sorted(p_value(counts(name), probabilities(SCENARIOS[name])) for name in SCENARIOS)
    n = len(found)
    distance = max(max(abs(p - k / n), abs(p - (k + 1) / n)) for k, p in enumerate(found))
    assert distance < 1.95 / np.sqrt(n)  # exceeded once in a thousand true models
