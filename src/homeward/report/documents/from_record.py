"""What each report needs of a record, for somebody who may read it."""

from __future__ import annotations

from homeward.faults import Fault, Refusal
from homeward.record import Actor, Record
from homeward.record.ledger import head
from homeward.record.proposals import newest_analysis
from homeward.record.reading import ask_to_read, may_read, visible
from homeward.record.summary import summary, without_references
from homeward.record.values import Analysis, Candidate
from homeward.record.view import View
from homeward.report.documents.custody import Item
from homeward.report.documents.letter import Identified
from homeward.report.documents.status import State
from homeward.report.documents.subject import Signature, Subject

__all__ = ["candidate_of", "identified_in", "item_in", "state_in", "subject_in"]

_TOLD = frozenset({"identified", "notified", "returned"})


def subject_in(record: Record, actor: Actor, id: str) -> Subject:
    """A candidate with the analysis that it rests on, or else the newest, computed long ago.

    Raises `Refusal`: ``role``, ``not-found``, ``no-analysis``, ``not-rerunnable``, and those of consent.
    """
    ask_to_read(actor, "report")
    with record.view() as view:
        candidate = _candidate(record, view, actor, id)
        rests_on = candidate.analysis or newest_analysis(view)
        analysis: Analysis | None = view.get("analysis", rests_on)
        there = view.held("analysis", rests_on) is not None
        signed = _signed(view, candidate)
    if analysis is None or not analysis.rerunnable:
        if there:
            message = "somebody whose data the analysis used has withdrawn"
            raise Refusal([Fault("not-rerunnable", message, "analyse the case as it is now")], rule=True)
        raise Refusal([Fault("no-analysis", "nothing was computed of it yet", "analyse the case")])
    case = record.case(at=analysis.revision)
    return Subject(analysis.result.encode(), case, candidate.sample, candidate.missing, signed)


def candidate_of(record: Record, actor: Actor, sample: str, missing: str) -> str:
    """The id of a sample's candidate; ``missing`` may be left out where there is one alone.

    Raises `Refusal`: ``role``, ``not-found``, ``several-candidates``.
    """
    ask_to_read(actor, "candidate")
    with record.view() as view:
        found = visible(view, actor, "candidate", None, record.today())
    wanted = [id for id, h in found.items() if h.value.sample == sample and missing in ("", h.value.missing)]
    if len(wanted) > 1:
        message = "the sample is a candidate for several names"
        raise Refusal([Fault("several-candidates", message, "name one with --missing", sample=sample)])
    if not wanted:
        raise Refusal([Fault("not-found", "there is no such candidate, or not for you", "correct the id")], rule=True)
    return wanted[0]


def identified_in(record: Record, actor: Actor, id: str) -> Identified:
    """What a letter to the family says. Raises `Refusal`: ``role``, ``not-found``, ``not-identified``,
    ``not-to-be-told`` and ``told-once`` where the family does not wish to hear."""
    ask_to_read(actor, "telling")
    with record.view() as view:
        candidate = _candidate(record, view, actor, id)
        if candidate.state not in _TOLD:
            message = "a family is written to of what two different persons have signed"
            raise Refusal([Fault("not-identified", message, "let it be signed first")], rule=True)
        _ask_what_the_family_wishes(view, candidate)
        sample = view.get("sample", candidate.sample)
        remains = view.get("remains", sample.source)
        person = view.get("person", candidate.missing) or view.get("listed", candidate.missing)
        case = view.get("case", "case").name
        signed = _signed(view, candidate)
    name = person.name if person is not None and person.name else candidate.missing
    return Identified(case, candidate.sample, candidate.missing, name, remains, signed)


def _ask_what_the_family_wishes(view: View, candidate: Candidate) -> None:
    """As `notify-family` does; what the family was told already may be written down again."""
    family = candidate.missing.partition("/")[0]
    telling = view.get("telling", family)
    wish = "" if telling is None else telling.wish
    remedy = "respect it, or record another wish"
    if wish == "never":
        raise Refusal([Fault("not-to-be-told", "the family wishes not to be told", remedy)], rule=True)
    if wish == "once" and candidate.state == "identified" and view.all("notification", f"family:{family}"):
        raise Refusal([Fault("told-once", "the family wishes to be told once, and was", remedy)], rule=True)


def item_in(record: Record, actor: Actor, id: str) -> Item:
    """An item of remains and its handovers. Raises `Refusal`: ``role``, ``not-found``."""
    ask_to_read(actor, "custody")
    day = record.today()
    with record.view() as view:
        items = visible(view, actor, "remains", None, day)
        if id not in items:
            raise Refusal(
                [Fault("not-found", "there are no such remains, or not for you", "correct the id")], rule=True
            )
        owner = f"remains:{id}"
        samples = visible(view, actor, "sample", owner, day)
        corrections = view.all("correction", owner).values() if may_read(actor, "correction") else ()
        return Item(
            view.get("case", "case").name,
            head(view.connection)[0],
            items[id].value,
            view.get("recovery", id),
            tuple(h.value for h in visible(view, actor, "custody", owner, day).values()),
            tuple(
                (s, tuple(h.value for h in visible(view, actor, "custody", f"sample:{s}", day).values()))
                for s in samples
            ),
            tuple(h.value for h in corrections),
        )


def state_in(record: Record, actor: Actor) -> State:
    """Counts of what the actor may see. Raises `Refusal`: ``role``, ``not-found`` where the record has no case."""
    ask_to_read(actor, "summary")
    day = record.today()
    with record.view() as view:
        case = view.get("case", "case")
        if case is None:
            raise Refusal([Fault("not-found", "the record holds no case", "take one in")])
        told = summary(view, actor, day)
        families = visible(view, actor, "family", None, day)
        untyped = without_references(view, families)
        states = [h.value.state for h in visible(view, actor, "candidate", None, day).values()]
    names = {
        "families": len(families),
        "missing": sum(len(h.value.missing) for h in families.values()),
        "listed": told.counts["listed"],
        "typed": len(families) - len(untyped),
        "untyped": len(untyped),
    }
    waits = {
        "proposed": states.count("proposed"),
        "reviewed": states.count("reviewed") + states.count("signed"),
        "reopened": states.count("reopened"),
        "rejected": states.count("rejected"),
        "untold": states.count("identified"),
        "unreturned": states.count("identified") + states.count("notified"),
    }
    return State(case.name, told.revision, told.funnel, names, waits)


def _candidate(record: Record, view: View, actor: Actor, id: str) -> Candidate:
    found = visible(view, actor, "candidate", None, record.today())
    if id not in found:
        raise Refusal([Fault("not-found", "there is no such candidate, or not for you", "correct the id")], rule=True)
    candidate: Candidate = found[id].value
    return candidate


def _signed(view: View, candidate: Candidate) -> tuple[Signature, ...]:
    """Those who signed, by the names of their accounts."""
    found = []
    for s in candidate.signatures:
        account = view.get("account", s.by)
        found.append(Signature(account.name if account is not None else s.by, s.date))
    return tuple(found)
