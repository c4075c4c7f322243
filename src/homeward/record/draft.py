"""What a change writes while it is carried out: versions put and closed, keys made and destroyed, faults found."""

from __future__ import annotations

import secrets
from typing import Any

import sqlalchemy as sa

from homeward.faults import Fault
from homeward.record.database import data_key, version
from homeward.record.keys import Installation, lock, new_key
from homeward.record.ledger import key_place
from homeward.record.roles import Actor
from homeward.record.values import to_json
from homeward.record.view import Held, View, place_of

__all__ = ["Draft"]

_LONGEST_ID = 200  # what the columns of the database take


class Draft:
    """One change in the making. Nothing of it lasts unless the door commits it; with faults it never does."""

    def __init__(self, connection: sa.Connection, keys: Installation, actor: Actor, seq: int, at: str) -> None:
        self.now = View(connection, keys)
        self.actor = actor
        self.seq = seq
        self.at = at
        self.faults: list[Fault] = []
        self.broken_rules: list[Fault] = []
        self.put_rows: list[dict[str, Any]] = []
        self.closed_rows: list[dict[str, Any]] = []
        self.new_keys: list[str] = []
        self.destroyed: list[str] = []

    @property
    def day(self) -> str:
        """The day of the change, YYYY-MM-DD (UTC)."""
        return self.at[:10]

    @property
    def touched(self) -> set[str]:
        """Kinds of which something was put or closed."""
        return {row["kind"] for row in (*self.put_rows, *self.closed_rows)}

    def refuse(self, code: str, message: str, remedy: str = "", **where: Any) -> None:
        """The input is wrong."""
        self.faults.append(Fault(code, message, remedy, **where))

    def forbid(self, code: str, message: str, remedy: str = "", **where: Any) -> None:
        """The input is sound, and a rule forbids it."""
        self.broken_rules.append(Fault(code, message, remedy, **where))

    def put(
        self,
        kind: str,
        id: str,
        value: Any,
        *,
        owner: str = "",
        subject: str | None = None,
        position: int | None = None,
    ) -> None:
        """A new version of a thing; the one before it is closed. ``subject``: the person whose key locks it."""
        if not id or len(id) > _LONGEST_ID or len(owner) > _LONGEST_ID or len(subject or "") > _LONGEST_ID:
            self.refuse("bad-id", f"an id has 1 to {_LONGEST_ID} characters", "choose another", column="id")
            return
        before = self._close_row(kind, id)
        data = to_json(kind, value)
        if subject is not None:
            key = self._key_of(subject)
            if key is None:
                return
            data = lock(key, data, place_of(kind, id))
        row = {
            "kind": kind,
            "id": id,
            "owner": owner,
            "position": self._position(kind, before) if position is None else position,
            "since": self.seq,
            "until": None,
            "salt": secrets.token_hex(16),
            "sealed_for": subject,
            "data": data,
        }
        self.now.connection.execute(version.insert().values(**row))
        self.put_rows.append(row)

    def add(self, kind: str, value: Any, *, owner: str, subject: str | None = None) -> str:
        """A further thing that belongs to an owner, under an id of the record's making."""
        id = f"{kind}-{self.seq}-{len(self.put_rows) + 1}"
        self.put(kind, id, value, owner=owner, subject=subject)
        return id

    def revise(self, held: Held, value: Any) -> None:
        """A new version of a thing, in the same place and under the same key."""
        self.put(held.kind, held.id, value, owner=held.owner, subject=held.subject, position=held.position)

    def close(self, kind: str, id: str) -> None:
        """The thing is no longer there; what it was stays in its history."""
        self._close_row(kind, id)

    def destroy_key(self, subject: str) -> None:
        """Whatever is locked for this person is lost for good."""
        self.now.connection.execute(data_key.update().where(data_key.c.id == subject).values(wrapped=None))
        self.now.forget(subject)
        self.destroyed.append(subject)

    def key_was_made(self, subject: str) -> bool:
        """Whether the person has or had a data key."""
        return self.now.connection.execute(sa.select(data_key.c.id).where(data_key.c.id == subject)).first() is not None

    def _close_row(self, kind: str, id: str) -> dict[str, Any] | None:
        current = sa.select(version).where(version.c.kind == kind, version.c.id == id, version.c.until.is_(None))
        found = self.now.connection.execute(current).mappings().first()
        if found is None:
            return None
        if found["since"] == self.seq:
            raise ValueError(f"one change puts {kind} twice")
        self.now.connection.execute(version.update().where(version.c.row == found["row"]).values(until=self.seq))
        self.closed_rows.append(dict(found))
        return dict(found)

    def _position(self, kind: str, before: dict[str, Any] | None) -> int:
        if before is not None:
            return int(before["position"])
        last = sa.select(sa.func.max(version.c.position)).where(version.c.kind == kind)
        return int(self.now.connection.execute(last).scalar_one() or 0) + 1

    def _key_of(self, subject: str) -> bytes | None:
        """The person's data key, made when first needed; none, and a fault, after he withdrew."""
        key = self.now.key(subject)
        if key is not None:
            return key
        if self.key_was_made(subject):
            remedy = "somebody who consents anew is a new person of the family, with an id of his own"
            self.forbid("withdrawn", "this person withdrew, and nothing more of him can be stored", remedy)
            return None
        key = new_key()
        wrapped = lock(self.now.keys.wrapping, key, key_place(subject))
        self.now.connection.execute(data_key.insert().values(id=subject, since=self.seq, wrapped=wrapped))
        self.now.forget(subject)
        self.new_keys.append(subject)
        return key
