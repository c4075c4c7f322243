"""The order of the nodes in each row: few crossing lines, mates and siblings together.

A cost is lowered by moving one node or a few neighbours at a time, from several starts; no chance is
involved, so equal pedigrees get equal drawings.
"""

from __future__ import annotations

from itertools import pairwise

from homeward.draw.levels import Sketch
from homeward.pedigree import Pedigree

__all__ = ["order"]

_CROSSING, _STRANGER_AMONG_SIBS, _TWINS_APART = 10.0, 3.0, 8.0
_MATES_APART, _EACH_BETWEEN = 4.0, 1.5
_SPAN, _FATHER_RIGHT, _BIRTH_ORDER = 0.1, 0.05, 0.02
_GOOD_ENOUGH = 3.0
_ROUNDS = 12

Rows = list[list[int]]


def order(pedigree: Pedigree, s: Sketch) -> Rows:
    """The rows of a sketch, each from left to right."""
    cost = _Cost(pedigree, s)
    best: Rows = []
    lowest = float("inf")
    for start in _starts(s, cost):
        rows = [list(row) for row in start]
        price = _descend(rows, cost)
        if price < lowest - 1e-9:
            best, lowest = rows, price
        if lowest < _GOOD_ENOUGH:
            break
    return best


def _starts(s: Sketch, cost: _Cost) -> list[Rows]:
    plain = [list(row) for row in s.rows]
    swept = [list(row) for row in s.rows]
    for _ in range(4):
        for r in range(1, len(swept)):
            swept[r] = cost.by_neighbours(swept, r, above=True)
        for r in range(len(swept) - 2, -1, -1):
            swept[r] = cost.by_neighbours(swept, r, above=False)
    reverse = [row[::-1] if r % 2 else list(row) for r, row in enumerate(s.rows)]
    return [plain, swept, reverse]


def _descend(rows: Rows, cost: _Cost) -> float:
    for _ in range(_ROUNDS):
        moved = False
        for r in range(len(rows)):
            moved |= _improve_row(rows, r, cost)
        if not moved:
            break
    return cost.total(rows)


def _improve_row(rows: Rows, r: int, cost: _Cost) -> bool:
    """Try every short block of the row everywhere else, turned and unturned; keep what is better."""
    width = len(rows[r])
    longest, reach = (5, width) if width <= 14 else (3, 12)
    now = cost.around(rows, r)
    moved = False
    for length in range(1, min(longest, width) + 1):
        for at in range(width - length + 1):
            row = rows[r]
            block, rest = row[at : at + length], row[:at] + row[at + length :]
            for to in range(max(0, at - reach), min(len(rest), at + reach) + 1):
                for turned in (block, block[::-1])[: 1 if length == 1 else 2]:
                    rows[r] = rest[:to] + turned + rest[to:]
                    price = cost.around(rows, r)
                    if price < now - 1e-9:
                        now, row, moved = price, rows[r], True
            rows[r] = row
    return moved


class _Cost:
    """What is ugly about an order, row by row."""

    def __init__(self, pedigree: Pedigree, s: Sketch) -> None:
        self.s = s
        depth = len(s.rows)
        self.matings = [[m for m in s.matings if m.row == r] for r in range(depth)]
        # what hangs between a row and the next: (key, node, node, lower node); a couple is two nodes
        self.lines: list[list[tuple[int, int, int, int]]] = [[] for _ in range(depth)]
        for e in s.edges:
            if e.mating is not None:
                m = s.matings[e.mating]
                self.lines[e.row].append((e.mating, m.a, m.b, e.to))
            elif e.node is not None:
                self.lines[e.row].append((-1 - e.node, e.node, e.node, e.to))
        self.sibships: list[list[tuple[list[int], set[int]]]] = [[] for _ in range(depth)]
        mates: dict[int, set[int]] = {}
        for m in s.matings:
            mates.setdefault(m.a, set()).add(m.b)
            mates.setdefault(m.b, set()).add(m.a)
        for k in range(len(s.matings)):
            below: dict[int, list[int]] = {}
            for e in s.edges:
                if e.mating == k:
                    below.setdefault(e.row + 1, []).append(e.to)
            for row, sibs in below.items():
                self.sibships[row].append((sibs, set(sibs) | {x for y in sibs for x in mates.get(y, ())}))
        self.mates = mates
        self.twins: list[list[list[int]]] = [[] for _ in range(depth)]
        for group in pedigree.twins:
            if group[0] in s.node:
                nodes = [s.node[t] for t in group]
                self.twins[s.row_of[nodes[0]]].append(nodes)

    def total(self, rows: Rows) -> float:
        return sum(self._row(rows[r]) for r in range(len(rows))) + sum(
            self._between(rows, r) for r in range(len(rows) - 1)
        )

    def around(self, rows: Rows, r: int) -> float:
        """The part of the cost that the order of one row can change."""
        price = self._row(rows[r])
        if r > 0:
            price += self._between(rows, r - 1)
        if r < len(rows) - 1:
            price += self._between(rows, r)
        return price

    def _between(self, rows: Rows, r: int) -> float:
        if not self.lines[r]:
            return 0.0
        up = {node: i for i, node in enumerate(rows[r])}
        down = {node: i for i, node in enumerate(rows[r + 1])}
        lines = sorted((up[a] + up[b], down[to], key) for key, a, b, to in self.lines[r])
        crossings = 0
        for i, (x, y, key) in enumerate(lines):
            for x2, y2, key2 in lines[i + 1 :]:
                if key != key2 and (y2 < y or x2 == x):
                    crossings += 1
        return _CROSSING * crossings

    def _row(self, row: list[int]) -> float:
        at = {node: i for i, node in enumerate(row)}
        r = self.s.row_of[row[0]]
        price = 0.0
        for m in self.matings[r]:
            i, j = at[m.a], at[m.b]
            price += _FATHER_RIGHT * (i > j)
            both = self.mates[m.a] | self.mates[m.b]
            between = row[min(i, j) + 1 : max(i, j)]
            if between:
                price += _MATES_APART + sum(_EACH_BETWEEN / 2 if x in both else _EACH_BETWEEN for x in between)
        for sibs, around in self.sibships[r]:
            places = [at[x] for x in sibs]
            low, high = min(places), max(places)
            price += _SPAN * (high - low)
            price += _STRANGER_AMONG_SIBS * sum(x not in around for x in row[low : high + 1])
            price += _BIRTH_ORDER * sum(p > q for p, q in pairwise(places))
        for twins in self.twins[r]:
            places = [at[x] for x in twins]
            price += _TWINS_APART * (max(places) - min(places) - len(places) + 1)
        return price

    def by_neighbours(self, rows: Rows, r: int, *, above: bool) -> list[int]:
        """The row sorted by the mean place of what each node is tied to in the row above or below."""
        here = {node: float(i) for i, node in enumerate(rows[r])}
        there = {node: i for i, node in enumerate(rows[r - 1 if above else r + 1])}
        pull: dict[int, list[float]] = {}
        for _, a, b, to in self.lines[r - 1 if above else r]:
            if above:
                pull.setdefault(to, []).append((there[a] + there[b]) / 2)
            else:
                for x in {a, b}:
                    pull.setdefault(x, []).append(float(there[to]))
        for m in self.matings[r]:
            for x, mate in ((m.a, m.b), (m.b, m.a)):
                if x not in pull and mate in pull:
                    here[x] = sum(pull[mate]) / len(pull[mate])
        here |= {x: sum(places) / len(places) for x, places in pull.items()}
        return sorted(rows[r], key=lambda x: here[x])
