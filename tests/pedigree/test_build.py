"""Builders state structure: who is whose child, and how many meioses lie between two persons."""

from __future__ import annotations

from fractions import Fraction

import pytest

import homeward.pedigree as hp
from homeward.faults import Refusal
from homeward.pedigree import Pedigree


def kinship(p: Pedigree, a: str, b: str) -> Fraction:
    """By definition: probability that an allele drawn from each is the same by descent; founders outbred."""
    order = {x: i for i, x in enumerate(p.topological)}
    if a == b:
        parents = hp.parents_of(p, a)
        return Fraction(1, 2) * (1 + (kinship(p, *parents) if parents else 0))
    if order[a] < order[b]:
        a, b = b, a
    parents = hp.parents_of(p, a)
    return sum((kinship(p, x, b) for x in parents), Fraction(0)) / 2 if parents else Fraction(0)


def between(p: Pedigree) -> Fraction:
    a, b = hp.leaves(p)[-2:]
    return kinship(p, a, b)


def structure(p: Pedigree) -> list[tuple[str, str | None, str | None]]:
    return [(m.id, m.father, m.mother) for m in p]


def test_nuclear_is_two_founders_and_their_children() -> None:
    p = hp.nuclear(3, ("male", "female"))
    assert structure(p) == [("1", None, None), ("2", None, None), ("3", "1", "2"), ("4", "1", "2"), ("5", "1", "2")]
    assert [m.sex for m in p] == ["male", "female", "male", "female", "male"]
    assert hp.nuclear(["Ann"], "female", father="Bo", mother="Cy").ids == ("Bo", "Cy", "Ann")


def test_singleton_and_linear() -> None:
    assert structure(hp.singleton("x", "female")) == [("x", None, None)]
    line = hp.linear(3, ("female", "male"))
    assert kinship(line, "1", line.ids[-1]) == Fraction(1, 16)
    assert line["1"].sex == "female" and line["3"].mother == "1"


def test_half_sibs_share_one_parent() -> None:
    p = hp.half_sibs(2, 1)
    assert hp.siblings(p, "4") == ("5",) and hp.siblings(p, "4", half=True) == ("6",)
    assert hp.mates(p, "1") == ("2", "3")
    assert kinship(hp.half_sibs(shared="female"), "4", "5") == Fraction(1, 8)


@pytest.mark.parametrize(
    ("pedigree", "expected"),
    [
        (hp.cousins(0), Fraction(1, 4)),
        (hp.cousins(1), Fraction(1, 16)),
        (hp.cousins(1, 1), Fraction(1, 32)),
        (hp.cousins(2), Fraction(1, 64)),
        (hp.cousins(1, half=True), Fraction(1, 32)),
        (hp.cousins(2, 2, half=True), Fraction(1, 512)),
        (hp.double_cousins(), Fraction(1, 8)),
        (hp.double_cousins(1, 2), Fraction(1, 16) + Fraction(1, 64)),
        (hp.double_cousins(half1=True), Fraction(1, 16) + Fraction(1, 32)),
        (hp.quad_half_first_cousins(), Fraction(4, 32)),
        (hp.half_sib_stack(1), Fraction(1, 8)),
        (hp.full_sib_mating(0), Fraction(1, 4)),
        (hp.full_sib_mating(1), Fraction(3, 8)),
    ],
)
def test_kinship_of_the_two_youngest(pedigree: Pedigree, expected: Fraction) -> None:
    assert between(pedigree) == expected


@pytest.mark.parametrize(("removal", "expected"), [(1, Fraction(1, 8)), (2, Fraction(1, 16)), (3, Fraction(1, 32))])
def test_avuncular(removal: int, expected: Fraction) -> None:
    p = hp.avuncular(removal, sex=("female", "male"))
    uncle, nephew = hp.leaves(p)
    assert (p[uncle].sex, p[nephew].sex) == ("female", "male")
    assert kinship(p, uncle, nephew) == expected
    assert kinship(hp.avuncular(1, half=True), *hp.leaves(hp.avuncular(1, half=True))) == Fraction(1, 16)


def test_first_cousins_are_numbered_by_generation() -> None:
    p = hp.cousins(1)
    assert structure(p) == [
        ("1", None, None),
        ("2", None, None),
        ("3", "1", "2"),
        ("4", None, None),
        ("5", "1", "2"),
        ("6", None, None),
        ("7", "3", "4"),
        ("8", "5", "6"),
    ]


def test_ancestral_has_all_ancestors() -> None:
    p = hp.ancestral(3)
    assert len(p) == 15 and p.ids[-1] == "15" and len(p.founders) == 8
    assert hp.ancestors(p, "15") == p.ids[:-1]
    assert kinship(p, "1", "15") == Fraction(1, 16)


def test_a_stack_of_half_sib_matings_inbreeds() -> None:
    p = hp.half_sib_stack(2)
    a, b = hp.leaves(p)[-2:]
    father, mother = hp.parents_of(p, a)
    assert hp.siblings(p, father, half=True) == (mother,)
    assert hp.siblings(p, a, half=True) == (b,)
    assert kinship(p, a, a) == Fraction(1, 2) + Fraction(1, 16)


def test_random_pedigrees_are_repeatable_and_sound() -> None:
    for seed in range(50):
        p = hp.random_pedigree(seed, 15, 4)
        assert p == hp.random_pedigree(seed, 15, 4)
        assert len(p) == 15 and len(p.founders) == 4 and p.topological == p.ids
    assert len({hp.random_pedigree(seed, 15) for seed in range(50)}) > 40
    with pytest.raises(ValueError, match="at least 2 founders"):
        hp.random_pedigree(1, 5, 1)


def test_impossible_requests_are_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        hp.cousins(-1)
    with pytest.raises(ValueError, match="at least 1"):
        hp.double_cousins(0)
    with pytest.raises(Refusal):
        hp.singleton(founder_inbreeding=2.0)
