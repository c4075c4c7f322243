"""θ beyond partitions: rules over the subpopulation's frequencies against partitions, urn moments and each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations_with_replacement
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, scenes
from random_populations import mixed

from homeward import Member, Pedigree
from homeward.genetics import Locus
from homeward.likelihood import Task, ln_likelihoods, ln_likelihoods_with_errors, tables, urns
from homeward.likelihood.integration import Points, betas, counts, draws
from homeward.likelihood.structure import Drawn
from homeward.observe import Evidence, called

P = np.array([0.1, 0.2, 0.3, 0.4])


def drawn(degree: int, theta: float, seen: tuple[int, ...] = (2, 0, 0, 1)) -> Drawn:
    fresh = theta * np.array(seen) + (1 - theta) * P
    return Drawn(fresh[None], sum(seen), tuple((v,) for v in range(degree)), "")


def moment(rule: Points, powers: tuple[int, ...]) -> float:
    return float(rule.weights @ np.prod(rule.q[0] ** np.array(powers), axis=1))


def urn_moment(urn: Drawn, powers: tuple[int, ...], theta: float) -> float:
    """P(these alleles, drawn one after the other in this order)."""
    chance = prod(urn.fresh[0, a] + k * theta for a, e in enumerate(powers) for k in range(e))
    return chance / prod(1 + (urn.called + k - 1) * theta for k in range(sum(powers)))


@pytest.mark.parametrize("theta", [0.01, 0.03, 0.4])
@pytest.mark.parametrize("degree", [1, 2, 5, 8])
def test_rules_have_the_moments_of_the_urn(degree: int, theta: float) -> None:
    urn = drawn(degree, theta)
    for alleles in combinations_with_replacement(range(4), degree):
        powers = tuple(alleles.count(a) for a in range(4))
        expected = urn_moment(urn, powers, theta)
        assert moment(betas(urn, 0, theta), powers) == pytest.approx(expected, rel=1e-12)
        assert moment(counts(urn, 0, theta, degree // 2), powers) == pytest.approx(expected, rel=1e-8)


def test_a_poorer_rule_tells_how_poor() -> None:
    urn = drawn(12, 0.03)
    for powers in ((3, 3, 3, 3), (12, 0, 0, 0), (0, 1, 5, 6)):
        expected = urn_moment(urn, powers, 0.03)
        errors = []
        for levels in (3, 4, 5):
            rule = counts(urn, 0, 0.03, levels)
            found, coarser = moment(rule, powers), moment(replace(rule, weights=rule.coarser), powers)
            errors.append(abs(found / expected - 1))
            assert errors[-1] <= 2 * abs(coarser / found - 1)
        assert errors[2] < 1e-3


def test_draws_are_the_same_for_the_same_seed() -> None:
    urn = drawn(3, 0.03)
    one, same, other = (draws(urn, 0, 0.03, 50, seed).q[0] for seed in (1, 1, 2))
    assert (one == same).all() and (one != other).any()


@pytest.fixture
def never_partitions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urns, "_FEW", -1)
    monkeypatch.setattr(urns, "MOST_PARTITIONS", -1)
    monkeypatch.setattr(urns, "cheaper_descents", lambda *_: None)


@settings(max_examples=80, deadline=None)
@given(scenes(people=6), st.integers(0, 99), st.sampled_from([0.02, 0.3]), st.booleans(), st.booleans())
def test_integrated_tables_are_those_of_partitions(
    scene: Scene, seed: int, theta: float, several: bool, folded: bool
) -> None:
    """Mutation, X, soft evidence, inbred founders, zero frequencies, one urn or three."""
    scene = mixed(scene, seed) if several else scene
    person = scene.pedigree.ids[seed % len(scene.pedigree)]
    task = Task(scene.pedigree, scene.locus, scene.evidence, (person,), theta=theta)
    (expected,) = tables([task])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urns, "_FEW", -1)
        patch.setattr(urns, "MOST_PARTITIONS", -1)
        patch.setattr(urns, "cheaper_descents", lambda *_: None)
        patch.setattr(urns, "_FOLDED", -1 if folded else 99)
        (found,) = tables([task])
    assert found.relative_error == 0
    np.testing.assert_allclose(found.joint, expected.joint, rtol=1e-9, atol=1e-11 * float(expected.joint.sum()))


def test_frequencies_need_not_sum_to_one(never_partitions: None) -> None:
    at = Locus("L", "autosomal", ("1", "2", "3"), np.array([0.2, 0.3, 0.4]))
    one = Pedigree([Member("a"), Member("b", founder_inbreeding=0.3)])
    seen = {"a": called(("1", "2"), at, "unknown"), "b": Evidence(2, ((0, 0), (0, 1)), (1.0, 0.5))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urns, "_FEW", 52)
        patch.setattr(urns, "MOST_PARTITIONS", 99)
        expected = ln_likelihoods([Task(one, at, seen, theta=0.1)])
    assert ln_likelihoods([Task(one, at, seen, theta=0.1)]) == pytest.approx(expected, rel=1e-12)


def couples(number: int) -> tuple[Pedigree, list[str]]:
    """Untyped couples with two children each."""
    parents = [Member(f"{sex}{k}", sex=sex) for k in range(number) for sex in ("male", "female")]
    children = [Member(f"c{k}{i}", f"male{k}", f"female{k}") for k in range(number) for i in range(2)]
    return Pedigree([*parents, *children]), [c.id for c in children]


def test_twenty_four_untyped_founder_alleles_are_exact() -> None:
    """Too many for partitions by far; of two alleles one count is left, so 13 points do."""
    pedigree, children = couples(6)
    at = Locus("L", "autosomal", ("1", "2"), np.array([0.2, 0.8]))
    seen = {c: called(("1", "2"), at, "unknown") for c in children}
    (ln,), (error,) = ln_likelihoods_with_errors([Task(pedigree, at, seen, theta=0.03)])
    rule = betas(Drawn(0.97 * at.frequencies[None], 0, tuple((v,) for v in range(24)), ""), 0, 0.03)
    two_children = Pedigree([m for m in pedigree if m.id in ("male0", "female0", "c00", "c01")])
    each = []
    for p in rule.q[0]:
        locus = replace(at, frequencies=p)
        each.append(float(np.exp(ln_likelihoods([Task(two_children, locus, {c: seen[c] for c in ("c00", "c01")})])[0])))
    assert error == 0
    assert ln == pytest.approx(np.log(rule.weights @ np.array(each) ** 6), abs=1e-11)


@pytest.mark.parametrize("poor", [0.01, -1.0])
def test_what_is_not_exact_tells_its_error(poor: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """A poorer rule, and draws at random, against the exact value."""
    pedigree, children = couples(2)
    names = tuple(str(a) for a in range(8))
    p = np.arange(1, 9) / 36
    at = Locus("L", "autosomal", names, p)
    seen = {c: called((names[k], names[k + 2]), at, "unknown") for k, c in enumerate(children)}
    task = Task(pedigree, at, seen, theta=0.03)
    (exact,), (none,) = ln_likelihoods_with_errors([task])
    assert none == 0
    monkeypatch.setattr(urns, "_FEW", -1)
    monkeypatch.setattr(urns, "MOST_PARTITIONS", -1)
    monkeypatch.setattr(urns, "cheaper_descents", lambda *_: None)
    monkeypatch.setattr(urns, "MOST_POINTS", 200)
    monkeypatch.setattr(urns, "_POOR", poor)
    if poor < 0:
        monkeypatch.setattr(urns, "MOST_POINTS", 8)
    (found,), (error,) = ln_likelihoods_with_errors([task])
    assert 1e-12 < error < 0.2
    assert abs(np.expm1(found - exact)) < 4 * error
    again, _ = ln_likelihoods_with_errors([task, task])
    assert again.tolist() == [found, found]
