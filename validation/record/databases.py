"""An empty database of each kind, for a study."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from validation.record import postgres

__all__ = ["KINDS", "empty", "server"]

KINDS = ("sqlite", "postgresql")
_NUMBERS = itertools.count(1)


@contextmanager
def server() -> Iterator[str]:
    """The pattern of a PostgreSQL server's URLs; empty where the package is not installed."""
    if postgres.programs() is None:
        yield ""
    else:
        with postgres.running() as pattern:
            yield pattern


def empty(kind: str, folder: Path, pattern: str) -> str:
    """The URL of a new database."""
    number = next(_NUMBERS)
    if kind == "sqlite":
        return f"sqlite:///{folder / f'case-{number}.db'}"
    with psycopg.connect(pattern.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE study{number}")
    return pattern.format(f"study{number}")
