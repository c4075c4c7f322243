"""In and out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from homeward.faults import Refusal
from homeward.record.access import end_session, log_in
from homeward.web.answers import status_of
from homeward.web.pages.frame import Poster, back_to, entrance
from homeward.web.visitor import address_of, cookie_name, forget_cookie, record_of, set_cookie, settings_of

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
Text = Annotated[str, Form(max_length=2000)]


@router.get("/log-in")
def ask(request: Request) -> Response:
    return entrance(request)


@router.post("/log-in")
def come_in(request: Request, account: Text, password: Text) -> Response:
    """A session that was there before is ended, so that nobody is put into another's."""
    record, settings = record_of(request), settings_of(request)
    try:
        secret = log_in(record, account, password, address_of(request))
    except Refusal as refusal:
        return entrance(request, refusal.faults, status_of(refusal), account)
    if before := request.cookies.get(cookie_name(settings)):
        end_session(record, before)
    response = back_to("/")
    set_cookie(response, settings, secret)
    return response


@router.post("/log-out")
def go(request: Request, guest: Poster) -> Response:
    settings = settings_of(request)
    end_session(guest.record, request.cookies.get(cookie_name(settings), ""))
    response = back_to("/log-in")
    forget_cookie(response, settings)
    return response
