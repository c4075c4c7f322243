"""From a case to what is assumed of its Y haplotypes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from homeward.case import Case, HaplotypeTable, LineageSettings, Sample
from homeward.faults import Fault, Refusal
from homeward.genetics.haplotypes import (
    Comparison,
    DiscreteLaplace,
    Estimate,
    HaplotypeDatabase,
    augmented_count,
    brenner_kappa,
    bundled_database,
    bundled_databases,
    clopper_pearson_upper,
    estimates,
    fit_discrete_laplace,
    y_matches,
)
from homeward.genetics.lineage import Founders, LineageModel, Site
from homeward.genetics.markers import marker_kind
from homeward.genetics.y.dys389 import DYS389, PARTS
from homeward.genetics.y.markers import YHaplotype, y_haplotype
from homeward.genetics.y.sites import YTyping, y_sites

__all__ = ["estimated", "references_first", "y_lineage"]

_SEED = 1
"""Of the starts of the fit of a database: a fit is a property of the database, not of a run."""


def y_lineage(case: Case, chosen: LineageSettings) -> LineageModel | None:
    """What is assumed of the Y haplotypes of a case; None where none was typed or no database is named.

    Raises `Refusal` with ``unknown-database`` and ``haplotype-not-in-table``.
    """
    typings = _typings(case)
    if not typings or not chosen.database:
        return None
    order = references_first([s for s in case.samples if s.id in typings], {s: len(t) for s, t in typings.items()})
    sites, seen = y_sites([typings[s] for s in order], mutates=chosen.mutation != "none")
    observed = dict(zip(order, seen, strict=True))
    table = next((t for t in case.haplotypes if t.id == chosen.database and t.kind == "Y"), None)
    fitted, founders = None, None
    if chosen.estimator == "discrete-laplace" and (table is None or table.counts):
        fitted = _fitted(case, chosen.database)
        founders = _founders(fitted, sites)
    haplotypes = {s: _shown(typings[s]) for s in order}

    def frequency(sample: str, at: frozenset[int]) -> float:
        markers = [m for i in sorted(at) for m in (PARTS if sites[i].name == DYS389 else (sites[i].name,))]
        own = {m: a for m, a in haplotypes[sample].items() if m in markers}
        if table is not None and not table.counts:
            return _stated(table, own, sample)
        return estimated(_compared(_database(case, chosen.database), own), chosen)

    def side_by_side(sample: str) -> tuple[Estimate, ...]:
        if table is not None and not table.counts:
            return ()
        own = haplotypes[sample]
        laplace = None if fitted is None else fitted.probability(own)
        return estimates(_compared(_database(case, chosen.database), own), laplace, chosen.theta)

    return LineageModel(
        "Y",
        sites,
        observed,
        frequency,
        side_by_side,
        founders,
        theta=chosen.theta,
        theta_clan=chosen.theta_clan,
        estimator=chosen.estimator,
        database=chosen.database,
    )


def references_first(samples: Sequence[Sample], typed: dict[str, int]) -> list[str]:
    """Samples of living people first, then those that show more: the order in which sightings are told."""
    return [s.id for s in sorted(samples, key=lambda s: (s.of == "remains", -typed[s.id]))]


def estimated(found: Comparison, chosen: LineageSettings) -> float:
    """The frequency by the estimator that was chosen; by augmented count where that one is a distribution's."""
    if chosen.estimator == "clopper-pearson":
        return clopper_pearson_upper(found.matches, found.size).frequency if found.size else 1.0
    if chosen.estimator == "brenner-kappa":
        return brenner_kappa(found.matches, found.size, found.singletons).frequency
    return augmented_count(found.matches, found.size).frequency


def _typings(case: Case) -> dict[str, YTyping]:
    """Sample → Y marker → the alleles of each replicate; samples without any are left out."""
    found: dict[str, dict[str, list[tuple[str, ...]]]] = {}
    for t in case.typings:
        if marker_kind(t.marker) == "Y" and t.alleles:
            found.setdefault(t.sample, {}).setdefault(t.marker, []).append(t.alleles)
    return dict(found)


def _shown(typing: YTyping) -> YHaplotype:
    """The haplotype of all replicates of a sample."""
    return y_haplotype({m: {a for alleles in replicates for a in alleles} for m, replicates in typing.items()})


def _compared(database: HaplotypeDatabase[YHaplotype], own: YHaplotype) -> Comparison:
    """Held against the database at the markers that it has; a marker it lacks makes nothing rarer."""
    known = {m for haplotype, _ in database.haplotypes for m in haplotype}
    shared = {m: a for m, a in own.items() if m in known}
    return y_matches(database, shared, None) if shared else Comparison(database.size, database.size, 0)


def _stated(table: HaplotypeTable, own: YHaplotype, sample: str) -> float:
    found = sum(h.value for h in table.haplotypes if all(set(h.alleles.get(m, a)) == set(a) for m, a in own.items()))
    if not found:
        message = f"table {table.id} states no frequency of the Y haplotype of sample {sample}"
        raise Refusal([Fault("haplotype-not-in-table", message, "add the haplotype, or give counts", sample=sample)])
    return found


def _database(case: Case, id: str) -> HaplotypeDatabase[YHaplotype]:
    for table in case.haplotypes:
        if table.id == id and table.kind == "Y":
            return _of_table(table)
    if id in {d.id for d in bundled_databases()}:
        return bundled_database(id)
    known = ", ".join([*(t.id for t in case.haplotypes if t.kind == "Y"), *(d.id for d in bundled_databases())])
    raise Refusal(
        [Fault("unknown-database", f"there is no table of Y haplotypes {id[:60]!r}", f"name one of: {known}")]
    )


def _of_table(table: HaplotypeTable) -> HaplotypeDatabase[YHaplotype]:
    haplotypes = tuple((y_haplotype(h.alleles), int(h.value)) for h in table.haplotypes)
    return HaplotypeDatabase(table.id, "Y", table.id, table.source, haplotypes)


def _fitted(case: Case, id: str) -> DiscreteLaplace:
    if not any(t.id == id and t.kind == "Y" for t in case.haplotypes) and id in {d.id for d in bundled_databases()}:
        return _bundled_fit(id)
    return fit_discrete_laplace(_database(case, id), seed=_SEED)


@cache
def _bundled_fit(id: str) -> DiscreteLaplace:
    return fit_discrete_laplace(bundled_database(id), seed=_SEED)


def _founders(model: DiscreteLaplace, sites: Sequence[Site]) -> Founders:
    return Founders(model.weights, tuple(np.exp(model.ln_states(s.name, s.states)) for s in sites))
