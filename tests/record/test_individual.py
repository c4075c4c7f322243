"""Remains are recorded as of one body: all of them, or none."""

from __future__ import annotations

import pytest
from validation.record.people import CORA, take_in

from homeward.case import Case, Remains
from homeward.faults import Refusal
from homeward.record import Record
from homeward.record.changes import RecordIndividual

CASE = Case("x", remains=(Remains("A"), Remains("B", not_same_as=("C",)), Remains("C"), Remains("D", individual="I")))


def individuals(record: Record) -> dict[str, str]:
    return {r.id: r.individual for r in record.case().remains}


def test_of_one_body_and_of_two_again(record: Record) -> None:
    take_in(record, CASE)
    record.apply(RecordIndividual(("A", "B"), "I", "one grave"), CORA)
    assert individuals(record) == {"A": "I", "B": "I", "C": "", "D": "I"}
    assert [r.id for r in record.case().remains] == ["A", "B", "C", "D"], "in their places"
    record.apply(RecordIndividual(("A",), "", "two right femora"), CORA)
    assert individuals(record)["A"] == ""
    with record.view() as view:
        reasons = [h.value.reason for h in view.all("correction", "remains:A").values()]
    assert reasons == ["one grave", "two right femora"]
    assert record.verify() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (RecordIndividual(("A", "Z"), "J", "why"), "unknown-remains"),
        (RecordIndividual(("A", "A"), "J", "why"), "missing-value"),
        (RecordIndividual((), "", "why"), "missing-value"),
        (RecordIndividual(("A", "C"), "J", " "), "missing-value"),
        (RecordIndividual(("A", "C"), "J" * 65, "why"), "bad-id"),
        (RecordIndividual(("A", "B", "C"), "J", "why"), "individual-conflict"),
    ],
)
def test_what_is_refused_changes_nothing(record: Record, change: RecordIndividual, code: str) -> None:
    take_in(record, CASE)
    before, revision = individuals(record), record.revision
    with pytest.raises(Refusal) as refused:
        record.apply(change, CORA)
    assert code in {f.code for f in refused.value.faults}
    assert individuals(record) == before and record.revision == revision
