"""How often something may be tried in a while, counted in the database, so that it holds for every process."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from homeward.faults import Fault, Refusal
from homeward.record.database import attempt, working
from homeward.record.door import Record

__all__ = ["LIMITS", "Limit", "allow", "forgive"]


@dataclass(frozen=True, slots=True)
class Limit:
    """``most`` times in ``seconds``."""

    most: int
    seconds: float


LIMITS: Mapping[str, Limit] = {
    "log-in account": Limit(8, 600.0),
    "log-in address": Limit(40, 600.0),
    "second factor": Limit(8, 600.0),
}


def allow(record: Record, what: str, who: str, now: float) -> None:
    """Count a try. Raises `Refusal` (a rule) ``too-many-attempts``, whose value is the seconds to wait."""
    limit = LIMITS[what]
    key = _key(what, who)
    with working(record.engine) as connection:
        _alone(connection, key)
        connection.execute(attempt.delete().where(attempt.c.at < now - max(x.seconds for x in LIMITS.values())))
        asked = sa.select(attempt.c.at).where(attempt.c.key == key, attempt.c.at > now - limit.seconds)
        times = sorted(connection.execute(asked.order_by(attempt.c.at)).scalars())
        if len(times) < limit.most:
            connection.execute(attempt.insert().values(key=key, at=now))
            return
    wait = str(math.ceil(times[-limit.most] + limit.seconds - now))
    message = "this was tried too often"
    raise Refusal([Fault("too-many-attempts", message, f"wait {wait} seconds", value=wait)], rule=True)


def forgive(record: Record, what: str, who: str, last: int | None = None) -> None:
    """The try was a good one: those of this kind no longer count, or only the ``last`` so many of them."""
    mine = attempt.c.key == _key(what, who)
    with working(record.engine) as connection:
        rows = sa.select(attempt.c.row).where(mine).order_by(attempt.c.at.desc(), attempt.c.row.desc()).limit(last)
        connection.execute(attempt.delete().where(attempt.c.row.in_(list(connection.execute(rows).scalars()))))


def _key(what: str, who: str) -> str:
    """Hashed: whatever was typed as an account, perhaps a password, is not kept."""
    return hashlib.sha256(f"{what}|{who}".encode()).hexdigest()


def _alone(connection: sa.Connection, key: str) -> None:
    """Tries under one key are counted one after the other, so that many at once are not too many."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(bytes.fromhex(key)[:8], "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))
