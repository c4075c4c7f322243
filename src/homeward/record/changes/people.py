"""Changes to families, the list, names, consent and wishes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from homeward.case import Doubt, ListedPerson, PersonRecord, merge_families
from homeward.pedigree import Pedigree
from homeward.record.case_rows import case_of, person_key
from homeward.record.changes.bones import correct, subject_of_person
from homeward.record.changes.change import ABSENT, CLOSED, PRESENT, Change
from homeward.record.consent import consent_faults
from homeward.record.draft import Draft
from homeward.record.roles import Role
from homeward.record.values import Agreement, Consent, FamilyFile, Names, RosterEntry, Telling, Tombstone
from homeward.record.withdrawal import withdraw

__all__ = [
    "CorrectPedigree",
    "ListPerson",
    "RecordAgreement",
    "RecordConsent",
    "RecordNames",
    "RecordPerson",
    "RecordRoster",
    "RecordTelling",
    "RegisterFamily",
    "WithdrawConsent",
]

_COORDINATORS: frozenset[Role] = frozenset({"coordinator"})
_WORKERS: frozenset[Role] = frozenset({"coordinator", "geneticist"})
_NEW = frozenset({ABSENT, CLOSED})
_THERE = frozenset({PRESENT})
_ANY = _NEW | _THERE


@dataclass(frozen=True, slots=True)
class RegisterFamily(Change, code="register-family", roles=_WORKERS, target="family", states=_NEW, id="id"):
    """A family is entered with its pedigree and who of it is missing."""

    id: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()

    def carry_out(self, draft: Draft) -> None:
        _check_family(draft, self.id, self.pedigree, self.missing)
        draft.put("family", self.id, FamilyFile(self.pedigree, self.missing, self.doubts))


@dataclass(frozen=True, slots=True)
class CorrectPedigree(Change, code="correct-pedigree", roles=_WORKERS, target="family", states=_THERE, id="id"):
    """A family's pedigree, or who of it is missing, was wrong."""

    id: str
    pedigree: Pedigree
    missing: tuple[str, ...]
    reason: str
    doubts: tuple[Doubt, ...] = ()

    def carry_out(self, draft: Draft) -> None:
        _check_family(draft, self.id, self.pedigree, self.missing)
        sampled = {h.value.source for h in draft.now.all("sample").values() if h.value.of == "person"}
        lost = [m for m in draft.now.get("family", self.id).pedigree.ids if m not in self.pedigree]
        for person in lost:
            if f"{self.id}/{person}" in sampled:
                message, remedy = "somebody with a sample is left out", "keep him in the pedigree"
                draft.refuse("unknown-person", message, remedy, sample=f"{self.id}/{person}")
        correct(draft, "family", self.id, self.reason)
        draft.put("family", self.id, FamilyFile(self.pedigree, self.missing, self.doubts))


def _check_family(draft: Draft, id: str, pedigree: Pedigree, missing: tuple[str, ...]) -> None:
    if not id or "/" in id or len(id) > 64:
        draft.refuse("bad-id", "an id has 1 to 64 characters and no /", "choose another", column="id")
    if unknown := [m for m in missing if m not in pedigree]:
        draft.refuse("unknown-person", f"{len(unknown)} of the missing are not in the pedigree", column="missing")


@dataclass(frozen=True, slots=True)
class RecordPerson(Change, code="record-person", roles=_WORKERS, target="person", states=_ANY, id="id"):
    """What the register says of a family's member. Of a living one it is locked with his own key."""

    id: str
    record: PersonRecord

    def carry_out(self, draft: Draft) -> None:
        family, _, person = self.id.partition("/")
        file: FamilyFile | None = draft.now.get("family", family)
        if file is None or person not in file.pedigree:
            draft.refuse("unknown-person", "nobody of this id is in a family", "correct it", column="id")
            return
        draft.put(
            "person", self.id, self.record, owner=f"family:{family}", subject=subject_of_person(draft.now, self.id)
        )


@dataclass(frozen=True, slots=True)
class ListPerson(Change, code="list-person", roles=_COORDINATORS, target="listed", states=_ANY, id="person.id"):
    """A missing person without a family is put on the list, or his row is corrected."""

    person: ListedPerson

    def carry_out(self, draft: Draft) -> None:
        if self.person.id in ("stranger", "unreferenced") or "/" in self.person.id or not self.person.id:
            draft.refuse("bad-id", "the result uses this word, or it is no id", "choose another", column="id")
        draft.put("listed", self.person.id, self.person)


