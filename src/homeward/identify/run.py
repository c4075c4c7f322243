"""`identify`: the main job, from a case to a `Result`."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, MergedFamily, Sample, merge_families
from homeward.check import check, without_mixtures
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Model, Scenario
from homeward.identify.direct import DirectMatches, direct_matches
from homeward.identify.kinship import bone_kinship
from homeward.identify.posterior import Listed, alone, contradicts
from homeward.identify.result import BoneKinship, Direct, MissingRow, Outside, Pair, Result, SampleRow, Term, Warning
from homeward.identify.screen import Block, Column, Screen, Typed, screen
from homeward.identify.warn import case_warnings, result_warnings
from homeward.observe import Evidence, Profiles, gather
from homeward.pedigree import Sex

__all__ = ["identify", "one_model"]

Floats = NDArray[np.float64]

_LN10 = log(10.0)
_NOISE = 1e-13
_MATCH_WORTH_TELLING = log(10_000.0)


def identify(case: Case, scenarios: Sequence[Scenario], *, seed: int, progress: Progress = silent) -> Result:
    """Compare all remains with all missing persons and with each other.

    ``seed``: of the draws behind the findings' p-values, kept with the result. Raises `Refusal` for what the case or
    the model cannot carry (``impossible-family``, ``conflicting-replicates``, ``theta-too-large``,
    ``unsupported-mixture``, ...), and whatever ``progress`` raises to stop the work.
    """
    model = one_model(scenarios)
    given, case = case, without_mixtures(case)
    profiles = gather(case, model)
    merging = merge_families(case)
    remains = [s for s in case.samples if s.of == "remains"]
    typed = [_typed(profiles, s, model) for s in remains]
    columns = [_column(profiles, family, missing, model) for family in merging.families for missing in family.missing]
    with_references = [c for c in columns if any(c.evidence.values())]
    pairs, outside = _pairs(case, profiles, remains, typed, with_references, columns, model, progress)
    direct, direct_warnings = _direct(case, profiles, model)
    kinship = _kinship(typed, model, progress)
    warnings = [
        *case_warnings(case, profiles, merging, columns, model),
        *result_warnings(case, pairs, outside, direct, kinship),
        *direct_warnings,
    ]
    findings = check(given, scenarios, seed=seed, gathered=(profiles, merging), progress=progress)
    references = {c.id: len({p for seen in c.evidence.values() for p in seen}) for c in columns}
    return Result(
        case=given,
        scenarios=tuple(scenarios),
        seed=seed,
        missing=_missing_rows(case, references),
        samples=_sample_rows(case, profiles),
        pairs=pairs,
        outside=outside,
        direct=direct,
        kinship=kinship,
        warnings=tuple(warnings),
        findings=findings,
    )


def _log10(ln: float) -> float:
    """Natural log to log10, with the rounding noise around LR = 1 taken off."""
    value = float(ln) / _LN10
    return 0.0 if abs(value) < _NOISE else value


def one_model(scenarios: Sequence[Scenario]) -> Model:
    """The single model this version computes with; more is refused by name rather than half done."""
    if len(scenarios) != 1:
        fault = Fault(
            "unsupported-mixture",
            f"{len(scenarios)} populations are named; this version computes with one at a time",
            "name one population and run once for each",
            file="case.toml",
            column="model.population",
        )
        raise Refusal([fault])
    return scenarios[0].model


def _typed(profiles: Profiles, sample: Sample, model: Model) -> Typed:
    """A sample's evidence at every locus, read as a male's and as a female's where that differs."""
    evidence: dict[str, dict[int, Evidence]] = {}
    own = profiles.sex[sample.id]
    for locus in model.loci:
        readings: tuple[tuple[int, Sex], ...] = ((1, "male"), (2, "female"))
        for ploidy, sex in readings if locus.kind == "X" else ((2, "unknown"),):
            if locus.kind == "X" and contradicts(own, sex):
                continue
            e = profiles.evidence(sample, locus, sex)
            # two alleles on a man's X say that his sex or the typing is wrong, and nothing of his kin
            if e is not None and e.genotypes:
                evidence.setdefault(locus.name, {})[ploidy] = e
    return Typed(sample.id, evidence)


def _column(profiles: Profiles, family: MergedFamily, missing: str, model: Model) -> Column:
    members = profiles.members(family)
    evidence = {}
    for locus in model.loci:
        seen = profiles.of_family(family, locus, members)
        if seen:
            evidence[locus.name] = seen
    return Column(missing, missing, family.pedigree, evidence)


