"""`GET /api/things/KIND`: what the record holds, a route for each kind that anybody may read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from homeward.faults import Fault, Refusal
from homeward.record.changes import raw_file
from homeward.record.reading import READERS, ask_to_read, page
from homeward.record.reading import history as history_of
from homeward.record.values import KINDS
from homeward.record.view import Held
from homeward.web.api.changes import REFUSALS
from homeward.web.visitor import Visitor, record_of

__all__ = ["router"]

T = TypeVar("T")
router = APIRouter(prefix="/api/things", tags=["things"])


class Thing(BaseModel, Generic[T]):
    """A thing in one of its versions; ``value`` is null where its person withdrew."""

    id: str
    owner: str
    since: int
    until: int | None
    value: T | None


class Page(BaseModel, Generic[T]):
    """Some of them; ``after`` is what to ask with for the next, null at the end."""

    things: list[Thing[T]]
    after: str | None


def _thing(held: Held) -> dict[str, Any]:
    return {"id": held.id, "owner": held.owner, "since": held.since, "until": held.until, "value": held.value}


Limit = Annotated[int, Query(ge=1, le=1000)]
# PostgreSQL takes no NUL, not even to look for it
Word = Annotated[str, Query(pattern=r"^[^\x00]*$", max_length=240)]


def _list_route(kind: str) -> Callable[..., Any]:
    def list_things(
        request: Request, visit: Visitor, owner: Word | None = None, after: Word | None = None, limit: Limit = 100
    ) -> Any:
        record = record_of(request)
        ask_to_read(visit.actor, kind)
        with record.view() as view:
            shown, more = page(view, visit.actor, kind, owner, after or "", limit, record.today())
        return {"things": [_thing(h) for h in shown], "after": shown[-1].id if more else None}

    list_things.__doc__ = f"Things of the kind `{kind}` that the asker may see, in the order of the case."
    return list_things


def _history_route(kind: str) -> Callable[..., Any]:
    def history(request: Request, visit: Visitor, id: Word) -> Any:
        record = record_of(request)
        ask_to_read(visit.actor, kind)
        with record.view() as view:
            found = history_of(view, visit.actor, kind, id, record.today())
        if not found:
            raise _missing()
        return [_thing(h) for h in found]

    history.__doc__ = f"Every version of one thing of the kind `{kind}`, the oldest first."
    return history


def _missing() -> Refusal:
    return Refusal([Fault("not-found", "there is no such thing, or not for you", "correct the id")], rule=True)


for _kind, _what in KINDS.items():
    _type: Any = _what.type
    if READERS[_kind]:
        router.get(
            f"/{_kind}", operation_id=f"things-{_kind}", response_model=Page[_type], responses=REFUSALS
        )(_list_route(_kind))  # fmt: skip
        router.get(
            f"/{_kind}/history",
            operation_id=f"history-{_kind}",
            response_model=list[Thing[_type]],
            responses=REFUSALS,
        )(_history_route(_kind))


@router.get(
    "/raw-file/content",
    operation_id="raw-file",
    responses=REFUSALS | {200: {"content": {"application/octet-stream": {}}, "description": "the file as it came"}},
    response_class=Response,
)
def raw(request: Request, visit: Visitor, id: str) -> Response:
    """A file as it came; gone once one of the living persons in it withdrew."""
    ask_to_read(visit.actor, "raw-file")
    with record_of(request).view() as view:
        content = raw_file(view, id)
    if content is None:
        raise _missing()
    return Response(content, media_type="application/octet-stream")
