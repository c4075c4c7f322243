"""Written forms that are one: width, case, composition, separators, hiragana and katakana, old and new characters."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

from homeward.names.remember import remembered

__all__ = ["Writing", "fold", "new_form", "old_forms", "script_of", "tidy"]

Writing = Literal["han", "hangul", "kana", "latin", "other"]

# Hangul letters written one by one (ㄱㅣㅁ), as the jamo that compose: initial, vowel, final.
_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
# Unicode names 々 a mark of repetition and 〆, ヶ, ヵ letters of their own; all are written inside names.
_HAN_MARKS = "々〆〇"


@cache
def old_forms() -> dict[str, str]:
    """Old character -> new character, from `data/old_forms.csv`."""
    text = (files("homeward.names") / "data" / "old_forms.csv").read_text(encoding="utf-8")
    return {row["old"]: row["new"] for row in csv.DictReader(text.splitlines())}


@remembered
def tidy(text: str) -> str:
    """NFKC, lower case, katakana, composed hangul; marks of separation between letters are one blank each.

    Apostrophes and hyphens vanish, so that `Young-ho`, `Ch'oe` and `Choe` are one.
    """
    if any("ㄱ" <= c <= "ㅣ" for c in text):
        text = _compose(text)
    out: list[str] = []
    for c in unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()):
        if "ぁ" <= c <= "ゖ":
            out.append(chr(ord(c) + 0x60))
        elif c in _HAN_MARKS or c == "ー" or unicodedata.category(c)[0] in "LMN":
            out.append(c)
        elif c in "-'’‘ʼ`´‐‑‒–—−":
            continue
        else:
            out.append(" ")
    return _repeated(" ".join("".join(out).split()))


@remembered
def fold(text: str) -> str:
    """`tidy`, with old characters as new ones and without blanks: equal for texts that differ in form alone."""
    return new_form(tidy(text)).replace(" ", "")


def new_form(text: str) -> str:
    """Old characters as new ones: 國 → 国."""
    return text.translate(_translation())


@cache
def _translation() -> dict[int, str]:
    return str.maketrans(old_forms())


def script_of(text: str) -> Writing:
    """The one writing of a tidied text without blanks; ``other`` where it is mixed or none of these."""
    found = {_writing(c) for c in text if c != "ー"}
    if "ー" in text and found != {"kana"}:
        return "other"
    return found.pop() if len(found) == 1 else "other"


@lru_cache(maxsize=8192)
def _writing(c: str) -> Writing:
    if "가" <= c <= "힣":
        return "hangul"
    if c in _HAN_MARKS or "㐀" <= c <= "鿿" or "豈" <= c <= "\ufaff" or "\U00020000" <= c <= "\U0003ffff":
        return "han"
    if "ァ" <= c <= "ヺ":
        return "kana"
    if unicodedata.category(c)[0] == "M" or "LATIN" in unicodedata.name(c, ""):
        return "latin"
    return "other"


def _repeated(text: str) -> str:
    """佐々木 → 佐佐木."""
    if "々" not in text:
        return text
    out: list[str] = []
    for c in text:
        out.append(out[-1] if c == "々" and out else c)
    return "".join(out)


def _compose(text: str) -> str:
    """Letters of hangul written apart, as syllables wherever an initial and a vowel stand together."""
    out: list[str] = []
    at = 0
    while at < len(text):
        initial, vowel = text[at], text[at + 1 : at + 2]
        if initial in _INITIALS and vowel and vowel in _VOWELS:
            final = text[at + 2 : at + 3]
            closes = bool(final) and final in _FINALS and (text[at + 3 : at + 4] or " ") not in _VOWELS
            code = (_INITIALS.index(initial) * 21 + _VOWELS.index(vowel)) * 28
            out.append(chr(0xAC00 + code + (1 + _FINALS.index(final) if closes else 0)))
            at += 3 if closes else 2
        else:
            out.append(initial)
            at += 1
    return "".join(out)
