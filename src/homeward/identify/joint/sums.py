"""What part of an incident says of a conclusion when it is summed again, in every population, changed or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, isfinite, isnan, log

import numpy as np

from homeward.identify.joint.answer import Conclusion
from homeward.identify.joint.claims import Chance, Claim, exact_chance, of_one_body
from homeward.identify.joint.component import Component
from homeward.identify.joint.exact import ln_total
from homeward.identify.joint.problem import Problem

__all__ = ["Part", "Sums", "Worlds", "log10_lr"]

_SAME = 1e-9
"""Difference of posteriors that is rounding."""
_MOST_LN = 700.0
_NOISE = 1e-12
"""ln LR that is rounding."""

Worlds = Sequence[tuple[float, Problem]]
"""Populations, and pedigrees a family may have, each a problem with the natural log of its weight besides its own."""


@dataclass(frozen=True, eq=False)
class Part:
    """A component with its problem in every population, as solved."""

    component: Component
    worlds: Worlds


class Sums:
    """Sums over problems, each made once."""

    def __init__(self) -> None:
        self._total: dict[Problem, float] = {}
        self._chance: dict[Problem, Chance] = {}

    def moved(self, part: Part, worlds: Worlds, c: Conclusion, claims: Sequence[Claim]) -> float | None:
        """Where a change moves the posterior of the whole incident: as far, on the log-odds, as that of its part."""
        after = self.posterior(part, worlds, c, claims)
        before = self.posterior(part, part.worlds, c, claims)
        if after is None or before is None or c.posterior is None or abs(before - c.posterior) < _SAME:
            return after
        if not all(0.0 < p < 1.0 for p in (after, before, c.posterior)):
            return after
        ln_odds = _ln_odds(c.posterior) + _ln_odds(after) - _ln_odds(before)
        return 1.0 / (1.0 + exp(-ln_odds)) if ln_odds > -_MOST_LN else 0.0

    def posterior(self, part: Part, worlds: Worlds, c: Conclusion, claims: Sequence[Claim]) -> float | None:
        """P(what is concluded) in changed worlds; None where these allow nothing."""
        if c.missing:
            return self.together(part, worlds, claims)
        own = sorted({part.component.place[s] for s in c.samples})
        each = [
            self._mixed(part, worlds, [ln_total(_outside(part.component.counted(p), i)) for _, p in worlds])
            for i in own
        ]
        return None if None in each else min(x for x in each if x is not None)

    def together(self, part: Part, worlds: Worlds, claims: Sequence[Claim]) -> float | None:
        """P(all claims) in changed worlds; None where these allow nothing."""
        claims = of_one_body(claims)
        each = [self._chance_in(part, p)(claims)[0] for _, p in worlds]
        if len(worlds) == 1:
            return None if isnan(each[0]) else each[0]
        totals = [self._total_of(part, p) for _, p in worlds]
        ln = [t + _ln(p) if isfinite(t) else -inf for p, t in zip(each, totals, strict=True)]
        return self._mixed(part, worlds, ln)

    def _mixed(self, part: Part, worlds: Worlds, ln_hits: Sequence[float]) -> float | None:
        """Over worlds, each as likely as it makes everything seen."""
        totals = [self._total_of(part, p) for _, p in worlds]
        own = [w + p.ln_base if len(worlds) > 1 else 0.0 for w, p in worlds]
        below = float(np.logaddexp.reduce([w + t for w, t in zip(own, totals, strict=True)]))
        above = float(np.logaddexp.reduce([w + h for w, h in zip(own, ln_hits, strict=True)]))
        return min(exp(above - below), 1.0) if isfinite(below) else None

    def _chance_in(self, part: Part, problem: Problem) -> Chance:
        if problem not in self._chance:
            self._chance[problem] = exact_chance(part.component.counted(problem), part.component.first)
        return self._chance[problem]

    def _total_of(self, part: Part, problem: Problem) -> float:
        if problem not in self._total:
            self._total[problem] = ln_total(part.component.counted(problem))
        return self._total[problem]


def _outside(problem: Problem, sample: int) -> Problem:
    """The problem with nothing left in which a sample is of any family."""
    fit = problem.ln_fit.copy()
    fit[sample] = -inf
    return replace(problem, ln_fit=fit)


def log10_lr(part: Part, worlds: Worlds, c: Conclusion) -> float | None:
    """That of the sample of the largest LR, as in the conclusion; None where it has none or samples are joined."""
    component = part.component
    blocks = {component.blocks[component.place[s]] for s in c.samples}
    joined = any(len(block) > 1 or len(component.whole.joined[block[0]]) > 1 for block in blocks)
    if c.log10_lr is None or len(c.missing) != 1 or component.fixed or joined:
        return None
    above, below = [], []
    for w, p in worlds:
        name = p.names.index(c.missing[0])
        family = next(f for f in p.families if name in f.names)
        ln = family.ln_given(family.names.index(name), ((),) * len(family.names))
        weight = w + p.ln_base if len(worlds) > 1 else 0.0
        above.append(weight + max(float(ln[component.place[s]]) for s in c.samples))
        below.append(weight)
    found = float(np.logaddexp.reduce(above) - np.logaddexp.reduce(below))
    if not isfinite(found):
        return None
    return 0.0 if abs(found) < _NOISE else found / log(10.0)


def _ln(x: float) -> float:
    return log(x) if x > 0 else -inf


def _ln_odds(p: float) -> float:
    return log(p / (1.0 - p))
