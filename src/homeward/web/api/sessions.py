"""Coming in and going out, and what an account does with its own keys."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from homeward.faults import Refusal
from homeward.record.access import end_session, hashed, issue_token, log_in, password_faults, session_of
from homeward.record.changes import SetPassword
from homeward.web.api.changes import REFUSALS, Done
from homeward.web.visitor import (
    Visitor,
    Writer,
    address_of,
    cookie_name,
    forget_cookie,
    record_of,
    set_cookie,
    settings_of,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/session", tags=["session"])
Text = Annotated[str, Field(max_length=2000)]


class LogIn(BaseModel):
    """What somebody shows at the door."""

    account: Text
    password: Text


class Inside(BaseModel):
    """Who is in. ``csrf`` goes into the header X-CSRF-Token of whatever this session writes."""

    account: str
    roles: list[str]
    csrf: str
    second_factor_wanted: bool


class Password(BaseModel):
    """A new password for an account: one's own, or an administrator sets it."""

    account: Text
    password: Text


class TokenWanted(BaseModel):
    """``scopes``: read, and codes of changes; ``days``: how long it lasts."""

    label: Annotated[str, Field(max_length=64)]
    scopes: list[Text]
    days: int


class TokenMade(BaseModel):
    """The token, shown this once."""

    token: str


@router.post("", operation_id="log-in", responses=REFUSALS)
def come_in(request: Request, response: Response, shown: LogIn) -> Inside:
    """Log in. A session that was there before is ended, so that nobody is put into another's."""
    record, settings = record_of(request), settings_of(request)
    before = request.cookies.get(cookie_name(settings))
    secret = log_in(record, shown.account, shown.password, address_of(request))
    if before:
        end_session(record, before)
    set_cookie(response, settings, secret)
    session = session_of(record, secret)
    assert session is not None
    roles: list[str] = [*sorted(session.actor.roles)] if session.strong else []
    return Inside(account=session.account, roles=roles, csrf=session.csrf, second_factor_wanted=not session.strong)


@router.get("", operation_id="who-am-i", responses=REFUSALS)
def who(request: Request, visit: Visitor) -> Inside:
    """Who asks, in which roles."""
    csrf = visit.session.csrf if visit.session is not None else ""
    return Inside(
        account=visit.actor.account, roles=[*sorted(visit.actor.roles)], csrf=csrf, second_factor_wanted=False
    )


@router.post("/end", operation_id="log-out", status_code=204, responses=REFUSALS)
def go(request: Request, response: Response, visit: Writer) -> None:
    """Log out."""
    settings = settings_of(request)
    end_session(record_of(request), request.cookies.get(cookie_name(settings), ""))
    forget_cookie(response, settings)


@router.post("/password", operation_id="set-password", responses=REFUSALS)
def password(request: Request, visit: Writer, wanted: Password) -> Done:
    """Set a password; every session of the account ends."""
    faults = password_faults(wanted.account, wanted.password)
    if faults:
        raise Refusal(faults)
    return Done(seq=record_of(request).apply(SetPassword(wanted.account, hashed(wanted.password)), visit.actor))


@router.post("/tokens", operation_id="issue-token", responses=REFUSALS)
def token(request: Request, visit: Writer, wanted: TokenWanted) -> TokenMade:
    """A token for a program of one's own, narrowed to scopes."""
    made = issue_token(record_of(request), visit.actor, wanted.label, tuple(wanted.scopes), wanted.days)
    return TokenMade(token=made)
