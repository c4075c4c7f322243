"""Which evidence every sample and every family member brings to every locus of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations_with_replacement, product

from homeward.case import Case, MergedFamily, Sample, Typing
from homeward.faults import Fault, Refusal
from homeward.genetics import Locus, Model, alternatives, marker_kind
from homeward.observe.dropout import Reading, estimated_readings
from homeward.observe.evidence import Evidence, averaged, called, mistyped, sex_shown, with_dropout
from homeward.pedigree import Sex

__all__ = ["Profiles", "gather"]

Alleles = tuple[str, ...]


@dataclass(frozen=True)
class Profiles:
    """Everything typed in a case, ready to become evidence.

    ``typings``: sample → marker → its typings (replicates). ``sex``: sample → sex on record, else ``shown`` by
    AMEL or X. ``mistyping``: of the samples of persons and staff that state none. ``estimated``: readings where
    drop-out is estimated.
    """

    case: Case
    typings: Mapping[str, Mapping[str, tuple[Typing, ...]]]
    sex: Mapping[str, Sex]
    shown: Mapping[str, Sex]
    mistyping: float = 0.0
    estimated: Mapping[str, tuple[Reading, ...]] = field(default_factory=dict)

    def drops_out(self, sample: Sample) -> bool:
        """Whether alleles of this sample may be unseen, at a rate stated or estimated."""
        return sample.id in self.estimated or _stated(sample)

    def readings(self, sample: Sample) -> tuple[Reading, ...]:
        """What the drop-out of a sample may be, weights summing to one; the markers of a sample share one reading.

        One reading of weight 1, with the drop-out stated or none, unless it is estimated.
        """
        stated = Reading(1.0, sample.dropout_het or 0.0, sample.dropout_hom or 0.0, sample.dropin or 0.0)
        return self.estimated.get(sample.id, (stated,))

    def mistyping_of(self, sample: Sample) -> float:
        """P(a typing of this sample is of some other genotype): as stated, else the model's for persons and staff."""
        if sample.mistyping is not None:
            return sample.mistyping
        return self.mistyping if sample.of in ("person", "staff") else 0.0

    def evidence(self, sample: Sample, locus: Locus, sex: Sex, reading: Reading | None = None) -> Evidence | None:
        """What a sample's typings say at a locus if it is of a person of this sex; None = not typed.

        ``reading``: one of `readings`; None = their weighted mean, which is exact for one locus by itself only.
        """
        rows = self.typings[sample.id].get(locus.name, ())
        if not rows:
            return None
        if reading is None:
            readings = self.readings(sample)
            each = [self.evidence(sample, locus, sex, r) for r in readings]
            return each[0] if len(each) == 1 else averaged(each, [r.weight for r in readings])
        joined: Evidence | None = None
        for row in rows:
            e = self._of_typing(row, sample, locus, sex, reading)
            if e is not None:
                joined = e if joined is None else joined.times(e)
        return joined

    def _of_typing(self, row: Typing, sample: Sample, locus: Locus, sex: Sex, reading: Reading) -> Evidence | None:
        if row.alleles and set(row.alleles) == {"?"}:
            return None  # nothing is known, which is not that nothing was seen
        if self.drops_out(sample):
            e: Evidence | None = with_dropout(
                row.alleles, locus, sex, reading.heterozygote, reading.homozygote, reading.dropin
            )
        else:
            e = called(row.alleles, locus, sex)
        rate = self.mistyping_of(sample)
        return mistyped(e, locus, rate) if e is not None and rate > 0 else e

    def members(self, family: MergedFamily) -> Mapping[str, tuple[Sample, ...]]:
        """The samples with typings of each member of a family, members as named in its pedigree."""
        found: dict[str, tuple[Sample, ...]] = {}
        for sample in self.case.samples:
            if sample.of != "person" or not (self.typings[sample.id] or sample.id in self.case.mt_by_sample):
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

    Raises `Refusal` with ``conflicting-replicates`` (calls of one sample that differ although it has neither
    drop-out nor mistyping) and ``impossible-dropout``.
    """
    typings: dict[str, dict[str, tuple[Typing, ...]]] = {}
    for sample, rows in case.typings_by_sample.items():
        by_marker: dict[str, tuple[Typing, ...]] = {}
        for row in rows:
            by_marker[row.marker] = (*by_marker.get(row.marker, ()), row)
        typings[sample] = by_marker
    unstated = [s for s in case.samples if model.dropout == "estimated" and _may_be_estimated(s) and typings[s.id]]
    estimated = estimated_readings(unstated, typings, model.locus)
    shown = {s.id: _shown_sex(typings[s.id], model, _stated(s) or s.id in estimated, _strays(s)) for s in case.samples}
    sex = {s.id: _recorded_sex(case, s) for s in case.samples}
    sex = {s: shown[s] if x == "unknown" else x for s, x in sex.items()}
    profiles = Profiles(case, typings, sex, shown, model.mistyping, estimated)
    faults = list(_faults(profiles, model))
    if faults:
        raise Refusal(faults)
    return profiles


def _recorded_sex(case: Case, sample: Sample) -> Sex:
    known = sample.of == "remains" and sample.source in case.remains_by_id
    return case.remains_by_id[sample.source].sex if known else "unknown"


def _strays(sample: Sample) -> bool:
    """Whether an allele may be shown that the person does not have, so that two on the X need not make a woman."""
    return (sample.dropin or 0.0) > 0 or (sample.mistyping or 0.0) > 0


def _shown_sex(typings: Mapping[str, tuple[Typing, ...]], model: Model, drops_out: bool, strays: bool) -> Sex:
    """What AMEL and Y markers show, else what heterozygous X markers show; an AMEL Y may have dropped out."""
    amel = {a for row in typings.get("AMEL", ()) for a in row.alleles}
    if "Y" in amel or any(marker_kind(m) == "Y" and any(r.alleles for r in rows) for m, rows in typings.items()):
        return "male"
    if amel == {"X"} and not drops_out:
        return "female"
    if strays:
        return "unknown"
    x_loci = {locus.name for locus in model.loci if locus.kind == "X"}
    return sex_shown(row.alleles for marker in x_loci for row in typings.get(marker, ()))


def _stated(sample: Sample) -> bool:
    return sample.states_dropout or sample.dropin is not None


def _may_be_estimated(sample: Sample) -> bool:
    """A stated drop-in stands beside an estimated drop-out."""
    return sample.of == "remains" and not sample.states_dropout


def _faults(profiles: Profiles, model: Model) -> Iterator[Fault]:
    for sample in profiles.case.samples:
        if profiles.drops_out(sample):
            yield from _impossible_dropout(profiles, sample, model)
            continue
        if profiles.mistyping_of(sample) > 0:
            continue  # differing calls are then somebody's mistake, which has a probability
        for marker, rows in profiles.typings[sample.id].items():
            if _conflict(rows, marker_kind(marker) == "Y"):
                yield Fault(
                    "conflicting-replicates",
                    f"the replicates of sample {sample.id} at {marker} differ",
                    "keep the confirmed call, or give the sample drop-out probabilities in samples.csv",
                    file="profiles.csv",
                    sample=sample.id,
                    marker=marker,
                )


def _conflict(rows: Sequence[Typing], on_y: bool) -> bool:
    """Whether no genotype is behind all these calls; an unknown allele may be any.

    On the Y a man may have any number of copies of a marker, elsewhere he has two.
    """
    calls = [([alternatives(a) for a in row.alleles if a != "?"], "?" in row.alleles) for row in rows]
    known = sorted({a for tokens, _ in calls for token in tokens for a in token})
    if len(known) < 2 or (len(calls) == 1 and (on_y or len(calls[0][0]) < 3)):
        return False
    if on_y:
        whole = [tokens for tokens, half in calls if tokens and not half]
        genotypes = [set(resolution) for tokens in whole for resolution in product(*tokens)] or [set(known)]
    else:
        genotypes = [{a, b} for a, b in combinations_with_replacement(known, 2)]
    return not any(all(_explains(g, tokens, half) for tokens, half in calls) for g in genotypes)


def _explains(genotype: set[str], tokens: Sequence[tuple[str, ...]], half: bool) -> bool:
    """Whether a call, its unresolved alleles resolved somehow, is of a genotype; an empty one is of any."""
    shown = (set(resolution) for resolution in product(*tokens))
    return not tokens or any(s <= genotype if half else s == genotype for s in shown)


def _impossible_dropout(profiles: Profiles, sample: Sample, model: Model) -> Iterator[Fault]:
    """Autosomal loci where no genotype explains a sample's typings under its drop-out and drop-in."""
    estimated = sample.id in profiles.estimated
    reading = profiles.readings(sample)[0]  # what is possible under one estimate is possible under all
    remedy = "give the sample a dropin" if estimated else "give both dropout_het and dropout_hom above 0"
    for locus in model.loci:
        e = profiles.evidence(sample, locus, "unknown", reading) if locus.kind == "autosomal" else None
        if e is not None and not e.genotypes:
            yield Fault(
                "impossible-dropout",
                f"no genotype explains what was seen of sample {sample.id} at {locus.name} under its drop-out"
                " probabilities",
                f"{remedy}, or leave the typing out",
                file="samples.csv",
                column="dropin" if estimated else "dropout_het",
                sample=sample.id,
                marker=locus.name,
            )
