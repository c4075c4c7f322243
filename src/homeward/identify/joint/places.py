"""Every way to fill one family's places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.problem import Family, Held, Problem
from homeward.identify.joint.subsets import bits

__all__ = ["Entries", "entries_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Entries:
    """The ways that are not impossible, nobody found first, one a row.

    ``held``: (ways, names) the subset that each name holds; ``ln``: weight with prior and all that is not DNA,
    ``ln_lr``: of DNA alone; (ways,) each.
    """

    held: Ints
    ln: Floats
    ln_lr: Floats

    def __len__(self) -> int:
        return len(self.ln)

    @cached_property
    def masks(self) -> Ints:
        """The samples used: shape (ways,)."""
        return np.asarray(np.bitwise_or.reduce(self.held, axis=1), dtype=np.intp)

    @cached_property
    def by_mask(self) -> tuple[list[int], Ints]:
        """The different subsets used, and which of them each way uses."""
        masks, which = np.unique(self.masks, return_inverse=True)
        return masks.tolist(), which

    def over_masks(self, values: Floats, plus: np.ufunc) -> dict[int, float]:
        """Subset used → values of its ways, taken together."""
        masks, which = self.by_mask
        order = np.argsort(which, kind="stable")
        starts = np.searchsorted(which[order], np.arange(len(masks)))
        return dict(zip(masks, plus.reduceat(values[order], starts).tolist(), strict=True))

    def summed(self) -> dict[int, float]:
        """Subset used → ln of the summed weights."""
        return self.over_masks(self.ln, np.logaddexp)

    def of_names(self, way: int) -> Held:
        """What each name holds in one way."""
        return tuple(bits(mask) for mask in self.held[way].tolist())


def entries_of(problem: Problem, family: Family, bodies: Sequence[int]) -> Entries:
    """All ways that are not impossible. ``bodies``: the subsets that may be one body."""
    fit = _fits(problem, family, bodies)
    found = None if family.ways is None else family.ways(bodies, fit > -inf)
    held, ln_lr = _one_by_one(family, bodies, fit > -inf) if found is None else found
    ln = ln_lr.copy()
    for at in range(len(family.names)):
        body = held[:, at]
        holds = body >= 0
        ln[holds] += fit[body[holds], at]
    masks = np.array([*bodies, 0], dtype=np.intp)
    return Entries(masks[held], ln, ln_lr)


def _fits(problem: Problem, family: Family, bodies: Sequence[int]) -> Floats:
    """ln weight of every body at every name as far as it is not DNA: (bodies, names)."""
    fit = problem.ln_fit[:, list(family.names)] + problem.prior.ln_on_list
    return np.array([fit[list(bits(body))].sum(axis=0) for body in bodies]).reshape(len(bodies), len(family.names))


def _one_by_one(family: Family, bodies: Sequence[int], may: NDArray[np.bool_]) -> tuple[Ints, Floats]:
    """Every way, by the chain rule; as `Family.ways`."""
    given: dict[tuple[int, Held], list[float]] = {}

    def ln_given(at: int, held: Held) -> list[float]:
        if (at, held) not in given:
            given[at, held] = family.ln_given(at, held).tolist()
        return given[at, held]

    nobody = -1
    layer: list[tuple[int, float, Held, tuple[int, ...]]] = [(0, 0.0, ((),) * len(family.names), ())]
    for at in range(len(family.names)):
        after = [(mask, ln, held, (*chosen, nobody)) for mask, ln, held, chosen in layer]
        for mask, ln, held, chosen in layer:
            # a body is its first sample, then one more at a time: what is impossible so far stays so
            known: dict[int, tuple[float, Held]] = {0: (0.0, held)}
            for k, body in enumerate(bodies):
                if body & mask:
                    continue
                last = body.bit_length() - 1
                before = known.get(body ^ (1 << last))
                if before is None or not may[k, at]:
                    continue
                added = ln_given(at, before[1])[last]
                if added == -inf:
                    continue
                own = tuple((*h, last) if j == at else h for j, h in enumerate(before[1]))
                known[body] = (before[0] + added, own)
                after.append((mask | body, ln + known[body][0], own, (*chosen, k)))
        layer = after
    held_by = np.array([chosen for *_, chosen in layer], dtype=np.intp).reshape(len(layer), len(family.names))
    return held_by, np.array([ln for _, ln, *_ in layer])
