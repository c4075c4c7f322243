"""After a key was destroyed: no page, no log of the database holds what it was."""

from __future__ import annotations

import sqlalchemy as sa

__all__ = ["scrub"]


def scrub(engine: sa.Engine) -> None:
    """Overwrite what the database keeps of rows that are gone.

    SQLite zeroes freed bytes by itself (secure_delete) and the write-ahead log is emptied here. PostgreSQL rewrites the
    table of keys; its write-ahead log keeps wrapped keys until its segments are recycled, which is why they are wrapped
    and the wrapping key stands outside the database.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            connection.exec_driver_sql("VACUUM FULL data_key")
            connection.exec_driver_sql("CHECKPOINT")
