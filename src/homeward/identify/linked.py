"""Two linked markers as one term: remains against missing persons where loci are not inherited independently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import LinkedPair, Locus, Model
from homeward.identify.screen import Block, Column, Typed, screen
from homeward.likelihood import linked_inbreeding, linked_table
from homeward.observe import Evidence

__all__ = ["LinkedBlock", "linked_terms", "refuse_linked_theta"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Loci = tuple[Locus, Locus]

_AT_ONCE = 512
"""Samples read off one table."""


_WORTH_TELLING = 5e8
"""Multiplications a family and pair, where linkage is only to be told of and enters no LR."""


@dataclass(frozen=True, eq=False)
class LinkedBlock:
    """The natural log LR of one linked pair, ``ln_lr`` (samples, missing), against somebody unrelated.

    NaN where the family is not typed at both markers or the sample at neither: linkage then changes nothing, and what
    there is at one marker stands. ``ln_family``: natural log of P(family at both markers), (missing,), NaN where it is
    not typed at both.
    """

    pair: LinkedPair
    ln_lr: Floats
    ln_family: Floats
    _unlinked: Callable[[], Floats] = field(repr=False)

    @cached_property
    def ln_apart(self) -> Floats:
        """The same LR with the two markers taken as unlinked, without θ: (samples, missing), NaN where ``ln_lr`` is."""
        return np.where(np.isnan(self.ln_lr), np.nan, self._unlinked())

    @property
    def ln_difference(self) -> Floats:
        """What linkage does to ln LR: (samples, missing), NaN where nothing is computed or the LR is 0 anyway."""
        with np.errstate(invalid="ignore"):
            return np.asarray(self.ln_lr - self.ln_apart)


def linked_terms(
    samples: Sequence[Typed], columns: Sequence[Column], model: Model, *, progress: Progress = silent
) -> list[LinkedBlock]:
    """The LR of every sample against every missing person at each linked pair of the model.

    P(family, sample | related) / (P(family) P(sample at one locus) P(sample at the other)), with whatever is typed: a
    sample typed at one locus only still gains from what the family shows at the other. Founders are in linkage
    equilibrium. Under ``Model.linkage == "pairs"`` raises `Refusal` with ``linkage-theta`` and ``linked-inbreeding``;
    otherwise θ is taken as 0, and families with partly inbred founders or far too many people for a mere warning are
    left out.
    """
    counts = model.linkage == "pairs"
    if counts:
        _refuse(columns, model)
    found = []
    for done, pair in enumerate(model.linked):
        progress("linked-pairs", done, len(model.linked))
        loci = model.locus[pair.markers[0]], model.locus[pair.markers[1]]
        ln_lr = np.full((len(samples), len(columns)), np.nan)
        ln_family = np.full(len(columns), np.nan)
        for start in range(0, max(len(samples), 1), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            _add(ln_lr[part], ln_family, samples[part], columns, pair, loci, inf if counts else _WORTH_TELLING)
        found.append(LinkedBlock(pair, ln_lr, ln_family, partial(_unlinked, samples, columns, model, loci)))
    progress("linked-pairs", len(model.linked), len(model.linked))
    return found


def refuse_linked_theta(model: Model) -> None:
    """Raise `Refusal` (``linkage-theta``) where linked pairs are to be one term and θ is above 0 at their loci."""
    faults = [f for pair in model.linked for f in _theta_faults(model, pair)] if model.linkage == "pairs" else []
    if faults:
        raise Refusal(dict.fromkeys(faults))


def _theta_faults(model: Model, pair: LinkedPair) -> list[Fault]:
    if not any(model.theta_at(model.locus[marker]) > 0 for marker in pair.markers):
        return []
    return [
        Fault(
            "linkage-theta",
            f"{pair.markers[0]} and {pair.markers[1]} are linked, and their joint likelihood is not computed with theta"
            " above 0 or with the sampling error of frequencies",
            'set theta = 0 and sampling_error = false in [model], or linkage = "report"',
            marker=pair.markers[0],
        )
    ]


def _refuse(columns: Sequence[Column], model: Model) -> None:
    faults = [fault for pair in model.linked for fault in _theta_faults(model, pair)]
    for pair in model.linked:
        loci = model.locus[pair.markers[0]], model.locus[pair.markers[1]]
        for column in columns:
            if _ploidy(column, loci) is not None:
                faults.extend(linked_inbreeding(column.pedigree, loci[0].kind))
    if faults:
        raise Refusal(dict.fromkeys(faults))


def _ploidy(column: Column, loci: Loci) -> int | None:
    """Alleles the missing person has at each of two loci, None where the family does not speak of both."""
    return column.ploidy(loci[0]) if all(column.speaks(locus) for locus in loci) else None


def _add(
    ln_lr: Floats,
    ln_family: Floats,
    samples: Sequence[Typed],
    columns: Sequence[Column],
    pair: LinkedPair,
    loci: Loci,
    at_most: float,
) -> None:
    """Fill in the LRs of some samples, family by family."""
    readings = {ploidy: [_Readings(samples, locus, ploidy) for locus in loci] for ploidy in (1, 2)}
    for j, column in enumerate(columns):
        ploidy = _ploidy(column, loci)
        if ploidy is None or linked_inbreeding(column.pedigree, loci[0].kind):
            continue
        one, other = readings[ploidy]
        seen = column.evidence.get(loci[0].name, {}), column.evidence.get(loci[1].name, {})
        read = one.distinct, other.distinct
        table = linked_table(column.pedigree, loci, seen, pair.recombination, column.person, read, at_most=at_most)
        ln_family[j] = table[0, 0]
        typed = (one.of_sample > 0) | (other.of_sample > 0)
        unrelated = one.ln_unrelated[one.of_sample] + other.ln_unrelated[other.of_sample]
        related = table[one.of_sample, other.of_sample]
        with np.errstate(invalid="ignore"):
            ratio = np.where(np.isneginf(related), -np.inf, related - table[0, 0] - unrelated)
        ln_lr[typed, j] = ratio[typed]


class _Readings:
    """What some samples say of one locus: ``distinct`` evidence, nothing first, and which ``of_sample`` each says.

    ``ln_unrelated``: natural log of P(reading) of somebody unrelated, (readings,).
    """

    def __init__(self, samples: Sequence[Typed], locus: Locus, ploidy: int) -> None:
        place: dict[Evidence | None, int] = {None: 0}
        self.of_sample: Ints = np.zeros(len(samples), dtype=np.intp)
        for i, sample in enumerate(samples):
            e = sample.evidence.get(locus.name, {}).get(ploidy)
            self.of_sample[i] = place.setdefault(e, len(place))
        self.distinct = list(place)
        chances = [1.0 if e is None else e.chance(locus.frequencies) for e in self.distinct]
        with np.errstate(divide="ignore"):
            self.ln_unrelated: Floats = np.log(chances)


def _unlinked(samples: Sequence[Typed], columns: Sequence[Column], model: Model, loci: Loci) -> Floats:
    """The two loci's LRs without linkage, multiplied; 0 where nothing is compared."""
    blocks: list[Block] = []
    plain = tuple(replace(locus, chromosomes=None) for locus in loci)
    screen(samples, columns, replace(model, loci=plain, theta=0.0), each=blocks.append, refuse=False)
    total = np.zeros((len(samples), len(columns)))
    for block in blocks:
        total += np.where(np.isnan(block.ln_lr), 0.0, block.ln_lr)
    return total
