"""Reading what the record holds, now or as it was after a change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from homeward.record.database import data_key, version
from homeward.record.keys import Installation, unlock
from homeward.record.ledger import key_place
from homeward.record.values import from_json

__all__ = ["Held", "View", "place_of"]

_AT_ONCE = 500  # parameters of one question: SQLite takes no more than 999


def place_of(kind: str, id: str) -> str:
    """What a sealed version is locked to."""
    return f"version|{kind}|{id}"


@dataclass(frozen=True, slots=True)
class Held:
    """A thing as the record holds it. ``value`` is None where its person withdrew and its key is gone."""

    kind: str
    id: str
    owner: str
    position: int
    since: int
    until: int | None
    subject: str | None
    value: Any


class View:
    """The record inside one transaction; ``at``: as it was after that change, None = now."""

    def __init__(self, connection: sa.Connection, keys: Installation, at: int | None = None) -> None:
        self.connection = connection
        self.keys = keys
        self.at = at
        self._opened: dict[str, bytes | None] = {}

    def get(self, kind: str, id: str) -> Any:
        """The value of a thing; None where there is none."""
        held = self.held(kind, id)
        return None if held is None else held.value

    def held(self, kind: str, id: str) -> Held | None:
        rows = list(self._rows(self._now(sa.select(version).where(version.c.kind == kind, version.c.id == id))))
        return rows[0] if rows else None

    def all(self, kind: str, owner: str | None = None) -> dict[str, Held]:
        """Things of a kind, or those that belong to one owner (`kind:id`), in the order of the case."""
        asked = sa.select(version).where(version.c.kind == kind)
        if owner is not None:
            asked = asked.where(version.c.owner == owner)
        asked = self._now(asked).order_by(version.c.position, version.c.row)
        return {held.id: held for held in self._rows(asked)}

    def page(self, kind: str, owner: str | None, after: str, limit: int) -> list[Held]:
        """The next things of a kind (of one owner) after the thing of an id, in the order of the case.

        ``after`` empty, or of no such thing: the first ones.
        """
        asked = sa.select(version).where(version.c.kind == kind)
        if owner is not None:
            asked = asked.where(version.c.owner == owner)
        last = sa.select(version.c.position, version.c.row).where(version.c.kind == kind, version.c.id == after)
        found = self.connection.execute(self._now(last)).first() if after else None
        if found is not None:
            asked = asked.where(sa.tuple_(version.c.position, version.c.row) > (found.position, found.row))
        return list(self._rows(self._now(asked).order_by(version.c.position, version.c.row).limit(limit)))

    def last(self, kind: str) -> Held | None:
        """The thing of a kind that was put last."""
        asked = self._now(sa.select(version).where(version.c.kind == kind))
        rows = list(self._rows(asked.order_by(version.c.since.desc(), version.c.row.desc()).limit(1)))
        return rows[0] if rows else None

    def first_seen(self, kind: str) -> dict[str, int]:
        """Id → the change that first put it, of all things of a kind that are there; nothing is opened."""
        there = self._now(sa.select(version.c.id).where(version.c.kind == kind))
        asked = sa.select(version.c.id, sa.func.min(version.c.since).label("first")).where(version.c.kind == kind)
        asked = asked.where(version.c.id.in_(there)).group_by(version.c.id)
        return {row.id: int(row.first) for row in self.connection.execute(asked)}

    def history(self, kind: str, id: str) -> list[Held]:
        """Every version of a thing, the oldest first."""
        asked = sa.select(version).where(version.c.kind == kind, version.c.id == id).order_by(version.c.since)
        return list(self._rows(asked))

    def was_there(self, kind: str, id: str) -> bool:
        """Whether the thing has or ever had a version."""
        asked = sa.select(version.c.row).where(version.c.kind == kind, version.c.id == id).limit(1)
        return self.connection.execute(asked).first() is not None

    def ids(self, kind: str) -> set[str]:
        """Ids of the things of a kind that can be read, without opening them."""
        asked = sa.select(version.c.id).outerjoin(data_key, data_key.c.id == version.c.sealed_for)
        readable = sa.or_(version.c.sealed_for.is_(None), data_key.c.wrapped.is_not(None))
        asked = self._now(asked.where(version.c.kind == kind, readable))
        return set(self.connection.execute(asked).scalars())

    def since(self, kind: str) -> dict[str, int]:
        """Id → the change since which it is as it is, of the things of a kind that can be read; nothing is opened."""
        asked = sa.select(version.c.id, version.c.since).outerjoin(data_key, data_key.c.id == version.c.sealed_for)
        readable = sa.or_(version.c.sealed_for.is_(None), data_key.c.wrapped.is_not(None))
        asked = self._now(asked.where(version.c.kind == kind, readable)).order_by(version.c.position, version.c.row)
        return {row.id: int(row.since) for row in self.connection.execute(asked)}

    def last_change(self, kinds: Iterable[str]) -> int:
        """The number of the last change that put or closed a thing of these kinds; 0 where none did."""
        asked = sa.select(sa.func.max(version.c.since), sa.func.max(version.c.until))
        row = self.connection.execute(asked.where(version.c.kind.in_(tuple(kinds)))).one()
        return max(row[0] or 0, row[1] or 0)

    def count(self, kind: str) -> int:
        asked = self._now(sa.select(sa.func.count()).select_from(version).where(version.c.kind == kind))
        return int(self.connection.execute(asked).scalar_one())

    def key(self, subject: str) -> bytes | None:
        """A living person's data key; None where it was destroyed or never made."""
        if subject not in self._opened:
            asked = sa.select(data_key.c.wrapped).where(data_key.c.id == subject)
            wrapped = self.connection.execute(asked).scalar_one_or_none()
            opened = None if wrapped is None else unlock(self.keys.wrapping, bytes(wrapped), key_place(subject))
            self._opened[subject] = opened
        return self._opened[subject]

    def forget(self, subject: str) -> None:
        """Read the person's key anew when it is next asked for."""
        self._opened.pop(subject, None)

    def _now(self, asked: sa.Select[Any]) -> sa.Select[Any]:
        if self.at is None:
            return asked.where(version.c.until.is_(None))
        return asked.where(version.c.since <= self.at, sa.or_(version.c.until.is_(None), version.c.until > self.at))

    def _rows(self, asked: sa.Select[Any]) -> Iterator[Held]:
        rows = self.connection.execute(asked).mappings().all()
        self._open_keys({row["sealed_for"] for row in rows} - {None} - self._opened.keys())
        for row in rows:
            yield held_of(row, self.key)

    def _open_keys(self, subjects: set[str]) -> None:
        """The keys of many persons in few questions: one for each person takes longer than all else."""
        wanted = sorted(subjects) if len(subjects) > 1 else []
        for start in range(0, len(wanted), _AT_ONCE):
            some = wanted[start : start + _AT_ONCE]
            asked = sa.select(data_key.c.id, data_key.c.wrapped).where(data_key.c.id.in_(some))
            self._opened |= dict.fromkeys(some)
            for row in self.connection.execute(asked):
                if row.wrapped is not None:
                    self._opened[row.id] = unlock(self.keys.wrapping, bytes(row.wrapped), key_place(row.id))


def held_of(row: Mapping[Any, Any], key: Callable[[str], bytes | None]) -> Held:
    """A stored version, opened."""
    kind, id, subject, data = row["kind"], row["id"], row["sealed_for"], bytes(row["data"])
    if subject is not None:
        opened = key(subject)
        data = b"" if opened is None else unlock(opened, data, place_of(kind, id))
    value = from_json(kind, data) if data else None
    return Held(kind, id, row["owner"], row["position"], row["since"], row["until"], subject, value)
