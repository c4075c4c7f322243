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
def _swap(
    a: int, b: int, names: int, ln: Floats, place: Ints, index: Ints, holder: Ints, inside: Ints, chance: Words
) -> None:
    """Two bodies change places, or not."""
    p, q = place[a], place[b]
    if p == q:
        return
    gain = ln[a, q] + ln[b, p] - ln[a, p] - ln[b, q]
    if gain < 0.0 and _uniform(chance) >= exp(gain):
        return
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


@_compiled
def _enter(
    b: int,
    c: int,
    names: int,
    capacity: Floats,
    place: Ints,
    index: Ints,
    holder: Ints,
    inside: Ints,
    count: Ints,
    chance: Words,
) -> int:
    """Into a column, at one of its labels; the body that is taken up for it, or -1."""
    if c < names:
        other = int(holder[c])
        holder[c], place[b] = b, c
        return other
    label = count[c - names]
    if not isinf(capacity[c]):
        label = min(label, int(_uniform(chance) * capacity[c]))
    if label == count[c - names]:
        _put(b, c, names, place, index, holder, inside, count)
        return -1
    other = int(inside[c - names, label])
    inside[c - names, label], index[b], place[b] = b, label, c
    return other


@_compiled
def _path(
    b: int,
    returning: bool,
    listed: int,
    weight: Floats,
    cumulated: Floats,
    rest: Floats,
    names: int,
    capacity: Floats,
    ln_count: Floats,
    place: Ints,
    index: Ints,
    holder: Ints,
    inside: Ints,
    count: Ints,
    touched: Ints,
    origin: Ints,
    chance: Words,
) -> tuple[int, int]:
    """A path from body ``b`` on, ``origin`` being -1 for all; how many are listed then, and how long it was."""
    bodies, columns = weight.shape
    moved, walked = 1, 0
    touched[0], origin[b] = b, place[b]
    _take_up(b, names, place, index, holder, inside, count)
    ln_ratio, in_hand = 0.0, True
    while in_hand and walked < 100 + 4 * bodies and cumulated[b, columns - 1] > 0.0:
        walked += 1
        if returning:
            c = _draw(cumulated[b], _uniform(chance) * cumulated[b, columns - 1])
        else:
            left = place[b]
            c = _draw_other(weight[b], cumulated[b], rest[b], left, chance) if rest[b, left] > 0.0 else -1
            if c < 0 or rest[b, c] <= 0.0:
                break
            ln_ratio += log(rest[b, left]) - log(rest[b, c])
        other = _enter(b, c, names, capacity, place, index, holder, inside, count, chance)
        in_hand = other >= 0
        if in_hand:
            if origin[other] < 0:
                origin[other] = c
                touched[moved] = other
                moved += 1
            b = other
    after = listed
    if len(ln_count):
        for body in touched[:moved]:
            after += int(place[body] != columns - 1) - int(origin[body] != columns - 1)
        if not in_hand:
            ln_ratio += ln_count[after] - ln_count[listed]
    # too long a path is refused in both directions
    if in_hand or (ln_ratio < 0.0 and _uniform(chance) >= exp(ln_ratio)):
        after = listed
        for body in touched[:moved]:
            if not (in_hand and body == b):
                _take_up(body, names, place, index, holder, inside, count)
        for body in touched[:moved]:
            _put(body, origin[body], names, place, index, holder, inside, count)
    for body in touched[:moved]:
        origin[body] = -1
    return after, walked


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
    visits = np.zeros((bodies, columns))
    chance = np.array([seed], dtype=np.uint64)
    index = np.zeros(bodies, dtype=np.int64)
    holder = np.full(names, -1, dtype=np.int64)
    inside = np.zeros((columns - names, bodies + 1), dtype=np.int64)
    count = np.zeros(columns - names, dtype=np.int64)
    listed = 0
    for b in range(bodies):
        _put(b, place[b], names, place, index, holder, inside, count)
        listed += int(place[b] != columns - 1)
    touched, origin = np.zeros(bodies, dtype=np.int64), np.full(bodies, -1, dtype=np.int64)
    walked, n = 0, len(free)
    for _ in range(rounds):
        for _ in range(swaps):
            a, b = free[int(_uniform(chance) * n)], free[int(_uniform(chance) * n)]
            _swap(a, b, names, ln, place, index, holder, inside, chance)
        for k in range(2 * paths):
            b = free[int(_uniform(chance) * n)]
            state = place, index, holder, inside, count
            listed, steps = _path(
                b,
                k % 2 == 0,
                listed,
                weight,
                cumulated,
                rest,
                names,
                capacity,
                ln_count,
                *state,
                touched,
                origin,
                chance,
            )
            walked += steps
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
