"""What lets somebody in besides his password: passkeys, as a second factor, and recovery codes."""

from __future__ import annotations

import time
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from homeward.record.access import allow, begin, end_session, forgive, issue_codes, recover, renew
from homeward.record.access.passkeys import add_passkey, proof_options, prove, registration_options
from homeward.web.api.changes import REFUSALS
from homeward.web.api.sessions import Inside, Text, inside
from homeward.web.visitor import (
    HalfIn,
    Insider,
    Visitor,
    address_of,
    record_of,
    secret_of,
    set_cookie,
    settings_of,
)

__all__ = ["router"]

router = APIRouter(prefix="/api/session", tags=["session"])


class Options(BaseModel):
    """What to hand to the browser's `navigator.credentials`."""

    options: dict[str, Any]


class Proof(BaseModel):
    """What `navigator.credentials.get` gave, as JSON."""

    credential: dict[str, Any]


class NewPasskey(BaseModel):
    """What `navigator.credentials.create` gave, as JSON."""

    credential: dict[str, Any]
    label: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")] = ""


class Key(BaseModel):
    """A passkey; it is removed by the change remove-passkey."""

    id: str
    label: str


class Program(BaseModel):
    """A token; it is revoked by the change revoke-token. ``expires``: seconds since 1970."""

    id: str
    label: str
    scopes: list[str]
    expires: float


class Keys(BaseModel):
    """What lets the asker in, and programs in his place; ``codes``: recovery codes that are left."""

    password: bool
    passkeys: list[Key]
    tokens: list[Program]
    codes: int


class Codes(BaseModel):
    """Recovery codes, shown this once."""

    codes: list[str]


class ForWhom(BaseModel):
    """``account``: one's own, or another's, whom an administrator lets in."""

    account: Text


class CodeShown(BaseModel):
    """A recovery code in place of password and passkey."""

    account: Text
    code: Text


@router.get("/keys", operation_id="own-keys", responses=REFUSALS)
def keys(request: Request, visit: Visitor) -> Keys:
    """What lets the asker in."""
    account = visit.actor.account
    owner = f"account:{account}"
    with record_of(request).view() as view:
        tokens = [(h.id, h.value) for h in view.all("token", owner).values()]
        return Keys(
            password=view.held("credential", account) is not None,
            passkeys=[Key(id=h.id, label=h.value.label) for h in view.all("passkey", owner).values()],
            tokens=[Program(id=i, label=t.label, scopes=list(t.scopes), expires=t.expires) for i, t in tokens],
            codes=len(view.all("recovery-code", owner)),
        )


@router.post("/passkeys/options", operation_id="passkey-options", responses=REFUSALS)
def passkey_options(request: Request, session: Insider) -> Options:
    """What the browser is to make a passkey of."""
    return Options(options=registration_options(record_of(request), settings_of(request).site, session))


@router.post("/passkeys", operation_id="add-passkey", responses=REFUSALS)
def new_passkey(request: Request, response: Response, session: Insider, made: NewPasskey) -> Inside:
    """Add a passkey. Every session of the account ends; this one begins anew."""
    record, settings = record_of(request), settings_of(request)
    add_passkey(record, settings.site, session, made.label, made.credential)
    secret = begin(record, session.account, strong=True, now=time.time())
    set_cookie(response, settings, secret)
    return inside(record, secret)


@router.post("/passkey/options", operation_id="second-factor-options", responses=REFUSALS)
def second_factor_options(request: Request, session: HalfIn) -> Options:
    """What one of the account's passkeys is to sign."""
    return Options(options=proof_options(record_of(request), settings_of(request).site, session))


@router.post("/passkey", operation_id="second-factor", responses=REFUSALS)
def second_factor(request: Request, response: Response, session: HalfIn, shown: Proof) -> Inside:
    """Show a passkey. The session goes on under another secret."""
    record, settings = record_of(request), settings_of(request)
    allow(record, "second factor", session.account, time.time())
    prove(record, settings.site, session, shown.credential)
    forgive(record, "second factor", session.account)
    secret = renew(record, secret_of(request), strong=True)
    set_cookie(response, settings, secret)
    return inside(record, secret)


@router.post("/codes", operation_id="issue-recovery-codes", responses=REFUSALS)
def codes(request: Request, session: Insider, wanted: ForWhom) -> Codes:
    """Ten recovery codes; those before them are void. An administrator lets somebody new in by them."""
    return Codes(codes=list(issue_codes(record_of(request), wanted.account, session.actor)))


@router.post("/recovery", operation_id="log-in-by-code", responses=REFUSALS)
def by_code(request: Request, response: Response, shown: CodeShown) -> Inside:
    """Log in by a recovery code, which is void from then on; no passkey is asked for."""
    record, settings = record_of(request), settings_of(request)
    secret = recover(record, shown.account, shown.code, address_of(request))
    if before := secret_of(request):
        end_session(record, before)
    set_cookie(response, settings, secret)
    return inside(record, secret)
