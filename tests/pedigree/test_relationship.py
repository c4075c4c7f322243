"""Relationships as data: the builders' own parameters come back, and every line counts in Wright's formula."""

from __future__ import annotations

from dataclasses import replace

import pytest

import homeward.pedigree as hp
from homeward.faults import Refusal
from homeward.pedigree import Pedigree, Relationship, Tie


def told(p: Pedigree, a: str, b: str) -> tuple[str, list[tuple[str, int, int, bool]]]:
    found = hp.relationship(p, a, b)
    return found.code, [(t.code, t.degree, t.removal, t.half) for t in found.ties]


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("removal", range(3))
@pytest.mark.parametrize("degree", range(4))
def test_cousins_of_every_degree(degree: int, removal: int, half: bool) -> None:
    p = hp.cousins(degree, removal, half=half)
    a, b = hp.leaves(p)
    if len(hp.ancestors(p, a)) > len(hp.ancestors(p, b)):
        a, b = b, a
    found = hp.relationship(p, a, b)
    (tie,) = found.ties
    if degree:
        assert (found.code, tie.degree, tie.removal) == ("cousins", degree, removal)
    elif removal:
        assert (found.code, tie.degree, tie.removal) == ("avuncular", removal, 0)
    else:
        assert (found.code, tie.degree, tie.removal) == ("half-siblings" if half else "siblings", 0, 0)
    assert tie.half == half and tie.ancestors == (("1",) if half else ("1", "2"))
    assert tie.older == ("a" if removal else None)
    assert (len(tie.line_a), len(tie.line_b)) == (degree + 1, degree + 1 + removal)
    assert tie.line_a[0] == a and tie.line_b[0] == b
    back = hp.relationship(p, b, a)
    assert back.code == found.code
    assert back.ties == (Tie(tie.ancestors, tie.line_b, tie.line_a),)


@pytest.mark.parametrize("generations", [1, 2, 4])
def test_lines_of_descent(generations: int) -> None:
    p = hp.linear(generations)
    (end,) = hp.leaves(p)
    found = hp.relationship(p, end, "1")
    assert found.code == "lineal" and not found.mates
    (tie,) = found.ties
    assert (tie.degree, tie.removal, tie.half, tie.older) == (generations, 0, False, "b")
    assert tie.ancestors == ("1",) and tie.line_b == () and len(tie.line_a) == generations


def test_oneself_mates_and_strangers() -> None:
    p = hp.add_sibling(hp.nuclear(1), "3")
    p = hp.add_child(p, "4", "6")
    assert hp.relationship(p, "3", "3") == Relationship("3", "3", "self")
    assert hp.relationship(p, "1", "2") == Relationship("1", "2", "spouses", (), True)
    wife = next(q for q in hp.mates(p, "4"))
    assert told(p, "3", wife) == ("unrelated", [])


def test_mates_who_are_kin() -> None:
    p = hp.full_sib_mating(1)
    found = hp.relationship(p, "3", "4")
    assert (found.code, found.mates) == ("siblings", True)
    # their children are siblings, and children of siblings besides
    assert told(p, "5", "6") == ("siblings", [("siblings", 0, 0, False), *[("cousins", 1, 0, False)] * 2])
    # a father is uncle of his child by his sister
    assert told(p, "3", "5") == ("lineal", [("lineal", 1, 0, False), ("avuncular", 1, 0, False)])


def test_double_cousins() -> None:
    p = hp.double_cousins()
    a, b = hp.leaves(p)
    assert told(p, a, b) == ("double-cousins", [("cousins", 1, 0, False)] * 2)
    p = hp.double_cousins(1, 2)
    a, b = hp.leaves(p)
    assert told(p, a, b) == ("cousins", [("cousins", 1, 0, False), ("cousins", 2, 0, False)])
    p = hp.quad_half_first_cousins()
    assert told(p, "9", "10") == ("cousins", [("cousins", 1, 0, True)] * 4)
    # cousins twice over through one parent each, whose parents were double cousins' parents: not double cousins
    p = hp.double_cousins()
    a, b = hp.leaves(p)
    p = hp.add_child(hp.add_child(p, a, "x"), b, "y")
    assert told(p, "x", "y") == ("cousins", [("cousins", 2, 0, False)] * 2)


def test_three_quarter_siblings() -> None:
    """One mother, and fathers who are brothers."""
    p = hp.nuclear(["b1", "b2"])
    p = hp.add_children(hp.add_children(p, "b1", "m", ["x"]), "b2", "m", ["y"])
    assert told(p, "x", "y") == ("half-siblings", [("half-siblings", 0, 0, True), ("cousins", 1, 0, False)])


def test_twins_and_those_who_come_from_them() -> None:
    p = hp.set_twins(hp.nuclear(["a", "b", "c"]), ("a", "b"))
    p = hp.add_child(hp.add_child(p, "a", "a1"), "b", "b1")
    p = hp.add_child(p, "c", "c1")
    assert hp.relationship(p, "a", "b").code == "twins"
    assert hp.relationship(p, "a", "c").code == "siblings"
    assert told(p, "a1", "b1") == ("cousins", [("cousins", 1, 0, False)])
    assert [t.twins for t in hp.relationship(p, "a1", "b1").ties] == [True]
    assert [t.twins for t in hp.relationship(p, "a1", "c1").ties] == [False]
    assert [t.twins for t in hp.relationship(p, "a1", "b").ties] == [True]


@pytest.mark.parametrize("seed", range(25))
def test_every_line_counts_in_the_kinship(seed: int) -> None:
    """φ = Σ over lines of ½^(meioses + 1) (1 + F of the ancestor): none is missing and none told twice."""
    p = hp.set_founder_inbreeding(hp.random_pedigree(seed, 14, 4), 0.25 if seed % 2 else 0.0)
    f = hp.inbreeding(p)
    for a in p.ids:
        for b in p.ids:
            if a == b:
                continue
            found = hp.relationship(p, a, b)
            phi = sum(0.5 ** (len(t.line_a) + len(t.line_b) + 1) * (1 + f[c]) for t in found.ties for c in t.ancestors)
            assert hp.kinship(p, a, b) == pytest.approx(phi, abs=1e-12)
            assert found.mates == (b in hp.mates(p, a))
            assert {t.code for t in found.ties} == {t.code for t in hp.relationship(p, b, a).ties}


def test_order_of_members_does_not_matter() -> None:
    p = hp.random_pedigree(3, 14, 4)
    q = Pedigree(reversed(list(p)))
    for a in p.ids:
        one, other = hp.relationship(p, a, "14"), hp.relationship(q, a, "14")
        assert (one.code, one.mates) == (other.code, other.mates)
        assert {replace(t, ancestors=tuple(sorted(t.ancestors))) for t in one.ties} == {
            replace(t, ancestors=tuple(sorted(t.ancestors))) for t in other.ties
        }


def test_strangers_to_the_pedigree_are_refused() -> None:
    with pytest.raises(Refusal) as refused:
        hp.relationship(hp.nuclear(1), "1", "nobody")
    assert [(f.code, f.value) for f in refused.value.faults] == [("unknown-person", "nobody")]
