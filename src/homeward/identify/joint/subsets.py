"""Sums and maxima over ways to place samples, as arrays over all subsets of them: bit i of an index = sample i.

All numbers are natural logs. ``plus`` adds alternatives: `np.logaddexp` for sums, `np.maximum` for the best.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from math import inf, lgamma

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Plus",
    "bits",
    "blocks_of",
    "joined",
    "joined_by_number",
    "ln_falling",
    "nothing",
    "of_blocks",
    "of_blocks_by_number",
    "spread",
    "without",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Plus = np.ufunc

_KEPT = 13
"""Samples up to which subsets once listed are kept: 3^13 numbers, 13 MB."""


def nothing(samples: int) -> Floats:
    """The array of having placed nobody yet: shape (2^samples,)."""
    found = np.full(1 << samples, -inf)
    found[0] = 0.0
    return found


def bits(mask: int) -> tuple[int, ...]:
    """The samples in a subset."""
    return tuple(i for i in range(mask.bit_length()) if mask >> i & 1)


def without(samples: int, mask: int) -> Ints:
    """All subsets that have none of the samples of ``mask``."""
    return _kept_without(samples, mask) if samples <= _KEPT else _without(samples, mask)


@lru_cache(maxsize=2**15)
def _kept_without(samples: int, mask: int) -> Ints:
    return _without(samples, mask)


def _without(samples: int, mask: int) -> Ints:
    found = np.zeros(1, dtype=np.intp)
    for i in range(samples):
        if not mask >> i & 1:
            found = np.concatenate([found, found | (1 << i)])
    return found


def spread(before: Floats, entries: Mapping[int, float], plus: Plus) -> Floats:
    """One more place that may take any of these subsets, or nothing: entries are subset → ln weight."""
    samples = len(before).bit_length() - 1
    found = before.copy()
    for mask, ln in entries.items():
        if mask and ln > -inf:
            at = without(samples, mask)
            found[at | mask] = plus(found[at | mask], before[at] + ln)
    return found


def joined(one: Floats, other: Floats, plus: Plus) -> Floats:
    """Every way to part a subset between two sets of places: shape (2^samples,)."""
    samples = len(one).bit_length() - 1
    found = np.full(len(one), -inf)
    for mask in np.flatnonzero(other > -inf).tolist():
        at = without(samples, mask)
        found[at | mask] = plus(found[at | mask], one[at] + other[mask])
    return found


def of_blocks(samples: int, blocks: Mapping[int, float], most: float, plus: Plus) -> Floats:
    """Every way to part a subset into bodies of at most ``most`` people whom only their names tell apart.

    ``blocks``: body → ln weight. Sums count in whose name each body stands; maxima do not.
    """
    found = np.full(1 << samples, -inf)
    for _, layer in _layers(samples, blocks, most, plus):
        found = plus(found, layer)
    return found


def _layers(samples: int, blocks: Mapping[int, float], most: float, plus: Plus) -> Iterator[tuple[int, Floats]]:
    """`of_blocks` by the number of bodies: 0, 1, …"""
    layer = nothing(samples)
    yield 0, layer
    for bodies in range(1, int(min(samples, most)) + 1):
        after = np.full(len(layer), -inf)
        for mask, ln in blocks.items():
            # the body whose first sample is below all others' comes last: each parting is counted once
            at = without(samples, mask | ((mask & -mask) - 1))
            after[at | mask] = plus(after[at | mask], layer[at] + ln)
        if not np.isfinite(after).any():
            return
        layer = after
        yield bodies, layer + (ln_falling(most, bodies) if plus is np.logaddexp else 0.0)


def of_blocks_by_number(samples: int, blocks: Mapping[int, float], most: float) -> Floats:
    """The sums of `of_blocks` by the number of bodies: shape (samples + 1, 2^samples)."""
    found = np.full((samples + 1, 1 << samples), -inf)
    for bodies, layer in _layers(samples, blocks, most, np.logaddexp):
        found[bodies] = layer
    return found


def joined_by_number(one: Floats, other: Floats) -> Floats:
    """Like `joined`, of sums by the number of bodies, which add up: shapes (samples + 1, 2^samples)."""
    samples = len(one) - 1
    found = np.full(one.shape, -inf)
    for mask in np.flatnonzero((other > -inf).any(axis=0)).tolist():
        at = without(samples, mask)
        before = one[:, at]
        for more in np.flatnonzero(other[:, mask] > -inf).tolist():
            rows = slice(more, None)
            added = before[: samples + 1 - more] + other[more, mask]
            found[rows, at | mask] = np.logaddexp(found[rows, at | mask], added)
    return found


def ln_falling(n: float, k: int) -> float:
    """ln of n (n−1) … (n−k+1), -inf where k is above n."""
    return lgamma(n + 1) - lgamma(n - k + 1) if k <= n else -inf


def blocks_of(samples: int, possible: Sequence[Sequence[bool]], one_each: bool) -> list[int]:
    """The subsets that may be one body: single samples, or all whose pairs are ``possible``, smaller ones first."""
    found = [1 << i for i in range(samples)]
    if one_each:
        return found
    layer = list(found)
    while layer:
        layer = [
            mask | 1 << i
            for mask in layer
            for i in range(mask.bit_length(), samples)
            if all(possible[i][j] for j in bits(mask))
        ]
        found.extend(layer)
    return found
