"""Which equal ids in two family files are one person, and what follows."""

from __future__ import annotations

import pytest
from hand_cases import case, run, warnings

from homeward.case import (
    Family,
    merge_families,
)
from homeward.pedigree import Member, Pedigree, nuclear


def test_a_person_missing_in_two_files_is_one_name():
    """The father's file and the mother's file of one child: together they are a trio."""
    one = Family(
        "A",
        Pedigree([Member("Kim", sex="male"), Member("Lee", sex="female"), Member("Pak", "Kim", "Lee", "male")]),
        ("Pak",),
    )
    other = Family(
        "B",
        Pedigree([*one.pedigree, Member("Choi", "Kim", "Lee", "female")]),
        ("Pak",),
    )
    c = case([one, other], {"V1": {"TH01": "6/7"}, "A/Kim": {"TH01": "6/9"}, "B/Lee": {"TH01": "7/8"}}, strangers=0.1)
    result = run(c)
    assert [p.missing for p in result.pairs] == ["A/Pak"]
    assert 10 ** result.pairs[0].log10_lr == pytest.approx(0.25 / (2 * 0.2 * 0.25))
    # one name on the list, not two
    assert result.pairs[0].posterior == pytest.approx(0.9 * 2.5 / (0.9 * 2.5 + 0.1))
    assert result.outside[0].unreferenced == 0.0
    assert "families-merged" in warnings(result)


def couple(child: str, first: str, second: str, family: str) -> Family:
    return Family(family, nuclear([child], "male", father=first, mother=second), (child,))


def test_shared_grandparents_merge_and_words_for_roles_do_not():
    """As jt033: GF and GM name the same couple; Father and Mother recur in every file."""
    merged = merge_families(case([couple("Abe", "GF", "GM", "A"), couple("Ito", "GF", "GM", "B")], {}))
    assert [f.families for f in merged.families] == [("A", "B")]
    assert merged.families[0].missing == ("A/Abe", "B/Ito")
    assert len(merged.families[0].pedigree) == 4
    apart = merge_families(case([couple("Abe", "Father", "Mother", "A"), couple("Ito", "Father", "Mother", "B")], {}))
    assert [f.families for f in apart.families] == [("A",), ("B",)]


def twins(family: str, *names: str) -> Family:
    couple = [Member("GF", sex="male"), Member("GM", sex="female")]
    return Family(family, Pedigree([*couple, *(Member(x, "GF", "GM", "male", twin="a") for x in names)]), names[:1])


def test_a_mark_of_twins_is_of_its_own_file():
    merged = merge_families(case([twins("A", "Abe", "Abo"), twins("B", "Ito", "Iwa")], {}))
    assert merged.families[0].pedigree.twins == (("A/Abe", "A/Abo"), ("B/Ito", "B/Iwa"))
    # 6/7 and 6/6 of full brothers: ¼ + ½·1/(2p₆) + ¼·0
    c = case([twins("A", "Abe", "Abo"), twins("B", "Ito", "Iwa")], {"V1": {"TH01": "6/7"}, "B/Iwa": {"TH01": "6/6"}})
    assert 10 ** run(c).pairs[0].log10_lr == pytest.approx(0.25 + 0.5 / 0.4)
    # one of them in both files joins the rest
    three = merge_families(case([twins("A", "Abe", "Abo"), twins("B", "Abo", "Iwa")], {}))
    assert three.families[0].pedigree.twins == (("A/Abe", "A/Abo", "B/Iwa"),)


def test_what_speaks_against_equal_ids():
    typed = {"A/GF": {"TH01": "6/7"}, "B/GF": {"TH01": "6/8"}}
    families = [couple("Abe", "GF", "GM", "A"), couple("Ito", "GF", "GM", "B")]
    assert merge_families(case(families, typed)).doubted == (("A", "B", ("GF", "GM"), "genotypes"),)
    more = {"A/GF": {"TH01": "6/7"}, "B/GF": {"TH01": "7/6", "TPOX": "8/8"}}
    assert len(merge_families(case(families, more)).families) == 1
    sexes = [couple("Abe", "GF", "GM", "A"), couple("Ito", "GM", "GF", "B")]
    assert merge_families(case(sexes, {})).doubted[0][3] == "sex"


def test_a_third_file_does_not_make_one_man_of_two():
    """A's GF could be B's or C's, who differ: nobody knows whose, and B and C stay strangers."""
    families = [couple(child, "GF", "GM", f) for child, f in (("Abe", "A"), ("Ito", "B"), ("Ono", "C"))]
    typed = {"B/GF": {"TH01": "6/7"}, "C/GF": {"TH01": "8/8"}}
    merging = merge_families(case(families, typed))
    assert [f.families for f in merging.families] == [("A",), ("B",), ("C",)]
    assert {d[:2] for d in merging.doubted} == {("A", "B"), ("A", "C"), ("B", "C")}
    assert {d[3] for d in merging.doubted} == {"genotypes"}
    assert len(merge_families(case(families, {})).families) == 1


def test_files_joined_by_one_person_keep_others_of_equal_id_apart():
    """Han and Roh join A's Kim, who is B's, and C's Kim, who is D's and another."""
    sexes = {"Kim": "male", "Han": "female", "Roh": "female"}
    people = {"A": ["Kim", "Han"], "B": ["Kim"], "C": ["Kim", "Roh"], "D": ["Kim"], "E": ["Han", "Roh"]}
    families = [Family(f, Pedigree(Member(p, sex=sexes[p]) for p in held), ()) for f, held in people.items()]
    typed = {f"{f}/Kim": {"TH01": g} for f, g in (("A", "6/7"), ("B", "6/7"), ("C", "8/8"), ("D", "8/8"))}
    (one,) = merge_families(case(families, typed)).families
    assert one.families == ("A", "B", "C", "D", "E")
    assert dict(one.alias) == {"B/Kim": "A/Kim", "D/Kim": "C/Kim", "E/Han": "A/Han", "E/Roh": "C/Roh"}
