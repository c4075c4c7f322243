"""From a case to what is assumed of its mtDNA."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, HaplotypeTable, LineageSettings, MtTyping, Span
from homeward.faults import Fault, Refusal
from homeward.genetics.haplotypes.database import Comparison
from homeward.genetics.haplotypes.descent import descent
from homeward.genetics.haplotypes.estimators import Estimate, estimates
from homeward.genetics.haplotypes.reliability import mt_database_doubts
from homeward.genetics.haplotypes.y_line import estimated, of_calculation, references_first
from homeward.genetics.lineage import LineageModel, Observed
from homeward.genetics.mtdna import (
    MtDatabase,
    MtHaplotype,
    bundled_mt_database,
    bundled_mt_databases,
    compare,
    mt_sites,
)

__all__ = ["joined", "mt_lineage"]

Floats = NDArray[np.float64]


def mt_lineage(case: Case, chosen: LineageSettings) -> LineageModel | None:
    """What is assumed of the mtDNA of a case; None where none was typed or no database is named.

    Raises `Refusal` with ``unknown-database`` and ``haplotype-not-in-table``.
    """
    if not case.mt or not chosen.database:
        return None
    typings = case.mt_by_sample
    typed = {s: sum(r.high - r.low + 1 for t in rows for r in t.ranges) for s, rows in typings.items()}
    order = references_first([s for s in case.samples if s.id in typings], typed)
    degraded = {s.id: s.of == "remains" for s in case.samples}
    rows = [(s, t) for s in order for t in typings[s]]
    mutates = chosen.mutation != "none"
    sites, shown, stretches = mt_sites([(t.ranges, t.differences, degraded[s]) for s, t in rows], mutation=mutates)
    observed: dict[str, dict[int, Floats]] = {s: {} for s in order}
    for (s, _), seen in zip(rows, shown, strict=True):
        for i, chance in seen.sites.items():
            observed[s][i] = observed[s][i] * chance if i in observed[s] else chance
    haplotypes = {s: joined(typings[s]) for s in order}
    frequencies = _Frequencies(case, chosen, haplotypes, stretches)
    return LineageModel(
        "mt",
        sites,
        {s: Observed(seen) for s, seen in observed.items()},
        frequencies.of,
        frequencies.side_by_side,
        theta=chosen.theta,
        theta_clan=chosen.theta_clan,
        descent=descent(case, "mt"),
        estimator=chosen.estimator,
        database=chosen.database,
        doubts=(
            mt_database_doubts(frequencies.database, chosen.estimator, of_calculation(case, chosen.database))
            if frequencies.database is not None
            else ()
        ),
    )


def joined(rows: Sequence[MtTyping]) -> MtHaplotype:
    """All that the typings of one sample show; where two read one position, the first counts."""
    ranges: list[Span] = []
    differences: list[str] = []
    for t in rows:
        own = MtHaplotype(t.ranges, t.differences)
        fresh = _without(own.ranges, ranges)
        if fresh:
            part = own.within(fresh)
            ranges.extend(part.ranges)
            differences.extend(part.differences)
    return MtHaplotype(tuple(sorted(ranges, key=lambda r: r.low)), tuple(differences))


class _Frequencies:
    """Population frequency of what samples show at some sites."""

    def __init__(
        self,
        case: Case,
        chosen: LineageSettings,
        haplotypes: Mapping[str, MtHaplotype],
        stretches: Mapping[int, Span],
    ) -> None:
        self.chosen = chosen
        self.haplotypes = haplotypes
        self.stretches = stretches
        self.table = next((t for t in case.haplotypes if t.id == chosen.database and t.kind == "mt"), None)
        self.stated = [
            (h.value, MtHaplotype(h.ranges, h.differences))
            for h in (self.table.haplotypes if self.table is not None and not self.table.counts else ())
        ]
        self.database = None if self.table is not None and not self.table.counts else _database(self.table, chosen)

    def of(self, sample: str, at: frozenset[int]) -> float:
        """As `LineageModel.frequency`; of positions that vary, those count that lie in a stretch at hand."""
        ranges = [self.stretches[i] for i in sorted(at) if i in self.stretches]
        if not ranges:
            return 1.0
        own = self.haplotypes[sample].within(ranges)
        if self.database is not None:
            return estimated(_compared(self.database, own), self.chosen)
        return self._stated(own, sample)

    def side_by_side(self, sample: str) -> tuple[Estimate, ...]:
        """As `LineageModel.estimates`."""
        if self.database is None:
            return ()
        own = self.haplotypes[sample]
        return estimates(_compared(self.database, own), theta=self.chosen.theta)

    def _stated(self, own: MtHaplotype, sample: str) -> float:
        found = sum(value for value, h in self.stated if compare(h, own).matches)
        if not found:
            message = f"table {self.chosen.database} states no frequency of the mtDNA of sample {sample}"
            remedy = "add the haplotype, or give counts"
            raise Refusal([Fault("haplotype-not-in-table", message, remedy, sample=sample)])
        return found


def _without(ranges: Sequence[Span], known: Sequence[Span]) -> list[Span]:
    """What of some ranges lies in none of the known ones."""
    found = list(ranges)
    for k in known:
        cut: list[Span] = []
        for r in found:
            if k.high < r.low or r.high < k.low:
                cut.append(r)
                continue
            if r.low < k.low:
                cut.append(Span(r.low, k.low - 1))
            if k.high < r.high:
                cut.append(Span(k.high + 1, r.high))
        found = cut
    return found


def _compared(database: MtDatabase, own: MtHaplotype) -> Comparison:
    """Held against the persons read in all of its ranges."""
    matches, size = database.matches(own)
    return Comparison(matches, size, database.singletons(own.ranges))


def _database(table: HaplotypeTable | None, chosen: LineageSettings) -> MtDatabase:
    if table is not None:
        haplotypes = tuple((MtHaplotype(h.ranges, h.differences), int(h.value)) for h in table.haplotypes)
        return MtDatabase(table.id, table.id, table.source, haplotypes)
    known = [d.id for d in bundled_mt_databases()]
    if chosen.database not in known:
        message = f"there is no table of mtDNA {chosen.database[:60]!r}"
        raise Refusal([Fault("unknown-database", message, f"name one of the case's own, or of: {', '.join(known)}")])
    return bundled_mt_database(chosen.database)
