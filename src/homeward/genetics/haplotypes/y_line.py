"""From a case to what is assumed of its Y haplotypes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, HaplotypeTable, LineageSettings, Sample
from homeward.faults import Fault, Refusal
from homeward.genetics.dropout import GRID, read_as
from homeward.genetics.haplotypes import (
    Comparison,
    DatabaseDoubt,
    DiscreteLaplace,
    Estimate,
    HaplotypeDatabase,
    augmented_count,
    brenner_kappa,
    bundled_database,
    bundled_databases,
    clopper_pearson_upper,
    database_doubts,
    estimates,
    fit_discrete_laplace,
)
from homeward.genetics.haplotypes.descent import descent
from homeward.genetics.haplotypes.fits import bundled_fit
from homeward.genetics.haplotypes.laplace import whole
from homeward.genetics.lineage import Founders, LineageModel, Observed, Site
from homeward.genetics.markers import marker_kind
from homeward.genetics.populations import bundled_populations
from homeward.genetics.y.dys389 import DYS389, PARTS
from homeward.genetics.y.markers import YHaplotype, copies, split, y_haplotype
from homeward.genetics.y.sites import MISTYPING, YTyping, y_evidence, y_sites

Bools = NDArray[np.bool_]

__all__ = ["estimated", "of_calculation", "references_first", "y_lineage"]

_SEED = 1
"""Of the starts of the fit of a database: a fit is a property of the database, not of a run."""


def y_lineage(case: Case, chosen: LineageSettings, *, estimated_dropout: bool = False) -> LineageModel | None:
    """What is assumed of the Y haplotypes of a case; None where none was typed or no database is named.

    ``estimated_dropout``: remains whose drop-out is not stated are read under every one of `GRID`.

    Raises `Refusal` with ``unknown-database`` and ``haplotype-not-in-table``.
    """
    typings = _typings(case)
    if not typings or not chosen.database:
        return None
    order = references_first([s for s in case.samples if s.id in typings], {s: len(t) for s, t in typings.items()})
    lost = {s.id: s.dropout_het or 0.0 for s in case.samples}
    mutates = chosen.mutation != "none"
    sites, seen = y_sites([typings[s] for s in order], mutates=mutates, dropout=[lost[s] for s in order])
    unstated = [s.id for s in case.samples if estimated_dropout and s.of == "remains" and not s.states_dropout]
    observed: dict[str, Observed] = {}
    readings: dict[str, tuple[str, ...]] = {}
    for sample, shown in zip(order, seen, strict=True):
        under = _readings(typings[sample], sites, shown, mutates) if sample in unstated else []
        observed[sample] = _mean(under) if under else shown
        if under:
            readings[sample] = tuple(read_as(sample, k) for k in range(len(under)))
            observed |= dict(zip(readings[sample], under, strict=True))
    table = next((t for t in case.haplotypes if t.id == chosen.database and t.kind == "Y"), None)
    states = table is not None and not table.counts
    database = None if states else _database(table, chosen.database, case)
    fitted, founders = None, None
    if chosen.estimator == "discrete-laplace" and database is not None:
        fitted = bundled_fit(database.id) if table is None else fit_discrete_laplace(database, seed=_SEED)
        founders = _founders(fitted, sites)
    haplotypes = {s: _shown(typings[s]) for s in order}
    known: Sequence[tuple[YHaplotype, float]] = () if database is None else database.haplotypes
    if table is not None and states:
        known = [(y_haplotype(h.alleles), h.value) for h in table.haplotypes]
    held = _Held(known, sites)

    def frequency(sample: str, at: frozenset[int]) -> float:
        if states:
            return _stated(held, observed[sample], at, sample)
        return estimated(held.compared(observed[sample], at), chosen)

    def side_by_side(sample: str) -> tuple[Estimate, ...]:
        if states:
            return ()
        laplace = None if fitted is None else fitted.probability(haplotypes[sample])
        return estimates(held.compared(observed[sample], frozenset(observed[sample].sites)), laplace, chosen.theta)

    return LineageModel(
        "Y",
        sites,
        observed,
        frequency,
        side_by_side,
        founders,
        theta=chosen.theta,
        theta_clan=chosen.theta_clan,
        descent=descent(case, "Y"),
        readings=readings,
        estimator=chosen.estimator,
        database=chosen.database,
        doubts=() if database is None else _doubts(case, chosen, database, typings),
    )


def _readings(typing: YTyping, sites: Sequence[Site], shown: Observed, mutates: bool) -> list[Observed]:
    """What a sample shows under each drop-out of `GRID`; none where no drop-out would change it."""
    several = [i for i in shown.sites if any(len(set(split(state))) > 1 for state in sites[i].states)]
    error = MISTYPING if mutates else 0.0
    return [
        Observed(
            {**shown.sites, **{i: y_evidence(sites[i], typing[sites[i].name], d, error) for i in several}}, shown.parts
        )
        for d in (GRID if several else ())
    ]


def _mean(readings: Sequence[Observed]) -> Observed:
    """What a sample shows with every drop-out alike."""
    first = readings[0]
    return Observed({i: np.mean([r.sites[i] for r in readings], axis=0) for i in first.sites}, first.parts)


def _doubts(
    case: Case, chosen: LineageSettings, database: HaplotypeDatabase[YHaplotype], typings: Mapping[str, YTyping]
) -> tuple[DatabaseDoubt, ...]:
    markers = dict.fromkeys(m for typing in typings.values() for m in typing)
    return database_doubts(database, chosen.estimator, markers, of_calculation(case, chosen.database))


def of_calculation(case: Case, database: str) -> str:
    """Who a bundled table of haplotypes is to be of: the people of the calculation's own bundled table; else empty."""
    if any(t.id == database for t in case.haplotypes):
        return ""
    own = {t.population for t in case.populations}
    described = {p.id: p.description for p in bundled_populations() if p.id not in own}
    return next((described[id] for id, _ in case.settings.model.population if id in described), "")


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
        # which further copies `?` stands for nobody can count: such a typing of several copies says nothing
        vague = "?" in t.alleles and copies(t.marker) > 1
        if marker_kind(t.marker) == "Y" and t.alleles and not vague:
            found.setdefault(t.sample, {}).setdefault(t.marker, []).append(t.alleles)
    return dict(found)


