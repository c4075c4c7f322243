"""Two names of one family filled anew, together: two brothers may fit only as a pair."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain as joined
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.chain import Chain
from homeward.identify.joint.places import entries_of
from homeward.identify.joint.problem import Held
from homeward.identify.joint.tables import LEAST, Body, Tables

__all__ = ["Fillings"]

Floats = NDArray[np.float64]

_MOST_ASKED = 40_000
"""Weights asked of families beforehand; beyond these the first of a pair is drawn without regard to the second."""
_MOST_FILLINGS = 20_000
_FLOOR = 0.1
_EXCHANGED = 0.25
"""How often two names of a family only change what they hold."""


class Fillings:
    """Proposals of pairs, the first by all that it may form a pair with, the second given the first."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.pairs: list[tuple[int, int, int]] = [
            (f, a, b)
            for f in tables.several
            for a in range(len(tables.problem.families[f].names))
            for b in range(len(tables.problem.families[f].names))
            if a != b
        ]
        known = len(self.pairs) * tables.n <= _MOST_ASKED
        self._first = {pair: self._marginal(*pair, known=known) for pair in self.pairs}
        self._whole = {f: _Whole(tables, f) for f in tables.several if _Whole.is_small(tables, f)}

    def _marginal(self, f: int, a: int, b: int, *, known: bool) -> Floats:
        """Weights of every sample as the first of a pair, the other names empty: (samples,)."""
        t = self.tables
        family = t.problem.families[f]
        total = np.array([t.row((i,)).ln_total for i in range(t.n)])
        name_a, name_b = family.names[a], family.names[b]
        ln = t.dna[:, name_a] + t.fit[:, name_a] + t.tilt - total
        second = np.zeros(t.n)
        if known:
            fit = t.fit[:, name_b] + t.tilt - total
            for i in np.flatnonzero(ln > LEAST / 2).tolist():
                held = tuple((i,) if k == a else () for k in range(len(family.names)))
                pair = t.given(f, b, held) + fit
                pair[i] = 0.0
                second[i] = float(np.logaddexp.reduce(pair))
        return _weights(ln + second)

    def move(self, chain: Chain) -> bool:
        """One pair of names of some family, or all its names, by Metropolis and Hastings."""
        t, rng = self.tables, chain.rng
        chain.steps += 100
        pair = self.pairs[int(rng.random() * len(self.pairs))]
        f, a, b = pair
        if f in self._whole and rng.random() < 0.5:
            return self._all_names(chain, f)
        names = t.problem.families[f].names
        others = {chain.holder[name] for k, name in enumerate(names) if k not in (a, b)}
        nobody = len(chain.bodies)
        old = tuple(chain.holder[names[k]] if chain.holder[names[k]] >= 0 else nobody for k in (a, b))
        if rng.random() < _EXCHANGED:
            return old[0] != old[1] and self._exchange(chain, (names[a], names[b]), old, old[::-1], 0.0)
        q_first = self._over(self._first[pair], chain)
        held: Held = tuple(() if k in (a, b) else chain.held(name) for k, name in enumerate(names))

        def second(first: int) -> Floats:
            body = chain.bodies[first] if first < len(chain.bodies) else ()
            return self._second(chain, f, a, b, held, body, first)

        first = _drawn(q_first, rng.random())
        q_second = second(first)
        new = first, _drawn(q_second, rng.random())
        if new == old or others & {*new}:
            return False
        back = float(q_first[old[0]]) * float(second(old[0])[old[1]])
        if back <= 0:
            return False
        ln_ratio = log(back) - log(float(q_first[first]) * float(q_second[new[1]]))
        return self._exchange(chain, (names[a], names[b]), old, new, ln_ratio)

    def _all_names(self, chain: Chain, f: int) -> bool:
        whole = self._whole[f]
        names = self.tables.problem.families[f].names
        nobody = len(chain.bodies)
        old = tuple(chain.holder[name] if chain.holder[name] >= 0 else nobody for name in names)
        new = _drawn(whole.p, chain.rng.random())
        back = whole.place.get(old)
        if back is None or back == new:
            return False
        ln_ratio = log(float(whole.p[back])) - log(float(whole.p[new]))
        return self._exchange(chain, names, old, whole.fillings[new], ln_ratio)

    def _over(self, of_sample: Floats, chain: Chain) -> Floats:
        """From samples to bodies and nobody: (bodies + 1,), summing to one."""
        n = len(chain.bodies)
        found = np.full(n + 1, _FLOOR / (n + 1))
        each = of_sample if self.tables.single else _highest(of_sample, chain.bodies)
        found[:n] += (1 - _FLOOR) * each / max(1e-300, float(each.sum()) + float(of_sample.mean()))
        found[n] += _FLOOR
        return np.asarray(found / found.sum())

    def _second(self, chain: Chain, f: int, a: int, b: int, held: Held, body: Body, first: int) -> Floats:
        t = self.tables
        name = t.problem.families[f].names[b]
        held = tuple(body if k == a else h for k, h in enumerate(held))
        n = len(chain.bodies)
        found = np.full(n + 1, _FLOOR / (n + 1))
        if t.ln_family(f, held) > LEAST / 2:
            gain = t.given(f, b, held) - np.maximum(t.dna[:, name], LEAST)
            each = gain if t.single else _highest(gain, chain.bodies)
            ln = np.array([float(row.ln[name]) - row.ln_total for row in chain.rows]) + each
            if first < n:
                ln[first] = -np.inf
            found += (1 - _FLOOR) * _weights(np.append(ln, 0.0))
        if first < n:
            found[first] = 0.0
        return np.asarray(found / found.sum())

    def _exchange(
        self, chain: Chain, at: tuple[int, ...], old: tuple[int, ...], new: tuple[int, ...], ln_ratio: float
    ) -> bool:
        """Those who go out go where there is room once all are taken up, by weight."""
        nobody = len(chain.bodies)
        out = [b for b in sorted(old) if b not in new and b != nobody]
        come = [b for b in sorted(new) if b not in old and b != nobody]
        before = {b: chain.place[b] for b in {*old, *new} if b != nobody}
        ln_ratio -= sum(max(LEAST, float(chain.rows[b].ln[c])) for b, c in before.items())
        for b in before:
            chain._remove(b)
        free = self._free(chain, at)
        back = _placed(chain, come, free.copy(), lambda b, _: before[b])
        there: dict[int, int] = {b: at[k] for k, b in enumerate(new) if b != nobody}

        def draw(b: int, p: Floats) -> int:
            there[b] = _drawn(p, chain.rng.random())
            return there[b]

        forth = _placed(chain, out, free, draw)
        for b, column in there.items():
            chain._add(b, column)
        if forth is None or back is None or len(there) != len(before):
            for b in there:
                chain._remove(b)
            for b, column in before.items():
                chain._add(b, column)
            return False
        ln_ratio += sum(max(LEAST, float(chain.rows[b].ln[c])) for b, c in there.items())
        return chain._settle(before, ln_ratio + back - forth)

    def _free(self, chain: Chain, at: tuple[int, ...]) -> Floats:
        """How many labels are free, by column, those of ``at`` not among them; 1 where there is no end of them."""
        t = self.tables
        found = np.zeros(t.columns)
        found[: t.names] = np.array(chain.holder) < 0
        found[list(at)] = 0.0
        for k in range(t.names, t.columns):
            found[k] = min(t.capacity[k] - len(chain.inside[k - t.names]), 1e300)
        if t.single:
            found[t.stranger] = 1.0
        return found


