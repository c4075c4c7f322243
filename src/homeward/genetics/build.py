"""From a case's settings to the models its likelihoods are computed with: one scenario a population."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from homeward.case import Case, FrequencyTable, ModelSettings, MutationRow, Settings
from homeward.faults import Fault, Refusal
from homeward.genetics.alleles import REST, UNKNOWN, repeats
from homeward.genetics.markers import allele_kind, canonical_marker, marker_kind
from homeward.genetics.model import Floats, FrequencyChange, Locus, LocusKind, Model, Scenario
from homeward.genetics.mutation import mutation_matrix, transformed
from homeward.genetics.policies import MarkerFrequencies, apply_policies
from homeward.genetics.populations import bundled_population, bundled_populations, close_populations
from homeward.genetics.rates import DEFAULT_RANGE, DEFAULT_RATE2, default_mutation

__all__ = ["scenarios_of"]

Parent = Literal["mother", "father"]
PARENTS: tuple[Parent, ...] = ("mother", "father")


def scenarios_of(case: Case, *, settings: Settings | None = None) -> tuple[Scenario, ...]:
    """The models of a case under its own settings or others: one for each population, weights summing to one.

    Each model holds, in the order of `Case.markers`, the autosomal and X markers that anybody is typed for and, where
    the population is a bundled one, that it has frequencies for (a table of the case must have them all). Y markers
    and AMEL are no loci of a `Model`: they speak of lineage and sex. A population is one of the case's tables,
    else a bundled one; if the settings name none, the only table of the case.

    Raises `Refusal` with all faults of all populations and markers: ``no-population``, ``population-weight``,
    ``theta-range``, ``marker-not-in-population``, ``unseen-allele``, and the codes of `apply_policies` and
    `mutation_matrix`.
    """
    chosen = (settings or case.settings).model
    faults = list(_settings_faults(chosen))
    tables: list[tuple[FrequencyTable, float]] = []
    try:
        tables = _tables(case, chosen)
    except Refusal as refusal:
        faults.extend(refusal.faults)
    observed = _observed(case)
    models = [_model(case, table, observed, chosen, faults) for table, _ in tables]
    if faults:
        raise Refusal(dict.fromkeys(faults))
    total = math.fsum(weight for _, weight in tables)
    return tuple(
        Scenario(model.population, weight / total, model) for model, (_, weight) in zip(models, tables, strict=True)
    )


def _settings_faults(chosen: ModelSettings) -> list[Fault]:
    faults = []
    if not 0.0 <= chosen.theta < 1.0:
        faults.append(Fault("theta-range", f"theta {chosen.theta:g} is not from 0 to below 1", "0.01 to 0.03 is usual"))
    weights = [weight for _, weight in chosen.population]
    if weights and (not all(math.isfinite(w) and w >= 0 for w in weights) or math.fsum(weights) <= 0):
        faults.append(Fault("population-weight", "the populations' weights are not all positive", "correct [model]"))
    return faults


def _tables(case: Case, chosen: ModelSettings) -> list[tuple[FrequencyTable, float]]:
    own = {table.population: table for table in case.populations}
    bundled = [p.id for p in bundled_populations()]
    if not chosen.population:
        if len(case.populations) == 1:
            return [(case.populations[0], 1.0)]
        found = f"the case has {len(own)} tables" if own else "the case has no table"
        raise Refusal([_no_population(f"no population is chosen, and {found}", own)])
    unknown = [id for id, _ in chosen.population if id not in own and id not in bundled]
    if unknown:
        raise Refusal(_unknown_population(id, own, bundled) for id in unknown)
    return [(own[id] if id in own else bundled_population(id), weight) for id, weight in chosen.population]


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
    case: Case, table: FrequencyTable, observed: dict[str, set[str]], chosen: ModelSettings, faults: list[Fault]
) -> Model:
    """The model of one population; what is wrong is added to ``faults`` and its locus left out."""
    known = {canonical_marker(name): values for name, values in table.markers.items()}
    loci: list[Locus] = []
    changes: list[FrequencyChange] = []
    for marker, seen in observed.items():
        kind = marker_kind(marker)
        if kind not in ("autosomal", "X"):
            continue
        if marker not in known and table not in case.populations and set(observed) & set(known):
            continue  # a bundled table is as it is: the marker is left out, and `identify` says so
        if marker not in known:
            faults.append(
                Fault(
                    "marker-not-in-population",
                    f"{marker} is typed but {table.population} has no frequencies for it",
                    "add the marker's frequencies, choose another population or leave the marker out",
                    marker=marker,
                )
            )
            continue
        try:
            rows = _mutation_rows(case, marker, known[marker], chosen)
            used = _frequencies(table, known[marker], marker, seen, chosen, bool(rows))
            loci.append(_locus(marker, kind, used, rows))
        except Refusal as refusal:
            faults.extend(_at(fault, marker) for fault in refusal.faults)
            continue
        changes.extend(used.changes)
    return Model(table.population, tuple(loci), chosen.theta, chosen.sex_error, tuple(changes))


def _at(fault: Fault, marker: str) -> Fault:
    """The fault with its marker named, in the message too."""
    named = fault.message if marker in fault.message else f"{marker}: {fault.message}"
    return replace(fault, marker=marker, message=named)


def _observed(case: Case) -> dict[str, set[str]]:
    """Marker → alleles typed anywhere in the case, markers in order of first appearance."""
    observed: dict[str, set[str]] = {}
    for typing in case.typings:
        observed.setdefault(canonical_marker(typing.marker), set()).update(a for a in typing.alleles if a != UNKNOWN)
    return observed


def _frequencies(
    table: FrequencyTable,
    values: Mapping[str, float],
    marker: str,
    seen: set[str],
    chosen: ModelSettings,
    mutates: bool,
) -> MarkerFrequencies:
    # An STR allele never seen in a sample of the population is rare; a word never seen is a mistake.
    strange = [a for a in sorted(seen) if a not in values and repeats(a) is None and allele_kind(marker) != "SNP"]
    if strange:
        message = f"an allele typed at {marker} is not in {table.population}"
        remedy = "correct the typing or add the allele to the table"
        raise Refusal(Fault("unseen-allele", message, remedy, value=a, marker=marker) for a in strange)
    return apply_policies(
        table.population,
        marker,
        values,
        counts=table.counts,
        observed=seen,
        settings=chosen,
        mutates=mutates,
    )


def _mutation_rows(
    case: Case, marker: str, values: Mapping[str, float], chosen: ModelSettings
) -> dict[Parent, MutationRow]:
    """The mutation model from each parent; parents whose alleles never mutate are absent."""
    if chosen.mutation == "none":
        return {}
    if chosen.mutation == "default":
        return _default_rows(marker, values)
    rows: dict[Parent, MutationRow] = {}
    for row in case.mutations:
        if canonical_marker(row.marker) == marker and row.model != "none":
            for parent in PARENTS if row.parent == "both" else (row.parent,):
                rows[parent] = row
    return rows


def _default_rows(marker: str, values: Mapping[str, float]) -> dict[Parent, MutationRow]:
    """Stepwise with the bundled rates. Only repeats mutate by steps: a marker of other tokens does not mutate."""
    tokens = allele_kind(marker) == "other" and any(repeats(a) is None for a in values if a != REST)
    if tokens or allele_kind(marker) == "SNP":
        return {}
    rates: dict[Parent, float] = dict(zip(PARENTS, default_mutation(marker), strict=True))
    return {
        parent: MutationRow(marker, parent, "stepwise", rate, DEFAULT_RATE2, DEFAULT_RANGE)
        for parent, rate in rates.items()
    }


def _locus(marker: str, kind: LocusKind, used: MarkerFrequencies, rows: dict[Parent, MutationRow]) -> Locus:
    frequencies = np.array(used.frequencies, dtype=np.float64)
    frequencies.setflags(write=False)
    matrices: dict[Parent, Floats | None] = {"mother": None, "father": None}
    faults: list[Fault] = []
    for parent, row in rows.items():
        try:
            matrices[parent] = _matrix(row, used.alleles, frequencies)
        except Refusal as refusal:
            faults.extend(refusal.faults)
    if faults:
        raise Refusal(dict.fromkeys(faults))
    return Locus(marker, kind, used.alleles, frequencies, matrices["mother"], matrices["father"])


def _matrix(row: MutationRow, alleles: tuple[str, ...], frequencies: Floats) -> Floats | None:
    """The matrix of one row, or None where it says that nothing mutates."""
    m = mutation_matrix(
        row.model,
        alleles,
        frequencies,
        rate=row.rate,
        rate2=row.rate2,
        range=row.range,
        matrix=row.matrix,
    )
    if row.transform is not None:
        m = transformed(m, frequencies, row.transform)
    if np.array_equal(m, np.eye(len(alleles))):
        return None
    m.setflags(write=False)
    return m
