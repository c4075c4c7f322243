"""Everybody against everybody: log10 LR as printed figures on a scale that diverges around 0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any, Literal

from homeward.draw.lr import log10_text
from homeward.draw.svg import Drawing, colour, document, element, shortened, text, text_width

__all__ = ["Mark", "matrix_svg"]

Mark = Literal["best", "sex"]
_CELL_W, _CELL_H, _SIZE = 44.0, 22.0, 11.0
_FULL = 6.0  # log10 at which the colour is strongest
_STRONGEST = 0.55  # so that ink on it stays legible on light and on dark paper


def matrix_svg(
    rows: Sequence[str],
    cols: Sequence[str],
    values: Mapping[tuple[int, int], float | None],
    marks: Mapping[tuple[int, int], Mark] | None = None,
    *,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """Rows × columns of log10 LR; (row, column) indices that ``values`` lacks, or None, were not compared.

    Blue = for, orange = against (and the sign says so), × = impossible, · = not compared. ``marks``: ``best`` is
    framed, ``sex`` (a contradiction of sex) has a notched corner.
    """
    marks = marks or {}
    left = min(max([30.0, *(text_width(r, _SIZE) for r in rows)]), 150.0) + 10
    tall = min(max([20.0, *(text_width(c, _SIZE) for c in cols)]), 150.0)
    slanted = tall > _CELL_W - 6
    top = (tall * 0.72 + 14) if slanted else 20.0
    # slanted heads lean beyond the last column
    width = left + _CELL_W * len(cols) + (tall * 0.72 if slanted else 0) + 2
    parts = [_head(left + _CELL_W * (j + 0.5), top - 6, c, slanted) for j, c in enumerate(cols)]
    framed = []
    for i, row in enumerate(rows):
        y = top + _CELL_H * i
        parts.append(text(left - 8, y + 15, shortened(row, 150, _SIZE), size=_SIZE, anchor="end"))
        for j in range(len(cols)):
            x = left + _CELL_W * j
            parts.append(_cell(x, y, values.get((i, j)), marks.get((i, j))))
            if marks.get((i, j)) == "best":
                framed.append(_frame(x, y))
    return document(width, top + _CELL_H * len(rows) + 2, parts + framed, title=title, desc=desc)


def _head(x: float, y: float, words: str, slanted: bool) -> str:
    shown = shortened(words, 150, _SIZE)
    if not slanted:
        return text(x, y, shown, size=_SIZE)
    return text(x, y, shown, size=_SIZE, anchor="start", transform=f"rotate(-45 {x:.1f} {y:.1f})")


def _cell(x: float, y: float, value: float | None, mark: Mark | None) -> str:
    grid: dict[str, Any] = {"stroke": "currentColor", "stroke_opacity": 0.15, "stroke_width": 0.5}
    box: dict[str, Any] = {"x": x, "y": y, "width": _CELL_W, "height": _CELL_H}
    words = "·" if value is None else "×" if value == -inf else log10_text(value, int(abs(value) < 9.95))
    shade = 0.0 if value is None or not isfinite(value) else _STRONGEST * min(abs(value), _FULL) / _FULL
    name, fallback = ("for", "#2166ac") if value is not None and value >= 0 else ("against", "#b35806")
    parts = [element("rect", **box, fill_opacity=f"{shade:.2f}", **grid, **colour(name, fallback))]
    if mark == "sex":
        parts.append(element("path", d=f"M{x + _CELL_W - 8:.1f} {y:.1f}h8v8z", fill="currentColor", fill_opacity=0.7))
    faint: dict[str, Any] = {"fill_opacity": 0.55} if value is None or value == -inf else {}
    tabular: dict[str, Any] = {"style": "font-variant-numeric:tabular-nums"}
    parts.append(text(x + _CELL_W - 10, y + 15, words, size=_SIZE, anchor="end", **faint, **tabular))
    return "".join(parts)


def _frame(x: float, y: float) -> str:
    return element(
        "rect",
        x=x + 1,
        y=y + 1,
        width=_CELL_W - 2,
        height=_CELL_H - 2,
        fill="none",
        stroke="currentColor",
        stroke_width=2,
    )
