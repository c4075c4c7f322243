"""Sessions of browsers: the record keeps a hash of what the browser holds, and who is behind it."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from homeward.faults import Fault, Refusal
from homeward.record.access.limits import allow, forgive
from homeward.record.access.passwords import fits
from homeward.record.database import session, working
from homeward.record.door import Record
from homeward.record.roles import Actor
from homeward.record.view import Held

__all__ = [
    "IDLE",
    "LONGEST",
    "Session",
    "begin",
    "end_session",
    "expect",
    "id_of",
    "log_in",
    "renew",
    "session_of",
    "taken",
]

IDLE = 30 * 60.0
LONGEST = 12 * 3600.0
CHALLENGE = 600.0  # until a challenge is answered, or another's log-in comes back


@dataclass(frozen=True, slots=True)
class Session:
    """``strong``: nothing more is asked for; an account with a passkey is strong only once it was shown."""

    id: str
    account: str
    csrf: str
    strong: bool
    actor: Actor


def id_of(secret: str) -> str:
    """What the record keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def log_in(record: Record, account: str, password: str, address: str, now: float | None = None) -> str:
    """A new session's secret, for the cookie. An account with a passkey must show it next.

    Raises `Refusal` (a rule): ``bad-log-in``, which does not tell an unknown account from a wrong password, and
    ``too-many-attempts``.
    """
    now = time.time() if now is None else now
    allow(record, "log-in address", address, now)
    allow(record, "log-in account", account, now)
    stands, known, kept, passkeys = _standing(record, account)
    if not fits(kept.password if kept is not None and known is not None and known.active else None, password):
        message, remedy = "account and password do not go together", "try again, or use a recovery code"
        raise Refusal([Fault("bad-log-in", message, remedy)], rule=True)
    forgive(record, "log-in account", account)
    forgive(record, "log-in address", address, 1)
    secret = begin(record, account, strong=not passkeys, now=now)
    if _standing(record, account)[0] != stands:  # shut, or given another password, while this one was compared
        end_session(record, secret)
        raise Refusal([Fault("bad-log-in", "the account changed just now", "try again")], rule=True)
    return secret


def _standing(record: Record, account: str) -> tuple[tuple[int, ...], Any, Any, list[str]]:
    """The versions on which a log-in rests, the account, what is kept of its password, and its passkeys."""
    with record.view() as view:
        known, kept = view.held("account", account), view.held("credential", account)
        passkeys = list(view.all("passkey", f"account:{account}"))
    stands = (_since(known), _since(kept), len(passkeys))
    return stands, None if known is None else known.value, None if kept is None else kept.value, passkeys


def _since(held: Held | None) -> int:
    return 0 if held is None else held.since


def begin(record: Record, account: str, *, strong: bool, now: float) -> str:
    """A new session's secret, for somebody who is known by now; ``account`` empty: for one who comes back later."""
    secret = secrets.token_urlsafe(32)
    made = {"id": id_of(secret), "account": account, "csrf": secrets.token_urlsafe(24), "strong": int(strong)}
    with working(record.engine) as connection:
        connection.execute(session.delete().where(session.c.created < now - LONGEST))
        connection.execute(session.insert().values(**made, created=now, seen=now, challenge=""))
    return secret


def renew(record: Record, secret: str, *, strong: bool) -> str:
    """The same person under a new secret; the old one is void. Asked for whenever a session gains in power."""
    with working(record.engine) as connection:
        row = connection.execute(sa.select(session).where(session.c.id == id_of(secret))).mappings().first()
        connection.execute(session.delete().where(session.c.id == id_of(secret)))
    if row is None:
        raise Refusal([Fault("no-session", "there is no such session", "log in")], rule=True)
    return begin(record, row["account"], strong=strong, now=time.time())


def session_of(record: Record, secret: str, now: float | None = None) -> Session | None:
    """Who is behind a cookie, in the roles he has now; None where the session is over."""
    now = time.time() if now is None else now
    alive = sa.and_(session.c.id == id_of(secret), session.c.seen > now - IDLE, session.c.created > now - LONGEST)
    with record.view() as view:
        row = view.connection.execute(sa.select(session).where(alive)).mappings().first()
        account = None if row is None else view.get("account", row["account"])
    if row is None or account is None or not account.active:
        return None
    if now - row["seen"] > 60:
        with working(record.engine) as connection:
            connection.execute(session.update().where(session.c.id == row["id"]).values(seen=now))
    actor = Actor(row["account"], frozenset(account.roles))
    return Session(row["id"], row["account"], row["csrf"], bool(row["strong"]), actor)


def end_session(record: Record, secret: str) -> None:
    """Log out."""
    with working(record.engine) as connection:
        connection.execute(session.delete().where(session.c.id == id_of(secret)))


def expect(record: Record, id: str, told: Mapping[str, str]) -> None:
    """Keep with a session what the answer to a challenge will be compared with."""
    kept = json.dumps({"at": time.time(), "told": dict(told)})
    with working(record.engine) as connection:
        connection.execute(session.update().where(session.c.id == id).values(challenge=kept))


def taken(record: Record, id: str) -> dict[str, str]:
    """What `expect` kept, once: whoever looks takes it away. Empty where there is nothing, or it is too old."""
    mine = session.c.id == id
    with working(record.engine) as connection:
        kept = connection.execute(sa.select(session.c.challenge).where(mine).with_for_update()).scalar_one_or_none()
        connection.execute(session.update().where(mine).values(challenge=""))
    told = json.loads(kept) if kept else {}
    return dict(told["told"]) if told and time.time() - told["at"] < CHALLENGE else {}