def _pairs(
    case: Case,
    profiles: Profiles,
    remains: Sequence[Sample],
    typed: Sequence[Typed],
    columns: Sequence[Column],
    everybody: Sequence[Column],
    model: Model,
    progress: Progress,
) -> tuple[tuple[Pair, ...], tuple[Outside, ...]]:
    blocks: list[Block] = []
    found = screen(typed, columns, model, each=blocks.append, progress=progress)
    exclusions = found.impossible
    if any(locus.mutates for locus in model.loci):
        exclusions = screen(typed, columns, model.without_mutation(), refuse=False, progress=progress).impossible
    sexes = [c.pedigree[c.person].sex for c in columns]
    with_references = {c.id for c in columns}
    size = case.settings.incident.size
    listed = Listed(
        # a person missing in two merged files is one name
        len(everybody) + len(case.listed) if size is None else size,
        case.settings.incident.strangers,
        tuple(sexes),
        (
            *(c.pedigree[c.person].sex for c in everybody if c.id not in with_references),
            *(p.sex for p in case.listed),
        ),
        model.sex_error,
    )
    pairs: list[Pair] = []
    outside: list[Outside] = []
    for i, sample in enumerate(remains):
        sex = profiles.sex[sample.id]
        posterior, stranger, unreferenced = alone(found.ln_lr[i], sex, listed)
        outside.append(Outside(sample.id, stranger, unreferenced))
        pairs.extend(
            _pair(i, j, sample, column, contradicts(sex, sexes[j]), found, blocks, int(exclusions[i, j]), posterior[j])
            for j, column in enumerate(columns)
        )
    return tuple(pairs), tuple(outside)


def _pair(
    i: int,
    j: int,
    sample: Sample,
    column: Column,
    contradiction: bool,
    found: Screen,
    blocks: Sequence[Block],
    exclusions: int,
    posterior: float,
) -> Pair:
    if not found.compared[i, j]:
        return Pair(sample.id, column.id, "no-shared-markers", None, 0, (), float(posterior))
    terms = tuple(
        Term(b.locus.kind, (b.locus.name,), _log10(b.ln_lr[i, j])) for b in blocks if not np.isnan(b.ln_lr[i, j])
    )
    return Pair(
        sample.id,
        column.id,
        "sex" if contradiction else "computed",
        _log10(found.ln_lr[i, j]),
        exclusions,
        terms,
        float(posterior),
    )


def _direct(case: Case, profiles: Profiles, model: Model) -> tuple[tuple[Direct, ...], list[Warning]]:
    """All pairs of remains and effects; a match with a living person's sample becomes a warning.

    A missing person's own earlier sample is no such person: it speaks in his LR.
    """
    samples = [s for s in case.samples if s.of in ("remains", "effect")]
    missing = set(case.missing)
    people = [s for s in case.samples if s.of == "staff" or (s.of == "person" and s.source not in missing)]
    every = [*samples, *people]
    sexes = [profiles.sex[s.id] if s.of != "person" else _person_sex(case, profiles, s) for s in every]
    typed = [_typed(profiles, s, model) for s in every]
    found = direct_matches(typed, sexes, model)
    n = len(samples)
    rows = tuple(_direct_row(samples, found, i, j) for i in range(n) for j in range(i + 1, n))
    warnings = [
        Warning(
            "sample-matches-person",
            {
                "sample": samples[i].id,
                "person": every[j].source,
                "of": every[j].of,
                "log10_lr": round(_log10(found.ln_lr[i, j]), 6),
            },
        )
        for i in range(n)
        for j in range(n, len(every))
        if found.compared[i, j] and found.ln_lr[i, j] >= _MATCH_WORTH_TELLING
    ]
    return rows, warnings


def _person_sex(case: Case, profiles: Profiles, sample: Sample) -> Sex:
    family, _, person = sample.source.partition("/")
    for f in case.families:
        if f.id == family and person in f.pedigree:
            return f.pedigree[person].sex
    return profiles.sex[sample.id]


def _direct_row(samples: Sequence[Sample], found: DirectMatches, i: int, j: int) -> Direct:
    if not found.compared[i, j]:
        return Direct(samples[i].id, samples[j].id, "no-shared-markers", None, 0, 0)
    return Direct(
        samples[i].id,
        samples[j].id,
        "computed",
        _log10(found.ln_lr[i, j]),
        int(found.compared[i, j]),
        int(found.mismatches[i, j]),
    )


def _kinship(typed: Sequence[Typed], model: Model, progress: Progress) -> tuple[BoneKinship, ...]:
    found = bone_kinship(typed, model, progress=progress)
    return tuple(
        BoneKinship(
            typed[i].id,
            typed[j].id,
            relationship,
            _log10(ln_lr[j, i]) if compared[j, i] else None,
            int(compared[j, i]),
        )
        for i in range(len(typed))
        for j in range(i + 1, len(typed))
        for relationship, (ln_lr, compared) in found.items()
    )


def _missing_rows(case: Case, references: dict[str, int]) -> tuple[MissingRow, ...]:
    rows = []
    for family in case.families:
        for person in family.missing:
            full = family.full_id(person)
            if full in references:
                rows.append(MissingRow(full, family.pedigree[person].sex, references[full]))
    rows.extend(MissingRow(p.id, p.sex, 0) for p in case.listed)
    return tuple(rows)


def _sample_rows(case: Case, profiles: Profiles) -> tuple[SampleRow, ...]:
    return tuple(
        SampleRow(
            s.id,
            s.of,
            s.source,
            _person_sex(case, profiles, s) if s.of == "person" else profiles.sex[s.id],
            len(profiles.typings[s.id]),
        )
        for s in case.samples
    )
