"""Schema versions, by Alembic: where a record stands, and forward to the newest, data and all."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

__all__ = ["at_newest", "revision_of", "upgrade"]


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    return config


def revision_of(engine: sa.Engine) -> str:
    """The schema version of a database; empty where it holds no record."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def at_newest(engine: sa.Engine) -> bool:
    """Whether the database has the schema that this version reads and writes."""
    return revision_of(engine) == ScriptDirectory.from_config(_config()).get_current_head()


def upgrade(connection: sa.Connection, to: str = "head") -> None:
    """Bring a database forward, inside the caller's transaction; what is there already is kept."""
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
