"""DYS389I and DYS389II as one site: the second product contains the first, so one mutation can change both.

Taken as two sites, a father and son who differ by one step at both would need two mutations where one will do.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.y.steps import copy_transition

__all__ = ["DYS389", "PARTS", "joint_evidence", "joint_states", "joint_transition", "parts"]

Floats = NDArray[np.float64]

DYS389 = "DYS389"
"""Name of the joint site; its states are written `13|29`."""

PARTS = ("DYS389I", "DYS389II")


def parts(state: str) -> tuple[str, str]:
    """Alleles of DYS389I and DYS389II in a joint state."""
    first, second = state.split("|")
    return first, second


def joint_states(first: Sequence[int], second: Sequence[int]) -> tuple[str, ...]:
    """Every joint state of repeats from one below the fewest to one above the most, at I and at what II has more.

    ``first``: repeats seen at I. ``second``: seen at II less those of I, in samples typed at both.
    """
    inner, outer = (range(min(v) - 1, max(v) + 2) for v in (first, second))
    return tuple(f"{i}|{i + more}" for i in inner for more in outer)


def joint_transition(states: Sequence[str], rates: tuple[float, float], multistep: float) -> Floats:
    """Transitions of the joint site, shape (states, states): I and what II has more mutate independently.

    ``rates``: of I, and of the rest of II, probability per meiosis.
    """
    pairs = [(int(i), int(ii) - int(i)) for i, ii in map(parts, states)]
    found = np.ones((len(states), len(states)))
    for part, rate in enumerate(rates):
        values = sorted({pair[part] for pair in pairs})
        one = copy_transition([str(v) for v in values], rate, multistep)
        at = np.array([values.index(pair[part]) for pair in pairs])
        found *= one[at[:, None], at[None, :]]
    return found


def joint_evidence(states: Sequence[str], allowed: Sequence[frozenset[str]], part: int, error: float) -> Floats:
    """P(the replicates of one of the two markers | state), shape (states,); ``allowed``: what each may be."""
    found = np.ones(len(states))
    values = {parts(s)[part] for s in states}
    for options in allowed:
        right = np.array([parts(s)[part] in options for s in states])
        found *= np.where(right, 1 - error, error / max(1, len(values) - 1))
    return found
