"""What every body shows at one locus if it is of somebody with one or with two alleles there."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus
from homeward.identify.screen import Column, Typed
from homeward.likelihood import Part, Task, combinations
from homeward.observe import Evidence

__all__ = ["Shown"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]

_Body = tuple[int, float, int, float]
"""Code of what a body shows, ln of what its samples show as of anybody; both of the first sample that shows any."""


class Shown:
    """Bodies, subsets of samples, at the names of one family, at one locus.

    ``codes``: (bodies, names) 0 where nothing is shown, else the place in ``evidence``, counted from 1. ``ln_alone``:
    natural log of P(what its samples show), each as of anybody. ``first_codes``, ``ln_first``: the same of the first
    sample that shows anything. ``impossible``: where no genotype is left.
    """

    def __init__(
        self, locus: Locus, samples: Sequence[Typed], columns: Sequence[Column], bodies: Sequence[int]
    ) -> None:
        self.locus = locus
        self.columns = columns
        self.bodies = bodies
        self.evidence: list[Evidence] = []
        self._place: dict[Evidence, int] = {}
        self._products: dict[tuple[int, int], int] = {}
        shape = len(bodies), len(columns)
        self.codes, self.first_codes = np.zeros(shape, dtype=np.intp), np.zeros(shape, dtype=np.intp)
        self.ln_alone, self.ln_first = np.zeros(shape), np.zeros(shape)
        for ploidy in (1, 2):
            names = [m for m, c in enumerate(columns) if c.ploidy(locus) == ploidy]
            if names:
                found = self._of_bodies([s.evidence.get(locus.name, {}).get(ploidy) for s in samples])
                each = (self.codes, self.ln_alone, self.first_codes, self.ln_first)
                for array, values in zip(each, zip(*found, strict=True), strict=True):
                    array[:, names] = np.array(values)[:, None]
        contradicted = np.array([False, *(not e.genotypes for e in self.evidence)])
        self.impossible: Bools = contradicted[self.codes] | np.isneginf(self.ln_alone)

    def parts(self, codes: Ints, most: Sequence[int]) -> tuple[list[int], list[Part] | None]:
        """The names that carry the locus, and P(references, whatever of ``codes`` they show together) in parts.

        No parts where nothing is shown, None where they would be too large. ``most``: as in `combinations`.
        """
        names = [m for m, c in enumerate(self.columns) if c.ploidy(self.locus) is not None]
        choices = [(np.unique(codes[codes[:, m] > 0, m]) - 1).tolist() for m in names]
        if not any(choices):
            return names, []
        first = self.columns[names[0]]
        seen = first.evidence.get(self.locus.name, {})
        task = Task(first.pedigree, self.locus, seen, tuple(self.columns[m].person for m in names))
        return names, combinations(task, self.evidence, choices, most)

    def at_most(self, may: Bools) -> list[int]:
        """For each piece of evidence how many names may show it at once: each holds another of these samples."""
        samples = [0] * (len(self.evidence) + 1)
        for k, m in zip(*np.nonzero(may), strict=True):
            samples[self.codes[k, m]] |= self.bodies[k]
        return [each.bit_count() for each in samples[1:]]

    def _of_bodies(self, seen: Sequence[Evidence | None]) -> list[_Body]:
        each: list[_Body] = []
        for e in seen:
            code = 0 if e is None else self._code(e)
            chance = 1.0 if e is None else e.chance(self.locus.frequencies)
            ln = log(chance) if chance > 0 else -inf
            each.append((code, ln, code, ln))
        known: dict[int, _Body] = {0: (0, 0.0, 0, 0.0)}
        return [self._of_body(body, each, known) for body in self.bodies]

    def _of_body(self, body: int, each: Sequence[_Body], known: dict[int, _Body]) -> _Body:
        if body not in known:
            last = body.bit_length() - 1
            code, ln, *first = self._of_body(body ^ (1 << last), each, known)
            own = each[last]
            known[body] = (self._times(code, own[0]), ln + own[1], *(first if code else own[2:]))
        return known[body]

    def _code(self, e: Evidence) -> int:
        if e not in self._place:
            self.evidence.append(e)
            self._place[e] = len(self.evidence)
        return self._place[e]

    def _times(self, one: int, other: int) -> int:
        if not one or not other:
            return one or other
        key = (min(one, other), max(one, other))
        if key not in self._products:
            self._products[key] = self._code(self.evidence[one - 1].times(self.evidence[other - 1]))
        return self._products[key]
