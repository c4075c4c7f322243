"""A name as family and given name, every way it can be taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from homeward.names.imposed import listed_sounds
from homeward.names.remember import remembered
from homeward.names.sound import plain
from homeward.names.surnames import known_surnames
from homeward.names.writing import Writing, new_form, script_of, tidy

__all__ = ["Part", "Split", "splits"]

_BRACKETS = re.compile(r"[(（\[［〔【]([^)）\]］〕】]*)[)）\]］〕】]?")
# longer texts are no names; they are compared as they stand
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Part:
    """A family or given name: ``tidied`` as written, ``text`` with old characters as new ones."""

    writing: Writing
    tidied: str
    text: str


@dataclass(frozen=True, slots=True)
class Split:
    """One way to take a name apart. ``swapped``: the given name stands first."""

    family: Part | None
    given: Part | None
    swapped: bool = False


@remembered
def splits(text: str) -> tuple[Split, ...]:
    """Every way to take a name apart; what stands in brackets is a name of its own (`金永浩（김영호）`)."""
    found: dict[Split, None] = {}
    for name in [_BRACKETS.sub(" ", text), *_BRACKETS.findall(text)]:
        for split in _apart(name):
            found[split] = None
    return tuple(found)


def _apart(text: str) -> list[Split]:
    before, comma, after = text.replace("，", ",").partition(",")
    if comma and before.strip() and after.strip():
        family, given = tidy(before), tidy(after)
        return (
            [Split(_part(family), _part(given))]
            if family and given
            else _apart(text.replace("，", " ").replace(",", " "))
        )
    words = tidy(text).split()
    if not words or sum(map(len, words)) > _LONGEST:
        return [Split(None, _part(" ".join(words)))] if words else []
    if len(words) == 1:
        return _one_word(words[0])
    found = [Split(_part(words[0]), _part(" ".join(words[1:])))]
    joined = "".join(words[:2])
    if len(words) > 2 and (joined in known_surnames().by_spelling or new_form(joined) in known_surnames().by_hanja):
        found.append(Split(_part(joined), _part(" ".join(words[2:]))))
    if script_of("".join(words)) in ("latin", "kana"):
        found.append(Split(_part(words[-1]), _part(" ".join(words[:-1])), swapped=True))
    elif script_of("".join(words)) in ("han", "hangul"):
        # blanks between all characters, as rosters set them: 金 永 浩
        found.extend(s for s in _one_word("".join(words)) if s.family and s.given and s not in found)
    return found


def _one_word(word: str) -> list[Split]:
    """A name without a blank: where it is cut is seen from its length and the surnames known."""
    alone = [Split(_part(word), None)]
    writing, n = script_of(word), len(word)
    if writing not in ("han", "hangul"):
        return [*alone, Split(None, _part(word))]
    known = known_surnames().by_hangul if writing == "hangul" else known_surnames().by_hanja
    korean = [k for k in (1, 2) if k < n and new_form(word[:k]) in known]
    if writing == "han" and listed_sounds(new_form(word)):
        # a family name in full, such as 金本, rather than 金 with a given name of one character
        return [*alone, *(Split(_part(word[:k]), _part(word[k:])) for k in korean if n > 2)]
    japanese = [k for k in (2, 3) if k < n <= 2 + k and k not in korean] if writing == "han" else []
    found = [Split(_part(word[:k]), _part(word[k:])) for k in korean + japanese]
    if n > 3 or (n == 3 and korean):
        return found or [*alone, Split(None, _part(word))]
    return [*found, *alone, *([Split(None, _part(word))] if n > 1 else [])]


def _part(text: str) -> Part:
    tidied = text.replace(" ", "")
    writing = script_of(tidied)
    return Part(writing, tidied, plain(tidied) or tidied if writing == "latin" else new_form(tidied))
