"""The inner loops of the sampler, compiled: bodies change places, and share their visits with the states next to them.

Only this module needs numba; it is imported when something is first sampled. Chance comes from a splitmix64 generator
(Steele, Lea and Flood 2014, OOPSLA), so that a seed gives the same numbers everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isinf, log
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["drawing", "mix", "share_visits"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.uint64]

F = TypeVar("F", bound=Callable[..., Any])


def _compiled(function: F) -> F:
    """Compiled, once for all where there is a place to keep that."""
    try:
        return cast(F, njit(cache=True)(function))
    except RuntimeError:
        return cast(F, njit(function))


_STEP = np.uint64(0x9E3779B97F4A7C15)
_ONE, _OTHER = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_A, _B, _C, _D = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_NOTHING = 37.0
"""Natural log odds beyond which a share is none."""


@_compiled
def _uniform(chance: Words) -> float:
    chance[0] += _STEP
    z = chance[0]
    z = (z ^ (z >> _A)) * _ONE
    z = (z ^ (z >> _B)) * _OTHER
    z ^= z >> _C
    return float(z >> _D) * (1.0 / 9007199254740992.0)


@_compiled
def drawing(ln: Floats, ln_places: Floats, allowed: Flags) -> tuple[Floats, Floats, Floats]:
    """For drawing columns in proportion to places × weight, those not allowed left out: (bodies, columns) each.

    Returns the weights, their sums up to each column, and for each column the sum of all others.
    """
    bodies, columns = ln.shape
    weight, cumulated, rest = np.zeros(ln.shape), np.zeros(ln.shape), np.zeros(ln.shape)
    for b in range(bodies):
        top = -np.inf
        for c in range(columns):
            if allowed[c]:
                top = max(top, ln[b, c] + ln_places[c])
        if isinf(top):
            continue
        total = 0.0
        for c in range(columns):
            rest[b, c] = total
            if allowed[c]:
                weight[b, c] = exp(ln[b, c] + ln_places[c] - top)
                total += weight[b, c]
            cumulated[b, c] = total
        after = 0.0
        for c in range(columns - 1, -1, -1):
            rest[b, c] += after
            after += weight[b, c]
    return weight, cumulated, rest


@_compiled
def _draw(cumulated: Floats, u: float) -> int:
    """The first column whose cumulated weight is above ``u``."""
    low, high = 0, len(cumulated) - 1
    while low < high:
        middle = (low + high) // 2
        if cumulated[middle] > u:
            high = middle
        else:
            low = middle + 1
    return low


@_compiled
def _draw_other(weight: Floats, cumulated: Floats, rest: Floats, at: int, chance: Words) -> int:
    """A column by weight, not ``at``."""
    if weight[at] < 0.5 * cumulated[-1]:
        while True:
            c = _draw(cumulated, _uniform(chance) * cumulated[-1])
            if c != at:
                return c
    # where one column is nearly everything, sums that hold it have lost what the others weigh
    u = _uniform(chance) * rest[at]
    last = -1
    for c in range(len(weight)):
        if c != at and weight[c] > 0.0:
            last = c
            u -= weight[c]
            if u < 0.0:
                break
    return last


@_compiled
def _take_up(b: int, names: int, place: Ints, index: Ints, holder: Ints, inside: Ints, count: Ints) -> None:
    c = place[b]
    if c < names:
        holder[c] = -1
        return
    k = c - names
    count[k] -= 1
    last = inside[k, count[k]]
    if last != b:
        inside[k, index[b]] = last
        index[last] = index[b]


@_compiled
def _put(b: int, c: int, names: int, place: Ints, index: Ints, holder: Ints, inside: Ints, count: Ints) -> None:
    place[b] = c
    if c < names:
        holder[c] = b
        return
    k = c - names
    index[b] = count[k]
    inside[k, count[k]] = b
    count[k] += 1


@_compiled
def mix(
    ln: Floats,
    weight: Floats,
    cumulated: Floats,
    rest: Floats,
    free: Ints,
    names: int,
    capacity: Floats,
    ln_count: Floats,
    place: Ints,
    seed: int,
    rounds: int,
    swaps: int,
    paths: int,
) -> tuple[Floats, int]:
    """Bodies ``free`` change places among the columns that ``weight`` allows; ``place`` is changed.

    ``ln``: natural log weight of every body at every column, finite; ``capacity``: bodies a column has place for;
    ``ln_count``: by how many bodies are not in the last column, empty where that weighs nothing. Every round makes so
    many swaps of two bodies, and twice so many paths: a body is taken up and placed, whoever was there is taken up in
    turn, until a place was free. Returns visits by round, (bodies, columns), and how many steps the paths were long.
    """
    bodies, columns = ln.shape
    outside = columns - names
    visits = np.zeros((bodies, columns))
    chance = np.array([seed], dtype=np.uint64)
    index = np.zeros(bodies, dtype=np.int64)
    holder = np.full(names, -1, dtype=np.int64)
    inside = np.zeros((outside, bodies + 1), dtype=np.int64)
    count = np.zeros(outside, dtype=np.int64)
    listed = 0
    for b in range(bodies):
        _put(b, place[b], names, place, index, holder, inside, count)
        listed += place[b] != columns - 1
    stamp = np.full(bodies, -1, dtype=np.int64)
    touched, origin = np.zeros(bodies, dtype=np.int64), np.zeros(bodies, dtype=np.int64)
    paths_made, walked, n = 0, 0, len(free)
    for _ in range(rounds):
        for _ in range(swaps):
            a, b = free[int(_uniform(chance) * n)], free[int(_uniform(chance) * n)]
            p, q = place[a], place[b]
            if p == q:
                continue
            gain = ln[a, q] + ln[b, p] - ln[a, p] - ln[b, q]
            if gain < 0.0 and _uniform(chance) >= exp(gain):
                continue
            at_a, at_b = index[a], index[b]
            place[a], place[b], index[a], index[b] = q, p, at_b, at_a
            if q < names:
                holder[q] = a
            else:
                inside[q - names, at_b] = a
            if p < names:
                holder[p] = b
            else:
                inside[p - names, at_a] = b
        for k in range(2 * paths):
            returning = k % 2 == 0
            b = free[int(_uniform(chance) * n)]
            paths_made += 1
            moved = 1
            touched[0], origin[0], stamp[b] = b, place[b], paths_made
            _take_up(b, names, place, index, holder, inside, count)
            ln_ratio, in_hand = 0.0, True
            for _ in range(100 + 4 * bodies):
                walked += 1
                total = cumulated[b, columns - 1]
                if total <= 0.0:
                    break
                if returning:
                    c = _draw(cumulated[b], _uniform(chance) * total)
                else:
                    left = place[b]
                    if rest[b, left] <= 0.0:
                        break
                    c = _draw_other(weight[b], cumulated[b], rest[b], left, chance)
                    if c < 0 or rest[b, c] <= 0.0:
                        break
                    ln_ratio += log(rest[b, left]) - log(rest[b, c])
                other = -1
                if c < names:
                    other = holder[c]
                    holder[c] = b
                    place[b] = c
                else:
                    label = count[c - names]
                    if not isinf(capacity[c]):
                        label = min(label, int(_uniform(chance) * capacity[c]))
                    if label < count[c - names]:
                        other = inside[c - names, label]
                        inside[c - names, label] = b
                        index[b] = label
                        place[b] = c
                    else:
                        _put(b, c, names, place, index, holder, inside, count)
                if other < 0:
                    in_hand = False
                    break
                if stamp[other] != paths_made:
                    stamp[other] = paths_made
                    touched[moved], origin[moved] = other, c
                    moved += 1
                b = other
            if not in_hand:
                after = listed
                if len(ln_count):
                    for t in range(moved):
                        after += (place[touched[t]] != columns - 1) - int(origin[t] != columns - 1)
                    ln_ratio += ln_count[after] - ln_count[listed]
                if ln_ratio >= 0.0 or _uniform(chance) < exp(ln_ratio):
                    listed = after
                    continue
            # too long a path is refused in both directions
            for t in range(moved):
                if not (in_hand and touched[t] == b):
                    _take_up(touched[t], names, place, index, holder, inside, count)
            for t in range(moved):
                _put(touched[t], origin[t], names, place, index, holder, inside, count)
        for b in range(bodies):
            visits[b, place[b]] += 1.0
    return visits, walked


@_compiled
def _share(ln_odds: float) -> float:
    return 1.0 / (1.0 + exp(-ln_odds)) if ln_odds > -_NOTHING else 0.0


@_compiled
def share_visits(
    ln: Floats,
    place: Ints,
    of: Ints,
    home: Ints,
    names: int,
    room: Floats,
    family: Ints,
    ln_fewer: float,
    ln_more: float,
) -> Floats:
    """Probabilities of bodies over pairs of states: with the body at home, and having changed places or moved away.

    ``of``, ``home``: a body and its home, as many as are asked for; ``room``: free labels by column; ``family``: what
    is of one family changes no places, and what is below zero takes no part. ``ln_fewer``, ``ln_more``: ln of what one
    more in the last column, or one less, makes of the state by its count alone. Shape (asked, columns).
    """
    bodies, columns = ln.shape
    found = np.zeros((len(of), columns))
    holder = np.full(names, -1, dtype=np.int64)
    for b in range(bodies):
        if place[b] < names:
            holder[place[b]] = b
    for k in range(len(of)):
        b, p = of[k], home[k]
        q = place[b]
        if q != p:
            share = 1.0
            if family[q] >= 0 and family[q] != family[p]:
                other = holder[p]
                if other >= 0:
                    share = _share(ln[b, q] + ln[other, p] - ln[b, p] - ln[other, q])
                else:
                    share = _share(ln[b, q] - ln[b, p] - (ln_more if q == columns - 1 else 0.0))
            found[k, q] = share
            found[k, p] += 1.0 - share
            continue
        own = ln[b, p]
        for o in range(bodies):
            q = place[o]
            if o != b and family[q] >= 0 and family[q] != family[p]:
                found[k, q] += _share(ln[b, q] + ln[o, p] - own - ln[o, q])
        for q in range(columns):
            if room[q] > 0.0 and family[q] >= 0 and family[q] != family[p]:
                found[k, q] += room[q] * _share(ln[b, q] - own + (ln_fewer if q == columns - 1 else 0.0))
        away = 0.0
        for q in range(columns):
            away += found[k, q]
        found[k, p] = 1.0 - away
    return found
