"""Weights as a chain of states needs them: the row of a body over all places, and the weight of a family as filled.

Columns are the names, then the groups, then `stranger`. A row is exact for a single sample while the other names of
the family are empty; what a filled family weighs beyond its rows is `ln_excess`, so rows only ever guide proposals.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.problem import Held, Problem

__all__ = ["LEAST", "Body", "Row", "Tables"]

Floats = NDArray[np.float64]

Body = tuple[int, ...]
"""The samples of one body, in order."""

LEAST = -1e4
"""Stands for an impossible weight, so that a chain that starts where nothing is possible can walk out of it."""

_MOST_ROWS = 20_000
_MOST_WEIGHTS = 50_000


@dataclass(frozen=True, slots=True)
class Row:
    """The weights of one body: ``ln`` (columns,); and for drawing a column in proportion to places × weight.

    ``columns``: those possible, lightest first, with their ``cumulated`` weights; ``weight`` by column.
    """

    ln: Floats
    ln_total: float
    columns: Sequence[int]
    cumulated: array[float]
    weight: array[float]

    def rest(self, column: int) -> float:
        """The summed weight of all columns but one, without loss where that one is nearly everything."""
        if not self.columns:
            return 0.0
        if column == self.columns[-1]:
            return self.cumulated[-2] if len(self.cumulated) > 1 else 0.0
        return self.cumulated[-1] - self.weight[column]


class Tables:
    """All weights of a problem, each asked for once."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.single = problem.one_sample_a_body
        self.n, self.names, groups = len(problem.samples), len(problem.names), len(problem.groups)
        self.columns = self.names + groups + 1
        self.stranger = self.columns - 1
        prior = problem.prior
        strangers = inf if self.single else float(prior.stranger_bodies)
        self.capacity = [1.0] * self.names + [float(g.size) for g in problem.groups] + [strangers]
        self.of_name: list[tuple[int, int]] = [(0, 0)] * self.names
        for f, family in enumerate(problem.families):
            for at, name in enumerate(family.names):
                self.of_name[name] = f, at
        self.family_of = [f for f, _ in self.of_name]
        self.several = [f for f, family in enumerate(problem.families) if len(family.names) > 1]
        self._weights: dict[Body, Floats] = {}
        self.asked = 0
        self.loose = {*self.several} if self.single else {f for f in range(len(problem.families)) if not self._known(f)}
        """Families whose weight may differ from the product of their rows."""
        self.plain = np.array([*(f not in self.loose for f in self.family_of), *[True] * (groups + 1)])
        """Columns where it cannot: (columns,)."""
        self.loose_names = [name for name, f in enumerate(self.family_of) if f in self.loose]
        self._given: dict[tuple[int, int, Held], Floats] = {}
        self._families: dict[tuple[int, Held], float] = {}
        self._bodies: dict[Body, Floats] = {}
        self._rows: dict[Body, Row] = {}
        self.dna = self._alone()
        self.fit = self._fit()
        self.alone = np.concatenate([self.dna, np.zeros((self.n, groups + 1))], axis=1) + self.fit
        """Every sample as a body of its own, all names being free: (samples, columns)."""
        self.ln_count, self.tilt = self._count()
        size = np.array(self.capacity)
        with np.errstate(divide="ignore"):
            self.ln_places = np.log(np.where(np.isinf(size), 1.0, size))

    def _known(self, f: int) -> bool:
        """Whether every body's weight in a family is told by `Problem.bodies`."""
        if self.problem.bodies is None or not self.n:
            return False
        return not np.isnan(self.weights([(0,)])[0][list(self.problem.families[f].names)]).any()

    def weights(self, bodies: Sequence[Body]) -> list[Floats]:
        """`Bodies.ln_weights`, each body asked for once; the problem must have them."""
        assert self.problem.bodies is not None
        new = [body for body in dict.fromkeys(bodies) if body not in self._weights]
        if new:
            if len(self._weights) + len(new) > _MOST_WEIGHTS:
                self._weights.clear()
                new = list(dict.fromkeys(bodies))
            self.asked += len(new)
            self._weights.update(zip(new, self.problem.bodies.ln_weights(new), strict=True))
        return [self._weights[body] for body in bodies]

    @cached_property
    def near(self) -> list[list[int]]:
        """For every sample those that may be of one body with it."""
        p, n = self.problem, self.n
        near = np.zeros((n, n), dtype=bool) if p.bodies is None else p.bodies.may_be_one.copy()
        if p.bodies is None and not self.single:
            near = np.array([self.ln_more((i,)) > -inf for i in range(n)]).reshape(n, n)
        for i, j in p.apart:
            near[i, j] = near[j, i] = False
        near &= near.T
        np.fill_diagonal(near, False)
        return [np.flatnonzero(row).tolist() for row in near]

    def _alone(self) -> Floats:
        """DNA of every sample alone at every name: shape (samples, names)."""
        found = np.zeros((self.n, self.names))
        for name, (f, at) in enumerate(self.of_name):
            found[:, name] = self.given(f, at, ((),) * len(self.problem.families[f].names))
        return found

    def _fit(self) -> Floats:
        """What is not DNA, with the prior as far as each sample has its own: shape (samples, columns)."""
        p, prior = self.problem, self.problem.prior
        groups = np.array([g.ln_fit for g in p.groups]).reshape(len(p.groups), self.n).T
        found = np.concatenate([p.ln_fit.reshape(self.n, self.names), groups], axis=1) + prior.ln_on_list
        found = np.concatenate([found, (p.ln_fit_stranger + prior.ln_on_stranger).reshape(self.n, 1)], axis=1)
        if prior.kind == "bodies" and prior.strangers <= 0:
            found[:, -1] = -inf
        if prior.kind == "bodies" and prior.strangers >= 1:
            found[:, :-1] = -inf
        return np.asarray(found)

    def _count(self) -> tuple[Floats, float]:
        """ln of the prior by how many samples are listed, and what of it a row may carry: ln per listed sample."""
        prior, n = self.problem.prior, self.n
        if prior.kind != "bodies":
            return np.zeros(n + 1), 0.0
        ln = np.array([prior.ln_listed(k, n) for k in range(n + 1)])
        k = max(0, min(n, prior.names, round((1.0 - prior.strangers) * n)) - 1)
        tilt = float(ln[k + 1] - ln[k]) if n and ln[k + 1] > -inf and ln[k] > -inf else 0.0
        return np.maximum(ln, LEAST) - tilt * np.arange(n + 1), tilt

    def given(self, f: int, at: int, held: Held) -> Floats:
        """`Family.ln_given` of family ``f``."""
        key = f, at, held
        found = self._given.get(key)
        if found is None:
            self.asked += 1
            found = self._given[key] = self.problem.families[f].ln_given(at, held)
        return found

    def ln_family(self, f: int, held: Held) -> float:
        """The weight of a family's data with what its names hold, by the chain rule; at least `LEAST`."""
        key = f, held
        found = self._families.get(key)
        if found is None:
            at = next((k for k in reversed(range(len(held))) if held[k]), None)
            if at is None:
                found = 0.0
            else:
                before = (*held[:at], held[at][:-1], *held[at + 1 :])
                found = self.ln_family(f, before)
                if found > LEAST:
                    found = max(LEAST, found + float(self.given(f, at, before)[held[at][-1]]))
            self._families[key] = found
        return found

    def ln_more(self, body: Body) -> Floats:
        """`Problem.ln_body`."""
        found = self._bodies.get(body)
        if found is None:
            self.asked += 1
            found = self._bodies[body] = self.problem.ln_body(body)
        return found

    def ln_body(self, body: Body) -> float:
        """The weight of a body of somebody unrelated."""
        if self.problem.bodies is not None and len(body) > 1:
            return float(self.weights([body])[0][-1])
        return sum(float(self.ln_more(body[:k])[body[k]]) for k in range(1, len(body)))

    def ln_dna(self, body: Body) -> Floats:
        """What a row says of DNA at the names: (names,)."""
        if len(body) == 1:
            return np.asarray(self.dna[body[0]])
        # the sample that says most speaks for its body; a family's own weight corrects it
        together = max(self.ln_body(body), -1e3)
        rows = self.dna[list(body)]
        found = rows[int(np.abs(np.maximum(rows, -50.0)).sum(axis=1).argmax())] + together
        if self.problem.bodies is not None:
            known = self.weights([body])[0][:-1]
            found = np.where(self.plain[: self.names], known, found)
        return np.asarray(found)

    def row(self, body: Body) -> Row:
        """The weights of a body at all columns."""
        found = self._rows.get(body)
        if found is None:
            if len(self._rows) > _MOST_ROWS:
                self._rows.clear()
            found = self._rows[body] = self._row(body)
        return found

    def _row(self, body: Body) -> Row:
        outside = self.columns - self.names
        together = 0.0 if len(body) == 1 else self.ln_body(body)
        ln = np.concatenate([self.ln_dna(body), np.full(outside, together)]) + self.fit[list(body)].sum(axis=0)
        ln[:-1] += self.tilt
        drawn = ln + self.ln_places
        top = float(drawn.max())
        weight = np.exp(drawn - top) if top > -inf else np.zeros(self.columns)
        order = np.argsort(weight, kind="stable")
        order = order[weight[order] > 0]
        total = float(weight.sum())
        cumulated = array("d", np.cumsum(weight[order]).tolist())
        ln_total = top + log(total) if total > 0 else LEAST
        return Row(ln, ln_total, order.tolist(), cumulated, array("d", weight.tolist()))

    def ln_excess(self, f: int, bodies: Sequence[Body]) -> float:
        """What a family filled so weighs beyond the rows of these bodies."""
        names = self.problem.families[f].names
        ln = self.ln_family(f, tuple(bodies))
        rows = sum(float(self.ln_dna(body)[name]) for name, body in zip(names, bodies, strict=True) if body)
        return ln - max(rows, LEAST)
