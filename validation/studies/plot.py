"""The one plot the studies need: points, with a line they ought to lie on, as plain SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape

__all__ = ["Axis", "Mark", "scatter_svg"]

_WIDTH, _HEIGHT = 560.0, 400.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 72.0, 24.0, 48.0, 64.0
_COLOURS = ("#1f5fa8", "#b4551d", "#3c7a3c", "#7a4a8a", "#666666", "#9a7b00")


@dataclass(frozen=True)
class Axis:
    """A linear axis: what it measures, its ends, and the values marked on it with their labels."""

    title: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Mark:
    """A point, or an interval when ``low`` and ``high`` are given; ``series`` counts from 0."""

    x: float
    y: float
    series: int = 0
    low: float | None = None
    high: float | None = None


def scatter_svg(
    title: str,
    x: Axis,
    y: Axis,
    marks: Sequence[Mark],
    *,
    line: Sequence[tuple[float, float]] = (),
    key: Sequence[str] = (),
) -> str:
    """A drawing of ``marks``; ``line`` joins the given points; ``key`` names the series."""

    def across(v: float) -> float:
        return _LEFT + (v - x.low) / (x.high - x.low) * (_WIDTH - _LEFT - _RIGHT)

    def up(v: float) -> float:
        return _HEIGHT - _BOTTOM - (v - y.low) / (y.high - y.low) * (_HEIGHT - _TOP - _BOTTOM)

    parts = [_text(_LEFT, 24, title, size=14, anchor="start")]
    parts += [_line(_LEFT, up(v), _WIDTH - _RIGHT, up(v), "#dddddd") for v, _ in y.ticks]
    parts += [_text(_LEFT - 8, up(v) + 4, label, anchor="end") for v, label in y.ticks]
    parts += [_line(across(v), up(y.low), across(v), up(y.low) + 5, "#333333") for v, _ in x.ticks]
    parts += [_text(across(v), up(y.low) + 20, label) for v, label in x.ticks]
    parts += [_line(_LEFT, up(y.low), _WIDTH - _RIGHT, up(y.low), "#333333")]
    parts += [_text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 20, x.title)]
    parts += [_text(0, 0, y.title, turn=f"translate(16 {(_TOP + _HEIGHT - _BOTTOM) / 2:.1f}) rotate(-90)")]
    parts += [_line(across(a), up(b), across(c), up(d), "#333333") for (a, b), (c, d) in pairwise(line)]
    for m in marks:
        colour = _COLOURS[m.series % len(_COLOURS)]
        if m.low is not None and m.high is not None:
            parts.append(_line(across(m.x), up(m.low), across(m.x), up(m.high), colour))
        parts.append(f'<circle cx="{across(m.x):.1f}" cy="{up(m.y):.1f}" r="2.5" fill="{colour}"/>')
    for i, name in enumerate(key):
        parts.append(f'<circle cx="{_LEFT + 14:.1f}" cy="{_TOP + 14 + 16 * i:.1f}" r="3.5" fill="{_COLOURS[i]}"/>')
        parts.append(_text(_LEFT + 24, _TOP + 18 + 16 * i, name, anchor="start"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img"'
        f' font-family="sans-serif" fill="#222222"><title>{escape(title)}</title>'
        '<rect width="100%" height="100%" fill="#ffffff"/>' + "".join(parts) + "</svg>\n"
    )


def _line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"/>'


def _text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "middle", turn: str = "") -> str:
    place = f' transform="{turn}"' if turn else f' x="{x:.1f}" y="{y:.1f}"'
    return f'<text{place} font-size="{size}" text-anchor="{anchor}">{escape(words)}</text>'
