"""θ: founders of one urn, in the engine, in the oracle and by hand."""

from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, scenes

from homeward import Member, Pedigree
from homeward.genetics import Locus
from homeward.likelihood import Task, likelihoods, ln_likelihoods, oracle_likelihood, tables
from homeward.likelihood.partitions import partitions
from homeward.observe import called

P = (0.2, 0.3, 0.5)
LOCUS = Locus("L", "autosomal", ("1", "2", "3"), np.array(P))


def likelihood(pedigree: Pedigree, calls: dict[str, str], theta: float, locus: Locus = LOCUS) -> float:
    seen = {person: called(tuple(g.split("/")), locus, pedigree[person].sex) for person, g in calls.items()}
    return float(likelihoods([Task(pedigree, locus, seen, theta=theta)])[0])


def test_one_person_is_more_often_homozygous() -> None:
    one = Pedigree([Member("a")])
    assert likelihood(one, {"a": "1/1"}, 0.1) == pytest.approx(0.2**2 + 0.1 * 0.2 * 0.8)
    assert likelihood(one, {"a": "1/2"}, 0.1) == pytest.approx(2 * 0.9 * 0.2 * 0.3)


@pytest.mark.parametrize("theta", [0.01, 0.03, 0.2])
def test_a_match_is_less_surprising_among_relatives_of_old(theta: float) -> None:
    """Balding and Nichols (1994): P(AA | AA) and P(AB | AB)."""
    two = Pedigree([Member("a"), Member("b")])
    p, q = P[0], P[1]
    scale = (1 + theta) * (1 + 2 * theta)
    same = likelihood(two, {"a": "1/1", "b": "1/1"}, theta) / likelihood(two, {"a": "1/1"}, theta)
    assert same == pytest.approx((2 * theta + (1 - theta) * p) * (3 * theta + (1 - theta) * p) / scale)
    mixed = likelihood(two, {"a": "1/2", "b": "1/2"}, theta) / likelihood(two, {"a": "1/2"}, theta)
    assert mixed == pytest.approx(2 * (theta + (1 - theta) * p) * (theta + (1 - theta) * q) / scale)


def test_an_inbred_founder_draws_once_with_chance_f() -> None:
    one = Pedigree([Member("a", founder_inbreeding=0.25)])
    assert likelihood(one, {"a": "1/1"}, 0.1) == pytest.approx(0.25 * 0.2 + 0.75 * (0.2**2 + 0.1 * 0.2 * 0.8))


@settings(max_examples=120, deadline=None)
@given(scenes(), st.sampled_from([0.01, 0.1, 0.5]))
def test_the_engine_is_the_oracle(scene: Scene, theta: float) -> None:
    task = Task(scene.pedigree, scene.locus, scene.evidence, theta=theta)
    expected = oracle_likelihood(scene.pedigree, scene.locus, scene.evidence, theta)
    assert likelihoods([task])[0] == pytest.approx(expected, rel=1e-10, abs=0)


@settings(max_examples=40, deadline=None)
@given(scenes(), st.integers(0, 5))
def test_a_table_adds_up_to_the_likelihood_of_the_references(scene: Scene, which: int) -> None:
    person = scene.pedigree.ids[which % len(scene.pedigree)]
    table = tables([Task(scene.pedigree, scene.locus, scene.evidence, (person,), theta=0.05)])[0]
    alone = likelihoods([Task(scene.pedigree, scene.locus, scene.evidence, theta=0.05)])[0]
    assert float(table.joint.sum()) == pytest.approx(alone, rel=1e-10, abs=0)


@pytest.mark.parametrize("call", ["1/2", "3/3"])
def test_a_called_persons_table_is_that_of_the_open_one_at_his_call(call: str) -> None:
    family = Pedigree(
        [Member("f", sex="male"), Member("m", sex="female"), Member("c", "f", "m"), Member("d", "f", "m")]
    )
    other, own = (called(tuple(g.split("/")), LOCUS, "unknown") for g in ("1/3", call))
    assert own is not None and other is not None
    seen = {"d": other}
    apart = frozenset(range(3))
    open_, held = tables([Task(family, LOCUS, e, ("c",), apart, 0.05) for e in (seen, {**seen, "c": own})])
    a, b = own.genotypes[0]
    expected = np.zeros((3, 3))
    expected[open_.block[a], open_.block[b]] = open_.joint[open_.block[a], open_.block[b]]
    expected[open_.block[b], open_.block[a]] = open_.joint[open_.block[b], open_.block[a]]
    np.testing.assert_allclose(held.joint, expected, rtol=1e-10)


def test_theta_towards_zero_is_independence() -> None:
    trio = Pedigree([Member("f", sex="male"), Member("m", sex="female"), Member("c", "f", "m"), Member("d", "f", "m")])
    calls = {"c": "1/2", "d": "2/3"}
    assert likelihood(trio, calls, 1e-12) == pytest.approx(likelihood(trio, calls, 0.0), rel=1e-9)


def test_partitions_are_counted_by_bell() -> None:
    assert [len(partitions(n)) for n in range(7)] == [1, 1, 2, 5, 15, 52, 203]


@pytest.mark.parametrize("people", [3, 400])
def test_many_called_founders_do_not_underflow(people: int) -> None:
    rare = Locus("M", "autosomal", ("1", "2"), np.array([1e-3, 1 - 1e-3]))
    crowd = Pedigree([Member("f", sex="male"), Member("m", sex="female"), Member("c", "f", "m")])
    crowd = Pedigree([*crowd, *(Member(str(i)) for i in range(people))])
    call = called(("2", "2"), rare, "unknown"), called(("1", "2"), rare, "unknown")
    seen = {str(i): call[i % 2] for i in range(people)} | {"c": call[1]}
    (found,) = ln_likelihoods([Task(crowd, rare, seen, theta=0.01)])
    expected, drawn = 0.0, [0, 0]
    for i in [*range(people), 1]:  # the child's two alleles are two draws like everybody's
        for a in ((1, 1), (0, 1))[i % 2]:
            expected += log((0.01 * drawn[a] + 0.99 * float(rare.frequencies[a])) / (1 + (sum(drawn) - 1) * 0.01))
            drawn[a] += 1
        expected += log(2) * (i % 2)
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_table_keeps_its_scale_where_the_product_is_too_small() -> None:
    rare = Locus("M", "autosomal", ("1", "2"), np.array([1e-3, 1 - 1e-3]))
    mothers = [Member(f"m{i}", sex="female") for i in range(300)]
    crowd = Pedigree([Member("f", sex="male"), *mothers, *(Member(f"c{i}", "f", f"m{i}") for i in range(300))])
    seen = {p: called(("1", "2"), rare, "unknown") for p in crowd.ids if p != "f"}
    (table,) = tables([Task(crowd, rare, seen, ("f",), theta=0.01)])
    (alone,) = ln_likelihoods([Task(crowd, rare, seen, theta=0.01)])
    assert table.ln_total < -470
    assert table.ln_total == pytest.approx(alone, rel=1e-12)
    assert table.joint.sum() > 1e-200
