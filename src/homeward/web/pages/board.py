"""What needs a person now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from homeward.record import queue
from homeward.record.case_rows import CASE_KINDS
from homeward.record.proposals import newest_analysis, unproposed
from homeward.record.reading import may_read, visible
from homeward.record.summary import summary, without_references
from homeward.record.values import Candidate
from homeward.record.view import Held, View
from homeward.web.pages.frame import Guest, address, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_ORDER = ("signed", "reviewed", "proposed", "reopened", "identified", "notified")
_WORD = {"signed": "todo.sign"}
_SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class _Task:
    """Something that waits for a person: a sentence and where it is done."""

    word: str
    parameters: Mapping[str, object]
    link: str


@router.get("/")
def board(guest: Guest) -> HTMLResponse:
    record = guest.record
    with record.view() as view:
        if view.held("case", "case") is None:
            return page(guest, "board.html", case=None)
        day = record.today()
        seen = {
            k: visible(view, guest.actor, k, None, day) for k in ("remains", "sample", "family", "candidate", "listed")
        }
        tasks = list(_tasks(view, guest, seen["candidate"], day))
        funnel = summary(view, guest.actor, day).funnel
        unreferenced = without_references(view, seen["family"])
        case = view.get("case", "case")
        names = sum(len(h.value.missing) for h in seen["family"].values()) + len(seen["listed"])
    return page(
        guest,
        "board.html",
        case=case,
        tasks=tasks,
        funnel=funnel,
        unreferenced=unreferenced,
        remains=len(seen["remains"]),
        families=len(seen["family"]),
        names=names,
    )


def _tasks(view: View, guest: Any, candidates: Mapping[str, Held], day: str) -> Iterator[_Task]:
    """What waits, the most urgent first."""
    by_state: dict[str, list[tuple[str, Candidate]]] = {}
    for id, held in candidates.items():
        by_state.setdefault(held.value.state, []).append((id, held.value))
    for state in _ORDER:
        for id, candidate in by_state.get(state, ()):
            told = {"candidate": f"{candidate.sample} – {candidate.missing}"}
            yield _Task(_WORD.get(state, f"todo.{state}"), told, address("/candidate", id=id))
    if may_read(guest.actor, "analysis"):
        for job in queue.jobs(view.connection):
            if job.state == "failed":
                yield _Task("todo.failed", {"job": job.id, "code": job.outcome}, "/analyses")
        newest = newest_analysis(view)
        if newest and (waiting := unproposed(view, view.get("analysis", newest))):
            yield _Task("analyses.proposals", {"n": len(waiting)}, "/analyses")
        if _stale(view):
            yield _Task("todo.analyse", {}, "/analyses")
    if may_read(guest.actor, "consent"):
        last = (date.fromisoformat(day) + _SOON).isoformat()
        for id, held in view.all("consent").items():
            if held.value is not None and held.value.until and held.value.until <= last:
                person = {"person": id.partition(":")[2], "day": held.value.until}
                yield _Task("todo.consent", person, "/people")


def _stale(view: View) -> bool:
    """Whether a part of the case is newer than the last analysis."""
    last = view.last("analysis")
    return view.last_change(CASE_KINDS) > (0 if last is None or last.value is None else last.value.revision)
