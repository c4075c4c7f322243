"""`POST /api/names`: who may bear a name. The name stands in the body, never in an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from homeward.case import Span
from homeward.names import NameForm
from homeward.record.roster import find_name
from homeward.web.api.changes import REFUSALS
from homeward.web.visitor import Visitor, record_of

__all__ = ["router"]

router = APIRouter(prefix="/api/names", tags=["names"])
Text = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class Asked(BaseModel):
    """Forms of one name, and the years in which its bearer may have been born."""

    forms: Annotated[list[Text], Field(min_length=1, max_length=20)]
    born_from: int | None = None
    born_to: int | None = None
    most: Annotated[int, Field(ge=1, le=1000)] = 10


class Why(BaseModel):
    """A code of docs/names.md and its parameters."""

    code: str
    parameters: list[tuple[str, str]]


class Bearer(BaseModel):
    """Somebody of the list or of a family; ``score`` orders, and is no probability."""

    id: str
    score: float
    name: str
    reasons: list[Why]


@router.post("", operation_id="find-name", responses=REFUSALS)
def find(request: Request, visit: Visitor, asked: Asked) -> list[Bearer]:
    """The persons who may be meant, the best first. Reads, and writes nothing."""
    low, high = asked.born_from, asked.born_to
    years = None if low is None and high is None else sorted(y for y in (low, high) if y is not None)
    born = None if years is None else Span(years[0], years[-1])
    with record_of(request).view() as view:
        query = [NameForm("other", form) for form in asked.forms]
        found = find_name(view, visit.actor, query, born=born, most=asked.most)
    return [
        Bearer(
            id=c.id,
            score=c.score,
            name=c.found.text,
            reasons=[Why(code=r.code, parameters=list(r.parameters)) for r in c.reasons],
        )
        for c in found
    ]
