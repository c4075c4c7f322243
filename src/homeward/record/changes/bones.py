"""Changes to remains, samples and profiles, and what is noted of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from homeward.case import Remains, Sample, Typing
from homeward.formats.profiles_csv import NEEDED, Calls, is_profile_column, typings_of
from homeward.formats.table import read_table
from homeward.pedigree import Sex
from homeward.record.case_rows import living, person_key, staff_key
from homeward.record.changes.change import ABSENT, CLOSED, PRESENT, Change
from homeward.record.draft import Draft
from homeward.record.roles import Role
from homeward.record.values import (
    Anthropology,
    CaseHead,
    Correction,
    Custody,
    Effect,
    Extraction,
    FamilyFile,
    Photograph,
    Profile,
    Recovery,
)
from homeward.record.view import View

__all__ = [
    "AddPhotograph",
    "AddProfile",
    "CorrectProfile",
    "CorrectRemains",
    "RecordAnthropology",
    "RecordCustody",
    "RecordEffect",
    "RecordExtraction",
    "RecordIndividual",
    "RecordRecovery",
    "RecordSampleCustody",
    "RegisterRemains",
    "TakeSample",
    "correct",
    "subject_of_person",
    "subject_of_sample",
]

_WORKERS: frozenset[Role] = frozenset({"coordinator", "geneticist"})
_LABORATORY: frozenset[Role] = frozenset({"geneticist"})
_NEW = frozenset({ABSENT, CLOSED})
_THERE = frozenset({PRESENT})


def correct(draft: Draft, kind: str, id: str, reason: str) -> None:
    """Keep why a thing is corrected; a correction without a reason is refused."""
    if not reason.strip():
        draft.refuse("missing-value", "a correction needs its reason", "say what was wrong", column="reason")
    draft.add("correction", Correction(draft.actor.account, draft.day, reason), owner=f"{kind}:{id}")


def subject_of_person(view: View, full_id: str) -> str | None:
    """The data key of a family's member if he counts as living."""
    family_id, _, person = full_id.partition("/")
    family: FamilyFile | None = view.get("family", family_id)
    if family is None:
        return None
    held = view.held("person", full_id)
    if held is not None and held.value is None:
        return held.subject
    return person_key(full_id) if living(family, person, None if held is None else held.value) else None


def subject_of_sample(view: View, sample: Sample) -> str | None:
    """The data key of the living person a sample is of."""
    if sample.of == "staff":
        return staff_key(sample.source)
    return subject_of_person(view, sample.source) if sample.of == "person" else None


@dataclass(frozen=True, slots=True)
class RegisterRemains(Change, code="register-remains", roles=_WORKERS, target="remains", states=_NEW, id="remains.id"):
    """A recovered item is entered."""

    remains: Remains

    def carry_out(self, draft: Draft) -> None:
        _check_remains(draft, self.remains)
        draft.put("remains", self.remains.id, self.remains)


@dataclass(frozen=True, slots=True)
class CorrectRemains(Change, code="correct-remains", roles=_WORKERS, target="remains", states=_THERE, id="remains.id"):
    """What was entered of remains was wrong; the new row takes its place, the old one stays in the history."""

    remains: Remains
    reason: str

    def carry_out(self, draft: Draft) -> None:
        _check_remains(draft, self.remains)
        correct(draft, "remains", self.remains.id, self.reason)
        draft.put("remains", self.remains.id, self.remains)


@dataclass(frozen=True, slots=True)
class RecordIndividual(Change, code="record-individual", roles=_WORKERS):
    """Items are recorded as of one body, all of them or none. ``individual``: its id; empty: each is by itself."""

    remains: tuple[str, ...]
    individual: str
    reason: str

    def carry_out(self, draft: Draft) -> None:
        if len(set(self.remains)) < (2 if self.individual else 1):
            draft.refuse("missing-value", "one body is told of two items or more", "name them", column="remains")
        if len(self.individual) > 64:
            draft.refuse("bad-id", "an id has at most 64 characters", "choose another", column="individual")
        if not self.reason.strip():
            draft.refuse("missing-value", "a correction needs its reason", "say what was wrong", column="reason")
            return
        for id in dict.fromkeys(self.remains):
            held = draft.now.held("remains", id)
            if held is None:
                draft.refuse(
                    "unknown-remains", "there are no such remains", "correct the id", column="remains", value=id
                )
                continue
            changed = replace(held.value, individual=self.individual)
            _check_remains(draft, changed)
            correct(draft, "remains", id, self.reason)
            draft.revise(held, changed)


