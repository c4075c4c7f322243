"""`GET /api/summary`: how far the remains have come."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from homeward.record.reading import ask_to_read
from homeward.record.summary import summary as summary_of
from homeward.web.api.changes import REFUSALS
from homeward.web.visitor import Visitor, record_of

__all__ = ["router"]

router = APIRouter(prefix="/api/summary", tags=["summary"])


class SummaryBody(BaseModel):
    """``funnel``: stage → remains that came at least as far; ``counts``: kind → how many that the asker may see."""

    revision: int
    funnel: dict[str, int]
    counts: dict[str, int]


@router.get("", operation_id="summary", responses=REFUSALS)
def summary(request: Request, visit: Visitor) -> SummaryBody:
    """How far the remains have come, from received to returned, of those that the asker may see."""
    ask_to_read(visit.actor, "summary")
    record = record_of(request)
    with record.view() as view:
        found = summary_of(view, visit.actor, record.today())
    return SummaryBody(revision=found.revision, funnel=dict(found.funnel), counts=dict(found.counts))
