"""Coming in and going out, and what an account does with its own keys."""

from __future__ import annotations

import time
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from homeward.faults import Fault, Refusal
from homeward.record import Record
from homeward.record.access import (
    Session,
    allow,
    end_session,
    fits,
    forgive,
    hashed,
    issue_token,
    log_in,
    password_faults,
    session_of,
    use_code,
)
from homeward.record.changes import SetPassword
from homeward.web.api.changes import REFUSALS, Done
from homeward.web.visitor import (
    Arrival,
    HalfIn,
    Insider,
    address_of,
    forget_cookie,
    record_of,
    secret_of,
    set_cookie,
    settings_of,
)

__all__ = ["Inside", "Text", "inside", "router"]

router = APIRouter(prefix="/api/session", tags=["session"])
Text = Annotated[str, Field(max_length=1100, pattern=r"^[^\x00]*$")]


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
    """A new password for an account: one's own, or an administrator sets it.

    ``current``: one's own asks for it, or for a recovery code; not where there is none yet.
    """

    account: Text
    password: Text
    current: Text = ""


class TokenWanted(BaseModel):
    """``scopes``: read, and codes of changes; ``days``: how long it lasts."""

    label: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
    scopes: list[Text]
    days: int


class TokenMade(BaseModel):
    """The token, shown this once."""

    token: str


def inside(record: Record, secret: str) -> Inside:
    """The session that has just begun."""
    session = session_of(record, secret)
    if session is None:
        raise Refusal([Fault("no-session", "the account was shut in between", "ask an administrator")], rule=True)
    return _inside(session)


def _inside(session: Session) -> Inside:
    roles: list[str] = [*sorted(session.actor.roles)] if session.strong else []
    return Inside(account=session.account, roles=roles, csrf=session.csrf, second_factor_wanted=not session.strong)


@router.post("", operation_id="log-in", responses=REFUSALS)
def come_in(request: Request, response: Response, shown: LogIn) -> Inside:
    """Log in. A session that was there before is ended, so that nobody is put into another's."""
    record, settings = record_of(request), settings_of(request)
    before = secret_of(request)
    secret = log_in(record, shown.account, shown.password, address_of(request))
    if before:
        end_session(record, before)
    set_cookie(response, settings, secret)
    return inside(record, secret)


@router.get("", operation_id="who-am-i", responses=REFUSALS)
def who(request: Request, visit: Arrival) -> Inside:
    """Who asks, in which roles; whether a passkey is asked of him next."""
    if visit.session is not None:
        return _inside(visit.session)
    roles: list[str] = [*sorted(visit.actor.roles)]
    return Inside(account=visit.actor.account, roles=roles, csrf="", second_factor_wanted=False)


@router.post("/end", operation_id="log-out", status_code=204, responses=REFUSALS)
def go(request: Request, response: Response, session: HalfIn) -> None:
    """Log out."""
    end_session(record_of(request), secret_of(request))
    forget_cookie(response, settings_of(request))


@router.post("/password", operation_id="set-password", responses=REFUSALS)
def password(request: Request, session: Insider, wanted: Password) -> Done:
    """Set a password; every session of the account ends. One's own asks for the current one, or a recovery code."""
    record = record_of(request)
    faults = password_faults(wanted.account, wanted.password)
    if faults:
        raise Refusal(faults)
    if wanted.account == session.account:
        _ask_current(record, session.account, wanted.current)
    return Done(seq=record.apply(SetPassword(wanted.account, hashed(wanted.password)), session.actor))


def _ask_current(record: Record, account: str, current: str) -> None:
    """Whoever sits down at a browser left open gets no further. Raises `Refusal` ``bad-log-in``."""
    with record.view() as view:
        kept = view.get("credential", account)
    if kept is None:
        return
    allow(record, "log-in account", account, time.time())
    if not fits(kept.password, current) and not use_code(record, account, current):
        message, remedy = "the current password does not fit", "give it, or a recovery code"
        raise Refusal([Fault("bad-log-in", message, remedy, column="current")], rule=True)
    forgive(record, "log-in account", account)


@router.post("/tokens", operation_id="issue-token", responses=REFUSALS)
def token(request: Request, session: Insider, wanted: TokenWanted) -> TokenMade:
    """A token for a program of one's own, narrowed to scopes."""
    made = issue_token(record_of(request), session.actor, wanted.label, tuple(wanted.scopes), wanted.days)
    return TokenMade(token=made)
