"""`identify`: the main job, from a case to a `Result`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Merging, Sample, merge_families
from homeward.check import check, without_mixtures
from homeward.faults import Progress, silent
from homeward.genetics import Model, Scenario
from homeward.genetics.dropout import sample_of
from homeward.identify.clans import clan_terms
from homeward.identify.direct import DirectMatches, SampleView, direct_matches
from homeward.identify.joint.answer import Joint
from homeward.identify.joint.run import joint_of
from homeward.identify.joint.signed import signed_warnings
from homeward.identify.kinship import bone_kinship
from homeward.identify.lineage_evidence import LineageComparison, lineage_comparisons
from homeward.identify.linked import linked_terms, refuse_linked_theta
from homeward.identify.mixture import LINEAGES, Found, Piece, View, compare_all
from homeward.identify.posterior import Listed, alone, contradicts
from homeward.identify.result import (
    BoneKinship,
    Direct,
    Dropout,
    HaplotypeRow,
    MissingRow,
    Outside,
    Pair,
    PedigreeVariant,
    Result,
    SampleRow,
    Term,
    TermKind,
    Warning,
)
from homeward.identify.screen import Column, Typed
from homeward.identify.views import pedigrees_of, readings_of, views_of
from homeward.identify.warn import case_warnings, latent_warnings, origin_warnings, result_warnings
from homeward.observe import Profiles, dropout_posterior, gather
from homeward.pedigree import Sex

__all__ = ["identify"]

Floats = NDArray[np.float64]

_LN10 = log(10.0)
_NOISE = 1e-13
_MATCH_WORTH_TELLING = log(10_000.0)
_LINKAGE_WORTH_TELLING = 0.05
"""Difference of log10 LR from which it is told that two markers are linked."""
_LINKAGE_LOOKED_AT = log(10.0)
"""ln LR from which a pair is looked at for that: a candidate, however weak."""
_LINEAGES_SHOWN = 5
"""Candidates of a sample whose haplotypes are explained."""
_MOST_LINKED = 200
"""Missing persons, those of the largest LRs, up to which that is looked for."""


def identify(
    case: Case, scenarios: Sequence[Scenario], *, seed: int, joint: bool = True, progress: Progress = silent
) -> Result:
    """Compare all remains with all missing persons and with each other, one by one and together.

    ``joint``: whether the joint posterior is wanted; `run.joint` = ``off`` in the case's settings leaves it out too.

    ``seed``: of the draws behind the findings' p-values, kept with the result. Raises `Refusal` for what the case or
    the model cannot carry (``impossible-family``, ``conflicting-replicates``, ``linkage-theta``, ...), and whatever
    ``progress`` raises to stop the work.
    """
    for scenario in scenarios:
        refuse_linked_theta(scenario.model)
    given, case = case, without_mixtures(case)
    profiles = [gather(case, scenario.model) for scenario in scenarios]
    first, model = profiles[0], scenarios[0].model
    merging = merge_families(case)
    remains = [s for s in case.samples if s.of == "remains"]
    views = views_of(scenarios, profiles, merging, remains)
    everybody = [pedigrees[0][1] for pedigrees in views[0].columns]
    told = [j for j, column in enumerate(everybody) if column.speaks_at_all]
    compared = _compared(views, told, progress)
    clans = clan_terms(case, merging, model, [readings[0][1] for readings in views[0].samples], everybody)
    pairs, outside = _pairs(case, first, remains, compared, everybody, told, model, clans)
    direct, direct_warnings = _direct(case, profiles, views)
    kinship = _kinship([SampleView(v.weight, v.model, v.samples) for v in views], progress)
    answer = _joint(case, scenarios, views, profiles, merging, pairs, seed, progress) if joint else None
    variants = _variants(merging, everybody, told, compared.found.ln_variants)
    rows = _sample_rows(case, first, model)
    warnings = [
        *case_warnings(case, first, merging, everybody, scenarios),
        *latent_warnings(merging, scenarios, pairs, rows, variants),
        *origin_warnings(pairs, everybody),
        *compared.warnings,
        *result_warnings(case, pairs, outside, direct, kinship),
        *direct_warnings,
    ]
    if answer is not None:
        log10_lr = {(p.sample, p.missing): p.log10_lr for p in pairs if p.log10_lr is not None}
        warnings += signed_warnings(case, answer, log10_lr)
    if joint and answer is None and case.settings.run.joint != "off" and views[0].samples:
        warnings.append(Warning("joint-impossible", {}))
    findings = check(given, scenarios, seed=seed, gathered=(first, merging), progress=progress)
    references = {
        c.id: len({p for seen in c.evidence.values() for p in seen} | {p for p, _ in c.haplotypes}) for c in everybody
    }
    return Result(
        case=given,
        scenarios=tuple(scenarios),
        seed=seed,
        missing=_missing_rows(case, references),
        samples=rows,
        pairs=pairs,
        outside=outside,
        direct=direct,
        kinship=kinship,
        warnings=tuple(warnings),
        findings=findings,
        variants=variants,
        joint=answer,
        lineages=_lineages(views[0], pairs),
        haplotypes=_haplotypes(views[0]),
    )


def _log10(ln: float) -> float:
    """Natural log to log10, with the rounding noise around LR = 1 taken off."""
    value = float(ln) / _LN10
    return 0.0 if abs(value) < _NOISE else value


def _joint(
    case: Case,
    scenarios: Sequence[Scenario],
    views: Sequence[View],
    profiles: Sequence[Profiles],
    merging: Merging,
    pairs: Sequence[Pair],
    seed: int,
    progress: Progress,
) -> Joint | None:
    if case.settings.run.joint == "off" or not views[0].samples:
        return None
    told = {(p.sample, p.missing): p for p in pairs if p.log10_lr is not None}
    return joint_of(
        case,
        scenarios,
        views,
        profiles,
        merging,
        ln_lr={key: (p.log10_lr or 0.0) * _LN10 for key, p in told.items()},
        incompatible={key: p.exclusions for key, p in told.items()},
        seed=seed,
        progress=progress,
    )


@dataclass(frozen=True, eq=False)
class _Compared:
    """The missing persons with references against all remains: LRs, what each block adds, loci impossible."""

    found: Found
    pieces: list[Piece]
    exclusions: NDArray[np.int16]
    warnings: list[Warning]


def _compared(views: Sequence[View], told: Sequence[int], progress: Progress) -> _Compared:
    views = [replace(v, columns=[v.columns[j] for j in told]) for v in views]
    pieces: list[Piece] = []
    found = compare_all(views, pieces=pieces, progress=progress)
    warnings = _linked_warnings(views[0], found.ln_lr, progress) if views[0].model.linkage == "report" else []
    warnings += [Warning("theta-sampled", {"marker": m, "error": float(e)}) for m, e in found.errors.items()]
    exclusions = found.impossible
    if any(locus.mutates for v in views for locus in v.model.loci):
        rigid = [replace(v, model=v.model.without_mutation()) for v in views]
        exclusions = compare_all(rigid, refuse=False, progress=progress).impossible
    return _Compared(found, pieces, exclusions, warnings)


def _linked_warnings(view: View, ln_lr: Floats, progress: Progress) -> list[Warning]:
    """What taking linked markers as unlinked changes at most among candidates, where that is worth telling."""
    rows = np.flatnonzero((ln_lr >= _LINKAGE_LOOKED_AT).any(axis=1))
    best = ln_lr.max(axis=0, initial=-np.inf)
    at = np.argsort(-best, kind="stable")[:_MOST_LINKED]
    at = np.sort(at[best[at] >= _LINKAGE_LOOKED_AT])
    samples = [view.samples[i][0][1] for i in rows.tolist()]
    columns = [view.columns[j][0][1] for j in at.tolist()]
    if not view.model.linked or not samples or not columns:
        return []
    looked_at = ln_lr[np.ix_(rows, at)] >= _LINKAGE_LOOKED_AT
    told = []
    for block in linked_terms(samples, columns, view.model, progress=progress):
        difference = np.nan_to_num(np.abs(block.ln_difference) / _LN10, nan=0.0, posinf=0.0) * looked_at
        i, j = np.unravel_index(int(difference.argmax()), difference.shape)
        if difference[i, j] >= _LINKAGE_WORTH_TELLING:
            parameters: dict[str, str | float] = {
                "markers": ", ".join(block.pair.markers),
                "worst": round(float(difference[i, j]), 6),
                "sample": samples[i].id,
                "missing": columns[j].id,
            }
            told.append(Warning("linked-markers", parameters))
    return told


def _pairs(
    case: Case,
    profiles: Profiles,
    remains: Sequence[Sample],
    compared: _Compared,
    everybody: Sequence[Column],
    told: Sequence[int],
    model: Model,
    clans: Mapping[str, Floats],
) -> tuple[tuple[Pair, ...], tuple[Outside, ...]]:
    sexes = [c.pedigree[c.person].sex for c in everybody]
    size = case.settings.incident.size
    listed = Listed(
        # a person missing in two merged files is one name
        len(everybody) + len(case.listed) if size is None else size,
        case.settings.incident.strangers,
        tuple(sexes[j] for j in told),
        (*(s for j, s in enumerate(sexes) if j not in set(told)), *(p.sex for p in case.listed)),
        model.sex_error,
    )
    unheard = [*(c.id for j, c in enumerate(everybody) if j not in set(told)), *(p.id for p in case.listed)]
    kind: dict[str, TermKind] = {locus.name: locus.kind for locus in model.loci}
    kind |= {name: line for line, name in LINEAGES.items()}
    pairs: list[Pair] = []
    outside: list[Outside] = []
    for i, sample in enumerate(remains):
        sex = profiles.sex[sample.id]
        of_clan = [float(clans[id][i]) if id in clans else 0.0 for id in unheard] if clans else []
        posterior, stranger, unreferenced = alone(compared.found.ln_lr[i], sex, listed, of_clan)
        outside.append(Outside(sample.id, stranger, unreferenced))
        for j, at in enumerate(told):
            contradiction = contradicts(sex, sexes[at])
            pairs.append(_pair(i, j, sample.id, everybody[at].id, contradiction, compared, kind, float(posterior[j])))
    return tuple(pairs), tuple(outside)


def _pair(
    i: int,
    j: int,
    sample: str,
    missing: str,
    contradiction: bool,
    compared: _Compared,
    kind: Mapping[str, TermKind],
    posterior: float,
) -> Pair:
    found = compared.found
    if not found.compared[i, j]:
        return Pair(sample, missing, "no-shared-markers", None, 0, (), posterior)
    terms = tuple(
        Term(kind[p.markers[0]] if len(p.markers) == 1 else "linked", p.markers, _log10(p.ln_lr[i, j]))
        for p in compared.pieces
        if not np.isnan(p.ln_lr[i, j])
    )
    return Pair(
        sample,
        missing,
        "sex" if contradiction else "computed",
        _log10(found.ln_lr[i, j]),
        int(compared.exclusions[i, j]),
        terms,
        posterior,
        tuple((label, _log10(ln_lr[i, j])) for label, ln_lr in found.by_population),
    )


def _direct(
    case: Case, profiles: Sequence[Profiles], views: Sequence[View]
) -> tuple[tuple[Direct, ...], list[Warning]]:
    """All pairs of remains and effects; a match with a living person's sample becomes a warning.

    A missing person's own earlier sample is no such person: it speaks in his LR. ``profiles``: one a view.
    """
    samples = [s for s in case.samples if s.of in ("remains", "effect")]
    missing = set(case.missing)
    people = [s for s in case.samples if s.of == "staff" or (s.of == "person" and s.source not in missing)]
    every = [*samples, *people]
    sexes = [_sex_of(case, profiles[0], s) for s in every]
    seen = []
    for view, each in zip(views, profiles, strict=True):
        read = {readings[0][1].id: readings for readings in view.samples}
        all_read = [read.get(sample.id) or readings_of(each, sample, view.model) for sample in every]
        seen.append(SampleView(view.weight, view.model, all_read))
    found = direct_matches(seen, sexes)
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


def _sex_of(case: Case, profiles: Profiles, sample: Sample) -> Sex:
    """The sex of whom a sample is of: a family member's is in his pedigree."""
    if sample.of != "person":
        return profiles.sex[sample.id]
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


