"""`POST /api/changes/CODE`: one route for each change of the record, with its fields as the body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from homeward.case import Case
from homeward.record.changes import CHANGES, preview_of
from homeward.record.reading import may_read
from homeward.web.answers import FaultList
from homeward.web.visitor import Writer, record_of

__all__ = ["NOT_OVER_HTTP", "router"]

# what only the installation itself does: a restore, a worker that ends its job, a log-in that uses up a code
NOT_OVER_HTTP = frozenset({"mark-restored", "use-recovery-code", "set-password", "issue-token", "add-passkey"})

router = APIRouter(prefix="/api", tags=["changes"])
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"model": FaultList, "description": "nobody is logged in, or the token is void"},
    403: {"model": FaultList, "description": "a rule forbids it: role, consent, signatures"},
    404: {"model": FaultList, "description": "there is no such thing"},
    409: {"model": FaultList, "description": "the thing is in another state, or the record changed"},
    422: {"model": FaultList, "description": "the input is wrong"},
}


class Done(BaseModel):
    """The number of the change in the audit chain."""

    seq: int


class StepBody(BaseModel):
    """One thing that an import would do."""

    action: Literal["add", "change", "remove"]
    kind: str
    id: str


class Preview(BaseModel):
    """Everything an import would do; ``digest`` goes into import-case."""

    steps: list[StepBody]
    unchanged: int
    digest: str


def _route(kind: type[Any]) -> Callable[..., Done]:
    def apply(request: Request, visit: Writer, change: Any) -> Done:
        return Done(seq=record_of(request).apply(change, visit.actor))

    apply.__annotations__ |= {"change": kind, "return": Done, "request": Request, "visit": Writer}
    apply.__doc__ = kind.__doc__
    return apply


for _code, _kind in CHANGES.items():
    if _code not in NOT_OVER_HTTP:
        router.post(f"/changes/{_code}", operation_id=f"change-{_code}", responses=REFUSALS)(_route(_kind))


@router.post("/preview/import-case", operation_id="preview-import-case", responses=REFUSALS)
def preview(request: Request, visit: Writer, case: Case, mode: Literal["whole", "add"] = "whole") -> Preview:
    """Everything that import-case would do; nothing is written."""
    from homeward.faults import Fault, Refusal

    if not visit.actor.roles & CHANGES["import-case"].roles or not may_read(visit.actor, "profile"):
        raise Refusal([Fault("role", "import-case is for coordinator, geneticist")], rule=True)
    with record_of(request).view() as view:
        seen = preview_of(view, case, mode)
    steps = [StepBody(action=s.action, kind=s.kind, id=s.id) for s in seen.steps]
    return Preview(steps=steps, unchanged=seen.unchanged, digest=seen.digest)
