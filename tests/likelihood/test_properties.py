"""Properties of the engine on random pedigrees, alleles, mutation models, missingness and soft evidence."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, pedigree, scenes, typed
from random_families import locus as random_locus

from homeward.genetics import Locus
from homeward.likelihood import Task, conditioning, execute, likelihoods, ln_likelihoods, oracle_likelihood, tables
from homeward.observe import Evidence
from homeward.pedigree import Pedigree, cousins, full_sib_mating, nuclear, set_twins

TIGHT = 1e-10


def likelihood(scene: Scene, **changes: object) -> float:
    scene = replace(scene, **changes)
    return float(likelihoods([Task(scene.pedigree, scene.locus, scene.evidence)])[0])


@settings(max_examples=250, deadline=None)
@given(scenes())
def test_engine_and_oracle_agree(scene):
    expected = oracle_likelihood(scene.pedigree, scene.locus, scene.evidence)
    assert likelihood(scene) == pytest.approx(expected, rel=TIGHT, abs=0)


@settings(max_examples=60, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_members_changes_nothing(scene, rng):
    members = list(scene.pedigree)
    rng.shuffle(members)
    seen = dict(sorted(scene.evidence.items(), key=lambda _: rng.random()))
    again = likelihood(scene, pedigree=Pedigree(members), evidence=seen)
    assert again == pytest.approx(likelihood(scene), rel=TIGHT, abs=0)


@settings(max_examples=60, deadline=None)
@given(scenes(), st.randoms(use_true_random=False))
def test_the_order_of_alleles_changes_nothing(scene, rng):
    old = scene.locus
    order = list(range(len(old.alleles)))
    rng.shuffle(order)
    new_of = {a: i for i, a in enumerate(order)}
    at = np.ix_(order, order)
    locus = Locus(
        old.name,
        old.kind,
        tuple(old.alleles[a] for a in order),
        old.frequencies[order],
        None if old.from_mother is None else old.from_mother[at],
        None if old.from_father is None else old.from_father[at],
    )
    seen = {
        p: Evidence(e.ploidy, tuple(tuple(sorted(new_of[a] for a in g)) for g in e.genotypes), e.values)
        for p, e in scene.evidence.items()
    }
    assert likelihood(scene, locus=locus, evidence=seen) == pytest.approx(likelihood(scene), rel=TIGHT, abs=0)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_many_tasks_at_once_are_the_same_as_one_by_one(rng):
    """Loci, families and typing patterns of every kind in one batch, in any order."""
    peds = [pedigree(rng, rng.randint(2, 7)) for _ in range(2)]
    loci = [random_locus(rng, name=f"M{i}") for i in range(4)]
    tasks = [Task(p, at, typed(rng, p, at)) for p in peds for at in loci]
    rng.shuffle(tasks)
    together = likelihoods(tasks)
    alone = [float(likelihoods([t])[0]) for t in tasks]
    assert together.tolist() == pytest.approx(alone, rel=TIGHT, abs=0)


@settings(max_examples=60, deadline=None)
@given(scenes(soft=False), st.data())
def test_the_genotypes_of_one_person_sum_to_the_likelihood_without_him(scene, data):
    person = data.draw(st.sampled_from(scene.pedigree.ids))
    others = {p: e for p, e in scene.evidence.items() if p != person}
    if any(person in group for group in scene.pedigree.twins):
        others = {p: e for p, e in others.items() if not any({p, person} <= set(g) for g in scene.pedigree.twins)}
    ploidy = 1 if scene.locus.kind == "X" and scene.pedigree[person].sex == "male" else 2
    every = combinations_with_replacement(range(len(scene.locus.alleles)), ploidy)
    total = sum(likelihood(scene, evidence=others | {person: Evidence(ploidy, (g,), (1.0,))}) for g in every)
    assert total == pytest.approx(likelihood(scene, evidence=others), rel=TIGHT, abs=0)


@settings(max_examples=60, deadline=None)
@given(scenes())
def test_lumping_changes_nothing(scene):
    every = frozenset(range(len(scene.locus.alleles)))
    whole = likelihoods([Task(scene.pedigree, scene.locus, scene.evidence, (), every)])[0]
    assert likelihood(scene) == pytest.approx(whole, rel=TIGHT, abs=0)


@settings(max_examples=60, deadline=None)
@given(scenes())
def test_rescaling_changes_nothing(scene):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("homeward.likelihood.engine.LEAST", np.inf)
        patch.setattr("homeward.likelihood.engine.may_underflow", lambda _: True)
        rescaled = ln_likelihoods([Task(scene.pedigree, scene.locus, scene.evidence)])[0]
    with np.errstate(divide="ignore"):
        assert rescaled == pytest.approx(np.log(likelihood(scene)), abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(scenes())
def test_rescaling_value_by_value_changes_nothing(scene):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("homeward.likelihood.engine.LEAST", np.inf)
        patch.setattr("homeward.likelihood.engine.may_underflow", lambda _: True)
        patch.setattr("homeward.likelihood.rescaled.LARGEST", 256)
        rescaled = ln_likelihoods([Task(scene.pedigree, scene.locus, scene.evidence)])[0]
    with np.errstate(divide="ignore"):
        assert rescaled == pytest.approx(np.log(likelihood(scene)), abs=1e-9)


@settings(max_examples=80, deadline=None)
@given(scenes())
def test_summing_selectors_outermost_changes_nothing(scene):
    expected = likelihood(scene)
    with pytest.MonkeyPatch.context() as patch:
        forced_splits(patch)
        assert likelihood(scene) == pytest.approx(expected, rel=TIGHT, abs=0)


def forced_splits(patch: pytest.MonkeyPatch) -> dict[str, int]:
    """Make every network with gates be split, and count them."""
    count = {"split": 0}

    def always(scopes, dims, keep, gates):
        if not 0 < len(gates) <= 6:
            return None
        count["split"] += 1
        return conditioning.Compiler(scopes, dims, keep, gates).programme()

    patch.setattr(conditioning, "_cheaper", always)
    return count


def test_a_pedigree_with_selectors_is_really_split(monkeypatch):
    at = random_locus(Random(4), "autosomal", 4)
    task = Task(cousins(1), at, {"7": Evidence(2, ((0, 1),), (1.0,)), "8": Evidence(2, ((1, 1),), (1.0,))})
    expected = likelihoods([task])[0]
    count = forced_splits(monkeypatch)
    assert likelihoods([task])[0] == pytest.approx(expected, rel=TIGHT)
    assert count["split"] == 1


@settings(max_examples=60, deadline=None)
@given(scenes())
def test_small_memory_changes_nothing(scene):
    """With room for few numbers, loci are cut into pieces and variables are taken value by value."""
    expected = likelihood(scene)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "LARGEST", 600)
        assert likelihood(scene) == pytest.approx(expected, rel=TIGHT, abs=0)


def test_a_variable_taken_value_by_value():
    at = random_locus(Random(4), "autosomal", 5)
    seen = {p: Evidence(2, ((0, 1),), (1.0,)) for p in ("4", "5", "6")}
    task = Task(full_sib_mating(1), at, seen, (), frozenset(range(5)))
    expected = likelihoods([task])[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "LARGEST", 30)
        called = []
        fixing = execute._fixing
        patch.setattr(execute, "_fixing", lambda *a: called.append(1) or fixing(*a))
        assert likelihoods([task])[0] == pytest.approx(expected, rel=TIGHT)
    assert called


# tables


def called_as(scene: Scene, persons: tuple[str, ...], genotypes: tuple[tuple[int, ...], ...]) -> float:
    """Likelihood with these persons called so, on top of what was already seen of them."""
    seen = dict(scene.evidence)
    for person, g in zip(persons, genotypes, strict=True):
        call = Evidence(len(g), (g,), (1.0,))
        seen[person] = call.times(seen[person]) if person in seen else call
    return likelihood(scene, evidence=seen)


def cell(table, genotypes: tuple[tuple[int, ...], ...]) -> float:
    """The table's value of unordered genotypes: the sum over the orders of every heterozygote."""
    total = table.joint
    for g in genotypes:
        b = [int(table.block[a]) for a in g]
        total = total[b[0]] if len(b) == 1 else (total[b[0], b[1]] + (total[b[1], b[0]] if b[0] != b[1] else 0.0))
    return float(total)


