"""A record on each database, with people who work on it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from packages import without
from validation.record import postgres
from validation.record.people import PEOPLE

from homeward.record import SYSTEM, Record, create_record
from homeward.record.changes import OpenAccount


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL server; where it is not installed the test is skipped by the package's name (`CI=true`: fails)."""
    if postgres.programs() is None:
        without("postgresql")
    with postgres.running() as url:
        yield url


def address(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of a kind."""
    if kind == "sqlite":
        return f"sqlite:///{tmp_path / 'case.db'}"
    pattern: str = request.getfixturevalue("server")
    name = f"t{abs(hash(request.node.nodeid + str(os.getpid()))) % 10**12}"
    with psycopg.connect(pattern.format("postgres"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    return pattern.format(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    return address(request.param, request, tmp_path)


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "case.keys"


@pytest.fixture
def record(url: str, keys: Path) -> Iterator[Record]:
    """A record with one account for each role, and a second geneticist."""
    made = create_record(url, keys)
    for actor in PEOPLE.values():
        made.apply(OpenAccount(actor.account, actor.account.title(), tuple(sorted(actor.roles))), SYSTEM)
    yield made
    made.engine.dispose()
