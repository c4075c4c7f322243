"""Verbs that make pedigrees from pedigrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import homeward.pedigree as hp
from homeward.faults import Refusal
from homeward.pedigree import Member, Pedigree


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [f.code for f in refusal.value.faults]


def test_every_verb_leaves_the_old_pedigree_alone() -> None:
    old = hp.nuclear(2)
    before = old.members
    hp.add_son(old, "3")
    hp.remove_individuals(old, "4")
    hp.swap_sex(old, "3")
    assert old.members == before


def test_add_children_makes_the_missing_parent() -> None:
    p = hp.add_children(hp.singleton("a", "female"), None, "a", 2, "female")
    assert [(m.id, m.father, m.mother, m.sex) for m in p] == [
        ("a", None, None, "female"),
        ("1", None, None, "male"),
        ("2", "1", "a", "female"),
        ("3", "1", "a", "female"),
    ]


def test_add_child_finds_father_and_mother_by_sex() -> None:
    p = hp.nuclear(1, "female")
    assert hp.add_son(p, "3", "s").members[-1] == Member("s", "4", "3", "male")
    assert hp.add_daughter(p, ("3", "1"), "d").members[-1] == Member("d", "1", "3", "female")
    assert hp.add_daughter(p, ("3", "new"), "d")["d"] == Member("d", "new", "3", "female")
    with pytest.raises(Refusal) as refusal:
        hp.add_child(p, ("2", "3"))
    assert codes(refusal) == ["parent-sex"]


def test_add_parents_stand_before_their_child() -> None:
    p = hp.add_parents(hp.singleton("x", founder_inbreeding=0.1), "x", father="f")
    assert p.ids == ("f", "1", "x") and p["x"].founder_inbreeding == 0.0
    with pytest.raises(Refusal) as refusal:
        hp.add_parents(p, "x")
    assert codes(refusal) == ["has-parents"]


def test_add_sibling() -> None:
    p = hp.add_sibling(hp.singleton("x"), "x", "female", "y")
    assert hp.siblings(p, "x") == ("y",)
    half = hp.add_sibling(p, "x", id="z", shared="mother")
    assert hp.siblings(half, "x", half=True) == ("z",) and half["z"].mother == p["x"].mother


def test_removing_somebody_takes_his_branch() -> None:
    p = hp.cousins(1)
    assert hp.remove_individuals(p, "3").ids == ("1", "2", "5", "6", "8")
    assert hp.remove_individuals(p, "7").ids == ("1", "2", "3", "5", "6", "8"), "the widow without children goes too"
    up = hp.remove_individuals(p, "1", also="ancestors")
    assert up.ids == ("3", "4", "5", "6", "7", "8") and len(up.components) == 2


def test_branch_keeps_descendants_and_their_other_parents() -> None:
    p = hp.branch(hp.cousins(1), "3")
    assert p.ids == ("3", "4", "7") and p["3"].is_founder


def test_relabel_by_mapping_and_by_order() -> None:
    assert hp.relabel(hp.nuclear(1), {"3": "kid"}).ids == ("1", "2", "kid")
    assert hp.relabel(hp.nuclear(1), "fmc").members[2] == Member("c", "f", "m", "male")
    with pytest.raises(Refusal) as refusal:
        hp.relabel(hp.nuclear(1), {"9": "x"})
    assert codes(refusal) == ["unknown-person"]


def test_swap_sex_carries_the_mates_along() -> None:
    p = hp.swap_sex(hp.half_sibs(), "1")
    assert [p[x].sex for x in "123"] == ["female", "male", "male"]
    assert (p["4"].father, p["4"].mother) == ("2", "1")


@given(st.integers(0, 200), st.data())
def test_swapping_twice_is_doing_nothing(seed: int, data: st.DataObject) -> None:
    p = hp.random_pedigree(seed, 12)
    who = data.draw(st.sampled_from(p.ids))
    assert hp.swap_sex(hp.swap_sex(p, who), who) == p


@given(st.integers(0, 200), st.data())
def test_whatever_is_removed_a_pedigree_is_left(seed: int, data: st.DataObject) -> None:
    p = hp.random_pedigree(seed, 14)
    who = data.draw(st.sampled_from(p.ids))
    also = data.draw(st.sampled_from(["descendants", "ancestors"]))
    left = hp.remove_individuals(p, who, also=also)
    assert isinstance(left, Pedigree) and who not in left and set(left.ids) < set(p.ids)


def test_founder_inbreeding_by_id_and_for_all() -> None:
    p = hp.set_founder_inbreeding(hp.nuclear(1), 0.25)
    assert [m.founder_inbreeding for m in p] == [0.25, 0.25, 0.0]
    assert hp.set_founder_inbreeding(hp.nuclear(1), {"2": 0.5}, x=True)["2"].founder_inbreeding_x == 0.5
    with pytest.raises(Refusal) as refusal:
        hp.set_founder_inbreeding(hp.nuclear(1), {"3": 0.5})
    assert codes(refusal) == ["inbreeding-range"]


def test_twins() -> None:
    p = hp.set_twins(hp.nuclear(5), ("3", "4"))
    assert hp.set_twins(p, ("5", "6", "7")).twins == (("3", "4"), ("5", "6", "7"))
    with pytest.raises(Refusal) as refusal:
        hp.set_twins(hp.nuclear(2, ("male", "female")), ("3", "4"))
    assert codes(refusal) == ["twins"]


def test_join_by_shared_ids() -> None:
    mother_side = hp.nuclear(["m"], "female", father="gf", mother="gm")
    own = hp.nuclear(["c"], father="f", mother="m")
    p = hp.join(own, mother_side)
    assert hp.ancestors(p, "c") == ("f", "m", "gf", "gm") and len(p.components) == 1
    assert hp.join(Pedigree([Member("c")]), own)["c"].sex == "male"
    with pytest.raises(Refusal) as refusal:
        hp.join(own, hp.nuclear(["c"], father="x", mother="m"), Pedigree([Member("f", sex="female")]))
    assert set(codes(refusal)) == {"person-conflict"} and len(codes(refusal)) == 2
