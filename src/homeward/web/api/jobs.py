"""`GET /api/jobs`: how far the work is."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from homeward.record import queue
from homeward.record.reading import ask_to_read
from homeward.web.api.changes import REFUSALS
from homeward.web.visitor import Visitor, record_of

__all__ = ["router"]

router = APIRouter(prefix="/api/jobs", tags=["jobs"])


class JobBody(BaseModel):
    """``done`` of ``total`` steps of ``stage``; ``outcome``: id of what it made, or a code."""

    id: str
    kind: str
    state: queue.JobState
    actor: str
    attempts: int
    stage: str
    done: int
    total: int
    outcome: str


@router.get("", operation_id="list-jobs", responses=REFUSALS)
def jobs(request: Request, visit: Visitor) -> list[JobBody]:
    """All jobs, the newest first."""
    ask_to_read(visit.actor, "job")
    with record_of(request).view() as view:
        found = queue.jobs(view.connection)
    fields: Any = JobBody.model_fields
    return [JobBody(**{f: getattr(job, f) for f in fields}) for job in found]
