"""The relationship triangle: pairs of persons by κ₀ and κ₂, the chances to share no and two alleles by descent.

Thompson 1975 (*Ann Hum Genet* 39:173); the axes are those of forrel and pedtools.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import isfinite
from typing import Any

from homeward.draw.svg import Drawing, colour, document, element, number, shortened, text, text_width

__all__ = ["COMMON_RELATIONSHIPS", "triangle_svg"]

Kappa = tuple[float, float, float]
Box = tuple[float, float, float, float]

COMMON_RELATIONSHIPS: Mapping[str, Kappa] = {
    "MZ": (0.0, 0.0, 1.0),
    "PO": (0.0, 1.0, 0.0),
    "S": (0.25, 0.5, 0.25),
    "H,U,G": (0.5, 0.5, 0.0),
    "FC": (0.75, 0.25, 0.0),
    "SC": (0.9375, 0.0625, 0.0),
    "DFC": (0.5625, 0.375, 0.0625),
    "Q": (17 / 32, 14 / 32, 1 / 32),
    "UN": (1.0, 0.0, 0.0),
}
"""The field's codes with their κ: identical twins, parent–offspring, siblings; half siblings, uncle, grandparent;
first and second cousins, double first cousins, quadruple half first cousins, unrelated."""

_SIDE, _LEFT, _TOP = 320.0, 46.0, 22.0
_SIZE, _SMALL = 12.0, 11.0
_WIDEST = 180.0


def triangle_svg(
    points: Sequence[tuple[str, Kappa]] = (),
    *,
    declared: Mapping[int, Kappa] | None = None,
    relationships: Mapping[str, Kappa] | None = None,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """Pairs of persons in the triangle κ₀ + κ₂ ≤ 1, with the common relationships marked.

    ``points``: label and (κ₀, κ₁, κ₂) of each pair. ``declared``: index of a point → κ of what the record says,
    from where an arrow leads to the point. ``relationships``: word → κ of what is marked, `COMMON_RELATIONSHIPS` if
    None. The grey region holds no relationship without inbreeding (4κ₀κ₂ > κ₁²). Raises ValueError for a κ
    that is not three probabilities with sum 1.
    """
    marked = COMMON_RELATIONSHIPS if relationships is None else relationships
    arrows = {i: k for i, k in (declared or {}).items() if i in range(len(points))}
    for kappa in (*(k for _, k in points), *marked.values(), *arrows.values()):
        _require(kappa)
    taken: list[Box] = [(0.0, _TOP + _SIDE - 2, 1e9, 1e9), (0.0, 0.0, _LEFT + 2, 1e9)]  # the axes' own words
    taken += [_box(*_at(k), 4) for k in marked.values()] + [_box(*_at(k), 5) for _, k in points]
    for i, kappa in arrows.items():
        (x, y), (x2, y2) = _at(kappa), _at(points[i][1])
        taken += [_box(x + (x2 - x) * s / 12, y + (y2 - y) * s / 12, 3) for s in range(13)]
    # the pairs choose their places first, and are drawn last
    pairs = [_point(label, kappa, i in arrows, taken) for i, (label, kappa) in enumerate(points)]
    crosses = [_relationship(word, kappa, taken) for word, kappa in marked.items()]
    drawn = [_arrow(_at(kappa), _at(points[i][1])) for i, kappa in arrows.items()]
    parts = [*_frame(), *_axes(), *crosses, *drawn, *pairs]
    width = max([_LEFT + _SIDE + 30, *(box[2] for box in taken if box[2] < 1e9)]) + 4
    return document(width, _TOP + _SIDE + 40, parts, title=title, desc=desc)


def _require(kappa: Kappa) -> None:
    if len(kappa) != 3 or not all(isfinite(k) and -1e-6 <= k <= 1 + 1e-6 for k in kappa) or abs(sum(kappa) - 1) > 1e-4:
        raise ValueError(f"kappa {kappa} is not three probabilities that sum to 1")


def _at(kappa: Kappa) -> tuple[float, float]:
    return _LEFT + _SIDE * kappa[0], _TOP + _SIDE * (1 - kappa[2])


def _frame() -> list[str]:
    """The triangle, and in it the region beyond √κ₀ + √κ₂ = 1."""
    curve = [_at((t * t, 0.0, (1 - t) * (1 - t))) for t in (i / 24 for i in range(25))]
    corners = [_at(k) for k in ((0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0))]
    return [
        element("path", d=_path(curve) + "Z", fill="currentColor", fill_opacity=0.1),
        element("path", d=_path(corners) + "Z", fill="none", stroke="currentColor", stroke_width=1.2),
    ]


def _axes() -> list[str]:
    parts = []
    tabular: dict[str, Any] = {"style": "font-variant-numeric:tabular-nums", "fill_opacity": 0.75, "size": _SMALL}
    bottom = _TOP + _SIDE
    for quarter in range(5):
        x, y, words = _LEFT + _SIDE * quarter / 4, bottom - _SIDE * quarter / 4, f"{quarter / 4:g}"
        ticks = f"M{number(x)} {number(bottom)}v4M{number(_LEFT)} {number(y)}h-4"
        parts.append(element("path", d=ticks, stroke="currentColor", stroke_width=1))
        parts.append(text(x, bottom + 17, words, **tabular))
        parts.append(text(_LEFT - 8, y + 4, words, anchor="end", **tabular))
    parts.append(text(_LEFT + _SIDE / 2, bottom + 34, "κ₀", size=_SIZE))
    parts.append(text(9, _TOP + _SIDE / 2 + 4, "κ₂", size=_SIZE))
    return parts


def _relationship(word: str, kappa: Kappa, taken: list[Box]) -> str:
    x, y = _at(kappa)
    mark = element(
        "path",
        d=f"M{number(x - 3.5)} {number(y)}h7M{number(x)} {number(y - 3.5)}v7",
        stroke="currentColor",
        stroke_width=1.4,
    )
    return mark + _label(word, x, y, _SMALL, taken, spare=True, fill_opacity=0.75)


def _point(label: str, kappa: Kappa, moved: bool, taken: list[Box]) -> str:
    """A disc; a square where the record says otherwise."""
    x, y = _at(kappa)
    look: dict[str, Any] = {"stroke": "currentColor", "stroke_width": 1, "fill_opacity": 0.8}
    if moved:
        shape = element("rect", x=x - 4, y=y - 4, width=8, height=8, **look, **colour("against", "#b35806"))
    else:
        shape = element("circle", cx=x, cy=y, r=4.2, **look, **colour("for", "#2166ac"))
    said = f"{label} κ = ({', '.join(f'{k:.3f}' for k in kappa)})"
    return element("g", element("title", escape(said)) + shape + _label(label, x, y, _SIZE, taken))


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """From the declared relationship to where the genotypes lie; short of the point itself."""
    (x, y), (x2, y2) = start, end
    length = _length((start, end))
    if length < 16:
        return ""
    u, v = (x2 - x) / length, (y2 - y) / length
    x, y, x2, y2 = x + 5 * u, y + 5 * v, x2 - 7 * u, y2 - 7 * v
    barbs = "".join(
        f"M{number(x2)} {number(y2)}L{number(x2 - 7 * u + s * 3.5 * v)} {number(y2 - 7 * v - s * 3.5 * u)}"
        for s in (1, -1)
    )
    line = element("path", d=_path([(x, y), (x2, y2)]), stroke_dasharray="4 3")
    return element("g", line + element("path", d=barbs), fill="none", stroke="currentColor", stroke_width=1.1)


def _label(words: str, x: float, y: float, size: float, taken: list[Box], *, spare: bool = False, **look: Any) -> str:
    """Beside its point where there is room: right, above, left, aslant, then farther away with a line to it.

    Without any room a ``spare`` one is left out.
    """
    shown = shortened(words, _WIDEST, size)
    width = text_width(shown, size)
    ways = [(far, dx, dy) for far in (0, 14, 28, 44, 62, 84, 110) for dx, dy in _SIDES]
    found = next((f for f in (_try(x, y, width, size, *way) for way in ways) if _free(f, x, y, taken)), None)
    if not words or (spare and found is None):
        return ""
    box, foot = found or _try(x, y, width, size, 0, 1, 0)
    taken.append(box)
    line = [(x, y), foot]
    lead = element("path", d=_path(line), stroke="currentColor", stroke_opacity=0.4) if _length(line) > 16 else ""
    return lead + text(box[0], box[3] - size * 0.25, shown, size=size, anchor="start", **look)


_SIDES = ((1, 0), (0, -1), (-1, 0), (1, -1), (-1, -1), (1, 1), (-1, 1))


def _try(
    x: float, y: float, width: float, size: float, far: float, dx: int, dy: int
) -> tuple[Box, tuple[float, float]]:
    """The box of a label on one side of its point, and where a line to it ends."""
    left = x + dx * (8 + far) - (0 if dx > 0 else width if dx < 0 else width / 2)
    base = y + dy * ((9 if dx == 0 else 10) + far * 0.7) + (0 if dx == 0 else 4)
    box = (left, base - size * 0.85, left + width, base + size * 0.25)
    foot = (left - 2 if dx > 0 else left + width + 2, base - 4) if dx else (x, box[3] if dy < 0 else box[1])
    return box, foot


def _free(found: tuple[Box, tuple[float, float]], x: float, y: float, taken: Sequence[Box]) -> bool:
    box, (x2, y2) = found
    if box[0] < 0 or box[1] < 0 or any(_meet(box, other) for other in taken):
        return False
    steps = [(x + (x2 - x) * s / 10, y + (y2 - y) * s / 10) for s in range(1, 11)]
    on = [_box(a, b, 1) for a, b in steps if _length([(x, y), (a, b)]) > 7]
    return not any(_meet(spot, other) for spot in on for other in taken)


def _length(line: Sequence[tuple[float, float]]) -> float:
    (x, y), (x2, y2) = line
    return float(((x2 - x) ** 2 + (y2 - y) ** 2) ** 0.5)


def _box(x: float, y: float, r: float) -> Box:
    return x - r, y - r, x + r, y + r


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
