"""Who may be who, and what people decide of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, Response

from homeward.faults import Fault, Refusal
from homeward.record.changes import (
    CHANGES,
    CommentCandidate,
    NotifyFamily,
    RejectCandidate,
    ReopenIdentification,
    Repatriate,
    ReviewCandidate,
    SignIdentification,
)
from homeward.record.reading import may_read, visible
from homeward.record.values import Candidate
from homeward.record.view import View
from homeward.report.numbers import posterior_text
from homeward.web.pages.evidence import Evidence, evidence_of, moved
from homeward.web.pages.frame import Guest, Poster, address, back_to, page
from homeward.web.stored import newest_result, stored_result
from homeward.web.waiting import case_change, newer, own_work, wait_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=4000)]
Short = Annotated[str, Query(max_length=40)]

# what a button of the page does: the change, and which of the form's fields it takes
ACTIONS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "review": (ReviewCandidate, ("reasons",)),
    "object": (ReviewCandidate, ("reasons",)),
    "sign": (SignIdentification, ()),
    "reject": (RejectCandidate, ("reasons",)),
    "reopen": (ReopenIdentification, ("reasons",)),
    "notify": (NotifyFamily, ("means",)),
    "return": (Repatriate, ("receiver", "place")),
    "comment": (CommentCandidate, ("text",)),
}
UNDECIDED = ("proposed", "reviewed", "signed", "reopened")


@router.get("/candidates")
def candidates(guest: Guest) -> HTMLResponse:
    with guest.record.view() as view:
        found = visible(view, guest.actor, "candidate", None, guest.record.today())
    return page(guest, "candidates.html", rows=[(id, h.value, _posterior(h.value)) for id, h in found.items()])


def _posterior(candidate: Any) -> str:
    return "" if candidate.posterior is None else posterior_text(candidate.posterior)


@router.get("/candidate")
def one(guest: Guest, id: str, done: int | None = None, names: Short = "", strangers: Short = "") -> HTMLResponse:
    """``names``, ``strangers``: the prior under which the sample alone is looked at."""
    with guest.record.view() as view:
        candidate = _visible(guest, view, id)
        history = view.history("candidate", id) if may_read(guest.actor, "correction") else []
        evidence = _evidence(guest, view, candidate)
        wish = _wish(guest, view, _family(candidate.missing))
        stale = _stale(guest, view, candidate)
        item, mates = _body(guest, view, candidate)
    actions = {
        name: fields
        for name, (change, fields) in ACTIONS.items()
        if candidate.state in change.states
        and guest.actor.roles & change.roles
        and guest.actor.account not in own_work(candidate, name)
    }
    wait = wait_of(candidate)
    return page(
        guest,
        "candidate.html",
        id=id,
        candidate=candidate,
        wait="" if wait is None else wait.text(guest.say),
        mine=wait is not None and wait.on(guest.actor),
        undecided=candidate.state in UNDECIDED,
        stale=stale,
        item=item,
        mates=mates,
        evidence=evidence,
        parts_of={} if evidence is None else evidence.parts(guest.say),
        prior=None if evidence is None else moved(evidence, guest.say, names, strangers),
        family=_family(candidate.missing),
        wish=wish,
        may_draw=guest.actor.may("correct-pedigree", CHANGES["correct-pedigree"].roles),
        posterior=_posterior(candidate),
        actions=actions,
        history=history,
        done=done,
    )


@router.get("/candidate/prior")
def prior(guest: Guest, id: str, names: Short = "", strangers: Short = "") -> HTMLResponse:
    """The part of the page that moves while the prior is edited."""
    with guest.record.view() as view:
        evidence = _evidence(guest, view, _visible(guest, view, id))
    if evidence is None:
        raise Refusal([Fault("not-found", "there is no analysis to look at", "analyse the case")], rule=True)
    told = moved(evidence, guest.say, names, strangers)
    return page(guest, "prior.html", 422 if told["faults"] else 200, prior=told)


def _visible(guest: Any, view: View, id: str) -> Candidate:
    """Raises `Refusal` ``not-found``."""
    found = visible(view, guest.actor, "candidate", None, guest.record.today())
    if id not in found:
        raise Refusal([Fault("not-found", "there is no such candidate, or not for you", "correct the id")], rule=True)
    candidate: Candidate = found[id].value
    return candidate


def _evidence(guest: Any, view: View, candidate: Candidate) -> Evidence | None:
    """Genotypes and what was computed of them, for who may read both."""
    if not (may_read(guest.actor, "analysis") and may_read(guest.actor, "profile")):
        return None
    return evidence_of(view, candidate)


def _stale(guest: Any, view: View, candidate: Candidate) -> dict[str, Any]:
    """What whoever decides should know first: the case changed, or a newer analysis was made."""
    if candidate.state not in UNDECIDED or not may_read(guest.actor, "analysis"):
        return {"changed": None, "newer": None}
    newest = newest_result(view)
    own = stored_result(view, candidate.analysis) if candidate.analysis else newest
    changed = None if own is None else case_change(view, own.head.revision)
    return {"changed": changed, "newer": newer(candidate, newest)}


def _body(guest: Any, view: View, candidate: Candidate) -> tuple[str, list[tuple[str, list[tuple[str, Candidate]]]]]:
    """The item that the sample is of, and the other samples of its body, each with its candidates."""
    day = guest.record.today()
    items = visible(view, guest.actor, "remains", None, day)
    samples = {
        id: h.value.source
        for id, h in visible(view, guest.actor, "sample", None, day).items()
        if h.value.of == "remains" and h.value.source in items
    }
    item = samples.get(candidate.sample, "")
    body = items[item].value.individual if item else ""
    mates = [
        s
        for s, source in samples.items()
        if s != candidate.sample and (source == item or (body and items[source].value.individual == body))
    ]
    of: dict[str, list[tuple[str, Candidate]]] = {s: [] for s in mates}
    for id, held in visible(view, guest.actor, "candidate", None, day).items():
        if held.value.sample in of:
            of[held.value.sample].append((id, held.value))
    return item, list(of.items())


def _family(missing: str) -> str:
    """The family of a missing person; empty of one listed without."""
    return missing.partition("/")[0] if "/" in missing else ""


def _wish(guest: Any, view: View, family: str) -> str:
    """How often the family wants to be told; empty where there is none, or it is not for this reader."""
    if not family or not may_read(guest.actor, "telling"):
        return ""
    telling = view.get("telling", family)
    return "unknown" if telling is None else str(telling.wish)


@router.post("/candidate")
def decide(
    guest: Poster,
    id: Text,
    action: Text,
    reasons: Text = "",
    means: Text = "",
    receiver: Text = "",
    place: Text = "",
    text: Text = "",
) -> Response:
    """One decision; the door says whether it may be made."""
    changes: dict[str, Any] = {
        "review": lambda: ReviewCandidate(id, True, reasons),
        "object": lambda: ReviewCandidate(id, False, reasons),
        "sign": lambda: SignIdentification(id),
        "reject": lambda: RejectCandidate(id, reasons),
        "reopen": lambda: ReopenIdentification(id, reasons),
        "notify": lambda: NotifyFamily(id, "identification", means),
        "return": lambda: Repatriate(id, receiver, place),
        "comment": lambda: CommentCandidate(id, text),
    }
    if action not in changes:
        raise Refusal([Fault("bad-request", "there is no such action", "use the page's buttons", column="action")])
    guest.request.state.back = address("/candidate", id=id)
    seq = guest.record.apply(changes[action](), guest.actor)
    return back_to("/candidate", {"id": id, "done": seq})
