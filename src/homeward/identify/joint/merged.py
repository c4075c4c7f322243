"""Bodies of several samples as one merged sample: what a name holds is looked up, and no table is made anew.

At one name the samples held and one more are typings of one person, so P(E, held, one more) is the LR of their merged
evidence, in the family's own table, times P(merged evidence) of anybody. That needs loci to be independent and
autosomal, θ = 0, and samples that are read in one way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.identify.line_weights import weights_of
from homeward.identify.lineage import lineage_terms
from homeward.identify.screen import Column, FamilyTables, Typed, family_tables, look_up
from homeward.observe import Evidence

__all__ = ["Merged", "can_merge"]

Floats = NDArray[np.float64]
Body = tuple[int, ...]


def can_merge(model: Model, readings: Sequence[Sequence[tuple[float, Typed]]]) -> bool:
    """Whether merged evidence is all that counts."""
    plain = all(locus.kind == "autosomal" and model.theta_at(locus) == 0 for locus in model.loci)
    return plain and not (model.linkage == "pairs" and model.linked) and all(len(r) == 1 for r in readings)


class Merged:
    """Weights of bodies at names that are alone in their families: ``columns``, whose tables are made once."""

    def __init__(self, model: Model, samples: Sequence[Typed], columns: Sequence[Column]) -> None:
        self.model = model
        self.samples = samples
        self.columns = columns
        self.may_be_one = self._calls_agree()
        self._evidence: dict[Body, dict[str, Evidence] | None] = {
            (i,): {m: read[2] for m, read in s.evidence.items() if 2 in read} for i, s in enumerate(samples)
        }
        self._alone: dict[Body, float] = {}
        self._rows: dict[Body, Floats] = {}

    @cached_property
    def prepared(self) -> FamilyTables:
        """Made when first asked for: where every sample is a body of its own it never is."""
        return family_tables(self.columns, self.model, samples=self.samples)

    def ln_given(self, column: int, held: Body) -> Floats:
        """As `Family.ln_given` of the family of one column."""
        return self._at(held)[:, column]

    def ln_body(self, held: Body) -> Floats:
        """As `Problem.ln_body`."""
        return self._at(held)[:, -1]

    def _at(self, held: Body) -> Floats:
        """ln of how much more the samples held weigh with each sample, at each column and outside: the last column."""
        held = tuple(sorted(held))
        if held not in self._rows:
            found = np.full((len(self.samples), len(self.columns) + 1), -inf)
            if held:
                others = [j for j in np.flatnonzero(self.may_be_one[list(held)].all(axis=0)).tolist() if j not in held]
                bodies = [tuple(sorted((*held, j))) for j in others]
                weights = self.ln_weights([held, *bodies])
                with np.errstate(invalid="ignore"):
                    gained = weights[1:] - weights[0]
                found[others] = np.where(np.isneginf(weights[1:]) | np.isneginf(weights[0]), -inf, gained)
                found[list(held)] = 0.0
            else:
                found = self.ln_weights([(i,) for i in range(len(self.samples))])
            self._rows[held] = found
        return self._rows[held]

    def ln_weights(self, bodies: Sequence[Body]) -> Floats:
        """Natural log weight of each body at each column and outside, against its samples all apart."""
        found = np.full((len(bodies), len(self.columns) + 1), -inf)
        evidence = [self._merged(body) for body in bodies]
        possible = [k for k, e in enumerate(evidence) if e is not None]
        typed = [
            Typed("", {m: {2: e} for m, e in (evidence[k] or {}).items()}, self._haplotypes(bodies[k]))
            for k in possible
        ]
        ln_lr = look_up(typed, self.prepared).ln_lr
        for block in lineage_terms(typed, self.prepared.columns, self.model):
            ln_lr = ln_lr + np.nan_to_num(block.ln_lr, nan=0.0, neginf=-inf)
        for row, k in enumerate(possible):
            together = self._ln_alone(bodies[k]) - sum(self._ln_alone((i,)) for i in bodies[k])
            together += self._ln_lines(bodies[k]) - sum(self._ln_lines((i,)) for i in bodies[k])
            found[k, :-1] = ln_lr[row] + together
            found[k, -1] = together
        return found

    def _haplotypes(self, body: Body) -> tuple[str, ...]:
        return tuple(s for i in body for s in self.samples[i].haplotypes)

    def _ln_lines(self, body: Body) -> float:
        """ln of what the haplotypes of one body weigh, against as many unrelated persons."""
        return sum(weights_of(line).ln_of_one(self._haplotypes(body)) for line in self.model.lineages)

    def _merged(self, body: Body) -> dict[str, Evidence] | None:
        """The evidence of all samples of a body, None where they contradict each other."""
        if body not in self._evidence:
            first, last = self._merged(body[:-1]), self._merged(body[-1:])
            self._evidence[body] = None if first is None or last is None else _product(first, last)
        return self._evidence[body]

    def _ln_alone(self, body: Body) -> float:
        """Natural log of P(evidence of a body) as of anybody."""
        if body not in self._alone:
            total = 0.0
            for marker, e in (self._merged(body) or {}).items():
                chance = e.chance(self.model.locus[marker].frequencies)
                total += log(chance) if chance > 0 else -inf
            self._alone[body] = total
        return self._alone[body]

    def _calls_agree(self) -> NDArray[np.bool_]:
        """Which two samples have no two different calls: shape (samples, samples)."""
        n = len(self.samples)
        agree = np.ones((n, n), dtype=bool)
        for locus in self.model.loci:
            genotypes: dict[tuple[int, ...], int] = {}
            codes = np.full(n, -1)
            for i, s in enumerate(self.samples):
                e = s.evidence.get(locus.name, {}).get(2)
                if e is not None and e.is_call:
                    codes[i] = genotypes.setdefault(e.genotypes[0], len(genotypes))
            known = codes >= 0
            agree &= ~(known[:, None] & known[None, :] & (codes[:, None] != codes[None, :]))
        return agree


def _product(one: dict[str, Evidence], other: dict[str, Evidence]) -> dict[str, Evidence] | None:
    """Both together, None where no genotype explains both."""
    found = dict(one)
    for marker, e in other.items():
        found[marker] = found[marker].times(e) if marker in found else e
    return found if all(e.genotypes for e in found.values()) else None
