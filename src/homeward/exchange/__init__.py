"""RECORD. What travels between two parties: an agreement both sign, sealed letters, the work on each side.

Stands under the record, whose consents it asks. Names are loaded when first touched: a command that seals nothing
loads no cryptography.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Agreement": "agreement",
    "Private": "agreement",
    "checked": "agreement",
    "read_form": "form",
    "written": "form",
}

__all__ = [*sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.exchange.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.exchange' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
