"""Two linked loci: the engine, the oracle, and answers by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import locus, pedigree

from homeward import Member, Pedigree, Refusal
from homeward.genetics import Locus, Recombination
from homeward.likelihood import (
    Task,
    likelihoods,
    linked_table,
    ln_likelihood_linked,
    oracle_likelihood_linked,
    tables,
)
from homeward.observe import Evidence, called

A = Locus("A", "autosomal", ("1", "2"), np.array([0.3, 0.7]))
B = Locus("B", "autosomal", ("1", "2"), np.array([0.4, 0.6]))


def seen(family: Pedigree, at: Locus, calls: dict[str, str]) -> dict[str, Evidence]:
    found = {p: called(g.split("/"), at, family[p].sex) for p, g in calls.items()}
    return {p: e for p, e in found.items() if e is not None}


@pytest.mark.parametrize("rho", [0.0, 0.1, 0.5])
def test_a_grandfather_passes_both_loci_on_unless_they_recombine(rho: float) -> None:
    """Grandfather 1/1, grandmother and mother 2/2 at both loci: the child's 1/2, 1/2 is his father's 1-1 haplotype."""
    family = Pedigree(
        [
            Member("gf", sex="male"),
            Member("gm", sex="female"),
            Member("f", "gf", "gm", "male"),
            Member("m", sex="female"),
            Member("c", "f", "m", "male"),
        ]
    )
    old = {"gf": "1/1", "gm": "2/2", "m": "2/2"}
    both = ({**old, "c": "1/2"}, {**old, "c": "1/2"})
    evidence = tuple(seen(family, x, calls) for x, calls in zip((A, B), both, strict=True))
    founders = (0.3**2 * 0.7**4) * (0.4**2 * 0.6**4)
    value = np.exp(ln_likelihood_linked(family, (A, B), evidence, Recombination(0.3, rho)))
    assert value == pytest.approx(founders * 0.5 * (1 - rho), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.05, 0.3]), st.sampled_from([0.0, 0.2, 0.5]))
def test_the_engine_is_the_oracle(seed: int, mother: float, father: float) -> None:
    rng = Random(seed)
    family = plain(pedigree(rng, 4))
    kind = rng.choice(["autosomal", "X"])
    loci = (locus(rng, kind, 2, "A"), locus(rng, kind, 2, "B"))
    evidence = tuple(some_calls(rng, family, x) for x in loci)
    expected = oracle_likelihood_linked(family, loci, evidence, (mother, father))
    found = np.exp(ln_likelihood_linked(family, loci, evidence, Recombination(mother, father)))
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-300)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_loci_that_recombine_freely_are_unlinked(seed: int) -> None:
    rng = Random(seed)
    family = plain(pedigree(rng, 6))
    kind = rng.choice(["autosomal", "X"])
    loci = (locus(rng, kind, 4, "A"), locus(rng, kind, 4, "B"))
    evidence = tuple(some_calls(rng, family, x) for x in loci)
    apart = likelihoods([Task(family, x, e) for x, e in zip(loci, evidence, strict=True)]).prod()
    found = np.exp(ln_likelihood_linked(family, loci, evidence, Recombination(0.5, 0.5)))
    assert found == pytest.approx(apart, rel=1e-10, abs=1e-300)


def test_an_inbred_founder_is_refused_by_name() -> None:
    one = Pedigree([Member("a", founder_inbreeding=0.1)])
    with pytest.raises(Refusal) as refused:
        ln_likelihood_linked(one, (A, B), ({}, {}), Recombination(0.1, 0.1))
    assert [(f.code, f.value) for f in refused.value.faults] == [("linked-inbreeding", "a")]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.05, 0.3]), st.sampled_from([0.0, 0.2, 0.5]))
def test_a_table_is_the_oracle_with_what_is_read_of_the_target_as_evidence(
    seed: int, mother: float, father: float
) -> None:
    rng = Random(seed)
    family = plain(pedigree(rng, 4))
    kind = rng.choice(["autosomal", "X"])
    loci = (of_two_populations(rng, kind, "A"), of_two_populations(rng, kind, "B"))
    family = Pedigree(replace(m, population=rng.choice(["", "Q"]) if m.is_founder else "") for m in family)
    evidence = tuple(some_evidence(rng, family, x) for x in loci)
    target = rng.choice(family.ids)
    readings = tuple([None, some_reading(rng, x, family[target])] for x in loci)
    found = linked_table(family, loci, evidence, Recombination(mother, father), target, readings)
    for i, read in enumerate(readings[0]):
        for j, other in enumerate(readings[1]):
            both = tuple(
                e if r is None else {**e, target: r.times(e[target]) if target in e else r}
                for e, r in zip(evidence, (read, other), strict=True)
            )
            expected = oracle_likelihood_linked(family, loci, both, (mother, father))
            assert np.exp(found[i, j]) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_table_of_loci_that_recombine_freely_is_a_product(seed: int) -> None:
    """With twins, loops and untyped people: the engine of single loci knows them all."""
    rng = Random(seed)
    family = Pedigree(replace(m, founder_inbreeding=0.0, founder_inbreeding_x=0.0) for m in pedigree(rng, 6))
    kind = rng.choice(["autosomal", "X"])
    loci = (of_two_populations(rng, kind, "A", 4), of_two_populations(rng, kind, "B", 4))
    evidence = tuple(some_evidence(rng, family, x) for x in loci)
    target = rng.choice(family.ids)
    ploidy = 1 if kind == "X" and family[target].sex == "male" else 2
    readings = tuple([None, *genotypes_of(x, ploidy)] for x in loci)
    found = linked_table(family, loci, evidence, Recombination(0.5, 0.5), target, readings)
    single = []
    for x, e, read in zip(loci, evidence, readings, strict=True):
        everybody = frozenset(range(len(x.alleles)))
        table = tables([Task(family, x, e, (target,), everybody)])[0]
        order = np.argsort(table.block)
        joint = table.joint[np.ix_(*[order] * ploidy)] * np.exp(table.ln_scale)
        single.append([joint.sum() if r is None else (joint * r.ordered(len(x.alleles))).sum() for r in read])
    assert np.exp(found) == pytest.approx(np.outer(*single), rel=1e-9, abs=1e-300)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_readings_of_every_genotype_add_up(seed: int) -> None:
    rng = Random(seed)
    family = plain(pedigree(rng, 5))
    kind = rng.choice(["autosomal", "X"])
    loci = (of_two_populations(rng, kind, "A", 4), of_two_populations(rng, kind, "B", 3))
    evidence = tuple(some_evidence(rng, family, x) for x in loci)
    target = rng.choice(family.ids)
    ploidy = 1 if kind == "X" and family[target].sex == "male" else 2
    readings = tuple([None, *genotypes_of(x, ploidy)] for x in loci)
    found = np.exp(linked_table(family, loci, evidence, Recombination(0.1, 0.2), target, readings))
    assert found[1:, 1:].sum() == pytest.approx(found[0, 0], rel=1e-9, abs=1e-300)
    assert found[1:, 1:].sum(axis=0) == pytest.approx(found[0, 1:], rel=1e-9, abs=1e-300)
    alone = ln_likelihood_linked(family, loci, evidence, Recombination(0.1, 0.2))
    assert found[0, 0] == pytest.approx(np.exp(alone), rel=1e-9, abs=1e-300)


def test_twins_are_one_person_at_both_loci() -> None:
    parents = [Member("f", sex="male"), Member("m", sex="female")]
    twins = [Member(t, "f", "m", "female", twin="t") for t in ("t1", "t2")]
    child = Member("c", "h", "t2", "male")
    family = Pedigree([*parents, *twins, Member("h", sex="male"), child])
    one = Pedigree([*parents, Member("t1", "f", "m", "female"), Member("h", sex="male"), replace(child, mother="t1")])
    evidence = (
        seen(family, A, {"t1": "1/2", "f": "1/1", "c": "2/2"}),
        seen(family, B, {"t2": "1/2", "m": "2/2", "c": "1/2"}),
    )
    moved = evidence[0], {"t1" if p == "t2" else p: e for p, e in evidence[1].items()}
    rho = Recombination(0.1, 0.2)
    assert ln_likelihood_linked(family, (A, B), evidence, rho) == pytest.approx(
        ln_likelihood_linked(one, (A, B), moved, rho), rel=1e-12
    )


def test_a_table_that_takes_too_much_is_left_out() -> None:
    family = Pedigree([Member("f", sex="male"), Member("m", sex="female"), Member("c", "f", "m", "male")])
    evidence = seen(family, A, {"f": "1/2"}), seen(family, B, {"f": "1/2"})
    given = family, (A, B), evidence, Recombination(0.1, 0.1), "c", ([None], [None, None])
    assert np.isnan(linked_table(*given, at_most=10.0)).tolist() == [[True, True]]
    assert np.exp(linked_table(*given, at_most=1e6)) == pytest.approx(np.full((1, 2), 4 * 0.3 * 0.7 * 0.4 * 0.6))


def test_what_is_too_small_for_a_double_is_not_zero() -> None:
    """300 typed children who share nothing but their parents' genotypes: 4⁻³⁰⁰ at each locus."""
    kids = [Member(f"k{i}", "f", "m", "male") for i in range(300)]
    family = Pedigree([Member("f", sex="male"), Member("m", sex="female"), *kids])
    big = [Locus(x, "autosomal", ("1", "2", "3", "4"), np.full(4, 0.25)) for x in "AB"]
    evidence = tuple(seen(family, x, {"f": "1/2", "m": "3/4", **{k.id: "1/3" for k in kids}}) for x in big)
    value = ln_likelihood_linked(family, (big[0], big[1]), evidence, Recombination(0.5, 0.5))
    assert value == pytest.approx(4 * np.log(2 * 0.25**2) + 1200 * np.log(0.5), rel=1e-9)


