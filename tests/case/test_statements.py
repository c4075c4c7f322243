"""One name under several ids, and signatures that cannot stand beside each other."""

from __future__ import annotations

from dataclasses import replace

from homeward.case import Case, Family, Identification, Incident, ListedPerson, Remains, Sample, Settings
from homeward.case.statements import Contradiction, contradictions, names_on_list
from homeward.pedigree import Member, Pedigree

TWO_FILES = (
    Family("A", Pedigree([Member("Kiku", sex="female"), Member("Jiro", sex="male")]), ("Jiro",)),
    Family("B", Pedigree([Member("Kiku", sex="female"), Member("Jiro", sex="male")]), ("Kiku", "Jiro")),
    Family("C", Pedigree([Member("Goro", sex="male")]), ("Goro",)),
)


def signed(*said: tuple[str, str], **incident: object) -> list[tuple[int, int, str]]:
    remains = (
        Remains("skull", element="skull", individual="X"),
        Remains("rib", element="rib", individual="X"),
        Remains("skull2", element="skull"),
        Remains("hand", element="hand"),
    )
    samples = tuple(Sample(r.id, "remains", r.id) for r in remains)
    case = Case(
        "Signed",
        TWO_FILES,
        (ListedPerson("L1"),),
        remains,
        samples,
        identifications=tuple(Identification(s, m, ("1", "2")) for s, m in said),
    )
    settings = replace(Settings(), incident=replace(Incident(), **incident))  # type: ignore[arg-type]
    found = contradictions(replace(case, settings=settings))
    assert all(isinstance(c, Contradiction) for c in found)
    return [(c.later, c.earlier, c.reason) for c in found]


def test_every_id_of_a_missing_person_leads_to_one_name() -> None:
    case = Case("Names", TWO_FILES, (ListedPerson("L1"),))
    # Kiku is marked missing in the second file only, and goes by the first
    assert names_on_list(case) == {
        "A/Jiro": "A/Jiro",
        "B/Jiro": "A/Jiro",
        "A/Kiku": "A/Kiku",
        "B/Kiku": "A/Kiku",
        "C/Goro": "C/Goro",
        "L1": "L1",
    }


def test_one_body_has_one_name_under_whichever_id() -> None:
    assert signed(("skull", "A/Jiro"), ("rib", "B/Jiro")) == []
    assert signed(("skull", "A/Jiro"), ("hand", "C/Goro"), ("rib", "L1")) == [(2, 0, "two-names")]
    assert signed(("hand", "A/Jiro"), ("hand", "B/Kiku")) == [(1, 0, "two-names")]
    assert signed(("hand", "A/Jiro"), ("hand", "B/Jiro")) == [(1, 0, "repeated")]


def test_one_name_may_have_many_remains_that_can_be_one_body() -> None:
    assert signed(("hand", "L1"), ("skull", "L1"), ("rib", "L1")) == []
    assert signed(("rib", "L1"), ("skull2", "L1")) == [(1, 0, "two-bodies")], "the rib is of the body with a skull"


def test_where_every_sample_is_a_body_one_name_has_one() -> None:
    said = (("hand", "L1"), ("skull", "L1"), ("rib", "L1"))
    expected = [(1, 0, "two-bodies"), (2, 0, "two-bodies")]
    assert signed(*said, samples_are="bodies") == expected
    assert signed(*said, prior="flat-assignments") == expected
    assert signed(*said[1:], samples_are="bodies") == [], "skull and rib are one body"


def test_what_is_refused_itself_is_held_against_nobody() -> None:
    assert signed(("skull", "L1"), ("skull", "A/Jiro"), ("rib", "L1"), ("hand", "A/Jiro")) == [(1, 0, "two-names")]
