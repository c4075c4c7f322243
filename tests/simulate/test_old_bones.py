"""What is drawn under θ, populations, linkage, silent alleles, errors and doubt has the probabilities computed for it.

Frequencies of seeded draws against the definition (the oracle) and against evidence, within four standard errors.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from homeward import Member, Pedigree
from homeward.case import Doubt, Sample, variants
from homeward.genetics import LinkedPair, Locus, Model, Recombination, Scenario, mutation_matrix
from homeward.likelihood import oracle_likelihood, oracle_likelihood_linked
from homeward.observe import Evidence, called, mistyped, with_dropout
from homeward.pedigree import nuclear, set_founder_inbreeding
from homeward.simulate import simulate_family, simulate_genotypes, simulate_incident, simulate_typings

REPLICATES = 40_000
TYPINGS = 5_000
NAMES = ("9", "10", "11")
P = np.array([0.2, 0.5, 0.3])
FAR = np.array([0.6, 0.1, 0.3])
STEPS = mutation_matrix("stepwise", NAMES, P, rate=0.1)
AT = Locus("A", "autosomal", NAMES, P)
X = Locus("X", "X", NAMES, P)
ABROAD = replace(AT, elsewhere={"K": FAR}, from_mother=STEPS)
QUIET = Locus("A", "autosomal", ("9", "10", "silent"), P, silent=2)
TRIO = nuclear(["c"], ["male"], father="fa", mother="mo")


def model(*loci: Locus, **settings: object) -> Model:
    return Model("J", loci, **settings)  # type: ignore[arg-type]


def agree(counts: Counter, p: dict, replicates: int = REPLICATES) -> None:
    """Nothing impossible was drawn, and every frequency (the rare ones' sum) is within four standard errors."""
    assert sum(p.values()) == pytest.approx(1, abs=1e-12)
    assert set(counts) <= {key for key, chance in p.items() if chance > 0}
    rare = [key for key, chance in p.items() if chance * replicates < 20]
    cells = [([key], chance) for key, chance in p.items() if key not in rare]
    for keys, chance in (*cells, (rare, sum(p[key] for key in rare))):
        error = 4 * np.sqrt(chance * (1 - chance) / replicates)
        assert abs(sum(counts[key] for key in keys) / replicates - chance) <= error, keys


def sorted_rows(genotypes: np.ndarray) -> list[tuple[int, ...]]:
    return [tuple(row) for row in np.sort(genotypes, axis=1).tolist()]


def possible(locus: Locus, sex: str) -> list[tuple[int, ...]]:
    haploid = locus.kind == "X" and sex == "male"
    return list(combinations_with_replacement(range(len(locus.alleles)), 1 if haploid else 2))


def certain(genotype: tuple[int, ...]) -> Evidence:
    return Evidence(len(genotype), (genotype,), (1.0,))  # type: ignore[arg-type]


def joint(pedigree: Pedigree, locus: Locus, persons: tuple[str, ...], theta: float) -> dict:
    every = product(*(possible(locus, pedigree[p].sex) for p in persons))
    return {
        gs: oracle_likelihood(pedigree, locus, dict(zip(persons, map(certain, gs), strict=True)), theta) for gs in every
    }


# --- the urn ---


@pytest.mark.parametrize("theta", [0.0, 0.03, 0.4])
def test_two_alleles_of_a_founder_are_alike_with_theta_and_by_chance(theta: float) -> None:
    (found,) = simulate_genotypes(TRIO, model(AT, theta=theta), seed=1, replicates=REPLICATES, persons=["fa"]).values()
    alike = int((found["fa"][:, 0] == found["fa"][:, 1]).sum())
    p = theta + (1 - theta) * float(P @ P)
    agree(Counter({True: alike, False: REPLICATES - alike}), {True: p, False: 1 - p})


def test_sampling_error_is_an_urn_too() -> None:
    """Twenty chromosomes: two alleles are one with 1/21, besides chance."""
    few = replace(AT, chromosomes=20.0)
    (found,) = simulate_genotypes(TRIO, model(few), seed=2, replicates=REPLICATES, persons=["mo"]).values()
    alike = int((found["mo"][:, 0] == found["mo"][:, 1]).sum())
    p = 1 / 21 + 20 / 21 * float(P @ P)
    agree(Counter({True: alike, False: REPLICATES - alike}), {True: p, False: 1 - p})


FROM_K = Pedigree(replace(m, population="K") if m.id == "fa" else m for m in TRIO)
BOTH_FROM_K = Pedigree(replace(m, population="K") if m.is_founder else m for m in TRIO)
STRANGERS = Pedigree([Member("a", sex="female"), Member("b", sex="male")])
WORLDS = {
    "strangers of one urn": (STRANGERS, AT, ("a", "b"), 0.2),
    "strangers of one urn, X": (STRANGERS, X, ("a", "b"), 0.2),
    "inbred founders": (set_founder_inbreeding(STRANGERS, {"a": 0.5}), AT, ("a", "b"), 0.2),
    "parents and child": (TRIO, AT, ("fa", "c"), 0.1),
    "a father from elsewhere": (FROM_K, ABROAD, ("mo", "c"), 0.0),
    "populations share no urn": (FROM_K, ABROAD, ("fa", "mo"), 0.3),
    "parents from elsewhere in one urn": (BOTH_FROM_K, ABROAD, ("fa", "mo"), 0.3),
    "a population without frequencies": (FROM_K, AT, ("fa", "mo"), 0.3),
}


@pytest.mark.parametrize("name", WORLDS)
def test_joint_genotypes_have_the_probabilities_of_the_definition(name: str) -> None:
    pedigree, locus, persons, theta = WORLDS[name]
    drawn = simulate_genotypes(pedigree, model(locus, theta=theta), seed=3, replicates=REPLICATES)[locus.name]
    counts = Counter(zip(*(sorted_rows(drawn[p]) for p in persons), strict=True))
    agree(counts, joint(pedigree, locus, persons, theta))


# --- linked pairs ---

SNP_A = Locus("A", "autosomal", ("1", "2"), np.array([0.3, 0.7]))
SNP_B = Locus("B", "autosomal", ("1", "2"), np.array([0.6, 0.4]), from_father=np.array([[0.9, 0.1], [0.2, 0.8]]))
CLOSE = Recombination(0.05, 0.2)
PAIR = {"linked": (LinkedPair(("A", "B"), CLOSE),)}


@pytest.mark.parametrize(("linkage", "rho"), [("pairs", (0.05, 0.2)), ("report", (0.5, 0.5)), ("ignore", (0.5, 0.5))])
def test_linked_markers_recombine_in_mothers_and_fathers(linkage: str, rho: tuple[float, float]) -> None:
    sibs = nuclear(["s", "d"], ["male", "female"], father="fa", mother="mo")
    found = simulate_genotypes(sibs, model(SNP_A, SNP_B, linkage=linkage, **PAIR), seed=4, replicates=REPLICATES)
    assert list(found) == ["A", "B"]
    keys = [(person, marker) for person in ("s", "d") for marker in ("A", "B")]
    counts = Counter(zip(*(sorted_rows(found[marker][person]) for person, marker in keys), strict=True))
    diploid = possible(SNP_A, "male")
    p = {}
    for a, b, c, d in product(diploid, repeat=4):
        at = ({"s": certain(a), "d": certain(c)}, {"s": certain(b), "d": certain(d)})
        p[a, b, c, d] = oracle_likelihood_linked(sibs, (SNP_A, SNP_B), at, rho)
    agree(counts, p)


def test_a_linked_pair_at_x_recombines_in_mothers_only() -> None:
    """Of a doubly heterozygous mother, the share of sons with an allele pair that she got from one parent is 1 − ρ."""
    x, y = (Locus(name, "X", ("1", "2"), np.array([0.5, 0.5])) for name in ("A", "B"))
    found = simulate_genotypes(TRIO, model(x, y, linkage="pairs", **PAIR), seed=5, replicates=REPLICATES)
    mother = np.stack([found[m]["mo"] for m in ("A", "B")])
    both = (mother[:, :, 0] != mother[:, :, 1]).all(axis=0)
    son = np.stack([found[m]["c"][:, 0] for m in ("A", "B")])
    kept = (son == mother[:, :, 0])[:, both]
    together = int((kept[0] == kept[1]).sum())
    total = int(both.sum())
    agree(Counter({True: together, False: total - together}), {True: 0.95, False: 0.05}, total)


# --- what a laboratory sees ---


def typings(locus: Locus, genotype: tuple[int, ...], sample: Sample, under: Model | None = None) -> Counter:
    """Alleles typed, sorted and each once → how often, of one genotype; None where there is no typing."""
    rows = {locus.name: np.tile(np.array(genotype), (TYPINGS, 1))}
    found = simulate_typings(rows, under or [locus], sample, seed=6)
    return Counter(t[0].alleles if t else None for t in found)


def test_a_silent_allele_is_never_seen() -> None:
    calls = {(0, 0): ("9", "9"), (0, 2): ("9", "9"), (0, 1): ("9", "10"), (2, 2): None}
    for genotype, call in calls.items():
        assert typings(QUIET, genotype, Sample("S", "remains", "S")) == {call: TYPINGS}
    man = replace(QUIET, kind="X")
    assert typings(man, (1,), Sample("S", "remains", "S")) == {("10",): TYPINGS}
    assert typings(man, (2,), Sample("S", "remains", "S")) == {None: TYPINGS}


@pytest.mark.parametrize("dropin", [0.0, 0.3])
@pytest.mark.parametrize(
    ("locus", "genotype"),
    [(AT, (0, 1)), (AT, (1, 1)), (QUIET, (1, 2)), (QUIET, (1, 1)), (QUIET, (2, 2)), (X, (1,)), (X, (0, 2))],
    ids=["9/10", "10/10", "10/silent", "10/10 of silent", "silent", "X of a man", "X of a woman"],
)
def test_alleles_drop_out_and_in_as_their_evidence_says(locus: Locus, genotype: tuple[int, ...], dropin: float) -> None:
    visible = [a for i, a in enumerate(locus.alleles) if i != locus.silent]
    sex = "male" if len(genotype) == 1 else "female"
    p = {}
    for shown in product((False, True), repeat=len(visible)):
        alleles = tuple(a for a, there in zip(visible, shown, strict=True) if there)
        e = with_dropout(alleles, locus, sex, 0.4, 0.15, dropin)
        p[alleles] = dict(zip(e.genotypes, e.values, strict=True)).get(genotype, 0.0)
    agree(typings(locus, genotype, Sample("S", "remains", "S", 0.4, 0.15, dropin)), p, TYPINGS)


def test_a_mistyped_marker_is_somebody_elses() -> None:
    p = {}
    for a, b in possible(AT, "female"):
        call = called((NAMES[a], NAMES[b]), AT, "unknown")
        assert call is not None
        e = mistyped(call, AT, 0.2)
        p[NAMES[a], NAMES[b]] = dict(zip(e.genotypes, e.values, strict=True))[0, 2]
    agree(typings(AT, (0, 2), Sample("S", "remains", "S", mistyping=0.2)), p, TYPINGS)
    living = Sample("F/c", "person", "F/c")
    agree(typings(AT, (0, 2), living, model(AT, mistyping=0.2)), p, TYPINGS)
    assert typings(AT, (0, 2), Sample("S", "remains", "S"), model(AT, mistyping=0.2)) == {("9", "11"): TYPINGS}
    sure = replace(living, mistyping=0.0)
    assert typings(AT, (0, 2), sure, model(AT, mistyping=0.2)) == {("9", "11"): TYPINGS}


# --- unknown populations and uncertain parents ---


def test_a_family_of_unknown_population_and_uncertain_father() -> None:
    """One population for both markers, so that they are not independent; the father is another with one in four."""
    one, other = (
        Scenario(id, weight, model(*(Locus(m, "autosomal", NAMES, p) for m in ("A", "B"))))
        for id, weight, p in (("J", 0.3, P), ("K", 0.7, FAR))
    )
    may_be = variants("F", TRIO, [Doubt("c", None, "mo", 0.25)])
    found = simulate_family([one, other], may_be, seed=7, replicates=REPLICATES, persons=["fa", "c"])
    assert sorted(np.concatenate([d.replicates for d in found]).tolist()) == list(range(REPLICATES))
    counts: Counter = Counter()
    for d in found:
        columns = (sorted_rows(d.genotypes[m][person]) for person, m in (("fa", "A"), ("c", "A"), ("c", "B")))
        counts.update(zip(*columns, strict=True))
    p: Counter = Counter()
    for s, v in product([one, other], may_be):
        a, b = s.model.loci
        second = joint(v.pedigree, b, ("c",), 0.0)
        for (father, child), chance in joint(v.pedigree, a, ("fa", "c"), 0.0).items():
            for (at_b,), chance_b in second.items():
                p[father, child, at_b] += s.weight * v.weight * chance * chance_b
    agree(counts, p)


def test_the_seed_fixes_everything() -> None:
    loci = model(AT, QUIET, theta=0.1, mistyping=0.2)
    first, again = (simulate_genotypes(TRIO, loci, seed=8, replicates=50) for _ in range(2))
    np.testing.assert_array_equal(first["A"]["c"], again["A"]["c"])
    sample = Sample("S", "remains", "S", 0.3, 0.1, 0.05)
    genotypes = {"A": first["A"]["c"]}
    assert simulate_typings(genotypes, [AT], sample, seed=9) == simulate_typings(genotypes, [AT], sample, seed=9)
    assert simulate_typings(genotypes, [AT], sample, seed=9) != simulate_typings(genotypes, [AT], sample, seed=10)


# --- incidents ---

INCIDENT = {"size": 30, "relatives": {"child": 6, "brother": 4}, "bodies": 20}


def homozygous(theta: float) -> float:
    case, _ = simulate_incident(seed=1, theta=theta, typed=(1.0, 1.0), **INCIDENT)
    assert case.settings.model.theta == theta
    calls = [t.alleles for t in case.typings]
    return float(np.mean([len(set(call)) == 1 for call in calls]))


def test_an_incident_under_theta_is_one_urn() -> None:
    """At 0.4 more than half of all calls are homozygous, of a fifth or so without."""
    assert homozygous(0.0) < 0.3 < 0.4 < homozygous(0.4)


def test_an_incident_states_its_drop_out_and_errors() -> None:
    case, _ = simulate_incident(seed=2, dropout=(0.5, 0.2), dropin=0.05, mistyping=0.01, **INCIDENT)
    again, _ = simulate_incident(seed=2, dropout=(0.5, 0.2), dropin=0.05, mistyping=0.01, **INCIDENT)
    assert case == again
    assert case.settings.model.mistyping == 0.01
    rates = {(s.of, s.dropout_het, s.dropout_hom, s.dropin) for s in case.samples}
    assert rates == {("remains", 0.5, 0.2, 0.05), ("person", None, None, None)}
    seen = Counter(len(t.alleles) for t in case.typings if t.sample in case.remains_by_id)
    assert set(seen) == {0, 1, 2}
    # of heterozygotes half show one allele, of homozygotes four in five
    assert 0.45 < seen[1] / seen.total() < 0.65
    assert {len(t.alleles) for t in case.typings if t.sample not in case.remains_by_id} == {2}
