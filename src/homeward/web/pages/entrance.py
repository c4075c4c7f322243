"""In and out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from homeward.faults import Refusal
from homeward.record.access import end_session, issue_codes, log_in, recover, session_of
from homeward.web.answers import status_of
from homeward.web.pages.frame import Guest, Poster, back_to, entrance, page, second_step
from homeward.web.visitor import address_of, cookie_name, forget_cookie, record_of, secret_of, set_cookie, settings_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=2000)]


@router.get("/log-in")
def ask(request: Request) -> Response:
    return entrance(request)


@router.post("/log-in")
def come_in(request: Request, account: Text, password: Text) -> Response:
    """By a password."""
    return _come_in(request, account, "/", lambda: log_in(record_of(request), account, password, address_of(request)))


@router.post("/log-in/code")
def by_code(request: Request, account: Text, code: Text) -> Response:
    """By a recovery code in place of password and passkey."""
    return _come_in(
        request, account, "/account", lambda: recover(record_of(request), account, code, address_of(request))
    )


def _come_in(request: Request, account: str, to: str, shown: Callable[[], str]) -> Response:
    """A session that was there before is ended, so that nobody is put into another's."""
    try:
        secret = shown()
    except Refusal as refusal:
        return entrance(request, refusal.faults, status_of(refusal), account)
    if before := secret_of(request):
        end_session(record_of(request), before)
    response = back_to(to)
    set_cookie(response, settings_of(request), secret)
    return response


@router.get("/log-in/passkey")
def passkey(request: Request) -> Response:
    """The second factor, if it is wanted."""
    session = session_of(record_of(request), secret_of(request)) if secret_of(request) else None
    if session is None:
        return back_to("/log-in")
    return back_to("/") if session.strong else second_step(request, session.csrf)


@router.get("/account")
def account_page(guest: Guest) -> Response:
    return _account(guest, ())


@router.post("/account/codes")
def new_codes(guest: Poster) -> Response:
    """Ten recovery codes, on this page alone."""
    return _account(guest, issue_codes(guest.record, guest.actor.account, guest.actor))


def _account(guest: Any, codes: Sequence[str]) -> Response:
    owner = f"account:{guest.actor.account}"
    with guest.record.view() as view:
        keys = [h.value.label or id[:12] for id, h in view.all("passkey", owner).items()]
        left = len(view.all("recovery-code", owner))
    return page(guest, "account.html", keys=keys, left=left, codes=codes)


@router.post("/log-out")
def go(request: Request, guest: Poster) -> Response:
    settings = settings_of(request)
    end_session(guest.record, request.cookies.get(cookie_name(settings), ""))
    response = back_to("/log-in")
    forget_cookie(response, settings)
    return response
