"""Haplotypes along a line of descent: each site is summed over the states of all untyped persons between.

P(all seen of a line) = Σ_c w_c Π_site Σ_states founder prior × transmissions × P(seen | state): sites mutate
independently once the founder's haplotype is given, so a line costs one peeling a site, however many persons it has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.lineage import Founders, LineageKind, Observed, Site
from homeward.pedigree import Pedigree

__all__ = ["Line", "SiteArrays", "line_of", "line_table", "lines_of", "oracle_line"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """Persons of one line of descent; ``parent``: position of each one's father (Y) or mother (mt), -1 = founder.

    Monozygotic twins share one place: no meiosis lies between them.
    """

    place: Mapping[str, int]
    parent: tuple[int, ...]

    def meioses(self, one: str, other: str) -> int:
        """Meioses between two persons of the line."""
        above = [self._above(self.place[p]) for p in (one, other)]
        return min(
            up + over for up, node in enumerate(above[0]) for over, shared in enumerate(above[1]) if node == shared
        )

    def _above(self, node: int) -> list[int]:
        found = [node]
        while self.parent[found[-1]] >= 0:
            found.append(self.parent[found[-1]])
        return found


def lines_of(pedigree: Pedigree, kind: LineageKind) -> tuple[Line, ...]:
    """All lines of a pedigree; on the Y a person of unknown sex counts as a man, a woman is in none."""
    twin = {p: group[0] for group in pedigree.twins for p in group}
    carriers = [p for p in pedigree.topological if kind == "mt" or pedigree[p].sex != "female"]
    place: dict[str, int] = {}
    parent: list[int] = []
    for p in carriers:
        if twin.get(p, p) in place:
            place[p] = place[twin[p]]
            continue
        place[p] = len(parent)
        above = pedigree[p].father if kind == "Y" else pedigree[p].mother
        parent.append(-1 if above is None else place[above])
    root = list(range(len(parent)))
    for k, at in enumerate(parent):
        root[k] = k if at < 0 else root[at]
    found = []
    for top in dict.fromkeys(root):
        nodes = {k: i for i, k in enumerate(k for k in range(len(parent)) if root[k] == top)}
        members = {p: nodes[k] for p, k in place.items() if k in nodes}
        found.append(Line(members, tuple(-1 if parent[k] < 0 else nodes[parent[k]] for k in nodes)))
    return tuple(found)


def line_of(pedigree: Pedigree, person: str, kind: LineageKind) -> Line | None:
    """The line a person is of; None for a woman's Y."""
    return next((line for line in lines_of(pedigree, kind) if person in line.place), None)


class SiteArrays:
    """Sites as arrays of one width; states that a site does not have are impossible.

    ``transition``: (sites, states, states); ``prior``: (components, sites, states), with ``weights`` (components,):
    every state alike with weight one where the founders' distribution is not given.
    """

    def __init__(self, sites: Sequence[Site], founders: Founders | None) -> None:
        self.sites = tuple(sites)
        self.width = max((len(s.states) for s in sites), default=1)
        n = len(self.sites)
        self.transition = np.zeros((n, self.width, self.width))
        components = 1 if founders is None else len(founders.weights)
        self.weights = np.ones(1) if founders is None else founders.weights
        self.prior = np.zeros((components, n, self.width))
        for i, site in enumerate(self.sites):
            k = len(site.states)
            self.transition[i, :k, :k] = site.transition
            self.prior[:, i, :k] = 1.0 if founders is None else founders.sites[i]

    @cached_property
    def ones(self) -> Floats:
        return np.ones((len(self.sites), self.width))

    def evidence(self, observed: Observed) -> Floats:
        """P(seen | state), (sites, states); one where nothing was typed."""
        found = self.ones.copy()
        for i, chance in observed.sites.items():
            found[i] = 0.0
            found[i, : len(chance)] = chance
        return found


def line_table(arrays: SiteArrays, line: Line, seen: Mapping[int, Floats], at: int) -> Floats:
    """P(everything seen, the state of the person at ``at``): shape (components, sites, states).

    ``seen``: place in the line → `SiteArrays.evidence`, several samples of one person multiplied.
    """
    n = len(line.parent)
    children: list[list[int]] = [[] for _ in range(n)]
    for k, above in enumerate(line.parent):
        if above >= 0:
            children[above].append(k)

    def inward(node: int, comes_from: int) -> Floats:
        own = arrays.prior if line.parent[node] < 0 else np.ones_like(arrays.prior)
        found = own * seen[node] if node in seen else own
        for child in children[node]:
            if child != comes_from:
                below = inward(child, node)
                found = found * np.einsum("lpc,klc->klp", arrays.transition, below)
        above = line.parent[node]
        if above >= 0 and above != comes_from:
            found = found * np.einsum("lpc,klp->klc", arrays.transition, inward(above, node))
        return np.asarray(found)

    return inward(at, -1)


def oracle_line(
    sites: Sequence[Site], line: Line, seen: Mapping[int, Sequence[Observed]], founders: Founders | None
) -> float:
    """P(everything seen of a line) by enumeration of the states of all persons at every site: for tests."""
    n = len(line.parent)
    weights = [1.0] if founders is None else founders.weights.tolist()
    total = 0.0
    for c, weight in enumerate(weights):
        every = 1.0
        for i, site in enumerate(sites):
            prior = [1.0] * len(site.states) if founders is None else founders.sites[i][c].tolist()
            of_site = 0.0
            for states in product(range(len(site.states)), repeat=n):
                chance = 1.0
                for k, above in enumerate(line.parent):
                    chance *= prior[states[k]] if above < 0 else float(site.transition[states[above], states[k]])
                for k, each in seen.items():
                    for observed in each:
                        if i in observed.sites:
                            chance *= float(observed.sites[i][states[k]])
                of_site += chance
            every *= of_site
        total += weight * every
    return total
