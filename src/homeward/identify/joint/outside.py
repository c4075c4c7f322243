"""Samples of nobody with kin in the case: listed persons whom nothing tells apart, and strangers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import inf, log
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.problem import Problem
from homeward.identify.joint.subsets import (
    bits,
    joined,
    joined_by_number,
    ln_falling,
    nothing,
    of_blocks,
    of_blocks_by_number,
    without,
)

__all__ = ["Outside", "outside_of"]

Floats = NDArray[np.float64]
Counts = tuple[int, ...]


class Outside(Protocol):
    """What a solver asks of either prior; arrays are over the samples that families use."""

    def ending(self) -> Floats:
        """ln of the summed weight of all others being outside."""

    def best_ending(self) -> Floats:
        """The best ln likelihood ratio of all others being outside, where the prior allows it."""

    def best_with(self, forward: Floats) -> Floats:
        """For each sample, the best ln likelihood ratio of any state in which it is outside: (samples,)."""

    def marginals(self, forward: Floats, ln_total: float) -> tuple[Floats, Floats]:
        """P(sample in each group, and of a stranger), (samples, groups + 1); P(two are one body outside)."""

    def by_label(self, used: int) -> tuple[list[int], list[float]]:
        """For the others: the subsets that may be of listed persons, the rest strangers', and ln weight of each."""

    def number_of_bodies(self, layers: Floats, ln_total: float) -> Floats:
        """P(number of distinct bodies), from the families' sums by their number of bodies, as `of_blocks_by_number`."""


def outside_of(problem: Problem, bodies: Mapping[int, float], *, counted: bool = False, prior: bool = True) -> Outside:
    """The places outside families, under the incident's prior.

    ``bodies``: subset → ln weight as one unrelated body. ``counted``: as if all that the prior allows fitted alike;
    without ``prior`` every state it allows counts one.
    """
    if problem.one_sample_a_body:
        return _Singles(problem, counted, prior)
    return _Fragments(problem, bodies, counted, prior)


class _Singles:
    """Every sample a body of its own."""

    def __init__(self, problem: Problem, counted: bool, prior: bool) -> None:
        self.n = len(problem.samples)
        self.sizes = [g.size for g in problem.groups]
        listed = np.array([g.ln_fit for g in problem.groups]).reshape(len(self.sizes), self.n)
        stranger = problem.ln_fit_stranger
        self.listed = np.where(listed > -inf, 0.0, -inf) if counted else listed
        self.stranger = np.where(stranger > -inf, 0.0, -inf) if counted else stranger
        allowed = np.array([problem.prior.ln_listed(k, self.n) for k in range(self.n + 1)])
        self.allowed = np.where(allowed > -inf, 0.0, -inf)
        self.ln_listed = allowed if prior else self.allowed

    def _by_count(self, plus: np.ufunc, force: tuple[int, int] | None = None) -> dict[Counts, Floats]:
        """Every way to place a subset outside, by how many are in each group; ``force``: a sample and its column."""
        groups = len(self.sizes)
        found: dict[Counts, Floats] = {(0,) * groups: np.zeros(1)}
        for i in range(self.n):
            added: dict[Counts, Floats] = {}
            for key, array in found.items():
                for g in range(groups + 1):
                    if force is not None and force[0] == i and force[1] != g:
                        continue
                    ln = self.stranger[i] if g == groups else self.listed[g, i]
                    new = key if g == groups else (*key[:g], key[g] + 1, *key[g + 1 :])
                    if ln == -inf or (g < groups and new[g] > self.sizes[g]):
                        continue
                    added[new] = plus(added[new], array + ln) if new in added else array + ln
            size = 1 << i
            empty = np.full(size, -inf)
            found = {key: np.concatenate([found.get(key, empty), added.get(key, empty)]) for key in {**found, **added}}
        return found

    @cached_property
    def _sums(self) -> dict[Counts, Floats]:
        return self._by_count(np.logaddexp)

    def _ended(self, by_count: Mapping[Counts, Floats], plus: np.ufunc, listed: Floats, *, choices: bool) -> Floats:
        used = np.arange(1 << self.n)
        number = np.bitwise_count(used).astype(np.intp)
        others = used[::-1]
        total = np.full(len(used), -inf)
        for key, array in by_count.items():
            ln = sum(ln_falling(size, t) for size, t in zip(self.sizes, key, strict=True)) if choices else 0.0
            k = np.minimum(number + sum(key), self.n)
            total = plus(total, array[others] + ln + listed[k])
        return total

    def ending(self) -> Floats:
        return self._ended(self._sums, np.logaddexp, self.ln_listed, choices=True)

    def best_ending(self) -> Floats:
        return self._ended(self._free(self._by_count(np.maximum)), np.maximum, self.allowed, choices=False)

    @staticmethod
    def _free(by_count: Mapping[Counts, Floats]) -> dict[Counts, Floats]:
        """Likelihood ratios of one where a way exists: what is not DNA is no part of them."""
        return {key: np.where(array > -inf, 0.0, -inf) for key, array in by_count.items()}

    def best_with(self, forward: Floats) -> Floats:
        found = np.full(self.n, -inf)
        ending = self.best_ending()
        for i in range(self.n):
            at = without(self.n, 1 << i)
            found[i] = float((forward[at] + ending[at]).max())
        return found

    def marginals(self, forward: Floats, ln_total: float) -> tuple[Floats, Floats]:
        found = np.zeros((self.n, len(self.sizes) + 1))
        for i in range(self.n):
            at = without(self.n, 1 << i)
            for g in range(len(self.sizes) + 1):
                forced = self._ended(self._by_count(np.logaddexp, (i, g)), np.logaddexp, self.ln_listed, choices=True)
                found[i, g] = np.exp(np.logaddexp.reduce(forward[at] + forced[at]) - ln_total)
        return found, np.zeros((self.n, self.n))

    def by_label(self, used: int) -> tuple[list[int], list[float]]:
        full = (1 << self.n) - 1
        rest = full & ~used
        on_list = _subsets(rest)
        ln = []
        for mask in on_list:
            strangers = sum(float(self.stranger[i]) for i in bits(rest & ~mask))
            ln.append(self._listed[mask] + strangers + float(self.ln_listed[used.bit_count() + mask.bit_count()]))
        return on_list, ln

    @cached_property
    def _listed(self) -> Floats:
        """All of a subset on the list without kin, whoever: shape (2^samples,)."""
        nobody = self.stranger
        self.stranger = np.full(self.n, -inf)
        by_count = self._by_count(np.logaddexp)
        self.stranger = nobody
        total = np.full(1 << self.n, -inf)
        for key, array in by_count.items():
            ln = sum(ln_falling(size, t) for size, t in zip(self.sizes, key, strict=True))
            total = np.logaddexp(total, array + ln)
        return total

    def number_of_bodies(self, layers: Floats, ln_total: float) -> Floats:
        found = np.zeros(self.n + 1)
        found[self.n] = 1.0
        return found


