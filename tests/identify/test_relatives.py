"""A relative instead of the missing person, as algebra in one allele's frequency."""

from __future__ import annotations

from math import exp, inf

import numpy as np
import pytest

from homeward.genetics import Locus, Model
from homeward.identify import Column, Typed, View
from homeward.identify.relatives import kin_alternatives
from homeward.observe import called
from homeward.pedigree import Member, Pedigree

P = 0.04
LOCUS = Locus("L", "autosomal", ("a", "b"), np.array([P, 1 - P]))
MODEL = Model("P", (LOCUS,))
CHILD = Pedigree([Member("M", sex="male"), Member("W", sex="female"), Member("C", "M", "W", "female")])
FATHER = Pedigree([Member("F", sex="male"), Member("W", sex="female"), Member("M", "F", "W", "female")])


def seen(*alleles: str):
    evidence = called(alleles, LOCUS, "unknown")
    assert evidence is not None
    return evidence


def view(pedigree: Pedigree, who: str, relative: tuple[str, ...], sample: tuple[str, ...], model=MODEL) -> View:
    column = Column("M", "M", pedigree, {"L": {who: seen(*relative)}})
    return View("P", 1.0, model, [[(1.0, Typed("S", {"L": {2: seen(*sample)}}))]], [[(1.0, column)]])


def test_of_a_father_by_his_child():
    # child a/a, sample a/a. Father: 1/p; uncle ½ + ½/p; great-uncle ¾ + ¼/p; parent's cousin ⅞ + ⅛/p
    found = kin_alternatives([view(CHILD, "C", ("a", "a"), ("a", "a"))], 0, 0)
    uncle, great, cousin = (0.5 + 0.5 / P), (0.75 + 0.25 / P), (0.875 + 0.125 / P)
    assert {kin: exp(ln) for kin, ln in found.items()} == pytest.approx(
        {
            "sibling": 1 / P / uncle,
            "paternal-uncle": 1 / P / great,
            "maternal-uncle": 1 / P / great,
            "paternal-cousin": 1 / P / cousin,
            "maternal-cousin": 1 / P / cousin,
        }
    )


def test_parents_cannot_tell_siblings_and_sides_differ():
    # father a/a, sample a/b, q = 1−p: any child of his q; his sister ½q + ¼·2pq; her child ½q + ½·2pq; strangers 2pq
    found = {k: exp(v) for k, v in kin_alternatives([view(FATHER, "F", ("a", "a"), ("a", "b"))], 0, 0).items()}
    assert found == pytest.approx(
        {
            "sibling": 1.0,
            "paternal-uncle": 1 / (0.5 + 0.5 * P),
            "maternal-uncle": 1 / (2 * P),
            "paternal-cousin": 1 / (0.5 + P),
            "maternal-cousin": 1 / (2 * P),
        }
    )


def test_what_is_impossible():
    found = kin_alternatives([view(CHILD, "C", ("a", "a"), ("b", "b"))], 0, 0)
    assert set(found.values()) == {-inf}
    # mother and father b/b: only a child of others can have a
    both = Column("M", "M", FATHER, {"L": {"F": seen("b", "b"), "W": seen("b", "b")}})
    sample = [[(1.0, Typed("S", {"L": {2: seen("a", "b")}}))]]
    found = kin_alternatives([View("P", 1.0, MODEL, sample, [[(1.0, both)]])], 0, 0)
    assert found["sibling"] == -inf and found["paternal-uncle"] == -inf


def test_an_alternative_that_is_impossible():
    # father's parents b/b: his brother has no a, M has his mother's
    founders = [Member("G", sex="male"), Member("g", sex="female"), Member("W", sex="female")]
    pedigree = Pedigree([*founders, Member("F", "G", "g", "male"), Member("M", "F", "W", "male")])
    column = Column("M", "M", pedigree, {"L": {"G": seen("b", "b"), "g": seen("b", "b"), "W": seen("a", "a")}})
    sample = [[(1.0, Typed("S", {"L": {2: seen("a", "b")}}))]]
    found = kin_alternatives([View("P", 1.0, MODEL, sample, [[(1.0, column)]])], 0, 0)
    assert found["paternal-uncle"] == inf and found["sibling"] == pytest.approx(0.0)
    # the uncle's child has b and anything
    assert exp(found["paternal-cousin"]) == pytest.approx(1 / P)


def test_stated_origin_goes_to_the_parents_that_are_added():
    elsewhere = Locus("L", "autosomal", ("a", "b"), np.array([P, 1 - P]), elsewhere={"Q": np.array([0.5, 0.5])})
    pedigree = Pedigree([Member("M", sex="male", population="Q"), *list(CHILD)[1:]])
    found = kin_alternatives([view(pedigree, "C", ("a", "a"), ("a", "a"), Model("P", (elsewhere,)))], 0, 0)
    # the child's a is from M of Q; H1 against the uncle: q against ½·q² /q + …: 1 / (½ + ½q)
    assert exp(found["sibling"]) == pytest.approx(1 / (0.5 + 0.5 * 0.5))
