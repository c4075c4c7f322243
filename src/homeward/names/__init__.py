"""SCIENCE. Names of people in kanji, hangul, kana, roman letters and forms imposed on Koreans, and who may be whom.

`match` ranks the persons of a roster against the forms of one name and gives its reasons as codes. Its score orders
candidates; it is no probability and is never weighed with DNA. Names are loaded when first touched.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from homeward.names.characters import hangul_readings
    from homeward.names.hangul import hangul_to_latin
    from homeward.names.imposed import imposed_families
    from homeward.names.kana import kana_to_latin
    from homeward.names.matching import match
    from homeward.names.remember import forget
    from homeward.names.surnames import known_surnames
    from homeward.names.values import Candidate, Listed, NameForm, Names, Reason, Script
    from homeward.names.writing import fold, script_of

_HOMES = {
    "Candidate": "values",
    "Listed": "values",
    "NameForm": "values",
    "Names": "values",
    "Reason": "values",
    "Script": "values",
    "fold": "writing",
    "forget": "remember",
    "hangul_readings": "characters",
    "hangul_to_latin": "hangul",
    "imposed_families": "imposed",
    "kana_to_latin": "kana",
    "known_surnames": "surnames",
    "match": "matching",
    "script_of": "writing",
}

__all__ = [
    "Candidate",
    "Listed",
    "NameForm",
    "Names",
    "Reason",
    "Script",
    "fold",
    "forget",
    "hangul_readings",
    "hangul_to_latin",
    "imposed_families",
    "kana_to_latin",
    "known_surnames",
    "match",
    "script_of",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"homeward.names.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'homeward.names' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
