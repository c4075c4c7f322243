"""Networks whose founders share urns, summed in the cheapest way there is.

Few founder alleles are summed over partitions, all loci together; more are integrated over the subpopulation's
frequencies with a rule that is exact; beyond that with a poorer rule, or at random, whose error is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood import integration
from homeward.likelihood.descent import by_descents, cheaper_descents
from homeward.likelihood.integration import Points
from homeward.likelihood.partitions import by_partitions
from homeward.likelihood.planner import Scope, plan_elimination
from homeward.likelihood.structure import Drawn, Setting, Summed, System, inbred, settings

__all__ = ["MOST_PARTITIONS", "MOST_POINTS", "urn_sum"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

MOST_PARTITIONS = 21147
"""Partitions ever summed: those of nine founder alleles."""
MOST_POINTS = 200_000
"""Points of the subpopulation's frequencies at which a network is ever evaluated."""
_MOST_WORK = 2e10
"""Multiplications a locus that a rule may take."""
_PARTITION = 3e5
"""What one partition costs besides its arithmetic, in multiplications: planning and calls."""
_FEW = 52
"""Partitions that are never too many: those of five founder alleles."""
_FOLDED = 4
"""Inbred founders beyond which it is not tried one by one who has one draw for both alleles."""
_NOISY = 1e-9
"""Relative error by cancellation that still counts as exact."""
_ROUNDED = 1e-15
"""Relative error of one term of a sum."""
_POOR = 0.01
"""Relative error of a rule beyond which frequencies are drawn at random."""
_DRAWS = 20_000
_SEED = 1994
_AT_ONCE = 1 << 22


def urn_sum(system: System) -> Summed:
    """Sum a network whose founder alleles come from urns: shape (loci, *dims of keep)."""
    total = Summed.zero(system)
    error = np.zeros(system.loci)
    for setting in settings(system, len(inbred(system)) > _FOLDED):
        found = _one(system, setting)
        total.add(found.value, setting.ln + found.ln)
        error = np.maximum(error, found.relative_error)
    total.relative_error = error
    lost = system.lost(total.value)
    if len(lost):
        again = urn_sum(replace(system.rows(lost), rescaled=True))
        total.value[lost], total.ln[lost], total.relative_error[lost] = again.value, again.ln, again.relative_error
    return total.settled()


def _one(system: System, setting: Setting) -> Summed:
    """One setting, over partitions or over points of the frequencies."""
    number = MOST_PARTITIONS + 1 if setting.folded else prod(_bell(u.draws) for u in setting.urns)
    found_descents = cheaper_descents(system, setting, number)
    if found_descents is not None:
        return Summed(by_descents(system, setting, found_descents), np.zeros(1), np.zeros(1))
    integrated = None
    if number > _FEW:
        integrated = _Integrated.of(system, setting)
    if integrated is None or (number <= MOST_PARTITIONS and integrated.dearer(number)):
        value, ln = by_partitions(system, setting)
        return Summed(value, ln, np.zeros(1))
    found = Summed.zero(system)
    for row in integrated.rows:
        found.value[row], found.ln[row], found.relative_error[row] = integrated.at(row)
    return found


def _bell(n: int) -> int:
    """How many partitions n things have."""
    numbers = [1]
    for k in range(n):
        numbers.append(sum(comb(k, i) * numbers[i] for i in range(k + 1)))
    return numbers[n]