class _Fragments:
    """Samples may be of one body, and every sample is drawn by itself."""

    def __init__(self, problem: Problem, bodies: Mapping[int, float], counted: bool, prior: bool) -> None:
        self.n = len(problem.samples)
        p = problem.prior
        self.sizes = [*(float(g.size) for g in problem.groups), float(p.stranger_bodies)]
        each = [p.ln_on_list] * len(problem.groups) + [p.ln_on_stranger]
        fits = [*(np.array(g.ln_fit) for g in problem.groups), problem.ln_fit_stranger]
        self.places: list[dict[int, float]] = []
        self.lr: list[dict[int, float]] = []
        for ln_each, fit in zip(each, fits, strict=True):
            allowed = {b: ln for b, ln in bodies.items() if ln_each > -inf and all(fit[i] > -inf for i in bits(b))}
            one = ln_each if prior else 0.0
            fitted = np.zeros(self.n) if counted else fit
            self.places.append(
                {b: ln + b.bit_count() * one + float(sum(fitted[i] for i in bits(b))) for b, ln in allowed.items()}
            )
            self.lr.append(allowed)

    def _arrays(self, less: int | None = None) -> list[Floats]:
        return [
            of_blocks(self.n, blocks, size - (k == less), np.logaddexp)
            for k, (blocks, size) in enumerate(zip(self.places, self.sizes, strict=True))
        ]

    def _together(self, less: int | None = None) -> Floats:
        found = nothing(self.n)
        for array in self._arrays(less):
            found = joined(found, array, np.logaddexp)
        return found

    @cached_property
    def _all(self) -> Floats:
        return self._together()

    def ending(self) -> Floats:
        return self._all[::-1]

    @cached_property
    def _best(self) -> Floats:
        found = nothing(self.n)
        for blocks, size in zip(self.lr, self.sizes, strict=True):
            found = joined(found, of_blocks(self.n, blocks, size, np.maximum), np.maximum)
        return found

    def best_ending(self) -> Floats:
        return self._best[::-1]

    def best_with(self, forward: Floats) -> Floats:
        total = self._best[::-1]
        found = np.full(self.n, -inf)
        for i in range(self.n):
            at = without(self.n, 1 << i)
            found[i] = float((forward[at] + total[at]).max())
        return found

    def marginals(self, forward: Floats, ln_total: float) -> tuple[Floats, Floats]:
        full = (1 << self.n) - 1
        found = np.zeros((self.n, len(self.sizes)))
        same = np.zeros((self.n, self.n))
        for g, (blocks, size) in enumerate(zip(self.places, self.sizes, strict=True)):
            if size < 1 or not blocks:
                continue
            # a body of this group in any of its names, and everything else with one name fewer
            rest = joined(forward, self._together(g), np.logaddexp)
            for block, ln in blocks.items():
                chance = float(np.exp(log(size) + ln + rest[full & ~block] - ln_total))
                for i in bits(block):
                    found[i, g] += chance
                    for j in bits(block):
                        same[i, j] += chance if i != j else 0.0
        return found, same

    def by_label(self, used: int) -> tuple[list[int], list[float]]:
        full = (1 << self.n) - 1
        rest = full & ~used
        on_list = _subsets(rest)
        return on_list, [float(self._listed[mask] + self._strange[rest & ~mask]) for mask in on_list]

    @cached_property
    def _listed(self) -> Floats:
        found = nothing(self.n)
        for array in self._arrays()[:-1]:
            found = joined(found, array, np.logaddexp)
        return found

    @cached_property
    def _strange(self) -> Floats:
        return self._arrays()[-1]

    def number_of_bodies(self, layers: Floats, ln_total: float) -> Floats:
        for blocks, size in zip(self.places, self.sizes, strict=True):
            layers = joined_by_number(layers, of_blocks_by_number(self.n, blocks, size))
        return np.asarray(np.exp(layers[:, -1] - ln_total))


def _subsets(mask: int) -> list[int]:
    found = [0]
    for i in bits(mask):
        found += [m | 1 << i for m in found]
    return found
