"""Whom are we looking for."""

from __future__ import annotations

from typing import Annotated, Any, get_args

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from homeward.draw import pedigree_key_svg, pedigree_svg
from homeward.faults import Fault, Refusal
from homeward.record.changes import CHANGES, RecordTelling
from homeward.record.reading import may_read, visible
from homeward.record.values import FamilyFile
from homeward.record.values.people import Wish
from homeward.record.view import View
from homeward.web.pages.frame import Guest, Poster, back_to, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
WISHES: tuple[Any, ...] = get_args(Wish)


@router.get("/families")
def families(guest: Guest) -> HTMLResponse:
    with guest.record.view() as view:
        found = visible(view, guest.actor, "family", None, guest.record.today())
        typed = _typed(view)
    rows = [(id, h.value.missing, sorted(p for f, p in typed if f == id)) for id, h in found.items()]
    return page(guest, "families.html", rows=rows)


def _typed(view: View) -> set[tuple[str, str]]:
    """(family, person) of everybody with a profile that can be read."""
    read = view.ids("profile") | view.ids("mt-profile")
    sources = [
        h.value.source.partition("/") for id, h in view.all("sample").items() if h.value.of == "person" and id in read
    ]
    return {(family, person) for family, _, person in sources}


@router.get("/families/one")
def one(guest: Guest, id: str, done: int | None = None) -> HTMLResponse:
    say = guest.say
    with guest.record.view() as view:
        found = visible(view, guest.actor, "family", None, guest.record.today())
        if id not in found:
            raise Refusal([Fault("not-found", "there is no such family, or not for you", "correct the id")], rule=True)
        file: FamilyFile = found[id].value
        typed = {p for f, p in _typed(view) if f == id}
        records = (
            {p: view.get("person", f"{id}/{p}") for p in file.pedigree.ids} if may_read(guest.actor, "person") else {}
        )
        telling = view.get("telling", id)
        told = [h.value for h in visible(view, guest.actor, "notification", f"family:{id}").values()]
        history = view.history("family", id) if may_read(guest.actor, "person") else []
    dead = {p for p, r in records.items() if r is not None and (r.deceased or r.died is not None)}
    under = {p: [r.name] for p, r in records.items() if r is not None and r.name and (p in dead or p in file.missing)}
    svg = pedigree_svg(
        file.pedigree,
        typed=typed,
        missing=set(file.missing),
        deceased=dead,
        under=under,
        title=say("family", family=id),
    )
    sexes = [s for s in ("male", "female", "unknown") if any(m.sex == s for m in file.pedigree)]
    key = [*sexes, *(w for w, some in (("typed", typed), ("missing", file.missing), ("deceased", dead)) if some)]
    return page(
        guest,
        "families_one.html",
        id=id,
        file=file,
        typed=sorted(typed),
        drawing=Markup(str(svg)),
        key=Markup(str(pedigree_key_svg({k: say(k) for k in key}))),
        wish="unknown" if telling is None else telling.wish,
        told=told,
        history=history,
        wishes=WISHES if guest.actor.may("record-telling", CHANGES["record-telling"].roles) else (),
        done=done,
        may_draw=guest.actor.may("correct-pedigree", CHANGES["correct-pedigree"].roles),
    )


@router.post("/families/one")
def record_wish(
    guest: Poster, id: Annotated[str, Form(max_length=200)], wish: Annotated[str, Form(max_length=40)]
) -> Response:
    """How often the family wants to be told; the door says who may record it."""
    if wish not in WISHES:
        raise Refusal([Fault("unknown-word", "this is no wish of a family", "choose one of the page's", column="wish")])
    told: Any = wish
    seq = guest.record.apply(RecordTelling(id, told), guest.actor)
    return back_to("/families/one", {"id": id, "done": seq})