@dataclass(frozen=True, slots=True)
class _Integrated:
    """One setting as an integral over frequencies: the scopes of the network with its priors, and its work.

    ``priors``: of which urn each draw is, and its variable; ``tied``: pairs of variables that are one draw.
    """

    system: System
    setting: Setting
    priors: tuple[tuple[int, Scope], ...]
    tied: tuple[tuple[int, int], ...]
    scopes: tuple[Scope, ...]
    rows: range
    work: float

    @classmethod
    def of(cls, system: System, setting: Setting) -> _Integrated:
        priors = tuple((k, (item[0],)) for k, urn in enumerate(setting.urns) for item in urn.items)
        tied = tuple((item[0], v) for urn in setting.urns for item in urn.items for v in item[1:])
        folded = tuple(system.urn.founders[i].variables for i in setting.folded)
        scopes = (*system.scopes, *(scope for _, scope in priors), *tied, *folded)
        work = max(1.0, plan_elimination(scopes, system.dims, system.keep).work(system.dims))
        return cls(system, setting, priors, tied, scopes, range(system.loci), work)

    def blocks(self, urn: Drawn, row: int) -> int:
        return int(np.count_nonzero(urn.fresh[row if len(urn.fresh) > 1 else 0] > 0))

    def points(self, row: int) -> int:
        """Points of the exact rule with the fewest."""
        return prod(min(self._both(urn, row)) for urn in self.setting.urns)

    def _both(self, urn: Drawn, row: int) -> tuple[int, int]:
        blocks = self.blocks(urn, row)
        return (
            integration.points_of_betas(urn.draws, blocks),
            integration.points_of_counts(urn.draws // 2, blocks),
        )

    def dearer(self, partitions: int) -> bool:
        """Whether so many partitions take less than this does."""
        points = sum(self.points(row) for row in self.rows)
        return partitions * (len(self.rows) * self.work + _PARTITION) <= points * self.work

    def at(self, row: int) -> tuple[Floats, float, float]:
        """The integral at one locus, its ln scale and its relative error."""
        rule = self._exact(row)
        if rule is not None:
            return self._over(rule, row)
        found = self._over(self._poorer(row), row)
        if found[2] > _POOR:
            theta = self.system.urn.theta
            number = int(min(_DRAWS, max(1000, _MOST_WORK / self.work)))
            rules = [integration.draws(u, row, theta, number, _SEED + k) for k, u in enumerate(self.setting.urns)]
            # the urns' draws go together one by one: a product rule would need far more of them
            together = Points(
                tuple(r.q[0] for r in rules),
                prod((r.weights * number for r in rules), start=1 / number * np.ones(number)),
                np.zeros(0),
            )
            sampled = self._over(together, row)
            found = min(found, sampled, key=lambda f: f[2])
        return found

    def _exact(self, row: int) -> Points | None:
        """The exact rule with the fewest points whose cancellation is no matter."""
        theta = self.system.urn.theta
        most = min(MOST_POINTS, _MOST_WORK / self.work)
        rules = []
        for urn in self.setting.urns:
            by_betas, by_counts = self._both(urn, row)
            rule = None
            if by_counts < by_betas and by_counts <= most:
                rule = integration.counts(urn, row, theta, urn.draws // 2)
                rule = None if rule.noise > _NOISY else rule
            if rule is None and by_betas <= most:
                rule = integration.betas(urn, row, theta)
            if rule is None:
                return None
            rules.append(rule)
        if prod(len(r.weights) for r in rules) > most:
            return None
        return integration.joined(rules)

    def _poorer(self, row: int) -> Points:
        """Counts on as many levels as the work allows."""
        theta = self.system.urn.theta
        most = min(MOST_POINTS, _MOST_WORK / self.work)
        levels = 0

        def points(levels: int) -> int:
            urns = self.setting.urns
            return prod(integration.points_of_counts(min(levels, u.draws // 2), self.blocks(u, row)) for u in urns)

        deepest = max(u.draws // 2 for u in self.setting.urns)
        while levels < deepest and points(levels + 1) <= most:
            levels += 1
        return integration.joined(
            [integration.counts(u, row, theta, min(levels, u.draws // 2)) for u in self.setting.urns]
        )

    def _over(self, rule: Points, row: int) -> tuple[Floats, float, float]:
        """Evaluate the network at every point of a rule."""
        total = [np.zeros([self.system.dims[v] for v in self.system.keep]) for _ in range(2)]
        top, squares, gross = -np.inf, 0.0, 0.0
        sampled = not len(rule.coarser)
        for part, values, ln in self._values(rule, row):
            highest = max(top, float(ln.max()))
            if not np.isfinite(highest):
                continue
            shrunk = np.exp(top - highest) if np.isfinite(top) else 0.0
            size = np.exp(ln - highest)
            for k, weights in enumerate((rule.weights, rule.weights if sampled else rule.coarser)):
                total[k] = shrunk * total[k] + np.tensordot(weights[part] * size, values, axes=1)
            sums = values.reshape(len(values), -1).sum(axis=1) * size * rule.weights[part]
            squares = shrunk**2 * squares + float((sums**2).sum())
            gross = shrunk * gross + float(np.abs(sums).sum())
            top = highest
        whole, coarser = (float(t.sum()) for t in total)
        if not whole > 0:
            return np.maximum(total[0], 0.0), -np.inf, 0.0 if whole == 0 else 1.0
        number = len(rule.weights)
        spread = np.sqrt(max(squares / whole**2 - 1 / number, 0.0))
        error = spread if sampled else 2 * abs(coarser - whole) / whole
        noise = _ROUNDED * gross / whole
        error = max(float(error), noise if noise > _NOISY else 0.0)
        return np.maximum(total[0], 0.0), top, error

    def _values(self, rule: Points, row: int) -> Iterator[tuple[slice, Floats, Floats]]:
        """The network at the points, some at a time: which, (points, *dims of keep), and ln scale."""
        system = self.system.rows(np.array([row]))
        each = max(1, _AT_ONCE // prod(system.dims[v] for v in system.keep))
        tied = [np.eye(system.dims[v])[None] for v, _ in self.tied]
        number = len(rule.weights)
        for start in range(0, number, each):
            part = slice(start, min(start + each, number))
            q = [x[part] for x in rule.q]
            arrays = [*system.factors, *(q[k] for k, _ in self.priors), *tied, *self._folded(system, q)]
            if not arrays:
                yield part, np.ones(part.stop - part.start), np.zeros(part.stop - part.start)
                continue
            values, ln = system.run(arrays, self.scopes, system.keep)
            shape = (part.stop - part.start, *values.shape[1:])
            yield part, np.broadcast_to(values, shape), np.broadcast_to(ln, shape[:1])

    def _folded(self, system: System, q: list[Floats]) -> Iterator[Floats]:
        """P(genotype | frequencies) of inbred founders, with one draw or two."""
        place = {urn.population: k for k, urn in enumerate(self.setting.urns)}
        for i in self.setting.folded:
            founder = system.urn.founders[i]
            f, p = founder.inbreeding, q[place[founder.population]]
            if founder.called:
                a, b = system.genotype[founder.node][0]
                yield np.asarray((1 - f) * p[:, a] * p[:, b] * (1 if a == b else 2) + (f * p[:, a] if a == b else 0.0))
            else:
                yield (1 - f) * p[:, :, None] * p[:, None, :] + f * p[:, :, None] * np.eye(p.shape[1])
