"""The marker database of a `.fam` file: frequencies, mutation models, and typings in their terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from homeward.case import ModelSettings, MutationRow, Typing
from homeward.case.values import TransformName
from homeward.faults import Fault
from homeward.formats.familias.main_part import Database, Marker, Mutation
from homeward.genetics import SILENT, allele_kind, canonical_allele, canonical_marker, marker_kind, repeats
from homeward.pedigree import Sex

__all__ = ["Loci", "loci_of"]

REST_ALLELE = "rest allele"
"""What Familias calls the allele that takes the remainder of a table (compared without case)."""

EXACT = 1e-6
"""Sums this near to 1 are rounding of the file's ten digits, and the frequencies are used as given."""


@dataclass
class Loci:
    """What the database says, in a case's terms; keys of ``by_name`` are the names as the file gives them."""

    file: str
    model: ModelSettings
    frequencies: dict[str, dict[str, float]] = field(default_factory=dict)
    mutations: tuple[MutationRow, ...] = ()
    given_names: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, str] = field(default_factory=dict)
    on_x: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)

    def typing(self, sample: str, sex: Sex, marker: str, alleles: tuple[str, str]) -> Typing:
        """A genotype of the file as a typing; at an X marker a man's homozygote is his one allele.

        Raises ValueError(code, message, remedy).
        """
        name = self.by_name.get(marker)
        if name is None:
            raise ValueError("unknown-marker", "the database does not have this marker", "add it to the database")
        table = self.frequencies.get(name, {})
        found = tuple(_allele(a, name) for a in alleles)
        for allele, given in zip(found, alleles, strict=True):
            if given.strip().lower() == REST_ALLELE:
                raise ValueError(
                    "rest-allele-typed", "a person is typed with the rest allele", "give the allele he has a frequency"
                )
            if given.strip().lower() == SILENT:
                raise ValueError(
                    "silent-typed", "a person is typed with the silent allele", "give the allele that was seen"
                )
            if allele not in table and not (allele and self.model.minimum_frequency):
                raise ValueError(
                    "unknown-allele",
                    "a typed allele has no frequency in the database",
                    "add the allele to the database in Familias or set its minor allele frequency",
                )
        if name in self.on_x and sex == "male" and found[0] == found[1]:
            found = found[:1]
        return Typing(sample, name, tuple(a for a in found if a is not None))


def loci_of(database: Database, file: str) -> Loci:
    """The whole database; what cannot be used is among ``faults``."""
    faults: list[Fault] = []
    loci = Loci(file, _policy(database, file, faults), faults=faults)
    rows: list[MutationRow] = []
    for marker in database.markers:
        name = canonical_marker(marker.name)
        if name in loci.frequencies:
            faults.append(_fault("duplicate-marker", f"{name} stands twice in the database", "keep one", marker, file))
            continue
        loci.by_name[marker.name] = name
        if name != marker.name:
            loci.given_names[name] = marker.name
        if marker_kind(name) == "X":
            loci.on_x.add(name)
        loci.frequencies[name] = _table(marker, name, file, faults)
        rows += _mutation_rows(marker, name)
    loci.mutations = tuple(rows)
    return loci


def _fault(code: str, message: str, remedy: str, marker: Marker, file: str) -> Fault:
    return Fault(code, message, remedy, file=file, row=marker.line, marker=marker.name)


@lru_cache(maxsize=65536)
def _allele(text: str, marker: str) -> str | None:
    """The allele's one spelling, None where the text is none; nobody has ten thousand repeats."""
    try:
        allele = canonical_allele(text, allele_kind(marker)) if len(text) <= 64 else None
    except ValueError:
        return None
    return None if allele is None or (repeats(allele) or 0) > 9999 else allele


def _table(marker: Marker, name: str, file: str, faults: list[Fault]) -> dict[str, float]:
    """Allele → frequency. The silent allele stands beside the others, or among them under its name."""
    table: dict[str, float] = {}
    for (text, frequency), line in zip(marker.alleles, marker.allele_lines, strict=True):
        if text.strip().lower() == REST_ALLELE:
            continue
        allele = SILENT if text.strip().lower() == SILENT else _allele(text, name)
        if allele is None or allele == "?":
            faults.append(
                Fault(
                    "bad-allele", f"{text} is not an allele of {name}", "rename it in Familias", file, line, marker=name
                )
            )
        elif allele in table:
            faults.append(
                Fault("duplicate-allele", f"{allele} stands twice at {name}", "keep one", file, line, marker=name)
            )
        else:
            table[allele] = frequency
    if marker.silent and SILENT in table:
        faults.append(_fault("duplicate-allele", f"{name} has two silent alleles", "keep one", marker, file))
    elif marker.silent:
        table[SILENT] = marker.silent
    return table


def _policy(database: Database, file: str, faults: list[Fault]) -> ModelSettings:
    """Frequencies as the file gives them: no minimum unless it has one, no rescaling unless the sums need it."""
    minima = {m.minor_frequency for m in database.markers}
    if len(minima) > 1:
        faults.append(
            Fault(
                "unsupported-minor-frequency",
                "the minor allele frequency differs between markers",
                "give all markers the same one in Familias",
                file,
            )
        )
    minimum = max(minima, default=0.0)
    rest = any(text.strip().lower() == REST_ALLELE for m in database.markers for text, _ in m.alleles)
    exact = all(abs(sum(f for _, f in m.alleles) + m.silent - 1) <= EXACT for m in database.markers)
    return ModelSettings(
        mutation="file",
        unseen_allele="minimum" if minimum else "refuse",
        minimum_frequency=minimum,
        sum_policy="rest" if rest else "as given" if exact and not minimum else "rescale",
    )


def _mutation_rows(marker: Marker, name: str) -> list[MutationRow]:
    if marker.female == marker.male:
        return [_row(marker.female, name, "both")]
    return [_row(marker.male, name, "father"), _row(marker.female, name, "mother")]


def _row(mutation: Mutation, name: str, parent: Literal["father", "mother", "both"]) -> MutationRow:
    """Familias' model codes in Homeward's terms.

    0 equal; 1 proportional; 2 stepwise; 3 stepwise made stationary; 4 stepwise with a second rate for changes
    of the microvariant class. All stepwise codes carry ``range`` and ``rate2``, the others neither.
    """
    stepwise = mutation.code >= 2
    if mutation.rate == 0 and not (stepwise and mutation.rate2):
        return MutationRow(name, parent, "none")
    if not stepwise:
        return MutationRow(name, parent, "equal" if mutation.code == 0 else "proportional", mutation.rate)
    transform: TransformName | None = "stationary" if mutation.code == 3 else None
    return MutationRow(name, parent, "stepwise", mutation.rate, mutation.rate2, mutation.range, transform)
