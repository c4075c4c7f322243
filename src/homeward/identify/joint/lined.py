"""What haplotypes add to every way to fill one family's names: each line of descent weighs all it holds together."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.identify.line_weights import LineageWeights, Seen, weights_of
from homeward.identify.screen import Column, Typed
from homeward.likelihood.lineage import Line

__all__ = ["ln_lines_of_ways"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def ln_lines_of_ways(
    model: Model, samples: Sequence[Typed], columns: Sequence[Column], bodies: Sequence[int], chosen: Ints
) -> Floats:
    """ln weight of the haplotypes of every way, (ways,), against all its samples of unrelated persons.

    ``columns``: the names, of one pedigree; ``bodies``: samples as bits; ``chosen``: (ways, names) the body at each
    name, -1 = nobody.
    """
    total = np.zeros(len(chosen))
    for lineage in model.lineages:
        weights = weights_of(lineage)
        of_body = [_shown(weights, samples, body) for body in bodies]
        silent = np.array([not shown for shown in of_body] + [True])
        for line in weights.lines(columns[0].pedigree):
            names = [m for m, c in enumerate(columns) if c.person in line.place]
            if names:
                places = [line.place[columns[m].person] for m in names]
                refs = weights.in_line(line, columns[0].haplotypes)
                held = np.where(silent[chosen[:, names]], -1, chosen[:, names])
                distinct, whose = np.unique(held, axis=0, return_inverse=True)
                ln = [_ln_of_way(weights, line, refs, places, of_body, row) for row in distinct.tolist()]
                total += np.array(ln)[whose.reshape(-1)]
    return total


def _shown(weights: LineageWeights, samples: Sequence[Typed], body: int) -> tuple[tuple[str, ...], ...]:
    """The haplotypes of a body, sample by sample; samples without any are left out."""
    units = (samples[i].haplotypes for i in range(len(samples)) if body >> i & 1)
    each = (tuple(s for s in unit if s in weights.model.seen) for unit in units)
    return tuple(unit for unit in each if unit)


def _ln_of_way(
    weights: LineageWeights,
    line: Line,
    refs: Seen,
    places: Sequence[int],
    of_body: Sequence[tuple[tuple[str, ...], ...]],
    held: Sequence[int],
) -> float:
    units = [(place, unit) for place, body in zip(places, held, strict=True) if body >= 0 for unit in of_body[body]]
    if not units:
        return 0.0
    everything = {*refs, *((place, s) for place, unit in units for s in unit)}
    seen = tuple(sorted(everything, key=lambda row: (weights.order[row[1]], row[0])))
    together = weights.ln_set(line, seen)
    if together == -inf:
        return -inf
    return together - weights.ln_set(line, refs) - sum(weights.ln_of_one(unit) for _, unit in units)
