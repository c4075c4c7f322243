"""What is assumed: every setting of the case, what it was before, and who may change it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from homeward.case import Settings
from homeward.case.settings import LinkedMarkers
from homeward.faults import Fault, Refusal
from homeward.record.changes import CorrectSettings, may_set
from homeward.record.reading import ask_to_read, may_read
from homeward.record.view import View
from homeward.report.numbers import proportion_text
from homeward.report.words import Words
from homeward.web.pages.frame import Guest, Poster, back_to, page
from homeward.web.stored import newest_result

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=4000)]
_SHARED = {"y": "line", "mt": "line"}  # sections whose keys are told by the same words


@dataclass(frozen=True, slots=True)
class _Row:
    """A key: its words, its value as people read it and as it is written, who may change it."""

    key: str
    words: str
    value: str
    written: str
    default: bool


@dataclass(frozen=True, slots=True)
class _Before:
    """What one change did to the settings."""

    since: int
    changed: tuple[tuple[str, str, str], ...]
    by: str
    date: str
    reason: str


@router.get("/settings")
def settings(guest: Guest, key: str = "", done: int | None = None) -> HTMLResponse:
    """All of them; ``key``: the one to change."""
    return _page(guest, key=key, done=done)


@router.post("/settings")
def change(guest: Poster, key: Text, value: Text = "", reason: Text = "") -> Response:
    """One key; what is wrong with it is told on the page, where it was written."""
    try:
        seq = guest.record.apply(CorrectSettings((f"{key}={value}",), reason), guest.actor)
    except Refusal as refusal:
        if refusal.rule:
            raise
        return _page(guest, key=key, value=value, reason=reason, faults=refusal.faults)
    return back_to("/settings", {"done": seq})


def _page(
    guest: Guest, key: str, done: int | None = None, value: str = "", reason: str = "", faults: tuple[Fault, ...] = ()
) -> HTMLResponse:
    ask_to_read(guest.actor, "case")
    with guest.record.view() as view:
        case = view.get("case", "case")
        if case is None:
            return page(guest, "settings.html", case=None)
        before = list(_history(view, guest.say, may_read(guest.actor, "correction")))
        result = newest_result(view) if may_read(guest.actor, "analysis") else None
        last = view.since("case")["case"]
    rows = {section: _rows(case.settings, section, guest.say) for section in _sections()}
    mine = [
        r.key
        for section, told in rows.items()
        for r in told
        if guest.actor.roles & CorrectSettings.roles and guest.actor.roles & may_set(section)
    ]
    written = {r.key: r.written for told in rows.values() for r in told}
    return page(
        guest,
        "settings.html",
        status=422 if faults else 200,
        case=case,
        sections=rows,
        who={s: [guest.say(f"role.{r}") for r in sorted(may_set(s))] for s in rows},
        mine=mine,
        key=key if key in mine else "",
        value=value or written.get(key, ""),
        reason=reason,
        faults=faults,
        done=done,
        before=before,
        stale=result is not None and result.head.revision < last,
        told=_lead(case.settings, guest.say),
    )


def _sections() -> list[str]:
    return [f.name for f in fields(Settings)]


def _lead(settings: Settings, say: Words) -> dict[str, str]:
    """The parts of the answering sentence."""
    population = ", ".join(id for id, _ in settings.model.population)
    return {
        "population": population or say("settings.own-table"),
        "theta": proportion_text(settings.model.theta),
        "strangers": proportion_text(settings.incident.strangers),
        "threshold": f"{settings.thresholds.posterior:.10g}",
        "samples": say(f"samples-are.{settings.incident.samples_are}"),
    }


def _rows(settings: Settings, section: str, say: Words) -> list[_Row]:
    held, plain = getattr(settings, section), getattr(Settings(), section)
    told = _SHARED.get(section, section)
    return [
        _Row(
            f"{section}.{f.name}",
            say(key) if (key := f"settings.{told}.{f.name}") in say else f.name,
            _value(getattr(held, f.name), f.name, say),
            _written(getattr(held, f.name), f.name),
            getattr(held, f.name) == getattr(plain, f.name),
        )
        for f in fields(held)
    ]


def _value(value: Any, name: str, say: Words) -> str:
    """A value in words where it has some, else as it is written."""
    if name == "samples_are":
        return say(f"samples-are.{value}")
    if isinstance(value, bool):
        return say("settings.yes" if value else "settings.no")
    if value is None:
        return say("settings.counted")
    if value in ((), ""):
        return say("settings.none")
    return _written(value, name)


def _written(value: Any, name: str) -> str:
    """A value as `--set` takes it."""
    if value is None or value == ():
        return "" if name != "linked" else "[]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if name == "population":
        if len(value) == 1:
            return str(value[0][0])
        return "[" + ", ".join(f'{{id = "{id}", weight = {weight!r}}}' for id, weight in value) + "]"
    if name == "linked":
        return "[" + ", ".join(_pair(p) for p in value) + "]"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _pair(pair: LinkedMarkers) -> str:
    markers = ", ".join(f'"{m}"' for m in pair.markers)
    return f"{{markers = [{markers}], mother = {pair.mother!r}, father = {pair.father!r}}}"


def _history(view: View, say: Words, reasons: bool) -> list[_Before]:
    """What each change did, the newest first; the first version is what the case came in with."""
    versions = view.history("case", "case")
    corrections = {h.since: h.value for h in view.all("correction", "case:case").values()} if reasons else {}
    found = []
    for old, new in pairwise(versions):
        pairs = zip(_all(old.value.settings), _all(new.value.settings), strict=True)
        changed = tuple((key, a, b) for (key, a), (_, b) in pairs if a != b)
        if changed:
            why = corrections.get(new.since)
            told = (why.by, why.date, why.reason) if why is not None else ("", "", "")
            found.append(_Before(new.since, changed, *told))
    return found[::-1]


def _all(settings: Settings) -> list[tuple[str, str]]:
    return [
        (f"{s}.{f.name}", _written(getattr(getattr(settings, s), f.name), f.name))
        for s in _sections()
        for f in fields(getattr(settings, s))
    ]