def _check_remains(draft: Draft, remains: Remains) -> None:
    from homeward.case.elements import ELEMENTS

    if remains.element and remains.element not in ELEMENTS:
        remedy = "use a word of docs/case-folder.md#elements"
        draft.refuse("unknown-word", "this is no element", remedy, column="element")
    for other in remains.not_same_as:
        if other == remains.id or draft.now.held("remains", other) is None:
            draft.refuse("unknown-remains", "not_same_as names remains that are not there", column="not_same_as")
    if remains.individual:
        mates = [h.value for h in draft.now.all("remains").values() if h.value.individual == remains.individual]
        apart = {m.id for m in mates if m.id in remains.not_same_as or remains.id in m.not_same_as}
        if apart - {remains.id}:
            message = "remains said to be one body and not one body"
            draft.refuse("individual-conflict", message, "correct individual or not_same_as", column="individual")


@dataclass(frozen=True, slots=True)
class TakeSample(Change, code="take-sample", roles=_WORKERS, target="sample", states=_NEW, id="sample.id"):
    """A sample is taken from remains, a person, an effect or a member of staff."""

    sample: Sample

    def carry_out(self, draft: Draft) -> None:
        sample = self.sample
        if sample.of == "remains" and draft.now.held("remains", sample.source) is None:
            draft.refuse("unknown-remains", "there are no such remains", "register them first", column="source")
        if sample.of == "person":
            family, _, person = sample.source.partition("/")
            file: FamilyFile | None = draft.now.get("family", family)
            if file is None or person not in file.pedigree:
                draft.refuse("unknown-person", "nobody of this id is in a family", "correct it", column="source")
        owner = f"{sample.of}:{sample.source}"
        draft.put("sample", sample.id, sample, owner=owner)


@dataclass(frozen=True, slots=True)
class RecordExtraction(
    Change, code="record-extraction", roles=_LABORATORY, target="sample", states=_THERE, id="extraction.sample"
):
    """DNA was extracted from a sample."""

    extraction: Extraction

    def carry_out(self, draft: Draft) -> None:
        draft.add("extraction", self.extraction, owner=f"sample:{self.extraction.sample}")


@dataclass(frozen=True, slots=True)
class AddProfile(Change, code="add-profile", roles=_LABORATORY, target="profile", states=_NEW, id="sample"):
    """A sample was typed. ``table``: rows of profiles.csv with their header; it is kept beside what is read from it."""

    sample: str
    table: str

    def carry_out(self, draft: Draft) -> None:
        _put_profile(draft, self.sample, self.table, "")


@dataclass(frozen=True, slots=True)
class CorrectProfile(Change, code="correct-profile", roles=_LABORATORY, target="profile", states=_THERE, id="sample"):
    """A typing was wrong, or more was typed: the table takes the place of the one before."""

    sample: str
    table: str
    reason: str

    def carry_out(self, draft: Draft) -> None:
        correct(draft, "profile", self.sample, self.reason)
        _put_profile(draft, self.sample, self.table, self.reason)


def _put_profile(draft: Draft, id: str, text: str, reason: str) -> None:
    sample: Sample | None = draft.now.get("sample", id)
    if sample is None:
        draft.refuse("unknown-sample", "there is no such sample", "take it first", column="sample")
        return
    typings = _typings(draft, sample, text)
    subject = subject_of_sample(draft.now, sample)
    if subject is not None and draft.now.get("consent", subject) is None:
        draft.forbid(
            "consent-missing", "no consent is on record", "record his consent (record-consent) first", sample=id
        )
    if draft.faults or draft.broken_rules:
        return
    taken = [row for h in draft.now.all("profile").values() if h.value is not None for row in h.value.rows]
    first = max(taken, default=-1) + 1
    profile = Profile(typings, tuple(range(first, first + len(typings))), text, reason)
    draft.put("profile", id, profile, owner=f"sample:{id}", subject=subject)


