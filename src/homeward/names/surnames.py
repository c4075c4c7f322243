"""Korean surnames: hangul, hanja, and how they are usually spelled in roman letters (`data/surnames.csv`)."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeward.names.writing import new_form

__all__ = ["Surnames", "known_surnames"]


@dataclass(frozen=True, slots=True)
class Surnames:
    """The table three ways. Hanja are in their new form, spellings in lower case."""

    by_hangul: dict[str, tuple[str, ...]]
    by_hanja: dict[str, tuple[str, ...]]
    spellings: dict[str, tuple[str, ...]]
    by_spelling: dict[str, tuple[str, ...]]


@cache
def known_surnames() -> Surnames:
    """The table of surnames."""
    text = (files("homeward.names") / "data" / "surnames.csv").read_text(encoding="utf-8")
    by_hangul: dict[str, tuple[str, ...]] = {}
    spellings: dict[str, tuple[str, ...]] = {}
    by_hanja: dict[str, list[str]] = defaultdict(list)
    by_spelling: dict[str, list[str]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        hangul = row["hangul"]
        by_hangul[hangul] = tuple(new_form(h) for h in row["hanja"].split())
        spellings[hangul] = tuple(s.lower() for s in row["spellings"].split())
        for hanja in by_hangul[hangul]:
            by_hanja[hanja].append(hangul)
        for spelling in spellings[hangul]:
            by_spelling[spelling].append(hangul)
    frozen = {k: tuple(v) for k, v in by_hanja.items()}
    return Surnames(by_hangul, frozen, spellings, {k: tuple(v) for k, v in by_spelling.items()})
