"""Refusals as answers: a code that can be relied on. Defects are `guard`'s."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from homeward.faults import Fault, Refusal

__all__ = ["FaultBody", "FaultList", "add_answers", "status_of"]

_STATUS = {
    "no-session": 401,
    "bad-log-in": 401,
    "bad-passkey": 401,
    "not-vouched": 401,
    "provider-silent": 503,
    "bad-token": 401,
    "second-factor": 401,
    "not-found": 404,
    "state": 409,
    "preview-stale": 409,
    "identification-conflict": 409,
    "too-many-attempts": 429,
}


_ELSEWHERE = {
    404: Fault("not-found", "there is nothing at this address", "see /api/openapi.json"),
    405: Fault("bad-request", "this address is not for this method", "see /api/openapi.json"),
    413: Fault("too-large", "the request is too large", "send less at once"),
}


class FaultBody(BaseModel):
    """One thing that is wrong: docs/case-folder.md#faults."""

    code: str
    file: str
    row: int | None
    column: str
    sample: str
    marker: str
    value: str
    message: str
    remedy: str


class FaultList(BaseModel):
    """Why nothing was done."""

    faults: list[FaultBody]


def status_of(refusal: Refusal) -> int:
    """422 for what is wrong with the input, 403 for a rule, and a few of their own."""
    for fault in refusal.faults:
        if fault.code in _STATUS:
            return _STATUS[fault.code]
    return 403 if refusal.rule else 422


def add_answers(app: FastAPI) -> None:
    """Let everything that is refused end in a list of faults."""

    @app.exception_handler(Refusal)
    def _refused(request: Request, refusal: Refusal) -> Response:
        status = status_of(refusal)
        if not request.url.path.startswith("/api/"):
            from homeward.web.pages.frame import refused

            return refused(request, refusal, status)
        headers = {"Retry-After": refusal.faults[0].value} if status == 429 else None
        return JSONResponse({"faults": [f.as_json() for f in refusal.faults]}, status, headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            Fault("bad-request", str(e["msg"]), "see the schema", column=".".join(str(p) for p in e["loc"]))
            for e in error.errors()
        ]
        return JSONResponse({"faults": [f.as_json() for f in faults]}, 422)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        fault = _ELSEWHERE.get(error.status_code, Fault("bad-request", "the request cannot be read", "send JSON"))
        if not request.url.path.startswith("/api/"):
            from homeward.web.pages.frame import refused

            if error.status_code == 404:
                fault = replace(fault, remedy="correct the address, or go on from the board")
            return refused(request, Refusal([fault]), error.status_code)
        return JSONResponse({"faults": [fault.as_json()]}, error.status_code, error.headers)
