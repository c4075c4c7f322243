"""From a case and its scenarios to `View`s: what every sample and every family shows to each population."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.case import MergedFamily, Merging, Sample, Variant, variants
from homeward.genetics import Model, Scenario
from homeward.identify.mixture import View
from homeward.identify.posterior import contradicts
from homeward.identify.screen import Column, Typed
from homeward.observe import Evidence, Profiles, Reading
from homeward.pedigree import Sex

__all__ = ["pedigrees_of", "readings_of", "views_of"]


def views_of(
    scenarios: Sequence[Scenario],
    profiles: Sequence[Profiles],
    merging: Merging,
    remains: Sequence[Sample],
) -> tuple[View, ...]:
    """All remains and all missing persons of a case as each scenario sees them; ``profiles``: one a scenario."""
    pedigrees = [pedigrees_of(family) for family in merging.families]
    found = []
    for scenario, seen in zip(scenarios, profiles, strict=True):
        samples = [readings_of(seen, s, scenario.model) for s in remains]
        columns = [
            column
            for family, each in zip(merging.families, pedigrees, strict=True)
            for column in _columns(seen, family, each, scenario.model)
        ]
        found.append(View(scenario.label, scenario.weight, scenario.model, samples, columns))
    return tuple(found)


def pedigrees_of(family: MergedFamily) -> tuple[Variant, ...]:
    """Every pedigree the family may have, as registered first."""
    return variants(", ".join(family.families), family.pedigree, family.doubts)


def readings_of(profiles: Profiles, sample: Sample, model: Model) -> tuple[tuple[float, Typed], ...]:
    """A sample's evidence under every drop-out it may have, with its weight."""
    return tuple((r.weight, _typed(profiles, sample, model, r, k)) for k, r in enumerate(profiles.readings(sample)))


def _typed(profiles: Profiles, sample: Sample, model: Model, reading: Reading, k: int) -> Typed:
    """A sample's evidence under its ``k``th reading, at an X locus as a male's and as a female's."""
    evidence: dict[str, dict[int, Evidence]] = {}
    own = profiles.sex[sample.id]
    for locus in model.loci:
        sexes: tuple[tuple[int, Sex], ...] = ((1, "male"), (2, "female"))
        for ploidy, sex in sexes if locus.kind == "X" else ((2, "unknown"),):
            if locus.kind == "X" and contradicts(own, sex):
                continue
            e = profiles.evidence(sample, locus, sex, reading)
            # two alleles on a man's X say that his sex or the typing is wrong, and nothing of his kin
            if e is not None and e.genotypes:
                evidence.setdefault(locus.name, {})[ploidy] = e
    if not _has_haplotype(sample, model):
        return Typed(sample.id, evidence)
    read = next((x.readings[sample.id] for x in model.lineages if sample.id in x.readings), None)
    return Typed(sample.id, evidence, (sample.id if read is None else read[k],))


def _has_haplotype(sample: Sample, model: Model) -> bool:
    return any(sample.id in lineage.seen for lineage in model.lineages)


def _columns(
    profiles: Profiles, family: MergedFamily, pedigrees: Sequence[Variant], model: Model
) -> list[tuple[tuple[float, Column], ...]]:
    """Each missing person of a family in every pedigree it may have."""
    members = profiles.members(family)
    evidence = {}
    for locus in model.loci:
        seen = profiles.of_family(family, locus, members)
        if seen:
            evidence[locus.name] = seen
    haplotypes = tuple((p, s.id) for p, samples in members.items() for s in samples if _has_haplotype(s, model))
    return [
        tuple((v.weight, Column(missing, missing, v.pedigree, evidence, haplotypes)) for v in pedigrees)
        for missing in family.missing
    ]
