"""Likelihoods whose answers are algebra, worked by hand."""

from __future__ import annotations

from itertools import combinations_with_replacement

import numpy as np
import pytest
from random_families import states

from homeward.genetics import Locus
from homeward.likelihood import Task, likelihoods, ln_likelihood, ln_likelihoods, oracle_likelihood
from homeward.observe import Evidence, called
from homeward.pedigree import Member, Pedigree, cousins, half_sibs, join, nuclear, relabel, set_twins, singleton

A, B, C = 0.1, 0.3, 0.6
NAMES = ("1", "2", "3")
AUTOSOMAL = Locus("M", "autosomal", NAMES, np.array([A, B, C]))
X = Locus("M", "X", NAMES, np.array([A, B, C]))


def likelihood(pedigree, typed, locus=AUTOSOMAL):
    """On called genotypes written as ``1/2``; where the oracle comes to an end, it must say the same."""
    seen = {p: called(g.split("/"), locus, pedigree[p].sex) for p, g in typed.items()}
    found = float(likelihoods([Task(pedigree, locus, seen)])[0])
    if states(pedigree, locus, seen) <= 20_000:
        assert oracle_likelihood(pedigree, locus, seen) == pytest.approx(found, rel=1e-12, abs=0)
    return found


def ratio(pedigree, typed, locus=AUTOSOMAL):
    """LR of the pedigree against the same people unrelated."""
    apart = Pedigree(Member(m.id, sex=m.sex) for m in pedigree)
    return likelihood(pedigree, typed, locus) / likelihood(apart, typed, locus)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("1/1", A * A), ("1/2", 2 * A * B), ("3/2", 2 * B * C), ("2/?", B * B + 2 * B * (1 - B))],
)
def test_one_person(typed, expected):
    assert likelihood(singleton("p"), {"p": typed}) == pytest.approx(expected, rel=1e-14)


def test_the_genotypes_of_one_person_sum_to_one():
    every = ["/".join(g) for g in combinations_with_replacement(NAMES, 2)]
    assert sum(likelihood(singleton("p"), {"p": g}) for g in every) == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize(
    ("f", "typed", "expected"),
    [
        (0.25, "1/1", A * A + 0.25 * A * (1 - A)),
        (0.25, "1/2", 0.75 * 2 * A * B),
        (1.0, "2/2", B),
        (1.0, "1/2", 0.0),
    ],
)
def test_inbred_founder(f, typed, expected):
    pedigree = singleton("p", founder_inbreeding=f)
    assert likelihood(pedigree, {"p": typed}) == pytest.approx(expected, rel=1e-14, abs=0)


def test_inbred_founder_of_whom_one_allele_is_known():
    """1/? is 1/1, or 1/x unless both alleles are one by descent."""
    expected = A * A + 0.25 * A * (1 - A) + 0.75 * 2 * A * (1 - A)
    assert likelihood(singleton("p", founder_inbreeding=0.25), {"p": "1/?"}) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("parent", "child", "expected"),
    [
        ("1/1", "1/1", 1 / A),
        ("1/1", "1/2", 1 / (2 * A)),
        ("1/2", "1/1", 1 / (2 * A)),
        ("1/2", "1/3", 1 / (4 * A)),
        ("1/2", "1/2", (A + B) / (4 * A * B)),
        ("1/1", "2/3", 0.0),
    ],
)
def test_parent_and_child(parent, child, expected):
    """Egeland, Kling and Mostad, Relationship Inference with Familias and R, table 2.2."""
    assert ratio(nuclear(), {"1": parent, "3": child}) == pytest.approx(expected, rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1/1", "1/1", 0.25 / A**2 + 0.5 / A + 0.25),
        ("1/1", "1/2", 0.25 + 0.25 / A),
        ("1/2", "1/2", 0.25 / (2 * A * B) + 0.5 * (A + B) / (4 * A * B) + 0.25),
        ("1/2", "1/3", 0.25 + 0.5 / (4 * A)),
        ("1/1", "2/2", 0.25),
    ],
)
def test_full_siblings(one, other, expected):
    """LR = κ₀ + κ₁ LR(parent and child) + κ₂ / P(g), κ = ¼, ½, ¼."""
    assert ratio(nuclear(2), {"3": one, "4": other}) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize(
    ("pedigree", "pair", "kappa1"),
    [(half_sibs(), ("4", "5"), 0.5), (cousins(1), ("7", "8"), 0.25), (cousins(2), ("11", "12"), 1 / 16)],
)
def test_relatives_through_one_parent(pedigree, pair, kappa1):
    """LR = κ₀ + κ₁ LR(parent and child)."""
    typed = dict(zip(pair, ("1/2", "1/3"), strict=True))
    assert ratio(pedigree, typed) == pytest.approx(1 - kappa1 + kappa1 / (4 * A), rel=1e-13)
    homozygous = dict.fromkeys(pair, "1/1")
    assert ratio(pedigree, homozygous) == pytest.approx(1 - kappa1 + kappa1 / A, rel=1e-13)


