"""Y and mtDNA in every comparison: every sample against every missing person's line of descent, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.genetics.lineage import LineageKind
from homeward.identify.line_weights import ALONE, LineageWeights, Seen, weights_of
from homeward.identify.screen import Column, Typed
from homeward.likelihood.lineage import Line, line_table

__all__ = ["LineageBlock", "lineage_terms", "ln_readings", "same_line_terms"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class LineageBlock:
    """One line's natural log LR, (samples, columns), NaN where nothing is shared; ``ln_family``: (columns,).

    ``ln_family``: what the family's own haplotypes weigh in its pedigree, against all of them unrelated.
    ``ln_readings``: (samples,) ln of how likely a sample's drop-out makes what it shows, whoever it is of.
    """

    kind: LineageKind
    ln_lr: Floats
    ln_family: Floats
    ln_readings: Floats


def lineage_terms(samples: Sequence[Typed], columns: Sequence[Column], model: Model) -> list[LineageBlock]:
    """What each line of descent says of every sample and every missing person; H1 and H2 as in `screen`."""
    return [_block(weights_of(lineage), samples, columns) for lineage in model.lineages]


def _block(weights: LineageWeights, samples: Sequence[Typed], columns: Sequence[Column]) -> LineageBlock:
    shown = [tuple(s for s in typed.haplotypes if s in weights.model.seen) for typed in samples]
    rows = _Rows(weights, shown)
    ln_lr = np.full((len(samples), len(columns)), np.nan)
    ln_family = np.zeros(len(columns))
    for k, column in enumerate(columns):
        lines = weights.lines(column.pedigree)
        by_line = [(line, weights.in_line(line, column.haplotypes)) for line in lines]
        ln_family[k] = sum(weights.ln_set(line, seen) for line, seen in by_line)
        ln_family[k] += sum(weights.ln_reading(s) for _, s in column.haplotypes if s in weights.model.seen)
        for line, seen in by_line:
            if column.person in line.place and seen:
                ln_lr[:, k] = rows.ln_lr(line, seen, line.place[column.person])
    return LineageBlock(weights.model.kind, ln_lr, ln_family, _ln_readings(weights, shown))


def _ln_readings(weights: LineageWeights, shown: Sequence[tuple[str, ...]]) -> Floats:
    return np.array([sum(weights.ln_reading(s) for s in each) for each in shown])


def ln_readings(samples: Sequence[Typed], model: Model) -> Floats:
    """ln of how likely the drop-out of each sample makes its haplotypes, as of somebody unrelated: (samples,)."""
    found = np.zeros(len(samples))
    for lineage in model.lineages:
        shown = [tuple(s for s in typed.haplotypes if s in lineage.seen) for typed in samples]
        found += _ln_readings(weights_of(lineage), shown)
    return found


def same_line_terms(samples: Sequence[Typed], model: Model) -> list[Floats]:
    """For each line of descent, the natural log LR of every two samples: one individual against two unrelated persons.

    Shape (samples, samples), NaN where nothing is shared. Two of one line without mutation cannot be told apart by it.
    """
    found = []
    for lineage in model.lineages:
        weights = weights_of(lineage)
        shown = [tuple(s for s in typed.haplotypes if s in lineage.seen) for typed in samples]
        rows = _Rows(weights, shown)
        ln_lr = np.full((len(samples), len(samples)), np.nan)
        for i, own in enumerate(shown):
            if own:
                seen = weights.in_line(ALONE, [("", s) for s in own])
                ln_lr[i] = rows.ln_lr(ALONE, seen, 0)
        found.append(ln_lr)
    return found


class _Rows:
    """Many samples against one line at once; what a site can show is looked up once, however many samples show it."""

    def __init__(self, weights: LineageWeights, shown: Sequence[tuple[str, ...]]) -> None:
        self.weights = weights
        self.shown = shown
        self.typed = [i for i, each in enumerate(shown) if each]
        n = len(weights.arrays.sites)
        product = (
            np.stack([self._product(shown[i]) for i in self.typed])
            if self.typed
            else np.ones((0, n, weights.arrays.width))
        )
        self.code = np.zeros((len(self.typed), n), dtype=np.intp)
        self.values: list[Floats] = []
        for i in range(n):
            values, code = np.unique(product[:, i], axis=0, return_inverse=True)
            self.values.append(values)
            self.code[:, i] = code.reshape(-1)
        self.untyped = [(values == 1.0).all(axis=1) for values in self.values]
        self.mask = [weights.typed(shown[i]) for i in self.typed]

    def _product(self, samples: tuple[str, ...]) -> Floats:
        found = self.weights.evidence[samples[0]]
        for s in samples[1:]:
            found = found * self.weights.evidence[s]
        return found

    def ln_lr(self, line: Line, seen: Seen, at: int) -> Floats:
        """ln LR of every sample at one place of a line, given what is seen there: (samples,), NaN if nothing shared."""
        w = self.weights
        found = np.full(len(self.shown), np.nan)
        names = tuple(s for _, s in seen)
        before = w.typed(names)
        table = line_table(w.arrays, line, w.at_places(seen), at).copy()
        new = np.ones(len(w.arrays.sites), dtype=bool)
        new[w.sites_of(before)] = False
        table[:, new] = w.arrays.prior[:, new]
        ln_with = self._ln_with(table, new)
        plain, base = w.ln_without_theta(line, seen), w.ln_set(line, seen)
        last = max(w.order[s] for s in names)
        # which part of a site was typed counts only where what is given of a site is no distribution
        in_part = not w.proper and any(w.is_part(s) for s in names)
        parts = [not w.proper and any(map(w.is_part, self.shown[i])) for i in self.typed]
        apart = self._ln_apart_last(names, new)
        for row, i in enumerate(self.typed):
            shown = self.shown[i]
            # a mixture tells something of what was not typed from what was
            if not before & self.mask[row] and not w.proper:
                continue
            if ln_with[row] == -inf or base == -inf:
                found[i] = -inf
            elif len(shown) == 1 and w.order[shown[0]] > last and not (in_part or parts[row]):
                everybody = (*names, *shown)
                found[i] = ln_with[row] - apart[row] - w.ln_again(everybody) - plain
                if w.model.theta > 0:
                    found[i] -= w.ln_of_descent(everybody, found[i])
            else:
                everything = sorted({*seen, *((at, s) for s in shown)}, key=lambda one: (w.order[one[1]], one[0]))
                found[i] = w.ln_set(line, tuple(everything)) - base - w.ln_of_one(shown)
        return found

    def _ln_apart_last(self, names: tuple[str, ...], new: Bools) -> Floats:
        """`LineageWeights.ln_apart` of what is seen and one sample after it, without seeing again: (typed,)."""
        w = self.weights
        components, n, _ = w.arrays.prior.shape
        given = np.zeros(n) if w.proper else w.ln_given(names)
        each = np.zeros((components, len(self.typed)))
        with np.errstate(divide="ignore"):
            for i in range(n):
                ln = np.log(w.arrays.prior[:, i] @ self.values[i].T)
                if not w.proper and not new[i]:
                    ln = np.minimum(ln, given[i])
                ln[:, self.untyped[i]] = given[i]
                each += ln[:, self.code[:, i]]
            own = np.logaddexp.reduce(each + np.log(w.arrays.weights)[:, None], axis=0)
        return np.asarray(own + (w.ln_apart(names) if w.proper else 0.0))

    def _ln_with(self, table: Floats, new: Bools) -> Floats:
        """ln of the probability of a table with each sample's evidence, over the sites typed in either: (typed,).

        ``new``: (sites,) whether nobody before was typed there.
        """
        w = self.weights
        components, n, _ = table.shape
        total = np.zeros((components, len(self.typed)))
        with np.errstate(divide="ignore"):
            for i in range(n):
                each = np.log(table[:, i] @ self.values[i].T)
                if new[i]:
                    # typed nowhere in the line: it counts for those samples only that are typed there
                    each[:, self.untyped[i]] = 0.0
                total += each[:, self.code[:, i]]
            return np.asarray(np.logaddexp.reduce(total + np.log(w.arrays.weights)[:, None], axis=0))
