"""Names, consent, wishes, and what two parties agreed: what the record knows of people besides their kinship."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from homeward.names import NameForm, Names, Script

__all__ = [
    "Agreement",
    "Consent",
    "NameForm",
    "Names",
    "Purpose",
    "RosterEntry",
    "Script",
    "Telling",
    "Tombstone",
    "Wish",
]

Purpose = Literal["identification", "exchange", "research"]
Wish = Literal["once", "every-time", "never"]


@dataclass(frozen=True, slots=True)
class RosterEntry:
    """What a source says of somebody on the list: that he died, was absent that day, or lived."""

    status: Literal["missing", "absentee", "survivor"]
    source: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What a living person allowed. Days are YYYY-MM-DD; an empty ``until`` has no end.

    ``countries``: who may receive his data, ISO 3166 (`JP`, `KR`), the installation's own among them.
    ``unexpected_kinship``: whether he wishes to learn of kinship that the register does not show.
    """

    purposes: tuple[Purpose, ...]
    countries: tuple[str, ...]
    since: str
    until: str = ""
    unexpected_kinship: bool = False
    document: str = ""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a person's key was destroyed, and nothing else of him."""

    date: str


@dataclass(frozen=True, slots=True)
class Telling:
    """How often a family wants to be told of identified remains."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is shared with another party: its liaison sees these families and remains, and no others."""

    party: str
    country: str
    families: tuple[str, ...]
    remains: tuple[str, ...]
    liaisons: tuple[str, ...]
    until: str = ""
