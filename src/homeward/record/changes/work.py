"""From an analysis to a name: candidates, reviews, signatures, and what follows them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any, Literal

from homeward.case import Identification, contradictions
from homeward.formats.overrides import overridden, parsed
from homeward.record.case_rows import case_of, person_key
from homeward.record.changes.bones import correct
from homeward.record.changes.change import ABSENT, CLOSED, Change
from homeward.record.consent import typed_living
from homeward.record.draft import Draft
from homeward.record.queue import finish
from homeward.record.roles import Role
from homeward.record.values import Analysis, Candidate, Comment, Notification, Repatriation, Report, Review, Signature
from homeward.record.view import View

__all__ = [
    "CommentCandidate",
    "MarkMisassociated",
    "NotifyFamily",
    "ProposeCandidate",
    "RejectCandidate",
    "ReopenIdentification",
    "Repatriate",
    "ReviewCandidate",
    "SignIdentification",
    "StoreAnalysis",
    "candidate_id",
]

_SCIENTISTS: frozenset[Role] = frozenset({"geneticist", "reviewer"})
_SIGNERS: frozenset[Role] = frozenset({"coordinator", "geneticist", "reviewer"})
_NAMED = frozenset({"identified", "notified", "returned"})
_EVERY_STATE = _NAMED | {"proposed", "reviewed", "signed", "rejected", "reopened"}


def candidate_id(sample: str, missing: str) -> str:
    """`SAMPLE~FAMILY/PERSON`, or `SAMPLE~ID` of somebody listed."""
    return f"{sample}~{missing}"


@dataclass(frozen=True, slots=True)
class StoreAnalysis(
    Change,
    code="store-analysis",
    roles=frozenset({"geneticist"}),
    target="analysis",
    states=frozenset({ABSENT}),
    id="id",
):
    """A result is kept whole, with what it was computed from, so that it can be computed again.

    ``job`` and ``worker``: the job this ends, in the same transaction; refused (``lease-lost``) if another has it now.
    """

    id: str
    digest: str
    revision: int
    seed: int
    overrides: tuple[str, ...]
    version: str
    result: str
    job: str = ""
    worker: str = ""
    reports: tuple[Report, ...] = ()

    def carry_out(self, draft: Draft) -> None:
        result, then = _parsed(self.result), View(draft.now.connection, draft.now.keys, self.revision)
        if result is None or not 0 < self.revision < draft.seq or then.held("case", "case") is None:
            draft.refuse("digest-mismatch", "this is no result of the case at that revision", "analyse the record anew")
            return
        case = case_of(then)
        computed = overridden(case, parsed(self.overrides))
        told = result.get("case", {}).get("digest") if isinstance(result.get("case"), dict) else None
        if case.digest != self.digest or computed.digest != told:
            message = "the result is not of the case as it was then"
            draft.refuse("digest-mismatch", message, "analyse the record anew", column="digest")
        if self.job and not finish(draft.now.connection, self.job, self.worker, self.id):
            draft.forbid("lease-lost", "the job was cancelled, or another worker has it", "leave it to the other")
        used = tuple(s for s in typed_living(case) if draft.now.key(s) is not None)
        kept = Analysis(
            self.digest, self.revision, self.seed, self.overrides, self.version, draft.actor.account, self.result, used
        )
        draft.put("analysis", self.id, kept, subject=f"analysis:{self.id}#1")
        for report in self.reports:
            id = f"{self.id}/{report.language}"
            draft.put("report", id, report, owner=f"analysis:{self.id}", subject=f"analysis:{self.id}#1")


def _parsed(text: str) -> dict[str, Any] | None:
    """A result's JSON; None where it is none."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


@dataclass(frozen=True, slots=True)
class ProposeCandidate(
    Change,
    code="propose-candidate",
    roles=frozenset({"coordinator", "geneticist"}),
    target="candidate",
    states=frozenset({ABSENT, CLOSED, "rejected", "reopened"}),
):
    """A sample may be of this name: an analysis says so, or another reason (``basis``), such as a later fragment."""

    sample: str
    missing: str
    analysis: str = ""
    basis: str = ""

    @property
    def target_id(self) -> str:
        return candidate_id(self.sample, self.missing)

    def carry_out(self, draft: Draft) -> None:
        sample = draft.now.get("sample", self.sample)
        if sample is None or sample.of != "remains":
            draft.refuse("unknown-sample", "there is no such sample of remains", "correct it", column="sample")
        if self.missing not in _names(draft.now):
            draft.refuse("unknown-person", "nobody of this id is missing", "correct it", column="missing")
        posterior, searched = None, 0
        if self.analysis:
            found = _told(draft, self.analysis, self.sample, self.missing)
            if found is None:
                return
            posterior, searched = found
        elif not self.basis.strip():
            draft.refuse("missing-value", "a candidate rests on an analysis or on a reason", "give one", column="basis")
        earlier: Candidate | None = draft.now.get("candidate", self.target_id)
        made = Candidate(
            self.sample, self.missing, "proposed", draft.actor.account, self.analysis, posterior, searched, self.basis
        )
        if earlier is not None:
            made = replace(made, reasons=earlier.reasons, comments=earlier.comments)
        draft.put("candidate", self.target_id, made, owner=f"sample:{self.sample}")


