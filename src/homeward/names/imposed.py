"""Japanese family names that Koreans took or were given from 1940 (創氏改名), and the surnames they may come from.

What is typical proves nothing: most of these are also names of Japanese families, and a family could choose any.
``listed``: in `data/imposed.csv`, where the column ``source`` is empty for what no source was read for. ``rule``: the
family name holds the surname's character.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeward.names.kana import kana_to_latin
from homeward.names.remember import remembered
from homeward.names.sound import hepburn, plain
from homeward.names.surnames import known_surnames
from homeward.names.writing import fold, new_form

__all__ = ["Basis", "imposed_families", "listed_sounds", "origins", "origins_of_sound"]

# how a surname was found: `listed:SOURCE`, `listed` (no source was read) or `rule`
Basis = str

# Surnames whose characters are everyday parts of Japanese names: the rule would take every second name for theirs.
_EVERYDAY = frozenset("田川西東水大平松森小海星心三上下中山木村井本原野島岡内石方永和正長夏")


@dataclass(frozen=True, slots=True)
class _Table:
    """Family name -> surnames, by its text and by its reading; and the readings of each."""

    by_text: dict[str, dict[str, Basis]]
    by_sound: dict[str, dict[str, Basis]]
    sounds: dict[str, set[str]]


@cache
def _table() -> _Table:
    by_text: dict[str, dict[str, Basis]] = defaultdict(dict)
    by_sound: dict[str, dict[str, Basis]] = defaultdict(dict)
    sounds: dict[str, set[str]] = defaultdict(set)
    text = (files("homeward.names") / "data" / "imposed.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        basis = f"listed:{row['source']}" if row["source"] else "listed"
        surname = new_form(row["surname"])
        by_text[fold(row["family"])][surname] = basis
        for reading in row["reading"].split():
            sound = hepburn(plain(kana_to_latin(fold(reading))))
            by_sound[sound][surname] = max(basis, by_sound[sound].get(surname, ""))
            sounds[fold(row["family"])].add(sound)
    return _Table(by_text, by_sound, sounds)


@remembered
def origins(family: str) -> dict[str, Basis]:
    """The Korean surnames, in hanja of new form, from which a folded family name may come."""
    found = dict(_table().by_text.get(family, {}))
    if len(family) == 2 and family not in known_surnames().by_hanja:
        for c in family:
            if c in known_surnames().by_hanja and c not in _EVERYDAY:
                found.setdefault(c, "rule")
    return found


@remembered
def origins_of_sound(sound: str) -> dict[str, Basis]:
    """The same for a family name's reading in Hepburn with short vowels; of listed names only."""
    return _table().by_sound.get(sound, {})


def listed_sounds(family: str) -> set[str]:
    """The readings of a listed family name, in Hepburn with short vowels; empty for others."""
    return _table().sounds.get(family, set())


def imposed_families(surname: str) -> dict[str, Basis]:
    """The listed family names that may come from a surname in hanja."""
    wanted = fold(surname)
    return {family: found[wanted] for family, found in _table().by_text.items() if wanted in found}
