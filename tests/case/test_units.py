"""Samples of one body are one unit; which units cannot be one body is what their remains say, two by two."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from homeward.case import Case, Remains, Sample, apart, units
from homeward.case.elements import conflict


def case_of(*remains: Remains, samples: tuple[Sample, ...] | None = None) -> Case:
    """Every remains with one sample, unless samples are given."""
    one_each = tuple(Sample(f"of {r.id}", "remains", r.id) for r in remains)
    return Case("Units", remains=remains, samples=one_each if samples is None else samples)


def ids(case: Case) -> list[list[str]]:
    return [[s.id for s in unit] for unit in units(case)]


def pairs(case: Case) -> frozenset[tuple[int, int]]:
    return apart(case, units(case))


def test_samples_of_one_remains_or_of_one_individual_are_one_unit_in_order_of_the_first() -> None:
    remains = (Remains("A"), Remains("B", individual="X"), Remains("C"), Remains("D", individual="X"))
    samples = (
        Sample("d1", "remains", "D"),
        Sample("F/M", "person", "F/M"),
        Sample("a1", "remains", "A"),
        Sample("b1", "remains", "B"),
        Sample("brush", "effect", "A"),
        Sample("a2", "remains", "A"),
        Sample("c1", "remains", "C"),
    )
    assert ids(case_of(*remains, samples=samples)) == [["d1", "b1"], ["a1", "a2"], ["c1"]]


def test_an_individual_called_like_other_remains_is_not_those_remains() -> None:
    case = case_of(Remains("A"), Remains("B", individual="A"))
    assert ids(case) == [["of A"], ["of B"]]


def test_elements_and_decisions_keep_units_apart() -> None:
    case = case_of(
        Remains("skull", element="skull"),
        Remains("skull 2", element="skull"),
        Remains("left", element="femur", side="left"),
        Remains("right", element="femur", side="right"),
        Remains("left 2", element="femur", side="left"),
        Remains("rib", element="rib", not_same_as=("skull",)),
        Remains("rib 2", element="rib"),
    )
    assert pairs(case) == {(0, 1), (2, 4), (0, 5)}


def test_two_elements_of_one_individual_are_one_body_and_count_for_the_whole_of_it() -> None:
    case = case_of(
        Remains("skull", element="skull", individual="X"),
        Remains("rib", element="rib"),
        Remains("face", element="skull", individual="X"),
        Remains("femur", element="femur", side="left", individual="X", not_same_as=("rib",)),
        Remains("other femur", element="femur", side="left"),
    )
    assert ids(case) == [["of skull", "of face", "of femur"], ["of rib"], ["of other femur"]]
    assert pairs(case) == {(0, 1), (0, 2)}


def test_a_piece_of_which_nothing_was_sampled_still_tells_bodies_apart() -> None:
    remains = (
        Remains("skull", element="skull", individual="X"),
        Remains("rib", element="rib", individual="X"),
        Remains("rib 2", element="rib", individual="Y", not_same_as=("skull",)),
        Remains("skull 3", element="skull"),
        Remains("alone", element="skull"),
    )
    samples = (Sample("1", "remains", "rib"), Sample("2", "remains", "rib 2"), Sample("3", "remains", "skull 3"))
    assert pairs(case_of(*remains, samples=samples)) == {(0, 1), (0, 2)}


def test_samples_of_one_body_in_two_units_have_what_each_was_taken_from() -> None:
    case = case_of(
        Remains("skull", element="skull", individual="X"),
        Remains("femur", element="femur", side="left", individual="X"),
        Remains("skull 2", element="skull"),
        Remains("rib", element="rib", not_same_as=("femur",)),
        samples=(
            Sample("s1", "remains", "skull"),
            Sample("s2", "remains", "skull"),
            Sample("f", "remains", "femur"),
            Sample("other", "remains", "skull 2"),
            Sample("r", "remains", "rib"),
        ),
    )
    assert apart(case, units(case)) == {(0, 1), (0, 2)}
    assert apart(case, [(s,) for s in case.samples]) == {(0, 3), (1, 3), (2, 4)}


pieces = st.lists(
    st.builds(
        Remains,
        id=st.integers(0, 9).map(str),
        element=st.sampled_from(("skull", "femur", "rib", "")),
        side=st.sampled_from(("", "left", "right")),
        individual=st.sampled_from(("", "", "X", "Y")),
        not_same_as=st.lists(st.integers(0, 9).map(str), max_size=2).map(tuple),
    ).filter(lambda r: r.id not in r.not_same_as),
    max_size=8,
    unique_by=lambda r: r.id,
)


@given(pieces)
def test_units_are_apart_where_any_two_of_their_remains_are(remains: list[Remains]) -> None:
    case = case_of(*remains)
    joined = units(case)
    assert sorted(s.id for unit in joined for s in unit) == sorted(s.id for s in case.samples)
    at = [[case.remains_by_id[s.source] for s in unit] for unit in joined]
    assert apart(case, joined) == {
        (i, j) for i, j in combinations(range(len(at)), 2) if any(conflict(a, b) for a in at[i] for b in at[j])
    }
