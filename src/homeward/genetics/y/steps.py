"""How a Y-STR mutates in one meiosis: each copy by itself, mostly by one repeat."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.alleles import fraction, repeats
from homeward.genetics.rates import DEFAULT_RATE2

__all__ = ["MULTISTEP", "copy_transition", "set_transition"]

Floats = NDArray[np.float64]

MULTISTEP = 1 / 26.23
"""Of mutations, those of more than one repeat: 25.23 of one for each of several. Ballantyne et al. 2010, Am J Hum Genet
87:341. So one of k + 1 repeats is this times as probable as one of k."""


def copy_transition(alleles: Sequence[str], rate: float, multistep: float) -> Floats:
    """Transitions of one copy, shape (alleles, alleles), rows sum to one, probability per meiosis.

    Up and down alike: rate/2 · (1 − m) · m^(k − 1) for k whole repeats, m = ``multistep``; `DEFAULT_RATE2` into each
    allele of another microvariant class. What would leave the alleles given stays where it is. Raises ValueError for a
    rate or a share outside 0 to 1.
    """
    if not (0 <= rate < 1 and 0 <= multistep < 1):
        raise ValueError(f"rate {rate} and multistep {multistep} must lie between 0 and 1")
    whole = np.array([repeats(a) or 0 for a in alleles])
    part = np.array([fraction(a) or 0 for a in alleles])
    steps = np.abs(whole[:, None] - whole[None, :])
    near = rate / 2 * (1 - multistep) * float(multistep) ** np.maximum(steps - 1, 0)
    found = np.where(part[:, None] == part[None, :], near, DEFAULT_RATE2)
    np.fill_diagonal(found, 0.0)
    np.fill_diagonal(found, 1 - found.sum(axis=1))
    return found


def set_transition(sets: Sequence[tuple[str, ...]], alleles: Sequence[str], one: Floats, irregular: float) -> Floats:
    """Transitions of all copies together, shape (sets, sets), rows sum to one.

    Copies mutate independently and carry no labels: a father's copies become a son's in any order. ``one``: transitions
    of one copy among ``alleles``. ``irregular``: probability of each set with another number of copies, the null allele
    (a set of its own) among them.
    """
    index = {a: i for i, a in enumerate(alleles)}
    groups: dict[int, list[int]] = {}
    for i, s in enumerate(sets):
        groups.setdefault(len(s) if s[0] in index else 0, []).append(i)
    found = np.full((len(sets), len(sets)), irregular)
    for count, members in groups.items():
        block = np.ix_(members, members)
        if count == 0:
            found[block] = 0.0
            continue
        at = np.array([[index[a] for a in sets[i]] for i in members])
        ways = np.array([math.prod(math.factorial(n) for n in Counter(sets[i]).values()) for i in members])
        total = np.zeros((len(members), len(members)))
        for order in permutations(range(count)):
            total += np.prod([one[at[:, k][:, None], at[:, order[k]][None, :]] for k in range(count)], axis=0)
        found[block] = total / ways
    np.fill_diagonal(found, 0.0)
    np.fill_diagonal(found, 1 - found.sum(axis=1))
    return found
