"""Lines of a pedigree as SVG paths; where two of different families cross, the upright one hops over the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from homeward.draw.svg import element, number

__all__ = ["Line", "Point", "paths"]

Point = tuple[float, float]
Line = tuple[int, Sequence[Point]]
"""Whose line it is, and its corners."""

_HOP = 4.0


def paths(lines: Iterable[Line]) -> list[str]:
    """One path a line, in the order given."""
    every = list(lines)
    level = [(of, y, min(x, x2), max(x, x2)) for of, line in every for (x, y), (x2, y2) in pairwise(line) if y == y2]
    return [element("path", d=_path(of, line, level)) for of, line in every]


def _path(of: int, line: Sequence[Point], level: Sequence[tuple[int, float, float, float]]) -> str:
    found = f"M{number(line[0][0])} {number(line[0][1])}"
    for (x, y), (x2, y2) in pairwise(line):
        if x == x2:
            top, bottom = sorted((y, y2))
            crossed = {h for key, h, low, high in level if key != of and low < x < high and top < h < bottom}
            hops = _hops(sorted(crossed))
            for first, last in hops if y < y2 else [(b, a) for a, b in reversed(hops)]:
                # drawn downwards the bow lies to the right, upwards it must not change sides
                sweep = int(y < y2)
                found += f"L{number(x)} {number(first)}A{number(_HOP)} {number(abs(last - first) / 2)} 0 0 {sweep}"
                found += f" {number(x)} {number(last)}"
        found += f"L{number(x2)} {number(y2)}"
    return found


def _hops(heights: Sequence[float]) -> list[tuple[float, float]]:
    """Top and bottom of each bow; lines close together are passed in one."""
    found: list[tuple[float, float]] = []
    for h in heights:
        if found and h - _HOP <= found[-1][1]:
            found[-1] = (found[-1][0], h + _HOP)
        else:
            found.append((h - _HOP, h + _HOP))
    return found
