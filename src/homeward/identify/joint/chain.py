"""One state of who is who, and moves between states that keep the posterior.

A state gives every body a label; the labels of a group, and of strangers where they are counted, are as good as each
other and are not told apart. Paths of any length: a body is taken up and placed; whoever was there is taken up in turn,
until a place was free. A path and its reverse are in the ratio of the products of the rows, so that closed lists are
left through cycles of any length, which swaps of two cannot do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import exp, log
from random import Random

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.kernels import drawing, mix
from homeward.identify.joint.tables import LEAST, Body, Row, Tables

__all__ = ["Chain"]

Floats = NDArray[np.float64]

_SWAPS = 4
"""Swaps a body tries in a round."""
_A_STEP = 64
"""Compiled swaps that take about as long as one step otherwise."""


class Chain:
    """Bodies, their places, and random steps from there."""

    def __init__(self, tables: Tables, rng: Random, bodies: Sequence[Body], places: Sequence[int]) -> None:
        self.tables = tables
        self.rng = rng
        self.steps = 0
        self.paths = 1
        self.bodies: list[Body] = []
        self.rows: list[Row] = []
        self._ln: Floats | None = None
        self._drawn: tuple[Floats, Floats, Floats] | None = None
        self.put(bodies, places)

    def put(self, bodies: Sequence[Body], places: Sequence[int]) -> None:
        """Make this the state."""
        t = self.tables
        if self.bodies != bodies:
            self.bodies = list(bodies)
            self.rows = [t.row(body) for body in self.bodies]
            self._ln = self._drawn = None
        self._seat(places)
        self.excess = {f: self._excess(f) for f in t.loose}

    def _seat(self, places: Sequence[int]) -> None:
        t = self.tables
        at = np.array(places, dtype=np.intp)
        self.place: list[int] = at.tolist()
        named = np.flatnonzero(at < t.names)
        holder = np.full(t.names, -1)
        holder[at[named]] = named
        self.holder: list[int] = holder.tolist()
        self.inside: list[list[int]] = [[] for _ in range(t.names, t.columns)]
        self.index = [0] * len(at)
        for b in np.flatnonzero(at >= t.names).tolist():
            inside = self.inside[self.place[b] - t.names]
            self.index[b] = len(inside)
            inside.append(b)
        self.listed = int((at != t.stranger).sum())

    def _excess(self, f: int) -> float:
        return self.tables.ln_excess(f, [self.held(name) for name in self.tables.problem.families[f].names])

    def held(self, name: int) -> Body:
        """The samples at a name."""
        b = self.holder[name]
        return self.bodies[b] if b >= 0 else ()

    def _add(self, b: int, column: int) -> None:
        self.place[b] = column
        if column < self.tables.names:
            self.holder[column] = b
        else:
            inside = self.inside[column - self.tables.names]
            self.index[b] = len(inside)
            inside.append(b)

    def _remove(self, b: int) -> None:
        column = self.place[b]
        if column < self.tables.names:
            self.holder[column] = -1
        else:
            inside = self.inside[column - self.tables.names]
            last = inside.pop()
            if last != b:
                inside[self.index[b]] = last
                self.index[last] = self.index[b]

    @property
    def possible(self) -> bool:
        """Whether the state is none of those that cannot be."""
        t = self.tables
        return (
            all(row.ln[c] > LEAST / 2 for row, c in zip(self.rows, self.place, strict=True))
            and all(
                t.ln_family(f, tuple(self.held(name) for name in t.problem.families[f].names)) > LEAST / 2
                for f in t.loose
            )
            and (not t.single or float(t.ln_count[self.listed] + t.tilt * self.listed) > LEAST / 2)
        )

    def _settle(self, before: dict[int, int], ln_ratio: float) -> bool:
        """Accept or take back: bodies have been moved from ``before``; ``ln_ratio``: of all but excess and prior."""
        t = self.tables
        families = set()
        listed = self.listed
        for b, old in before.items():
            new = self.place[b]
            if new != old:
                if old < t.names:
                    families.add(t.family_of[old])
                if new < t.names:
                    families.add(t.family_of[new])
                listed += (new != t.stranger) - (old != t.stranger)
        excess = {f: self._excess(f) for f in families if f in self.excess}
        ln_ratio += sum(new - self.excess[f] for f, new in excess.items())
        if t.single and listed != self.listed:
            ln_ratio += float(t.ln_count[listed] - t.ln_count[self.listed])
        if ln_ratio >= 0 or self.rng.random() < exp(ln_ratio):
            self.excess.update(excess)
            self.listed = listed
            return True
        self._restore(before)
        return False

    def _restore(self, before: dict[int, int]) -> None:
        for b in before:
            self._remove(b)
        for b, column in before.items():
            self._add(b, column)

    def path(self, *, returning: bool = True) -> bool:
        """Move bodies along a path; without ``returning`` none goes back to where it was just taken from."""
        t, draw = self.tables, self.rng.random
        names, rows, holder, place = t.names, self.rows, self.holder, self.place
        b = int(draw() * len(self.bodies))
        before = {b: place[b]}
        self._remove(b)
        ln_ratio = 0.0
        in_hand = True
        for _ in range(100 + 4 * len(self.bodies)):
            row = rows[b]
            self.steps += 1
            if not row.columns:
                break
            if returning:
                c = row.columns[bisect_right(row.cumulated, draw() * row.cumulated[-1], 0, len(row.columns) - 1)]
            else:
                c = self._elsewhere(row, place[b])
                if c < 0 or row.rest(c) <= 0:
                    break
                ln_ratio += log(row.rest(place[b])) - log(row.rest(c))
            if c < names:
                other = holder[c]
                holder[c] = b
                place[b] = c
            else:
                other = self._enter(b, c)
            if other < 0:
                in_hand = False
                break
            before.setdefault(other, c)
            b = other
        if in_hand:
            # too long a path is refused in both directions
            self._add(b, before[b])
            self._restore(before)
            return False
        if ln_ratio or self.excess or t.single:
            return self._settle(before, ln_ratio)
        return True

    def _elsewhere(self, row: Row, at: int) -> int:
        """A column by weight, not ``at``; -1 if there is none."""
        rest = row.rest(at)
        if rest <= 0:
            return -1
        last = len(row.columns) - 1
        if at == row.columns[-1]:
            return row.columns[bisect_right(row.cumulated, self.rng.random() * rest, 0, last - 1)]
        while True:
            c = row.columns[bisect_right(row.cumulated, self.rng.random() * row.cumulated[-1], 0, last)]
            if c != at:
                return c

    def _enter(self, b: int, column: int) -> int:
        """Into one of the labels of a group or of the strangers; who is taken up for it, or -1."""
        t = self.tables
        inside = self.inside[column - t.names]
        label = self.rng.random() * t.capacity[column]
        if label >= len(inside):
            self._add(b, column)
            return -1
        other = inside[int(label)]
        inside[int(label)] = b
        self.index[b] = int(label)
        self.place[b] = column
        return other

    def mix(self, rounds: int) -> Floats:
        """Many swaps and paths among names whose rows say all, and outside; the others stay.

        Returns the share of the rounds that each body was at each column: (bodies, columns).
        """
        t = self.tables
        free = np.flatnonzero(t.plain[self.place])
        places = np.array(self.place, dtype=np.int64)
        if len(free) < 2 and not t.plain[t.names :].any():
            rounds = 0
        if not rounds or not len(free):
            visits = np.zeros((len(places), t.columns))
            visits[np.arange(len(places)), places] = 1.0
            return visits
        visits, walked = mix(
            self.ln,
            *self._drawing,
            free,
            t.names,
            np.array(t.capacity),
            t.ln_count if t.single else np.zeros(0),
            places,
            self.rng.getrandbits(63),
            rounds,
            _SWAPS * len(free),
            self.paths,
        )
        self.steps += rounds * (_SWAPS * len(free) + len(places)) // _A_STEP + walked // 8
        # about one step a body, however long the paths are
        length = max(1.0, walked / (2 * rounds * self.paths))
        self.paths = max(1, min(len(free), int(len(free) / length)))
        self._seat(places.tolist())
        return np.asarray(visits / rounds)

    @property
    def ln(self) -> Floats:
        """The rows of all bodies, finite: (bodies, columns)."""
        if self._ln is None:
            ln = np.array([row.ln for row in self.rows]).reshape(len(self.rows), self.tables.columns)
            self._ln = np.maximum(ln, LEAST)
        return self._ln

    @property
    def _drawing(self) -> tuple[Floats, Floats, Floats]:
        if self._drawn is None:
            self._drawn = drawing(self.ln, self.tables.ln_places, self.tables.plain)
        return self._drawn

    def swap(self) -> bool:
        """The body at a name whose row does not say all, and any other, change places."""
        t = self.tables
        self.steps += 1
        p = t.loose_names[int(self.rng.random() * len(t.loose_names))]
        one, other = self.holder[p], int(self.rng.random() * len(self.bodies))
        q = self.place[other]
        if one < 0 or one == other:
            return False
        a, b = self.rows[one].ln, self.rows[other].ln
        gain = float(a[q]) + float(b[p])
        if gain <= LEAST:
            return False
        ln_ratio = gain - max(LEAST, float(a[p])) - max(LEAST, float(b[q]))
        before = {one: p, other: q}
        self._remove(one)
        self._remove(other)
        self._add(one, q)
        self._add(other, p)
        return self._settle(before, ln_ratio)