def test_paternity_with_mother():
    typed = {"1": "1/2", "2": "2/3", "3": "1/3"}
    others = {"2": "2/3", "3": "1/3"}
    alone = likelihood(nuclear(), others) * 2 * A * B
    assert likelihood(nuclear(), typed) / alone == pytest.approx(1 / (2 * A), rel=1e-14)


def test_child_of_siblings_is_homozygous_by_descent_with_a_quarter():
    pedigree = Pedigree(
        [
            Member("f", sex="male"),
            Member("m", sex="female"),
            Member("b", "f", "m", "male"),
            Member("s", "f", "m", "female"),
            Member("c", "b", "s", "male"),
        ]
    )
    assert likelihood(pedigree, {"c": "1/1"}) == pytest.approx(A * A + 0.25 * A * (1 - A), rel=1e-13)
    assert likelihood(pedigree, {"c": "1/2"}) == pytest.approx(0.75 * 2 * A * B, rel=1e-13)


def test_identical_twins_count_once():
    twins = set_twins(nuclear(2), ["3", "4"])
    assert ratio(twins, {"3": "1/2", "4": "1/2"}) == pytest.approx(1 / (2 * A * B), rel=1e-14)
    assert likelihood(twins, {"3": "1/2", "4": "1/3"}) == 0.0


def test_children_of_identical_twins_are_half_siblings():
    twins = set_twins(nuclear(2, "male"), ["3", "4"])
    mothers = [Member("w3", sex="female"), Member("w4", sex="female")]
    children = [Member("c3", "3", "w3", "male"), Member("c4", "4", "w4", "male")]
    pedigree = Pedigree([*twins, *mothers, *children])
    assert ratio(pedigree, {"c3": "1/2", "c4": "1/3"}) == pytest.approx(0.5 + 0.5 / (4 * A), rel=1e-13)


def test_half_missing_parent():
    """A parent shown as 1/? passes 1 on with ½ (1/x) or 1 (1/1)."""
    p = likelihood(nuclear(), {"1": "1/?", "3": "1/1"})
    assert p == pytest.approx((A * A * 1.0 + 2 * A * (1 - A) * 0.5) * A, rel=1e-13)


def test_unconnected_parts_multiply():
    other = relabel(nuclear(), {"1": "a", "2": "b", "3": "c"})
    typed = {"1": "1/2", "3": "1/3"}
    again = {"a": "2/2", "c": "2/3"}
    both = likelihood(join(nuclear(), other), typed | again)
    assert both == pytest.approx(likelihood(nuclear(), typed) * likelihood(other, again), rel=1e-14)


@pytest.mark.parametrize(("daughter", "expected"), [("1/2", B), ("1/1", A), ("2/3", 0.0)])
def test_x_father_and_daughter(daughter, expected):
    """A father gives his daughter his X unchanged: P = p(father) × p(mother's allele)."""
    p = likelihood(nuclear(1, "female"), {"1": "1", "3": daughter}, X)
    assert p == pytest.approx(A * expected, rel=1e-14, abs=0)


def test_x_father_and_son_are_unrelated():
    assert ratio(nuclear(1, "male"), {"1": "1", "3": "1"}, X) == pytest.approx(1.0, rel=1e-14)


@pytest.mark.parametrize(("one", "other", "expected"), [("1", "1", 0.5 + 0.5 / A), ("1", "2", 0.5)])
def test_x_brothers(one, other, expected):
    assert ratio(nuclear(2, "male"), {"3": one, "4": other}, X) == pytest.approx(expected, rel=1e-13)


def test_x_sisters_always_share_the_fathers_allele():
    """κ₁ = κ₂ = ½, κ₀ = 0."""
    expected = 0.5 / (2 * A * B) + 0.5 * (A + B) / (4 * A * B)
    assert ratio(nuclear(2, "female"), {"3": "1/2", "4": "1/2"}, X) == pytest.approx(expected, rel=1e-13)
    assert likelihood(nuclear(2, "female"), {"3": "1/1", "4": "2/2"}, X) == 0.0


