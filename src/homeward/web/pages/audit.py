"""What was done, and whether anything else was."""

from __future__ import annotations

from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from homeward.record.changes import CHANGES
from homeward.record.database import change
from homeward.record.reading import ask_to_read
from homeward.web.pages.frame import Guest, page

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
_SHOWN = 100


@router.get("/audit")
def audit(guest: Guest, before: Annotated[int, Query(ge=1, le=2**31 - 1)] = 2**31 - 1) -> HTMLResponse:
    ask_to_read(guest.actor, "audit")
    asked = sa.select(change).where(change.c.seq < before).order_by(change.c.seq.desc()).limit(_SHOWN)
    with guest.record.view() as view:
        entries = view.connection.execute(asked).mappings().all()
    found = guest.record.verify()
    return page(guest, "audit.html", entries=entries, breaks=found, revision=guest.record.revision, named=CHANGES)
