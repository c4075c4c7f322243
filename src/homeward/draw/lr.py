"""LR per term: bars to both sides of 0, and the running total; everything in log10."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import ceil, floor, inf, isfinite
from typing import Any

from homeward.draw.svg import Drawing, colour, document, element, shortened, text, text_width

__all__ = ["log10_text", "lr_bar_svg", "lr_bars_svg", "lr_range"]

_ROW, _BAR, _SIZE, _NUMBER = 20.0, 10.0, 12.0, 58.0
_FOR, _AGAINST = ("for", "#2166ac"), ("against", "#b35806")


def log10_text(value: float | None, decimals: int = 2) -> str:
    """A log10 LR as printed: a true minus sign, −∞ for impossible, an en dash for not computed; no −0."""
    if value is None:
        return "–"
    if value == -inf:
        return "−∞"
    if value == inf:
        return "∞"
    shown = f"{value:.{decimals}f}"
    return shown.lstrip("-") if float(shown) == 0 else shown.replace("-", "−")


def lr_range(values: Sequence[float]) -> tuple[float, float]:
    """Ends of an axis in log10 that holds 0 and all finite values, with room on both sides."""
    finite = [v for v in values if isfinite(v)]
    return min([-0.5, *finite]), max([0.5, *finite])


def lr_bar_svg(value: float, low: float, high: float, *, width: float = 150.0) -> Drawing:
    """One bar for a table cell, on an axis from ``low`` to ``high`` (log10) with a line at 0.

    Against H1 is hatched as well as coloured; an impossible term reaches the left end and bears a cross.
    """
    at = _Axis(low, high, 0.0, width)
    parts = [_zero(at(0), 0, 14), _bar(at, 0.0, value, 2.0)]
    return document(width, 14, parts, role="presentation")


def lr_bars_svg(
    terms: Sequence[tuple[str, float]],
    total: float | None = None,
    *,
    headings: Mapping[str, str] | None = None,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """Every term from where the terms before it left the running total to where it takes it.

    ``terms``: label and log10 LR, -inf = impossible under H1; ``headings``: words for ``term``, ``lr``,
    ``running``, ``total``, ``against`` and ``for``.
    """
    words = headings or {}
    running = list(accumulate(v for _, v in terms))
    left = (
        min(max([40.0, *(text_width(x, _SIZE) for x in (words.get("term", ""), *(t for t, _ in terms)))]), 160.0) + 12
    )
    at = _Axis(*lr_range(running), left, left + 260)
    top = 34.0
    bottom = top + _ROW * len(terms)
    right = left + 260 + 8
    parts = [text(0, top - 8, words.get("term", ""), anchor="start", fill_opacity=0.75)]
    parts.append(text(right + _NUMBER, top - 8, words.get("lr", ""), anchor="end", fill_opacity=0.75))
    parts.append(text(right + 2 * _NUMBER, top - 8, words.get("running", ""), anchor="end", fill_opacity=0.75))
    parts += _axis(at, top, bottom, words)
    before = 0.0
    for i, ((label, value), after) in enumerate(zip(terms, running, strict=True)):
        y = top + i * _ROW
        parts.append(text(0, y + 14, shortened(label, 160, _SIZE), anchor="start"))
        parts.append(_bar(at, before, value, y + (_ROW - _BAR) / 2))
        if i + 1 < len(terms) and isfinite(after):
            x = at(after)
            parts.append(
                element(
                    "path",
                    d=f"M{x:.1f} {y + 5:.1f}V{y + _ROW + 5:.1f}",
                    stroke="currentColor",
                    stroke_opacity=0.5,
                    stroke_width=1,
                    fill="none",
                )
            )
        parts.append(text(right + _NUMBER, y + 14, log10_text(value), anchor="end", **_TABULAR))
        parts.append(text(right + 2 * _NUMBER, y + 14, log10_text(after), anchor="end", **_TABULAR))
        before = after
    whole = total if total is not None else (running[-1] if running else 0.0)
    parts.append(_rule(0, bottom + 2, right + 2 * _NUMBER))
    parts.append(text(0, bottom + 18, words.get("total", ""), anchor="start", font_weight="600"))
    parts.append(text(right + 2 * _NUMBER, bottom + 18, log10_text(whole), anchor="end", font_weight="600", **_TABULAR))
    return document(right + 2 * _NUMBER + 2, bottom + 26, parts, title=title, desc=desc)


_TABULAR: dict[str, Any] = {"style": "font-variant-numeric:tabular-nums"}


class _Axis:
    """log10 to x."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        pad = (high - low) * 0.03
        self.low, self.high = low - pad, high + pad
        self.left, self.right = left, right

    def __call__(self, value: float) -> float:
        if not isfinite(value):
            return self.left if value < 0 else self.right
        share = (value - self.low) / (self.high - self.low)
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)


def _bar(at: _Axis, start: float, value: float, y: float) -> str:
    if not isfinite(start):
        return ""
    a, b = sorted((at(start), at(start + value)))
    name, fallback = _FOR if value >= 0 else _AGAINST
    parts = [element("rect", x=a, y=y, width=max(b - a, 0.8), height=_BAR, **colour(name, fallback))]
    if value < 0:
        parts += [
            element(
                "path", d=f"M{x:.1f} {y + _BAR:.1f}l4 -{_BAR:.1f}", stroke="#fff", stroke_width=1, stroke_opacity=0.6
            )
            for x in _steps(a + 1, b - 5, 6)
        ]
    if value == -inf:
        x = at(start) if abs(at(start) - at.left) < 1 else at.left + 6
        parts.append(
            element(
                "path",
                d=f"M{x - 4:.1f} {y + 1:.1f}l8 8m0 -8l-8 8",
                stroke="currentColor",
                stroke_width=1.6,
                fill="none",
            )
        )
    return "".join(parts)


def _axis(at: _Axis, top: float, bottom: float, words: Mapping[str, str]) -> list[str]:
    parts = [_zero(at(0), top - 4, bottom)]
    span = at.high - at.low
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 10**9) if span / s <= 6)
    for tick in range(ceil(at.low / step) * step, floor(at.high) + 1, step):
        parts.append(text(at(tick), top - 8, log10_text(float(tick), 0), size=11, fill_opacity=0.75, **_TABULAR))
        if tick:
            parts.append(
                element(
                    "path", d=f"M{at(tick):.1f} {top - 4:.1f}V{bottom:.1f}", stroke="currentColor", stroke_opacity=0.12
                )
            )
    if words.get("against") and words.get("for"):
        parts.append(text(at(0) - 6, 10, words["against"], size=11, anchor="end", fill_opacity=0.75))
        parts.append(text(at(0) + 6, 10, words["for"], size=11, anchor="start", fill_opacity=0.75))
    return parts


def _steps(low: float, high: float, step: float) -> list[float]:
    return [low + i * step for i in range(max(0, int((high - low) / step) + 1))] if high >= low else []


def _zero(x: float, top: float, bottom: float) -> str:
    return element("path", d=f"M{x:.1f} {top:.1f}V{bottom:.1f}", stroke="currentColor", stroke_opacity=0.55)


def _rule(left: float, y: float, right: float) -> str:
    return element("path", d=f"M{left:.1f} {y:.1f}H{right:.1f}", stroke="currentColor")
