"""RECORD. A case over the years: one database, one door (`Record.apply`), an audit chain that shows what was touched.

`changes` holds everything that can be done; `Record.case()` is the `Case` that `identify` takes. Names are loaded when
first touched, so that a command that opens no record loads no database.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Actor": "roles",
    "CHANGES": "changes",
    "ROLES": "roles",
    "Record": "door",
    "Role": "roles",
    "SYSTEM": "roles",
    "create_record": "door",
    "is_record_url": "url",
    "open_record": "door",
}

__all__ = [*sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.record.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.record' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
