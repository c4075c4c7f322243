"""Who may be who, and what people decide of it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from homeward.faults import Fault, Refusal
from homeward.record.changes import (
    NotifyFamily,
    RejectCandidate,
    ReopenIdentification,
    Repatriate,
    ReviewCandidate,
    SignIdentification,
)
from homeward.record.reading import may_read, visible
from homeward.report.numbers import posterior_text
from homeward.web.pages.frame import Guest, Poster, back_to, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=4000)]

# what a button of the page does: the change, and which of the form's fields it takes
ACTIONS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "review": (ReviewCandidate, ("reasons",)),
    "object": (ReviewCandidate, ("reasons",)),
    "sign": (SignIdentification, ()),
    "reject": (RejectCandidate, ("reasons",)),
    "reopen": (ReopenIdentification, ("reasons",)),
    "notify": (NotifyFamily, ("means",)),
    "return": (Repatriate, ("receiver", "place")),
}


@router.get("/candidates")
def candidates(guest: Guest) -> HTMLResponse:
    with guest.record.view() as view:
        found = visible(view, guest.actor, "candidate", None, guest.record.today())
    return page(guest, "candidates.html", rows=[(id, h.value, _posterior(h.value)) for id, h in found.items()])


def _posterior(candidate: Any) -> str:
    return "" if candidate.posterior is None else posterior_text(candidate.posterior)


@router.get("/candidate")
def one(guest: Guest, id: str, done: int | None = None) -> HTMLResponse:
    with guest.record.view() as view:
        found = visible(view, guest.actor, "candidate", None, guest.record.today())
        if id not in found:
            raise Refusal(
                [Fault("not-found", "there is no such candidate, or not for you", "correct the id")], rule=True
            )
        history = view.history("candidate", id) if may_read(guest.actor, "correction") else []
    candidate = found[id].value
    actions = {
        name: fields
        for name, (change, fields) in ACTIONS.items()
        if candidate.state in change.states and guest.actor.roles & change.roles
    }
    return page(
        guest,
        "candidate.html",
        id=id,
        candidate=candidate,
        posterior=_posterior(candidate),
        actions=actions,
        history=history,
        done=done,
    )


@router.post("/candidate")
def decide(
    guest: Poster, id: Text, action: Text, reasons: Text = "", means: Text = "", receiver: Text = "", place: Text = ""
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
    }
    if action not in changes:
        raise Refusal([Fault("bad-request", "there is no such action", "use the page's buttons", column="action")])
    seq = guest.record.apply(changes[action](), guest.actor)
    return back_to("/candidate", {"id": id, "done": seq})
