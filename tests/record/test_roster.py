"""A name is looked for on the list and in the families of a record, by those who may read names."""

from __future__ import annotations

from pathlib import Path

import pytest
from people import CORA, PEOPLE, take_in

from homeward.case import ListedPerson, Span
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.names import NameForm, Names
from homeward.record import Record
from homeward.record.changes import ListPerson, RecordNames
from homeward.record.roster import find_name

ASKED = [NameForm("hangul", "김영호")]


def filled(record: Record) -> None:
    take_in(record, read_case(Path(__file__).parents[2] / "demo" / "chosei"))
    record.apply(ListPerson(ListedPerson("N1", "male", "金本永浩", Span(1915, 1915))), CORA)
    record.apply(ListPerson(ListedPerson("N2", "male", "朴相哲")), CORA)
    record.apply(RecordNames("N2", Names((NameForm("romanised", "Kim Young-ho"), NameForm("kanji", "朴相哲")))), CORA)


def test_the_list_and_recorded_forms(record: Record) -> None:
    filled(record)
    with record.view() as view:
        first, second = find_name(view, CORA, ASKED, born=Span(1914, 1914), most=2)
        assert (first.id, first.found.text, first.reasons[-1].code) == ("N2", "Kim Young-ho", "usual-romanisation")
        assert (second.id, second.found, second.reasons[-1].code) == ("N1", NameForm("other", "金本永浩"), "age-agrees")


def test_families_are_asked_too(record: Record) -> None:
    filled(record)
    with record.view() as view:
        held = next(h for h in view.all("person").values() if h.value and h.value.name)
        found = find_name(view, CORA, [NameForm("other", held.value.name)])
    assert held.id in {c.id for c in found if c.score == 100}


def test_who_may_ask(record: Record) -> None:
    filled(record)
    with record.view() as view:
        for role in ("coordinator", "geneticist", "reviewer"):
            assert find_name(view, PEOPLE[role], ASKED)
        for role in ("liaison", "auditor", "administrator"):
            with pytest.raises(Refusal) as refused:
                find_name(view, PEOPLE[role], ASKED)
            assert [f.code for f in refused.value.faults] == ["role"] and refused.value.rule
            assert "김영호" not in str(refused.value)
