"""The tables, and engines that open them the same on SQLite and PostgreSQL.

What the record holds is one table of versions: a thing (its kind and id) has one current version, and those before it.
Nothing is overwritten: a version is closed by the change that brings the next. `migrations/` makes these tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, event

from homeward.faults import Fault, Refusal

__all__ = [
    "attempt",
    "change",
    "data_key",
    "job",
    "make_engine",
    "metadata",
    "passkey_use",
    "reading",
    "session",
    "sqlite_file",
    "version",
    "working",
    "writing",
]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# The audit chain. ``content``: hash of what the change put and closed; ``hash``: of this entry and the one before.
change = Table(
    "change",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("content", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("signature", String(128), nullable=False),
)

# Data keys, wrapped by the installation's. A destroyed key keeps its row, without the key.
data_key = Table(
    "data_key",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("since", Integer, ForeignKey("change.seq", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("wrapped", LargeBinary, nullable=True),
)

version = Table(
    "version",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("id", String(200), nullable=False),
    Column("owner", String(240), nullable=False),  # the thing it belongs to, `kind:id`, or empty
    Column("position", Integer, nullable=False),
    Column("since", Integer, ForeignKey("change.seq", deferrable=True, initially="DEFERRED"), nullable=False),
    Column("until", Integer, ForeignKey("change.seq", deferrable=True, initially="DEFERRED"), nullable=True),
    Column("salt", String(32), nullable=False),
    Column("sealed_for", String(200), ForeignKey("data_key.id", deferrable=True, initially="DEFERRED"), nullable=True),
    Column("data", LargeBinary, nullable=False),
    Index("ix_version_since", "since"),
    Index("ix_version_until", "until"),
    Index("ix_version_history", "kind", "id", "since"),
    Index("ix_version_owner", "owner"),
    Index(
        "ix_version_current",
        "kind",
        "id",
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    ),
)

job = Table(
    "job",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("state", String(16), nullable=False),  # queued, running, done, failed, cancelled
    Column("actor", String(64), nullable=False),
    Column("request", LargeBinary, nullable=False),
    Column("queued", Float, nullable=False),
    Column("worker", String(64), nullable=True),
    Column("lease_until", Float, nullable=True),
    Column("attempts", Integer, nullable=False),
    Column("cancel", Integer, nullable=False),
    Column("stage", String(64), nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("outcome", Text, nullable=False),  # id of what it made, or the code of the fault
    Index("ix_job_state", "state", "queued"),
)

# Accounts, credentials and tokens stand among the versions; these change without being a change of the case.
passkey_use = Table(
    "passkey_use",
    metadata,
    Column("id", String(400), primary_key=True),
    Column("sign_count", Integer, nullable=False),
)
session = Table(
    "session",
    metadata,
    Column("id", String(64), primary_key=True),  # hash of what the browser holds
    Column("account", String(64), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("strong", Integer, nullable=False),  # a second factor was shown
    Column("created", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Column("challenge", Text, nullable=False),
)
attempt = Table(
    "attempt",
    metadata,
    Column("row", Integer, primary_key=True, autoincrement=True),
    Column("key", String(100), nullable=False, index=True),
    Column("at", Float, nullable=False),
)

_LOCK = 71_183_1942  # PostgreSQL's advisory lock: one change at a time, so that the chain has one end


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite URL; None for a database server."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def make_engine(url: str) -> sa.Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`. Raises `Refusal` ``bad-url``."""
    if sqlite_file(url) is not None:
        engine = sa.create_engine(url, connect_args={"timeout": 60}, hide_parameters=True)
        event.listen(engine, "connect", _sqlite_settings)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    if url.startswith(("postgresql://", "postgresql+psycopg://")):
        driver = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return sa.create_engine(
            driver, isolation_level="REPEATABLE READ", pool_size=10, max_overflow=20, hide_parameters=True
        )
    remedy = "write sqlite:///FILE or postgresql://USER@HOST/NAME"
    raise Refusal([Fault("bad-url", "this is no address of a record", remedy)])


def _sqlite_settings(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where SQLAlchemy says, not at the first write
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "secure_delete=ON", "synchronous=FULL", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def working(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that writes, committed whole or not at all; on its own for what the chain does not cover."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection = connection.execution_options(writes=True)
        else:
            # what it reads must be what the one before it left: a snapshot taken before a lock would be older
            connection = connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """The same, alone in writing what the chain covers."""
    with working(engine) as connection:
        if engine.dialect.name != "sqlite":  # SQLite lets one write at a time by itself
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        yield connection


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view of everything."""
    with engine.connect() as connection, connection.begin():
        yield connection
