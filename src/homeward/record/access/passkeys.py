"""The second factor: WebAuthn (Level 2), as a browser and a security key speak it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

from homeward.faults import Fault, Refusal
from homeward.record.access.sessions import Session, expect, taken
from homeward.record.changes import AddPasskey
from homeward.record.database import passkey_use, working
from homeward.record.door import Record

__all__ = ["Site", "add_passkey", "proof_options", "prove", "registration_options"]


@dataclass(frozen=True, slots=True)
class Site:
    """Where a key is for. ``origin``: what the browser's address bar shows; ``host``: its host."""

    origin: str
    host: str


def registration_options(record: Record, site: Site, session: Session) -> dict[str, Any]:
    """What the browser is asked to make a new key of; its challenge is kept in the session."""
    made = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name="Homeward",
        user_name=session.account,
        user_id=session.account.encode(),
        exclude_credentials=_descriptors(record, session.account),
    )
    _expect(record, session, "add", made.challenge)
    return dict(json.loads(webauthn.options_to_json(made)))


def add_passkey(record: Record, site: Site, session: Session, label: str, credential: Mapping[str, Any]) -> str:
    """A key that the browser made; its id. Raises `Refusal` ``bad-passkey``."""
    challenge = _challenge(record, session, "add")
    try:
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise _bad() from error
    id = bytes_to_base64url(made.credential_id)
    record.apply(AddPasskey(session.account, id, bytes_to_base64url(made.credential_public_key), label), session.actor)
    _count(record, id, made.sign_count)
    return id


def proof_options(record: Record, site: Site, session: Session) -> dict[str, Any]:
    """What the browser is asked to sign with one of the account's keys."""
    made = webauthn.generate_authentication_options(
        rp_id=site.host,
        allow_credentials=_descriptors(record, session.account),
        user_verification=UserVerificationRequirement.DISCOURAGED,
    )
    _expect(record, session, "prove", made.challenge)
    return dict(json.loads(webauthn.options_to_json(made)))


def prove(record: Record, site: Site, session: Session, credential: Mapping[str, Any]) -> None:
    """That one of the account's keys signed the challenge. Raises `Refusal` ``bad-passkey``."""
    challenge = _challenge(record, session, "prove")
    id = str(credential.get("id", ""))
    with record.view() as view:
        kept = view.get("passkey", id) if len(id) <= 400 and "\0" not in id else None
        count = view.connection.execute(
            sa.select(passkey_use.c.sign_count).where(passkey_use.c.id == id)
        ).scalar_one_or_none()
    if kept is None or kept.account != session.account:
        raise _bad()
    try:
        proof = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(kept.public_key),
            credential_current_sign_count=count or 0,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError) as error:
        raise _bad() from error
    _count(record, id, proof.new_sign_count)


def _descriptors(record: Record, account: str) -> list[PublicKeyCredentialDescriptor]:
    with record.view() as view:
        ids = list(view.all("passkey", f"account:{account}"))
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(id)) for id in ids]


def _expect(record: Record, session: Session, what: str, challenge: bytes) -> None:
    expect(record, session.id, {what: bytes_to_base64url(challenge)})


def _challenge(record: Record, session: Session, what: str) -> bytes:
    kept = taken(record, session.id)
    if what not in kept:
        raise _bad()
    return base64url_to_bytes(kept[what])


def _count(record: Record, id: str, count: int) -> None:
    """How often the key signed: one that counts backwards was copied, and is refused the next time."""
    with working(record.engine) as connection:
        connection.execute(passkey_use.delete().where(passkey_use.c.id == id))
        connection.execute(passkey_use.insert().values(id=id, sign_count=count))


def _bad() -> Refusal:
    message = "the second factor does not fit what was asked"
    return Refusal([Fault("bad-passkey", message, "ask for new options, and use a key of this account")], rule=True)
