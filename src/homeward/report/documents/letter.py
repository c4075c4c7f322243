"""The letter to a family in plain words: who was identified, that two persons signed, what is open, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

from homeward.case import Case, Remains
from homeward.faults import Fault, Refusal
from homeward.report.documents.bones import bone_text
from homeward.report.documents.subject import Issue, Signature, signed_in
from homeward.report.documents.values import Block, Document, Paragraph, Signatures, Signed
from homeward.report.words import Words

__all__ = ["Identified", "family_letter", "identified_by"]


@dataclass(frozen=True, slots=True)
class Identified:
    """An identification as a family is told of it. ``name``: of the missing person, or his id where none is known."""

    case: str
    sample: str
    missing: str
    name: str
    remains: Remains
    signed: tuple[Signature, ...]


def identified_by(case: Case, sample: str) -> Identified:
    """What `identifications.csv` says of a sample. Raises `Refusal` (a rule) ``not-identified`` where it is silent."""
    said = next((i for i in case.identifications if i.sample == sample), None)
    if said is None:
        raise Refusal([_unsigned(sample)], rule=True)
    family, _, person = said.missing.partition("/")
    records = {f.id: f.records for f in case.families}.get(family, {})
    listed = {p.id: p.name for p in case.listed}
    name = records[person].name if person in records else listed.get(said.missing, "")
    source = next(s.source for s in case.samples if s.id == sample)
    signed = signed_in(case, sample, said.missing)
    return Identified(case.name, sample, said.missing, name or said.missing, case.remains_by_id[source], signed)


def _unsigned(sample: str) -> Fault:
    message = "a family is written to of what two different persons have signed"
    return Fault("not-identified", message, "let it be signed first", sample=sample)


def family_letter(who: Identified, issue: Issue) -> Document:
    """The letter. It has no figure that could be taken for certainty, and nothing of anybody's DNA.

    Raises `Refusal` (a rule) ``not-identified`` where two different persons have not signed.
    """
    if len({s.name for s in who.signed}) < 2:
        raise Refusal([_unsigned(who.sample)], rule=True)
    say = Words(issue.language)
    return Document(
        "letter",
        issue.language,
        say("doc.letter", name=who.name),
        issue.letterhead.name or who.case,
        who.case,
        tuple(_blocks(who, issue, say)),
        issue.date,
        issue.letterhead,
        {"sample": who.sample, "missing": who.missing, "signatures": [s.name for s in who.signed]},
    )


def _day(issue: Issue) -> str:
    """The day of issue as a letter has it: 10 March 2026."""
    if not issue.date:
        return ""
    locale = {"en": "en_GB"}.get(issue.language, issue.language)
    return str(format_date(date.fromisoformat(issue.date), "long", locale=locale))


def _blocks(who: Identified, issue: Issue, say: Words) -> list[Block]:
    first, second = (s.name for s in who.signed[:2])
    contact = issue.letterhead.contact
    told = [
        _day(issue),
        say("doc.letter.found", name=who.name),
        say("doc.letter.sorrow"),
        say.joined(
            say("doc.letter.what", remains=bone_text(who.remains, say), sample=who.sample),
            say("doc.letter.place", place=who.remains.place) if who.remains.place else "",
        ),
        say("doc.letter.how", name=who.name),
        say("doc.letter.two", first=first, second=second),
        say("doc.letter.sure"),
        say("doc.letter.rest", name=who.name),
        say("doc.letter.next"),
        say("doc.letter.data", name=who.name),
        say("doc.letter.ask", contact=contact) if contact else say("doc.letter.ask.nobody"),
    ]
    sender = Signatures((Signed(say("doc.letter.sender")),), say("name"), say("doc.date"))
    return [*(Paragraph(text) for text in told if text), sender]
