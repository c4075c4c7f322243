"""Around every request: a line in the log without content, headers, and defects that tell nothing.

A log line holds the method, the route's template, the status and the time: no query, no id, no body, no account. A
defect is answered with a random number; under it the log has the kind of the exception and where it was raised, but
not its message, which might hold a genotype or a name.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import homeward
from homeward.faults import Fault

__all__ = ["Guard"]

_PACKAGE = Path(homeward.__file__).parent
_ACCESS = logging.getLogger("homeward.access")
_DEFECTS = logging.getLogger("homeward.defects")
LARGEST = 64 << 20  # bytes of one request: photographs come as base64
_HEADERS = (
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        b"img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Guard:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = taken = 0

        async def receiving() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > LARGEST:
                raise HTTPException(413)
            return message

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                own = list(message.get("headers", ()))
                said = {name.lower() for name, _ in own}  # a stored report brings a policy of its own
                message = {**message, "headers": [*own, *(h for h in _HEADERS if h[0] not in said)]}
            await send(message)

        try:
            await self.app(scope, receiving, sending)
        except Exception as defect:
            number = _told(defect)
            if status == 0:
                await _answer(sending, number)
        finally:
            spent = 1000 * (time.perf_counter() - started)
            _ACCESS.info("%s %s %d %.0f ms", scope["method"], _template(scope), status, spent)


def _template(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "-"))


def _told(defect: BaseException) -> str:
    """Write the defect down; the number by which it is found."""
    number = secrets.token_hex(8)
    _DEFECTS.error("%s %s", number, " < ".join(_places(defect)))
    return number


def _places(defect: BaseException) -> Iterator[str]:
    """Kind and places of an exception and of those it came from; no message, no value."""
    seen: BaseException | None = defect
    while seen is not None:
        frames = [f for f in traceback.extract_tb(seen.__traceback__) if _PACKAGE in Path(f.filename).parents]
        places = (f"{Path(f.filename).relative_to(_PACKAGE)}:{f.lineno}" for f in reversed(frames))
        yield f"{type(seen).__name__} at {' '.join(places)}"
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


async def _answer(send: Send, number: str) -> None:
    fault = Fault("defect", f"something went wrong here; its number is {number}", "tell who keeps the installation")
    body = json.dumps({"faults": [fault.as_json()]}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
