"""The order of the nodes in each row: few crossing lines, mates and siblings together, and no reshuffling.

Members are let in one after another, each to the place that costs least while the others stay; they are
moved only where that saves a crossing or something as bad. So whoever is added later finds the
others where they were. No chance is involved: equal pedigrees get equal drawings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import combinations, product

from homeward.draw.levels import Sketch
from homeward.pedigree import Pedigree

__all__ = ["order"]

_CROSSING, _STRANGER_AMONG_SIBS, _TWINS_APART = 10.0, 3.0, 8.0
_MATES_APART, _EACH_BETWEEN = 4.0, 1.5
_FATHER_RIGHT, _BIRTH_ORDER, _SPAN = 0.3, 0.25, 0.02
_WORTH_MOVING = 1.0
"""What a move must save: more than all the small costs of one, less than any of the great ones."""
_WORTH_TIDYING = 0.15
"""What a move must save when all are there: a man to the left again, or birth order."""
_GOOD_ENOUGH = 3.0
_ROUNDS = 12
_MOST_TRIALS, _MOST_IN_ALL = 8_000, 30_000
"""Orders of a row tried while members are let in, and in all; in a thicket of crossings later members only take
the best place."""

Rows = list[list[int]]


def order(pedigree: Pedigree, s: Sketch) -> Rows:
    """The rows of a sketch, each from left to right."""
    cost = _Cost(pedigree, s)
    best = _let_in(pedigree, s, cost)
    lowest = cost.total(best)
    for start in _starts(s, cost) if lowest >= _GOOD_ENOUGH else ():
        rows = [list(row) for row in start]
        price = _descend(rows, cost, 1e-9)
        if price < lowest - _WORTH_MOVING:
            best, lowest = rows, price
    return best


def _let_in(pedigree: Pedigree, s: Sketch, cost: _Cost) -> Rows:
    """The rows filled one node at a time, the last place of several equal ones taken."""
    rows: Rows = [[] for _ in s.rows]
    for node in _arrivals(pedigree, s):
        r = s.row_of[node]
        before, row = cost.around(rows, r), rows[r]
        prices = []
        for at in range(len(row) + 1):
            rows[r] = [*row[:at], node, *row[at:]]
            prices.append(cost.around(rows, r))
        lowest = min(prices)
        places = [at for at, price in enumerate(prices) if price < lowest + 1e-9]
        if lowest - before <= _WORTH_MOVING or cost.tried > _MOST_TRIALS:
            rows[r] = [*row[: places[-1]], node, *row[places[-1] :]]
        else:
            rows[r] = row
            rows = min(_with_room(rows, node, (places[-1], places[0]), cost), key=lambda x: x[0])[1]
    _descend(rows, cost, _WORTH_TIDYING)
    return rows


def _with_room(
    rows: Rows, node: int, places: Iterable[int], cost: _Cost
) -> Iterator[tuple[tuple[int, int, float], Rows]]:
    """Ways to make room for a node: what they cost, how many are turned, and the rows.

    The gentlest is that one of its children changes sides with his mate.
    """
    r = cost.s.row_of[node]
    children = [to for lines in cost.lines for _, a, b, to in lines if node in (a, b)]
    couples = [(c, mate) for c in children for mate in cost.mates.get(c, ())]
    for at, couple in product(places, [None, *couples]):
        after = [list(row) for row in rows]
        after[r].insert(at, node)
        if couple is not None:
            _change_sides(after[cost.s.row_of[couple[0]]], *couple)
        price = _descend(after, cost, _WORTH_MOVING)
        turned = 0
        for old, new in zip(rows, after, strict=True):
            place = {x: i for i, x in enumerate(new)}
            turned += sum(place[x] > place[y] for x, y in combinations(old, 2))
        yield (round(price / _WORTH_MOVING / 2), turned, price), after


def _change_sides(row: list[int], one: int, other: int) -> None:
    if one in row and other in row:
        i, j = row.index(one), row.index(other)
        row[i], row[j] = row[j], row[i]


def _arrivals(pedigree: Pedigree, s: Sketch) -> list[int]:
    """From the first member on: kin and mates of those who are there, the first given first. Parents of a mate who
    are given after the person he or she married come last: were they added, they find a finished family. A bend
    comes when both ends of its line are there.
    """
    mates: dict[str, list[str]] = {p: [] for p in s.node}
    for m in s.matings:
        mates[m.father].append(m.mother)
        mates[m.mother].append(m.father)
    ties: dict[str, set[tuple[bool, str]]] = {p: {(False, mate) for mate in mates[p]} for p in s.node}
    for m in s.matings:
        for parent, child in product((m.father, m.mother), m.children):
            late = any(pedigree.index(mate) < pedigree.index(parent) for mate in mates[child])
            ties[parent].add((False, child))
            ties[child].add((late, parent))
    first = min(s.node, key=pedigree.index)
    waiting = [(False, 0, first)]
    came: dict[str, int] = {}
    while waiting:
        _, _, person = heappop(waiting)
        if person not in came:
            came[person] = len(came)
            for up, other in ties[person]:
                heappush(waiting, (up, pedigree.index(other), other))
    return sorted(range(len(s.person)), key=lambda n: (max(came[p] for p in s.ends[n]), s.person[n] is None, n))


def _starts(s: Sketch, cost: _Cost) -> list[Rows]:
    """Other orders to begin from, where the first one crosses lines: family by family, and swept up and down."""
    plain = [list(row) for row in s.rows]
    swept = [list(row) for row in s.rows]
    for _ in range(4):
        for r in range(1, len(swept)):
            swept[r] = cost.by_neighbours(swept, r, above=True)
        for r in range(len(swept) - 2, -1, -1):
            swept[r] = cost.by_neighbours(swept, r, above=False)
    return [plain, swept]


def _descend(rows: Rows, cost: _Cost, worth: float) -> float:
    for _ in range(_ROUNDS):
        moved = False
        for r in range(len(rows)):
            if cost.tried < _MOST_IN_ALL:
                moved |= _improve_row(rows, r, cost, worth)
        if not moved:
            break
    return cost.total(rows)


def _improve_row(rows: Rows, r: int, cost: _Cost, worth: float) -> bool:
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
                    if price < now - worth:
                        now, row, moved = price, rows[r], True
            rows[r] = row
    return moved


class _Cost:
    """What is ugly about an order, row by row; nodes that are not there yet cost nothing."""

    def __init__(self, pedigree: Pedigree, s: Sketch) -> None:
        self.s = s
        self.tried = 0
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
        self.mates: dict[int, set[int]] = {}
        for m in s.matings:
            self.mates.setdefault(m.a, set()).add(m.b)
            self.mates.setdefault(m.b, set()).add(m.a)
        self.sibships = self._sibships()
        self.twins: list[list[list[int]]] = [[] for _ in range(depth)]
        for group in pedigree.twins:
            if group[0] in s.node:
                nodes = [s.node[t] for t in group]
                self.twins[s.row_of[nodes[0]]].append(nodes)

    def _sibships(self) -> list[list[tuple[list[int], set[int]]]]:
        """By row: the children of a couple in birth order, and those with their mates and mates' mates."""
        found: list[list[tuple[list[int], set[int]]]] = [[] for _ in self.s.rows]
        for k in range(len(self.s.matings)):
            below: dict[int, list[int]] = {}
            for e in self.s.edges:
                if e.mating == k:
                    below.setdefault(e.row + 1, []).append(e.to)
            for row, sibs in below.items():
                mates = {x for y in sibs for x in self.mates.get(y, ())}
                found[row].append((sibs, set(sibs) | mates | {x for y in mates for x in self.mates[y]}))
        return found

    def total(self, rows: Rows) -> float:
        return sum(self._row(row) for row in rows) + sum(self._between(rows, r) for r in range(len(rows) - 1))

    def around(self, rows: Rows, r: int) -> float:
        """The part of the cost that the order of one row can change."""
        self.tried += 1
        price = self._row(rows[r])
        if r > 0:
            price += self._between(rows, r - 1)
        if r < len(rows) - 1:
            price += self._between(rows, r)
        return price

    def _between(self, rows: Rows, r: int) -> float:
        """Crossings of the lines from a row to the next; a line from mates apart may leave anywhere between them."""
        up = {node: float(i) for i, node in enumerate(rows[r])}
        down = {node: i for i, node in enumerate(rows[r + 1])}
        lines: list[tuple[float, float, int, int]] = []
        for key, a, b, to in self.lines[r]:
            low, high = up.get(a, up.get(b)), up.get(b, up.get(a))
            if low is None or high is None or to not in down:
                continue
            if abs(high - low) <= 1:
                low = high = (low + high) / 2
            lines.append((low, high, down[to], key) if low <= high else (high, low, down[to], key))
        lines.sort()
        crossings = 0
        for i, (_, high, y, key) in enumerate(lines, 1):
            for low2, _, y2, key2 in lines[i:]:
                if y2 < y and high < low2 and key != key2:
                    crossings += 1
        return _CROSSING * crossings

    def _row(self, row: list[int]) -> float:
        if len(row) < 2:
            return 0.0
        at = {node: i for i, node in enumerate(row)}
        r = self.s.row_of[row[0]]
        price = self._couples(row, at, r)
        for sibs, around in self.sibships[r]:
            places = [at[x] for x in sibs if x in at]
            if len(places) > 1:
                low, high = min(places), max(places)
                price += _SPAN * (high - low)
                price += _STRANGER_AMONG_SIBS * sum(x not in around for x in row[low : high + 1])
                price += _BIRTH_ORDER * sum(p > q for p, q in combinations(places, 2))
        for twins in self.twins[r]:
            places = [at[x] for x in twins if x in at]
            if len(places) > 1:
                price += _TWINS_APART * (max(places) - min(places) - len(places) + 1)
        return price

    def _couples(self, row: list[int], at: dict[int, int], r: int) -> float:
        """Mates side by side, the man to the left; what lies between mates apart is crossed by their line."""
        price = 0.0
        spans = []
        for m in self.matings[r]:
            if m.a not in at or m.b not in at:
                continue
            i, j = at[m.a], at[m.b]
            price += _FATHER_RIGHT * (i > j)
            low, high = min(i, j), max(i, j)
            spans.append((low, high))
            if high - low > 1:
                both = self.mates[m.a] | self.mates[m.b]
                between = row[low + 1 : high]
                price += _MATES_APART + sum(_EACH_BETWEEN / 2 if x in both else _EACH_BETWEEN for x in between)
                price += _CROSSING * sum(self.s.person[x] is None for x in between)
        for (low, high), (low2, high2) in combinations(spans, 2):
            inside = (low <= low2 and high2 <= high) or (low2 <= low and high <= high2)
            price += _CROSSING * (inside or low < low2 < high < high2 or low2 < low < high2 < high)
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