def _names(view: View) -> set[str]:
    missing = {f"{id}/{p}" for id, h in view.all("family").items() for p in h.value.missing}
    return missing | set(view.all("listed"))


def _told(draft: Draft, id: str, sample: str, missing: str) -> tuple[float, int] | None:
    """The posterior that an analysis gives to the two, and among how many names it searched."""
    analysis: Analysis | None = draft.now.get("analysis", id)
    if analysis is None:
        draft.refuse("unknown-analysis", "there is no such analysis", "correct it", column="analysis")
        return None
    result: dict[str, Any] = json.loads(analysis.result)
    joint = result.get("joint")
    rows = joint["marginals"] if joint else [{**p, "who": p["missing"]} for p in result.get("pairs", ())]
    for row in rows:
        if (row["sample"], row["who"]) == (sample, missing):
            return float(row["posterior"]), len(result.get("missing", ()))
    draft.refuse("unknown-pair", "the analysis does not tell of the two", "choose a pair of it", column="analysis")
    return None


@dataclass(frozen=True, slots=True)
class ReviewCandidate(
    Change,
    code="review-candidate",
    roles=_SCIENTISTS,
    target="candidate",
    states=frozenset({"proposed", "reviewed"}),
    id="id",
):
    """Somebody other than the proposer looked at the evidence."""

    id: str
    supports: bool
    reasons: str

    def carry_out(self, draft: Draft) -> None:
        candidate: Candidate = draft.now.get("candidate", self.id)
        me = draft.actor.account
        if candidate.proposed_by == me:
            draft.forbid("own-work", "nobody reviews his own candidate", "ask somebody else")
        if not self.reasons.strip():
            draft.refuse("missing-value", "a review gives its reasons", "write them", column="reasons")
        reviews = (*(r for r in candidate.reviews if r.by != me), Review(me, draft.day, self.supports, self.reasons))
        state: Literal["reviewed", "proposed"] = "reviewed" if all(r.supports for r in reviews) else "proposed"
        draft.put("candidate", self.id, replace(candidate, reviews=reviews, state=state), owner=_owner(candidate))


def _owner(candidate: Candidate) -> str:
    return f"sample:{candidate.sample}"


@dataclass(frozen=True, slots=True)
class CommentCandidate(
    Change,
    code="comment-candidate",
    roles=_SIGNERS,
    target="candidate",
    states=_EVERY_STATE,
    id="id",
):
    """Somebody remarks something, in whatever state the candidate is; nothing is decided by it."""

    id: str
    text: str

    def carry_out(self, draft: Draft) -> None:
        candidate: Candidate = draft.now.get("candidate", self.id)
        if not self.text.strip():
            draft.refuse("missing-value", "a comment says something", "write it", column="text")
        comments = (*candidate.comments, Comment(draft.actor.account, draft.day, self.text.strip()))
        draft.put("candidate", self.id, replace(candidate, comments=comments), owner=_owner(candidate))


@dataclass(frozen=True, slots=True)
class SignIdentification(
    Change,
    code="sign-identification",
    roles=_SIGNERS,
    target="candidate",
    states=frozenset({"reviewed", "signed"}),
    id="id",
):
    """One of two signs; with the second the sample has its name, and the joint posterior is conditioned on it."""

    id: str

    def carry_out(self, draft: Draft) -> None:
        candidate: Candidate = draft.now.get("candidate", self.id)
        me = draft.actor.account
        if any(s.by == me for s in candidate.signatures):
            draft.forbid("same-signer", "two different persons sign an identification", "ask somebody else")
            return
        signatures = (*candidate.signatures, Signature(me, draft.day))
        done = len(signatures) == 2
        signed = replace(candidate, signatures=signatures, state="identified" if done else "signed")
        draft.put("candidate", self.id, signed, owner=_owner(candidate))
        if done:
            _identify(draft, signed)


def _identify(draft: Draft, candidate: Candidate) -> None:
    said = Identification(candidate.sample, candidate.missing, tuple(s.by for s in candidate.signatures), draft.day)
    id = f"{said.sample}/{said.missing}"
    draft.put("identification", id, said, owner=_owner(candidate))
    case = case_of(draft.now)
    against = contradictions(case)
    if against:
        message = f"it contradicts an identification that is signed ({', '.join(sorted({c.reason for c in against}))})"
        draft.forbid("identification-conflict", message, "reopen the earlier one first")