def plain(family: Pedigree) -> Pedigree:
    """Without twins and inbred founders, which the oracle of two loci does not know."""
    return Pedigree(replace(m, twin=None, founder_inbreeding=0.0, founder_inbreeding_x=0.0) for m in family)


def some_calls(rng: Random, family: Pedigree, at: Locus) -> dict[str, Evidence]:
    found = {}
    for m in family:
        alleles = [rng.choice([*at.alleles, "?"]) for _ in range(2)]
        if at.kind == "X" and m.sex == "male":
            alleles = alleles[:1]
        e = called(alleles, at, m.sex) if rng.random() < 0.7 else None
        if e is not None:
            found[m.id] = e
    return found


def of_two_populations(rng: Random, kind: str, name: str, alleles: int = 2) -> Locus:
    at = locus(rng, kind, alleles, name)
    weights = np.array([rng.uniform(0.05, 1.0) for _ in at.alleles])
    return replace(at, elsewhere={"Q": weights / weights.sum()})


def genotypes_of(at: Locus, ploidy: int) -> list[Evidence]:
    n = range(len(at.alleles))
    cells = [(a,) for a in n] if ploidy == 1 else [(a, b) for a in n for b in n if a <= b]
    return [Evidence(ploidy, (g,), (1.0,)) for g in cells]


def some_reading(rng: Random, at: Locus, person: Member) -> Evidence:
    """A call, or any weights at all: drop-out, silent alleles and mistyping are some of them."""
    every = [e.genotypes[0] for e in genotypes_of(at, 1 if at.kind == "X" and person.sex == "male" else 2)]
    if rng.random() < 0.4:
        return Evidence(len(every[0]), (rng.choice(every),), (1.0,))
    some = sorted(rng.sample(every, rng.randint(1, len(every))))
    return Evidence(len(every[0]), tuple(some), tuple(rng.choice([0.1, 0.5, rng.random()]) for _ in some))


def some_evidence(rng: Random, family: Pedigree, at: Locus) -> dict[str, Evidence]:
    return {m.id: some_reading(rng, at, m) for m in family if rng.random() < 0.6}
