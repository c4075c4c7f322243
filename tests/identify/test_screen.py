"""The screen is what it says: the ratio of two likelihoods over explicit pedigrees, for every pair."""

from __future__ import annotations

import sys
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import evidence, genotypes, locus, pedigree, typed

from homeward import Refusal
from homeward.genetics import Locus, Model
from homeward.identify import Column, SampleView, Typed, direct_matches, screen
from homeward.identify.kinship import RELATIONSHIPS, bone_kinship
from homeward.likelihood import Task, ln_likelihoods
from homeward.observe import Evidence, called
from homeward.pedigree import Member, Pedigree, nuclear, set_twins

SAMPLE = "the sample"


def model(rng: Random, count: int = 3) -> Model:
    return Model("random", tuple(locus(rng, name=f"M{i}") for i in range(count)))


def column(rng: Random, model: Model, id: str, *, soft: bool = True) -> Column:
    ped = pedigree(rng, rng.randint(2, 6))
    if rng.random() < 0.2:
        ped = Pedigree([*ped, Member("child of unknown sex", "0", "1", "unknown")])
    missing = rng.choice(ped.ids)
    seen = {}
    for at in model.loci:
        found = {
            p: e for p, e in typed(rng, ped, at, soft=soft).items() if not (at.kind == "X" and ped[p].sex == "unknown")
        }
        if rng.random() < 0.7:
            found.pop(missing, None)
        if found and possible(ped, at, found):
            seen[at.name] = found
    return Column(id, missing, ped, seen)


def possible(ped: Pedigree, at: Locus, seen: dict[str, Evidence]) -> bool:
    return bool(np.isfinite(ln_likelihoods([Task(ped, at, seen)]))[0])


def sample(rng: Random, model: Model, id: str, *, soft: bool = True) -> Typed:
    """What is seen at an X locus, read as a man's, as a woman's or as both."""
    seen: dict[str, dict[int, Evidence]] = {}
    for at in model.loci:
        if rng.random() < 0.2:
            continue
        for sex in rng.choice([["male"], ["female"], ["male", "female"]]) if at.kind == "X" else ["male"]:
            alone = Pedigree([Member("p", sex=sex)])
            e = evidence(rng, genotypes(rng, alone, at)["p"], at, sex, soft=soft)
            if e is not None and e.genotypes:
                seen.setdefault(at.name, {})[e.ploidy] = e
    return Typed(id, seen)


def by_two_pedigrees(s: Typed, c: Column, at: Locus, theta: float) -> float | None:
    """ln P(everything | the sample is of the missing person) − ln P(… | of somebody unrelated), or None."""
    ploidy = c.ploidy(at)
    e = s.evidence.get(at.name, {}).get(ploidy) if ploidy else None
    references = c.evidence.get(at.name)
    if e is None or not references:
        return None
    own = references.get(c.person)
    same = references | {c.person: e if own is None else e.times(own)}
    stranger = Member(SAMPLE, sex="female" if at.kind == "X" and ploidy == 2 else "male")
    apart = Pedigree([*c.pedigree, stranger])
    of_stranger = references | {SAMPLE: e}
    h1, h2 = ln_likelihoods([Task(c.pedigree, at, same, theta=theta), Task(apart, at, of_stranger, theta=theta)])
    return float(h1 - h2)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.booleans(), st.booleans())
def test_every_lr_is_the_ratio_of_two_explicit_hypotheses(rng, many, soft):
    """``many``: by the way large screens go, which stacks all families of a locus; it needs calls."""
    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr(sys.modules["homeward.identify.screen"], "_MANY", 1)
        against_two_pedigrees(rng, soft)