@dataclass(frozen=True, slots=True)
class RejectCandidate(
    Change,
    code="reject-candidate",
    roles=_SIGNERS,
    target="candidate",
    states=frozenset({"proposed", "reviewed", "signed"}),
    id="id",
):
    """A candidate is given up, with reasons."""

    id: str
    reasons: str

    def carry_out(self, draft: Draft) -> None:
        candidate: Candidate = draft.now.get("candidate", self.id)
        correct(draft, "candidate", self.id, self.reasons)
        given_up = replace(candidate, state="rejected", reasons=self.reasons)
        draft.put("candidate", self.id, given_up, owner=_owner(candidate))


@dataclass(frozen=True, slots=True)
class ReopenIdentification(
    Change, code="reopen-identification", roles=_SIGNERS, target="candidate", states=_NAMED, id="id"
):
    """A signed identification is open again; who signed stays in its history."""

    id: str
    reasons: str

    def carry_out(self, draft: Draft) -> None:
        _reopen(draft, self.id, self.reasons)


def _reopen(draft: Draft, id: str, reasons: str) -> Candidate:
    candidate: Candidate = draft.now.get("candidate", id)
    correct(draft, "candidate", id, reasons)
    open_again = replace(candidate, state="reopened", reasons=reasons, reviews=(), signatures=())
    draft.put("candidate", id, open_again, owner=_owner(candidate))
    draft.close("identification", f"{candidate.sample}/{candidate.missing}")
    return candidate


@dataclass(frozen=True, slots=True)
class MarkMisassociated(Change, code="mark-misassociated", roles=_SIGNERS, target="candidate", states=_NAMED, id="id"):
    """Remains that were taken for one body with others are not: the identification opens, and they stay apart."""

    id: str
    not_of: str
    reasons: str

    def carry_out(self, draft: Draft) -> None:
        candidate = _reopen(draft, self.id, self.reasons)
        sample = draft.now.get("sample", candidate.sample)
        remains = draft.now.get("remains", sample.source)
        other = draft.now.get("remains", self.not_of)
        if other is None or other.id == remains.id:
            draft.refuse("unknown-remains", "name the other remains it is not of", "correct it", column="not_of")
            return
        together = bool(remains.individual) and remains.individual == other.individual
        apart = tuple(dict.fromkeys((*remains.not_same_as, other.id)))
        changed = replace(remains, individual="" if together else remains.individual, not_same_as=apart)
        correct(draft, "remains", remains.id, self.reasons)
        draft.put("remains", remains.id, changed)


@dataclass(frozen=True, slots=True)
class NotifyFamily(
    Change,
    code="notify-family",
    roles=frozenset({"coordinator"}),
    target="candidate",
    states=_NAMED | {"reopened"},
    id="id",
):
    """A family is told, as it wished to be. ``person``: `FAMILY/PERSON` who was spoken to."""

    id: str
    topic: Literal["identification", "later-fragment", "correction", "unexpected-kinship"]
    means: str
    person: str = ""

    def carry_out(self, draft: Draft) -> None:
        candidate: Candidate = draft.now.get("candidate", self.id)
        family, slash, _ = candidate.missing.partition("/")
        if not slash:
            draft.refuse("unknown-family", "nobody knows a family of this name", "enter the family first")
            return
        self._ask(draft, family)
        told = Notification(family, self.topic, draft.day, self.means, self.person)
        draft.add("notification", told, owner=f"family:{family}")
        if candidate.state == "identified" and self.topic in ("identification", "later-fragment"):
            draft.put("candidate", self.id, replace(candidate, state="notified"), owner=_owner(candidate))

    def _ask(self, draft: Draft, family: str) -> None:
        """What the family and the person wish."""
        telling = draft.now.get("telling", family)
        earlier = [h.value for h in draft.now.all("notification", f"family:{family}").values()]
        if telling is not None and telling.wish == "never":
            draft.forbid("not-to-be-told", "the family wishes not to be told", "respect it, or record another wish")
        if telling is not None and telling.wish == "once" and self.topic == "later-fragment" and earlier:
            draft.forbid(
                "told-once", "the family wishes to be told once, and was", "respect it, or record another wish"
            )
        if self.topic == "unexpected-kinship":
            consent = draft.now.get("consent", person_key(self.person))
            if consent is None or not consent.unexpected_kinship:
                message = "the person did not wish to learn of unexpected kinship"
                draft.forbid("kinship-not-wished", message, "do not tell him; decide without his being told")


@dataclass(frozen=True, slots=True)
class Repatriate(
    Change,
    code="repatriate",
    roles=frozenset({"coordinator"}),
    target="candidate",
    states=frozenset({"identified", "notified"}),
    id="id",
):
    """Identified remains are given to the family."""

    id: str
    receiver: str
    place: str
    note: str = ""

    def carry_out(self, draft: Draft) -> None:
        candidate: Candidate = draft.now.get("candidate", self.id)
        given = Repatriation(draft.day, self.receiver, self.place, self.note)
        draft.put("repatriation", self.id, given, owner=_owner(candidate))
        draft.put("candidate", self.id, replace(candidate, state="returned"), owner=_owner(candidate))
