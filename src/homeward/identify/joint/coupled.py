"""The chain rule of a family that misses several, by look-ups: one table a locus over what its missing show together.

For incidents that are sampled, where a family's names are filled in thousands of ways. Samples are clean calls, so that
a body shows what any of its samples shows, or nothing that can be; loci are unlinked, θ is zero, the pedigree is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus, Model
from homeward.identify.joint.problem import Held
from homeward.identify.joint.shown import Shown
from homeward.identify.screen import Column, Typed

__all__ = ["Coupled", "can_couple"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_LARGEST = 1 << 21
"""Numbers of one table: 16 MiB a locus."""


def can_couple(model: Model, samples: Sequence[Typed]) -> bool:
    """Whether every sample is a clean call at every locus, and no line of descent joins the weights."""
    calls = all(e.is_call for s in samples for read in s.evidence.values() for e in read.values())
    return calls and not model.lineages


@dataclass(frozen=True, eq=False)
class _Locus:
    """``codes``: (samples, names) what a sample shows, 0 = nothing; ``ln_alone``: of that, as of anybody.

    ``ln``: one axis a name, over codes: ln P(references and what the names show), less that of nothing shown.
    ``silent``: no reference says anything here, so that the first body shown is not compared.
    """

    codes: Ints
    ln_alone: Floats
    ln: Floats
    silent: bool


class Coupled:
    """The names of one family, ``columns``, whose pedigree is one value."""

    def __init__(self, model: Model, samples: Sequence[Typed], columns: Sequence[Column]) -> None:
        self.model = model
        self.samples = samples
        self.columns = columns

    @cached_property
    def _loci(self) -> list[_Locus] | None:
        """Made when first asked for; None where a table would be too large."""
        found = []
        for locus in self.model.loci:
            made = _table(locus, self.samples, self.columns)
            if made is None:
                return None
            found.append(made)
        return found

    def ln_given(self, at: int, held: Held) -> Floats | None:
        """`Family.ln_given`; None where the tables would be too large."""
        if self._loci is None:
            return None
        total = np.zeros(len(self.samples))
        for locus in self._loci:
            shown = [_code(locus.codes[list(body), k]) if body else 0 for k, body in enumerate(held)]
            if any(code is None for code in shown):
                return np.full(len(self.samples), -np.inf)
            total += _gained(locus, at, tuple(code or 0 for code in shown))
        return total


def _gained(locus: _Locus, at: int, shown: tuple[int, ...]) -> Floats:
    """ln of how much more likely every sample is at the name, than as of anybody, given what the names show."""
    own = locus.codes[:, at]
    if locus.silent and not any(shown):
        return np.zeros(len(own))
    now = locus.ln[shown]
    if now == -np.inf:
        return np.full(len(own), -np.inf)
    if shown[at]:
        gained = np.where((own == 0) | (own == shown[at]), 0.0, -np.inf)
    else:
        gained = np.moveaxis(locus.ln, at, -1)[shown[:at] + shown[at + 1 :]][own] - now
    return np.asarray(gained - np.where(own > 0, locus.ln_alone[:, at], 0.0))


def _code(codes: Ints) -> int | None:
    """What a body of these samples shows; None where two of them differ."""
    seen = set(codes[codes > 0].tolist())
    return None if len(seen) > 1 else next(iter(seen), 0)


def _table(locus: Locus, samples: Sequence[Typed], columns: Sequence[Column]) -> _Locus | None:
    shown = Shown(locus, samples, columns, [1 << i for i in range(len(samples))])
    pieces = len(shown.evidence) + 1
    if pieces ** len(columns) > _LARGEST:
        return None
    names, parts = shown.parts(shown.codes, [len(columns)] * len(shown.evidence))
    if parts is None:
        return None
    ln = np.zeros((pieces,) * len(columns))
    silent = not columns[0].speaks(locus)
    for part in parts:
        own = np.full((pieces,) * len(part.targets), -np.inf)
        own[tuple(part.chosen.T)] = part.ln - part.ln[0]
        axes = [names[t] for t in part.targets]
        ln = ln + own.reshape([pieces if m in axes else 1 for m in range(len(columns))])
    return _Locus(shown.codes, shown.ln_alone, ln, silent)
