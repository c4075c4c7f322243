"""Linked pairs as one term of an LR: answers by hand, by enumeration and by dropping genes down a pedigree."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement, product
from math import log

import numpy as np
import pytest

from homeward import Member, Pedigree, Refusal
from homeward.genetics import LinkedPair, Locus, Model, Recombination
from homeward.identify.linked import linked_terms, refuse_linked_theta
from homeward.identify.screen import Column, Typed
from homeward.likelihood import oracle_likelihood_linked
from homeward.observe import Evidence

P = np.array([0.2, 0.3, 0.5])
Q = np.array([0.1, 0.25, 0.65])
A = Locus("A", "autosomal", ("1", "2", "3"), P)
B = Locus("B", "autosomal", ("1", "2", "3"), Q)
RHO = 0.1
GENOTYPES = list(combinations_with_replacement(range(3), 2))

GRANDPARENTS = [Member("gf", sex="male"), Member("gm", sex="female")]
FATHER = Member("f", "gf", "gm", "male")
KIN = {
    "parent": (Pedigree([Member("f", sex="male"), Member("m", sex="female"), Member("x", "f", "m", "male")]), "f"),
    "grandparent": (Pedigree([*GRANDPARENTS, FATHER, Member("m", sex="female"), Member("x", "f", "m", "male")]), "gf"),
    "half-sibling": (
        Pedigree(
            [
                Member("f", sex="male"),
                *(Member(m, sex="female") for m in ("m", "n")),
                Member("h", "f", "n", "female"),
                Member("x", "f", "m", "male"),
            ]
        ),
        "h",
    ),
    "uncle": (
        Pedigree(
            [
                *GRANDPARENTS,
                FATHER,
                Member("u", "gf", "gm", "male"),
                Member("m", sex="female"),
                Member("x", "f", "m", "male"),
            ]
        ),
        "u",
    ),
}
_BOTH = RHO**2 + (1 - RHO) ** 2
SHARED = {
    "grandparent": (1 - RHO) / 2,
    "half-sibling": _BOTH / 2,
    "uncle": ((1 - RHO) * _BOTH + RHO / 2) / 2,
}
"""Probability that one allele is identical by descent at both of two linked loci (Thompson 1988)."""


def model(*loci: Locus, rho: float = RHO, **more: object) -> Model:
    loci = loci or (A, B)
    pair = LinkedPair((loci[0].name, loci[1].name), Recombination(rho, rho))
    return replace(Model("p", loci, linked=(pair,), linkage="pairs"), **more)


def call(*alleles: int) -> Evidence:
    return Evidence(len(alleles), (alleles,), (1.0,))


def sample(first: Evidence | None, second: Evidence | None) -> Typed:
    seen = {x: e for x, e in (("A", first), ("B", second)) if e is not None}
    return Typed("s", {x: {e.ploidy: e} for x, e in seen.items()})


def column(family: Pedigree, person: str, first: Evidence | None, second: Evidence | None) -> Column:
    seen = {x: {person: e} for x, e in (("A", first), ("B", second)) if e is not None}
    return Column("x", "x", family, seen)


EVERY = [sample(call(*g), call(*h)) for g, h in product(GENOTYPES, GENOTYPES)]


def unrelated(g: tuple[int, ...], p: np.ndarray) -> float:
    return float(p[g[0]] * p[g[-1]] * (1 if g[0] == g[-1] else 2))


WEIGHTS = np.array([unrelated(g, P) * unrelated(h, Q) for g, h in product(GENOTYPES, GENOTYPES)])


@pytest.mark.parametrize("kin", list(KIN))
def test_the_mean_lr_of_somebody_unrelated_is_one(kin: str) -> None:
    family, person = KIN[kin]
    columns = [column(family, person, call(*g), call(*h)) for g, h in product(GENOTYPES[:3], GENOTYPES[2:5])]
    block = linked_terms(EVERY, columns, model())[0]
    assert WEIGHTS @ np.exp(block.ln_lr) == pytest.approx(np.ones(len(columns)), rel=1e-12)
    # one typed person is as likely whoever he is
    family_alone = [unrelated(g, P) * unrelated(h, Q) for g, h in product(GENOTYPES[:3], GENOTYPES[2:5])]
    assert np.exp(block.ln_family) == pytest.approx(family_alone, rel=1e-12)
    assert linked_terms([], columns, model())[0].ln_family == pytest.approx(block.ln_family, rel=1e-12)


def test_one_meiosis_tells_nothing_of_linkage() -> None:
    family, person = KIN["parent"]
    block = linked_terms(EVERY, [column(family, person, call(0, 1), call(1, 2))], model())[0]
    assert np.array_equal(np.isneginf(block.ln_lr), np.isneginf(block.ln_apart))
    possible = np.isfinite(block.ln_lr)
    assert possible.any()
    assert block.ln_difference[possible] == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("kin", list(SHARED))
def test_the_pairwise_lr_is_that_of_sharing_at_both_loci(kin: str) -> None:
    """Kin 0/1 and 0/1, sample 0/2 and 0/2: LR of a shared allele 1/(4p) at each locus."""
    family, person = KIN[kin]
    found = linked_terms([sample(call(0, 2), call(0, 2))], [column(family, person, call(0, 1), call(0, 1))], model())[0]
    one, other, k = 1 / (4 * P[0]), 1 / (4 * Q[0]), SHARED[kin]
    assert np.exp(found.ln_lr) == pytest.approx(k + (0.5 - k) * (one + other) + k * one * other, rel=1e-12)
    assert np.exp(found.ln_apart) == pytest.approx((1 + one) * (1 + other) / 4, rel=1e-12)


def test_on_x_a_maternal_grandfather_gives_both_loci_or_neither() -> None:
    x = [replace(locus, kind="X") for locus in (A, B)]
    family = Pedigree(
        [
            *GRANDPARENTS,
            Member("m", "gf", "gm", "female"),
            Member("f", sex="male"),
            Member("x", "f", "m", "male"),
        ]
    )
    found = linked_terms([sample(call(0), call(0))], [column(family, "gf", call(0), call(0))], model(*x))[0]
    k = (1 - RHO) / 2
    assert np.exp(found.ln_lr) == pytest.approx(k + (0.5 - k) * (1 / P[0] + 1 / Q[0]) + k / (P[0] * Q[0]), rel=1e-12)
    woman = Typed("w", {"A": {2: call(0, 1)}, "B": {2: call(0, 1)}})
    assert np.isnan(linked_terms([woman], [column(family, "gf", call(0), call(0))], model(*x))[0].ln_lr).all()


SOFT = Evidence(2, ((0, 0), (0, 2), (1, 1)), (0.3, 0.9, 0.1))


@pytest.mark.parametrize(("first", "second"), [(call(0, 2), None), (None, call(0, 1)), (SOFT, call(0, 0))])
def test_what_is_typed_at_one_locus_only_gains_from_the_other(first: Evidence | None, second: Evidence | None) -> None:
    """A sibling typed at both loci, the mother at one: by enumeration, with mutation."""
    mutating = np.array([[0.9, 0.1, 0.0], [0.05, 0.9, 0.05], [0.0, 0.1, 0.9]])
    two = [
        replace(locus, alleles=("1", "2", "3"), frequencies=p, from_mother=mutating) for locus, p in ((A, P), (B, Q))
    ]
    family = Pedigree(
        [Member("f", sex="male"), Member("m", sex="female"), *(Member(c, "f", "m", "male") for c in ("s", "x"))]
    )
    evidence = {"s": call(0, 2)}, {"s": call(0, 1), "m": call(0, 0)}
    found = linked_terms(
        [sample(first, second)], [Column("x", "x", family, {"A": evidence[0], "B": evidence[1]})], model(*two)
    )[0]
    read = [{} if e is None else {"x": e} for e in (first, second)]
    stranger = Pedigree([Member("x", sex="male")])

    def likelihood(pedigree: Pedigree, *more: dict[str, Evidence]) -> float:
        return oracle_likelihood_linked(pedigree, (two[0], two[1]), (more[0], more[1]), (RHO, RHO))

    with_him = likelihood(family, *({**e, **r} for e, r in zip(evidence, read, strict=True)))
    without = likelihood(family, *evidence) * likelihood(stranger, *read)
    assert np.exp(found.ln_lr[0, 0]) == pytest.approx(with_him / without, rel=1e-10)


def test_where_linkage_changes_nothing_there_is_no_term() -> None:
    family, person = KIN["uncle"]
    samples = [sample(call(0, 0), call(0, 0)), sample(call(0, 0), None), sample(None, None)]
    columns = [column(family, person, *e) for e in [(call(0, 0), call(0, 0)), (call(0, 0), None), (None, None)]]
    told = ~np.isnan(linked_terms(samples, columns, model())[0].ln_lr)
    assert told.tolist() == [[True, False, False], [True, False, False], [False, False, False]]


def test_an_impossible_reading_has_lr_zero() -> None:
    family, person = KIN["parent"]
    found = linked_terms([sample(call(2, 2), call(0, 0))], [column(family, person, call(0, 0), call(0, 0))], model())[0]
    assert np.isneginf(found.ln_lr).all() and np.isneginf(found.ln_apart).all()


@pytest.mark.parametrize("more", [{"theta": 0.02}, {"loci": (A, replace(B, chromosomes=200.0))}])
def test_theta_with_linkage_is_refused_by_name_and_told_without(more: dict[str, object]) -> None:
    family, person = KIN["uncle"]
    columns = [column(family, person, call(0, 1), call(0, 1))]
    samples = [sample(call(0, 1), call(0, 1))]
    with pytest.raises(Refusal) as refused:
        linked_terms(samples, columns, model(**more))
    assert [f.code for f in refused.value.faults] == ["linkage-theta"]
    with pytest.raises(Refusal):
        refuse_linked_theta(model(**more))
    told = linked_terms(samples, columns, model(**more, linkage="report"))[0]
    plain = linked_terms(samples, columns, model())[0]
    assert np.array_equal(told.ln_lr, plain.ln_lr) and np.array_equal(told.ln_apart, plain.ln_apart)


def test_a_partly_inbred_founder_is_refused_or_left_out() -> None:
    family, person = KIN["uncle"]
    inbred = Pedigree(replace(m, founder_inbreeding=0.1 if m.id == "gf" else 0.0) for m in family)
    columns = [column(inbred, person, call(0, 1), call(0, 1))]
    with pytest.raises(Refusal) as refused:
        linked_terms(EVERY[:1], columns, model())
    assert [(f.code, f.value) for f in refused.value.faults] == [("linked-inbreeding", "gf")]
    assert np.isnan(linked_terms(EVERY[:1], columns, model(linkage="report"))[0].ln_lr).all()


def drop(family: Pedigree, rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    """Haplotypes of everybody, shape (n, 2 haplotypes, 2 loci), passed on with recombination."""
    found: dict[str, np.ndarray] = {}
    for m in (family[p] for p in family.topological):
        if m.is_founder:
            found[m.id] = np.stack([rng.choice(3, (n, 2), p=p) for p in (P, Q)], axis=2)
            continue
        passed = []
        for parent in (m.father, m.mother):
            start = rng.integers(0, 2, n)
            end = start ^ (rng.random(n) < RHO)
            own, rows = found[parent or ""], np.arange(n)
            passed.append(np.stack([own[rows, start, 0], own[rows, end, 1]], axis=1))
        found[m.id] = np.stack(passed, axis=1)
    return found


def test_dropped_genes_meet_as_often_as_the_lr_says() -> None:
    """P(old, young) = P(old) P(young) LR for all 36 × 36 genotypes: χ², and 1/LR has mean one in true kin."""
    n = 60_000
    family, person = KIN["grandparent"]
    genes = drop(family, np.random.default_rng(5), n)
    number = {g: i for i, g in enumerate(GENOTYPES)}
    table = np.array([[number[min(a, b), max(a, b)] for b in range(3)] for a in range(3)])
    old, young = (
        table[h[:, 0, 0], h[:, 1, 0]] * 6 + table[h[:, 0, 1], h[:, 1, 1]] for h in (genes[person], genes["x"])
    )
    columns = [column(family, person, call(*g), call(*h)) for g, h in product(GENOTYPES, GENOTYPES)]
    block = linked_terms(EVERY, columns, model())[0]
    seen = np.zeros((36, 36))
    np.add.at(seen, (young, old), 1)

    def chi_square(ln_lr: np.ndarray) -> float:
        expected = n * WEIGHTS[:, None] * WEIGHTS[None, :] * np.exp(ln_lr)
        assert expected.sum() == pytest.approx(n)
        often = expected >= 5
        rare = np.array([[seen[~often].sum(), expected[~often].sum()]])
        o, e = np.concatenate([np.stack([seen[often], expected[often]], axis=1), rare]).T
        return float((((o - e) ** 2 / e).sum() - len(o)) / np.sqrt(2 * len(o)))

    assert abs(chi_square(block.ln_lr)) < 4
    assert chi_square(block.ln_apart) > 8
    inverse = np.exp(-block.ln_lr[young, old])
    assert inverse.mean() == pytest.approx(1.0, abs=4 * inverse.std() / np.sqrt(n))
    assert block.ln_difference[young, old].mean() > log(1.001)
