"""The revised Cambridge Reference Sequence (Andrews et al. 1999, NC_012920): 16,569 positions, 3107 holds no base."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from homeward.case import Span

__all__ = ["GAP_POSITION", "LENGTH", "WHOLE", "covers", "intersection", "merged", "rcrs"]

LENGTH = 16_569
GAP_POSITION = 3107
"""Kept so that all positions keep their old numbers; nobody has a base here."""
WHOLE = (Span(1, LENGTH),)


@cache
def rcrs() -> str:
    """The reference, position 1 first; the letter of position 3107 is N."""
    path = files("homeward.genetics") / "data" / "mtdna" / "rcrs.txt"
    return "".join(path.read_text(encoding="ascii").split())


def merged(ranges: Iterable[Span]) -> tuple[Span, ...]:
    """Ranges in order, overlapping and adjoining ones made one; a range that wraps the origin becomes two.

    Raises ValueError for a position outside 1..16569.
    """
    plain: list[tuple[int, int]] = []
    for r in ranges:
        if not (1 <= r.low <= LENGTH and 1 <= r.high <= LENGTH):
            raise ValueError(f"{r} is no range of 1..{LENGTH}")
        plain += [(r.low, r.high)] if r.low <= r.high else [(r.low, LENGTH), (1, r.high)]
    found: list[Span] = []
    for low, high in sorted(plain):
        if found and low <= found[-1].high + 1:
            found[-1] = Span(found[-1].low, max(high, found[-1].high))
        else:
            found.append(Span(low, high))
    return tuple(found)


def intersection(first: Iterable[Span], second: Iterable[Span]) -> tuple[Span, ...]:
    """The positions that both of two lists of ranges hold."""
    others = tuple(second)
    return merged(
        Span(max(a.low, b.low), min(a.high, b.high))
        for a in first
        for b in others
        if max(a.low, b.low) <= min(a.high, b.high)
    )


def covers(ranges: Iterable[Span], low: int, high: int | None = None) -> bool:
    """Whether one of the ranges holds every position from low to high."""
    return any(r.low <= low and (low if high is None else high) <= r.high for r in ranges)
