"""Changed assumptions: models, populations and pedigrees that a conclusion is tried under."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import fsum

import numpy as np
from numpy.typing import NDArray

from homeward.case import Case, Doubt, MergedFamily, variants
from homeward.faults import Refusal
from homeward.genetics import Model, Scenario, bundled_population, bundled_populations, canonical_marker, scenarios_of
from homeward.identify.screen import Column
from homeward.pedigree import Pedigree

__all__ = [
    "Columns",
    "Edge",
    "edges_of",
    "other_populations",
    "with_edge_wrong",
    "with_faster_mutation",
    "with_theta",
]

Floats = NDArray[np.float64]
Columns = Sequence[tuple[float, Column]]

_MOST_MUTATION = 0.5
"""Probability per meiosis of an allele mutating that no faster rate goes beyond."""
_LEAST_FREQUENCY = 0.001
"""Of an allele that another population's table does not have."""


def with_theta(model: Model, theta: float) -> Model:
    """The model under another θ; linked pairs count as unlinked there, for which no θ is known."""
    return replace(model, theta=theta, linkage="report" if model.linkage == "pairs" else model.linkage)


def with_faster_mutation(model: Model, times: float) -> Model:
    """Every probability of mutation so many times as large, by one factor a matrix; one half at most."""
    loci = tuple(
        replace(x, from_mother=_faster(x.from_mother, times), from_father=_faster(x.from_father, times))
        for x in model.loci
    )
    return replace(model, loci=loci)


def _faster(matrix: Floats | None, times: float) -> Floats | None:
    if matrix is None:
        return None
    off = matrix - np.diag(np.diag(matrix))
    most = float(off.sum(axis=1).max())
    # one factor for the whole matrix: alleles that could be lumped still can
    off *= max(1.0, min(times, _MOST_MUTATION / most)) if most > 0 else 1.0
    found = np.asarray(off + np.diag(1.0 - off.sum(axis=1)))
    found.setflags(write=False)
    return found


def other_populations(case: Case, scenarios: Sequence[Scenario]) -> list[tuple[str, Scenario]]:
    """Other populations, each alone: those of the mixture and all tables of the case, else the nearest bundled one.

    The nearest is the sound bundled table that has every marker of the model and the smallest mean total variation
    distance from the model's frequencies, of those that differ. An allele a table lacks has a frequency of at least
    0.001 there. Populations that the case's policies refuse are left out.
    """
    used = [s.model.population for s in scenarios]
    ids = [id for id in used if len(used) > 1]
    ids += [t.population for t in case.populations if t.population not in used]
    found = []
    for id in dict.fromkeys(ids) or _nearest_first(scenarios[0].model)[:1]:
        chosen = case.settings.model
        least = max(chosen.minimum_frequency, _LEAST_FREQUENCY)
        alone = replace(chosen, population=((id, 1.0),), minimum_frequency=least)
        try:
            scenario = scenarios_of(case, settings=replace(case.settings, model=alone))[0]
        except Refusal:
            continue
        if {x.name for x in scenario.model.loci} == {x.name for x in scenarios[0].model.loci}:
            found.append((id, scenario))
    return found


def _nearest_first(model: Model) -> list[str]:
    """Bundled populations that can stand for another, the nearest first."""
    found = []
    for about in bundled_populations():
        if about.status != "sound" or about.id == model.population:
            continue
        table = _proportions(about.id)
        if model.loci and all(x.name in table for x in model.loci):
            distance = float(np.mean([_distance(x.alleles, x.frequencies, table[x.name]) for x in model.loci]))
            if distance > _SAME:
                found.append((distance, about.id))
    return [id for _, id in sorted(found)]


_SAME = 0.005
"""Mean total variation distance up to which two tables are one population's."""


@cache
def _proportions(id: str) -> Mapping[str, Mapping[str, float]]:
    markers = bundled_population(id).markers
    return {canonical_marker(m): {a: v / sum(row.values()) for a, v in row.items()} for m, row in markers.items()}


def _distance(alleles: Sequence[str], frequencies: Floats, other: Mapping[str, float]) -> float:
    """Half the summed difference of the frequencies; alleles of one only count whole."""
    own = dict(zip(alleles, frequencies.tolist(), strict=True))
    return 0.5 * fsum(abs(own.get(a, 0.0) - other.get(a, 0.0)) for a in own.keys() | other.keys())


@dataclass(frozen=True, slots=True)
class Edge:
    """That somebody's parent is this one; ``prior``: stated probability that it is not, None = unstated."""

    child: str
    role: str
    parent: str
    prior: float | None

    @property
    def code(self) -> str:
        """`edge:CHILD:ROLE:PRIOR`."""
        return f"edge:{self.child}:{self.role}:{'unstated' if self.prior is None else format(self.prior, 'g')}"


def edges_of(family: MergedFamily, typed: set[str]) -> list[Edge]:
    """Every edge that anything hangs on: to a child who is typed or missing, or has a descendant who is."""
    pedigree = family.pedigree
    needed = typed | set(family.missing)
    waiting = [p for p in needed if p in pedigree]
    while waiting:
        m = pedigree[waiting.pop()]
        parents = {p for p in (m.father, m.mother) if p is not None} - needed
        needed |= parents
        waiting += sorted(parents)
    twins = {t for group in pedigree.twins for t in group[1:]}
    found = []
    for m in pedigree:
        if m.id not in needed or m.id in twins:
            continue
        for role, parent in (("father", m.father), ("mother", m.mother)):
            if parent is not None:
                wrong = [d.probability for d in family.doubts if d.person == m.id and _parent(d, role) != parent]
                found.append(Edge(m.id, role, parent, sum(wrong) if wrong else None))
    return found


def _parent(doubt: Doubt, role: str) -> str | None:
    return doubt.father if role == "father" else doubt.mother


def with_edge_wrong(columns: Columns, edge: Edge) -> list[tuple[float, Column]]:
    """A missing person in every pedigree of his family, the child's parent being somebody unknown in each."""
    return [(weight, replace(c, pedigree=_without(c.pedigree, edge))) for weight, c in columns]


def _without(pedigree: Pedigree, edge: Edge) -> Pedigree:
    m = pedigree[edge.child]
    if edge.parent != (m.father if edge.role == "father" else m.mother):
        return pedigree
    father = None if edge.role == "father" else m.father
    mother = None if edge.role == "mother" else m.mother
    return variants(edge.child, pedigree, [Doubt(edge.child, father, mother, 1.0)])[0].pedigree
