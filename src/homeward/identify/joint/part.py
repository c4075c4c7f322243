"""A smaller problem within a problem: some samples and some families, everything else left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from homeward.identify.joint.problem import Family, Group, Held, Problem

__all__ = ["part_of"]

Floats = NDArray[np.float64]


def part_of(problem: Problem, samples: Sequence[int], families: Sequence[int]) -> Problem:
    """The problem of these samples, with only these families' names told apart.

    The list keeps its length: the names left out are a group nobody's DNA speaks for.
    """
    at = list(samples)
    place = {i: k for k, i in enumerate(at)}
    names = [name for f in families for name in problem.families[f].names]
    new_place = {name: k for k, name in enumerate(names)}
    left_out = len(problem.names) - len(names)
    groups = [replace(g, ln_fit=tuple(g.ln_fit[i] for i in at)) for g in problem.groups]
    if left_out:
        groups.append(Group("left out", left_out, (0.0,) * len(at)))
    return replace(
        problem,
        samples=tuple(problem.samples[i] for i in at),
        names=tuple(problem.names[name] for name in names),
        families=tuple(_renumbered(problem.families[f], new_place, at) for f in families),
        groups=tuple(groups),
        ln_fit=problem.ln_fit[np.ix_(at, names)],
        ln_fit_stranger=problem.ln_fit_stranger[at],
        ln_body=lambda held: problem.ln_body(tuple(at[i] for i in held))[at],
        apart=frozenset((place[i], place[j]) for i, j in problem.apart if i in place and j in place),
        ln_base=0.0,
        bodies=None,
    )


def _renumbered(family: Family, new_place: dict[int, int], at: Sequence[int]) -> Family:
    def ln_given(name: int, held: Held) -> Floats:
        return np.asarray(family.ln_given(name, tuple(tuple(at[i] for i in h) for h in held))[list(at)])

    return Family(tuple(new_place[name] for name in family.names), ln_given)
