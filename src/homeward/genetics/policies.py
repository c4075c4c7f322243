"""Frequency policies: from a population table and what the case shows to the frequencies used, in a fixed order.

Read → counts to proportions → alleles seen in the case but not in the table added → rare ones raised to the
minimum → the sum. Every change made is recorded. The silent allele is nobody's observation: a table that names it
states its frequency, which is neither added nor raised and takes part in the sum only; stated as zero there is none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from homeward.case import ModelSettings
from homeward.faults import Fault, Refusal
from homeward.genetics.alleles import REST, SILENT, UNKNOWN, allele_order
from homeward.genetics.model import FrequencyChange

__all__ = ["MarkerFrequencies", "apply_policies"]

_SUM = 1e-6
"""How far the frequencies of a marker may be from one before anybody need know."""
_EXACT = 1e-12

_Reason = Literal["added", "raised", "rescaled", "rest"]


@dataclass(frozen=True, slots=True)
class MarkerFrequencies:
    """The frequencies of one marker as used: ``alleles`` in their order, ``frequencies`` (proportions) beside them."""

    alleles: tuple[str, ...]
    frequencies: tuple[float, ...]
    changes: tuple[FrequencyChange, ...] = ()


class _Ledger:
    """The frequencies on their way, and what was done to them."""

    def __init__(self, population: str, marker: str, values: Mapping[str, float]) -> None:
        self.population, self.marker = population, marker
        self.now = dict(values)
        self.changes: list[FrequencyChange] = []

    def set(self, allele: str, after: float, reason: _Reason) -> None:
        before = self.now.get(allele, 0.0)
        self.now[allele] = after
        if abs(after - before) > _EXACT * max(after, before):
            self.changes.append(FrequencyChange(self.population, self.marker, allele, before, after, reason))

    @property
    def total(self) -> float:
        return math.fsum(self.now.values())


def apply_policies(
    population: str,
    marker: str,
    values: Mapping[str, float],
    *,
    counts: bool,
    observed: Iterable[str],
    settings: ModelSettings,
    mutates: bool,
    known: Iterable[str] = (),
) -> MarkerFrequencies:
    """The frequencies of one marker after all policies.

    ``values``: allele → frequency, or → count where ``counts``. ``observed``: alleles typed anywhere in the case.
    ``known``: alleles that another table of the calculation has; what this table lacks of them counts as zero in it.
    ``mutates``: whether a mutation model will be put on the marker; then a table that sums to less than one is not
    completed under `as given`, since a mutation model needs every allele by name. Under `rest` a sum above one
    leaves no remainder and is rescaled.

    Raises `Refusal` with codes ``frequency-range``, ``unseen-allele``, ``counts-needed``, ``frequency-sum``; all
    name the marker.
    """
    unusable = [a for a, v in values.items() if not (math.isfinite(v) and v >= 0)]
    total = math.fsum(values.values()) if not unusable else 0.0
    if total <= values.get(SILENT, 0.0):
        raise _refusal(
            "frequency-range",
            marker,
            f"{population} has a frequency below zero or none above zero at {marker}",
            "correct the table",
        )
    given = {a: v / total if counts else v for a, v in values.items() if a != SILENT or v > 0}
    absent = dict.fromkeys((a for a in known if a not in (SILENT, REST)), 0.0)
    ledger = _Ledger(population, marker, absent | given)
    unseen = allele_order({a for a in observed if a != UNKNOWN and ledger.now.get(a, 0.0) == 0.0})
    if unseen:
        _add(ledger, unseen, total if counts else None, settings)
    for allele in allele_order(a for a in ledger.now if a != SILENT):
        if ledger.now[allele] < settings.minimum_frequency:
            ledger.set(allele, settings.minimum_frequency, "raised")
    _sum(ledger, settings.sum_policy, mutates)
    alleles = allele_order(ledger.now)
    return MarkerFrequencies(alleles, tuple(ledger.now[a] for a in alleles), tuple(ledger.changes))


def _add(ledger: _Ledger, unseen: tuple[str, ...], chromosomes: float | None, settings: ModelSettings) -> None:
    marker, policy = ledger.marker, settings.unseen_allele
    if policy == "refuse" or (policy == "minimum" and settings.minimum_frequency <= 0):
        remedy = 'correct the typing or the table, or set unseen_allele "minimum" with a minimum_frequency above zero'
        raise Refusal(
            Fault(
                "unseen-allele",
                f"an allele typed at {marker} is not in {ledger.population}",
                remedy,
                value=a,
                marker=marker,
            )
            for a in unseen
        )
    if policy == "minimum":
        for allele in unseen:
            ledger.set(allele, settings.minimum_frequency, "added")
        return
    if chromosomes is None:
        raise _refusal(
            "counts-needed",
            marker,
            f'unseen_allele "add-count" needs counts, and {ledger.population} gives frequencies at {marker}',
            'give counts, or set unseen_allele "minimum"',
        )
    larger = chromosomes + len(unseen)
    for allele in allele_order(set(ledger.now) - set(unseen)):
        ledger.set(allele, ledger.now[allele] * chromosomes / larger, "rescaled")
    for allele in unseen:
        ledger.set(allele, 1.0 / larger, "added")


def _sum(ledger: _Ledger, policy: str, mutates: bool) -> None:
    total = ledger.total
    off = abs(total - 1.0)
    if policy == "rescale" or (policy == "rest" and total > 1.0 + _SUM):
        if off > _EXACT:
            for allele in allele_order(ledger.now):
                ledger.set(allele, ledger.now[allele] / total, "rescaled")
    elif off > _SUM:
        if policy == "as given" and (total > 1.0 or mutates):
            why = "" if total > 1.0 else " and a mutation model needs every allele by name"
            raise _refusal(
                "frequency-sum",
                ledger.marker,
                f"frequencies of {ledger.population} at {ledger.marker} sum to {total:.6g}{why}",
                'set sum_policy "rescale" or "rest", or correct the table',
            )
        ledger.set(REST, ledger.now.get(REST, 0.0) + 1.0 - total, "rest")


def _refusal(code: str, marker: str, message: str, remedy: str) -> Refusal:
    return Refusal([Fault(code, message, remedy, marker=marker)])