class _Whole:
    """Every filling of a small family, where samples are bodies."""

    def __init__(self, tables: Tables, f: int) -> None:
        t = tables
        family = t.problem.families[f]
        entries = entries_of(t.problem, family, [1 << i for i in range(t.n)])
        # a sample is a body, and a body one bit
        held = np.where(entries.held > 0, np.frexp(entries.held)[1] - 1, t.n)
        self.fillings = [tuple(each) for each in held.tolist()]
        self.place = {filling: k for k, filling in enumerate(self.fillings)}
        total = np.array([*(t.row((i,)).ln_total - t.tilt for i in range(t.n)), 0.0])
        ln = entries.ln - total[held].sum(axis=1)
        self.p: Floats = (1 - _FLOOR) * _weights(ln) + _FLOOR / len(ln)

    @staticmethod
    def is_small(tables: Tables, f: int) -> bool:
        names = len(tables.problem.families[f].names)
        return tables.single and names > 2 and (tables.n + 1) ** names <= _MOST_FILLINGS


def _placed(chain: Chain, bodies: list[int], free: Floats, choose: Callable[[int, Floats], int]) -> float | None:
    """ln probability of placing these one after the other where ``choose`` says, or None where there is no way."""
    ln = 0.0
    endless = chain.tables.single
    for b in bodies:
        row: Any = chain.rows[b].ln
        weights = np.where(free > 0, row + np.log(np.maximum(free, 1e-300)), -np.inf)
        top = float(weights.max())
        if top < LEAST / 2:
            return None
        p = np.exp(weights - top)
        p /= p.sum()
        column = choose(b, p)
        if p[column] <= 0:
            return None
        ln += log(float(p[column])) - log(float(free[column]))
        if not (endless and column == chain.tables.stranger):
            free[column] -= 1
    return ln


def _highest(of_sample: Floats, bodies: Sequence[Body]) -> Floats:
    """The highest value of a sample of every body: (bodies,)."""
    starts = np.cumsum([0, *(len(body) for body in bodies[:-1])])
    return np.asarray(np.maximum.reduceat(of_sample[list(joined.from_iterable(bodies))], starts))


def _weights(ln: Floats) -> Floats:
    """Proportional to exp(ln), summing to one, or all zero."""
    top = float(ln.max(initial=-np.inf))
    if top == -np.inf:
        return np.zeros(len(ln))
    found = np.exp(ln - top)
    return np.asarray(found / found.sum())


def _drawn(p: Floats, u: float) -> int:
    return min(int(np.cumsum(p).searchsorted(u * float(p.sum()), side="right")), len(p) - 1)
