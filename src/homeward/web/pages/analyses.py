"""What was computed, and what to make of it."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from homeward.faults import Fault, Refusal
from homeward.record import queue
from homeward.record.changes import ProposeCandidate, QueueAnalysis
from homeward.record.proposals import unproposed
from homeward.record.reading import ask_to_read
from homeward.report.page import css
from homeward.web.pages.frame import Guest, Poster, back_to, page
from homeward.web.stored import heads, newest_result, stored_result

__all__ = ["own_style", "router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=4000)]
_DEEP = ("run.stress=deep",)
"""A worker has the time for it."""


@router.get("/analyses")
def analyses(guest: Guest) -> HTMLResponse:
    ask_to_read(guest.actor, "analysis")
    with guest.record.view() as view:
        found = heads(view)
        reports = view.ids("report")
        jobs = queue.jobs(view.connection)
        newest = newest_result(view)
        proposals = len(unproposed(view, newest.named)) if newest else 0
    return page(
        guest,
        "analyses.html",
        analyses=found,
        reports=reports,
        jobs=[j for j in jobs if j.state != "done"],
        proposals=proposals,
        newest=newest.id if newest else "",
        running=any(j.state in ("queued", "running") for j in jobs),
    )


@router.post("/analyses")
def act(guest: Poster, action: Text, id: Text = "", seed: Text = "", deep: Text = "") -> Response:
    """Ask for an analysis, or propose what it names."""
    ask_to_read(guest.actor, "analysis")
    if action == "ask":
        if seed and not seed.isdigit():
            raise Refusal([Fault("bad-request", "a seed is a whole number", "write digits only", column="seed")])
        wanted = QueueAnalysis(f"analysis-{secrets.token_hex(6)}", int(seed) if seed else None, _DEEP if deep else ())
        guest.record.apply(wanted, guest.actor)
    elif action == "propose":
        with guest.record.view() as view:
            result = stored_result(view, id)
            pairs = [] if result is None else unproposed(view, result.named)
        for sample, missing in pairs:
            guest.record.apply(ProposeCandidate(sample, missing, id), guest.actor)
        return back_to("/candidates")
    else:
        raise Refusal([Fault("bad-request", "there is no such action", "use the page's buttons", column="action")])
    return back_to("/analyses")


@router.get("/analyses/report")
def report(guest: Guest, id: str, language: str = "") -> HTMLResponse:
    """A stored report as it was written; its own style is all that it may use."""
    ask_to_read(guest.actor, "analysis")
    with guest.record.view() as view:
        held = view.held("report", f"{id}/{language or guest.say.language}")
    if held is None or held.value is None:
        raise Refusal([Fault("not-found", "there is no such report", "correct the id")], rule=True)
    return HTMLResponse(held.value.html, headers={"Content-Security-Policy": own_style()})


def own_style() -> str:
    """What a report may use: its own style sheet, and pictures within itself."""
    digest = base64.b64encode(hashlib.sha256(css().encode()).digest()).decode()
    return f"default-src 'none'; style-src-elem 'sha256-{digest}'; style-src-attr 'unsafe-inline'; img-src data:"
