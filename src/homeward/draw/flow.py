"""Where everything goes: things on the left through things in the middle to things on the right, by probability.

Ribbons are as wide as they are probable; what a ribbon's look means stands in the key beside it, and every ribbon
has its figure in words. The caller brings the probabilities, the order and every label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from homeward.draw.svg import Drawing, colour, document, element, number, shortened, text, text_width

__all__ = ["FlowLink", "FlowNode", "Standing", "flow_svg"]

Standing = Literal["settled", "shared", "open", "outside"]
"""How a ribbon looks: settled = full; shared (a group shares several ends) = full with a seam; open = outlined;
outside (nobody in particular) = grey."""

_SLOT, _THICK, _GAP, _SIZE, _SMALL = 18.0, 12.0, 10.0, 12.0, 11.0
_NODE, _SPACE, _LABEL, _TOP = 8.0, 150.0, 240.0, 30.0
_KEY_ROW, _KEY_SAMPLE = 20.0, 26.0
_PAPER = "stroke:var(--hw-sheet,#fff)"


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A thing with its label; ``last``: it stands below all others of its column."""

    label: str
    last: bool = False


@dataclass(frozen=True, slots=True)
class FlowLink:
    """A ribbon from one index of a column to one of the next: its probability, its look, the figure written on it."""

    start: int
    end: int
    weight: float
    standing: Standing = "settled"
    figure: str = ""


