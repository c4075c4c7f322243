"""Random joint problems without genetics: any consistent weights will do."""

from __future__ import annotations

from functools import cache
from math import inf, log
from random import Random

import numpy as np

from homeward.identify.joint.problem import Family, Group, Prior, Problem

__all__ = ["problem"]


def problem(rng: Random, kind: str, samples: int) -> Problem:
    sizes = [rng.choice([1, 1, 2, 3]) for _ in range(rng.randint(0, 2))]
    # what nobody's one body can show, no name's can
    impossible = [frozenset(rng.sample(range(samples), 2)) for _ in range(rng.randint(0, 2)) if samples > 1]
    names, families, at = [], [], 0
    for f, size in enumerate(sizes):
        names += [f"F{f}/M{k}" for k in range(size)]
        families.append(_family(rng, tuple(range(at, at + size)), samples, impossible))
        at += size
    groups = tuple(
        Group(f"group {g}", rng.randint(1, 2), tuple(_fit(rng) for _ in range(samples)))
        for g in range(rng.randint(0, 2))
    )
    listed = at + sum(g.size for g in groups)
    strangers = rng.choice([0.0, 0.1, 0.6]) if listed else 0.5
    prior = Prior(kind, listed, strangers, rng.randint(1, 2) if strangers else 0)
    fit = np.array([[_fit(rng) for _ in range(at)] for _ in range(samples)]).reshape(samples, at)
    apart = {(i, j) for i in range(samples) for j in range(i + 1, samples) if rng.random() < 0.2}
    if kind != "fragments":
        apart = set()
    return Problem(
        tuple(f"S{i}" for i in range(samples)),
        tuple(names),
        tuple(families),
        groups,
        prior,
        fit,
        np.array([_fit(rng) for _ in range(samples)]),
        _body(rng, samples, impossible),
        frozenset(apart),
        rng.uniform(-50, 0),
    )


def _fit(rng: Random) -> float:
    return rng.choice([0.0, 0.0, log(0.001), log(3.0)])


def _family(rng: Random, names: tuple[int, ...], samples: int, impossible: list[frozenset[int]]) -> Family:
    """Weights of every way its names can hold samples, consistent whatever the order they come in."""
    seed = rng.random()

    @cache
    def ln(held: tuple[frozenset[int], ...]) -> float:
        if not any(held):
            return 0.0
        own = Random(f"{seed} {[sorted(h) for h in held]}")
        parts = [ln((*held[:k], held[k] - {i}, *held[k + 1 :])) for k in range(len(held)) for i in held[k]]
        contradicted = any(pair <= h for pair in impossible for h in held)
        return -inf if -inf in parts or contradicted or own.random() < 0.05 else own.gauss(0, 3)

    def ln_given(at: int, held: tuple[tuple[int, ...], ...]) -> np.ndarray:
        before = tuple(frozenset(h) for h in held)
        found = []
        for i in range(samples):
            after = (*before[:at], before[at] | {i}, *before[at + 1 :])
            found.append(-inf if ln(before) == -inf or ln(after) == -inf else ln(after) - ln(before))
        return np.array(found)

    return Family(names, ln_given)


def _body(rng: Random, samples: int, impossible: list[frozenset[int]]):
    """Finite weights but for contradictions; one sample by itself is what weights are measured against."""
    seed = rng.random()

    def ln(held: frozenset[int]) -> float:
        if any(pair <= held for pair in impossible):
            return -inf
        return Random(f"{seed} {sorted(held)}").gauss(0, 3) if len(held) > 1 else 0.0

    def ln_body(held: tuple[int, ...]) -> np.ndarray:
        before = ln(frozenset(held))
        return np.array([-inf if before == -inf else ln(frozenset((*held, i))) - before for i in range(samples)])

    return ln_body
