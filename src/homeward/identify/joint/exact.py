"""The joint posterior exactly: every way to place all samples, summed place by place over subsets of the samples.

The number of names does not matter much, the number of samples does: time grows as 2^samples for bodies and as
3^samples, at worst, for fragments. What is impossible (a weight of exactly zero) is left out, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import comb, inf, perm

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Progress, silent
from homeward.identify.joint.best import best_assignments
from homeward.identify.joint.outside import outside_of
from homeward.identify.joint.places import Entries, entries_of
from homeward.identify.joint.posterior import JointMethod, JointPosterior
from homeward.identify.joint.problem import Family, Held, Problem
from homeward.identify.joint.subsets import Plus, bits, blocks_of, joined, nothing, of_blocks, spread, without

__all__ = ["MOST_WORK", "Impossible", "ln_total", "solve_exactly", "states", "work"]

Floats = NDArray[np.float64]

_HELD = 100.0
"""Additions that one body at the name of a family of one is worth."""
_FILLING = 1_000.0
"""Additions that one way to fill a family of several names is worth."""
_ASKED = 30_000.0
"""Additions that the weights of a name given what others hold are worth, where a family does not know all at once."""
_COUNTED = 1 << 20
"""Steps that counting the ways to fill one family may take."""
MOST_WORK = 3e8
"""Additions up to which a problem is solved exactly: about ten seconds."""


class Impossible(ValueError):
    """No state that the prior allows can have led to what was seen."""


def work(problem: Problem) -> float:
    """About how many additions `solve_exactly` makes, at most; what one sample by itself cannot be is left out."""
    n = len(problem.samples)
    if n > 24:
        return inf
    blocks = [1 << i for i in range(n)] if problem.one_sample_a_body else _explained_bodies(problem)
    each = sum(2.0 ** (n - mask.bit_count()) for mask in blocks)
    total = sum(min(each * (len(blocks) + 1.0) ** (len(f.names) - 1), 3.0**n) for f in problem.families)
    outside = (n + 1.0) ** len(problem.groups) * 2.0**n * n if problem.one_sample_a_body else each * n
    return total + outside + sum(_work_of_filling(problem, f, blocks) for f in problem.families)


def _work_of_filling(problem: Problem, family: Family, blocks: Sequence[int]) -> float:
    ways = _ways(problem, family, blocks)
    if len(family.names) == 1:
        return _HELD * ways[-1]
    return _FILLING * ways[-1] + (_ASKED * ways[-2] if family.ways is None else 0.0)


def _ways(problem: Problem, family: Family, blocks: Sequence[int]) -> list[float]:
    """At most how many ways there are to fill the first names of a family: none of them, one, … all."""
    names, n = len(family.names), len(problem.samples)
    nobody: Held = ((),) * names
    ln = [family.ln_given(at, nobody) + problem.ln_fit[:, name] for at, name in enumerate(family.names)]
    possible = [[b for b in blocks if all(each[i] > -inf for i in bits(b))] for each in ln]
    if sum(2.0 ** (n - b.bit_count()) for each in possible for b in each) > _COUNTED:
        return [1.0, *(_fillings(max(map(len, possible)), k + 1) for k in range(names))]
    counts = np.zeros(1 << n)
    counts[0] = 1.0
    found = [1.0]
    for bodies in possible:
        after = counts.copy()
        for body in bodies:
            at = without(n, body)
            after[at | body] += counts[at]
        counts = after
        found.append(float(counts.sum()))
    return found


def _fillings(bodies: int, names: int) -> float:
    """Ways to fill some names, at most: each name nobody or another body."""
    return sum(float(comb(names, k) * perm(bodies, k)) for k in range(min(bodies, names) + 1))


def solve_exactly(problem: Problem, *, progress: Progress = silent) -> JointPosterior:
    """The joint posterior, summed over all states.

    Raises `Impossible` where no state that the prior allows can have led to what was seen.
    """
    exact = _Exact(problem, progress)
    if not np.isfinite(exact.ln_total):
        raise Impossible("no state of the incident can have led to what was seen")
    return exact.posterior()


def ln_total(problem: Problem) -> float:
    """Natural log of Σ prior × likelihood over all states, both up to factors of their own; -inf where none can be."""
    return _Exact(problem, silent).ln_total


def _possible_bodies(problem: Problem) -> list[int]:
    """Subsets that may be one body as far as the prior knows."""
    n = len(problem.samples)
    possible = [[(min(i, j), max(i, j)) not in problem.apart for j in range(n)] for i in range(n)]
    return blocks_of(n, possible, problem.one_sample_a_body)


def _explained_bodies(problem: Problem) -> list[int]:
    """Those of them whose samples are, two by two, no contradiction of each other."""
    n = len(problem.samples)
    seen = [problem.ln_body((i,)) > -inf for i in range(n)]
    possible = [[bool(seen[i][j]) and (min(i, j), max(i, j)) not in problem.apart for j in range(n)] for i in range(n)]
    return blocks_of(n, possible, problem.one_sample_a_body)


class _Exact:
    """Sums and maxima, each computed once when first asked for."""

    def __init__(self, problem: Problem, progress: Progress) -> None:
        self.problem = problem
        self.progress = progress
        self.n = len(problem.samples)
        self.full = (1 << self.n) - 1
        explained = _possible_bodies(problem) if problem.one_sample_a_body else _explained_bodies(problem)
        self.bodies = {mask: ln for mask in explained if (ln := self._ln_body(mask)) > -inf}
        self.entries: list[Entries] = []
        for done, family in enumerate(problem.families):
            progress("joint-families", done, 2 * len(problem.families))
            self.entries.append(entries_of(problem, family, list(self.bodies)))
        self.outside = outside_of(problem, self.bodies)
        self.backward = self._backward(np.logaddexp, [e.summed() for e in self.entries], self.outside.ending())
        self.ln_total = float(self.backward[0][0])

    def _ln_body(self, mask: int) -> float:
        held: tuple[int, ...] = ()
        total = 0.0
        for i in bits(mask):
            total += float(self.problem.ln_body(held)[i]) if held else 0.0
            held = (*held, i)
            if total == -inf:
                break
        return total

    @cached_property
    def forward(self) -> list[Floats]:
        """What all places before add, by the samples they use: one array a family, then all families."""
        found = [nothing(self.n)]
        for entries in self.entries:
            found.append(spread(found[-1], entries.summed(), np.logaddexp))
        return found

    def _backward(self, plus: Plus, places: Sequence[Mapping[int, float]], ending: Floats) -> list[Floats]:
        """What all later places add, by the samples used before: one array a family, then the ending."""
        found = [ending]
        for entries in reversed(places):
            after = found[-1]
            before = after.copy()
            for mask, ln in entries.items():
                if mask:
                    at = without(self.n, mask)
                    before[at] = plus(before[at], after[at | mask] + ln)
            found.append(before)
        return found[::-1]

    def posterior(self) -> JointPosterior:
        p = self.problem
        names, groups = len(p.names), len(p.groups)
        marginals = np.zeros((self.n, names + groups + 1))
        same = np.eye(self.n)
        no_sample = np.ones(names)
        for f, family in enumerate(p.families):
            self.progress("joint-families", len(p.families) + f, 2 * len(p.families))
            entries, chances = self.entries[f], self._chances(f)
            for k, name in enumerate(family.names):
                bodies, which = np.unique(entries.held[:, k], return_inverse=True)
                each = np.bincount(which, weights=chances, minlength=len(bodies))
                for body, chance in zip(bodies.tolist(), each.tolist(), strict=True):
                    if not body:
                        continue
                    held = list(bits(body))
                    marginals[held, name] += chance
                    no_sample[name] -= chance
                    same[np.ix_(held, held)] += chance
        same[np.arange(self.n), np.arange(self.n)] = 1.0
        outside, together = self.outside.marginals(self.forward[-1], self.ln_total)
        marginals[:, names:] = outside
        found = JointPosterior(
            p.samples,
            p.names,
            tuple(g.label for g in p.groups),
            marginals,
            np.zeros_like(marginals),
            np.minimum(same + together, 1.0),
            self._number_of_bodies(),
            best_assignments(p, self.entries, self.outside, self._bounds, self.ln_total),
            JointMethod("exact", states=states(p), ln_evidence=p.ln_base + self.ln_total - _counted(p, prior=True)),
            np.clip(no_sample, 0.0, 1.0),
            self.glr,
        )
        self.progress("joint-families", 2 * len(p.families), 2 * len(p.families))
        return found

    def _chances(self, f: int) -> Floats:
        """Posterior of every way to fill a family: shape (ways,)."""
        entries = self.entries[f]
        masks, which = entries.by_mask
        rest = np.zeros(len(masks))
        for k, mask in enumerate(masks):
            at = without(self.n, mask)
            rest[k] = np.logaddexp.reduce(self.forward[f][at] + self.backward[f + 1][at | mask])
        return np.asarray(np.exp(rest[which] + entries.ln - self.ln_total))

    @cached_property
    def _bounds(self) -> list[Floats]:
        """The best that later families and the sum over everybody outside can add."""
        places = [e.over_masks(e.ln, np.maximum) for e in self.entries]
        return self._backward(np.maximum, places, self.outside.ending())

    @cached_property
    def glr(self) -> Floats:
        """ln of the generalised LR of every sample and name: the best likelihood with it, over the best without."""
        places = [e.over_masks(e.ln_lr, np.maximum) for e in self.entries]
        forward = [nothing(self.n)]
        for place in places:
            forward.append(spread(forward[-1], place, np.maximum))
        backward = self._backward(np.maximum, places, self.outside.best_ending())
        names = len(self.problem.names)
        best_with = np.full((self.n, names + 1), -inf)
        for f, (family, entries) in enumerate(zip(self.problem.families, self.entries, strict=True)):
            masks, which = entries.by_mask
            rest = np.zeros(len(masks))
            for k, mask in enumerate(masks):
                at = without(self.n, mask)
                rest[k] = (forward[f][at] + backward[f + 1][at | mask]).max()
            ln = rest[which] + entries.ln_lr
            for i in range(self.n):
                holds = entries.held >> i & 1 == 1
                best_with[i, list(family.names)] = np.where(holds, ln[:, None], -inf).max(axis=0)
        best_with[:, names] = self.outside.best_with(forward[-1])
        return _against_the_rest(best_with)[:, :names]

    def _number_of_bodies(self) -> Floats:
        """P(number of distinct bodies), shape (samples + 1,)."""
        if self.problem.one_sample_a_body:
            found = np.zeros(self.n + 1)
            found[self.n] = 1.0
            return found
        layers = np.full((self.n + 1, 1 << self.n), -inf)
        layers[0, 0] = 0.0
        for entries in self.entries:
            by_count: dict[tuple[int, int], float] = {}
            number = (entries.held > 0).sum(axis=1)
            for more in np.unique(number).tolist():
                those = number == more
                part = Entries(entries.held[those], entries.ln[those], entries.ln_lr[those])
                by_count.update({(more, mask): ln for mask, ln in part.summed().items()})
            after = np.full(layers.shape, -inf)
            for (more, mask), ln in by_count.items():
                at = without(self.n, mask)
                rows = slice(more, None)
                added = layers[: self.n + 1 - more, at] + ln
                after[rows, at | mask] = np.logaddexp(after[rows, at | mask], added)
            layers = after
        return self.outside.number_of_bodies(layers, self.ln_total)


def states(problem: Problem) -> float:
    """States of non-zero prior, those of likelihood zero included."""
    return float(np.rint(np.exp(_counted(problem, prior=False))))


def _counted(p: Problem, *, prior: bool) -> float:
    """ln of the sum over the admissible states of their prior, or of one each."""
    allowed = _possible_bodies(p)
    n = len(p.samples)
    array = nothing(n)
    each = p.prior.ln_on_list if prior or p.prior.ln_on_list == -inf else 0.0
    alike: dict[tuple[bool, ...], int] = {}
    for forbidden in (p.ln_fit == -inf).T.tolist():
        alike[tuple(forbidden)] = alike.get(tuple(forbidden), 0) + 1
    for forbidden, names in alike.items():
        blocks = {m: m.bit_count() * each for m in allowed if not any(forbidden[i] for i in bits(m))}
        array = joined(array, of_blocks(n, blocks, names, np.logaddexp), np.logaddexp)
    ending = outside_of(p, dict.fromkeys(allowed, 0.0), counted=True, prior=prior).ending()
    return float(np.logaddexp.reduce(array + ending))


def _against_the_rest(best: Floats) -> Floats:
    """Every column's value less the best of the other columns: shape as given."""
    found = np.empty_like(best)
    for k in range(best.shape[1]):
        others = np.delete(best, k, axis=1).max(axis=1, initial=-inf)
        with np.errstate(invalid="ignore"):
            found[:, k] = np.where(np.isneginf(best[:, k]), -inf, best[:, k] - others)
    return found
