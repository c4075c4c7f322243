"""Roman letters that stand for one sound: spellings of Japanese, and a coarse key of Korean syllables.

The key is our own. It puts together what passports, Revised Romanisation, McCune–Reischauer and kana keep apart or
confuse (`eo` `u` `o` `oo`, `k` `g`, `ch` `j`, `l` `r`), so that 영호, Young-ho, Yŏngho, Yeongho and ヨンホ are one.
Names of different sound may share a key; a reason that rests on it says so.
"""

# ruff: noqa: SIM905 (tables of letters are read more easily as words than as lists of strings)

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import product
from math import prod

from homeward.names.hangul import letters
from homeward.names.kana import kana_to_latin, syllables
from homeward.names.remember import remembered

__all__ = ["hangul_key", "hepburn", "kana_keys", "latin_key", "plain"]

_INITIAL = "k k n t t r m p p s s - c c c k t p h".split()
_VOWEL = "A E yA yE O E yO yE O A E E yO O O E I yO O I I".split()
_FINAL = "- k k k n n n t r k m r r r p r m p p t t nk t t k t p t".split()

# a name in kana has three or four places that can be read in more than one way
_MOST_KEYS = 256

_CONSONANTS = [("ch", "c"), ("ph", "p"), ("ts", "c"), ("ck", "k"), ("qu", "k"), ("x", "ks")]
_ONE = str.maketrans("gdbjzlfvq", "ktpccrhpk")
_VOWELS = {
    "A": ("a",),
    "E": ("ae", "ai", "ay", "e", "ei", "ey", "oe", "oi", "oy", "ea"),
    "O": ("eo", "eu", "o", "oo", "ou", "u", "ew"),
    "I": ("i", "ee", "ui", "eui", "ie", "y"),
}
_SPELLED = sorted(((s, key) for key, spelled in _VOWELS.items() for s in spelled), key=lambda p: -len(p[0]))
_VOWEL_KEY = dict(_SPELLED)
_VOWEL_AT = re.compile("|".join(s for s, _ in _SPELLED))

_KUNREI = [
    (re.compile(pattern), to)
    for pattern, to in [
        (r"l", "r"), (r"s[iy](?=[auo])|sy", "sh"), (r"si", "shi"), (r"t[iy](?=[auo])|ty|cy", "ch"), (r"ti", "chi"),
        (r"tu", "tsu"), (r"(?<![sct])hu", "fu"), (r"[zdj]y", "j"), (r"[zd]i", "ji"), (r"d[zu]u?", "zu"),
        (r"m(?=[bpm])", "n"), (r"cch", "tch"), (r"(?<=[aeiou])h(?![aeiouy])|(?<=o)h(?=y)", ""), (r"wo", "o"),
    ]
]  # fmt: skip


@remembered
def plain(text: str) -> str:
    """Roman letters without marks, lower case, letters alone: `Kyŏng-su` → `kyongsu`, `Ōyama` → `oyama`."""
    marked = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in marked if "a" <= c <= "z")


@remembered
def hepburn(text: str, *, long: bool = False) -> str:
    """Plain roman letters as Hepburn, from Kunrei and loose spellings; ``long`` keeps `ou`, `oo` and `uu`."""
    for pattern, to in _KUNREI:
        text = pattern.sub(to, text)
    if not long:
        text = text.replace("ou", "o").replace("oo", "o").replace("uu", "u")
    return text


@remembered
def latin_key(text: str) -> str:
    """The key of plain roman letters."""
    text = re.sub(r"(?<=[bp]a)rk$", "k", text)
    text = re.sub(r"(?<=[aeiou])h(?![aeiouyw])", "", text)
    for spelled, one in _CONSONANTS:
        text = text.replace(spelled, one)
    text = text.translate(_ONE)
    text = re.sub(r"w+(?=[aeiouy])", "", text).replace("w", "o")
    text = re.sub(r"y(?=[aeou])", "Y", text)
    text = _VOWEL_AT.sub(lambda m: _VOWEL_KEY[m[0]], text)
    return _tidy(text.replace("Y", "y"))


@remembered
def hangul_key(text: str) -> str:
    """The key of hangul syllables."""
    return _tidy("".join(_syllable_key(c) for c in text))


@remembered
def kana_keys(text: str) -> frozenset[str]:
    """The keys that kana may stand for when they write Korean: キム is kim as well as kimu, ン is n, ng and m."""
    pieces = syllables(text)
    choices: list[tuple[str, ...]] = []
    for here, after in zip(pieces, (*pieces[1:], ""), strict=True):
        closing = after[:1] not in ("a", "i", "u", "e", "o")
        if here == "n":
            choices.append(("n", "ng", "m") if closing else ("n", "ng"))
        elif here in ("ku", "mu", "ru", "pu", "tsu") and closing:
            choices.append((here, {"ku": "k", "mu": "m", "ru": "l", "pu": "p", "tsu": "t"}[here]))
        else:
            choices.append(("t",) if here == "-" else (here,))
    if prod(map(len, choices)) > _MOST_KEYS:
        return frozenset({latin_key(kana_to_latin(text))})
    return frozenset(latin_key("".join(c)) for c in product(*choices))


@lru_cache(maxsize=16384)
def _syllable_key(c: str) -> str:
    initial, vowel, final = letters(c)
    return (_INITIAL[initial] + _VOWEL[vowel] + _FINAL[final]).replace("-", "").replace("yI", "I")


def _tidy(key: str) -> str:
    """What joins at the seam of two syllables is written one way."""
    key = key.replace("yI", "I")
    key = re.sub(r"(?<=[ktpcsrnm])h", "", key)
    key = re.sub(r"([ktpcsrnm])\1+", r"\1", key)
    key = re.sub(r"[AEIO]+(?=[AEIO])", "", key)
    key = re.sub(r"^[rn](?=[Iy])", "", key)
    key = re.sub(r"^r", "n", key)
    return re.sub(r"(?<=[ktpcsnm])[rn](?=[Iy])", "", key)
