"""What a study is: figures, and bounds that were stated before they were computed."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

__all__ = ["Bound", "Outcome", "Study", "chi_square_tail", "told"]

T = TypeVar("T")


@dataclass(frozen=True)
class Bound:
    """A figure and the limit it must not exceed; ``claim`` says in words what is bounded."""

    claim: str
    value: float
    limit: float

    @property
    def holds(self) -> bool:
        return self.value <= self.limit

    def as_json(self) -> dict[str, Any]:
        return {"claim": self.claim, "value": self.value, "limit": self.limit, "holds": self.holds}


@dataclass(frozen=True)
class Outcome:
    """What one run of a study came to; ``runs`` counts whatever the study repeats."""

    runs: int
    bounds: tuple[Bound, ...]
    figures: dict[str, Any]
    plot: str

    @property
    def failures(self) -> int:
        """Bounds that do not hold."""
        return sum(not b.holds for b in self.bounds)


@dataclass(frozen=True)
class Study:
    """A study by name; ``work`` is called with the scale and the seed. ``with_inputs``: what is called instead, with a
    folder besides, where a caller gives one of files of his own; None: the study reads none."""

    name: str
    seed: int
    work: Callable[[float, int], Outcome]
    with_inputs: Callable[[float, int, Path], Outcome] | None = None


def chi_square_tail(x: float, freedom: int) -> float:
    """P(χ² > x) with so many degrees of freedom: the finite sums for even and odd ones."""
    if x <= 0:
        return 1.0
    half = x / 2
    if freedom % 2 == 0:
        powers = [float(k) for k in range(freedom // 2)]
        start = 0.0
    else:
        powers = [k - 0.5 for k in range(1, (freedom - 1) // 2 + 1)]
        start = math.erfc(math.sqrt(half))
    return start + math.fsum(math.exp(-half + k * math.log(half) - math.lgamma(k + 1)) for k in powers)


def told(
    name: str, pieces: Sequence[object], seed: int, done: Iterable[T], said: Callable[[T], str] = lambda _: ""
) -> Iterator[T]:
    """The same, each piece told on standard error when it is done; ``said``: what of it."""
    started = time.perf_counter()
    for k, (piece, found) in enumerate(zip(pieces, done, strict=True), 1):
        words = (
            f"{k} of {len(pieces)}",
            str(piece),
            f"seed {seed}",
            said(found),
            f"{time.perf_counter() - started:.0f} s",
        )
        print(f"{name}: {', '.join(w for w in words if w)}", file=sys.stderr, flush=True)
        yield found
