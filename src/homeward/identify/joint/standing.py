"""Where every body stands: the joint posterior read body by body, as conclusions and their reasons need it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.case import Thresholds
from homeward.identify.joint.claims import Chance, Claim
from homeward.identify.joint.crossing import Estimate
from homeward.identify.joint.groups import Body, bodies_of
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.undisputed import without_rival

__all__ = ["Standing"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Standing:
    """The posterior with all that is known besides; arguments as in `conclude`."""

    posterior: JointPosterior
    thresholds: Thresholds
    ln_lr: Floats
    incompatible: NDArray[np.int16] | None
    kin: Mapping[str, Mapping[str, str]]
    signed: Mapping[str, str]
    unconditioned: JointPosterior | None
    chance: Chance

    @cached_property
    def names(self) -> int:
        return len(self.posterior.names)

    @cached_property
    def undisputed(self) -> NDArray[np.bool_]:
        """Where a pair's own LR says so; samples of one body are no rivals of each other."""
        found = np.zeros(self.ln_lr.shape, dtype=bool)
        first = [body[0] for body in self.bodies]
        best = np.nan_to_num(np.array([self.best_lr(b) for b in self.bodies]).reshape(len(first), self.names), nan=0.0)
        found[first] = without_rival(best, threshold=self.thresholds.undisputed_lr)
        return found

    def best_lr(self, body: Body) -> Floats:
        """For every name the largest ln LR of the samples of a body, NaN where nothing was compared."""
        known = np.where(np.isnan(self.ln_lr[list(body)]), -inf, self.ln_lr[list(body)]).max(axis=0)
        return np.where(np.isnan(self.ln_lr[list(body)]).all(axis=0), np.nan, known)

    def row(self, body: Body) -> Floats:
        """The most that any name, group or stranger can have of all samples of a body."""
        return np.asarray(self.posterior.marginals[list(body)].min(axis=0))

    def within(self, body: Body, names: Sequence[int]) -> Estimate:
        """P(a body is of one of these names)."""
        rows = self.posterior.marginals[list(body)]
        if bool((self.posterior.same_body[np.ix_(body, body)] == 1.0).all() and (rows == rows[0]).all()):
            others = np.delete(rows[0], names)
            error = self.posterior.error_of(body[0], names)
            return Estimate(float(rows[0, list(names)].sum()), float(others.sum()), error)
        return self.together([body], names)

    def together(self, bodies: Sequence[Body], names: Sequence[int]) -> Estimate:
        """P(these bodies are of these names, in some order)."""
        p = self.posterior
        missing = tuple(p.names[k] for k in names)
        claims = [Claim(tuple(p.samples[i] for i in body), missing) for body in bodies]
        posterior, error = self.chance(claims)
        return Estimate(posterior, 1.0 - posterior, error)

    def crossed(self, e: Estimate) -> bool:
        """By four standard errors; where chains have not converged an estimate crosses nothing."""
        sure = self.posterior.method.converged or e.error == 0.0
        return sure and e.crosses(self.thresholds.posterior)

    @cached_property
    def named(self) -> dict[Body, tuple[int, Estimate] | None]:
        """Every body, with the name that crosses the threshold for it; a sample that spoils this stands by itself."""
        found: dict[Body, tuple[int, Estimate] | None] = {}
        waiting = bodies_of(self.posterior, self.thresholds.posterior)[::-1]
        while waiting:
            body = waiting.pop()
            found[body] = None
            name = self.leading(body)
            if name is None:
                continue
            e = self.within(body, [name])
            if self.crossed(e):
                found[body] = name, e
            elif len(body) > 1 and any(self.crossed(self.within((i,), [name])) for i in body):
                del found[body]
                weakest = min(body, key=lambda i: float(self.posterior.marginals[i, name]))
                waiting += [(weakest,), tuple(i for i in body if i != weakest)]
        return found

    @cached_property
    def bodies(self) -> list[Body]:
        return list(self.named)

    @cached_property
    def rows(self) -> Floats:
        """`row` of every body."""
        return np.array([self.row(b) for b in self.bodies]).reshape(len(self.bodies), self.posterior.marginals.shape[1])

    def ids(self, body: Body) -> tuple[str, ...]:
        return tuple(self.posterior.samples[i] for i in body)

    def leading(self, body: Body) -> int | None:
        row = self.row(body)[: self.names]
        return int(row.argmax()) if row.size and row.max() > 0 else None

    def compared(self, body: Body) -> bool:
        """Whether its DNA can be compared with any family's."""
        return not np.isnan(self.ln_lr[list(body)]).all()