def test_x_founder_inbreeding_is_a_value_of_its_own():
    woman = Pedigree([Member("p", sex="female", founder_inbreeding=0.5, founder_inbreeding_x=0.2)])
    assert likelihood(woman, {"p": "1/1"}, X) == pytest.approx(A * A + 0.2 * A * (1 - A), rel=1e-14)
    assert likelihood(woman, {"p": "1/1"}) == pytest.approx(A * A + 0.5 * A * (1 - A), rel=1e-14)


FROM_MOTHER = np.array([[0.90, 0.07, 0.03], [0.01, 0.97, 0.02], [0.04, 0.05, 0.91]])
FROM_FATHER = np.array([[0.80, 0.15, 0.05], [0.06, 0.92, 0.02], [0.03, 0.08, 0.89]])
MUTATES = Locus("M", "autosomal", NAMES, np.array([A, B, C]), FROM_MOTHER, FROM_FATHER)
X_MUTATES = Locus("M", "X", NAMES, np.array([A, B, C]), FROM_MOTHER, FROM_FATHER)


def test_mutation_in_a_trio():
    """Father 1/1, mother 2/2, child 2/3: he got 2 from one of them and 3 from the other."""
    p = likelihood(nuclear(), {"1": "1/1", "2": "2/2", "3": "2/3"}, MUTATES)
    assert p == pytest.approx(A * A * B * B * (0.15 * 0.02 + 0.05 * 0.97), rel=1e-14)


def test_mutation_from_a_heterozygous_father_to_a_homozygous_child():
    p = likelihood(nuclear(), {"1": "1/2", "2": "2/2", "3": "3/3"}, MUTATES)
    assert p == pytest.approx(2 * A * B * B * B * 0.5 * (0.05 + 0.02) * 0.02, rel=1e-14)


def test_mutation_on_the_x_is_the_mothers_for_a_son_and_both_for_a_daughter():
    assert likelihood(nuclear(1, "male"), {"2": "1/1", "3": "3"}, X_MUTATES) == pytest.approx(A * A * 0.03, rel=1e-14)
    p = likelihood(nuclear(1, "female"), {"1": "1", "2": "2/2", "3": "3/3"}, X_MUTATES)
    assert p == pytest.approx(A * B * B * 0.05 * 0.02, rel=1e-14)


def test_untyped_parents_stay_in_the_model():
    """A child's genotype follows pM, not p, where the mutation model is not stationary."""
    paternal, maternal = (np.array([A, B, C]) @ m for m in (FROM_FATHER, FROM_MOTHER))
    p = likelihood(nuclear(2), {"3": "1/1"}, MUTATES)
    assert p == pytest.approx(paternal[0] * maternal[0], rel=1e-13)


@pytest.mark.parametrize("swapped", [False, True])
def test_alleles_that_one_parent_alone_tells_apart_are_not_lumped(swapped):
    """3 and 4 are seen in nobody; mothers mutate evenly, fathers from 4 only."""
    even = np.full((4, 4), 0.01) + 0.96 * np.eye(4)
    uneven = np.eye(4)
    uneven[3] = [0.2, 0.1, 0.3, 0.4]
    mother, father = (uneven, even) if swapped else (even, uneven)
    locus = Locus("M", "autosomal", ("1", "2", "3", "4"), np.array([0.1, 0.2, 0.3, 0.4]), mother, father)
    p = likelihood(nuclear(), {"3": "1/1"}, locus)
    assert p == pytest.approx(np.prod([(locus.frequencies @ m)[0] for m in (even, uneven)]), rel=1e-13)


def test_evidence_that_nothing_explains_has_likelihood_zero():
    nothing = Evidence(2, (), ())
    tasks = [Task(nuclear(), AUTOSOMAL, {"3": nothing}), Task(nuclear(), AUTOSOMAL, {"1": nothing})]
    assert likelihoods(tasks).tolist() == [0.0, 0.0]
    assert np.isneginf(ln_likelihoods(tasks)).all()


def test_nobody_typed_is_certain():
    assert likelihoods([Task(nuclear(), AUTOSOMAL, {})]).tolist() == [1.0]


def test_ln_likelihood_takes_genotypes_as_typed():
    typed = {"M": {"1": ("1", "1"), "3": ("1", None), "elsewhere": ("1", "2")}}
    found = ln_likelihood(nuclear(), [AUTOSOMAL, Locus("N", "autosomal", NAMES, AUTOSOMAL.frequencies)], typed)
    assert found.tolist() == pytest.approx([np.log(A * A), 0.0])
    impossible = ln_likelihood(nuclear(), [AUTOSOMAL], {"M": {"1": ("1", "1"), "3": ("2", "2")}})
    assert impossible.tolist() == [-np.inf]
