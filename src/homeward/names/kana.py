"""Kana in roman letters: modified Hepburn and Kunrei (cabinet notice 1 of 1954), and Korean sounds written in kana."""

# ruff: noqa: SIM905 (tables of letters are read more easily as words than as lists of strings)

from __future__ import annotations

from typing import Literal

from homeward.names.remember import remembered

__all__ = ["kana_to_latin", "syllables"]

_HEPBURN = dict(
    zip(
        "アイウエオカキクケコガギグゲゴサシスセソザジズゼゾタチツテトダヂヅデドナニヌネノ"
        "ハヒフヘホバビブベボパピプペポマミムメモヤユヨラリルレロワヰヱヲンヴヵヶ",
        (
            "a i u e o ka ki ku ke ko ga gi gu ge go sa shi su se so za ji zu ze zo ta chi tsu te to da ji zu de do "
            "na ni nu ne no ha hi fu he ho ba bi bu be bo pa pi pu pe po ma mi mu me mo ya yu yo ra ri ru re ro "
            "wa i e o n vu ka ke"
        ).split(),
        strict=True,
    )
)
_KUNREI = _HEPBURN | {"シ": "si", "チ": "ti", "ツ": "tu", "フ": "hu", "ジ": "zi", "ヂ": "zi"}
_SMALL = {"ァ": "a", "ィ": "i", "ゥ": "u", "ェ": "e", "ォ": "o", "ャ": "ya", "ュ": "yu", "ョ": "yo", "ヮ": "wa"}


@remembered
def syllables(text: str, system: Literal["hepburn", "kunrei"] = "hepburn") -> tuple[str, ...]:
    """Katakana as one piece of roman letters a syllable; ッ is `-`, ー is a second vowel, other signs stay."""
    table = _HEPBURN if system == "hepburn" else _KUNREI
    out: list[str] = []
    for c in text:
        if c == "ッ":
            out.append("-")
        elif c == "ー":
            if out and out[-1][-1:] in "aiueo":
                out[-1] += out[-1][-1:]
        elif c in _SMALL:
            small = _SMALL[c]
            if not out or out[-1][-1:] not in "aiueo":
                out.append(small)
            elif small[0] == "y":
                out[-1] = _before_y(out[-1][:-1], small)
            else:
                out[-1] = _before_vowel(out[-1], small)
        else:
            out.append(table.get(c, c))
    return tuple(out)


def kana_to_latin(text: str, system: Literal["hepburn", "kunrei"] = "hepburn") -> str:
    """Katakana in roman letters, long vowels written out (`ou`, `uu`)."""
    out = ""
    pieces = syllables(text, system)
    for here, after in zip(pieces, (*pieces[1:], ""), strict=True):
        if here == "-":
            out += ("t" if after.startswith("ch") else after[:1]) if after[:1] not in ("", *"aiueo-") else ""
        else:
            out += here
    return out


def _before_y(start: str, small: str) -> str:
    """キャ kya, シャ sha, チャ cha, ジャ ja."""
    return start + small[1:] if start in ("sh", "ch", "j") else start + small


def _before_vowel(piece: str, small: str) -> str:
    """ファ fa, チェ che, ウォ wo, クァ kwa, ティ ti."""
    if piece == "u":
        return "w" + small.removeprefix("w")
    start = piece[:-1]
    if start in ("k", "g") and small[0] != "w":
        return start + "w" + small
    return start + small