@settings(max_examples=80, deadline=None)
@given(scenes(people=6), st.data())
def test_a_table_holds_the_likelihood_with_the_target_called(scene, data):
    person = data.draw(st.sampled_from(scene.pedigree.ids))
    every = frozenset(range(len(scene.locus.alleles)))
    (table,) = tables([Task(scene.pedigree, scene.locus, scene.evidence, (person,), every)])
    assert np.exp(table.ln_total) == pytest.approx(likelihood(scene), rel=TIGHT, abs=0)
    for g in combinations_with_replacement(range(len(every)), table.joint.ndim):
        assert cell(table, (g,)) == pytest.approx(called_as(scene, (person,), (g,)), rel=TIGHT, abs=0)


@settings(max_examples=40, deadline=None)
@given(scenes(people=5), st.data())
def test_a_table_of_two_persons(scene, data):
    two = data.draw(st.lists(st.sampled_from(scene.pedigree.ids), min_size=2, max_size=2, unique=True))
    if any(set(two) <= set(group) for group in scene.pedigree.twins):
        return
    every = frozenset(range(len(scene.locus.alleles)))
    (table,) = tables([Task(scene.pedigree, scene.locus, scene.evidence, tuple(two), every)])
    assert np.exp(table.ln_total) == pytest.approx(likelihood(scene), rel=TIGHT, abs=0)
    ploidies = [1 if scene.locus.kind == "X" and scene.pedigree[p].sex == "male" else 2 for p in two]
    genotypes = [list(combinations_with_replacement(range(len(every)), k)) for k in ploidies]
    for g in genotypes[0][:4]:
        for h in genotypes[1][-4:]:
            expected = called_as(scene, tuple(two), (g, h))
            assert cell(table, (g, h)) == pytest.approx(expected, rel=TIGHT, abs=0)


def test_the_table_of_somebody_nobody_tells_anything_about_is_hardy_weinberg():
    at = Locus("M", "autosomal", ("1", "2"), np.array([0.3, 0.7]))
    (table,) = tables([Task(nuclear(), at, {}, ("1",), frozenset({0, 1}))])
    np.testing.assert_allclose(table.joint, [[0.09, 0.21], [0.21, 0.49]], rtol=1e-14)
    assert table.frequencies.tolist() == pytest.approx([0.3, 0.7])


def test_the_table_of_a_twin_is_his_brothers():
    at = Locus("M", "autosomal", ("1", "2"), np.array([0.3, 0.7]))
    twins = set_twins(nuclear(2), ["3", "4"])
    (table,) = tables([Task(twins, at, {"4": Evidence(2, ((0, 1),), (1.0,))}, ("3",), frozenset({0, 1}))])
    np.testing.assert_allclose(table.joint, [[0.0, 0.21], [0.21, 0.0]], rtol=1e-14)
