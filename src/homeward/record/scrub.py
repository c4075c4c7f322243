"""After a key was destroyed: no page, no log of the database holds what it was."""

from __future__ import annotations

import time

import sqlalchemy as sa

__all__ = ["scrub"]

_TRIES, _PAUSE = 50, 0.1


def scrub(engine: sa.Engine) -> None:
    """Overwrite what the database keeps of rows that are gone.

    SQLite zeroes freed bytes by itself (secure_delete), and the write-ahead log is emptied here, as soon as no reader
    holds it; a record that is opened later tries again. PostgreSQL rewrites the table of keys; its own log keeps
    wrapped keys until its segments are recycled, which is why they are wrapped, by a key outside the database.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name != "sqlite":
            connection.exec_driver_sql("VACUUM FULL data_key")
            return
        for _ in range(_TRIES):
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
            if busy is None or busy[0] == 0:
                return
            time.sleep(_PAUSE)
