"""Every way to fill one family's places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.problem import Family, Held, Problem
from homeward.identify.joint.subsets import bits

__all__ = ["Entry", "entries_of", "sum_by_mask"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One way: the samples used, ln weight with prior and without, and what each name holds."""

    mask: int
    ln: float
    ln_lr: float
    held: Held


def entries_of(problem: Problem, family: Family, bodies: Sequence[int]) -> list[Entry]:
    """All ways that are not impossible, nobody found first. ``bodies``: the subsets that may be one body."""
    given: dict[tuple[int, Held], NDArray[np.float64]] = {}

    def ln_given(at: int, held: Held) -> NDArray[np.float64]:
        if (at, held) not in given:
            given[at, held] = family.ln_given(at, held)
        return given[at, held]

    layer = [Entry(0, 0.0, 0.0, ((),) * len(family.names))]
    for at, name in enumerate(family.names):
        fit = problem.ln_fit[:, name] + problem.prior.ln_on_list
        after = list(layer)
        for entry in layer:
            # a body is its first sample, then one more at a time: what is impossible so far stays so
            known: dict[int, tuple[float, Held]] = {0: (0.0, entry.held)}
            for body in bodies:
                if body & entry.mask:
                    continue
                last = body.bit_length() - 1
                before = known.get(body ^ (1 << last))
                if before is None:
                    continue
                added = float(ln_given(at, before[1])[last])
                if added == -inf or fit[last] == -inf:
                    continue
                held = tuple((*h, last) if k == at else h for k, h in enumerate(before[1]))
                known[body] = (before[0] + added, held)
                ln_lr = entry.ln_lr + known[body][0]
                ln = entry.ln + known[body][0] + float(sum(fit[i] for i in bits(body)))
                after.append(Entry(entry.mask | body, ln, ln_lr, held))
        layer = after
    return layer


def sum_by_mask(entries: Sequence[Entry]) -> Mapping[int, float]:
    """Subset used → ln of the summed weights."""
    found: dict[int, float] = {}
    for e in entries:
        found[e.mask] = float(np.logaddexp(found[e.mask], e.ln)) if e.mask in found else e.ln
    return found
