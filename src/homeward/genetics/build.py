"""From a case's settings to the models its likelihoods are computed with: one scenario a population."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from homeward.case import Case, FrequencyTable, ModelSettings, MutationRow, Settings
from homeward.faults import Fault, Refusal
from homeward.genetics.alleles import REST, SILENT, alternatives, repeats
from homeward.genetics.basis import Basis, SharedFrequencies, Table, founders_tables, table_of
from homeward.genetics.lineage import LineageModel
from homeward.genetics.linkage import linked_pairs
from homeward.genetics.markers import allele_kind, canonical_marker, marker_kind
from homeward.genetics.model import Floats, FrequencyChange, LinkedPair, Locus, LocusKind, Model, Scenario
from homeward.genetics.mutation import mutation_matrix
from homeward.genetics.populations import bundled_populations, close_populations
from homeward.genetics.rates import DEFAULT_RANGE, DEFAULT_RATE2, default_mutation

__all__ = ["scenarios_of"]

Parent = Literal["mother", "father"]
PARENTS: tuple[Parent, ...] = ("mother", "father")


def scenarios_of(case: Case, *, settings: Settings | None = None) -> tuple[Scenario, ...]:
    """The models of a case under its own settings or others: one for each population, weights summing to one.

    Each model holds, in the order of `Case.markers`, the autosomal and X markers that anybody is typed for and, where
    a population is a bundled one, that it has frequencies for (a table of the case must have them all); all models
    hold the same loci. Y markers and AMEL are no loci of a `Model`: they speak of lineage and sex. A population is one
    of the case's tables, else a bundled one; if the settings name none, the only table of the case. The tables of
    founders' own populations go into `Locus.elsewhere`, and what is not sound about any table into `Model.provisional`.

    Raises `Refusal` with all faults of all populations and markers: ``no-population``, ``population-weight``,
    ``theta-range``, ``mistyping-range``, ``marker-not-in-population``, ``unseen-allele``, ``counts-needed``, and the
    codes of `apply_policies`, `mutation_matrix` and `linked_pairs`.
    """
    chosen = (settings or case.settings).model
    faults = list(_settings_faults(chosen))
    tables: list[tuple[Table, float]] = []
    try:
        tables = _tables(case, chosen)
    except Refusal as refusal:
        faults.extend(refusal.faults)
    elsewhere, unknown = founders_tables(case)
    observed = _observed(case)
    left_out = _left_out([table for table, _ in tables], observed)
    models = [
        _model(case, Basis(table, elsewhere, unknown), {m: observed[m] for m in observed if m not in left_out}, chosen)
        for table, _ in tables
    ]
    faults.extend(fault for _, found in models for fault in found)
    lineages = _lineages(case, settings or case.settings, faults)
    if faults:
        raise Refusal(dict.fromkeys(faults))
    models = [(replace(model, lineages=lineages), found) for model, found in models]
    total = math.fsum(weight for _, weight in tables)
    return tuple(
        Scenario(model.population, weight / total, model)
        for (model, _), (_, weight) in zip(models, tables, strict=True)
    )


def _lineages(case: Case, settings: Settings, faults: list[Fault]) -> tuple[LineageModel, ...]:
    """What is assumed of the Y and of the mtDNA, where they were typed and a table of haplotypes is named."""
    found: list[LineageModel | None] = []
    if settings.incident.samples_are == "fragments" and max(settings.y.theta_clan, settings.mt.theta_clan) > 0:
        message = "theta_clan weighs every sample by itself, and several fragments may be of one body"
        remedy = 'set samples_are = "bodies" in [incident], or theta_clan = 0'
        faults.append(Fault("clan-fragments", message, remedy, file="case.toml", column="theta_clan"))
    try:
        if settings.y.database:
            # haplotypes are a good part of what there is to load, and most cases have none
            from homeward.genetics.haplotypes.y_line import y_lineage

            found.append(y_lineage(case, settings.y, estimated_dropout=settings.model.dropout == "estimated"))
    except Refusal as refusal:
        faults.extend(refusal.faults)
    try:
        if settings.mt.database and case.mt:
            from homeward.genetics.haplotypes.mt_line import mt_lineage

            found.append(mt_lineage(case, settings.mt))
    except Refusal as refusal:
        faults.extend(refusal.faults)
    lineages = [lineage for lineage in found if lineage is not None]
    readings = {s: names for lineage in lineages for s, names in lineage.readings.items()}
    return tuple(lineage.read(readings) for lineage in lineages)


def _settings_faults(chosen: ModelSettings) -> list[Fault]:
    faults = []
    if not 0.0 <= chosen.theta < 1.0:
        faults.append(Fault("theta-range", f"theta {chosen.theta:g} is not from 0 to below 1", "0.01 to 0.03 is usual"))
    if not 0.0 <= chosen.mistyping < 1.0:
        message = f"mistyping {chosen.mistyping:g} is not from 0 to below 1"
        faults.append(Fault("mistyping-range", message, "0.001 to 0.01 is usual"))
    weights = [weight for _, weight in chosen.population]
    if weights and (not all(math.isfinite(w) and w >= 0 for w in weights) or math.fsum(weights) <= 0):
        faults.append(Fault("population-weight", "the populations' weights are not all positive", "correct [model]"))
    return faults


def _tables(case: Case, chosen: ModelSettings) -> list[tuple[Table, float]]:
    own = {table.population: table for table in case.populations}
    bundled = [p.id for p in bundled_populations()]
    if not chosen.population:
        if len(case.populations) == 1:
            return [(Table(case.populations[0], own=True), 1.0)]
        found = f"the case has {len(own)} tables" if own else "the case has no table"
        raise Refusal([_no_population(f"no population is chosen, and {found}", own)])
    unknown = [id for id, _ in chosen.population if id not in own and id not in bundled]
    if unknown:
        raise Refusal(_unknown_population(id, own, bundled) for id in unknown)
    return [(table_of(case, id), weight) for id, weight in chosen.population]


def _left_out(tables: Sequence[Table], observed: Mapping[str, object]) -> set[str]:
    """Typed markers that a bundled table lacks: it is as it is, so they are in no model, and `identify` says so."""
    return {
        marker
        for table in tables
        if not table.own and set(observed) & set(table.markers)
        for marker in observed
        if marker not in table.markers
    }


def _unknown_population(id: str, own: dict[str, FrequencyTable], bundled: list[str]) -> Fault:
    close = close_populations(id, [*own, *bundled])
    remedy = f"add frequencies.csv, or name {close or 'a bundled one (homeward populations lists them)'}"
    return Fault("no-population", f"population {id[:60]} is not known", remedy, file="case.toml", value=id)


def _no_population(message: str, own: dict[str, FrequencyTable]) -> Fault:
    remedy = "add frequencies.csv, or name a bundled one in [model] population (homeward populations lists them)"
    if own:
        remedy = f"name in [model] population one of: {', '.join(own)}"
    return Fault("no-population", message, remedy, file="case.toml")


def _model(
    case: Case, basis: Basis, observed: Mapping[str, set[str]], chosen: ModelSettings
) -> tuple[Model, list[Fault]]:
    """The model of one population, and what is wrong; a locus with something wrong is left out."""
    loci: list[Locus] = []
    changes: list[FrequencyChange] = []
    faults: list[Fault] = []
    for marker, seen in observed.items():
        kind = marker_kind(marker)
        if kind not in ("autosomal", "X"):
            continue
        if marker not in basis.main.markers:
            faults.append(
                Fault(
                    "marker-not-in-population",
                    f"{marker} is typed but {basis.main.id} has no frequencies for it",
                    "add the marker's frequencies, choose another population or leave the marker out",
                    marker=marker,
                )
            )
            continue
        try:
            rows = _mutation_rows(case, marker, basis.alleles(marker), chosen)
            used = basis.frequencies(marker, seen, chosen, bool(rows))
            chromosomes = basis.chromosomes(marker) if chosen.sampling_error else None
            loci.append(_locus(marker, kind, used, rows, chromosomes))
        except Refusal as refusal:
            faults.extend(fault if fault.file else _at(fault, marker) for fault in refusal.faults)
            continue
        changes.extend(used.changes)
    linked: tuple[LinkedPair, ...] = ()
    try:
        linked = linked_pairs([m for m in observed if marker_kind(m) in ("autosomal", "X")], chosen.linked)
    except Refusal as refusal:
        faults.extend(refusal.faults)
    model = Model(
        basis.main.id,
        tuple(loci),
        chosen.theta,
        chosen.sex_error,
        tuple(changes),
        linked=linked,
        linkage=chosen.linkage,
        dropout=chosen.dropout,
        mistyping=chosen.mistyping,
        provisional=basis.provisional([locus.name for locus in loci]),
    )
    return model, faults


def _at(fault: Fault, marker: str) -> Fault:
    """The fault with its marker named, in the message too."""
    named = fault.message if marker in fault.message else f"{marker}: {fault.message}"
    return replace(fault, marker=marker, message=named)


def _observed(case: Case) -> dict[str, set[str]]:
    """Marker → alleles typed anywhere in the case, markers in order of first appearance."""
    observed: dict[str, set[str]] = {}
    for typing in case.typings:
        found = observed.setdefault(canonical_marker(typing.marker), set())
        found.update(a for written in typing.alleles for a in alternatives(written))
    return observed


def _mutation_rows(
    case: Case, marker: str, alleles: Collection[str], chosen: ModelSettings
) -> dict[Parent, MutationRow]:
    """The mutation model from each parent; parents whose alleles never mutate are absent."""
    if chosen.mutation == "none":
        return {}
    if chosen.mutation == "default":
        return _default_rows(marker, alleles)
    rows: dict[Parent, MutationRow] = {}
    for row in case.mutations:
        if canonical_marker(row.marker) == marker and row.model != "none":
            for parent in PARENTS if row.parent == "both" else (row.parent,):
                rows[parent] = row
    return rows


def _default_rows(marker: str, alleles: Collection[str]) -> dict[Parent, MutationRow]:
    """Stepwise with the bundled rates. Only repeats mutate by steps: a marker of other tokens does not mutate."""
    tokens = allele_kind(marker) == "other" and any(repeats(a) is None for a in alleles if a not in (REST, SILENT))
    if tokens or allele_kind(marker) == "SNP":
        return {}
    rates: dict[Parent, float] = dict(zip(PARENTS, default_mutation(marker), strict=True))
    return {
        parent: MutationRow(marker, parent, "stepwise", rate, DEFAULT_RATE2, DEFAULT_RANGE)
        for parent, rate in rates.items()
    }


def _locus(
    marker: str,
    kind: LocusKind,
    used: SharedFrequencies,
    rows: dict[Parent, MutationRow],
    chromosomes: float | None,
) -> Locus:
    matrices: dict[Parent, Floats | None] = {"mother": None, "father": None}
    faults: list[Fault] = []
    for parent, row in rows.items():
        try:
            matrices[parent] = _matrix(row, used)
        except Refusal as refusal:
            faults.extend(refusal.faults)
    if faults:
        raise Refusal(dict.fromkeys(faults))
    return Locus(
        marker,
        kind,
        used.alleles,
        used.main,
        matrices["mother"],
        matrices["father"],
        silent=used.silent,
        elsewhere=used.elsewhere,
        chromosomes=chromosomes,
    )


def _matrix(row: MutationRow, used: SharedFrequencies) -> Floats | None:
    """The matrix of one row, or None where it says that nothing mutates."""
    m = mutation_matrix(
        row.model,
        used.alleles,
        used.main,
        rate=row.rate,
        rate2=row.rate2,
        range=row.range,
        matrix=row.matrix,
        transform=row.transform,
        silent=used.silent,
    )
    if np.array_equal(m, np.eye(len(used.alleles))):
        return None
    m.setflags(write=False)
    return m
