"""Hangul: letters of a syllable, the initial sound law, Revised Romanisation and McCune–Reischauer.

Revised Romanisation: Ministry of Culture and Tourism, notice 2000-8, whose rule for names writes given names syllable
by syllable. McCune–Reischauer: Transactions of the Korea Branch of the Royal Asiatic Society 29 (1939) 1–55, likewise,
with voicing inside a name.
"""

# ruff: noqa: SIM905 (tables of letters are read more easily as words than as lists of strings)

from __future__ import annotations

from functools import lru_cache
from itertools import product
from typing import Literal

__all__ = ["by_sound_law", "hangul_to_latin", "is_hangul", "letters", "spellings"]

_RR_INITIAL = "g kk n d tt r m b pp s ss - j jj ch k t p h".split()
_MR_INITIAL = "k kk n t tt r m p pp s ss - ch tch ch' k' t' p' h".split()
_RR_VOWEL = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split()
_MR_VOWEL = "a ae ya yae ŏ e yŏ ye o wa wae oe yo u wŏ we wi yu ŭ ŭi i".split()
_FINAL = "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split()
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}
# How people spell themselves: a letter's spellings by commas. Our own collection; how often each is used is not known.
_USUAL_INITIAL = "g,k kk,gg,k n d,t tt,dd,t r,l,n m b,p pp,bb s,sh ss - j,ch jj,tch ch k t p,ph h".split()
_USUAL_VOWEL = (
    "a,ah ae,ai,ay,e ya yae eo,u,o,uh,ur e,eh yeo,you,yu,yo ye o,oh wa wae,we oe,oi yo u,oo,ou,woo,wu wo,weo,wu we "
    "wi,ui yu,yoo,you eu,u ui,eui,i,ee i,ee,yi"
).split()
_USUAL_FINAL = {"-": "", "k": "k,g,ck", "n": "n,hn", "t": "t,d", "l": "l,r,ll", "m": "m", "p": "p,b", "ng": "ng"}
# vowels before which the law drops ㄹ and ㄴ: ㅑ ㅒ ㅕ ㅖ ㅛ ㅠ ㅣ
_FRONT = {2, 3, 6, 7, 12, 17, 20}
_RIEUL, _NIEUN, _IEUNG = 5, 2, 11


def is_hangul(c: str) -> bool:
    return "가" <= c <= "힣"


def letters(syllable: str) -> tuple[int, int, int]:
    """Places of a syllable's initial, vowel and final (0 = none) in the order of Unicode."""
    code = ord(syllable) - 0xAC00
    return code // 588, code % 588 // 28, code % 28


def by_sound_law(text: str) -> str:
    """Every syllable as the initial sound law (두음법칙) has it: 리 → 이, 로 → 노, 녀 → 여."""
    return "".join(map(_by_sound_law, text))


@lru_cache(maxsize=4096)
def _by_sound_law(c: str) -> str:
    if not is_hangul(c):
        return c
    initial, vowel, final = letters(c)
    if initial in (_RIEUL, _NIEUN) and vowel in _FRONT:
        initial = _IEUNG
    elif initial == _RIEUL:
        initial = _NIEUN
    return chr(0xAC00 + (initial * 21 + vowel) * 28 + final)


@lru_cache(maxsize=4096)
def spellings(syllable: str) -> tuple[str, ...]:
    """The usual spellings of one syllable in names: 영 is yeong, young, yung, yong."""
    initial, vowel, final = letters(syllable)
    starts = _USUAL_INITIAL[initial].replace("-", "").split(",")
    ends = _USUAL_FINAL[_FINAL[final]].split(",")
    return tuple("".join(s) for s in product(starts, _USUAL_VOWEL[vowel].split(","), ends))


def hangul_to_latin(text: str, system: Literal["revised", "mccune-reischauer"] = "revised") -> str:
    """Hangul in roman letters, lower case; what is no hangul stays as it is."""
    out: list[str] = []
    voiced = False
    for c in text:
        if not is_hangul(c):
            out.append(c)
            voiced = False
            continue
        initial, vowel, final = letters(c)
        if system == "revised":
            out.append(_RR_INITIAL[initial].replace("-", "") + _RR_VOWEL[vowel])
        else:
            start = _MR_INITIAL[initial].replace("-", "")
            start = "sh" if start == "s" and _MR_VOWEL[vowel] == "wi" else start
            out.append((_VOICED.get(start, start) if voiced else start) + _MR_VOWEL[vowel])
        closing = _FINAL[final].replace("-", "")
        out.append(closing)
        voiced = closing in ("", "n", "ng", "m", "l")
    return "".join(out)
