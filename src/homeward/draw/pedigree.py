"""A pedigree as a drawing, in the symbols of genetics (Bennett et al. 2008, *J Genet Couns* 17:424).

Square = male, circle = female, diamond = sex not known; a grey filling = typed; a bold dashed outline with a
question mark = missing; a slash = deceased; a double line = mates related by blood; lines from one point
joined by a bar = identical twins; a second outline = highlighted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from homeward.draw.levels import Mating, Sketch, sketch
from homeward.draw.order import order
from homeward.draw.place import place
from homeward.draw.svg import document, element, number, shortened, text, text_width
from homeward.draw.symbols import halo, symbol
from homeward.pedigree import Pedigree, ancestors

__all__ = ["pedigree_svg"]

_R = 13.0  # half a symbol
_LABEL, _UNDER, _LINE = 12.0, 11.0, 14.0
_WIDEST = 132.0
_TRACK = 8.0
_MARGIN = 12.0
_MATES = 2 * _R + 26

Point = tuple[float, float]


@dataclass(frozen=True)
class _Look:
    """What the caller says of the persons, and how wide their words are."""

    typed: Collection[str]
    missing: Collection[str]
    deceased: Collection[str]
    highlight: Collection[str]
    label: Mapping[str, str]
    under: Mapping[str, Sequence[str]]

    def words(self, person: str) -> list[tuple[str, float]]:
        lines = [(self.label[person], _LABEL)] if self.label[person] else []
        return lines + [(line, _UNDER) for line in self.under.get(person, ())]

    def half_width(self, person: str) -> float:
        widths = [min(text_width(line, size), _WIDEST) for line, size in self.words(person)]
        return max([_R, *(w / 2 for w in widths)])


def pedigree_svg(
    pedigree: Pedigree,
    *,
    typed: Collection[str] = frozenset(),
    missing: Collection[str] = frozenset(),
    deceased: Collection[str] = frozenset(),
    highlight: Collection[str] = frozenset(),
    labels: Mapping[str, str] | Callable[[str], str] | None = None,
    under: Mapping[str, Sequence[str]] | None = None,
    title: str = "",
    desc: str = "",
) -> str:
    """The pedigree as SVG, generations from top to bottom, unconnected parts side by side.

    ``labels``: what stands under each symbol (default: ids); ``under``: further lines, e.g. genotypes;
    ``title`` and ``desc`` are read by screen readers. The same arguments give the same bytes.
    """
    if callable(labels):
        label = {p: labels(p) for p in pedigree.ids}
    else:
        label = {p: (labels or {}).get(p, p) for p in pedigree.ids}
    look = _Look(typed, missing, deceased, highlight, label, under or {})
    parts = [_Part(pedigree, members, look) for members in pedigree.components]
    shapes: list[str] = []
    left, bottom = _MARGIN, 0.0
    for part in parts:
        shapes += part.drawn(left)
        left += part.width + 36
        bottom = max(bottom, part.height)
    width = left - 36 + _MARGIN if parts else 2 * _MARGIN
    return document(width, bottom + 4, shapes, title=title, desc=desc)


@lru_cache(maxsize=256)
def _ordered(pedigree: Pedigree, members: tuple[str, ...]) -> tuple[Sketch, list[list[int]]]:
    """The costly part, which does not depend on what is written under the symbols."""
    s = sketch(pedigree, members)
    return s, order(pedigree, s)


class _Part:
    """One connected part: its rows, their heights, and the lines between them."""

    def __init__(self, pedigree: Pedigree, members: tuple[str, ...], look: _Look) -> None:
        self.pedigree, self.look = pedigree, look
        self.s, self.rows = _ordered(pedigree, members)
        half = [4.0 if p is None else look.half_width(p) + 7 for p in self.s.person]
        x = place(self.s, self.rows, half, _MATES)
        edge = [h - 7 if p is not None else 0.0 for p, h in zip(self.s.person, half, strict=True)]
        low = min(a - h for a, h in zip(x, edge, strict=True))
        self.x = [float(round(a - low)) for a in x]
        self.half = edge
        self.at = {node: i for row in self.rows for i, node in enumerate(row)}
        self.width = max(a + h for a, h in zip(self.x, edge, strict=True))
        self._routes()
        self._heights()

    # -- geometry -----------------------------------------------------------------------------------------

    def _routes(self) -> None:
        """Where each couple's line runs and where it drops; bars and by-passes get tracks of their own."""
        self.bypass: dict[int, int] = {}
        self.span: dict[int, tuple[float, float]] = {}
        self.drop: dict[int, float] = {}
        busy: list[dict[int, list[tuple[float, float]]]] = [{} for _ in self.rows]
        for k, m in enumerate(self.s.matings):
            left, right = sorted((m.a, m.b), key=lambda n: self.x[n])
            beside = self.at[right] - self.at[left] == 1
            low = self.x[left] + max(self.half[left], _R) + 3
            high = self.x[right] - max(self.half[right], _R) - 3
            self.span[k] = (self.x[left], self.x[right])
            wish = self._middle_of_children(k)
            if not beside:
                low, high = self._side(left, +1), self._side(right, -1)
                self.bypass[k] = _track(busy[m.row], (low, high))
                wish = self._between_columns(m, wish, low, high)
            self.drop[k] = min(max(wish, low), high) if low <= high else (self.x[left] + self.x[right]) / 2
        self._bars()

    def _middle_of_children(self, k: int) -> float:
        kids = [self._hang(e.to) for e in self.s.edges if e.mating == k]
        m = self.s.matings[k]
        middle = (self.x[m.a] + self.x[m.b]) / 2
        return kids[0] if len(set(kids)) == 1 else middle

    def _between_columns(self, m: Mating, wish: float, low: float, high: float) -> float:
        """For a by-pass: any place along it will do, the labels end above it."""
        return min(max(wish, low), high)

    def _side(self, node: int, direction: int) -> float:
        """The x of the gap beside a node where a line may pass its label."""
        return self.x[node] + direction * (max(self.half[node], _R) + 5)

    def _hang(self, node: int) -> float:
        """Where a child's line meets the bar: over him, or over the middle of his twin group."""
        group = self._twins(node)
        return sum(self.x[n] for n in group) / len(group)

    def _twins(self, node: int) -> list[int]:
        person = self.s.person[node]
        for group in self.pedigree.twins:
            if person in group:
                return [self.s.node[t] for t in group]
        return [node]

    def _bars(self) -> None:
        self.bar: dict[int, int] = {}
        self.jog: dict[int, int] = {}
        busy: list[dict[int, list[tuple[float, float]]]] = [{} for _ in self.rows]
        todo = []
        for k, m in enumerate(self.s.matings):
            ends = [self._hang(e.to) for e in self.s.edges if e.mating == k] + [self.drop[k]]
            if max(ends) - min(ends) <= 2 and len(self._twins_of(k)) < 2:
                self.drop[k] = ends[0]
            todo.append((m.row, min(ends), max(ends), 0, k))
        for i, e in enumerate(self.s.edges):
            if e.node is not None:
                ends = [self._leave(e.node), self.x[e.to]]
                todo.append((e.row, min(ends), max(ends), 1, i))
        for row, low, high, kind, key in sorted(todo):
            (self.jog if kind else self.bar)[key] = _track(busy[row], (low, high))
        self.bar_tracks = [len(b) for b in busy]

    def _leave(self, node: int) -> float:
        """Where a line to a lower row leaves: a bend goes straight on, a person is left by the side."""
        return self.x[node] if self.s.person[node] is None else self._side(node, +1)

    def _twins_of(self, k: int) -> list[int]:
        return [e.to for e in self.s.edges if e.mating == k and len(self._twins(e.to)) > 1]

    def _heights(self) -> None:
        self.y: list[float] = []
        self.below: list[float] = []
        top = _R + 4
        for r, row in enumerate(self.rows):
            lines = max((len(self.look.words(p)) for n in row if (p := self.s.person[n]) is not None), default=0)
            tracks = 1 + max(
                (self.bypass[k] for k, m in enumerate(self.s.matings) if m.row == r and k in self.bypass), default=-1
            )
            self.y.append(top)
            self.below.append(top + _R + 6 + lines * _LINE)
            top = self.below[-1] + tracks * _TRACK + 8 + max(1, self.bar_tracks[r]) * _TRACK + 10 + _R
        self.height = self.below[-1]

    def _bar_y(self, row: int, track: int) -> float:
        return self.y[row + 1] - _R - 10 - track * _TRACK

    # -- drawing ------------------------------------------------------------------------------------------

    def drawn(self, left: float) -> list[str]:
        self.x = [x + left for x in self.x]
        self.drop = {k: x + left for k, x in self.drop.items()}
        lines: list[str] = []
        for k in range(len(self.s.matings)):
            lines += self._couple(k)
            lines += self._children(k)
        for i, e in enumerate(self.s.edges):
            if e.node is not None:
                lines.append(self._bend(i))
        path = element("g", "".join(lines), fill="none", stroke="currentColor", stroke_width=1.4)
        return [path, *(self._person(p) for p in self.s.node)]

    def _couple(self, k: int) -> list[str]:
        m = self.s.matings[k]
        left, right = sorted((m.a, m.b), key=lambda n: self.x[n])
        y = self.y[m.row]
        start, end = self._touch(left, +1), self._touch(right, -1)
        related = set(ancestors(self.pedigree, m.father, inclusive=True)) & set(
            ancestors(self.pedigree, m.mother, inclusive=True)
        )
        shifts = (-2.0, 2.0) if related else (0.0,)
        if k not in self.bypass:
            return [_path([(start, y + d), (end, y + d)]) for d in shifts]
        track = self.below[m.row] + self.bypass[k] * _TRACK + 4
        a, b = self._side(left, +1), self._side(right, -1)
        stub = y + 5
        return [
            _path(
                [
                    (start, stub + d),
                    (a - d, stub + d),
                    (a - d, track + d),
                    (b + d, track + d),
                    (b + d, stub + d),
                    (end, stub + d),
                ]
            )
            for d in shifts
        ]

    def _touch(self, node: int, direction: int) -> float:
        """Where a mating line meets a symbol; a bend is met in its middle."""
        person = self.s.person[node]
        return self.x[node] if person is None else self.x[node] + direction * _R

    def _children(self, k: int) -> list[str]:
        m = self.s.matings[k]
        drop = self.drop[k]
        bar = self._bar_y(m.row, self.bar[k])
        start = self.y[m.row] if k not in self.bypass else self.below[m.row] + self.bypass[k] * _TRACK + 4
        hangs = [self._hang(e.to) for e in self.s.edges if e.mating == k]
        out = [_path([(drop, start), (drop, bar)])]
        if max([drop, *hangs]) > min([drop, *hangs]):
            out.append(_path([(min([drop, *hangs]), bar), (max([drop, *hangs]), bar)]))
        done: set[int] = set()
        for e in self.s.edges:
            if e.mating != k or e.to in done:
                continue
            group = self._twins(e.to)
            done |= set(group)
            out += self._down(group, bar, m.row + 1)
        return out

    def _down(self, group: list[int], bar: float, row: int) -> list[str]:
        hang = self._hang(group[0])
        if len(group) == 1:
            low = self.y[row] - (_R if self.s.person[group[0]] is not None else 0)
            return [_path([(hang, bar), (hang, low)])]
        low = self.y[row] - _R
        middle = (bar + low) / 2
        feet = sorted(self.x[n] for n in group)
        out = [_path([(hang, bar), (x, low)]) for x in feet]
        return [*out, _path([((hang + feet[0]) / 2, middle), ((hang + feet[-1]) / 2, middle)])]

    def _bend(self, i: int) -> str:
        """A long line passing a row, or a mate's line coming down to a lower row."""
        e = self.s.edges[i]
        assert e.node is not None
        bar = self._bar_y(e.row, self.jog[i])
        x, to = self._leave(e.node), self.x[e.to]
        low = self.y[e.row + 1] - (_R if self.s.person[e.to] is not None else 0)
        points = [(x, self.y[e.row]), (x, bar), (to, bar), (to, low)]
        if self.s.person[e.node] is not None:
            points.insert(0, (self.x[e.node] + _R, self.y[e.row]))
        return _path(points)

    def _person(self, person: str) -> str:
        node = self.s.node[person]
        x, y = self.x[node], self.y[self.s.row_of[node]]
        look = self.look
        parts = []
        if person in look.highlight:
            parts.append(halo(x, y, _R + 4, self.pedigree[person].sex))
        parts.append(
            symbol(
                x,
                y,
                _R,
                self.pedigree[person].sex,
                typed=person in look.typed,
                missing=person in look.missing,
                deceased=person in look.deceased,
            )
        )
        whole = False
        for i, (line, size) in enumerate(look.words(person)):
            shown = shortened(line, _WIDEST, size)
            whole |= shown != line
            soft: dict[str, Any] = {} if i == 0 and look.label[person] else {"fill_opacity": 0.75}
            parts.append(text(x, y + _R + 16 + i * _LINE, shown, size=size, **soft))
        tip = element("title", escape(look.label[person] or person)) if whole else ""
        return element("g", tip + "".join(parts))


def _track(busy: dict[int, list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The first track on which a span overlaps no other; it is taken there."""
    track = 0
    while any(span[0] <= high + 4 and low - 4 <= span[1] for low, high in busy.get(track, ())):
        track += 1
    busy.setdefault(track, []).append(span)
    return track


def _path(points: Sequence[Point]) -> str:
    return element("path", d="M" + "L".join(f"{number(x)} {number(y)}" for x, y in points))