@dataclass(frozen=True, slots=True)
class RecordNames(Change, code="record-names", roles=_WORKERS, target="names", states=_ANY, id="id"):
    """Every form of the name of a family's member, or of a person on the list."""

    id: str
    names: Names

    def carry_out(self, draft: Draft) -> None:
        family, slash, person = self.id.partition("/")
        if not slash:
            if draft.now.held("listed", self.id) is None:
                draft.refuse("unknown-person", "nobody of this id is on the list", "correct it", column="id")
            draft.put("names", self.id, self.names, owner=f"listed:{self.id}")
            return
        file: FamilyFile | None = draft.now.get("family", family)
        if file is None or person not in file.pedigree:
            draft.refuse("unknown-person", "nobody of this id is in a family", "correct it", column="id")
        subject = subject_of_person(draft.now, self.id)
        draft.put("names", self.id, self.names, owner=f"person:{self.id}", subject=subject)


@dataclass(frozen=True, slots=True)
class RecordRoster(Change, code="record-roster", roles=_COORDINATORS):
    """What a roster says of a listed person or of `FAMILY/PERSON`: missing, absent that day, a survivor."""

    id: str
    entry: RosterEntry

    def carry_out(self, draft: Draft) -> None:
        family_id, slash, person = self.id.partition("/")
        file: FamilyFile | None = draft.now.get("family", family_id) if slash else None
        there = person in file.pedigree if file is not None else draft.now.held("listed", self.id) is not None
        if not there:
            draft.refuse("unknown-person", "nobody of this id is on the list or in a family", "correct it", column="id")
            return
        draft.add("roster", self.entry, owner=f"{'person' if slash else 'listed'}:{self.id}")
        if self.entry.status == "missing":
            return
        if file is None:  # he was not there: no bone can be his
            draft.close("listed", self.id)
        elif person in file.missing:
            left = tuple(p for p in file.missing if p != person)
            draft.put("family", family_id, replace(file, missing=left))


@dataclass(frozen=True, slots=True)
class RecordTelling(Change, code="record-telling", roles=_COORDINATORS, target="family", states=_THERE, id="id"):
    """How often a family wants to be told."""

    id: str
    wish: Literal["once", "every-time", "never"]

    def carry_out(self, draft: Draft) -> None:
        draft.put("telling", self.id, Telling(self.wish), owner=f"family:{self.id}")


@dataclass(frozen=True, slots=True)
class RecordConsent(Change, code="record-consent", roles=_COORDINATORS, target="consent", states=_ANY, id="subject"):
    """What a living person allowed. ``subject``: his data key, `person:FAMILY/PERSON` or `staff:ID`."""

    subject: str
    consent: Consent

    def carry_out(self, draft: Draft) -> None:
        if draft.now.held("tombstone", self.subject) is not None:
            remedy = "somebody who consents anew is a new person of the family, with an id of his own"
            draft.forbid("withdrawn", "this person withdrew", remedy)
        if not self.subject.startswith(("person:", "staff:")):
            draft.refuse("bad-id", "a consent is of person:FAMILY/PERSON or staff:ID", "correct it", column="subject")
        draft.faults += consent_faults(self.consent)
        draft.put("consent", self.subject, self.consent, subject=self.subject)


@dataclass(frozen=True, slots=True)
class WithdrawConsent(
    Change, code="withdraw-consent", roles=_COORDINATORS, target="consent", states=_THERE, id="subject"
):
    """A living person withdraws: his key is destroyed, and what was locked with it is lost for good."""

    subject: str

    def carry_out(self, draft: Draft) -> None:
        for subject in _everywhere(draft, self.subject):
            draft.put("tombstone", subject, Tombstone(draft.day))
            withdraw(draft, subject)


def _everywhere(draft: Draft, subject: str) -> list[str]:
    """The person's data keys: one for each family whose file he stands in."""
    kind, _, full = subject.partition(":")
    if kind != "person" or draft.now.held("case", "case") is None:
        return [subject]
    for family in merge_families(case_of(draft.now)).families:
        ids = {full_id for pair in family.alias.items() for full_id in pair if full in pair}
        same = [person_key(id) for id in sorted(ids) if draft.key_was_made(person_key(id))]
        if same:
            return same
    return [subject]


@dataclass(frozen=True, slots=True)
class RecordAgreement(Change, code="record-agreement", roles=_COORDINATORS, target="agreement", states=_ANY, id="id"):
    """What another party's liaison may see."""

    id: str
    agreement: Agreement

    def carry_out(self, draft: Draft) -> None:
        for family in self.agreement.families:
            if draft.now.held("family", family) is None:
                draft.refuse("unknown-family", "the agreement names a family that is not there", column="families")
        for remains in self.agreement.remains:
            if draft.now.held("remains", remains) is None:
                draft.refuse("unknown-remains", "the agreement names remains that are not there", column="remains")
        draft.put("agreement", self.id, self.agreement)
