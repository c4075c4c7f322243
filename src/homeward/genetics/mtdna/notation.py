"""Differences to the rCRS as laboratories write them, one by one, into places and symbols.

A *place* is (position, n): n = 0 the position's own base, n ≥ 1 the nth base inserted after it. A *symbol* is one
letter: A C G T, an IUPAC letter (one of several bases), N (not read), a small letter (this base or none), or `-`
(deleted).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homeward.genetics.mtdna.reference import GAP_POSITION, LENGTH, rcrs

__all__ = ["BASES_OF", "Edit", "NotationError", "bases", "contents", "differences", "parsed", "replaced"]

BASES_OF = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
_MOST_INSERTED = 200
_LETTERS = "ACGTRYSWKMBDHVN"
_DELETED = r"(?:-|−|del|DEL|Del|d|D|Δ)"
_CHANGE = re.compile(r"(?:m\.)?([0-9]{1,5})([ACGTN]+)>([ACGTN]*)", re.IGNORECASE)
_DELETION = re.compile(rf"(?:m\.)?([ACGT]?)([0-9]{{1,5}})(?:\s*[-_]\s*([0-9]{{1,5}}))?{_DELETED}([ACGTacgt]*)")
_INSERTION = re.compile(r"(?:m\.)?[ACGT]?([0-9]{1,5})(?:\.([0-9]{1,3}|[Xx])|\+|ins)([A-Za-z]{1,200})")
_BASE = re.compile(r"(?:m\.)?([ACGT]?)([0-9]{1,5})([A-Za-z])")
_UNREAD = re.compile(r"([0-9]{1,5})\s*[-_]\s*([0-9]{1,5})[Nn]")
_INSERTED_GONE = re.compile(r"(?:m\.)?([0-9]{1,5})\.([0-9]{1,3}|[Xx])(?:DEL|del|d|-)")


class NotationError(ValueError):
    """A difference that says nothing, or that cannot be. ``code``: stable; ``value``: the difference as given."""

    def __init__(self, code: str, value: str) -> None:
        super().__init__(f"{code}: {value}")
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class Edit:
    """One symbol at one place. ``told``: what was unusual about how it was written, "" if nothing."""

    position: int
    n: int
    symbol: str
    told: str = ""


def bases(symbol: str) -> frozenset[str]:
    """What a symbol may stand for: bases, and "" for none."""
    if symbol in ("", "-"):
        return frozenset({""})
    found = frozenset(BASES_OF[symbol.upper()])
    return found | {""} if symbol.islower() else found


def parsed(text: str) -> list[Edit]:
    """The edits of one difference, [] where it says that the reference's base is there.

    Read: `73G` `A73G` `m.73A>G` `16189Y` `73N` `16193c` `249-` `249DEL` `249d` `523-524d` `315.1C` `309.1CC` `315+C`
    `573.XC` `309CT>CCT` `16024-16030N` `263G!` (reverted: the reference's base). Raises `NotationError`:
    ``bad-difference``, ``bad-position``, ``reference-base`` (the base written before the position is not the rCRS's).
    """
    plain = text.strip().replace("−", "-")
    core = plain.rstrip("!")
    reverted = len(plain) - len(core)
    found = _parsed(core, text)
    for edit in found:
        if not 1 <= edit.position <= LENGTH:
            raise NotationError("bad-position", text)
    if reverted % 2:
        return []
    return [e for e in found if e.position != GAP_POSITION or e.n]


def _parsed(core: str, text: str) -> list[Edit]:
    if change := _CHANGE.fullmatch(core):
        return replaced(int(change[1]), change[2].upper(), change[3].upper(), text)
    if gone := _INSERTED_GONE.fullmatch(core):  # no insertion here, said aloud
        _reference(int(gone[1]), text)
        return []
    if unread := _UNREAD.fullmatch(core):
        low, high = _ends(unread[1], unread[2], text)
        return [Edit(p, 0, "N") for p in range(low, high + 1)]
    if deletion := _DELETION.fullmatch(core):
        return _deleted(deletion, text)
    if insertion := _INSERTION.fullmatch(core):
        letters = insertion[3]
        first = insertion[2] or "1"
        if not set(letters.upper()) <= set(_LETTERS) or (first.isdigit() and not 1 <= int(first) <= _MOST_INSERTED):
            raise NotationError("bad-difference", text)
        told = "unknown-length" if first in "Xx" else ""
        start = 1 if told else int(first)
        return [Edit(int(insertion[1]), start + i, letter, told) for i, letter in enumerate(letters)]
    if base := _BASE.fullmatch(core):
        position = int(base[2])
        if base[3].upper() not in BASES_OF:
            raise NotationError("bad-difference", text)
        reference = _reference(position, text)
        if base[1] and base[1] != reference:
            raise NotationError("reference-base", text)
        return [Edit(position, 0, base[3], "reference" if base[3] == reference else "")]
    raise NotationError("bad-difference", text)


def _reference(position: int, text: str) -> str:
    if not 1 <= position <= LENGTH:
        raise NotationError("bad-position", text)
    return rcrs()[position - 1]


def _ends(low: str, high: str, text: str) -> tuple[int, int]:
    first, last = int(low), int(high)
    if not 1 <= first <= last <= LENGTH:
        raise NotationError("bad-position", text)
    return first, last


def _deleted(match: re.Match[str], text: str) -> list[Edit]:
    bases_named = match[1] or match[4].upper()
    low = int(match[2])
    high = int(match[3]) if match[3] else low + max(0, len(match[4]) - 1)
    low, high = _ends(str(low), str(high), text)
    if bases_named and rcrs()[low - 1 : high] != bases_named:
        raise NotationError("reference-base", text)
    return [Edit(p, 0, "-") for p in range(low, high + 1)]


def replaced(position: int, old: str, new: str, text: str) -> list[Edit]:
    """`309CT>CCT`, as VCF writes it: what stands from a position on becomes something else."""
    if not 1 <= position <= position + len(old) - 1 <= LENGTH:
        raise NotationError("bad-position", text)
    there = rcrs()[position - 1 : position - 1 + len(old)]
    if any(a != b and "N" not in (a, b) for a, b in zip(old, there, strict=True)):
        raise NotationError("reference-base", text)
    if old == new:
        return []
    same = 0  # what both end with stays where it is
    while same < min(len(old), len(new)) - 1 and old[-1 - same] == new[-1 - same]:
        same += 1
    old, new = old[: len(old) - same], new[: len(new) - same]
    found = [Edit(position + i, 0, new[i] if i < len(new) else "-") for i in range(len(old))]
    found += [Edit(position + len(old) - 1, 1 + i, c) for i, c in enumerate(new[len(old) :])]
    return [e for e in found if e.n or e.symbol != rcrs()[e.position - 1]]


def contents(edits: Iterable[Edit]) -> dict[int, str]:
    """Position → the symbols that stand there ("" = deleted, "CC" = its base and one inserted), where it differs.

    Raises `NotationError`: ``contradiction`` (two symbols at one place), ``insertion-gap`` (a second inserted base
    without a first).
    """
    places: dict[int, dict[int, str]] = {}
    for e in edits:
        if places.setdefault(e.position, {}).setdefault(e.n, e.symbol) != e.symbol:
            raise NotationError("contradiction", _text(e.position, e.n, e.symbol))
    found: dict[int, str] = {}
    for position in sorted(places):
        symbols = places[position]
        own = symbols.pop(0, _own(position)).replace("-", "")
        if symbols and max(symbols) != len(symbols):
            raise NotationError("insertion-gap", _text(position, max(symbols), symbols[max(symbols)]))
        text = own + "".join(symbols[n] for n in sorted(symbols))
        if text != _own(position):
            found[position] = text
    return found


def _own(position: int) -> str:
    return "" if position == GAP_POSITION else rcrs()[position - 1]


def differences(places: Mapping[int, str]) -> tuple[str, ...]:
    """The differences of `contents`, by position, as this project writes them: `263G` `249-` `315.1C` `16189Y`."""
    found: list[str] = []
    for position in sorted(places):
        text, own = places[position], _own(position)
        if not text and own:
            found.append(f"{position}-")
        elif own and text[0] != own:
            found.append(f"{position}{text[0]}")
        found += [_text(position, n, c) for n, c in enumerate(text[1:] if own else text, 1)]
    return tuple(found)


def _text(position: int, n: int, symbol: str) -> str:
    return f"{position}.{n}{symbol}" if n else f"{position}{symbol}"
