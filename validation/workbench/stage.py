"""A record some weeks into a case: an incident in which nobody is real, candidates at every step, a withdrawal."""

from __future__ import annotations

from pathlib import Path

from homeward.case import Case, Span
from homeward.record import SYSTEM, Record, create_record
from homeward.record.access import hashed
from homeward.record.changes import (
    NotifyFamily,
    OpenAccount,
    ProposeCandidate,
    QueueAnalysis,
    RecordAnthropology,
    RecordCustody,
    RecordRecovery,
    RejectCandidate,
    Repatriate,
    ReviewCandidate,
    SetPassword,
    SignIdentification,
    WithdrawConsent,
    candidate_id,
)
from homeward.record.proposals import unproposed
from homeward.record.values import Anthropology, Custody, Recovery
from homeward.record.worker import work
from homeward.report.stored import reports_of
from homeward.simulate import simulate_incident
from homeward.web.stored import newest_result
from validation.record.people import CORA, GEN, PEOPLE, REY, take_in

__all__ = ["PASSWORD", "empty", "incident", "staged"]

PASSWORD = "weeks into the work"


def empty(folder: Path) -> Record:
    """A record with an account for each role, and no case."""
    record = create_record(f"sqlite:///{folder / 'case.db'}", folder / "case.keys")
    kept = hashed(PASSWORD)
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account.title(), tuple(sorted(actor.roles))), SYSTEM)
        record.apply(SetPassword(actor.account, kept), actor)
    return record


def incident() -> Case:
    """Ten fragments of eight bodies, twenty names, sixteen families."""
    case, _ = simulate_incident(
        seed=1942,
        name="Simulated mine flood (nobody in it is real)",
        size=20,
        relatives={"child": 8, "brother": 3, "grandson": 3, "brothers-son": 2},
        second_relative=0.6,
        kin={"brother": 1},
        bodies=8,
        fragments=10,
    )
    return case


def staged(folder: Path) -> Record:
    """The record, ``incident`` in it, analysed; the names above the threshold are candidates, one at every step."""
    record = empty(folder)
    take_in(record, incident())
    with record.view() as view:
        last = sorted(view.all("consent"))[-1]
    record.apply(WithdrawConsent(last), CORA)  # before the analysis, whose report would be gone with him
    record.apply(QueueAnalysis("first-analysis", 1), GEN)
    work(record, once=True, write=reports_of)
    with record.view() as view:
        result = newest_result(view)
        assert result is not None
        id, pairs = result.id, unproposed(view, result.named)
    for sample, missing in pairs:
        record.apply(ProposeCandidate(sample, missing, id), GEN)
    _steps(record, [candidate_id(*pair) for pair in pairs], pairs[0][1])
    remains = record.case().remains[0].id
    record.apply(RecordRecovery(remains, Recovery(38.5, "2025-08-26", "Divers of the association")), CORA)
    record.apply(RecordCustody(Custody(remains, "2025-08-26", "Divers", "Prefectural police", "Ube", "A-0012")), CORA)
    record.apply(
        RecordCustody(Custody(remains, "2025-09-02", "Prefectural police", "Laboratory", "Tokyo", "A-0013")), CORA
    )
    record.apply(
        RecordAnthropology(Anthropology(remains, "Examiner", "male", Span(20, 35), Span(158, 168), "left femur")), GEN
    )
    return record


def _steps(record: Record, ids: list[str], first: str) -> None:
    """The first is returned, the second told, and so on: the last wait for a review."""
    family = first.partition("/")[0]
    told = f"the family {family} was visited"
    for k, id in enumerate(ids[:5]):
        record.apply(ReviewCandidate(id, True, "Typed twice, the pedigree was checked."), REY)
        if k == 4:
            record.apply(RejectCandidate(id, "The reference was taken from another person."), REY)
            continue
        if k < 3:
            record.apply(SignIdentification(id), REY)
            record.apply(SignIdentification(id), CORA)
        if k < 2:
            record.apply(NotifyFamily(id, "identification", told if k == 0 else "a letter"), CORA)
        if k == 0:
            record.apply(Repatriate(id, "the eldest grandson", "Busan"), CORA)
