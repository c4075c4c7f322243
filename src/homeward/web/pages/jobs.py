"""What is being computed: how far it is, how long it takes, why it failed; stopping and beginning again."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from homeward.faults import Fault, Refusal
from homeward.record import queue
from homeward.record.changes import CancelJob, ResumeJob
from homeward.record.queue import Job
from homeward.record.reading import ask_to_read
from homeward.report.words import Words
from homeward.web.pace import Pace
from homeward.web.pages.frame import Guest, Poster, back_to, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=200)]
_CHANGES = {"cancel": CancelJob, "resume": ResumeJob}


@router.get("/jobs")
def jobs(guest: Guest, request: Request, state: str = "") -> HTMLResponse:
    """All of them, the newest first; ``state``: only those in one."""
    ask_to_read(guest.actor, "job")
    with guest.record.view() as view:
        found = queue.jobs(view.connection)
    pace: Pace = request.app.state.pace
    left = {id: _spent(seconds, guest.say) for id, seconds in pace.left(found, time.monotonic()).items()}
    states = [s for s in ("running", "queued", "failed", "cancelled", "done") if any(j.state == s for j in found)]
    return page(
        guest,
        "jobs.html",
        jobs=[j for j in found if not state or j.state == state],
        counts={s: sum(j.state == s for j in found) for s in states},
        state=state,
        left=left,
        reasons={j.id: _reason(j.outcome, guest.say) for j in found if j.state == "failed"},
        actions={j.id: action for j in found if (action := _action(j, guest.actor.account, guest.actor.roles))},
        waiting=any(j.state in ("queued", "running") for j in found),
    )


@router.post("/jobs")
def act(guest: Poster, action: Text, id: Text) -> Response:
    """Stop a job, or begin it again; the door says whether that may be."""
    if action not in _CHANGES:
        raise Refusal([Fault("bad-request", "there is no such action", "use the page's buttons", column="action")])
    guest.record.apply(_CHANGES[action](id), guest.actor)
    return back_to("/jobs")


def _action(job: Job, account: str, roles: frozenset[str]) -> str:
    """What he can do with a job; empty: nothing."""
    if job.state in CancelJob.states:
        return "cancel" if roles & CancelJob.roles else ""
    if job.state in ResumeJob.states:
        return "resume" if roles & ResumeJob.roles and job.actor == account else ""
    return ""


def _reason(code: str, say: Words) -> str:
    """Why a job failed; one without words is told by its code."""
    for key in (f"jobs.reason.{code.partition(':')[0]}", f"jobs.reason.{code.partition('-')[0]}"):
        if key in say:
            return say(key)
    return say("jobs.reason")


def _spent(seconds: float, say: Words) -> str:
    """A time that people can wait by."""
    if seconds < 60:
        return say("jobs.seconds", n=max(1, round(seconds)))
    return say("jobs.minutes", n=round(seconds / 60))