def _typings(draft: Draft, sample: Sample, text: str) -> tuple[Typing, ...]:
    """The table as the case folder's reader reads it, for this sample alone."""
    head: CaseHead | None = draft.now.get("case", "case")
    estimated = head is not None and head.settings.model.dropout == "estimated" and sample.of == "remains"
    tables = {
        marker: tuple(alleles)
        for held in draft.now.all("population").values()
        for marker, alleles in held.value.markers.items()
    }
    calls = Calls(
        sex=lambda _: _sex(draft.now, sample),
        dropout=(sample.id,) if sample.states_dropout or estimated else (),
        tables=tables,
    )
    table = read_table(text.encode(), "profiles.csv", draft.faults, needed=NEEDED, known=is_profile_column)
    found = tuple(typings_of(table, calls))
    for typing in found:
        if typing.sample != sample.id:
            draft.refuse(
                "unknown-sample", "the table has rows of another sample", "one sample a table", column="sample"
            )
            break
    if not found and not draft.faults:
        draft.refuse("missing-value", "the table has no rows", "give a row for each marker", column="table")
    return found


def _sex(view: View, sample: Sample) -> Sex:
    if sample.of == "remains":
        remains: Remains | None = view.get("remains", sample.source)
        return "unknown" if remains is None else remains.sex
    family, _, person = sample.source.partition("/")
    file: FamilyFile | None = view.get("family", family) if sample.of == "person" else None
    return file.pedigree[person].sex if file is not None and person in file.pedigree else "unknown"


@dataclass(frozen=True, slots=True)
class RecordRecovery(Change, code="record-recovery", roles=_WORKERS, target="remains", states=_THERE, id="id"):
    """How remains were found: depth, day, finder."""

    id: str
    recovery: Recovery

    def carry_out(self, draft: Draft) -> None:
        draft.put("recovery", self.id, self.recovery, owner=f"remains:{self.id}")


@dataclass(frozen=True, slots=True)
class AddPhotograph(
    Change, code="add-photograph", roles=_WORKERS, target="remains", states=_THERE, id="photograph.remains"
):
    """A picture of remains is added."""

    photograph: Photograph

    def carry_out(self, draft: Draft) -> None:
        if self.photograph.media not in ("image/jpeg", "image/png", "image/webp", "image/tiff"):
            draft.refuse("unknown-word", "this is no kind of picture that is kept", "give JPEG, PNG, WebP or TIFF")
        draft.add("photograph", self.photograph, owner=f"remains:{self.photograph.remains}")


@dataclass(frozen=True, slots=True)
class RecordCustody(Change, code="record-custody", roles=_WORKERS, target="remains", states=_THERE, id="custody.of"):
    """Remains went from one hand to another."""

    custody: Custody

    def carry_out(self, draft: Draft) -> None:
        _hand_over(draft, self.custody, f"remains:{self.custody.of}")


@dataclass(frozen=True, slots=True)
class RecordSampleCustody(
    Change, code="record-sample-custody", roles=_WORKERS, target="sample", states=_THERE, id="custody.of"
):
    """A sample went from one hand to another."""

    custody: Custody

    def carry_out(self, draft: Draft) -> None:
        _hand_over(draft, self.custody, f"sample:{self.custody.of}")


def _hand_over(draft: Draft, custody: Custody, owner: str) -> None:
    """One handover after the other: who gives is who had it last."""
    if not custody.giver or not custody.receiver:
        draft.refuse("missing-value", "a handover names who gave and who took", "fill in both")
    before = [h.value for h in draft.now.all("custody", owner).values()]
    if before and before[-1].receiver != custody.giver:
        message = "who gives is not who had them last"
        draft.refuse("custody-gap", message, "enter the handover that is missing first", column="giver")
    draft.add("custody", custody, owner=owner)


@dataclass(frozen=True, slots=True)
class RecordEffect(
    Change, code="record-effect", roles=_WORKERS, target="effect", states=frozenset({ABSENT, CLOSED, PRESENT}), id="id"
):
    """A thing found, or brought by a family."""

    id: str
    effect: Effect

    def carry_out(self, draft: Draft) -> None:
        draft.put("effect", self.id, self.effect, owner=f"remains:{self.effect.remains}" if self.effect.remains else "")


@dataclass(frozen=True, slots=True)
class RecordAnthropology(
    Change, code="record-anthropology", roles=_WORKERS, target="remains", states=_THERE, id="anthropology.remains"
):
    """What an examination of bones concludes."""

    anthropology: Anthropology

    def carry_out(self, draft: Draft) -> None:
        draft.add("anthropology", self.anthropology, owner=f"remains:{self.anthropology.remains}")
