"""What every page has: who looks at it, in which language, and how it is put together."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from homeward.faults import Fault, Refusal
from homeward.record import Actor, Record
from homeward.record.access import session_of
from homeward.record.reading import may_read
from homeward.report import Words
from homeward.report.bones import element_text
from homeward.report.catalogue import LANGUAGES
from homeward.report.words import html
from homeward.web.visitor import cookie_name, record_of, settings_of
from homeward.web.waiting import asking

__all__ = ["PLACES", "Guest", "Place", "Poster", "address", "back_to", "language_of", "page"]

LANGUAGE_COOKIE = "homeward-language"


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu. ``kind``: who may read it may come here."""

    path: str
    word: str
    kind: str


PLACES = (
    Place("/", "page.board", "case"),
    Place("/remains", "page.remains", "remains"),
    Place("/individuals", "page.individuals", "analysis"),
    Place("/families", "page.families", "family"),
    Place("/data", "page.data", "profile"),
    Place("/candidates", "page.candidates", "candidate"),
    Place("/matrix", "page.matrix", "analysis"),
    Place("/findings", "page.findings", "analysis"),
    Place("/analyses", "page.analyses", "analysis"),
    Place("/jobs", "page.jobs", "job"),
    Place("/people", "page.people", "consent"),
    Place("/settings", "page.settings", "case"),
    Place("/audit", "page.audit", "audit"),
)


def language_of(request: Request) -> str:
    """What was asked for, was asked for before, or the browser prefers."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wanted in LANGUAGES:
            return str(wanted)
    for part in request.headers.get("accept-language", "").split(","):
        code = part.partition(";")[0].strip().lower()[:2]
        if code in LANGUAGES:
            return code
    return "en"


@dataclass(frozen=True, slots=True)
class _Guest:
    """Who looks at a page."""

    request: Request
    record: Record
    actor: Actor
    csrf: str
    say: Words


def _guest(request: Request) -> _Guest:
    """Raises `Refusal` ``no-session``, which a page answers with the way in."""
    record = record_of(request)
    secret = request.cookies.get(cookie_name(settings_of(request)), "")
    session = session_of(record, secret) if secret else None
    if session is None:
        raise Refusal([Fault("no-session", "nobody is logged in", "log in")], rule=True)
    if not session.strong:
        raise Refusal([Fault("second-factor", "the passkey is asked for next", "show it")], rule=True)
    return _Guest(request, record, session.actor, session.csrf, Words(language_of(request)))


def _poster(guest: Annotated[_Guest, Depends(_guest)], csrf: Annotated[str, Form()] = "") -> _Guest:
    """A form must come from a page of this server. Raises `Refusal` ``csrf``."""
    if not hmac.compare_digest(guest.csrf.encode(), csrf.encode()):
        raise Refusal([Fault("csrf", "the form does not come from a page of this server", "reload it")], rule=True)
    return guest


Guest = Annotated[_Guest, Depends(_guest)]
Poster = Annotated[_Guest, Depends(_poster)]


def address(path: str, **parameters: object) -> str:
    """A path with its query; ids stand only there."""
    given = {k: v for k, v in parameters.items() if v not in ("", None)}
    return f"{path}?{urlencode(given)}" if given else path


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("homeward.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    made.lstrip_blocks = True
    made.globals |= {"address": address, "places": PLACES, "languages": LANGUAGES}
    made.filters["merged"] = lambda told, changes: told | changes
    made.filters["text"] = lambda value: Markup(html(value))
    return made


def page(guest: _Guest, template: str, status: int = 200, **content: Any) -> HTMLResponse:
    """A page in the guest's language."""
    return _rendered(guest.request, guest.say, template, status, guest=guest, **content)


def _rendered(request: Request, say: Words, template: str, status: int, **content: Any) -> HTMLResponse:
    def said(code: str, /, **parameters: object) -> Markup:
        return Markup(say.html(code, **parameters))

    def in_language(language: str) -> str:
        others = {k: v for k, v in request.query_params.items() if k != "lang"}
        return address(request.url.path, **others, lang=language)

    def element(item: Any) -> Markup:
        return Markup(html(element_text(say, item.element, item.side)))

    def stage(code: str) -> str:
        key = f"stage.{code or 'starting'}"
        return say(key) if key in say else code

    def asking_now() -> list[tuple[str, str]]:
        guest: _Guest = content["guest"]
        with guest.record.view() as view:
            return asking(view, guest.actor, say)

    told = {
        "say": said,
        "asking": asking_now,
        "element": element,
        "stage": stage,
        "ended": lambda told: Markup(say.ended(told)),
        "joined": lambda *told: Markup(say.joined(*told)),
        "language": say.language,
        "path": request.url.path,
        "in_language": in_language,
        "open_to": may_read,
    }
    body = _templates().get_template(template).render(**told | content)
    response = HTMLResponse(body, status)
    if request.query_params.get("lang") in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, say.language, samesite="strict", httponly=True, max_age=10**7)
    return response


def entrance(request: Request, faults: tuple[Fault, ...] = (), status: int = 200, account: str = "") -> HTMLResponse:
    """The page of who is not in yet."""
    say = Words(language_of(request))
    elsewhere = settings_of(request).provider is not None
    told = {"faults": faults, "account": account, "elsewhere": elsewhere, "demo": settings_of(request).demo}
    return _rendered(request, say, "entrance.html", status, guest=None, **told)


def second_step(request: Request, csrf: str) -> HTMLResponse:
    """The page of who has shown a password, and has a passkey to show."""
    return _rendered(request, Words(language_of(request)), "passkey.html", 200, guest=None, csrf=csrf)


def refused(request: Request, refusal: Refusal, status: int) -> Response:
    """A refusal as a page: the way in, or what was not done and why."""
    codes = {f.code for f in refusal.faults}
    if codes & {"no-session", "second-factor"}:
        return RedirectResponse("/log-in" if "no-session" in codes else "/log-in/passkey", 303)
    try:
        guest: _Guest | None = _guest(request)
    except Refusal:
        guest = None
    say, back = Words(language_of(request)), getattr(request.state, "back", "")
    return _rendered(request, say, "refused.html", status, guest=guest, faults=refusal.faults, back=back)


def back_to(path: str, parameters: Mapping[str, object] | None = None) -> RedirectResponse:
    """After a form: to the page that shows what it did."""
    return RedirectResponse(address(path, **(parameters or {})), 303)
