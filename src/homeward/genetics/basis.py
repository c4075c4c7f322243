"""What a model's frequencies are made from: the table of its population and those of founders from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

import numpy as np

from homeward.case import Case, FrequencyTable, ModelSettings
from homeward.faults import Fault, Refusal
from homeward.genetics.alleles import SILENT, allele_order, repeats
from homeward.genetics.markers import allele_kind, canonical_marker, marker_kind
from homeward.genetics.model import Floats, FrequencyChange
from homeward.genetics.policies import MarkerFrequencies, apply_policies
from homeward.genetics.populations import (
    FEWEST_CHROMOSOMES,
    BundledPopulation,
    bundled_population,
    bundled_populations,
)

__all__ = ["Basis", "SharedFrequencies", "Table", "founders_tables", "table_of"]


@dataclass(frozen=True)
class Table:
    """A population's table by canonical marker. ``own``: it is one of the case's, not a bundled one."""

    given: FrequencyTable
    own: bool

    @property
    def id(self) -> str:
        return self.given.population

    @cached_property
    def _name(self) -> Mapping[str, str]:
        """Canonical marker → the table's name for it."""
        return {canonical_marker(name): name for name in self.given.markers}

    @cached_property
    def markers(self) -> Mapping[str, Mapping[str, float]]:
        return {marker: self.given.markers[name] for marker, name in self._name.items()}

    def chromosomes(self, marker: str) -> float | None:
        """2N at one of its markers, None where nobody states it.

        A bundled table of frequencies states its persons: two chromosomes each, at an X marker no fewer than one.
        """
        if self.given.counts:
            return fsum(self.markers[marker].values())
        individuals = None if self.own else _bundled(self.id).individuals
        return None if individuals is None else float(individuals * (1 if marker_kind(marker) == "X" else 2))


@dataclass(frozen=True)
class SharedFrequencies:
    """Frequencies of one marker in several populations over the same alleles; shape (alleles,) each."""

    alleles: tuple[str, ...]
    main: Floats
    elsewhere: Mapping[str, Floats]
    changes: tuple[FrequencyChange, ...]

    @property
    def silent(self) -> int | None:
        """Position of the silent allele."""
        return self.alleles.index(SILENT) if SILENT in self.alleles else None


@dataclass(frozen=True)
class Basis:
    """``main``: the population of the calculation. ``founders``: the tables of founders' stated populations.

    ``unknown``: populations that founders are stated to be of and that have no table.
    """

    main: Table
    founders: tuple[Table, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def elsewhere(self) -> tuple[Table, ...]:
        return tuple(table for table in self.founders if table.id != self.main.id)

    def _with(self, marker: str) -> list[Table]:
        return [table for table in (self.main, *self.elsewhere) if marker in table.markers]

    def alleles(self, marker: str) -> Collection[str]:
        """Alleles that any of the tables has at a marker."""
        return dict.fromkeys(a for table in self._with(marker) for a in table.markers[marker])

    def frequencies(self, marker: str, seen: set[str], chosen: ModelSettings, mutates: bool) -> SharedFrequencies:
        """The frequencies used at a marker that the main table has, each table's by the same policies.

        Raises `Refusal`: ``unseen-allele`` and the codes of `apply_policies`.
        """
        known = self.alleles(marker)
        # An STR allele never seen in a sample of the population is rare; a word never seen is a mistake.
        strange = [a for a in sorted(seen) if a not in known and repeats(a) is None and allele_kind(marker) != "SNP"]
        if strange:
            message = f"an allele typed at {marker} is not in {self.main.id}"
            remedy = "correct the typing or add the allele to the table"
            raise Refusal(Fault("unseen-allele", message, remedy, value=a, marker=marker) for a in strange)
        used = {
            table.id: apply_policies(
                table.id,
                marker,
                table.markers[marker],
                counts=table.given.counts,
                observed=seen,
                settings=chosen,
                mutates=mutates,
                known=known,
            )
            for table in self._with(marker)
        }
        return _shared(self.main.id, used)

    def chromosomes(self, marker: str) -> float:
        """2N of the smallest of the tables at a marker. Raises `Refusal`, ``counts-needed``, where one is not known."""
        found = {table.id: table.chromosomes(marker) for table in self._with(marker)}
        known = [n for n in found.values() if n is not None]
        if len(known) < len(found):
            raise Refusal(
                Fault(
                    "counts-needed",
                    f"sampling_error needs the number of chromosomes, and {id} gives frequencies",
                    "give counts in frequencies.csv, choose a table of counts, or set sampling_error to false",
                    file="case.toml",
                    column="model.sampling_error",
                    value=id,
                )
                for id, n in found.items()
                if n is None
            )
        return min(known)

    def provisional(self, markers: Sequence[str]) -> dict[str, str]:
        """What is not sound about the tables at the markers used, by population: the worst reason of each."""
        reasons = dict.fromkeys(self.unknown, "no-table")
        for table in (self.main, *self.elsewhere):
            sizes = [table.chromosomes(marker) for marker in markers if marker in table.markers]
            if len(sizes) < len(markers):
                reasons[table.id] = "missing-markers"
            elif any(n is not None and n < FEWEST_CHROMOSOMES for n in sizes):
                reasons[table.id] = "small-table"
            elif not table.own and _bundled(table.id).status == "provisional":
                reasons[table.id] = "weak-source"
        return reasons


def _bundled(id: str) -> BundledPopulation:
    return next(p for p in bundled_populations() if p.id == id)


def table_of(case: Case, id: str) -> Table:
    """A table of the case, else a bundled one. Raises KeyError where there is neither."""
    own = {table.population: table for table in case.populations}
    return Table(own[id], own=True) if id in own else Table(bundled_population(id), own=False)


def founders_tables(case: Case) -> tuple[tuple[Table, ...], tuple[str, ...]]:
    """The tables of the populations that founders are stated to be of, and the populations without one."""
    pedigrees = [*(f.pedigree for f in case.families), *(h.pedigree for h in case.hypotheses)]
    stated = dict.fromkeys(m.population for pedigree in pedigrees for m in pedigree if m.population)
    known = {t.population for t in case.populations} | {p.id for p in bundled_populations()}
    return tuple(table_of(case, id) for id in stated if id in known), tuple(id for id in stated if id not in known)


def _shared(main: str, used: Mapping[str, MarkerFrequencies]) -> SharedFrequencies:
    alleles = allele_order({a for u in used.values() for a in u.alleles})
    found: dict[str, Floats] = {}
    for id, u in used.items():
        by_allele = dict(zip(u.alleles, u.frequencies, strict=True))
        found[id] = np.array([by_allele.get(a, 0.0) for a in alleles], dtype=np.float64)
        found[id].setflags(write=False)
    changes = tuple(change for u in used.values() for change in u.changes)
    return SharedFrequencies(alleles, found.pop(main), found, changes)
