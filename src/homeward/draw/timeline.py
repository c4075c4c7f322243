"""Who held something when: a lane for each holder, time from left to right, and where nothing is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from homeward.draw.svg import Drawing, colour, document, element, number, shortened, text, text_width

__all__ = ["Handover", "Stay", "timeline_svg"]

_WIDTH, _EDGE, _LANE, _TOP, _SIZE, _SMALL = 360.0, 14.0, 44.0, 12.0, 12.0, 11.0
_BAR = 8.0
_NEAR = 17.0  # pixels between two marks that can both be read
Look = Literal["held", "gap"]


@dataclass(frozen=True, slots=True)
class Stay:
    """Held in a lane from one day to another; ``sure`` false: how it left is not told."""

    lane: int
    start: float
    end: float
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Handover:
    """On a day from one lane to another, with the number under which it is told beside the drawing.

    ``known`` false: how it came to the giver is not told.
    """

    at: float
    giver: int
    receiver: int
    label: str
    known: bool = True


def timeline_svg(
    lanes: Sequence[str],
    stays: Sequence[Stay],
    handovers: Sequence[Handover],
    ticks: Sequence[tuple[float, str]],
    *,
    key: Mapping[Look, str] | None = None,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """Stays and handovers on a common axis of days; ``ticks``: the days that are written below, with their words.

    A stay is a bar, an unsure one is hollow and broken; a handover is a numbered disc on a line between two lanes.
    """
    days = [*(t for s in stays for t in (s.start, s.end)), *(h.at for h in handovers), *(t for t, _ in ticks)]
    first, last = min(days, default=0.0), max(days, default=1.0)
    span = max(last - first, 1.0)

    def x(day: float) -> float:
        return _EDGE + (_WIDTH - 2 * _EDGE) * (day - first) / span

    def y(lane: int) -> float:
        return _TOP + _LANE * lane + 28

    bottom = _TOP + _LANE * len(lanes)
    parts: list[str] = []
    for k in range(len(lanes)):
        line = f"M2 {number(y(k))}H{number(_WIDTH - 2)}"
        parts.append(element("path", d=line, stroke="currentColor", stroke_opacity=0.15, stroke_width=1))
    parts += [_stay(x(s.start), x(s.end), y(s.lane), s.sure) for s in stays]
    parts += _handovers(handovers, x, y)
    halo: dict[str, Any] = {"stroke": "#fff", "style": "stroke:var(--hw-sheet,#fff)", "stroke_width": "4"}
    halo |= {"stroke_linejoin": "round", "paint_order": "stroke"}
    for k, name in enumerate(lanes):
        parts.append(text(2, y(k) - 15, shortened(name, _WIDTH - 4, _SIZE), size=_SIZE, anchor="start", **halo))
    parts += _axis(ticks, x, bottom + 6)
    keyed, bottom = _key(key or {}, bottom + 36)
    return document(_WIDTH, bottom, parts + keyed, title=title, desc=desc)


def _stay(start: float, end: float, y: float, sure: bool) -> str:
    box: dict[str, Any] = {"x": start, "y": y - _BAR / 2, "width": max(end - start, 6.0), "height": _BAR}
    if sure:
        return element("rect", **box, fill_opacity="0.7", **colour("accent", "#1f5f8b"))
    broken: dict[str, Any] = {"stroke_width": 1.2, "stroke_dasharray": "3 3"}
    return element("rect", **box, fill="none", **broken, **colour("against", "#b35806", "stroke"))


def _handovers(handovers: Sequence[Handover], x: Any, y: Any) -> list[str]:
    """Lines and discs; discs that would lie on each other stand beside each other."""
    parts, marks = [], []
    taken: dict[int, float] = {}
    for h in handovers:
        at = x(h.at)
        if h.giver != h.receiver:
            line = f"M{number(at)} {number(y(h.giver))}V{number(y(h.receiver))}"
            dashed = {} if h.known else {"stroke_dasharray": "3 3"}
            parts.append(element("path", d=line, stroke="currentColor", stroke_width=1.4, **dashed))
        if not h.known:
            ring: dict[str, Any] = {"fill": "none", "stroke_width": 1.6}
            parts.append(element("circle", cx=at, cy=y(h.giver), r=4, **ring, **colour("against", "#b35806", "stroke")))
        place = min(max(at, taken.get(h.receiver, -1e9) + _NEAR), _WIDTH - 9)
        taken[h.receiver] = place
        disc = element("circle", cx=place, cy=y(h.receiver), r=8, fill="currentColor")
        paper = {"style": "fill:var(--hw-sheet,#fff)"}
        words = text(place, y(h.receiver) + 4, h.label, size=_SMALL, font_weight="600", **paper)
        marks.append(disc + words.replace('fill="currentColor"', 'fill="#fff"'))
    return parts + marks


def _axis(ticks: Sequence[tuple[float, str]], x: Any, y: float) -> list[str]:
    """Days in words, those that have room."""
    line = f"M2 {number(y)}H{number(_WIDTH - 2)}"
    parts = [element("path", d=line, stroke="currentColor", stroke_opacity=0.45, stroke_width=1)]
    free = -1e9
    last = _WIDTH - text_width(ticks[-1][1], _SMALL) - 8 if len(ticks) > 1 else 1e9
    for k, (day, words) in enumerate(ticks):
        at, wide = x(day), text_width(words, _SMALL)
        left = min(max(at - wide / 2, 2.0), _WIDTH - wide - 2)
        parts.append(element("path", d=f"M{number(at)} {number(y)}v4", stroke="currentColor", stroke_opacity=0.45))
        if left < free or (k < len(ticks) - 1 and left + wide > last):
            continue
        free = left + wide + 8
        tabular = {"style": "font-variant-numeric:tabular-nums"}
        parts.append(text(left, y + 17, words, size=_SMALL, anchor="start", fill_opacity=0.75, **tabular))
    return parts


def _key(told: Mapping[Look, str], top: float) -> tuple[list[str], float]:
    parts = []
    for n, (look, words) in enumerate(told.items()):
        y = top + 20 * n
        parts.append(_stay(2, 28, y, look == "held"))
        parts.append(text(36, y + 4, words, size=_SMALL, anchor="start"))
    return parts, top + 20 * len(told) - 4
