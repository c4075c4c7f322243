"""Where each node of an ordered sketch stands across the page.

Each row asks to stand under its parents and over its children; rows are relaxed in turn, and the least
squares answer that keeps neighbours apart is found exactly (pooling adjacent violators).
"""

from __future__ import annotations

from itertools import pairwise

from homeward.draw.levels import Sketch

__all__ = ["between", "place"]

_SWEEPS = 160
_CENTRE, _MATE, _SIB, _STRANGER, _BEND = 1.0, 0.06, 0.03, 0.003, 4.0


def place(s: Sketch, rows: list[list[int]], half: list[float], between_mates: float) -> list[float]:
    """x of every node; ``half``: the half width each node needs, ``between_mates``: least distance of mates."""
    gaps = [_gaps(s, row, half, between_mates) for row in rows]
    x = [0.0] * len(s.person)
    for row, apart in zip(rows, gaps, strict=True):
        for node, left in zip(row, _summed(apart), strict=True):
            x[node] = left
    pulls = _Pulls(s, rows, gaps, half)
    for sweep in range(_SWEEPS):
        down = range(len(rows)) if sweep % 2 == 0 else range(len(rows) - 1, -1, -1)
        for r in down:
            targets, weights = pulls.of_row(r, x)
            for node, at in zip(rows[r], _apart(targets, weights, gaps[r]), strict=True):
                x[node] = at
    return x


def _gaps(s: Sketch, row: list[int], half: list[float], between_mates: float) -> list[float]:
    """Least distance from each node of a row to the next; strangers stand a little further apart."""
    mates = {frozenset((m.a, m.b)) for m in s.matings}
    family: dict[int, int | None] = {e.to: e.mating for e in s.edges}
    gaps = []
    for a, b in pairwise(row):
        apart = half[a] + half[b]
        if frozenset((a, b)) in mates:
            apart = max(apart, between_mates)
        elif family.get(a) is None or family.get(a) != family.get(b):
            apart += 10
        gaps.append(apart)
    return gaps


def _summed(gaps: list[float]) -> list[float]:
    places = [0.0]
    for gap in gaps:
        places.append(places[-1] + gap)
    return places


def _apart(targets: list[float], weights: list[float], gaps: list[float]) -> list[float]:
    """Least squares under x[i+1] - x[i] >= gaps[i]."""
    offset = _summed(gaps)
    blocks: list[tuple[float, float, int]] = []  # mean, weight, count of nodes pooled
    for t, w, o in zip(targets, weights, offset, strict=True):
        blocks.append((t - o, w, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (m1, w1, n1), (m2, w2, n2) = blocks[-2:]
            blocks[-2:] = [((m1 * w1 + m2 * w2) / (w1 + w2), w1 + w2, n1 + n2)]
    means = [mean for mean, _, count in blocks for _ in range(count)]
    return [mean + o for mean, o in zip(means, offset, strict=True)]


class _Pulls:
    """What each node wants: to be centred under or over its kin, beside its mate, in line with its bend."""

    def __init__(self, s: Sketch, rows: list[list[int]], gaps: list[list[float]], half: list[float]) -> None:
        self.s, self.rows, self.half = s, rows, half
        at = {node: i for row in rows for i, node in enumerate(row)}
        self.far = {k for k, m in enumerate(s.matings) if abs(at[m.a] - at[m.b]) > 1}
        self.below: dict[int, list[int]] = {}
        self.couple: dict[int, int] = {}
        self.bends: dict[int, list[int]] = {}
        for e in s.edges:
            if e.mating is not None:
                self.below.setdefault(e.mating, []).append(e.to)
                self.couple[e.to] = e.mating
            elif e.node is not None:
                self.bends.setdefault(e.to, []).append(e.node)
                self.bends.setdefault(e.node, []).append(e.to)
        self.unions: dict[int, list[int]] = {}
        for k, m in enumerate(s.matings):
            self.unions.setdefault(m.a, []).append(k)
            self.unions.setdefault(m.b, []).append(k)
        self.beside: dict[int, list[tuple[int, float, float]]] = {}
        mates = {frozenset((m.a, m.b)) for m in s.matings}
        for row, apart in zip(rows, gaps, strict=True):
            for a, b, gap in zip(row, row[1:], apart, strict=False):
                sibs = a in self.couple and self.couple[a] == self.couple.get(b)
                weight = _MATE if frozenset((a, b)) in mates else _SIB if sibs else _STRANGER
                self.beside.setdefault(a, []).append((b, -gap, weight))
                self.beside.setdefault(b, []).append((a, gap, weight))

    def of_row(self, r: int, x: list[float]) -> tuple[list[float], list[float]]:
        targets, weights = [], []
        for node in self.rows[r]:
            wishes = list(self._wishes(node, x))
            weight = sum(w for _, w in wishes)
            targets.append(sum(t * w for t, w in wishes) / weight if weight else x[node])
            weights.append(weight or 0.01)
        return targets, weights

    def _wishes(self, node: int, x: list[float]) -> list[tuple[float, float]]:
        wishes = [(x[other] + gap, weight) for other, gap, weight in self.beside.get(node, ())]
        for k, sign in ((self.couple.get(node), 1), *((k, -1) for k in self.unions.get(node, ()))):
            if k is not None and ((off := self._off_centre(k, x)) or k not in self.far):
                wishes.append((x[node] + sign * off, _CENTRE))
        wishes += [(x[other], _BEND) for other in self.bends.get(node, ())]
        return wishes

    def _off_centre(self, k: int, x: list[float]) -> float:
        """How far a couple's line down would have to go left to reach the middle of the children.

        It leaves between the labels; that of mates apart leaves anywhere along their line.
        """
        m = self.s.matings[k]
        kids = [x[c] for c in self.below[k]]
        middle = (min(kids) + max(kids)) / 2
        left, right = sorted((m.a, m.b), key=lambda n: x[n])
        inset = 8 if k in self.far else 0
        low, high = x[left] + self.half[left] + inset, x[right] - self.half[right] - inset
        wish = middle if k in self.far else (x[left] + x[right]) / 2
        return between(wish, low, high) - middle


def between(wish: float, low: float, high: float) -> float:
    """The place nearest to a wish; where there is no room, the middle."""
    return min(max(wish, low), high) if low <= high else (low + high) / 2