def flow_svg(
    columns: tuple[Sequence[FlowNode], Sequence[FlowNode], Sequence[FlowNode]],
    links: tuple[Sequence[FlowLink], Sequence[FlowLink]],
    *,
    headings: tuple[str, str, str] = ("", "", ""),
    key: Mapping[Standing, str] | None = None,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """Three columns and the ribbons between them. The middle stands in the order given, each level with what comes
    to it; the right is ordered so that ribbons cross little. ``key``: what each look means, in words.
    """
    left, middle, right = columns
    into, out = links
    middle_y, left_y, bottom = _left_and_middle(left, middle, into, out)
    right_y, right_bottom = _right(right, out, middle_y)
    bottom = max(bottom, right_bottom)
    x1 = min(max([40.0, text_width(headings[0], _SMALL), *(text_width(n.label, _SIZE) for n in left)]), _LABEL) + 8
    wide = min(max([text_width(headings[1], _SMALL), *(text_width(n.label, _SIZE) for n in middle)]), _LABEL)
    x2 = x1 + _NODE + (112.0 if any(k.figure for k in into) else 72.0)
    x3 = x2 + _NODE + max(_SPACE, wide + 84)
    width = x3 + _NODE + 8 + _widest(right, headings[2])
    parts = [
        text(x1 + _NODE, 14, headings[0], size=_SMALL, anchor="end", fill_opacity=0.75),
        text(x2, 14, headings[1], size=_SMALL, anchor="start", fill_opacity=0.75),
        text(x3, 14, headings[2], size=_SMALL, anchor="start", fill_opacity=0.75),
    ]
    parts += _ribbons(into, left_y, middle_y, x1 + _NODE, x2)
    parts += _ribbons(out, middle_y, right_y, x2 + _NODE, x3)
    parts += [_node(x1, *left_y[i]) + _label(x1 - 6, left_y[i], n, "end") for i, n in enumerate(left)]
    parts += [_node(x2, *middle_y[i]) + _label(x2 + _NODE + 6, middle_y[i], n, "start") for i, n in enumerate(middle)]
    parts += [_node(x3, *right_y[i]) + _label(x3 + _NODE + 6, right_y[i], n, "start") for i, n in enumerate(right)]
    keyed, bottom, key_width = _key(key or {}, bottom + _GAP)
    return document(max(width, key_width) + 2, bottom, parts + keyed, title=title, desc=desc)


def _widest(nodes: Sequence[FlowNode], heading: str) -> float:
    return min(max([60.0, text_width(heading, _SMALL), *(text_width(n.label, _SIZE) for n in nodes)]), _LABEL)


Span = tuple[float, float]


def _left_and_middle(
    left: Sequence[FlowNode], middle: Sequence[FlowNode], into: Sequence[FlowLink], out: Sequence[FlowLink]
) -> tuple[list[Span], list[Span], float]:
    """Top and bottom of every node of the first two columns, and how far down they reach."""
    y = _TOP
    middle_y: list[Span] = []
    left_y: list[Span] = [(_TOP, _TOP)] * len(left)
    for j in range(len(middle)):
        coming = [k.start for k in into if k.end == j]
        tall = _SLOT * max(1, len(coming), sum(k.start == j for k in out))
        middle_y.append((y, y + tall))
        for n, i in enumerate(coming):
            slot = tall / len(coming)
            left_y[i] = (y + n * slot + slot / 2 - _SLOT / 2, y + n * slot + slot / 2 + _SLOT / 2)
        y += tall + _GAP
    return middle_y, left_y, y


def _right(nodes: Sequence[FlowNode], out: Sequence[FlowLink], middle_y: Sequence[Span]) -> tuple[list[Span], float]:
    """Top and bottom of the third column, near what comes to each, and how far down it reaches."""

    def pull(i: int) -> float:
        coming = [k for k in out if k.end == i]
        whole = sum(k.weight for k in coming)
        if not whole:
            return 0.0
        return sum(k.weight * (middle_y[k.start][0] + middle_y[k.start][1]) / 2 for k in coming) / whole

    tall = [_SLOT * max(1, sum(k.end == i for k in out)) for i in range(len(nodes))]
    order = sorted(range(len(nodes)), key=lambda i: (nodes[i].last, 0.0 if nodes[i].last else pull(i), i))
    spans: list[Span] = [(0.0, 0.0)] * len(nodes)
    y = _TOP
    for i in order:
        top = y if nodes[i].last else max(y, pull(i) - tall[i] / 2)
        spans[i] = (top, top + tall[i])
        y = top + tall[i] + _GAP
    return spans, y


def _ribbons(links: Sequence[FlowLink], starts: Sequence[Span], ends: Sequence[Span], a: float, b: float) -> list[str]:
    """Ribbons in their slots; the figure stands where the ribbon arrives."""
    ribbons, figures = [], []
    leaving = _slots(links, starts, [k.start for k in links], [k.end for k in links], ends)
    coming = _slots(links, ends, [k.end for k in links], [k.start for k in links], starts)
    for k, y0, y1 in zip(links, leaving, coming, strict=True):
        ribbons.append(_ribbon(a, y0, b, y1, k))
        if k.figure:
            figures.append(_figure(b - 6, y1 + 4, k))
    return ribbons + figures


def _slots(
    links: Sequence[FlowLink],
    own: Sequence[Span],
    at: Sequence[int],
    other: Sequence[int],
    others: Sequence[Span],
) -> list[float]:
    """The middle of each ribbon's slot at one of its nodes, in the order of where the ribbons come from or go to."""
    found = [0.0] * len(links)
    for node in dict.fromkeys(at):
        here = sorted((k for k in range(len(links)) if at[k] == node), key=lambda k: (others[other[k]][0], k))
        top, bottom = own[node]
        for n, k in enumerate(here):
            found[k] = top + (bottom - top) * (n + 0.5) / len(here)
    return found


def _ribbon(x0: float, y0: float, x1: float, y1: float, link: FlowLink) -> str:
    half = max(1.0, _THICK * min(max(link.weight, 0.0), 1.0)) / 2
    bend = (x0 + x1) / 2

    def curve(up: float) -> str:
        at = f"{number(bend)} {number(y0 + up)} {number(bend)} {number(y1 + up)}"
        return f"{number(x0)} {number(y0 + up)}C{at} {number(x1)} {number(y1 + up)}"

    def back(down: float) -> str:
        at = f"{number(bend)} {number(y1 + down)} {number(bend)} {number(y0 + down)}"
        return f"L{number(x1)} {number(y1 + down)}C{at} {number(x0)} {number(y0 + down)}Z"

    shape = f"M{curve(-half)}{back(half)}"
    if link.standing == "outside":
        return element("path", d=shape, fill="currentColor", fill_opacity="0.18")
    if link.standing == "open":
        fill = colour("accent", "#1f5f8b")
        edge = {"stroke": "currentColor", "stroke_opacity": "0.55", "stroke_width": "0.8", "stroke_dasharray": "3 2"}
        return element("path", d=shape, fill_opacity="0.1", **fill, **edge)
    drawn = element("path", d=shape, fill_opacity="0.6", **colour("accent", "#1f5f8b"))
    if link.standing == "shared":
        seam = {"fill": "none", "stroke": "#fff", "style": _PAPER, "stroke_width": "1.4", "stroke_dasharray": "6 3"}
        drawn += element("path", d=f"M{curve(0.0)}", **seam)
    return drawn


def _figure(x: float, y: float, link: FlowLink) -> str:
    """The figure, on a halo of paper so that it can be read on a ribbon."""
    halo = {"stroke_width": "4", "stroke_linejoin": "round", "paint_order": "stroke"}
    tabular = "font-variant-numeric:tabular-nums"
    paper = f"{_PAPER};{tabular}"
    weight = {"font_weight": "600"} if link.standing in ("settled", "shared") else {}
    return text(x, y, link.figure, size=_SMALL, anchor="end", stroke="#fff", style=paper, **halo, **weight)


def _node(x: float, top: float, bottom: float) -> str:
    tall = bottom - top - 4
    return element("rect", x=x, y=top + 2, width=_NODE, height=tall, fill="currentColor", fill_opacity="0.75")


def _label(x: float, span: Span, node: FlowNode, anchor: str) -> str:
    y = (span[0] + span[1]) / 2 + 4
    halo = {"stroke_width": "4", "stroke_linejoin": "round", "paint_order": "stroke"}
    shown = shortened(node.label, _LABEL, _SIZE)
    return text(x, y, shown, size=_SIZE, anchor=anchor, stroke="#fff", style=_PAPER, **halo)


def _key(key: Mapping[Standing, str], top: float) -> tuple[list[str], float, float]:
    """A sample of each look with its meaning; where the drawing ends, and how wide the key is."""
    parts: list[str] = []
    widest = 0.0
    for n, (standing, words) in enumerate(key.items()):
        y = top + n * _KEY_ROW + _KEY_ROW / 2
        parts.append(_ribbon(2, y, 2 + _KEY_SAMPLE, y, FlowLink(0, 0, 0.8, standing)))
        parts.append(text(2 + _KEY_SAMPLE + 8, y + 4, words, size=_SMALL, anchor="start"))
        widest = max(widest, _KEY_SAMPLE + 12 + text_width(words, _SMALL))
    return parts, top + _KEY_ROW * len(key) + 2, widest