def _shown(typing: YTyping) -> YHaplotype:
    """The haplotype of all replicates of a sample."""
    return y_haplotype({m: {a for alleles in replicates for a in alleles} for m, replicates in typing.items()})


class _Held:
    """A table of haplotypes as the sites of a case see it, so that a soft call is held against every state it may be.

    ``states``: (haplotypes, sites) the state each shows, -1 = not typed, -2 = none of the site's; ``values``: counts or
    frequencies.
    """

    def __init__(self, known: Sequence[tuple[YHaplotype, float]], sites: Sequence[Site]) -> None:
        place = [{state: k for k, state in enumerate(site.states)} for site in sites]
        rows = [[_state(h, site.name, at) for site, at in zip(sites, place, strict=True)] for h, _ in known]
        self.states = np.array(rows, dtype=np.intp).reshape(len(rows), len(sites))
        self.values = np.array([value for _, value in known], dtype=np.float64)
        self.known = (self.states != -1).any(axis=0)

    def shows(self, observed: Observed, at: frozenset[int]) -> tuple[Bools, Bools]:
        """Which haplotypes may be what was seen, and which are typed at all of it; what nobody has is left out."""
        fits = np.ones(len(self.values), dtype=bool)
        typed = np.ones(len(self.values), dtype=bool)
        for i in at:
            if self.known[i] and i in observed.sites:
                chance = observed.sites[i]
                likely = np.append(chance >= _LIKELY * chance.max(), [False, False])
                fits &= likely[self.states[:, i]] | (self.states[:, i] == -1)
                typed &= self.states[:, i] != -1
        return fits, typed

    def compared(self, observed: Observed, at: frozenset[int]) -> Comparison:
        """How often what was seen stands in the table, among those typed at all of it."""
        fits, typed = self.shows(observed, at)
        asked = [i for i in sorted(at) if self.known[i] and i in observed.sites]
        _, whose = np.unique(self.states[typed][:, asked], axis=0, return_inverse=True)
        each = np.bincount(whose.reshape(-1), weights=self.values[typed])
        found = float(self.values[fits & typed].sum())
        return Comparison(round(found), round(float(self.values[typed].sum())), int((each == 1).sum()))


_LIKELY = 0.5
"""Share of the best explanation from which a state may be what was seen."""


def _state(haplotype: YHaplotype, site: str, place: Mapping[str, int]) -> int:
    markers = PARTS if site == DYS389 else (site,)
    if any(m not in haplotype for m in markers):
        return -1
    return place.get("|".join(whole(m, haplotype[m]) for m in markers), -2)


def _stated(held: _Held, observed: Observed, at: frozenset[int], sample: str) -> float:
    fits, _ = held.shows(observed, at)
    found = float(held.values[fits].sum())
    if not found:
        message = f"the table states no frequency of the Y haplotype of sample {sample}"
        raise Refusal([Fault("haplotype-not-in-table", message, "add the haplotype, or give counts", sample=sample)])
    return found


def _database(table: HaplotypeTable | None, id: str, case: Case) -> HaplotypeDatabase[YHaplotype]:
    if table is not None:
        haplotypes = tuple((y_haplotype(h.alleles), int(h.value)) for h in table.haplotypes)
        return HaplotypeDatabase(table.id, "Y", table.id, table.source, haplotypes)
    bundled = [d.id for d in bundled_databases()]
    if id not in bundled:
        known = ", ".join([*(t.id for t in case.haplotypes if t.kind == "Y"), *bundled])
        message = f"there is no table of Y haplotypes {id[:60]!r}"
        raise Refusal([Fault("unknown-database", message, f"name one of: {known}")])
    return bundled_database(id)


def _founders(model: DiscreteLaplace, sites: Sequence[Site]) -> Founders:
    return Founders(model.weights, tuple(np.exp(model.ln_states(s.name, s.states)) for s in sites))
