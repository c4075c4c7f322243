"""Matches without rival, round by round, worked by hand."""

from __future__ import annotations

from math import exp, inf, log

import numpy as np
import pytest

from homeward.genetics import Locus, Model
from homeward.identify import Column, Typed
from homeward.identify.undisputed import undisputed, without_rival
from homeward.observe import called
from homeward.pedigree import Member, Pedigree

RARE = 1e-5
LOCUS = Locus("L", "autosomal", ("a", "b", "rest"), np.array([RARE, 0.3, 0.7 - RARE]))
MODEL = Model("P", (LOCUS,))
FAMILY = Pedigree(
    [
        Member("G", sex="male"),
        Member("g", sex="female"),
        Member("father", "G", "g", sex="male"),
        Member("m", sex="female"),
        Member("child", "father", "m", sex="female"),
    ]
)


def typed(name: str, *alleles: str) -> Typed:
    evidence = called(alleles, LOCUS, "unknown")
    assert evidence is not None
    return Typed(name, {"L": {2: evidence}})


def family() -> list[Column]:
    seen = called(("a", "a"), LOCUS, "male")
    assert seen is not None
    return [Column(who, who, FAMILY, {"L": {"G": seen}}) for who in ("father", "child")]


def test_who_is_found_joins_the_references():
    # father a/a of G a/a: 1/p. Child a/b of a typed grandfather: 1/(4p) + 1/2; of a typed father a/a: 1/(2p)
    samples, by_sex = [typed("V1", "a", "a"), typed("V2", "a", "b")], np.eye(2, dtype=bool)
    found = undisputed(samples, family(), MODEL, threshold=40_000, allowed=by_sex)
    assert [(u.sample, u.missing, u.round) for u in found] == [("V1", "father", 1), ("V2", "child", 2)]
    assert [exp(u.ln_lr) for u in found] == pytest.approx([1 / RARE, 1 / (2 * RARE)])
    assert undisputed(samples[1:], family(), MODEL, threshold=40_000, allowed=by_sex[1:]) == []
    assert 1 / (4 * RARE) + 0.5 < 40_000


def test_a_match_in_another_family_changes_nobody():
    other = [Column("x", "x", FAMILY.relabelled({"child": "x"}), family()[1].evidence)]
    samples, by_sex = [typed("V1", "a", "a"), typed("V2", "a", "b")], np.eye(2, dtype=bool)
    found = undisputed(samples, [family()[0], *other], MODEL, threshold=40_000, allowed=by_sex)
    assert [(u.sample, u.missing) for u in found] == [("V1", "father")]


def test_without_sex_the_child_is_a_rival():
    # V1 as the child: 1/(2p) + 1/2, more than a threshold's part of 1/p
    assert undisputed([typed("V1", "a", "a")], family(), MODEL, threshold=40_000) == []


def test_rivals_by_hand():
    lr = np.array([[1e9, 2e4, 1.0], [3.0, 1e6, 0.0], [0.5, 30.0, 1e5]])
    with np.errstate(divide="ignore"):
        ln = np.log(lr)
    # the second sample's column has 2e4 in it: 1e6 is not 10⁴ times that
    assert without_rival(ln, threshold=1e4).tolist() == [[True, False, False], [False] * 3, [False] * 3]
    assert not without_rival(ln, threshold=1e4, strict=True).any()
    assert without_rival(ln[:, [0, 2]], threshold=1e4, strict=False)[2].tolist() == [False, True]
    assert without_rival(ln[[0, 2]][:, [0, 2]], threshold=1e4, strict=True).tolist() == [[True, False], [False, True]]


def test_equals_are_each_others_rivals_and_one_alone_has_none():
    assert not without_rival(np.full((2, 1), log(1e8)), threshold=1e4).any()
    assert without_rival(np.array([[log(1e8)]]), threshold=1e4).all()
    assert not without_rival(np.array([[-inf]]), threshold=1e4).any()
    assert without_rival(np.array([[log(1e8), -inf]]), threshold=1e4).tolist() == [[True, False]]
