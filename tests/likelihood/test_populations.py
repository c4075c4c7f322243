"""Founders of several populations: their own frequencies and, under θ, their own urns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, scenes
from random_populations import mixed

from homeward import Member, Pedigree
from homeward.genetics import Locus
from homeward.likelihood import Task, likelihoods, oracle_likelihood, tables
from homeward.observe import called

HERE, THERE = np.array([0.2, 0.3, 0.5]), np.array([0.6, 0.3, 0.1])
LOCUS = Locus("L", "autosomal", ("1", "2", "3"), HERE, elsewhere={"there": THERE})


def likelihood(pedigree: Pedigree, calls: dict[str, str], theta: float = 0.0, locus: Locus = LOCUS) -> float:
    seen = {person: called(tuple(g.split("/")), locus, pedigree[person].sex) for person, g in calls.items()}
    return float(likelihoods([Task(pedigree, locus, seen, theta=theta)])[0])


def test_a_child_of_two_populations_is_heterozygous_by_their_product() -> None:
    trio = Pedigree([Member("f", sex="male", population="there"), Member("m", sex="female"), Member("c", "f", "m")])
    assert likelihood(trio, {"c": "1/2"}) == pytest.approx(0.6 * 0.3 + 0.3 * 0.2)
    assert likelihood(trio, {"f": "1/2", "c": "1/3"}) == pytest.approx(2 * 0.6 * 0.3 * 0.5 * 0.5)


def test_founders_of_two_populations_share_no_urn() -> None:
    two = [Member("a"), Member("b", population="there")]
    alone = likelihood(Pedigree(two[:1]), {"a": "1/1"}, 0.1) * likelihood(Pedigree(two[1:]), {"b": "1/1"}, 0.1)
    assert likelihood(Pedigree(two), {"a": "1/1", "b": "1/1"}, 0.1) == pytest.approx(alone)
    both = [replace(m, population="there") for m in two]
    assert likelihood(Pedigree(both), {"a": "1/1", "b": "1/1"}, 0.1) > 1.1 * alone


def test_a_population_the_locus_does_not_know_is_the_main_one() -> None:
    assert likelihood(Pedigree([Member("a", population="nowhere")]), {"a": "1/2"}) == pytest.approx(2 * 0.2 * 0.3)


def test_table_frequencies_are_those_of_the_main_population() -> None:
    one = Pedigree([Member("a", population="there")])
    (table,) = tables([Task(one, LOCUS, {}, ("a",), frozenset(range(3)))])
    assert table.frequencies == pytest.approx(HERE)
    np.testing.assert_allclose(table.joint, np.outer(THERE, THERE))


def test_loci_with_and_without_the_population_go_in_together() -> None:
    other = replace(LOCUS, name="K", elsewhere={})
    one = Pedigree([Member("a", population="there")])
    seen = {"a": called(("1", "2"), LOCUS, "unknown")}
    found = likelihoods([Task(one, LOCUS, seen), Task(one, other, seen)])
    assert found == pytest.approx([2 * 0.6 * 0.3, 2 * 0.2 * 0.3])


@settings(max_examples=150, deadline=None)
@given(scenes(), st.integers(0, 99), st.sampled_from([0.0, 0.02, 0.3]))
def test_the_engine_is_the_oracle(scene: Scene, seed: int, theta: float) -> None:
    scene = mixed(scene, seed)
    expected = oracle_likelihood(scene.pedigree, scene.locus, scene.evidence, theta)
    task = Task(scene.pedigree, scene.locus, scene.evidence, theta=theta)
    assert likelihoods([task])[0] == pytest.approx(expected, rel=1e-10, abs=0)


@settings(max_examples=60, deadline=None)
@given(scenes(people=6), st.integers(0, 99), st.sampled_from([0.0, 0.05]))
def test_tables_add_up_to_the_likelihood(scene: Scene, seed: int, theta: float) -> None:
    scene = mixed(scene, seed)
    person = scene.pedigree.ids[seed % len(scene.pedigree)]
    (table,) = tables([Task(scene.pedigree, scene.locus, scene.evidence, (person,), theta=theta)])
    alone = likelihoods([Task(scene.pedigree, scene.locus, scene.evidence, theta=theta)])[0]
    assert float(table.joint.sum()) == pytest.approx(alone, rel=1e-10, abs=0)
