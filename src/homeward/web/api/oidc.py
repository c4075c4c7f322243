"""Coming in by another's log-in (OpenID Connect); without a provider in the settings there is nothing here."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from homeward.faults import Fault, Refusal
from homeward.record.access import allow, begin, end_session, forgive
from homeward.record.access.oidc import Provider, complete, depart
from homeward.record.access.sessions import expect, id_of, taken
from homeward.web.answers import FaultList
from homeward.web.api.changes import REFUSALS
from homeward.web.settings import Settings
from homeward.web.visitor import address_of, cookie_name, record_of, secret_of, set_cookie, settings_of

__all__ = ["router"]

router = APIRouter(prefix="/api/session/oidc", tags=["session"])
_ANSWERS: dict[int | str, dict[str, Any]] = REFUSALS | {
    503: {"model": FaultList, "description": "the provider of log-ins does not answer"}
}


def _back(settings: Settings) -> str:
    return f"{settings.origin}/api/session/oidc/callback"


def _cookie(settings: Settings) -> str:
    """It must come along when the provider sends the browser back, which the session's strict one would not."""
    return f"{cookie_name(settings)}-oidc"


def _provider(settings: Settings) -> Provider:
    if settings.provider is None:
        raise Refusal([Fault("not-found", "no other's log-ins are taken here", "log in with a password")], rule=True)
    return settings.provider


@router.get("", operation_id="oidc", status_code=302, response_class=RedirectResponse, responses=_ANSWERS)
def go(request: Request) -> RedirectResponse:
    """Go to the provider of log-ins."""
    record, settings = record_of(request), settings_of(request)
    provider = _provider(settings)
    allow(record, "log-in address", address_of(request), time.time())
    where, kept = depart(provider, _back(settings))
    secret = begin(record, "", strong=False, now=time.time())
    expect(record, id_of(secret), kept)
    response = RedirectResponse(where, 302)
    response.set_cookie(
        _cookie(settings), secret, max_age=600, path="/", secure=settings.secure, httponly=True, samesite="lax"
    )
    return response


@router.get(
    "/callback", operation_id="oidc-callback", status_code=303, response_class=RedirectResponse, responses=_ANSWERS
)
def come_back(
    request: Request,
    state: Annotated[str, Query(max_length=2000)] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
) -> RedirectResponse:
    """Come back from the provider of log-ins, and in: what it asked beyond a password is its own affair."""
    record, settings = record_of(request), settings_of(request)
    provider = _provider(settings)
    waiting = request.cookies.get(_cookie(settings), "")
    kept = taken(record, id_of(waiting)) if waiting else {}
    if waiting:
        end_session(record, waiting)
    account = complete(record, provider, _back(settings), kept, state, code)
    forgive(record, "log-in address", address_of(request), 1)
    if before := secret_of(request):
        end_session(record, before)
    response = RedirectResponse("/", 303)
    set_cookie(response, settings, begin(record, account, strong=True, now=time.time()))
    response.delete_cookie(_cookie(settings), path="/", secure=settings.secure, httponly=True, samesite="lax")
    return response
