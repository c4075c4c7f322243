"""How is a family related: a pedigree corrected by clicking. What was done so far stands in the address, and only what
is saved changes the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup

from homeward.draw import pedigree_key_svg, pedigree_svg
from homeward.faults import Fault, Refusal
from homeward.pedigree.steps import VERBS, Drawn, stepped
from homeward.record.changes import CHANGES, CorrectPedigree
from homeward.record.reading import visible
from homeward.record.values import FamilyFile
from homeward.report import Words
from homeward.web.answers import status_of
from homeward.web.pages.frame import Guest, Poster, back_to, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Word = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
Steps = Annotated[list[Annotated[str, Query(max_length=300)]] | None, Query(max_length=100)]


def _place(id: str, steps: Sequence[str], who: str = "") -> str:
    """The address of what was done so far, and of whom is looked at."""
    told = [("id", id), *(("do", s) for s in steps), *((("who", who),) if who else ())]
    return f"/families/pedigree?{urlencode(told)}"


@router.get("/families/pedigree")
def draw(
    guest: Guest, id: Word, do: Steps = None, who: Word = "", verb: Word = "", a: Word = "", b: Word = "", c: Word = ""
) -> Response:
    """``do``: the steps so far. A ``verb`` with its parts is a further one, which the address then holds."""
    steps = list(do or ())
    file, since, typed = _file(guest, id)
    if verb in VERBS:
        wanted = "/".join((verb, who, *(a, b, c)[: VERBS[verb][1] - 1]))
        try:
            stepped(Drawn(file.pedigree, file.missing), [*steps, wanted])
        except Refusal as refusal:
            return _page(guest, id, file, since, typed, steps, who, refusal)
        return RedirectResponse(_place(id, [*steps, wanted], who if verb != "remove" else ""), 303)
    return _page(guest, id, file, since, typed, steps, who)


def _file(guest: Any, id: str) -> tuple[FamilyFile, int, set[str]]:
    """The family as it is, since which change, and who of it is typed. Raises `Refusal`: ``role``, ``not-found``."""
    if not guest.actor.may("correct-pedigree", CHANGES["correct-pedigree"].roles):
        message = "correct-pedigree is for coordinator, geneticist"
        raise Refusal([Fault("role", message, "ask somebody who has the role")], rule=True)
    with guest.record.view() as view:
        found = visible(view, guest.actor, "family", None, guest.record.today())
        samples = [h.value.source for h in view.all("sample").values() if h.value.of == "person"]
    if id not in found:
        raise Refusal([Fault("not-found", "there is no such family, or not for you", "correct the id")], rule=True)
    return found[id].value, found[id].since, {s.partition("/")[2] for s in samples if s.partition("/")[0] == id}


def _page(
    guest: Any,
    id: str,
    file: FamilyFile,
    since: int,
    typed: set[str],
    steps: Sequence[str],
    who: str,
    refusal: Refusal | None = None,
) -> HTMLResponse:
    say, drawn, sound = guest.say, Drawn(file.pedigree, file.missing), list(steps)
    faults = () if refusal is None else refusal.faults
    try:
        drawn = stepped(drawn, steps)
    except Refusal as broken:
        sound = sound[: (broken.faults[0].row or 1) - 1]
        faults = tuple(dict.fromkeys((*faults, *broken.faults)))
        drawn = stepped(drawn, sound)
    pedigree = drawn.pedigree
    chosen = who if who in pedigree else ""
    svg = pedigree_svg(
        pedigree,
        typed=typed & set(pedigree.ids),
        missing=set(drawn.missing),
        highlight={chosen} if chosen else (),
        links={p: _place(id, sound, p) for p in pedigree.ids},
        title=say("family", family=id),
    )
    sexes = [s for s in ("male", "female", "unknown") if any(m.sex == s for m in pedigree)]
    key = [*sexes, *(w for w, some in (("typed", typed), ("missing", drawn.missing)) if some)]
    return page(
        guest,
        "pedigree.html",
        422 if faults else 200,
        id=id,
        since=since,
        faults=faults,
        drawing=Markup(str(svg)),
        key=Markup(str(pedigree_key_svg({k: say(k) for k in key}))),
        steps=[_told(say, s) for s in sound],
        raw=sound,
        undo=_place(id, sound[:-1], chosen),
        start=_place(id, []),
        here=_place(id, sound),
        drawn=drawn,
        chosen=pedigree[chosen] if chosen else None,
        mates=_mates(drawn, chosen) if chosen else [],
        sibs=_siblings(drawn, chosen) if chosen else [],
        lost=[d for d in file.doubts if not _still(d, drawn)],
        pick=lambda person: _place(id, sound, person),
    )


def _told(say: Words, step: str) -> Markup:
    """A step in words."""
    verb, person, *parts = step.split("/")
    if verb == "missing":
        return Markup(say.html(f"pedigree.step.missing.{parts[0]}", person=person))
    sex_at = {"child": 1, "sibling": 1, "sex": 0}.get(verb, -1)
    words = []
    for i, part in enumerate(parts):
        if verb == "sibling" and i == len(parts) - 1:
            words.append(say(f"pedigree.shared.{part}"))
        elif part:
            words.append(say(part) if i == sex_at else part)
    return Markup(say.html(f"pedigree.step.{verb}", person=person, what=", ".join(words)))


def _mates(drawn: Drawn, person: str) -> list[str]:
    """With whom somebody has children."""
    pedigree = drawn.pedigree
    parents = [p for child in pedigree.children[person] for p in (pedigree[child].father, pedigree[child].mother)]
    return list(dict.fromkeys(str(p) for p in parents if p != person))


def _siblings(drawn: Drawn, person: str) -> list[str]:
    """Full siblings of his sex, of whom one may be his identical twin."""
    own = drawn.pedigree[person]
    both = (own.father, own.mother, own.sex)
    return [m.id for m in drawn.pedigree if m.id != person and not m.is_founder and (m.father, m.mother, m.sex) == both]


def _still(doubt: Any, drawn: Drawn) -> bool:
    return all(p is None or p in drawn.pedigree for p in (doubt.person, doubt.father, doubt.mother))


@router.post("/families/pedigree")
def save(
    guest: Poster,
    id: Annotated[str, Form(max_length=200)],
    since: Annotated[int, Form()],
    reason: Annotated[str, Form(max_length=4000)] = "",
    do: Annotated[list[str] | None, Form(max_length=100)] = None,
) -> Response:
    """All steps as one change; refused where the pedigree changed since it was looked at."""
    file, now, typed = _file(guest, id)
    steps = list(do or ())
    try:
        if now != since:
            message, remedy = "the pedigree was changed by somebody else meanwhile", "look at it as it is now"
            raise Refusal([Fault("preview-stale", message, remedy)], rule=True)
        drawn = stepped(Drawn(file.pedigree, file.missing), steps)
        doubts = tuple(d for d in file.doubts if _still(d, drawn))
        change = CorrectPedigree(id, drawn.pedigree, drawn.missing, reason, doubts)
        guest.record.apply(change, guest.actor)
    except Refusal as refusal:
        answer = _page(guest, id, file, now, typed, steps, "", refusal)
        answer.status_code = status_of(refusal)
        return answer
    return back_to("/families/one", {"id": id})
