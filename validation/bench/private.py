"""The private figures: a whole match under encryption, from keys to decision, with what travels."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from validation.bench.measure import Work
from validation.private import Run, made_up

__all__ = ["PRIVATE_FIGURES"]


def _matched(remains: int, families: int, ring: int, steps: int) -> Work:
    """Score tables are ready; once, for it takes minutes."""
    match = made_up(remains, families, ring=ring, steps=steps, seed=1)

    def told(run: Run) -> dict[str, Any]:
        return {**run.figures(), "checked": remains * families, "wrong": run.wrong}

    size = {"remains": remains, "families": families, "loci": len(match.terms.loci)}
    return Work(Run(match).all_steps, size, remains * families, check=told, once=True)


PRIVATE_FIGURES: dict[str, Callable[[], Work]] = {
    "private_20x200_128": partial(_matched, 20, 200, 16384, 128),
    "private_20x200": partial(_matched, 20, 200, 32768, 1024),
    "private_183x300": partial(_matched, 183, 300, 32768, 1024),
}
