"""Which evidence every sample and every family member brings to every locus of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from homeward.case import Case, MergedFamily, Sample, Typing
from homeward.faults import Fault, Refusal
from homeward.genetics import Locus, Model
from homeward.observe.evidence import Evidence, called, sex_shown, with_dropout
from homeward.pedigree import Sex

__all__ = ["Profiles", "gather"]

Alleles = tuple[str, ...]


@dataclass(frozen=True)
class Profiles:
    """Everything typed in a case, ready to become evidence.

    ``typings``: sample → marker → its typings (replicates). ``sex``: sample → sex on record, else ``shown`` by
    AMEL or X.
    """

    case: Case
    typings: Mapping[str, Mapping[str, tuple[Typing, ...]]]
    sex: Mapping[str, Sex]
    shown: Mapping[str, Sex]

    def evidence(self, sample: Sample, locus: Locus, sex: Sex) -> Evidence | None:
        """What a sample's typings say at a locus if it is of a person of this sex; None = not typed."""
        rows = self.typings[sample.id].get(locus.name, ())
        joined: Evidence | None = None
        for row in rows:
            if row.alleles and set(row.alleles) == {"?"}:
                continue  # nothing is known, which is not that nothing was seen
            if _drops_out(sample):
                e: Evidence | None = with_dropout(
                    row.alleles,
                    locus,
                    sex,
                    sample.dropout_het or 0.0,
                    sample.dropout_hom or 0.0,
                    sample.dropin or 0.0,
                )
            else:
                e = called(row.alleles, locus, sex)
            if e is not None:
                joined = e if joined is None else joined.times(e)
        return joined

    def members(self, family: MergedFamily) -> Mapping[str, tuple[Sample, ...]]:
        """The samples with typings of each member of a family, members as named in its pedigree."""
        found: dict[str, tuple[Sample, ...]] = {}
        for sample in self.case.samples:
            if sample.of != "person" or not self.typings[sample.id]:
                continue
            person = family.alias.get(sample.source, sample.source)
            if person in family.pedigree:
                found[person] = (*found.get(person, ()), sample)
        return found

    def of_family(
        self, family: MergedFamily, locus: Locus, members: Mapping[str, Sequence[Sample]]
    ) -> dict[str, Evidence]:
        """Evidence of the typed members at one locus."""
        seen: dict[str, Evidence] = {}
        for person, samples in members.items():
            sex = family.pedigree[person].sex
            if locus.kind == "X" and sex == "unknown":
                continue  # warned of by `identify`: an X genotype says nothing without the sex
            for sample in samples:
                e = self.evidence(sample, locus, sex)
                if e is not None:
                    seen[person] = e.times(seen[person]) if person in seen else e
        return seen


def gather(case: Case, model: Model) -> Profiles:
    """Sort a case's typings by sample and marker.

    Raises `Refusal` with ``conflicting-replicates`` (calls of one sample that differ although it has no
    drop-out) and ``impossible-dropout``.
    """
    typings: dict[str, dict[str, tuple[Typing, ...]]] = {}
    for sample, rows in case.typings_by_sample.items():
        by_marker: dict[str, tuple[Typing, ...]] = {}
        for row in rows:
            by_marker[row.marker] = (*by_marker.get(row.marker, ()), row)
        typings[sample] = by_marker
    shown = {s.id: _shown_sex(s, typings[s.id], model) for s in case.samples}
    sex = {s.id: _recorded_sex(case, s) for s in case.samples}
    profiles = Profiles(case, typings, {s: shown[s] if x == "unknown" else x for s, x in sex.items()}, shown)
    faults = list(_faults(profiles, model))
    if faults:
        raise Refusal(faults)
    return profiles


def _recorded_sex(case: Case, sample: Sample) -> Sex:
    known = sample.of == "remains" and sample.source in case.remains_by_id
    return case.remains_by_id[sample.source].sex if known else "unknown"


def _shown_sex(sample: Sample, typings: Mapping[str, tuple[Typing, ...]], model: Model) -> Sex:
    """What AMEL shows, else what heterozygous X markers show; an AMEL Y may have dropped out."""
    amel = {a for row in typings.get("AMEL", ()) for a in row.alleles}
    if "Y" in amel:
        return "male"
    if amel == {"X"} and not _drops_out(sample):
        return "female"
    x_loci = {locus.name for locus in model.loci if locus.kind == "X"}
    return sex_shown(row.alleles for marker in x_loci for row in typings.get(marker, ()))


def _drops_out(sample: Sample) -> bool:
    return any(p is not None for p in (sample.dropout_het, sample.dropout_hom, sample.dropin))


def _faults(profiles: Profiles, model: Model) -> Iterator[Fault]:
    for sample in profiles.case.samples:
        if _drops_out(sample):
            yield from _impossible_dropout(profiles, sample, model)
            continue
        for marker, rows in profiles.typings[sample.id].items():
            if _conflict(rows):
                yield Fault(
                    "conflicting-replicates",
                    f"the replicates of sample {sample.id} at {marker} differ",
                    "keep the confirmed call, or give the sample drop-out probabilities in samples.csv",
                    file="profiles.csv",
                    sample=sample.id,
                    marker=marker,
                )


def _conflict(rows: Sequence[Typing]) -> bool:
    """Whether no genotype is behind all these calls; an unknown allele may be any."""
    calls = {frozenset(r.alleles) for r in rows if "?" not in r.alleles}
    known = {a for r in rows for a in r.alleles if a != "?"}
    return len(calls) > 1 or len(known) > 2 or any(not known <= call for call in calls)


def _impossible_dropout(profiles: Profiles, sample: Sample, model: Model) -> Iterator[Fault]:
    """Autosomal loci where no genotype explains a sample's typings under its drop-out and drop-in."""
    for locus in model.loci:
        e = profiles.evidence(sample, locus, "unknown") if locus.kind == "autosomal" else None
        if e is not None and not e.genotypes:
            yield Fault(
                "impossible-dropout",
                f"no genotype explains what was seen of sample {sample.id} at {locus.name} under its drop-out"
                " probabilities",
                "give both dropout_het and dropout_hom above 0, or leave the typing out",
                file="samples.csv",
                column="dropout_het",
                sample=sample.id,
                marker=locus.name,
            )
