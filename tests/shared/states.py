"""A thing of each kind in each of its states, and a change of each code aimed at it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, get_args

import sqlalchemy as sa

from homeward.case import Case, ListedPerson, PersonRecord, Remains, Sample, Typing
from homeward.pedigree import Member, Pedigree
from homeward.record import SYSTEM, Record, changes, queue
from homeward.record.changes import ABSENT, CLOSED, PRESENT
from homeward.record.database import job, working
from homeward.record.draft import Draft
from homeward.record.values import (
    Account,
    Agreement,
    Analysis,
    Anthropology,
    Candidate,
    Consent,
    Custody,
    Effect,
    Extraction,
    FamilyFile,
    NameForm,
    Names,
    Passkey,
    Photograph,
    Profile,
    Recovery,
    RecoveryCode,
    RosterEntry,
    Token,
    Tombstone,
)
from homeward.record.values.work import CandidateState

__all__ = ["EXAMPLES", "states_of", "targeting", "with_state"]

_NUMBERS = itertools.count(1)
_PEDIGREE = Pedigree([Member("man", None, None, "male"), Member("wife", None, None, "female")])
_CONSENT = Consent(("identification",), ("JP",), "2026-01-01")
_VALUES: Mapping[str, Any] = {
    "remains": Remains("x"),
    "sample": Sample("x", "remains", "x"),
    "profile": Profile((Typing("x", "TH01", ("6", "9")),), (0,)),
    "effect": Effect("a watch"),
    "family": FamilyFile(_PEDIGREE, ("man",)),
    "person": PersonRecord("Somebody"),
    "listed": ListedPerson("x"),
    "names": Names((NameForm("hangul", "김"),)),
    "consent": _CONSENT,
    "agreement": Agreement("ministry", "KR", (), (), ()),
    "analysis": Analysis("0", 1, 1, (), "0", "gen", "{}"),
    "passkey": Passkey("gen", "AAAA"),
    "recovery-code": RecoveryCode("gen"),
    "token": Token("gen", "script", ("read",), 9e9),
}
_LOCKED = {"profile", "person", "names", "consent", "analysis"}


@dataclass(frozen=True)
class _Set:
    """Test only: put a thing into the record as it is, or take it out."""

    code: ClassVar[str] = "set"
    roles: ClassVar[frozenset[Any]] = SYSTEM.roles
    target: ClassVar[str] = ""
    states: ClassVar[frozenset[str]] = frozenset()
    kind: str
    id: str
    value: Any
    then: str = ""
    target_id: str = ""

    def carry_out(self, draft: Draft) -> None:
        if self.then == "close":
            draft.close(self.kind, self.id)
        elif self.then == "destroy":
            draft.put("tombstone", f"key:{self.id}", Tombstone("2026-01-01"))
            draft.destroy_key(f"key:{self.id}")
        else:
            draft.put(self.kind, self.id, self.value, subject=f"key:{self.id}" if self.kind in _LOCKED else None)


def states_of(kind: str) -> list[str]:
    """Every state a target of this kind can be in; one for changes without a target."""
    if not kind:
        return [ABSENT]
    if kind == "job":
        return [ABSENT, *get_args(queue.JobState)]
    own = {"candidate": list(get_args(CandidateState)), "account": ["open", "shut"]}.get(kind, [PRESENT])
    return [ABSENT, CLOSED, *own, *(["withdrawn"] if kind in _LOCKED else [])]


def with_state(record: Record, kind: str, state: str) -> str:
    """The id of a new thing of the kind in the state."""
    id = f"t{next(_NUMBERS)}"
    if kind in ("person", "names"):
        id = f"F/{id}"
    if kind == "candidate":
        id = f"{id}~F/man"
    if not kind or state == ABSENT:
        return id
    if kind == "job":
        with working(record.engine) as connection:
            queue.enqueue(connection, id, "identify", "gen", {"seed": None, "overrides": []}, time.time())
            connection.execute(sa.update(job).where(job.c.id == id).values(state=state, worker="w"))
        return id
    record.apply(_Set(kind, id, _value(kind, id, state)), SYSTEM)
    if state == CLOSED:
        record.apply(_Set(kind, id, None, "close"), SYSTEM)
    elif state == "withdrawn":
        record.apply(_Set(kind, id, None, "destroy"), SYSTEM)
    return id


def _value(kind: str, id: str, state: str) -> Any:
    if kind == "candidate":
        own: Any = state if state != CLOSED else "proposed"
        return Candidate(f"s-{id}", "F/man", own, "gen")
    if kind == "account":
        return Account(id, ("reviewer",), state != "shut")
    value = _VALUES[kind]
    return replace(value, id=id) if hasattr(value, "id") else value


# one for each change, aimed at the id of its target
EXAMPLES: Mapping[str, Callable[[str], Any]] = {
    "import-case": lambda id: changes.ImportCase(Case("x"), "0"),
    "register-remains": lambda id: changes.RegisterRemains(Remains(id)),
    "correct-remains": lambda id: changes.CorrectRemains(Remains(id), "why"),
    "record-individual": lambda id: changes.RecordIndividual((id, "other"), "B-1", "why"),
    "correct-settings": lambda id: changes.CorrectSettings(("incident.strangers=0.1",), "why"),
    "take-sample": lambda id: changes.TakeSample(Sample(id, "staff", "s")),
    "record-extraction": lambda id: changes.RecordExtraction(Extraction(id, "lab", "method")),
    "add-profile": lambda id: changes.AddProfile(id, ""),
    "correct-profile": lambda id: changes.CorrectProfile(id, "", "why"),
    "record-recovery": lambda id: changes.RecordRecovery(id, Recovery(40.0)),
    "add-photograph": lambda id: changes.AddPhotograph(Photograph(id, "image/png", "AAAA")),
    "record-custody": lambda id: changes.RecordCustody(Custody(id, "2026-01-01", "a", "b", "Ube")),
    "record-sample-custody": lambda id: changes.RecordSampleCustody(Custody(id, "2026-01-01", "a", "b", "Ube")),
    "record-effect": lambda id: changes.RecordEffect(id, Effect("a watch")),
    "record-anthropology": lambda id: changes.RecordAnthropology(Anthropology(id, "who")),
    "register-family": lambda id: changes.RegisterFamily(id, _PEDIGREE, ("man",)),
    "correct-pedigree": lambda id: changes.CorrectPedigree(id, _PEDIGREE, ("man",), "why"),
    "record-person": lambda id: changes.RecordPerson(id, PersonRecord()),
    "list-person": lambda id: changes.ListPerson(ListedPerson(id)),
    "record-names": lambda id: changes.RecordNames(id, Names(())),
    "record-roster": lambda id: changes.RecordRoster(id, RosterEntry("missing", "roster")),
    "record-telling": lambda id: changes.RecordTelling(id, "once"),
    "record-consent": lambda id: changes.RecordConsent(id, _CONSENT),
    "withdraw-consent": lambda id: changes.WithdrawConsent(id),
    "record-agreement": lambda id: changes.RecordAgreement(id, _VALUES["agreement"]),
    "queue-analysis": lambda id: changes.QueueAnalysis(id),
    "cancel-job": lambda id: changes.CancelJob(id),
    "resume-job": lambda id: changes.ResumeJob(id),
    "store-analysis": lambda id: changes.StoreAnalysis(id, "0", 1, 1, (), "0", "{}"),
    "propose-candidate": lambda id: _proposal(id),
    "review-candidate": lambda id: changes.ReviewCandidate(id, True, "why"),
    "comment-candidate": lambda id: changes.CommentCandidate(id, "seen"),
    "sign-identification": lambda id: changes.SignIdentification(id),
    "reject-candidate": lambda id: changes.RejectCandidate(id, "why"),
    "reopen-identification": lambda id: changes.ReopenIdentification(id, "why"),
    "mark-misassociated": lambda id: changes.MarkMisassociated(id, "other", "why"),
    "notify-family": lambda id: changes.NotifyFamily(id, "identification", "letter"),
    "repatriate": lambda id: changes.Repatriate(id, "family", "Busan"),
    "open-account": lambda id: changes.OpenAccount(id, "Name", ("reviewer",)),
    "set-roles": lambda id: changes.SetRoles(id, ("reviewer",)),
    "shut-account": lambda id: changes.ShutAccount(id),
    "set-password": lambda id: changes.SetPassword(id, "$argon2id$x"),
    "add-passkey": lambda id: changes.AddPasskey(id, "key", "AAAA"),
    "remove-passkey": lambda id: changes.RemovePasskey(id),
    "issue-recovery-codes": lambda id: changes.IssueRecoveryCodes(id, ("h",)),
    "use-recovery-code": lambda id: changes.UseRecoveryCode(id),
    "issue-token": lambda id: changes.IssueToken(id, "gen", "script", ("read",), 9e9),
    "revoke-token": lambda id: changes.RevokeToken(id),
    "mark-restored": lambda id: changes.MarkRestored(1, ()),
}


def _proposal(id: str) -> Any:
    """Its target's id is made of two: the half before `~` is the sample."""
    sample, _, missing = id.partition("~")
    return changes.ProposeCandidate(sample, missing)


def targeting(code: str, id: str) -> Any:
    """A change of this code, done to the thing of this id."""
    return EXAMPLES[code](id)
