"""Who allowed what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from homeward.record.case_rows import case_of
from homeward.record.changes import CHANGES, WithdrawConsent
from homeward.record.consent import typed_living
from homeward.record.reading import ask_to_read
from homeward.web.pages.frame import Guest, Poster, back_to, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=400)]


@router.get("/people")
def people(guest: Guest, withdraw: str = "") -> HTMLResponse:
    ask_to_read(guest.actor, "consent")
    with guest.record.view() as view:
        consents = {id: h.value for id, h in view.all("consent").items()}
        graves = view.all("tombstone")
        withdrawn = [(id, h.value.date) for id, h in graves.items() if id.startswith(("person:", "staff:"))]
        typed = typed_living(case_of(view)) if view.held("case", "case") is not None else ()
    without = [id for id in typed if id not in consents]
    may_withdraw = bool(guest.actor.roles & CHANGES["withdraw-consent"].roles)
    return page(
        guest,
        "people.html",
        consents=consents,
        withdrawn=withdrawn,
        without=without,
        may_withdraw=may_withdraw,
        asked=withdraw if withdraw in consents and may_withdraw else "",
    )


@router.post("/people/withdraw")
def withdraw_one(guest: Poster, id: Text, typed: Text = "") -> Response:
    """Only who types the id again destroys a key."""
    if typed.strip() != id.partition(":")[2]:
        return back_to("/people", {"withdraw": id})
    guest.record.apply(WithdrawConsent(id), guest.actor)
    return back_to("/people")
