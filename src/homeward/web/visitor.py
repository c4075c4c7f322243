"""Who asks: a program by its token, a browser by its cookie."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response

from homeward.faults import Fault, Refusal
from homeward.record import Actor, Record
from homeward.record.access import LONGEST, Session, actor_of_token, session_of
from homeward.web.settings import Settings

__all__ = [
    "Arrival",
    "HalfIn",
    "Insider",
    "Visitor",
    "Writer",
    "address_of",
    "cookie_name",
    "forget_cookie",
    "record_of",
    "secret_of",
    "set_cookie",
    "settings_of",
]


def record_of(request: Request) -> Record:
    """The record that this server serves."""
    record: Record = request.app.state.record
    return record


def settings_of(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def cookie_name(settings: Settings) -> str:
    return "__Host-homeward" if settings.secure else "homeward"


def secret_of(request: Request) -> str:
    """What the browser holds of a session; empty where it holds nothing."""
    return request.cookies.get(cookie_name(settings_of(request)), "")


def set_cookie(response: Response, settings: Settings, secret: str) -> None:
    """The session's secret, for this host alone, out of reach of scripts and of other sites."""
    response.set_cookie(
        cookie_name(settings), secret, max_age=int(LONGEST), path="/", secure=settings.secure, httponly=True,
        samesite="strict",
    )  # fmt: skip


def forget_cookie(response: Response, settings: Settings) -> None:
    response.delete_cookie(
        cookie_name(settings), path="/", secure=settings.secure, httponly=True, samesite="strict"
    )  # fmt: skip


def address_of(request: Request) -> str:
    """The client's address; behind a proxy of ours what it wrote last."""
    if settings_of(request).trusted_proxy:
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded
    return request.client.host if request.client else ""


@dataclass(frozen=True, slots=True)
class _Visit:
    """``session`` is None for a program."""

    actor: Actor
    session: Session | None


def _visit(request: Request) -> _Visit:
    """Raises `Refusal`: ``no-session``, ``bad-token``, ``second-factor``."""
    visit = _arrival(request)
    if visit.session is not None and not visit.session.strong:
        raise Refusal([Fault("second-factor", "the passkey is asked for next", "show it")], rule=True)
    return visit


def _arrival(request: Request) -> _Visit:
    """Whoever knows a secret, though a second factor may be asked of him next."""
    record = record_of(request)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme:
        actor = actor_of_token(record, token.strip()) if scheme.lower() == "bearer" else None
        if actor is None:
            raise Refusal([Fault("bad-token", "the token is void", "issue a new one")], rule=True)
        return _Visit(actor, None)
    secret = secret_of(request)
    session = session_of(record, secret) if secret else None
    if session is None:
        raise Refusal([Fault("no-session", "nobody is logged in", "log in, or send a token")], rule=True)
    return _Visit(session.actor, session)


def _checked(request: Request, visit: _Visit) -> _Visit:
    """A browser that writes shows that the page it comes from is ours. Raises `Refusal` ``csrf``."""
    if visit.session is not None and not hmac.compare_digest(
        visit.session.csrf.encode(), request.headers.get("x-csrf-token", "").encode()
    ):
        raise Refusal([Fault("csrf", "the request does not come from a page of this server", "reload it")], rule=True)
    return visit


def _writer(request: Request, visit: Annotated[_Visit, Depends(_visit)]) -> _Visit:
    return _checked(request, visit)


def _half(request: Request, visit: Annotated[_Visit, Depends(_arrival)]) -> Session:
    return _in_browser(_checked(request, visit))


def _own(request: Request, visit: Annotated[_Visit, Depends(_writer)]) -> Session:
    return _in_browser(visit)


def _in_browser(visit: _Visit) -> Session:
    """What lets somebody in is for people, and never for a program. Raises `Refusal` ``no-session``."""
    if visit.session is None:
        raise Refusal([Fault("no-session", "this is not for tokens", "log in with a browser")], rule=True)
    return visit.session


Visitor = Annotated[_Visit, Depends(_visit)]
Arrival = Annotated[_Visit, Depends(_arrival)]
Writer = Annotated[_Visit, Depends(_writer)]
# sessions that write: one of which a second factor may still be asked, and one of which nothing is
HalfIn = Annotated[Session, Depends(_half)]
Insider = Annotated[Session, Depends(_own)]
