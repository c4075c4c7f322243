"""Which words name a record; loads nothing."""

from __future__ import annotations

__all__ = ["is_record_url"]


def is_record_url(where: str) -> bool:
    """Whether this names a record, and not a folder or a file of another kind."""
    return where.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://"))
