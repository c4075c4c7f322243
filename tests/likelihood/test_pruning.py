"""Untyped founders with one child cut away: exact without mutation, and what Familias returns with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, scenes

from homeward import Member, Pedigree
from homeward.genetics import Locus
from homeward.likelihood import Task, likelihoods, ln_likelihood, tables
from homeward.observe import Evidence, called

MUTATION = np.array([[0.9, 0.1, 0.0], [0.0, 0.7, 0.3], [0.2, 0.2, 0.6]])
LOCUS = Locus("L", "autosomal", ("1", "2", "3"), np.array([0.2, 0.3, 0.5]), MUTATION, MUTATION)


def likelihood(pedigree: Pedigree, calls: dict[str, str], locus: Locus = LOCUS, theta: float = 0.0) -> float:
    seen = {person: called(tuple(g.split("/")), locus, pedigree[person].sex) for person, g in calls.items()}
    return float(likelihoods([Task(pedigree, locus, seen, theta=theta, pruned=True)])[0])


def trio(child: str = "male") -> Pedigree:
    return Pedigree([Member("f", sex="male"), Member("m", sex="female"), Member("c", "f", "m", child)])


def test_the_child_of_two_untyped_founders_is_a_founder() -> None:
    assert likelihood(trio(), {"c": "1/2"}) == pytest.approx(2 * 0.2 * 0.3)


def test_the_other_parent_still_passes_mutants_on() -> None:
    from_father = (MUTATION[0, 0] + MUTATION[1, 0]) / 2
    assert likelihood(trio(), {"f": "1/2", "c": "1/1"}) == pytest.approx(2 * 0.2 * 0.3 * from_father * 0.2)


def test_cutting_goes_down_a_line_until_somebody_has_two_children() -> None:
    members = [*trio(), Member("w", sex="female"), Member("d", "c", "w"), Member("v", sex="female")]
    line = Pedigree(members)
    assert likelihood(line, {"d": "3/3"}) == pytest.approx(0.25)
    halves = Pedigree([*members, Member("e", "c", "v")])
    passed = Pedigree([Member("c", sex="male"), *members[3:], Member("e", "c", "v")])
    assert likelihood(halves, {"d": "3/3", "e": "1/2"}) == pytest.approx(likelihood(passed, {"d": "3/3", "e": "1/2"}))


def test_a_target_is_kept() -> None:
    (table,) = tables([Task(trio(), LOCUS, {"c": called(("1", "1"), LOCUS, "male")}, ("f",), pruned=True)])
    assert float(table.joint.sum()) == pytest.approx(float(LOCUS.frequencies @ MUTATION[:, 0]) * 0.2)


def test_a_son_has_his_mothers_allele_from_the_population() -> None:
    assert likelihood(trio(), {"c": "2"}, replace(LOCUS, kind="X")) == pytest.approx(0.3)


def test_a_son_of_whom_little_is_known_has_nothing_of_his_father_at_x() -> None:
    seen = {"m": Evidence(2, ((0, 0),), (1.0,)), "c": Evidence(1, ((0,),), (0.9,))}
    at = replace(LOCUS, kind="X", from_mother=None, from_father=None)
    found = likelihoods([Task(trio(), at, seen, pruned=True)])[0]
    assert found == pytest.approx(0.9 * float(LOCUS.frequencies[0]) ** 2)


def test_parents_of_two_populations_leave_a_child_of_both() -> None:
    at = replace(LOCUS, elsewhere={"there": np.array([0.5, 0.5, 0.0])})
    members = [replace(m, population="there") if m.id == "f" else m for m in trio()]
    assert likelihood(Pedigree(members), {"c": "1/2"}, at) == pytest.approx(0.5 * 0.3 + 0.2 * 0.5)


@settings(max_examples=100, deadline=None)
@given(scenes(), st.sampled_from([0.0, 0.05]))
def test_without_mutation_it_changes_nothing(scene: Scene, theta: float) -> None:
    at = replace(scene.locus, from_mother=None, from_father=None)
    whole, cut = (Task(scene.pedigree, at, scene.evidence, theta=theta, pruned=p) for p in (False, True))
    assert likelihoods([cut])[0] == pytest.approx(likelihoods([whole])[0], rel=1e-10, abs=0)


def silent_trio() -> tuple[Pedigree, Locus, dict[str, Evidence]]:
    """A trio of Familias 2.6.4 with a silent allele: father 10/11, mother untyped, child shown as 10/10."""
    rates = {"mother": 0.002, "father": 0.006}
    matrix = {k: np.array([[1 - r, r, 0], [r, 1 - r, 0], [0, 0, 1]]) for k, r in rates.items()}
    p = np.array([0.683964, 0.306036, 0.01])
    at = Locus("M1", "autosomal", ("10", "11", "silent"), p, matrix["mother"], matrix["father"], silent=2)
    return trio(), at, {"f": Evidence(2, ((0, 1),), (1.0,)), "c": Evidence(2, ((0, 0), (0, 2)), (1.0, 1.0))}


def test_it_is_what_familias_returns() -> None:
    found = likelihoods([Task(*silent_trio(), pruned=p) for p in (False, True)])
    assert found == pytest.approx([0.145100669649802, 0.145258883618735], rel=1e-12)


def test_under_theta_familias_prunes_nobody() -> None:
    found = likelihoods([Task(*silent_trio(), theta=0.03, pruned=p) for p in (False, True)])
    assert found[0] == found[1]


def test_the_door_of_called_genotypes() -> None:
    (found,) = ln_likelihood(trio(), [LOCUS], {"L": {"c": ("1", "2")}}, pruned=True)
    assert found == pytest.approx(np.log(2 * 0.2 * 0.3))
