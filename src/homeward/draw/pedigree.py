"""A pedigree as a drawing, in the symbols of genetics (Bennett et al. 2008, *J Genet Couns* 17:424).

Square = male, circle = female, diamond = sex not known; a grey filling = typed; a bold dashed outline with a
question mark = missing; an outline of dots with three strokes = listed without being asked for here; a slash =
deceased; a double line = mates related by blood; lines from one point joined by a bar = identical twins; a dashed
line down with a word beside it = parents who may be others; a second outline = highlighted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import Any

from homeward.draw.levels import Sketch, sketch
from homeward.draw.lines import Line, Point, paths
from homeward.draw.order import order
from homeward.draw.place import between, place
from homeward.draw.svg import Drawing, document, element, shortened, text, text_width, wrapped
from homeward.draw.symbols import halo, reach, symbol
from homeward.pedigree import Pedigree, ancestors

__all__ = ["pedigree_svg"]

_R = 13.0  # half a symbol
_LABEL, _UNDER, _WORD, _LINE = 12.0, 11.0, 10.0, 14.0
_WIDEST = 132.0
_TRACK = 10.0
_LAST = 16.0  # from a bar down to the symbols that hang from it
_INSET = 2.0  # between the edge of a label and a line down
_NEARLY = 9.0
_MARGIN = 12.0
_DASHES = "3 3"
_MATES = 2 * _R + 26


@dataclass(frozen=True)
class _Look:
    """What the caller says of the persons, and how wide their words are."""

    typed: Collection[str]
    missing: Collection[str]
    deceased: Collection[str]
    listed: Collection[str]
    highlight: Collection[str]
    label: Mapping[str, str]
    under: Mapping[str, Sequence[str]]
    uncertain: Mapping[str, str]
    links: Mapping[str, str]

    def words(self, person: str) -> list[tuple[str, float]]:
        """Each line as shown, with its size."""
        label = wrapped(self.label[person], _WIDEST, _LABEL) if self.label[person] else []
        under = [shortened(line, _WIDEST, _UNDER) for line in self.under.get(person, ())]
        return [(line, _LABEL) for line in label] + [(line, _UNDER) for line in under]

    def shortened(self, person: str) -> bool:
        """Whether something of it is not shown in full."""
        under = self.under.get(person, ())
        whole = [*under, "".join(self.label[person].split())]
        shown = [line for line, size in self.words(person) if size == _UNDER]
        label = "".join("".join(line.split()) for line, size in self.words(person) if size == _LABEL)
        return [*shown, label] != whole

    def half_width(self, person: str) -> float:
        beside = text_width(self.uncertain.get(person, ""), _WORD)
        return max([_R, beside, *(text_width(line, size) / 2 for line, size in self.words(person))])


def pedigree_svg(
    pedigree: Pedigree,
    *,
    typed: Collection[str] = frozenset(),
    missing: Collection[str] = frozenset(),
    deceased: Collection[str] = frozenset(),
    listed: Collection[str] = frozenset(),
    highlight: Collection[str] = frozenset(),
    labels: Mapping[str, str] | Callable[[str], str] | None = None,
    under: Mapping[str, Sequence[str]] | None = None,
    uncertain: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    title: str = "",
    desc: str = "",
) -> Drawing:
    """The pedigree as SVG, generations from top to bottom, unconnected parts side by side.

    ``typed`` to ``highlight`` are ids; who is both missing and listed is drawn as missing.
    ``labels``: what stands under each symbol (default: ids); ``under``: further lines, e.g. genotypes;
    ``uncertain``: whose parents are in doubt, with the word beside the line to them; ``links``: where a click on
    somebody leads;
    ``title`` and ``desc`` are read by screen readers. The same arguments give the same bytes.
    """
    if callable(labels):
        label = {p: labels(p) for p in pedigree.ids}
    else:
        label = {p: (labels or {}).get(p, p) for p in pedigree.ids}
    look = _Look(
        typed,
        missing,
        deceased,
        listed,
        highlight,
        label,
        under or {},
        _with_twins(pedigree, uncertain or {}),
        links or {},
    )
    parts = [_Part(pedigree, members, look) for members in pedigree.components]
    shapes: list[str] = []
    left, bottom = _MARGIN, 0.0
    for part in parts:
        shapes += part.drawn(left)
        left += part.width + 36
        bottom = max(bottom, part.height)
    width = left - 36 + _MARGIN if parts else 2 * _MARGIN
    return document(width, bottom + 4, shapes, title=title, desc=desc, role="group" if look.links else "img")


def _with_twins(pedigree: Pedigree, uncertain: Mapping[str, str]) -> Mapping[str, str]:
    """Identical twins have one line to their parents: who doubts it for one doubts it for all."""
    found = {p: word for p, word in uncertain.items() if p in pedigree and not pedigree[p].is_founder}
    for group in pedigree.twins:
        if word := next((found[t] for t in group if t in found), ""):
            found |= dict.fromkeys(group, word)
    return found


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
        self._straighten()
        self.half = edge
        self.at = {node: i for row in self.rows for i, node in enumerate(row)}
        self.width = max(a + h for a, h in zip(self.x, edge, strict=True))
        self._routes()
        self._heights()

    # -- geometry -----------------------------------------------------------------------------------------

    def _straighten(self) -> None:
        """A bend that is nearly in line is put in line."""
        for e in sorted(self.s.edges, key=lambda e: -e.row):
            for bend, other in ((e.node, e.to), (e.to, e.node)):
                if bend is not None and other is not None and self.s.person[bend] is None:
                    off = self.x[other] - self.x[bend]
                    self.x[bend] += off if 0 < abs(off) <= _NEARLY else 0

    def _routes(self) -> None:
        """Where each couple's line runs and where it drops; bars and by-passes get tracks of their own."""
        self.bypass: dict[int, int] = {}
        self.drop: dict[int, float] = {}
        busy: list[dict[int, list[tuple[float, float]]]] = [{} for _ in self.rows]
        for k, m in enumerate(self.s.matings):
            left, right = sorted((m.a, m.b), key=lambda n: self.x[n])
            beside = self.at[right] - self.at[left] == 1
            low, high = self._side(left, +1), self._side(right, -1)
            kids = [self._hang(e.to) for e in self.s.edges if e.mating == k]
            wish = (self.x[left] + self.x[right]) / 2
            if not beside:
                self.bypass[k] = _track(busy[m.row], (low, high))
                wish = (min(kids) + max(kids)) / 2
            elif len(set(kids)) == 1:
                wish = kids[0]
            inset = _INSET if beside else _TRACK
            self.drop[k] = between(wish, low + inset, high - inset)
        self._bars()

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
            if max(ends) - min(ends) <= 3:
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

    def _heights(self) -> None:
        self.y: list[float] = []
        self.below: list[float] = []
        top = _R + 6
        for r, row in enumerate(self.rows):
            lines = max((len(self.look.words(p)) for n in row if (p := self.s.person[n]) is not None), default=0)
            tracks = 1 + max(
                (self.bypass[k] for k, m in enumerate(self.s.matings) if m.row == r and k in self.bypass), default=-1
            )
            self.y.append(top)
            self.below.append(top + _R + 6 + lines * _LINE)
            top = self.below[-1] + tracks * _TRACK + 6 + max(1, self.bar_tracks[r]) * _TRACK + _LAST + _R
        self.height = self.below[-1]

    def _bar_y(self, row: int, track: int) -> float:
        return self.y[row + 1] - _R - _LAST - track * _TRACK

    # -- drawing ------------------------------------------------------------------------------------------

    def drawn(self, left: float) -> list[str]:
        self.x = [x + left for x in self.x]
        self.drop = {k: x + left for k, x in self.drop.items()}
        lines: list[Line] = []
        self.dashed: set[int] = set()  # which of the lines are of parents in doubt
        for k in range(len(self.s.matings)):
            lines += ((k, line) for line in self._couple(k))
            for line, in_doubt in self._children(k):
                self.dashed |= {len(lines)} if in_doubt else set()
                lines.append((k, line))
        for i, e in enumerate(self.s.edges):
            if e.node is not None:
                self.dashed |= {len(lines)} if self._in_doubt(e.to) else set()
                lines.append((self._whose(i), self._bend(i)))
        ink: dict[str, Any] = {"fill": "none", "stroke": "currentColor", "stroke_width": 1.4}
        every = paths(lines)
        drawn = [element("g", "".join(x for i, x in enumerate(every) if i not in self.dashed), **ink)]
        if self.dashed:
            kept = "".join(x for i, x in enumerate(every) if i in self.dashed)
            drawn.append(element("g", kept, **ink, stroke_dasharray=_DASHES))
        return [*drawn, *self._doubts(), *(self._person(p) for p in self.s.node)]

    def _in_doubt(self, node: int) -> bool:
        """Whether a line down ends, here or after bends, at somebody whose parents are in doubt."""
        return self.s.ends[node][-1] in self.look.uncertain if len(self.s.ends[node]) != 2 else False

    def _doubts(self) -> list[str]:
        """The words beside the lines of doubt, each to the right of where its line ends."""
        found = []
        told: set[int] = set()
        for person, word in self.look.uncertain.items():
            node = self.s.node.get(person)
            if node is None or node in told:
                continue
            told |= set(self._twins(node))
            x = max(self.x[n] for n in self._twins(node))
            y = self.y[self.s.row_of[node]] - self._reach(node) - 6
            found.append(text(x + 4, y, word, size=_WORD, anchor="start", fill_opacity=0.75))
        return found

    def _whose(self, i: int) -> int:
        """The mating a long line belongs to; a number of its own if it leads from a person down to his mate."""
        e = self.s.edges[i]
        while e.node is not None and self.s.person[e.node] is None:
            e = next(above for above in self.s.edges if above.to == e.node)
        return e.mating if e.mating is not None else -1 - i

    def _related(self, k: int) -> bool:
        m = self.s.matings[k]
        father, mother = (set(ancestors(self.pedigree, p, inclusive=True)) for p in (m.father, m.mother))
        return bool(father & mother)

    def _couple(self, k: int) -> list[list[Point]]:
        m = self.s.matings[k]
        left, right = sorted((m.a, m.b), key=lambda n: self.x[n])
        y = self.y[m.row]
        start, end = self._touch(left, +1), self._touch(right, -1)
        shifts = (-2.0, 2.0) if self._related(k) else (0.0,)
        if k not in self.bypass:
            return [[(start, y + d), (end, y + d)] for d in shifts]
        track = self._bypass_y(k)
        a, b = self._side(left, +1), self._side(right, -1)
        stub = y + 5
        found = []
        for d in shifts:
            s, t = stub + d, track + d
            line = [(start, s), (a - d, s), (a - d, t), (b + d, t), (b + d, s), (end, s)]
            found.append([*self._foot(left), *line, *self._foot(right)])
        return found

    def _foot(self, node: int) -> list[Point]:
        """Where a long line from above ends, for a mate who stands higher; nothing for one who stands here."""
        return [(self.x[node], self.y[self.s.row_of[node]])] if self.s.person[node] is None else []

    def _bypass_y(self, k: int) -> float:
        return self.below[self.s.matings[k].row] + self.bypass[k] * _TRACK + 4

    def _touch(self, node: int, direction: int) -> float:
        """Where a mating line meets a symbol; a bend is met in its middle."""
        return self.x[node] + direction * self._reach(node)

    def _reach(self, node: int) -> float:
        person = self.s.person[node]
        return 0.0 if person is None else reach(_R, self.pedigree[person].sex)

    def _children(self, k: int) -> list[tuple[list[Point], bool]]:
        """The lines from a couple to their children, and of each whether it is in doubt."""
        m = self.s.matings[k]
        drop = self.drop[k]
        bar = self._bar_y(m.row, self.bar[k])
        start = (self._bypass_y(k) if k in self.bypass else self.y[m.row]) + (2 if self._related(k) else 0)
        hangs = [self._hang(e.to) for e in self.s.edges if e.mating == k]
        below = [e.to for e in self.s.edges if e.mating == k]
        all_in_doubt = all(self._in_doubt(n) for n in below)
        out = [([(drop, start), (drop, bar)], all_in_doubt)]
        if max([drop, *hangs]) > min([drop, *hangs]):
            out.append(([(min([drop, *hangs]), bar), (max([drop, *hangs]), bar)], all_in_doubt))
        done: set[int] = set()
        for e in self.s.edges:
            if e.mating != k or e.to in done:
                continue
            group = self._twins(e.to)
            done |= set(group)
            out += ((line, self._in_doubt(e.to)) for line in self._down(group, bar, m.row + 1))
        return out

    def _down(self, group: list[int], bar: float, row: int) -> list[list[Point]]:
        hang = self._hang(group[0])
        if len(group) == 1:
            low = self.y[row] - self._reach(group[0])
            return [[(hang, bar), (hang, low)]]
        low = self.y[row] - self._reach(group[0])
        middle = (bar + low) / 2
        feet = sorted(self.x[n] for n in group)
        out = [[(hang, bar), (x, low)] for x in feet]
        return [*out, [((hang + feet[0]) / 2, middle), ((hang + feet[-1]) / 2, middle)]]

    def _bend(self, i: int) -> list[Point]:
        """A long line passing a row, or a mate's line coming down to a lower row."""
        e = self.s.edges[i]
        assert e.node is not None
        bar = self._bar_y(e.row, self.jog[i])
        x, to = self._leave(e.node), self.x[e.to]
        low = self.y[e.row + 1] - self._reach(e.to)
        points = [(x, self.y[e.row]), (x, bar), (to, bar), (to, low)] if x != to else [(x, self.y[e.row]), (x, low)]
        if self.s.person[e.node] is not None:
            points.insert(0, (self._touch(e.node, +1), self.y[e.row]))
        return points

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
                listed=person in look.listed,
            )
        )
        for i, (line, size) in enumerate(look.words(person)):
            soft: dict[str, Any] = {} if size == _LABEL else {"fill_opacity": 0.75}
            parts.append(text(x, y + _R + 16 + i * _LINE, line, size=size, **soft))
        tip = element("title", escape(look.label[person] or person)) if look.shortened(person) else ""
        drawn = element("g", tip + "".join(parts))
        link = look.links.get(person, "")
        if not link:
            return drawn
        width, height = max(self.half[node], _R + 4), 2 * _R + 12 + len(look.words(person)) * _LINE
        touched = element("rect", x=x - width, y=y - _R - 4, width=2 * width, height=height, fill="transparent")
        return element("a", touched + drawn, href=link, aria_label=look.label[person] or person)


def _track(busy: dict[int, list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The first track on which a span overlaps no other; it is taken there."""
    track = 0
    while any(span[0] <= high + 4 and low - 4 <= span[1] for low, high in busy.get(track, ())):
        track += 1
    busy.setdefault(track, []).append(span)
    return track
