"""What Alembic runs: always online, on the connection that `homeward.record.migrate` holds."""

from __future__ import annotations

from alembic import context

from homeward.record.database import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
