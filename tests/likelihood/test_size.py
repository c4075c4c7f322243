"""Work and numbers far beyond the oracle: plans stay cheap, likelihoods do not underflow."""

from __future__ import annotations

from math import log

import numpy as np
import pytest

from homeward.genetics import Locus, mutation_matrix
from homeward.likelihood import Task, likelihoods, ln_likelihoods, tables
from homeward.likelihood.network import network
from homeward.likelihood.planner import plan_elimination
from homeward.likelihood.skeleton import skeleton
from homeward.observe import Evidence, called
from homeward.pedigree import Member, Pedigree, nuclear

ALLELES = tuple(str(a) for a in range(8, 28))
P = np.full(20, 0.05)
STEPWISE = mutation_matrix("stepwise", ALLELES, P, rate=0.002, range=0.1)


def three_generations() -> tuple[Pedigree, list[str]]:
    """Untyped grandparents with four children, each with an untyped spouse and three typed children."""
    members = [Member("gf", sex="male"), Member("gm", sex="female")]
    leaves = []
    for i in range(4):
        sex = "male" if i % 2 else "female"
        members += [Member(f"c{i}", "gf", "gm", sex), Member(f"s{i}", sex="female" if i % 2 else "male")]
        father, mother = (f"c{i}", f"s{i}") if i % 2 else (f"s{i}", f"c{i}")
        for k in range(3):
            members.append(Member(f"g{i}{k}", father, mother, "male"))
            leaves.append(f"g{i}{k}")
    return Pedigree(members), leaves


def test_three_generations_of_untyped_parents_stay_cheap():
    """What the elimination over alleles alone would need is 20¹⁰ numbers; selectors keep it below 20⁴ or so."""
    pedigree, leaves = three_generations()
    locus = Locus("M", "autosomal", ALLELES, P, STEPWISE, STEPWISE)
    seen = {p: called((ALLELES[i], ALLELES[-i - 1]), locus, "male") for i, p in enumerate(leaves)}
    shape, _ = skeleton(pedigree, "autosomal", seen)
    net = network(shape)
    plan = plan_elimination(net.scopes, net.dims(20), net.keep)
    assert plan.largest <= 24.0**4 * 64
    assert plan.cost <= 5e8
    assert np.isfinite(ln_likelihoods([Task(pedigree, locus, seen)])).all()


def test_a_long_line_of_descent_is_linear():
    members = [Member("0", sex="male")]
    for i in range(1, 41):
        members += [Member(f"w{i}", sex="female"), Member(str(i), str(i - 1), f"w{i}", "male")]
    pedigree = Pedigree(members)
    locus = Locus("M", "autosomal", ALLELES, P, STEPWISE, STEPWISE)
    seen = {"0": called(("8", "9"), locus, "male"), "40": called(("8", "9"), locus, "male")}
    shape, _ = skeleton(pedigree, "autosomal", seen)
    net = network(shape)
    plan = plan_elimination(net.scopes, net.dims(20), net.keep)
    assert plan.cost < 40 * 4 * 24.0**3
    assert plan.largest <= 2 * 24.0**2


@pytest.mark.parametrize("people", [3, 400])
def test_many_unrelated_people_do_not_underflow(people):
    locus = Locus("M", "autosomal", ("1", "2"), np.array([1e-3, 1 - 1e-3]))
    pedigree = Pedigree(Member(str(i), sex="male") for i in range(people))
    seen = {str(i): called(("1", "1"), locus, "male") for i in range(people)}
    (found,) = ln_likelihoods([Task(pedigree, locus, seen)])
    assert found == pytest.approx(people * 2 * log(1e-3), rel=1e-12)


def families(count: int) -> Pedigree:
    members = []
    for i in range(count):
        members += [
            Member(f"f{i}", sex="male"),
            Member(f"m{i}", sex="female"),
            Member(f"c{i}", f"f{i}", f"m{i}", "male"),
        ]
    return Pedigree(members)


@pytest.mark.parametrize("typed", ["fmc", "fc", "mc", "c"])
def test_many_families_have_the_product_of_their_likelihoods(typed):
    """Parts of a pedigree multiply, also far below the smallest double."""
    m = mutation_matrix("equal", ("1", "2", "3"), [0.01, 0.01, 0.98], rate=1e-3)
    locus = Locus("M", "autosomal", ("1", "2", "3"), np.array([0.01, 0.01, 0.98]), m, m)
    shown = {"f": ("1", "1"), "m": ("1", "2"), "c": ("2", "2")}
    one = {who + "0": called(shown[who], locus, "male") for who in typed}
    many = {f"{who}{i}": called(shown[who], locus, "male") for who in typed for i in range(150)}
    (single,) = ln_likelihoods([Task(families(1), locus, one)])
    (all_of_them,) = ln_likelihoods([Task(families(150), locus, many)])
    assert all_of_them == pytest.approx(150 * single, rel=1e-12)
    assert likelihoods([Task(families(150), locus, many)])[0] == 0.0


def test_impossible_stays_impossible_in_a_large_pedigree():
    locus = Locus("M", "autosomal", ("1", "2"), np.array([1e-3, 1 - 1e-3]))
    pedigree = families(200)
    seen = {p: called(("1", "1"), locus, "male") for p in pedigree.ids}
    assert np.isfinite(ln_likelihoods([Task(pedigree, locus, seen)])).all()
    seen["c7"] = called(("2", "2"), locus, "male")
    assert np.isneginf(ln_likelihoods([Task(pedigree, locus, seen)])).all()


def test_a_table_that_underflows_keeps_its_ratios():
    locus = Locus("M", "autosomal", ("1", "2"), np.array([1e-3, 1 - 1e-3]))
    crowd = Pedigree([*nuclear(), *(Member(f"u{i}", sex="male") for i in range(300))])
    child = {"3": called(("1", "2"), locus, "male")}
    seen = child | {f"u{i}": Evidence(2, ((0, 0),), (1.0,)) for i in range(300)}
    small, large = tables([Task(nuclear(), locus, child, ("1",)), Task(crowd, locus, seen, ("1",))])
    np.testing.assert_allclose(large.joint / large.joint.sum(), small.joint / small.joint.sum(), rtol=1e-12)
    assert large.ln_total == pytest.approx(small.ln_total + 600 * log(1e-3), rel=1e-12)


def test_a_plan_for_more_children_than_a_double_can_count():
    """A parent's allele beside 1,100 children's: all at once they would be an array of 2¹¹⁰⁰ numbers and more."""
    plan = plan_elimination(tuple((0, k) for k in range(1, 1101)), (20, *[2] * 1100))
    assert plan.largest == 48.0
    assert np.isfinite(plan.cost) and np.isfinite(plan.work((20, *[2] * 1100)))
