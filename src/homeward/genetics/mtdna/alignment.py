"""One notation for one sequence: where differences stand close together, the sequence is aligned to the rCRS anew.

The alignment is the cheapest one, in a window around the differences. Substitutions and length changes that the
phylogeny knows at that very place are cheaper than others (so 16189C 16193- and not 16189-, as Bandelt & Parson 2008
ask); what is left open by cost is placed as far to the 3' end as it goes (ISFG 2014). The answer depends on the
sequence alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from homeward.case import Span
from homeward.genetics.mtdna.notation import bases
from homeward.genetics.mtdna.reference import GAP_POSITION, rcrs

__all__ = ["aligned", "placed"]

_NEAR = 16
"""Differences this close are one group; a window reaches `_MARGIN` further, where all is as in the rCRS."""
_MARGIN = 24
_BAND = 6
_LONGEST = 1_500
"""A window longer than this, around a deletion of thousands of bases, keeps the notation it came in."""

_TRANSITION, _TRANSVERSION, _KNOWN_CHANGE = 10, 14, 6
_OPEN, _KNOWN_OPEN, _USUAL_OPEN, _EXTEND = 14, 8, 2, 4
_UNREAD, _MIXED, _OR_NONE = 1, 3, 3
_FOREIGN = 9
"""An inserted base unlike the one before it is no slip of a run, and costs this more; repeats of several bases may."""
_LONG_UNITS = frozenset({524, 8289})
_PURINES, _PYRIMIDINES = frozenset("AG"), frozenset("CT")

_USUAL = frozenset({60, 309, 310, 315, 524, 573, 8289, 16193})
"""Where repeats gain and lose units most: a gap that ends here costs least."""
_KNOWN_GAPS = frozenset(
    {42, 44, 55, 64, 65, 71, 106, 110, 191, 249, 291, 292, 356, 368, 455, 459, 463, 498, 595, 745, 960, 965, 1719,
     2156, 2232, 2395, 2405, 3172, 5752, 5899, 5903, 7471, 8276, 8278, 8279, 15944, 16166, 16169, 16179, 16257, 16259,
     16262, 16325}
)  # fmt: skip
_KNOWN_CHANGES = frozenset(
    {(57, "C"), (58, "C"), (310, "C"), (8270, "T"), (8271, "G"), (8271, "T"), (16179, "T"), (16182, "C"), (16183, "C"),
     (16183, "G"), (16186, "T"), (16187, "T"), (16188, "T"), (16189, "C"), (16192, "T"), (16193, "T"), (247, "A"),
     (513, "A"), (310, "G"), (1719, "A")}
)  # fmt: skip
_BEFORE = re.compile(r"([a-z])([A-Z])")


def aligned(places: Mapping[int, str], ranges: Sequence[Span]) -> dict[int, str]:
    """The places of the same sequence (see `notation.contents`) in its one notation.

    ``places`` hold only positions inside the ranges.
    """
    found = dict(places)
    for low, high in _windows(places, ranges):
        if high - low > _LONGEST:
            continue
        text = "".join(places.get(p, _own(p)) for p in range(low, high + 1))
        for p in range(low, high + 1):
            found.pop(p, None)
        found.update(placed(low, high, _mixtures_last(text)))
    return {p: found[p] for p in sorted(found)}


def _own(position: int) -> str:
    return "" if position == GAP_POSITION else rcrs()[position - 1]


def _windows(places: Mapping[int, str], ranges: Sequence[Span]) -> list[tuple[int, int]]:
    """Where more than one notation may say the same: around length changes, and around neighbouring substitutions."""
    found: list[tuple[int, int]] = []
    for r in ranges:
        inside = [p for p in sorted(places) if r.low <= p <= r.high and places[p] != "N"]
        groups: list[list[int]] = []
        for p in inside:
            if groups and p - groups[-1][-1] <= _NEAR:
                groups[-1].append(p)
            else:
                groups.append([p])
        for group in groups:
            if all(len(places[p]) == 1 and not places[p].islower() for p in group) and not _may_shift(places, group):
                continue
            low, high = max(r.low, group[0] - _MARGIN), min(r.high, group[-1] + _MARGIN)
            if found and low <= found[-1][1] and found[-1][0] >= r.low:
                found[-1] = (found[-1][0], high)
            else:
                found.append((low, high))
    return found


def _may_shift(places: Mapping[int, str], group: Sequence[int]) -> bool:
    """Whether neighbouring substitutions may be cheaper as an insertion and a deletion around what lies between."""
    for i, first in enumerate(group):
        for count, last in enumerate(group[i + 1 :], 2):
            text = "".join(places.get(p, _own(p)) for p in range(first, last + 1))
            for shift in (-2, -1, 1, 2):
                beside = rcrs()[first - 1 + shift : last + shift]
                unlike = sum(a != b for a, b in zip(text, beside, strict=False))
                if _TRANSVERSION * count > 2 * (_USUAL_OPEN + _EXTEND) + _KNOWN_CHANGE * unlike:
                    return True
    return False


def _mixtures_last(text: str) -> str:
    """Within a run of one base, the base that may be missing is said to be the last."""
    moved = text
    while (next_text := _BEFORE.sub(lambda m: m[2] + m[1] if m[1].upper() == m[2] else m[0], moved)) != moved:
        moved = next_text
    return moved


@cache
def _change(position: int, symbol: str) -> int:
    """What it costs to have this symbol at a position of the rCRS."""
    own = rcrs()[position - 1]
    if symbol == own:
        return 0
    if symbol == "N" or position == GAP_POSITION:
        return _UNREAD
    if len(symbol) and symbol.upper() != symbol:
        return _OR_NONE + _change(position, symbol.upper())
    options = bases(symbol)
    if len(options) > 1:
        return _MIXED + min(_change(position, b) for b in options if b != own) // 2
    if (position, symbol) in _KNOWN_CHANGES:
        return _KNOWN_CHANGE
    same_class = {own, symbol} <= _PURINES or {own, symbol} <= _PYRIMIDINES
    return _TRANSITION if same_class else _TRANSVERSION


@cache
def _open(position: int) -> int:
    """What it costs to begin a gap whose last position (or whose position before it) this is."""
    return _USUAL_OPEN if position in _USUAL else _KNOWN_OPEN if position in _KNOWN_GAPS else _OPEN


@lru_cache(65536)
def placed(low: int, high: int, text: str) -> dict[int, str]:
    """The cheapest alignment of a text to the positions low..high, as places; global, affine gaps, banded.

    Among equally cheap ones gaps stand as far right as they can. Callers must not change the answer.
    """
    steps = _traced(low, high, text)
    found: dict[int, str] = dict.fromkeys(range(low, high + 1), "")
    i, position = 0, low - 1
    for step in steps:
        if step != "I":
            position += 1
        if step != "D":
            at = max(position, low)
            found[at] += text[i]
            i += 1
    return {p: s for p, s in found.items() if s != _own(p)}


def _traced(low: int, high: int, text: str) -> list[str]:
    """The steps M, I, D of the cheapest alignment, by Gotoh's recursion from the left.

    A gap is paid for where it ends; walking back from the right, a gap is taken wherever it costs no more.
    """
    n, m = high - low + 1, len(text)
    infinite = 1 << 30
    first, last = min(0, m - n) - _BAND, max(0, m - n) + _BAND
    match = [[infinite] * (m + 1) for _ in range(n + 1)]  # the best of all that ends here
    deleted = [[infinite] * (m + 1) for _ in range(n + 1)]  # inside a deletion, not yet paid for opening
    inserted = [[infinite] * (m + 1) for _ in range(n + 1)]
    back = [[""] * (m + 1) for _ in range(n + 1)]
    match[0][0] = 0
    for i in range(n + 1):
        position = low + i - 1
        opening, own = _open(position), rcrs()[position - 1]
        is_gap, slips = position == GAP_POSITION, position in _LONG_UNITS
        here, into, out, came = match[i], inserted[i], deleted[i], back[i]
        above, gone = match[i - 1], deleted[i - 1]
        for j in range(max(0, i + first), min(m, i + last) + 1):
            best, step = (0, "") if i == j == 0 else (infinite, "M")
            if i and j:
                symbol = text[j - 1]
                best = above[j - 1] + (0 if symbol == own else _change(position, symbol))
            if i:
                out[j] = min(above[j], gone[j]) + (0 if is_gap else _EXTEND)
                paid = out[j] + (0 if is_gap else opening)
                if paid <= best:
                    best, step = paid, "D"
            if j:
                foreign = 0 if slips or text[j - 1].upper() == own else _FOREIGN
                into[j] = min(here[j - 1], into[j - 1]) + _EXTEND + foreign
                paid = into[j] + opening
                if paid < best or (paid == best and step != "D"):
                    best, step = paid, "I"
            here[j], came[j] = best, step
    return _walked(n, m, back, match, deleted, inserted)


def _walked(
    n: int, m: int, back: list[list[str]], match: list[list[int]], deleted: list[list[int]], inserted: list[list[int]]
) -> list[str]:
    steps: list[str] = []
    i, j = n, m
    while i or j:
        step = back[i][j]
        if step == "M":
            steps.append("M")
            i, j = i - 1, j - 1
            continue
        gap, before = (deleted, (1, 0)) if step == "D" else (inserted, (0, 1))
        while True:  # the whole gap; it ends leftmost where beginning it costs no more than going on
            steps.append(step)
            i, j = i - before[0], j - before[1]
            if match[i][j] <= gap[i][j]:
                break
    return steps[::-1]
