"""Y and mtDNA in every comparison: how much better a haplotype fits a line of descent than somebody unrelated to it.

The weight of what a line shows is a function of the whole set seen, so that it does not matter in which order samples
are placed: C(seen) = P(all seen | line) / Π P(each seen | somebody unrelated). LR = C(line with the sample) / C(line).
Where the founder prior is a distribution, P is summed over it. Where only frequencies of haplotypes are estimated, the
first sighting is given, each further one has its probability given those before it, and is compared with the frequency
of what it shares with them (the larger one where mutation lies between, which favours nobody).
Somebody unrelated shows a haplotype seen before with θ + (1 − θ) f, not f.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Model
from homeward.genetics.lineage import LineageKind, LineageModel
from homeward.identify.screen import Column, Typed
from homeward.likelihood.lineage import Line, SiteArrays, line_table, lines_of
from homeward.pedigree import Pedigree

__all__ = ["LineageBlock", "LineageWeights", "lineage_terms", "same_line_terms", "weights_of"]

Floats = NDArray[np.float64]
Seen = tuple[tuple[int, str], ...]
"""(place in the line, sample) of everything seen."""
ALONE = Line({"": 0}, (-1,))
"""A line of one person."""


@dataclass(frozen=True, eq=False)
class LineageBlock:
    """One line's natural log LR, (samples, columns), NaN where nothing is shared; ``ln_family``: (columns,).

    ``ln_family``: what the family's own haplotypes weigh in its pedigree, against all of them unrelated.
    """

    kind: LineageKind
    ln_lr: Floats
    ln_family: Floats


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
        for line, seen in by_line:
            if column.person in line.place and seen:
                ln_lr[:, k] = rows.ln_lr(line, seen, line.place[column.person])
    return LineageBlock(weights.model.kind, ln_lr, ln_family)


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


class LineageWeights:
    """The weight of what a line shows, with everything that can be kept of it.

    ``order``: sample → its turn, references first, the more complete before the less complete; ``mask``: sample → its
    typed sites as bits.
    """

    def __init__(self, model: LineageModel) -> None:
        self.model = model
        self.arrays = SiteArrays(model.sites, model.founders)
        self.order = {s: k for k, s in enumerate(model.seen)}
        self.evidence = {s: self.arrays.evidence(o) for s, o in model.seen.items()}
        if model.founders is None:
            # a frequency is of what is seen: how badly it was read may not count on one side only
            self.evidence = {s: e / e.max(axis=1, keepdims=True) for s, e in self.evidence.items()}
        self.mask = {s: sum(1 << i for i in o.sites) for s, o in model.seen.items()}
        self.proper = model.founders is not None
        self._lines: dict[Pedigree, tuple[Line, ...]] = {}
        self._frequency: dict[tuple[str, int], float] = {}
        self._again: dict[tuple[str, ...], float] = {}
        self._alike: dict[tuple[str, ...], float] = {}
        self._singles: dict[tuple[tuple[int, ...], int, str], Floats] = {}
        self._nothing: dict[tuple[tuple[int, ...], int], Floats] = {}
        self._sets: dict[tuple[tuple[int, ...], Seen], float] = {}

    def lines(self, pedigree: Pedigree) -> tuple[Line, ...]:
        if pedigree not in self._lines:
            self._lines[pedigree] = lines_of(pedigree, self.model.kind)
        return self._lines[pedigree]

    def in_line(self, line: Line, haplotypes: Sequence[tuple[str, str]]) -> Seen:
        """What (person, sample) pairs show in a line, in the order of samples."""
        found = [(line.place[p], s) for p, s in haplotypes if p in line.place and s in self.model.seen]
        return tuple(sorted(set(found), key=lambda row: (self.order[row[1]], row[0])))

    def ln_set(self, line: Line, seen: Seen) -> float:
        """ln C of everything seen in a line: 0 for one sighting or none."""
        total = self.ln_without_theta(line, seen)
        return total - self.ln_theta(line, seen) if total > -inf else -inf

    def ln_without_theta(self, line: Line, seen: Seen) -> float:
        """ln C at θ = 0."""
        if len(seen) < 2:
            return 0.0
        key = line.parent, seen
        if key not in self._sets:
            *before, (place, last) = seen
            table = line_table(self.arrays, line, self.at_places(tuple(before)), place)
            ln = self._ln_table(table * self.evidence[last][None], self.typed(s for _, s in seen))
            self._sets[key] = ln - self.ln_apart(line, seen) if ln > -inf else -inf
        return self._sets[key]

    def ln_theta(self, line: Line, seen: Seen) -> float:
        """ln of how much likelier common descent outside the pedigree makes the sightings, over all but the first."""
        if self.model.theta == 0:
            return 0.0
        total = 0.0
        for k in range(1, len(seen)):
            before = self.ln_without_theta(line, seen[:k])
            ln_lr = self.ln_without_theta(line, seen[: k + 1]) - before if before > -inf else -inf
            total += self.ln_of_descent(tuple(s for _, s in seen[: k + 1]), ln_lr)
        return total

    def ln_of_descent(self, samples: tuple[str, ...], ln_lr: float) -> float:
        """ln of θ max(m / f, LR) + 1 − θ of the last sample, the others seen before; ``ln_lr``: its LR at θ = 0.

        Somebody who shares the haplotype by descent may differ by mutation as a member of the line may, so that θ
        bounds every LR by 1 / θ, also where the two differ by a step.
        """
        theta = self.model.theta
        if samples not in self._alike:
            *earlier, sample = samples
            shared = self.mask[sample] & self.typed(earlier)
            f = self._frequency_again(earlier, sample, shared)
            match = max(self.match(e, sample) for e in earlier)
            self._alike[samples] = match / f if shared and f > 0 else 1.0
        return log(theta * max(self._alike[samples], exp(min(ln_lr, 600.0))) + 1.0 - theta)

    def typed(self, samples: Iterable[str]) -> int:
        """Sites typed in any of the samples, as bits."""
        found = 0
        for s in samples:
            found |= self.mask[s]
        return found

    def ln_of_one(self, samples: Sequence[str]) -> float:
        """ln C of samples of one person of whose line nothing else is known."""
        return self.ln_set(ALONE, self.in_line(ALONE, [("", s) for s in samples]))

    def at_places(self, seen: Seen) -> dict[int, Floats]:
        """What is seen at each place, samples of one person multiplied."""
        found: dict[int, Floats] = {}
        for place, s in seen:
            found[place] = found[place] * self.evidence[s] if place in found else self.evidence[s]
        return found

    def _ln_table(self, table: Floats, typed: int) -> float:
        """ln of the probability in a table (components, sites, states), over the sites typed."""
        at = bits(typed)
        with np.errstate(divide="ignore"):
            each = np.log(table[:, at].sum(axis=2)).sum(axis=1) + np.log(self.arrays.weights)
        return float(np.logaddexp.reduce(each))

    def ln_single(self, line: Line, place: int, sample: str) -> Floats:
        """ln of the probability of each site of one sample with nothing else seen: (components, sites), 0 if untyped.

        A population's haplotypes are taken to be the same in every generation, so this is what somebody unrelated in
        the same place of his own line shows.
        """
        key = line.parent, place, sample
        if key not in self._singles:
            with np.errstate(divide="ignore"):
                ln = np.log((self.nothing_seen(line, place) * self.evidence[sample][None]).sum(axis=2))
            typed = np.zeros(ln.shape[1], dtype=bool)
            typed[bits(self.mask[sample])] = True
            self._singles[key] = np.where(typed, ln, 0.0)
        return self._singles[key]

    def nothing_seen(self, line: Line, place: int) -> Floats:
        """`line_table` of a place with nothing seen."""
        key = line.parent, place
        if key not in self._nothing:
            self._nothing[key] = line_table(self.arrays, line, {}, place)
        return self._nothing[key]

    def ln_of_single(self, ln_single: Floats) -> float:
        """ln of the probability of one sample from that of its sites."""
        return float(np.logaddexp.reduce(ln_single.sum(axis=1) + np.log(self.arrays.weights)))

    def ln_apart(self, line: Line, seen: Seen) -> float:
        """ln of what the samples weigh as sightings in unrelated persons at θ = 0, in the measure of P(all seen)."""
        again = self.ln_again(tuple(s for _, s in seen))
        if self.proper:
            return again + sum(self.ln_of_single(self.ln_single(line, place, s)) for place, s in seen)
        before, total = 0, again
        for place, s in seen:
            first = bits(self.mask[s] & ~before)
            total += float(self.ln_single(line, place, s)[0, first].sum())
            before |= self.mask[s]
        return total

    def frequency(self, sample: str, sites: int) -> float:
        """Probability that somebody of the population shows what a sample shows at these sites."""
        sites &= self.mask[sample]
        key = sample, sites
        if key not in self._frequency:
            if not sites:
                found = 1.0
            elif self.proper:
                found = float(np.exp(self._ln_table(self.arrays.prior * self.evidence[sample][None], sites)))
            else:
                found = self.model.frequency(sample, frozenset(bits(sites)))
            self._frequency[key] = found
        return self._frequency[key]

    def ln_again(self, samples: tuple[str, ...]) -> float:
        """ln of the frequencies of all but the first of samples in their order, where no distribution has them."""
        if self.proper:
            return 0.0
        if samples not in self._again:
            total = 0.0
            for k in range(1, len(samples)):
                shared = self.mask[samples[k]] & self.typed(samples[:k])
                f = self._frequency_again(samples[:k], samples[k], shared) if shared else 1.0
                total += log(f) if f > 0 else -inf
            self._again[samples] = total
        return self._again[samples]

    def _frequency_again(self, earlier: Sequence[str], sample: str, shared: int) -> float:
        """The frequency a further sighting has; of counted ones the larger of the two compared."""
        own = self.frequency(sample, shared)
        if self.proper:
            return own
        alike = [e for e in earlier if not shared & ~self.mask[e]]
        return max([own, *(self.frequency(e, shared) for e in alike)])

    def match(self, one: str, other: str) -> float:
        """How well two samples show one haplotype at the sites that both show: 1 where they agree, 0 where not."""
        at = bits(self.mask[one] & self.mask[other])
        first, second = self.evidence[one][at], self.evidence[other][at]
        mass = first.sum(axis=1)
        return float(np.prod((first * second).sum(axis=1) / np.where(mass > 0, mass, 1.0))) if at else 0.0


@lru_cache(maxsize=16)
def weights_of(model: LineageModel) -> LineageWeights:
    """The weights of a model, made once."""
    return LineageWeights(model)


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
        before = w.typed(s for _, s in seen)
        ln_with = self._ln_with(line_table(w.arrays, line, w.at_places(seen), at), before)
        plain, base = w.ln_without_theta(line, seen), w.ln_set(line, seen)
        last = max(w.order[s] for _, s in seen)
        names = tuple(s for _, s in seen)
        apart = self._ln_apart_last(line, seen, at, before)
        for row, i in enumerate(self.typed):
            shown = self.shown[i]
            # a mixture tells something of what was not typed from what was
            if not before & self.mask[row] and not w.proper:
                continue
            if np.isneginf(ln_with[row]) or np.isneginf(base):
                found[i] = -inf
            elif len(shown) == 1 and w.order[shown[0]] > last:
                everybody = (*names, *shown)
                found[i] = ln_with[row] - apart[row] - w.ln_again(everybody) - plain
                if w.model.theta > 0:
                    found[i] -= w.ln_of_descent(everybody, found[i])
            else:
                everything = sorted({*seen, *((at, s) for s in shown)}, key=lambda one: (w.order[one[1]], one[0]))
                found[i] = w.ln_set(line, tuple(everything)) - base - w.ln_of_one(shown)
        return found

    def _ln_apart_last(self, line: Line, seen: Seen, at: int, before: int) -> Floats:
        """`LineageWeights.ln_apart` of what is seen and one sample after it, without seeing again: (typed,)."""
        w = self.weights
        components, n, _ = w.arrays.prior.shape
        nothing = w.nothing_seen(line, at)
        each = np.zeros((components, len(self.typed)))
        with np.errstate(divide="ignore"):
            for i in range(n):
                if w.proper or not before >> i & 1:
                    ln = np.log(nothing[:, i] @ self.values[i].T)
                    ln[:, self.untyped[i]] = 0.0
                    each += ln[:, self.code[:, i]]
            own = np.logaddexp.reduce(each + np.log(w.arrays.weights)[:, None], axis=0)
        return np.asarray(own + w.ln_apart(line, seen) - w.ln_again(tuple(s for _, s in seen)))

    def _ln_with(self, table: Floats, before: int) -> Floats:
        """ln of the probability of a table with each sample's evidence, over the sites typed in either: (typed,)."""
        w = self.weights
        components, n, _ = table.shape
        total = np.zeros((components, len(self.typed)))
        with np.errstate(divide="ignore"):
            for i in range(n):
                each = np.log(table[:, i] @ self.values[i].T)
                if not before >> i & 1:
                    # typed nowhere in the line: it counts for those samples only that are typed there
                    each[:, self.untyped[i]] = 0.0
                total += each[:, self.code[:, i]]
            return np.asarray(np.logaddexp.reduce(total + np.log(w.arrays.weights)[:, None], axis=0))


def bits(mask: int) -> list[int]:
    """Positions of the bits set."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
