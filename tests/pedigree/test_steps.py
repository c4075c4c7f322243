"""A pedigree corrected step by step: each verb, what it refuses, and that a step taken back leaves no trace."""

from __future__ import annotations

import pytest

from homeward.faults import Refusal
from homeward.pedigree import Member, Pedigree
from homeward.pedigree.steps import VERBS, Drawn, stepped

START = Drawn(Pedigree([Member("M", sex="male"), Member("W", sex="female"), Member("C", "M", "W", "female")]), ("M",))


def after(*steps: str) -> Drawn:
    return stepped(START, steps)


def parents(drawn: Drawn, person: str) -> tuple[str | None, str | None]:
    return drawn.pedigree[person].father, drawn.pedigree[person].mother


def test_every_verb() -> None:
    assert parents(after("parents/M//"), "M") == ("father-1", "mother-1")
    assert parents(after("parents/M/F1/M1"), "M") == ("F1", "M1")
    assert parents(after("child/M/S/male/W"), "S") == ("M", "W")
    assert parents(after("child/W//male/"), "child-1") == ("mate-1", "W")
    drawn = after("sibling/M//female/both")
    assert parents(drawn, "sibling-1") == parents(drawn, "M") == ("father-1", "mother-1")
    half = after("sibling/C/H/male/father")
    assert parents(half, "H") == ("M", "mother-1") and half.pedigree["H"].sex == "male"
    assert parents(after("sibling/C/H/male/mother"), "H") == ("father-1", "W")
    assert parents(after("under/C//"), "C") == (None, None)
    assert parents(after("child/M/S/male/W", "under/S//", "parents/S//"), "S") == ("father-1", "mother-1")
    assert after("sex/C/male").pedigree["C"].sex == "male"
    assert after("child/M/D/female/W", "twins/C/D").pedigree.twins == (("C", "D"),)
    assert after("missing/C/yes").missing == ("M", "C") and after("missing/M/no").missing == ()
    gone = after("remove/M")
    assert "M" not in gone.pedigree and "C" not in gone.pedigree and gone.missing == ()
    told = {"parents", "child", "sibling", "under", "sex", "twins", "missing", "remove"}
    assert told == VERBS.keys(), "every verb was tried"


def test_what_is_taken_back_was_never_there() -> None:
    steps = ["parents/M//", "sibling/M/B/male/both", "child/B/N/female/"]
    for n in range(len(steps)):
        assert after(*steps[:n]) == after(*steps[:n]) and len(after(*steps[: n + 1]).pedigree) > len(
            after(*steps[:n]).pedigree
        )
    assert after() == START
    assert after(*steps) == after(*steps), "new ids are the same each time"


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("fly/M", "unknown-step"),
        ("sex/M", "unknown-step"),
        ("sex/M/male/more", "unknown-step"),
        ("", "unknown-step"),
        ("parents/nobody//", "unknown-person"),
        ("parents/C//", "has-parents"),
        ("child/M/C/male/W", "duplicate-person"),
        ("child/M/ x/male/W", "bad-id"),
        ("child/M/\u0007/male/W", "bad-id"),
        ("child/M/" + "x" * 65 + "/male/W", "bad-id"),
        ("child/M/S/robot/W", "unknown-word"),
        ("sibling/C/S/male/uncle", "unknown-word"),
        ("missing/C/perhaps", "unknown-word"),
        ("under/M/C/W", "parent-sex"),
        ("under/C/M/", "one-parent"),
        ("under/C/nobody/W", "unknown-person"),
        ("sex/M/female", "parent-sex"),
        ("twins/M/C", "twins"),
    ],
)
def test_what_cannot_be(step: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        after("missing/C/yes", step)
    assert code in {f.code for f in refused.value.faults}
    assert {f.row for f in refused.value.faults} == {2}


def test_nobody_is_his_own_ancestor() -> None:
    with pytest.raises(Refusal) as refused:
        after("sex/C/male", "child/C/G/female/", "parents/M/C/G")
    assert "own-ancestor" in {f.code for f in refused.value.faults}
