"""RECORD. What travels between two parties: an agreement both sign, sealed letters, the work on each side.

Stands under the record, whose consents it asks. Names are loaded when first touched: a command that seals nothing
loads no cryptography. `Side` is the one door of a folder: every letter that goes or comes passes its rules, and a
step that is refused or interrupted leaves the folder as it was.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Agreement": "agreement",
    "Private": "agreement",
    "Side": "side",
    "Source": "inputs",
    "answer": "families_side",
    "ask": "private_asking",
    "checked": "agreement",
    "commit_inputs": "inputs",
    "conclude": "ending",
    "confirm": "remains_side",
    "decide": "private_asking",
    "delete_theirs": "ending",
    "disclose": "families_side",
    "new_side": "side",
    "open_side": "side",
    "propose": "proposal",
    "private_terms": "matching",
    "read_form": "form",
    "read_terms": "proposal",
    "reply": "private_replying",
    "request": "remains_side",
    "sign": "signing",
    "written": "form",
}

__all__ = [*sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.exchange.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.exchange' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
