"""A name is looked for on the list and in the families of a record, by those who may read names."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from validation.record.people import CONSENT, CORA, PEOPLE, take_in

from homeward.case import ListedPerson, PersonRecord, Span
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.names import NameForm, Names
from homeward.record import Record
from homeward.record.changes import ListPerson, RecordConsent, RecordNames, WithdrawConsent
from homeward.record.roster import find_name

EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"
ASKED = [NameForm("hangul", "김영호")]


def filled(record: Record) -> None:
    """Two on the list, one by another name as well, and a living daughter of the same name."""
    case = read_case(EXAMPLE)
    family = replace(case.families[0], records={"C1": PersonRecord("金英鎬")})
    settings = replace(case.settings, incident=replace(case.settings.incident, size=3))
    take_in(record, replace(case, families=(family,), settings=settings))
    record.apply(ListPerson(ListedPerson("N1", "male", "金本永浩", Span(1915, 1915))), CORA)
    record.apply(ListPerson(ListedPerson("N2", "male", "朴相哲")), CORA)
    record.apply(RecordNames("N2", Names((NameForm("romanised", "Kim Young-ho"), NameForm("kanji", "朴相哲")))), CORA)


def test_the_list_and_recorded_forms(record: Record) -> None:
    filled(record)
    with record.view() as view:
        _, first, second = find_name(view, CORA, ASKED, born=Span(1914, 1914), most=3)
        assert (first.id, first.found.text, first.reasons[-1].code) == ("N2", "Kim Young-ho", "usual-romanisation")
        assert (second.id, second.found, second.reasons[-1].code) == ("N1", NameForm("other", "金本永浩"), "age-agrees")


def test_families_are_asked_until_they_withdraw(record: Record) -> None:
    filled(record)
    with record.view() as view:
        assert find_name(view, CORA, ASKED)[0].id == "F1/C1"
    record.apply(RecordConsent("person:F1/C1", CONSENT), CORA)
    record.apply(WithdrawConsent("person:F1/C1"), CORA)
    with record.view() as view:
        assert [c.id for c in find_name(view, CORA, ASKED)] == ["N2", "N1"]


def test_who_may_ask(record: Record) -> None:
    filled(record)
    with record.view() as view:
        for role in ("coordinator", "geneticist", "reviewer", "auditor"):
            assert find_name(view, PEOPLE[role], ASKED)
        for role in ("liaison", "administrator"):
            with pytest.raises(Refusal) as refused:
                find_name(view, PEOPLE[role], ASKED)
            assert [f.code for f in refused.value.faults] == ["role"] and refused.value.rule
            assert "김영호" not in str(refused.value)
