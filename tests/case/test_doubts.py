"""What may be wrong in a register becomes pedigrees with weights: alternatives of one person, independent persons."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.case import Case, Doubt, Family, Variant, merge_families, variants
from homeward.faults import Refusal
from homeward.pedigree import Member, Pedigree, kinship


def register(*more: Member) -> Pedigree:
    """Two brothers, the wife of one of them, and her children: twins, and one born alone."""
    return Pedigree(
        [
            Member("GF", sex="male", population="north"),
            Member("GM", sex="female"),
            Member("Father", "GF", "GM", "male"),
            Member("Uncle", "GF", "GM", "male"),
            Member("Mother", sex="female"),
            Member("T1", "Father", "Mother", "female", "a"),
            Member("T2", "Father", "Mother", "female", "a"),
            Member("Son", "Father", "Mother", "male"),
            *more,
        ]
    )


def parents(variant: Variant, person: str) -> tuple[str | None, str | None]:
    return variant.pedigree[person].father, variant.pedigree[person].mother


def codes(doubts: list[Doubt], pedigree: Pedigree | None = None) -> set[tuple[str, str]]:
    with pytest.raises(Refusal) as refused:
        variants("F", pedigree or register(), doubts)
    assert all(f.message and f.remedy for f in refused.value.faults)
    return {(f.code, f.value) for f in refused.value.faults}


def test_without_doubts_the_register_is_all_there_is() -> None:
    assert variants("F", register(), ()) == (Variant(1.0, register(), ()),)


def test_two_persons_in_doubt_are_independent_and_the_register_comes_first() -> None:
    uncle, stranger = Doubt("Son", "Uncle", "Mother", 0.2), Doubt("Father", None, "GM", 0.25)
    found = variants("F", register(), [uncle, stranger])
    assert [v.changed for v in found] == [(), (stranger,), (uncle,), (uncle, stranger)]
    assert [v.weight for v in found] == pytest.approx([0.8 * 0.75, 0.8 * 0.25, 0.2 * 0.75, 0.2 * 0.25], rel=1e-15)
    assert found[0].pedigree == register()
    assert parents(found[3], "Son") == ("Uncle", "Mother")
    assert parents(found[3], "Father") == ("unknown father of Father", "GM")


def test_alternatives_of_one_person_exclude_each_other() -> None:
    found = variants("F", register(), [Doubt("Son", "Uncle", "Mother", 0.2), Doubt("Son", None, None, 0.3)])
    assert [(v.weight, parents(v, "Son")) for v in found] == [
        (pytest.approx(0.5), ("Father", "Mother")),
        (pytest.approx(0.2), ("Uncle", "Mother")),
        (pytest.approx(0.3), (None, None)),
    ]


def test_what_cannot_be_is_no_variant() -> None:
    """Probabilities of 0 and 1 leave one pedigree, also where decimals sum to one only nearly."""
    sure = Doubt("Son", "Uncle", "Mother", 1.0)
    (only,) = variants("F", register(), [sure, Doubt("T1", None, None, 0.0)])
    assert (only.weight, only.changed) == (1.0, (sure,))
    tenths = [Doubt("Son", f, m, p) for f, m, p in [(None, None, 0.7), (None, "GM", 0.2), ("Uncle", "Mother", 0.1)]]
    assert 0.7 + 0.2 + 0.1 < 1.0
    found = variants("F", register(), tenths)
    assert len(found) == 3 and math.fsum(v.weight for v in found) == pytest.approx(1.0, abs=1e-15)
    above = [Doubt("Son", None, None, 0.1), Doubt("Son", None, "GM", 0.2), Doubt("Son", "Uncle", "Mother", 0.7 + 1e-15)]
    assert len(variants("F", register(), above)) == 3


@given(st.lists(st.floats(0.0, 1.0), max_size=6))
def test_weights_sum_to_one(probabilities: list[float]) -> None:
    children = [Member(f"C{i}", "Father", "Mother") for i in range(len(probabilities))]
    doubts = [Doubt(c.id, None, "Mother", p) for c, p in zip(children, probabilities, strict=True)]
    found = variants("F", register(*children), doubts)
    assert math.fsum(v.weight for v in found) == pytest.approx(1.0, abs=1e-12)
    assert all(v.weight >= 0 for v in found)
    assert len({v.changed for v in found}) == len(found)
    for d in doubts:
        share = math.fsum(v.weight for v in found if d in v.changed)
        assert share == pytest.approx(d.probability, abs=1e-8)


def test_the_child_of_the_uncle_is_the_fathers_nephew() -> None:
    """Kinship to the registered father: 1/4 as his child, 1/8 as his brother's, 0 as somebody's."""
    doubts = [Doubt("Son", "Uncle", "Mother", 0.1), Doubt("Son", None, None, 0.2)]
    found = variants("F", register(), doubts)
    assert [kinship(v.pedigree, "Father", "Son") for v in found] == [0.25, 0.125, 0.0]
    assert [kinship(v.pedigree, "T1", "Son") for v in found] == [0.25, 0.1875, 0.0]


def test_identical_twins_move_together_and_remain_twins() -> None:
    found = variants("F", register(), [Doubt("T2", "Uncle", "Mother", 0.1), Doubt("T2", None, "Mother", 0.1)])
    for v in found:
        assert v.pedigree.twins == (("T1", "T2"),)
        assert parents(v, "T1") == parents(v, "T2")
    assert parents(found[2], "T1") == ("unknown father of T2", "Mother")


def test_twins_of_unknown_parents_are_still_one_egg() -> None:
    """Two founders would be strangers; what is unknown is who bore them, not that they are twins."""
    taken_in = variants("F", register(), [Doubt("T1", None, None, 0.5)])[1]
    assert taken_in.pedigree.twins == (("T1", "T2"),)
    assert kinship(taken_in.pedigree, "T1", "T2") == 0.5
    assert kinship(taken_in.pedigree, "T1", "Son") == 0.0


def test_who_moves_is_no_twin_of_his_new_brothers() -> None:
    """A mark such as `a` means something in one sibship only."""
    cousins = [Member("Aunt", sex="female"), *(Member(c, "Uncle", "Aunt", "female", "a") for c in ("K1", "K2"))]
    moved = variants("F", register(*cousins), [Doubt("T1", "Uncle", "Aunt", 0.5)])[1]
    assert sorted(moved.pedigree.twins) == [("K1", "K2"), ("T1", "T2")]


def test_two_children_of_unknown_fathers_have_two() -> None:
    both = variants("F", register(), [Doubt("T1", None, "Mother", 0.5), Doubt("Son", None, "Mother", 0.5)])[3]
    assert parents(both, "T1")[0] != parents(both, "Son")[0]
    assert kinship(both.pedigree, "T1", "Son") == 0.125


def test_an_added_parent_takes_nobodys_id() -> None:
    taken = Member("unknown father of Son", sex="male")
    changed = variants("F", register(taken), [Doubt("Son", None, "Mother", 0.5)])[1].pedigree
    assert changed["Son"].father == "unknown father of Son_"
    assert changed["Son"].father in changed.founders


def test_a_founder_given_parents_is_no_founder_any_more() -> None:
    pedigree = register(
        Member("Old", sex="male"), Member("Olga", "Old", "GM", "female"), Member("In", population="south")
    )
    first = variants("F", pedigree, [Doubt("GF", "Old", None, 0.5), Doubt("In", "Father", "Mother", 0.5)])[3].pedigree
    assert (first["GF"].population, first["In"].population) == ("", "")
    assert register()["GF"].population == "north"
    inbred = Pedigree([Member("P", sex="male"), Member("C", founder_inbreeding=0.25, founder_inbreeding_x=0.1)])
    changed = variants("F", inbred, [Doubt("C", "P", None, 0.5)])[1].pedigree["C"]
    assert (changed.founder_inbreeding, changed.founder_inbreeding_x) == (0.0, 0.0)


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_what_is_no_probability_is_refused(p: float) -> None:
    assert codes([Doubt("Son", None, None, p)]) == {("doubt-probability", "Son")}


def test_alternatives_above_one_together_are_refused_for_every_person() -> None:
    doubts = [Doubt(c, f, m, 0.6) for c in ("Son", "T1") for f, m in [(None, None), ("Uncle", "Mother")]]
    assert codes([*doubts, Doubt("Father", None, None, 0.6)]) == {
        ("doubt-probability", "Son"),
        ("doubt-probability", "T1"),
    }


def test_impossible_parents_are_refused() -> None:
    assert codes([Doubt("GF", "Son", None, 0.1)]) == {("impossible-doubt", "GF")}
    assert codes([Doubt("Son", "Mother", "GM", 0.1)]) == {("impossible-doubt", "Son")}
    assert codes([Doubt("Son", "Nobody", "Mother", 0.1)]) == {("impossible-doubt", "Son")}
    assert codes([Doubt("Nobody", None, None, 0.1)]) == {("impossible-doubt", "Nobody")}
    assert codes([Doubt("T1", None, None, 0.1), Doubt("T2", None, None, 0.1)]) == {("impossible-doubt", "T2")}


def test_alternatives_that_are_impossible_only_together_are_refused() -> None:
    doubts = [Doubt("Father", "Uncle", "GM", 0.1), Doubt("Uncle", "Father", "GM", 0.1)]
    assert all(len(variants("F", register(), [d])) == 2 for d in doubts)
    assert codes(doubts) == {("impossible-doubt", "Uncle")}


def test_more_pedigrees_than_can_be_computed_are_refused() -> None:
    children = [Member(f"C{i}", "Father", "Mother") for i in range(9)]
    doubts = [Doubt(c.id, None, "Mother", 0.1) for c in children]
    assert len(variants("F", register(*children), doubts[:8])) == 256
    assert codes(doubts, register(*children)) == {("too-many-doubts", "F")}
    impossible = [*doubts[:8], Doubt("C8", None, "Mother", 0.0)]
    assert len(variants("F", register(*children), impossible)) == 256, "what has no probability is no pedigree"


def test_a_person_in_doubt_may_be_one_of_two_families() -> None:
    """He is a son in one file and a father in the other; each doubts something of him and his."""
    household = Pedigree(
        [
            Member("Tanaka Goro", sex="male"),
            Member("Tanaka Hana", sex="female"),
            Member("Tanaka Ichiro", "Tanaka Goro", "Tanaka Hana", "male"),
        ]
    )
    branch = Pedigree(
        [
            Member("Tanaka Ichiro", sex="male"),
            Member("Tanaka Aiko", sex="female"),
            Member("Tanaka Jiro", "Tanaka Ichiro", "Tanaka Aiko", "male"),
        ]
    )
    one = Family("F1", household, ("Tanaka Goro",), doubts=(Doubt("Tanaka Ichiro", None, "Tanaka Hana", 0.2),))
    two = Family("F2", branch, ("Tanaka Jiro",), doubts=(Doubt("Tanaka Jiro", None, "Tanaka Aiko", 0.1),))
    (merged,) = merge_families(Case("Two", families=(one, two))).families
    assert merged.doubts == (
        Doubt("F1/Tanaka Ichiro", None, "F1/Tanaka Hana", 0.2),
        Doubt("F2/Tanaka Jiro", None, "F2/Tanaka Aiko", 0.1),
    )
    found = variants("F1 F2", merged.pedigree, merged.doubts)
    assert [v.weight for v in found] == pytest.approx([0.72, 0.08, 0.18, 0.02])
    related = [kinship(v.pedigree, "F1/Tanaka Goro", "F2/Tanaka Jiro") for v in found]
    assert related == [0.125, 0.0, 0.0, 0.0]
