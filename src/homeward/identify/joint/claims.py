"""How probable several claims are together: exactly by summing again, from states drawn, or within bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from math import exp, inf, sqrt

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.exact import ln_total
from homeward.identify.joint.posterior import JointPosterior
from homeward.identify.joint.problem import Problem

__all__ = ["Chance", "Claim", "exact_chance", "mixed_chance", "of_one_body", "posterior_chance", "probability_together"]

Floats = NDArray[np.float64]

_BATCHES = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """That some samples are of one body, and that body is of one of these names."""

    samples: tuple[str, ...]
    missing: tuple[str, ...]


Chance = Callable[[Sequence[Claim]], tuple[float, float]]
"""P(all claims hold and no two bodies are of one name), and its standard error."""


def probability_together(problem: Problem, pairs: Sequence[tuple[str, str]]) -> float:
    """P(every sample is of the name it is paired with), by summing exactly once more."""
    return exact_chance(problem)(of_one_body([Claim((sample,), (name,)) for sample, name in pairs]))[0]


def of_one_body(claims: Sequence[Claim]) -> list[Claim]:
    """The same claims, with samples that are claimed for one and the same name as one body."""
    found: dict[tuple[str, ...] | int, Claim] = {}
    for k, c in enumerate(claims):
        key = c.missing if len(c.missing) == 1 else k
        known = found[key].samples if key in found else ()
        found[key] = Claim(tuple(dict.fromkeys((*known, *c.samples))), c.missing)
    return list(found.values())


def exact_chance(problem: Problem, units: Mapping[str, str] | None = None) -> Chance:
    """From the exact solver; ``units``: sample → the sample of the problem that stands for its body, where another.

    Each question costs one more sum, a small one: whatever contradicts the claims is left out of it.
    """
    full = ln_total(problem)
    place = {sample: i for i, sample in enumerate(problem.samples)}
    column = {name: k for k, name in enumerate(problem.names)}

    def chance(claims: Sequence[Claim]) -> tuple[float, float]:
        total = 0.0
        rows = [sorted({place[(units or {}).get(s, s)] for s in c.samples}) for c in claims]
        for names in _ways(claims, rows):
            allowed = [[column[n] for n in each if n in column] for each in names]
            total += exp(ln_total(_restricted(problem, rows, allowed)) - full)
        return min(total, 1.0), 0.0

    return chance


def _ways(claims: Sequence[Claim], rows: Sequence[Sequence[int]]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Names for every claim; a body of several samples takes them one after the other, so that all are of one."""
    each = [
        [(n,) for n in c.missing] if len(r) > 1 and len(c.missing) > 1 else [c.missing]
        for c, r in zip(claims, rows, strict=True)
    ]
    yield from product(*each)


def _restricted(problem: Problem, rows: Sequence[Sequence[int]], allowed: Sequence[Sequence[int]]) -> Problem:
    """The problem with nothing left that contradicts these places."""
    fit, stranger = problem.ln_fit.copy(), problem.ln_fit_stranger.copy()
    placed = {i for row in rows for i in row}
    for row, names in zip(rows, allowed, strict=True):
        forbidden = np.setdiff1d(np.arange(fit.shape[1]), names)
        for i in row:
            fit[i, forbidden] = -inf
            stranger[i] = -inf
    groups = tuple(
        replace(g, ln_fit=tuple(-inf if i in placed else ln for i, ln in enumerate(g.ln_fit))) for g in problem.groups
    )
    apart = {(min(i, j), max(i, j)) for one, other in combinations(rows, 2) for i in one for j in other}
    return replace(problem, ln_fit=fit, ln_fit_stranger=stranger, groups=groups, apart=problem.apart | apart)


def mixed_chance(chances: Sequence[Chance], weights: Sequence[float]) -> Chance:
    """Over several populations, each with its posterior weight."""

    def chance(claims: Sequence[Claim]) -> tuple[float, float]:
        each = [ask(claims) for ask in chances]
        total = sum(w * p for w, (p, _) in zip(weights, each, strict=True))
        return total, sqrt(sum((w * e) ** 2 for w, (_, e) in zip(weights, each, strict=True)))

    return chance


def posterior_chance(posterior: JointPosterior) -> Chance:
    """From the states drawn, kept within what the marginals allow; without states the least the marginals allow."""
    place = {sample: i for i, sample in enumerate(posterior.samples)}
    column = {name: k for k, name in enumerate(posterior.names)}

    def chance(claims: Sequence[Claim]) -> tuple[float, float]:
        rows = [[place[s] for s in c.samples] for c in claims]
        names = [[column[n] for n in c.missing if n in column] for c in claims]
        low, high, bound_error = _bounds(posterior, rows, names)
        if posterior.states is None:
            return low, bound_error
        share, error = _share(posterior, posterior.states, rows, names)
        return min(max(share, low), high), min(error, high - low + bound_error)

    return chance


def _bounds(
    posterior: JointPosterior, rows: Sequence[Sequence[int]], names: Sequence[Sequence[int]]
) -> tuple[float, float, float]:
    """The least and the most that all claims can have together (Fréchet), and the standard error of either."""
    fails, most, variance = 0.0, 1.0, 0.0
    for row, own in zip(rows, names, strict=True):
        within = [float(posterior.marginals[i, own].sum()) for i in row]
        most = min(most, *within)
        # all are there if each is, or if one is and the others are of his body: the likelier of the two
        each = sum(max(1.0 - w, 0.0) for w in within)
        apart = sum(max(1.0 - float(posterior.same_body[row[0], i]), 0.0) for i in row[1:])
        first = max(1.0 - within[0], 0.0) + apart
        fails += first if len(own) > 1 else min(each, first)
        counted = row if len(own) == 1 and each < first else row[:1]
        variance += sum(float((posterior.mc_error[i, own] ** 2).sum()) for i in counted)
    for (one, own), (other, others) in combinations(list(zip(rows, names, strict=True)), 2):
        if set(own) & set(others):
            fails += float(posterior.same_body[one[0], other[0]])
    low = min(max(1.0 - fails, 0.0), most)
    return low, most, sqrt(variance)


def _share(
    posterior: JointPosterior,
    states: NDArray[np.intp],
    rows: Sequence[Sequence[int]],
    names: Sequence[Sequence[int]],
) -> tuple[float, float]:
    """The share of drawn states in which all claims hold, with a standard error that is never nothing."""
    holds = np.ones(len(states), dtype=bool)
    first = []
    for row, own in zip(rows, names, strict=True):
        at = states[:, row]
        holds &= np.isin(at[:, 0], own) & (at == at[:, :1]).all(axis=1)
        first.append(at[:, 0])
    for one, other in combinations(first, 2):
        holds &= one != other
    share, drawn = float(holds.mean()), len(states)
    # states of one chain follow each other: batches of them err as one
    batches = [float(each.mean()) for each in np.array_split(holds, min(_BATCHES, drawn))]
    variance = float(np.var(batches, ddof=1)) / len(batches) if len(batches) > 1 else 0.0
    middle = (share * drawn + 2.0) / (drawn + 4.0)
    return share, sqrt(max(variance, middle * (1.0 - middle) / (drawn + 4.0)))
