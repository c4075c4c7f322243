"""Edits by hand that a record must notice, one function a kind."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

from homeward.record.database import change, data_key, version

__all__ = ["TAMPERINGS", "tamper"]


def _row(connection: sa.Connection, chance: random.Random, table: sa.Table, *where: Any) -> Any:
    rows = connection.execute(sa.select(table).where(*where)).mappings().all()
    return rows[chance.randrange(len(rows))]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _data(connection: sa.Connection, chance: random.Random) -> str:
    row = _row(connection, chance, version)
    flipped = _flip(bytes(row["data"]), chance)
    connection.execute(version.update().where(version.c.row == row["row"]).values(data=flipped))
    return str(row["row"])


def _label(connection: sa.Connection, chance: random.Random) -> str:
    row = _row(connection, chance, version, version.c.kind != "tombstone")
    column = chance.choice(["owner", "position", "salt"])
    value = row[column] + 1 if column == "position" else ("0" if row[column][:1] != "0" else "1") + row[column][1:]
    connection.execute(version.update().where(version.c.row == row["row"]).values({column: value}))
    return f"{row['row']} {column}"


def _delete(connection: sa.Connection, chance: random.Random) -> str:
    row = _row(connection, chance, version)
    connection.execute(version.delete().where(version.c.row == row["row"]))
    return str(row["row"])


def _insert(connection: sa.Connection, chance: random.Random) -> str:
    row = dict(_row(connection, chance, version, version.c.until.is_(None)))
    row.pop("row")
    connection.execute(version.insert().values(**row | {"id": row["id"] + "-forged"}))
    return str(row["id"])


def _reopen(connection: sa.Connection, chance: random.Random) -> str:
    """The closed version is made the current one again."""
    row = _row(connection, chance, version, version.c.until.is_not(None))
    current = version.c.kind == row["kind"], version.c.id == row["id"], version.c.until.is_(None)
    connection.execute(version.delete().where(*current))
    connection.execute(version.update().where(version.c.row == row["row"]).values(until=None))
    return str(row["row"])


def _close(connection: sa.Connection, chance: random.Random) -> str:
    row = _row(connection, chance, version, version.c.until.is_(None), version.c.kind != "tombstone")
    last = connection.execute(sa.select(sa.func.max(change.c.seq))).scalar_one()
    connection.execute(version.update().where(version.c.row == row["row"]).values(until=last))
    return str(row["row"])


def _entry(connection: sa.Connection, chance: random.Random) -> str:
    row = _row(connection, chance, change)
    column = chance.choice(["at", "actor", "kind", "content", "previous", "hash", "signature"])
    value = ("0" if row[column][0] != "0" else "1") + row[column][1:]
    connection.execute(change.update().where(change.c.seq == row["seq"]).values({column: value}))
    return f"{row['seq']} {column}"


def _swap(connection: sa.Connection, chance: random.Random) -> str:
    """Two entries change places, rows and all but their numbers."""
    last = connection.execute(sa.select(sa.func.max(change.c.seq))).scalar_one()
    a = chance.randrange(1, last)
    spare = last + 1000
    extra = dict(_row(connection, chance, change, change.c.seq == a))
    connection.execute(change.insert().values(**extra | {"seq": spare}))
    for old, new in ((a, spare), (a + 1, a), (spare, a + 1)):
        for column in (version.c.since, version.c.until):
            connection.execute(version.update().where(column == old).values({column: new}))
        connection.execute(data_key.update().where(data_key.c.since == old).values(since=new))
    rows = {s: dict(_row(connection, chance, change, change.c.seq == s)) for s in (a, a + 1)}
    connection.execute(change.delete().where(change.c.seq == spare))
    for s, other in ((a, a + 1), (a + 1, a)):
        connection.execute(change.update().where(change.c.seq == s).values(**rows[other] | {"seq": s}))
    return str(a)


def _key(connection: sa.Connection, chance: random.Random) -> str:
    row = _row(connection, chance, data_key, data_key.c.wrapped.is_not(None))
    how = chance.choice(["flip", "erase", "swap"])
    value: bytes | None = None
    if how == "flip":
        value = _flip(bytes(row["wrapped"]), chance)
    elif how == "swap":
        value = _row(connection, chance, data_key, data_key.c.wrapped.is_not(None), data_key.c.id != row["id"])[
            "wrapped"
        ]
    connection.execute(data_key.update().where(data_key.c.id == row["id"]).values(wrapped=value))
    return f"{row['id']} {how}"


def _drop_entry(connection: sa.Connection, chance: random.Random) -> str:
    """An entry goes, with all its rows."""
    last = connection.execute(sa.select(sa.func.max(change.c.seq))).scalar_one()
    seq = chance.randrange(2, last)
    connection.execute(version.delete().where(version.c.since >= seq))  # what came after rests on it
    connection.execute(version.update().where(version.c.until >= seq).values(until=None))
    connection.execute(data_key.delete().where(data_key.c.since == seq))
    connection.execute(change.delete().where(change.c.seq == seq))
    return str(seq)


def _cut(connection: sa.Connection, chance: random.Random) -> str:
    """The newest change that closed nothing but what can be opened again."""
    last = connection.execute(sa.select(sa.func.max(change.c.seq))).scalar_one()
    buried = connection.execute(
        sa.select(version.c.id).where(version.c.kind == "tombstone", version.c.since == last)
    ).scalars()
    for id in list(buried):
        raise AssertionError(f"the last change withdrew {id}; put another after it")
    connection.execute(version.delete().where(version.c.since == last))
    connection.execute(version.update().where(version.c.until == last).values(until=None))
    connection.execute(data_key.delete().where(data_key.c.since == last))
    connection.execute(change.delete().where(change.c.seq == last))
    return str(last)


TAMPERINGS: Mapping[str, Callable[[sa.Connection, random.Random], str]] = {
    "change data": _data,
    "change a label": _label,
    "close a row": _close,
    "cut the end": _cut,
    "delete a row": _delete,
    "drop an entry": _drop_entry,
    "edit an entry": _entry,
    "insert a row": _insert,
    "reopen a row": _reopen,
    "swap entries": _swap,
    "touch a key": _key,
}


def tamper(kind: str, connection: sa.Connection, chance: random.Random) -> str:
    """Do it, inside the caller's transaction; what was touched."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    return TAMPERINGS[kind](connection, chance)
