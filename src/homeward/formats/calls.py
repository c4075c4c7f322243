"""What stands in the allele cells of laboratories' exports, and what each of it is read as."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from homeward.genetics import allele_kind, allele_order, canonical_allele, canonical_marker, marker_kind

__all__ = ["EMPTY", "Token", "is_pseudo_marker", "kind_of", "name_of", "split_cell", "token_of"]

# A file names the same few markers and alleles thousands of times.
name_of = lru_cache(8192)(canonical_marker)
kind_of = lru_cache(8192)(marker_kind)
_alleles_of = lru_cache(8192)(allele_kind)

EMPTY = frozenset(
    {"", "-", "--", ".", "NULL", "NA", "N/A", "NAN", "NONE", "#N/A", "NT", "N.T.", "-9", "NO DATA", "INC"}
)
_ANY = frozenset({"?", "*", "F", "Q"})
_OFF_LADDER = re.compile(r"(OL|OB|OMR|OS|OFF.?LADDER)\b.*", re.IGNORECASE)
_BEYOND = re.compile(r"[<>≤≥]\s*=?\s*([0-9]{1,3}(?:[.,][0-9])?)?")
_COMMA = re.compile(r"([0-9]{1,3}),([0-9])")
_NUMBER = re.compile(r"([0-9]{1,6})(?:\.([0-9])0*)?")
_LUS = re.compile(r"([0-9]{1,2}(?:\.[0-9])?)(?:_[0-9]{1,3}(?:\.[0-9])?)+")
_PARTS = re.compile(r"[,;/|\s]+")
_BASES = re.compile(r"[ACGTN]{20,}", re.IGNORECASE)
_PSEUDO = frozenset({"qs1", "qs2", "qualitysensor", "qualitysensor1", "qualitysensor2", "iqcs", "iqcl", "ipc"})
_SEX_CODES = {"1": "X", "2": "Y"}
MOST_REPEATS = 1_000


@dataclass(frozen=True, slots=True)
class Token:
    """One allele cell, read. ``code``: why it cannot be weighed, or what was left away; "" for a plain allele."""

    allele: str
    code: str = ""


@lru_cache(65536)
def token_of(text: str, marker: str) -> Token | None:
    """The allele of a cell, None where the cell says there is none. Raises ValueError for anything else.

    ``off-ladder`` and ``beyond-ladder`` alleles keep their sign (`OL`, `<12`); a sequence keeps its bases
    (``sequence-only``); of a number with a sequence's description only the number stays
    (``sequence-left-out``). `8|9` is one of several that could not be told apart.
    """
    if "|" in text:
        return Token(_unresolved(text, marker))
    plain = unicodedata.normalize("NFKC", text).strip().lstrip("'").strip().strip('"')
    upper = plain.upper()
    kind = _alleles_of(marker)
    if upper in EMPTY or (plain in ("0", "00", "0.0") and kind != "other"):
        return None
    if upper in _ANY:
        return Token("?")
    if _OFF_LADDER.fullmatch(plain):
        return Token("OL", "off-ladder")
    if beyond := _BEYOND.fullmatch(plain):
        return Token(plain[0] + (beyond[1] or "").replace(",", "."), "beyond-ladder")
    if kind == "AMEL":
        return Token(canonical_allele(_SEX_CODES.get(plain, upper), kind))
    if kind == "SNP":
        if upper in ("D", "I", "N") or upper in "1234":
            return Token(upper, "coded-allele")
        return Token(canonical_allele(upper, kind))
    if _BASES.fullmatch(plain):
        return Token(upper, "sequence-only")
    if lus := _LUS.fullmatch(plain):
        return Token(canonical_allele(lus[1], kind), "sequence-left-out")
    if comma := _COMMA.fullmatch(plain):
        plain = f"{comma[1]}.{comma[2]}"
    if number := _NUMBER.fullmatch(plain):
        if int(number[1]) >= MOST_REPEATS and kind == "STR":
            raise ValueError(text)
        return Token(canonical_allele(f"{number[1]}.{number[2] or '0'}", kind))
    if len(plain) > 64:
        raise ValueError(text)
    return Token(canonical_allele(plain, kind))


def _unresolved(text: str, marker: str) -> str:
    """What an unresolved allele may be, in order. Raises ValueError where a part is no plain allele."""
    tokens = [token_of(part, marker) for part in text.split("|")]
    if any(t is None or t.code or t.allele == "?" for t in tokens):
        raise ValueError(text)
    return "|".join(allele_order({t.allele for t in tokens if t is not None}))


def split_cell(text: str, marker: str) -> list[str]:
    """The alleles of a cell that holds a marker's whole call: `14,15`, `11, 12, , ,`, `14/15`, `XY`, `A/G`.

    `9,3` alone is one allele with a decimal comma, except on the Y, where it is a list of two copies.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    kind = _alleles_of(marker)
    if plain.upper() in EMPTY:
        return []
    if kind in ("AMEL", "SNP") and re.fullmatch(r"[A-Za-z]{2}", plain):
        return list(plain.upper())
    if kind == "STR" and (comma := re.fullmatch(r"([0-9]{1,2}),([1-3])", plain)) and kind_of(marker) != "Y":
        return [f"{comma[1]}.{comma[2]}"]
    if divider := next((d for d in "/|;," if d in plain), ""):  # beside another divider a comma is a decimal one
        return [part for part in (p.strip() for p in plain.split(divider)) if part]
    if re.fullmatch(r"[0-9.XYxy<>]+(\s+[0-9.XYxy<>]+)+", plain):
        return _PARTS.split(plain)
    if re.fullmatch(r"[0-9.]+-[0-9.]+", plain):
        return plain.split("-")
    return [plain]


@lru_cache(8192)
def is_pseudo_marker(name: str) -> bool:
    """Whether a kit's quality control, which types nobody, goes under this name."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum()) in _PSEUDO
