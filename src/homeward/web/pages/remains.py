"""What was recovered, and where it has been."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from homeward.faults import Fault, Refusal
from homeward.record.changes import CHANGES, RecordCustody
from homeward.record.reading import may_read, visible
from homeward.record.values import Custody
from homeward.web.custody import chain_of, chain_svg
from homeward.web.pages.frame import Guest, Poster, back_to, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=4000)]
_FURTHEST = ("returned", "notified", "identified", "signed", "reviewed", "proposed", "reopened", "rejected")


@router.get("/remains")
def remains(guest: Guest, after: str = "") -> HTMLResponse:
    day = guest.record.today()
    with guest.record.view() as view:
        items = visible(view, guest.actor, "remains", None, day)
        samples = visible(view, guest.actor, "sample", None, day)
        candidates = visible(view, guest.actor, "candidate", None, day)
    of: dict[str, list[str]] = {}
    for id, held in samples.items():
        if held.value.of == "remains":
            of.setdefault(held.value.source, []).append(id)
    states: dict[str, str] = {}
    for held in candidates.values():
        states.setdefault(held.value.sample, held.value.state)
        states[held.value.sample] = min(states[held.value.sample], held.value.state, key=_FURTHEST.index)
    rows = [
        (h.value, of.get(id, []), next((states[s] for s in of.get(id, []) if s in states), ""))
        for id, h in items.items()
    ]
    return page(guest, "remains.html", rows=rows)


@router.get("/remains/one")
def one(guest: Guest, id: str, done: int | None = None) -> HTMLResponse:
    day = guest.record.today()
    with guest.record.view() as view:
        items = visible(view, guest.actor, "remains", None, day)
        if id not in items:
            raise Refusal(
                [Fault("not-found", "there are no such remains, or not for you", "correct the id")], rule=True
            )
        owner = f"remains:{id}"
        notes = {
            k: [h.value for h in visible(view, guest.actor, k, owner, day).values()]
            for k in ("custody", "anthropology")
        }
        recovery = view.get("recovery", id)
        samples = list(visible(view, guest.actor, "sample", owner, day))
        handed_on = {
            s: [h.value for h in visible(view, guest.actor, "custody", f"sample:{s}", day).values()] for s in samples
        }
        candidates = {
            c: h.value
            for c, h in visible(view, guest.actor, "candidate", None, day).items()
            if h.value.sample in samples
        }
        corrections = (
            [h.value for h in view.all("correction", owner).values()] if may_read(guest.actor, "correction") else []
        )
        body = items[id].value.individual
        mates = [o for o, h in items.items() if body and h.value.individual == body and o != id]
    chains = [chain_of(id, notes["custody"], recovery)]
    chains += [chain_of(s, handovers) for s, handovers in handed_on.items() if handovers]
    return page(
        guest,
        "remains_one.html",
        remains=items[id].value,
        recovery=recovery,
        samples=samples,
        candidates=candidates,
        corrections=corrections,
        mates=mates,
        chains=[(c, Markup(str(chain_svg(c, day, guest.say))) if c.steps else "") for c in chains],
        may_hand_over=guest.actor.may("record-custody", CHANGES["record-custody"].roles),
        done=done,
        anthropology=notes["anthropology"],
    )


@router.post("/remains/one")
def hand_over(
    guest: Poster, id: Text, date: Text, giver: Text, receiver: Text, place: Text = "", seal: Text = "", note: Text = ""
) -> Response:
    """The remains went from one hand to another; the door says who may record it, and that nothing lies between."""
    custody = Custody(id, date.strip(), giver.strip(), receiver.strip(), place.strip(), seal.strip(), note.strip())
    seq = guest.record.apply(RecordCustody(custody), guest.actor)
    return back_to("/remains/one", {"id": id, "done": seq})
