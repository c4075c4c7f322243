"""Gene dropping: what must hold in every replicate, and what the seed fixes."""

from __future__ import annotations

import numpy as np
import pytest

from homeward import Member, Pedigree, Refusal
from homeward.genetics import Locus, mutation_matrix
from homeward.pedigree import nuclear, set_founder_inbreeding, set_twins
from homeward.simulate import shown, simulate_genotypes

P = np.array([0.2, 0.5, 0.3])
AUTOSOMAL = Locus("A", "autosomal", ("9", "9.3", "10"), P)
X = Locus("X", "X", ("9", "9.3", "10"), P)
FAMILY = nuclear(["son", "daughter", "twin"], ["male", "female", "female"], father="fa", mother="mo")


def drawn(pedigree=FAMILY, locus=AUTOSOMAL, seed=1, replicates=2000):
    return simulate_genotypes(pedigree, [locus], seed=seed, replicates=replicates)[locus.name]


def test_shapes_and_ploidy():
    found = simulate_genotypes(FAMILY, [AUTOSOMAL, X], seed=1, replicates=5)
    assert list(found) == ["A", "X"]
    assert {p: g.shape for p, g in found["A"].items()} == dict.fromkeys(FAMILY.ids, (5, 2))
    assert {p: g.shape[1] for p, g in found["X"].items()} == {"fa": 1, "mo": 2, "son": 1, "daughter": 2, "twin": 2}


def test_each_child_has_one_allele_of_each_parent_in_the_order_father_mother():
    found = drawn()
    for child in ("son", "daughter"):
        for place, parent in enumerate(("fa", "mo")):
            assert (found[parent] == found[child][:, place, None]).any(axis=1).all()


def test_at_x_a_son_has_his_mothers_and_a_daughter_her_fathers_allele():
    found = drawn(locus=X)
    assert (found["mo"] == found["son"]).any(axis=1).all()
    assert (found["daughter"][:, 0] == found["fa"][:, 0]).all()
    assert (found["mo"] == found["daughter"][:, 1, None]).any(axis=1).all()


def test_both_alleles_are_passed_on():
    """Of heterozygous fathers, half the children get either allele: 4 standard errors."""
    found = drawn(replicates=20_000)
    het = found["fa"][:, 0] != found["fa"][:, 1]
    first = (found["fa"][het, 0] == found["son"][het, 0]).mean()
    assert abs(first - 0.5) < 4 * 0.5 / np.sqrt(het.sum())


def test_twins_share_everything_and_sisters_do_not():
    twins = drawn(set_twins(FAMILY, ["daughter", "twin"]))
    assert (twins["daughter"] == twins["twin"]).all()
    assert not (drawn()["daughter"] == drawn()["twin"]).all()


def test_twins_share_their_mutations():
    always = mutation_matrix("equal", AUTOSOMAL.alleles, P, rate=0.5)
    mutating = Locus("A", "autosomal", AUTOSOMAL.alleles, P, always, always)
    twins = drawn(set_twins(FAMILY, ["daughter", "twin"]), mutating)
    assert (twins["daughter"] == twins["twin"]).all()


def test_a_wholly_inbred_founder_is_homozygous():
    found = drawn(set_founder_inbreeding(FAMILY, {"mo": 1.0}))
    assert (found["mo"][:, 0] == found["mo"][:, 1]).all()
    assert (found["fa"][:, 0] != found["fa"][:, 1]).any()


def test_matrices_of_mothers_and_fathers_are_not_confused():
    """From a mother always to the next allele, from a father never."""
    shift = np.roll(np.eye(3), 1, axis=1)
    found = drawn(locus=Locus("A", "autosomal", AUTOSOMAL.alleles, P, from_mother=shift))
    assert (found["fa"] == found["son"][:, 0, None]).any(axis=1).all()
    assert ((found["mo"] + 1) % 3 == found["son"][:, 1, None]).any(axis=1).all()


def test_an_allele_without_frequency_is_never_drawn():
    locus = Locus("A", "autosomal", ("8", "9", "10", "11"), np.array([0.0, 0.5, 0.5, 0.0]))
    found = drawn(locus=locus, replicates=20_000)
    assert {int(a) for g in found.values() for a in np.unique(g)} == {1, 2}


def test_the_seed_fixes_the_draw_and_asking_for_fewer_people_changes_nothing():
    loci = [AUTOSOMAL, X]
    whole = simulate_genotypes(FAMILY, loci, seed=3, replicates=50)
    some = simulate_genotypes(FAMILY, loci, seed=3, replicates=50, persons=["son"])
    other = simulate_genotypes(FAMILY, loci, seed=4, replicates=50)
    assert {m: list(g) for m, g in some.items()} == {"A": ["son"], "X": ["son"]}
    for locus in loci:
        np.testing.assert_array_equal(whole[locus.name]["son"], some[locus.name]["son"])
    assert (whole["A"]["son"] != other["A"]["son"]).any()


def test_a_genotype_is_shown_in_the_order_of_alleles():
    assert shown(AUTOSOMAL, np.array([2, 0])) == ("9", "10")
    assert shown(X, np.array([1])) == ("9.3",)


def test_refuses_unknown_sex_at_x_and_frequencies_that_leave_something_over():
    lost = Locus("R", "autosomal", ("9", "10"), np.array([0.5, 0.4]))
    child = Pedigree([Member("fa", sex="male"), Member("mo", sex="female"), Member("c", "fa", "mo")])
    for pedigree, locus, code, value in ((child, X, "sex-needed", "c"), (FAMILY, lost, "frequency-sum", "")):
        with pytest.raises(Refusal) as refused:
            drawn(pedigree, locus)
        assert [(f.code, f.value) for f in refused.value.faults] == [(code, value)]
