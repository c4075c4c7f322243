"""From an analysis to a grave: what people decide, what is refused them, and how the case follows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from validation.record.people import CONSENT, CORA, GEN, REY, take_in

from homeward.case import Remains, Sample
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.record import Actor, Record
from homeward.record.changes import (
    CommentCandidate,
    CorrectRemains,
    MarkMisassociated,
    NotifyFamily,
    ProposeCandidate,
    QueueAnalysis,
    RecordConsent,
    RecordCustody,
    RecordRoster,
    RecordSampleCustody,
    RecordTelling,
    RegisterRemains,
    RejectCandidate,
    ReopenIdentification,
    Repatriate,
    ReviewCandidate,
    SignIdentification,
    TakeSample,
    candidate_id,
)
from homeward.record.values import Custody, RosterEntry
from homeward.record.worker import work

ROOT = Path(__file__).parents[2]
CASE = read_case(ROOT / "docs" / "case-folder" / "valid" / "example")
SAMPLE, NAME = "V1", "F1/M1"
ID = candidate_id(SAMPLE, NAME)


@pytest.fixture
def case(record: Record) -> Record:
    """A record with an analysis, `a1`."""
    take_in(record, CASE)
    record.apply(QueueAnalysis("a1", seed=1), GEN)
    assert work(record, once=True) == 1
    return record


def codes(record: Record, change: object, actor: Actor) -> list[str]:
    before = record.revision
    with pytest.raises(Refusal) as refused:
        record.apply(change, actor)  # type: ignore[arg-type]
    assert record.revision == before
    return [f.code for f in refused.value.faults]


def identified(record: Record, sample: str = SAMPLE, name: str = NAME) -> str:
    id = candidate_id(sample, name)
    record.apply(ProposeCandidate(sample, name, basis="a later fragment"), GEN)
    record.apply(ReviewCandidate(id, True, "looked at"), REY)
    record.apply(SignIdentification(id), REY)
    record.apply(SignIdentification(id), CORA)
    return id


def state(record: Record, id: str = ID) -> str:
    with record.view() as view:
        return str(view.get("candidate", id).state)


def test_two_people_and_a_reviewer(case: Record) -> None:
    case.apply(ProposeCandidate(SAMPLE, NAME, "a1"), GEN)
    with case.view() as view:
        told = json.loads(view.get("analysis", "a1").result)
        made = view.get("candidate", ID)
    rows = {(m["sample"], m["who"]): m["posterior"] for m in told["joint"]["marginals"]}
    assert (made.posterior, made.searched) == (rows[SAMPLE, NAME], len(told["missing"]))
    assert codes(case, SignIdentification(ID), REY) == ["state"]
    assert codes(case, ReviewCandidate(ID, True, "mine"), GEN) == ["own-work"]
    assert codes(case, ReviewCandidate(ID, True, " "), REY) == ["missing-value"]
    case.apply(ReviewCandidate(ID, False, "one locus is doubtful"), REY)
    assert state(case) == "proposed"
    case.apply(ReviewCandidate(ID, True, "typed again"), REY)
    assert state(case) == "reviewed"
    assert codes(case, CommentCandidate(ID, " "), CORA) == ["missing-value"]
    case.apply(CommentCandidate(ID, "the family asks daily"), CORA)
    assert state(case) == "reviewed"
    with case.view() as view:
        assert [(c.by, c.text) for c in view.get("candidate", ID).comments] == [("cora", "the family asks daily")]
    case.apply(SignIdentification(ID), REY)
    assert codes(case, SignIdentification(ID), REY) == ["same-signer"]
    assert case.case().identifications == ()
    case.apply(SignIdentification(ID), CORA)
    (said,) = case.case().identifications
    assert (said.sample, said.missing, said.signed) == (SAMPLE, NAME, ("rey", "cora"))
    assert case.verify() == []


def test_what_an_analysis_does_not_tell_is_no_candidate(case: Record) -> None:
    assert codes(case, ProposeCandidate(SAMPLE, "F1/W1", "a1"), GEN) == ["unknown-person", "unknown-pair"]
    assert codes(case, ProposeCandidate(SAMPLE, NAME, "a9"), GEN) == ["unknown-analysis"]
    assert codes(case, ProposeCandidate(SAMPLE, NAME), GEN) == ["missing-value"]
    assert codes(case, ProposeCandidate("F1/C1", NAME, basis="x"), GEN) == ["unknown-sample"]


def test_one_body_has_one_name_and_corrections_open_it_again(case: Record) -> None:
    case.apply(RegisterRemains(Remains("V9", "male", "femur", "left", individual="body-9")), CORA)
    case.apply(RegisterRemains(Remains("V10", "male", "tibia", "left", individual="body-9")), CORA)
    for id in ("V9", "V10"):
        case.apply(TakeSample(Sample(id, "remains", id)), GEN)
    identified(case)
    case.apply(ProposeCandidate("V9", NAME, basis="x"), GEN)
    other = candidate_id("V9", NAME)
    case.apply(ReviewCandidate(other, True, "y"), REY)
    case.apply(SignIdentification(other), REY)
    assert codes(case, SignIdentification(other), CORA) == ["identification-conflict"], "two left femurs"
    case.apply(ReopenIdentification(ID, "the tube was mixed up"), REY)
    assert (state(case), case.case().identifications) == ("reopened", ())
    case.apply(SignIdentification(other), CORA)
    case.apply(MarkMisassociated(other, "V10", "another man's tibia"), CORA)
    remains = case.case().remains_by_id
    assert (remains["V9"].individual, remains["V9"].not_same_as) == ("", ("V10",))
    assert case.case().identifications == ()
    back = replace(remains["V9"], individual="body-9")
    assert codes(case, CorrectRemains(back, "again one"), CORA) == ["individual-conflict"]
    with case.view() as view:
        assert len(view.history("candidate", other)) == 5
    assert case.verify() == []


def test_a_rejected_candidate_may_be_proposed_again(case: Record) -> None:
    case.apply(ProposeCandidate(SAMPLE, NAME, "a1"), GEN)
    case.apply(RejectCandidate(ID, "sex"), CORA)
    assert state(case) == "rejected"
    case.apply(ProposeCandidate(SAMPLE, NAME, "a1"), GEN)
    assert state(case) == "proposed"


def test_nobody_is_taken_off_the_list_while_a_bone_has_his_name(record: Record) -> None:
    chosei = read_case(ROOT / "demo" / "chosei")
    take_in(record, chosei)
    name, sample = chosei.listed[0].id, next(s.id for s in chosei.samples if s.of == "remains")
    identified(record, sample, name)
    absent = RecordRoster(name, RosterEntry("absentee", "the day's shift list"))
    assert codes(record, absent, CORA) == ["unknown-person"]
    record.apply(ReopenIdentification(candidate_id(sample, name), "he was absent that day"), CORA)
    record.apply(absent, CORA)
    assert name not in [p.id for p in record.case().listed]


def test_families_are_told_as_they_wish(case: Record) -> None:
    identified(case)
    case.apply(RecordTelling("F1", "never"), CORA)
    assert codes(case, NotifyFamily(ID, "identification", "visit"), CORA) == ["not-to-be-told"]
    case.apply(RecordTelling("F1", "once"), CORA)
    case.apply(NotifyFamily(ID, "identification", "visit", "F1/C1"), CORA)
    assert state(case) == "notified"
    assert codes(case, NotifyFamily(ID, "later-fragment", "letter"), CORA) == ["told-once"]
    case.apply(NotifyFamily(ID, "correction", "visit"), CORA)
    kinship = NotifyFamily(ID, "unexpected-kinship", "visit", "F1/C1")
    assert codes(case, kinship, CORA) == ["kinship-not-wished"]
    case.apply(RecordConsent("person:F1/C1", replace(CONSENT, unexpected_kinship=True)), CORA)
    case.apply(kinship, CORA)
    case.apply(Repatriate(ID, "the daughter", "Busan"), CORA)
    assert state(case) == "returned"


@pytest.mark.parametrize(
    ("consent", "use", "code"),
    [
        (replace(CONSENT, until="2026-01-02"), {}, "consent-ended"),
        (replace(CONSENT, purposes=("research",)), {}, "consent-purpose"),
        (CONSENT, {"country": "US"}, "consent-country"),
        (CONSENT, {"purpose": "exchange"}, "consent-purpose"),
    ],
)
def test_a_use_without_consent_is_refused(record: Record, consent: object, use: dict[str, str], code: str) -> None:
    take_in(record, CASE)
    record.apply(RecordConsent("person:F1/C1", consent), CORA)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        record.case(**use)
    assert refused.value.rule
    assert [(f.code, f.sample) for f in refused.value.faults] == [(code, "F1/C1")]
    if not use:
        assert codes(record, QueueAnalysis("a2"), GEN) == [code]


def test_an_import_without_consent_is_refused(record: Record) -> None:
    from homeward.record.changes import ImportCase, preview_of

    with record.view() as view:
        seen = preview_of(view, CASE)
    assert codes(record, ImportCase(CASE, seen.digest), CORA) == ["consent-missing"]


def test_a_survivor_is_no_longer_missing(record: Record) -> None:
    take_in(record, CASE)
    record.apply(RecordRoster("F1/M1", RosterEntry("survivor", "a letter of 1951")), CORA)
    assert record.case().missing == ()
    assert codes(record, RecordRoster("F9/M1", RosterEntry("survivor", "x")), CORA) == ["unknown-person"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"since": "yesterday"}, "bad-date"),
        ({"since": "2026-02-30"}, "bad-date"),
        ({"until": "2025-01-01"}, "bad-range"),
        ({"purposes": ()}, "missing-value"),
        ({"countries": ("Japan",)}, "unknown-word"),
    ],
)
def test_a_consent_that_says_nothing_is_refused(record: Record, change: dict[str, object], code: str) -> None:
    take_in(record, CASE)
    wrong = replace(CONSENT, **change)  # type: ignore[arg-type]
    assert codes(record, RecordConsent("person:F1/C1", wrong), CORA) == [code]


def test_an_old_case_is_read_under_the_consents_of_today(record: Record) -> None:
    """A consent that ended and was given again counts for whatever the case was before; one that ended, for nothing."""
    seq = take_in(record, CASE)
    record.apply(RecordConsent("person:F1/C1", replace(CONSENT, until="2026-01-02")), CORA)
    with pytest.raises(Refusal):
        record.case(at=seq)
    middle = record.revision
    record.apply(RecordConsent("person:F1/C1", CONSENT), CORA)
    assert record.case(at=middle) == CASE


@pytest.mark.parametrize("kind", [RecordCustody, RecordSampleCustody])
def test_hands_follow_each_other(record: Record, kind: type[RecordCustody | RecordSampleCustody]) -> None:
    take_in(record, CASE)
    record.apply(kind(Custody("V1", "2026-01-01", "divers", "police", "Ube")), CORA)
    assert codes(record, kind(Custody("V1", "2026-01-09", "museum", "laboratory", "Ube")), CORA) == ["custody-gap"]
    assert codes(record, kind(Custody("V1", "2026-01-09", "police", "", "Ube")), CORA) == ["missing-value"]
    record.apply(kind(Custody("V1", "2026-01-09", "police", "laboratory", "Ube")), CORA)
    with record.view() as view:
        owner = "remains:V1" if kind is RecordCustody else "sample:V1"
        assert [h.value.receiver for h in view.all("custody", owner).values()] == ["police", "laboratory"]
        assert view.count("custody") == 2
