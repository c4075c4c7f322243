"""`GET /api/audit`: who changed what kind of thing, and whether anything else was done."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from homeward.record.database import change
from homeward.record.reading import ask_to_read
from homeward.web.api.changes import REFUSALS
from homeward.web.visitor import Visitor, record_of

__all__ = ["router"]

router = APIRouter(prefix="/api/audit", tags=["audit"])


class Entry(BaseModel):
    """An entry of the chain; of its content only a salted hash."""

    seq: int
    at: str
    actor: str
    kind: str
    content: str
    previous: str
    hash: str
    signature: str


class BreakBody(BaseModel):
    """Something that is not as the changes left it."""

    code: str
    seq: int | None
    place: str


class Verdict(BaseModel):
    """``revision``: the last change; ``breaks`` is empty where nothing was touched."""

    revision: int
    breaks: list[BreakBody]


@router.get("", operation_id="list-audit", responses=REFUSALS)
def entries(
    request: Request,
    visit: Visitor,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[Entry]:
    """Entries after a number, the oldest first."""
    ask_to_read(visit.actor, "audit")
    asked = sa.select(change).where(change.c.seq > after).order_by(change.c.seq).limit(limit)
    with record_of(request).view() as view:
        return [Entry(**row) for row in view.connection.execute(asked).mappings()]


@router.get("/verify", operation_id="verify-audit", responses=REFUSALS)
def verify(request: Request, visit: Visitor) -> Verdict:
    """Compute the whole chain anew."""
    ask_to_read(visit.actor, "audit")
    record = record_of(request)
    found = record.verify()
    breaks = [BreakBody(code=b.code, seq=b.seq, place=b.place) for b in found]
    return Verdict(revision=record.revision, breaks=breaks)
