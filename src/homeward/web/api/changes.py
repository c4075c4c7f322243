"""`POST /api/changes/CODE`: one route for each change of the record, with its fields as the body."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, TypeAdapter

from homeward.case import Case
from homeward.faults import Fault, Refusal
from homeward.record.changes import CHANGES, preview_of
from homeward.web.answers import FaultList
from homeward.web.sent import Sent, check_fields
from homeward.web.visitor import Writer, record_of

__all__ = ["NOT_OVER_HTTP", "router"]

# What the installation itself does (a restore, a log-in that uses up a code), and what lets somebody in: secrets are
# made and hashed here, never sent as hashes, by the routes of `/api/session`.
NOT_OVER_HTTP = frozenset(
    {"mark-restored", "use-recovery-code", "set-password", "issue-token", "add-passkey", "issue-recovery-codes"}
)

router = APIRouter(prefix="/api", tags=["changes"])
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": FaultList, "description": "the body is no JSON"},
    401: {"model": FaultList, "description": "nobody is logged in, or the token is void"},
    403: {"model": FaultList, "description": "a rule forbids it: role, consent, signatures"},
    404: {"model": FaultList, "description": "there is no such thing"},
    409: {"model": FaultList, "description": "the thing is in another state, or the record changed"},
    413: {"model": FaultList, "description": "the request is too large"},
    422: {"model": FaultList, "description": "the input is wrong"},
    429: {"model": FaultList, "description": "too many tries; Retry-After says how long to wait"},
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
    adapter = TypeAdapter(kind)

    def apply(request: Request, visit: Writer, change: Any, sent: Sent) -> Done:
        check_fields(adapter, change, sent)
        return Done(seq=record_of(request).apply(change, visit.actor))

    apply.__annotations__ |= {"change": kind, "return": Done, "request": Request, "visit": Writer, "sent": Sent}
    apply.__doc__ = kind.__doc__
    return apply


_CASE = TypeAdapter(Case)
for _code, _kind in CHANGES.items():
    if _code not in NOT_OVER_HTTP:
        router.post(f"/changes/{_code}", operation_id=f"change-{_code}", responses=REFUSALS)(_route(_kind))


@router.post("/preview/import-case", operation_id="preview-import-case", responses=REFUSALS)
def preview(
    request: Request, visit: Writer, case: Case, sent: Sent, mode: Literal["whole", "add"] = "whole"
) -> Preview:
    """Everything that import-case would do; nothing is written."""
    check_fields(_CASE, case, sent)
    if not visit.actor.may("import-case", CHANGES["import-case"].roles):
        raise Refusal([Fault("role", "import-case is for coordinator, geneticist")], rule=True)
    with record_of(request).view() as view:
        seen = preview_of(view, case, mode)
    steps = [StepBody(action=s.action, kind=s.kind, id=s.id) for s in seen.steps]
    return Preview(steps=steps, unchanged=seen.unchanged, digest=seen.digest)