def _kinship(views: Sequence[SampleView], progress: Progress) -> tuple[BoneKinship, ...]:
    found = bone_kinship(views, progress=progress)
    ids = [readings[0][1].id for readings in views[0].samples]
    return tuple(
        BoneKinship(
            ids[i],
            ids[j],
            relationship,
            _log10(ln_lr[j, i]) if compared[j, i] else None,
            int(compared[j, i]),
        )
        for i in range(len(ids))
        for j in range(i + 1, len(ids))
        for relationship, (ln_lr, compared) in found.items()
    )


def _lineages(view: View, pairs: Sequence[Pair]) -> tuple[LineageComparison, ...]:
    """What the haplotypes of each sample say of its best candidates, and of those that a lineage speaks for."""
    if not view.model.lineages:
        return ()
    typed = {readings[0][1].id: _read_at_all(readings[0][1]) for readings in view.samples}
    columns = {pedigrees[0][1].id: pedigrees[0][1] for pedigrees in view.columns}
    of_sample: dict[str, list[Pair]] = {}
    for pair in pairs:
        if typed[pair.sample].haplotypes:
            of_sample.setdefault(pair.sample, []).append(pair)
    found: list[LineageComparison] = []
    for sample, candidates in of_sample.items():
        best = sorted(candidates, key=lambda p: -p.posterior)[:_LINEAGES_SHOWN]
        spoken = [p for p in candidates if any(t.kind in LINEAGES and t.log10_lr >= 1.0 for t in p.terms)]
        spoken = sorted(spoken, key=lambda p: -p.posterior)[: 2 * _LINEAGES_SHOWN]
        for missing in dict.fromkeys(p.missing for p in (*best, *spoken)):
            found.extend(lineage_comparisons(typed[sample], columns[missing], view.model))
    return tuple(found)