def against_two_pedigrees(rng: Random, soft: bool) -> None:
    m = replace(model(rng), theta=rng.choice([0.0, 0.0, 0.03]))
    columns = [column(rng, m, f"missing {i}", soft=soft) for i in range(3)]
    samples = [sample(rng, m, f"sample {i}", soft=soft) for i in range(3)]
    blocks = {}
    found = screen(samples, columns, m, each=lambda b: blocks.update({b.locus.name: b.ln_lr}))
    for i, s in enumerate(samples):
        for j, c in enumerate(columns):
            expected = {at.name: by_two_pedigrees(s, c, at, m.theta) for at in m.loci}
            told = {name: float(b[i, j]) for name, b in blocks.items() if not np.isnan(b[i, j])}
            values = [v for v in expected.values() if v is not None]
            assert told == pytest.approx({k: v for k, v in expected.items() if v is not None}, rel=1e-9, abs=1e-9)
            assert found.ln_lr[i, j] == pytest.approx(sum(values), rel=1e-9, abs=1e-9)
            assert found.compared[i, j] == len(values)
            assert found.impossible[i, j] == sum(v == -np.inf for v in values)


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_samples_and_families_changes_no_number(rng):
    m = model(rng)
    columns = [column(rng, m, f"missing {i}") for i in range(3)]
    samples = [sample(rng, m, f"sample {i}") for i in range(3)]
    found = screen(samples, columns, m)
    again = screen(samples[::-1], columns[::-1], Model("random", m.loci[::-1]))
    np.testing.assert_allclose(again.ln_lr[::-1, ::-1], found.ln_lr, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(again.compared[::-1, ::-1], found.compared)


AT = Locus("M", "autosomal", ("1", "2", "3"), np.array([0.1, 0.3, 0.6]))
ONE = Model("by hand", (AT,))


def call(text: str) -> Evidence:
    e = called(text.split("/"), AT, "unknown")
    assert e is not None
    return e


def lr(ped: Pedigree, missing: str, references: dict[str, str], of_sample: str) -> float:
    seen = {p: call(g) for p, g in references.items()}
    found = screen([Typed("s", {"M": {2: call(of_sample)}})], [Column("m", missing, ped, {"M": seen})], ONE)
    return float(np.exp(found.ln_lr[0, 0]))


def test_missing_child_of_one_typed_parent():
    assert lr(nuclear(), "3", {"1": "1/2"}, "1/3") == pytest.approx(1 / (4 * 0.1))


def test_missing_father_of_two_children_whose_mother_is_typed():
    """Mother 2/3, children 1/2 and 1/3: he gave 1 twice, surely if he is 1/1, with a quarter if he is 1/x."""
    references = {"3": "1/2", "4": "1/3", "2": "2/3"}
    gave_twice = 0.1**2 + 2 * 0.1 * 0.9 * 0.25
    assert lr(nuclear(2), "1", references, "1/1") == pytest.approx(1 / gave_twice)
    assert lr(nuclear(2), "1", references, "1/3") == pytest.approx(0.25 / gave_twice)
    assert lr(nuclear(2), "1", references, "2/3") == 0.0


def test_a_missing_person_typed_before_is_his_own_reference():
    assert lr(nuclear(), "3", {"3": "1/2"}, "1/2") == pytest.approx(1 / (2 * 0.1 * 0.3))
    assert lr(nuclear(), "3", {"3": "1/2"}, "1/1") == 0.0
    assert lr(nuclear(), "3", {"3": "1/?"}, "1/2") == pytest.approx(1 / (0.1**2 + 2 * 0.1 * 0.9))


def test_a_missing_identical_twin():
    twins = set_twins(nuclear(2), ["3", "4"])
    assert lr(twins, "3", {"4": "1/2"}, "1/2") == pytest.approx(1 / (2 * 0.1 * 0.3))


def test_a_reference_in_an_unconnected_part_tells_nothing():
    ped = Pedigree([*nuclear(), Member("elsewhere", sex="female")])
    assert lr(ped, "3", {"elsewhere": "1/2"}, "1/1") == pytest.approx(1.0)
    assert lr(ped, "3", {"elsewhere": "1/2", "1": "1/2"}, "1/3") == pytest.approx(1 / (4 * 0.1))


def test_two_missing_in_one_family_have_a_column_each():
    seen = {"M": {"1": call("1/2")}}
    columns = [Column(p, p, nuclear(2), seen) for p in ("3", "4", "2")]
    found = screen([Typed("s", {"M": {2: call("1/3")}})], columns, ONE)
    assert np.exp(found.ln_lr[0]).tolist() == pytest.approx([1 / 0.4, 1 / 0.4, 1.0])


def test_a_marker_that_only_one_side_has_is_not_compared():
    other = Locus("N", "autosomal", AT.alleles, AT.frequencies)
    found = screen(
        [Typed("s", {"N": {2: call("1/2")}})],
        [Column("m", "3", nuclear(), {"M": {"1": call("1/2")}})],
        Model("two", (AT, other)),
    )
    assert found.ln_lr.tolist() == [[0.0]] and found.compared.tolist() == [[0]]


def test_an_impossible_family_is_refused_by_name():
    seen = {"M": {"1": call("1/1"), "3": call("2/2")}}
    columns = [Column("F1/m", "2", nuclear(), {"M": {"1": call("1/1")}}), Column("F2/m", "2", nuclear(), seen)]
    s = Typed("s", {"M": {2: call("1/1")}})
    with pytest.raises(Refusal) as refused:
        screen([s], columns, ONE)
    assert [(f.code, f.value, f.marker) for f in refused.value.faults] == [("impossible-family", "F2/m", "M")]
    found = screen([s], columns, ONE, refuse=False)
    assert found.ln_lr[0, 1] == -np.inf and np.isfinite(found.ln_lr[0, 0])


X = Locus("DX", "X", ("1", "2", "3"), np.array([0.1, 0.3, 0.6]))


def test_x_of_a_missing_son_is_his_mothers():
    family = nuclear(["m"], "male")
    mother = {"DX": {"2": Evidence(2, ((0, 1),), (1.0,))}}
    s = Typed("s", {"DX": {1: Evidence(1, ((0,),), (1.0,)), 2: Evidence(2, ((0, 0),), (1.0,))}})
    found = screen([s], [Column("m", "m", family, mother)], Model("x", (X,)))
    assert np.exp(found.ln_lr[0, 0]) == pytest.approx(0.5 / 0.1)


def test_x_is_not_compared_where_the_missing_persons_sex_is_unknown():
    family = nuclear(["m"], "unknown")
    mother = {"DX": {"2": Evidence(2, ((0, 1),), (1.0,))}}
    found = screen(
        [Typed("s", {"DX": {1: Evidence(1, ((0,),), (1.0,))}})], [Column("m", "m", family, mother)], Model("x", (X,))
    )
    assert found.compared.tolist() == [[0]]


# samples against samples


def test_direct_matches_by_hand():
    samples = [Typed(g, {"M": {2: call(g)}}) for g in ("1/2", "1/2", "1/1", "1/?")]
    found = direct_matches([SampleView.of(samples, ONE)], ["unknown"] * 4)
    seen = np.exp(found.ln_lr)
    half = 0.1**2 + 2 * 0.1 * 0.9
    assert seen[0, 1] == pytest.approx(1 / (2 * 0.1 * 0.3))
    assert seen[0, 2] == 0.0 and found.mismatches[0, 2] == 1
    assert seen[0, 3] == pytest.approx(1 / half) and seen[2, 3] == pytest.approx(1 / half)
    np.testing.assert_allclose(found.ln_lr, found.ln_lr.T, rtol=1e-14)


def test_direct_matches_at_the_x_need_one_known_sex():
    man = {"DX": {1: Evidence(1, ((0,),), (1.0,))}}
    woman = {"DX": {2: Evidence(2, ((0, 1),), (1.0,))}}
    samples = [Typed("a", man), Typed("b", man), Typed("c", woman), Typed("d", woman), Typed("e", man | woman)]
    found = direct_matches([SampleView.of(samples, Model("x", (X,)))], ["male", "male", "female", "female", "unknown"])
    assert np.exp(found.ln_lr[0, 1]) == pytest.approx(1 / 0.1)
    assert np.exp(found.ln_lr[2, 3]) == pytest.approx(1 / (2 * 0.1 * 0.3))
    assert found.compared[0, 2] == found.compared[0, 4] == 0


@pytest.mark.parametrize(
    ("relationship", "k0", "k1", "k2"),
    [("parent-child", 0, 1, 0), ("siblings", 0.25, 0.5, 0.25), ("half-siblings", 0.5, 0.5, 0)],
)
def test_kinship_of_bones_by_hand(relationship, k0, k1, k2):
    """Both 1/2: LR = κ₀ + κ₁ (p₁+p₂)/(4p₁p₂) + κ₂/(2p₁p₂)."""
    samples = [Typed(str(i), {"M": {2: call("1/2")}}) for i in range(2)]
    ln_lr, compared = bone_kinship([SampleView.of(samples, ONE)])[relationship]
    expected = k0 + k1 * 0.4 / (4 * 0.03) + k2 / (2 * 0.03)
    assert np.exp(ln_lr[0, 1]) == pytest.approx(expected) and compared[0, 1] == 1
    assert set(RELATIONSHIPS) == {"parent-child", "siblings", "half-siblings"}
