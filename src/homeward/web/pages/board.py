"""What needs a person now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from homeward.record import queue
from homeward.record.changes import CHANGES, ProposeCandidate, QueueAnalysis
from homeward.record.proposals import unproposed
from homeward.record.reading import may_read, visible
from homeward.record.summary import summary, without_references
from homeward.record.values import Candidate
from homeward.record.view import Held, View
from homeward.report.findings import finding_text
from homeward.report.words import Words
from homeward.web.pages.frame import Guest, address, page
from homeward.web.stored import StoredResult, newest_result
from homeward.web.waiting import case_change, roles_text, wait_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_ORDER = ("signed", "reviewed", "proposed", "reopened", "identified", "notified")
_WORD = {"signed": "todo.sign"}
_SOON = timedelta(days=60)
_ALERTS = 3


@dataclass(frozen=True, slots=True)
class _Task:
    """Something that waits for a person: a sentence and where it is done.

    ``mine``: whether the reader can do it; ``whom``: from whom it is waited for, where that is told.
    """

    word: str
    parameters: Mapping[str, object]
    link: str
    mine: bool = True
    whom: str = ""


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
        result = newest_result(view) if may_read(guest.actor, "analysis") else None
        tasks = list(_tasks(view, guest, seen["candidate"], result, day))
        funnel = summary(view, guest.actor, day, None if result is None else result.head.revision).funnel
        unreferenced = without_references(view, seen["family"])
        case = view.get("case", "case")
        names = sum(len(h.value.missing) for h in seen["family"].values()) + len(seen["listed"])
    return page(
        guest,
        "board.html",
        case=case,
        may_import=guest.actor.may("import-case", CHANGES["import-case"].roles),
        tasks=[t for t in tasks if t.mine],
        others=[t for t in tasks if not t.mine],
        funnel=funnel,
        unreferenced=unreferenced,
        remains=len(seen["remains"]),
        families=len(seen["family"]),
        names=names,
        individuals=result.joint.counts[0][0] if result is not None and result.joint and result.joint.counts else 0,
    )


def _tasks(
    view: View, guest: Any, candidates: Mapping[str, Held], result: StoredResult | None, day: str
) -> Iterator[_Task]:
    """What waits, the most urgent first."""
    by_state: dict[str, list[tuple[str, Candidate]]] = {}
    for id, held in candidates.items():
        by_state.setdefault(held.value.state, []).append((id, held.value))
    for state in _ORDER:
        for id, candidate in by_state.get(state, ()):
            told = {"candidate": f"{candidate.sample} – {candidate.missing}"}
            wait = wait_of(candidate)
            whom = "" if wait is None else wait.text(guest.say)
            mine = wait is not None and wait.on(guest.actor)
            yield _Task(_WORD.get(state, f"todo.{state}"), told, address("/candidate", id=id), mine, whom)
    may_ask = bool(guest.actor.roles & QueueAnalysis.roles)
    if may_read(guest.actor, "analysis"):
        for job in queue.jobs(view.connection):
            if job.state == "failed":
                yield _Task("todo.failed", {"job": job.id, "code": job.outcome}, "/analyses", may_ask)
        if result is not None and (waiting := unproposed(view, result.named)):
            mine = bool(guest.actor.roles & ProposeCandidate.roles)
            whom = guest.say("waits.asked", roles=roles_text(guest.say, ProposeCandidate.roles))
            yield _Task("analyses.proposals", {"n": len(waiting)}, "/analyses", mine, whom)
        yield from _to_analyse(view, guest, result, may_ask)
        yield from _alerts(result, guest.say)
    if may_read(guest.actor, "consent"):
        last = (date.fromisoformat(day) + _SOON).isoformat()
        for id, held in view.all("consent").items():
            if held.value is not None and held.value.until and held.value.until <= last:
                person = {"person": id.partition(":")[2], "day": held.value.until}
                yield _Task("todo.consent", person, "/people")


def _alerts(result: StoredResult | None, say: Words) -> Iterator[_Task]:
    """Warnings of `check`: the first in words, then how many there are besides."""
    found = [f for f in result.findings if f.severity == "warning"] if result is not None else []
    link = address("/findings", kind="warning")
    for finding in found[:_ALERTS]:
        yield _Task("todo.finding", {"told": finding_text(finding, say)}, link)
    if len(found) > _ALERTS:
        yield _Task("todo.findings", {"n": len(found) - _ALERTS}, link)


def _to_analyse(view: View, guest: Any, result: StoredResult | None, may_ask: bool) -> Iterator[_Task]:
    """That nothing was analysed yet, or what of the case is newer than the last analysis."""
    whom = guest.say("waits.asked", roles=roles_text(guest.say, QueueAnalysis.roles))
    if result is None:
        yield _Task("todo.analyse.first", {}, "/analyses", may_ask, whom)
    elif changed := case_change(view, result.head.revision):
        told = {"what": guest.say(f"change.{changed.kind}"), "seq": changed.seq, "day": changed.day}
        yield _Task("todo.analyse", told, "/analyses", may_ask, whom)
