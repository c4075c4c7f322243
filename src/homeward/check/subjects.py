"""Who is typed: each sample with the person or body it is said to be of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from homeward.case import Case, MergedFamily, Merging, Sample, merge_families
from homeward.genetics import Model
from homeward.observe import Evidence, Profiles, gather
from homeward.pedigree import Sex

__all__ = ["Subject", "TypedCase", "typed_subjects"]


@dataclass(frozen=True, eq=False)
class Subject:
    """One typed sample. ``id``: whom it is of; samples of one person or one known body have one.

    ``family``: position among the merged families, -1 for what is of no family. ``evidence``: marker → what it says
    of a person with two alleles, autosomal markers only.
    """

    sample: Sample
    id: str
    family: int
    evidence: Mapping[str, Evidence]


@dataclass(frozen=True, eq=False)
class TypedCase:
    """Everything typed in a case, sample by sample and family by family."""

    case: Case
    model: Model
    profiles: Profiles
    merging: Merging
    subjects: tuple[Subject, ...]

    @property
    def families(self) -> tuple[MergedFamily, ...]:
        return self.merging.families

    @cached_property
    def missing(self) -> frozenset[str]:
        """Missing persons, and whoever is an identical twin of one."""
        found = {m for f in self.families for m in f.missing}
        twins = [set(group) for f in self.families for group in f.pedigree.twins]
        return frozenset(found.union(*(group for group in twins if group & found)))

    def recorded_sex(self, subject: Subject) -> Sex:
        """What the pedigree or the record of the remains says."""
        if subject.sample.of == "person" and subject.family >= 0:
            return self.families[subject.family].pedigree[subject.id].sex
        remains = self.case.remains_by_id.get(subject.sample.source)
        return remains.sex if subject.sample.of == "remains" and remains else "unknown"


def typed_subjects(case: Case, model: Model, gathered: tuple[Profiles, Merging] | None = None) -> TypedCase:
    """Sort the samples of a case that have typings by whom they are of. Raises `Refusal` as `gather` does."""
    profiles, merging = gathered or (gather(case, model), merge_families(case))
    # what may be mistyped is to be found here, not explained away
    profiles = replace(profiles, mistyping=0.0)
    case = replace(case, samples=tuple(replace(s, mistyping=None) for s in case.samples))
    home: dict[str, tuple[str, int]] = {}
    for k, merged in enumerate(merging.families):
        home.update({person: (person, k) for person in merged.pedigree.ids})
        home.update({alias: (person, k) for alias, person in merged.alias.items()})
    subjects = []
    for sample in case.samples:
        if not profiles.typings[sample.id]:
            continue
        id, family = home.get(sample.source, (sample.source, -1)) if sample.of == "person" else (sample.source, -1)
        if sample.of == "remains":
            remains = case.remains_by_id.get(sample.source)
            id = f"individual {remains.individual}" if remains and remains.individual else sample.source
        evidence = {}
        for locus in model.loci:
            if locus.kind != "autosomal":
                continue
            e = profiles.evidence(sample, locus, "unknown")
            if e is not None:
                evidence[locus.name] = e
        subjects.append(Subject(sample, id, family, evidence))
    return TypedCase(case, model, profiles, merging, tuple(subjects))
