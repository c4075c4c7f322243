"""Y and mtDNA in every comparison: how much better a haplotype fits a line of descent than somebody unrelated to it.

The weight of what a line shows is a function of the whole set seen, so that it does not matter in which order samples
are placed: C(seen) = P(all seen | line) / Π P(each seen | somebody unrelated). LR = C(line with the sample) / C(line).
Where the founder prior is a distribution, P is summed over it. Where only frequencies of haplotypes are estimated, the
most exact sighting of a site is given, each further one has its probability given those before it, and is compared with
the frequency of what it shares with them (the larger one where mutation lies between, or one of them is vague).
Somebody unrelated shows a haplotype seen in m unrelated lines with (mθ + (1 − θ) f) / (1 + (m − 1) θ), not f.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.dropout import sample_of
from homeward.genetics.lineage import LineageModel, Observed
from homeward.likelihood.lineage import Line, SiteArrays, line_table, lines_of
from homeward.pedigree import Pedigree

__all__ = ["ALONE", "LineageWeights", "Seen", "weights_of"]

Floats = NDArray[np.float64]
Seen = tuple[tuple[int, str], ...]
"""(place in the line, sample) of everything seen."""
_FEWER = 0.1
"""ln of states left open, beyond which one of two sightings is the more exact: reading errors leave far less open."""
_AGREES = 0.5
"""Match from which two sightings are taken for one haplotype."""
ALONE = Line({"": 0}, (-1,))
"""A line of one person."""


class LineageWeights:
    """The weight of what a line shows, with everything that can be kept of it.

    ``order``: sample → its turn, references first, the more complete before the less complete; ``mask``: sample → what
    it is typed at, as bits: of a site of two parts, bit i for the first and bit sites + i for the second.
    """

    def __init__(self, model: LineageModel) -> None:
        self.model = model
        self.arrays = SiteArrays(model.sites, model.founders)
        self.order = {s: k for k, s in enumerate(model.seen)}
        self.evidence = {s: self.arrays.evidence(o) for s, o in model.seen.items()}
        self._ln_read = dict.fromkeys(model.seen, 0.0)
        if model.founders is None:
            for s in (name for names in model.readings.values() for name in names):
                self._ln_read[s] = sum(log(float(e.max())) for e in model.seen[s].sites.values())
            # a frequency is of what is seen: how badly it was read may not count on one side only
            self.evidence = {s: e / e.max(axis=1, keepdims=True) for s, e in self.evidence.items()}
        n = len(model.sites)
        self.parted = {i for o in model.seen.values() for i in o.parts}
        self.mask = {s: sum(self._typed_at(o, i, n) for i in o.sites) for s, o in model.seen.items()}
        self.proper = model.founders is not None
        self._places: dict[int, list[int]] = {}
        self._lines: dict[Pedigree, tuple[Line, ...]] = {}
        self._frequency: dict[tuple[str, int], float] = {}
        self._again: dict[tuple[str, ...], float] = {}
        self._given: dict[tuple[str, ...], Floats] = {}
        self._alike: dict[tuple[str, ...], tuple[float, float, float]] = {}
        self._elsewhere: dict[tuple[str, int], dict[str, float]] = {}
        self._singles: dict[str, Floats] = {}
        self._sets: dict[tuple[tuple[int, ...], Seen], float] = {}

    def _typed_at(self, observed: Observed, i: int, n: int) -> int:
        if i not in self.parted:
            return 1 << i
        part = observed.parts.get(i, 3)
        return (part & 1) << i | (part >> 1) << (n + i)

    def sites_of(self, mask: int) -> list[int]:
        """Positions of the sites that are typed, if only in part."""
        if mask not in self._places:
            n = len(self.arrays.sites)
            self._places[mask] = bits((mask | mask >> n) & ((1 << n) - 1))
        return self._places[mask]

    def is_part(self, sample: str) -> bool:
        """Whether of some site only one of its two markers was typed."""
        return bool(self.model.seen[sample].parts)

    def ln_reading(self, sample: str) -> float:
        """ln of how likely what a sample shows is under its drop-out, by somebody unrelated; 0 where that is known.

        Up to what all its drop-outs have in common; where only frequencies are estimated, of the likeliest state.
        """
        if self.proper and sample != sample_of(sample):
            return self.ln_of_single(self.ln_single(sample))
        return self._ln_read[sample]

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
            table = line_table(self.arrays, line, self.at_places(seen), seen[-1][0])
            ln = self._ln_table(table, self.typed(s for _, s in seen))
            self._sets[key] = ln - self.ln_apart(tuple(s for _, s in seen)) if ln > -inf else -inf
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
        """ln of how much likelier than f it is that somebody unrelated shows what the last of the samples shows.

        (θ (max(a, LR) + o/f) + 1 − θ) / (1 + oθ): a is how much likelier an earlier one of this line makes it, LR that
        at θ = 0 (``ln_lr``), o how many other lines of the case show it too. Balding & Nichols 1994, Forensic Sci Int
        64:125. Somebody who shares the haplotype by descent may differ by mutation as a member of the line may, so that
        θ bounds every LR by 1 / θ, also where the two differ by a step.
        """
        theta = self.model.theta
        if samples not in self._alike:
            *earlier, sample = samples
            shared = self.mask[sample] & self.typed(earlier)
            f = self._frequency_again(earlier, sample, shared)
            if not shared or f <= 0:
                self._alike[samples] = 1.0, 0.0, 1.0
            else:
                lines = {self.model.descent[s] for s in samples if s in self.model.descent}
                others = sum(m for line, m in self.elsewhere(sample, shared).items() if line not in lines)
                own = max(self.likelier(e, sample, f) for e in earlier)
                self._alike[samples] = own, others, f
        own, others, f = self._alike[samples]
        shared_by_descent = max(own, exp(min(ln_lr, 600.0))) + others / f
        return log(theta * shared_by_descent + 1.0 - theta) - log(1.0 + others * theta)

    def elsewhere(self, sample: str, at: int) -> dict[str, float]:
        """Line of references → how well one of them shows what a sample shows at some sites, all of which it has."""
        key = sample, at
        if key not in self._elsewhere:
            found: dict[str, float] = {}
            for reference, line in self.model.descent.items():
                if reference in self.mask and not at & ~self.mask[reference]:
                    found[line] = max(found.get(line, 0.0), self.match(reference, sample, at))
            self._elsewhere[key] = found
        return self._elsewhere[key]

    def likelier(self, one: str, other: str, frequency: float) -> float:
        """How much likelier another sample is than by its ``frequency`` where the haplotype is that of ``one``."""
        at = self.mask[one] & self.mask[other]
        if not at:
            return 1.0
        match = self.match(one, other, at)
        if not self.proper or match < _AGREES:
            return match / frequency
        sites = self.sites_of(at)
        both = self.arrays.prior * (self.evidence[one] * self.evidence[other])[None]
        with np.errstate(divide="ignore"):
            each = np.log(both[:, sites].sum(axis=2)).sum(axis=1) + np.log(self.arrays.weights)
        apart = self.frequency(one, at) * self.frequency(other, at)
        return float(exp(min(np.logaddexp.reduce(each), 0.0)) / apart) if apart > 0 else 1.0

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
        """What is seen at each place, samples of one person multiplied, and the prior where a site is seen first."""
        found: dict[int, Floats] = {}
        before = 0
        for place, s in seen:
            own = self.evidence[s]
            first = self.sites_of(self.mask[s] & ~before) if self.proper else []
            new = [i for i in first if not before >> i & 1 and not before >> (len(self.arrays.sites) + i) & 1]
            if new:
                own = np.repeat(own[None], len(self.arrays.weights), axis=0)
                own[:, new] *= self.arrays.anchor[:, new]
            before |= self.mask[s]
            found[place] = found[place] * own if place in found else own
        return found

    def _ln_table(self, table: Floats, typed: int) -> float:
        """ln of the probability in a table (components, sites, states), over the sites typed."""
        at = self.sites_of(typed)
        with np.errstate(divide="ignore"):
            each = np.log(table[:, at].sum(axis=2)).sum(axis=1) + np.log(self.arrays.weights)
        return float(np.logaddexp.reduce(each))

    def ln_single(self, sample: str) -> Floats:
        """ln of the probability of each site of one sample with nothing else seen: (components, sites), 0 if untyped.

        A population's haplotypes are taken to be the same in every generation.
        """
        if sample not in self._singles:
            with np.errstate(divide="ignore"):
                ln = np.log((self.arrays.prior * self.evidence[sample][None]).sum(axis=2))
            typed = np.zeros(ln.shape[1], dtype=bool)
            typed[self.sites_of(self.mask[sample])] = True
            self._singles[sample] = np.where(typed, ln, 0.0)
        return self._singles[sample]

    def ln_of_single(self, ln_single: Floats) -> float:
        """ln of the probability of one sample from that of its sites."""
        return float(np.logaddexp.reduce(ln_single.sum(axis=1) + np.log(self.arrays.weights)))

    def ln_apart(self, samples: tuple[str, ...]) -> float:
        """ln of what the samples weigh as sightings in unrelated persons at θ = 0, in the measure of P(all seen)."""
        if self.proper:
            return sum(self.ln_of_single(self.ln_single(s)) for s in samples)
        return self.ln_again(samples) + float(self.ln_given(samples).sum())

    def ln_given(self, samples: tuple[str, ...]) -> Floats:
        """Where no distribution has them: ln of the measure of what is given of each site, (sites,), 0 if untyped.

        The most exact sighting is given: a vaguer one is no rarer for the states that it leaves open, since its
        frequency is that of all of them together.
        """
        if samples not in self._given:
            found = np.full(len(self.arrays.sites), inf)
            for s in samples:
                typed = [i for i in self.sites_of(self.mask[s]) if i not in self.parted]
                found[typed] = np.minimum(found[typed], self.ln_single(s)[0, typed])
            for i in self.parted:
                found[i] = self._ln_given_in_parts(samples, i)
            self._given[samples] = np.where(np.isposinf(found), 0.0, found)
        return self._given[samples]

    def _ln_given_in_parts(self, samples: tuple[str, ...], i: int) -> float:
        """Of a site of two parts: its most exact whole sighting, else the most exact one of each part, together."""
        n = len(self.arrays.sites)
        typed = {s: self.mask[s] >> i & 1 | (self.mask[s] >> (n + i) & 1) << 1 for s in samples}
        parts = 0
        for part in typed.values():
            parts |= part
        if not parts:
            return inf
        whole = [s for s, part in typed.items() if part == parts]
        if whole:
            return min(float(self.ln_single(s)[0, i]) for s in whole)
        sharpest = [
            min((s for s in samples if typed[s] == part), key=lambda s: float(self.ln_single(s)[0, i]))
            for part in (1, 2)
        ]
        together = float((self.arrays.measure[i] * np.prod([self.evidence[s][i] for s in sharpest], axis=0)).sum())
        return log(together) if together > 0 else 0.0

    def frequency(self, sample: str, sites: int) -> float:
        """Probability that somebody of the population shows what a sample shows at these sites, given as bits."""
        sites &= self.mask[sample]
        key = sample, sites
        if key not in self._frequency:
            if not sites:
                found = 1.0
            elif self.proper:
                found = float(np.exp(self._ln_table(self.arrays.prior * self.evidence[sample][None], sites)))
            else:
                found = self.model.frequency(sample, frozenset(self.sites_of(sites)))
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
        """The frequency a further sighting has; of counted ones the larger of the two compared.

        An earlier one that another tells more exactly is as that one has it.
        """
        own = self.frequency(sample, shared)
        if self.proper:
            return own
        alike = [e for e in earlier if not shared & ~self.mask[e]]
        exact = alike
        if len(alike) > 1:
            exact = [e for e in alike if not any(self._is_sharper(other, e, shared) for other in alike)]
        return max([own, *(self.frequency(e, shared) for e in exact)])

    def _is_sharper(self, one: str, other: str, at: int) -> bool:
        """Whether one sample leaves fewer states open than another with which it agrees."""
        sites = self.sites_of(at)
        few, many = (np.log(self.evidence[s][sites].sum(axis=1)).sum() for s in (one, other))
        return bool(few < many - _FEWER) and self.match(one, other, at) >= _AGREES

    def match(self, one: str, other: str, at: int) -> float:
        """How well two samples show one haplotype at sites that both show: 1 where they agree, 0 where not.

        Who is vague agrees with whoever is one of the states left open.
        """
        sites = self.sites_of(at & self.mask[one] & self.mask[other])
        first, second = self.evidence[one][sites], self.evidence[other][sites]
        mass = np.minimum(first.sum(axis=1), second.sum(axis=1))
        each = (first * second).sum(axis=1) / np.where(mass > 0, mass, 1.0)
        return float(np.prod(np.minimum(each, 1.0))) if sites else 0.0


@lru_cache(maxsize=16)
def weights_of(model: LineageModel) -> LineageWeights:
    """The weights of a model, made once."""
    return LineageWeights(model)


def bits(mask: int) -> list[int]:
    """Positions of the bits set."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
