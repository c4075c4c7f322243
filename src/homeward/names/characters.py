"""Readings of characters: hangul, Japanese on and kun (Unihan, `data/characters.txt`)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from math import prod

from homeward.names.remember import remembered
from homeward.names.surnames import known_surnames
from homeward.names.writing import new_form

__all__ = ["Character", "hangul_readings", "japanese_readings", "readings"]

# Readings beyond this number of one text are rare and left out; names of two characters do not come near it.
_MOST = 32
_VOICED = {"k": "g", "sh": "j", "s": "z", "ch": "j", "ts": "z", "t": "d", "h": "b", "f": "b"}


@dataclass(frozen=True, slots=True)
class Character:
    """Readings of a character and of its old and new forms."""

    hangul: tuple[str, ...]
    on: tuple[str, ...]
    kun: tuple[str, ...]


_NONE = Character((), (), ())


@cache
def _table() -> dict[str, Character]:
    """New form -> the readings of all its forms."""
    text = (files("homeward.names") / "data" / "characters.txt").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = defaultdict(lambda: [[], [], []])
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        char, *columns = line.split("\t")
        held = found[new_form(char)]
        for have, column in zip(held, columns, strict=False):
            have.extend(r for r in column.split() if r not in have)
    return {char: Character(tuple(h), tuple(on), tuple(kun)) for char, (h, on, kun) in found.items()}


def readings(char: str) -> Character:
    """What is known of a character, in old or new form."""
    return _table().get(new_form(char), _NONE)


@remembered
def hangul_readings(text: str, family: bool = False) -> tuple[str, ...]:
    """Every reading of characters in hangul, in the order of the table; empty where a character has none.

    ``family``: of a surname in the table only the readings that families bear (金 is 김, not 금).
    """
    text = new_form(text)
    if family and text in known_surnames().by_hanja:
        return known_surnames().by_hanja[text]
    choices = [readings(c).hangul for c in text]
    if not text or not all(choices):
        return ()
    while prod(map(len, choices)) > _MOST:
        longest = max(range(len(choices)), key=lambda i: len(choices[i]))
        choices[longest] = choices[longest][:-1]
    return tuple("".join(c) for c in product(*choices))


@lru_cache(maxsize=16384)
def japanese_readings(char: str, inside: bool) -> tuple[str, ...]:
    """On and kun of one character in Hepburn, long vowels long and short; ``inside`` a name also voiced (さわ, ざわ).

    Of adjectives also the stem (高い → たか), as names have it. Readings that names alone use are not in the table.
    """
    known = readings(char)
    out: dict[str, None] = {}
    stems = [r.removesuffix("i").removesuffix("ki").removesuffix("shi") for r in known.kun if r[-2:-1] in "aiou"]
    for reading in (*known.kun, *stems, *known.on):
        forms = [reading]
        if inside:
            start = next((s for s in ("sh", "ch", "ts", *"kstfh") if reading.startswith(s)), "")
            if start:
                forms.append(_VOICED[start] + reading[len(start) :])
        for form in forms:
            out[form] = None
            out[form.replace("ou", "o").replace("oo", "o").replace("uu", "u")] = None
    return tuple(out)
