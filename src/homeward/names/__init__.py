"""SCIENCE. Names of people in kanji, hangul, kana, roman letters and forms imposed on Koreans, and who may be whom.

`match` ranks the persons of a roster against the forms of one name and gives its reasons as codes. Its score orders
candidates; it is no probability and is never weighed with DNA. Names are loaded when first touched.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Candidate": "values",
    "Listed": "values",
    "NameForm": "values",
    "Names": "values",
    "Reason": "values",
    "Script": "values",
    "fold": "writing",
    "hangul_readings": "characters",
    "hangul_to_latin": "hangul",
    "imposed_families": "imposed",
    "kana_to_latin": "kana",
    "known_surnames": "surnames",
    "match": "matching",
    "script_of": "writing",
}

__all__ = [*sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.names.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.names' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
