"""Rows that speak of a sample of remains and of a name on the list: what of the case they may name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from homeward.case import Case, Sample
from homeward.case.statements import names_on_list
from homeward.faults import Fault
from homeward.formats.table import Row, id_problem, shown

__all__ = ["Known", "known_in"]


_SAMPLES = {"samples.csv", "profiles.csv", "profiles", "mtdna.csv"}


@dataclass(frozen=True)
class Known:
    """``samples``, and ``names``: every id of a name on the list → one id for each name.

    None = somebody may be lacking, because a file could not be read to its end: then no reference is a fault.
    """

    samples: Mapping[str, Sample] | None
    names: Mapping[str, str] | None

    def sample_of_remains(self, row: Row) -> str:
        """The id in `sample`, which must be a sample of remains."""
        name = row.needed("sample")
        if name and self.samples is not None:
            found = self.samples.get(name)
            if found is None:
                remedy = "correct the row, or add the sample"
                row.fault("unknown-sample", "sample", f"{shown(name)} is no sample of the case", remedy)
            elif found.of != "remains":
                remedy = "name a sample of remains"
                row.fault("unknown-sample", "sample", f"{shown(name)} is not a sample of remains", remedy)
        return name

    def missing(self, row: Row, also: Collection[str] = ()) -> str:
        """The name in `missing`: `FAMILY/PERSON`, an id of missing.csv, or one of the words ``also``."""
        name = row.needed("missing")
        if not name or name in also:
            return name
        parts = name.split("/")
        if len(parts) > 2 or any(id_problem(part) for part in parts):
            row.fault("bad-id", "missing", f"{shown(name)} is no name", "write FAMILY/PERSON or an id of missing.csv")
        elif self.names is not None and name not in self.names:
            words = "".join(f", or {word}" for word in also)
            remedy = f"write FAMILY/PERSON of somebody marked missing, an id of missing.csv{words}"
            row.fault("unknown-missing", "missing", f"{shown(name)} is nobody missing of the case", remedy)
        return name

    def source(self, sample: str) -> str:
        """The remains a sample is of; the sample itself where that is not known."""
        found = (self.samples or {}).get(sample)
        return sample if found is None else found.source

    def name(self, missing: str) -> str:
        """One id for each name."""
        return (self.names or {}).get(missing, missing)


def known_in(case: Case, faults: Collection[Fault], evidence: Collection[str]) -> Known:
    """Whom and what a case knows, as far as its files are sound. ``evidence``: paths of files that hold typings too."""
    at_fault = {f.file.partition("/")[0] for f in faults}
    lost = any(f.file in evidence or f.column.startswith("evidence") for f in faults)
    samples = None
    if not lost and not at_fault & {*_SAMPLES, "remains.csv", "pedigrees.csv"}:
        samples = {s.id: s for s in case.samples}
    names = None
    if not at_fault:
        names = names_on_list(case)
    elif not at_fault & {"pedigrees.csv", "missing.csv", "uncertain.csv"}:
        # who is one person in two files is not asked of a case that cannot be trusted
        persons = {p for family in case.families for p in family.missing}
        full = (f.full_id(p) for f in case.families for p in f.pedigree.ids if p in persons)
        names = {name: name for name in (*full, *(p.id for p in case.listed))}
    return Known(samples, names)