def _read_at_all(typed: Typed) -> Typed:
    """A sample with its haplotypes as they are whatever its drop-out."""
    return replace(typed, haplotypes=tuple(map(sample_of, typed.haplotypes)))


def _haplotypes(view: View) -> tuple[HaplotypeRow, ...]:
    shown = dict.fromkeys(s for readings in view.samples for s in _read_at_all(readings[0][1]).haplotypes)
    return tuple(
        HaplotypeRow(s, x.kind, x.database, x.estimator, x.estimates(s))
        for x in view.model.lineages
        for s in shown
        if s in x.seen
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


def _sample_rows(case: Case, profiles: Profiles, model: Model) -> tuple[SampleRow, ...]:
    rows = []
    for s in case.samples:
        found = dropout_posterior(profiles, s, model) if len(profiles.readings(s)) > 1 else None
        dropout = None if found is None else Dropout(*found)
        rows.append(SampleRow(s.id, s.of, s.source, _sex_of(case, profiles, s), len(profiles.typings[s.id]), dropout))
    return tuple(rows)


def _variants(
    merging: Merging, everybody: Sequence[Column], told: Sequence[int], ln_variants: Sequence[Floats]
) -> tuple[PedigreeVariant, ...]:
    """Every family in doubt, once, in the pedigrees it may have."""
    of_person = {everybody[j].id: ln for j, ln in zip(told, ln_variants, strict=True)}
    found = []
    for family in merging.families:
        each = pedigrees_of(family)
        ln = next((of_person[m] for m in family.missing if m in of_person), None)
        if len(each) == 1 or ln is None:
            continue
        share = np.exp(ln - ln.max())
        for variant, posterior in zip(each, share / share.sum(), strict=True):
            changed = tuple((d.person, d.father or "", d.mother or "") for d in variant.changed)
            found.append(PedigreeVariant(family.families, changed, variant.weight, float(posterior)))
    return tuple(found)
