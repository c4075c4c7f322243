"""Forms of a name, a roster's entries, and what a match says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from homeward.case import Span

__all__ = ["Candidate", "Listed", "NameForm", "Names", "Reason", "Script"]

Script = Literal["kanji", "hangul", "kana", "romanised", "imposed", "other"]


@dataclass(frozen=True, slots=True)
class NameForm:
    """One way a person's name is written; ``imposed``: a Japanese name forced on a Korean."""

    script: Script
    text: str


@dataclass(frozen=True, slots=True)
class Names:
    """Every form of the name of a family's member or of a person on the list."""

    forms: tuple[NameForm, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry of a roster. ``born``: years; None = not known."""

    id: str
    forms: tuple[NameForm, ...]
    born: Span | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a name was found: a code of `docs/names.md` and its parameters, in the order documented there."""

    code: str
    parameters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be the person asked for.

    ``score``: 0 to 100, for ordering only, no probability. ``asked``, ``found``: the two forms that agree best.
    """

    id: str
    score: float
    asked: NameForm
    found: NameForm
    reasons: tuple[Reason, ...]
