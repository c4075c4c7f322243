"""Haplotypes along a line of descent: each site is summed over the states of all untyped persons between.

P(all seen) = Σ_c w_c Π_site Σ_states π/m (of who was seen first) × m (founder) × transmissions × P(seen | state).
Sites mutate independently given the cluster c, so a line costs one peeling a site, however many persons it has. The
population's haplotypes π hold for whoever was seen first at a site; m is the distribution that mutation alone leaves as
it is, and carries a haplotype up and down the line from there. So untyped persons above or beside change nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
from numpy.typing import NDArray

from homeward.genetics.lineage import Founders, LineageKind, Observed, Site
from homeward.pedigree import Pedigree

__all__ = ["Line", "SiteArrays", "line_of", "line_table", "lines_of", "oracle_line", "stationary"]

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

    ``transition``: (sites, states, states). ``measure``: (sites, states), `stationary` of each. ``prior``: (components,
    sites, states), with ``weights`` (components,): the population's haplotypes, or ``measure`` with weight one where
    their distribution is not given. ``anchor``: prior over measure, what is multiplied in where a haplotype is seen
    first.
    """

    def __init__(self, sites: Sequence[Site], founders: Founders | None) -> None:
        self.sites = tuple(sites)
        self.width = max((len(s.states) for s in sites), default=1)
        n = len(self.sites)
        self.transition = np.zeros((n, self.width, self.width))
        self.measure = np.zeros((n, self.width))
        components = 1 if founders is None else len(founders.weights)
        self.weights = np.ones(1) if founders is None else founders.weights
        self.prior = np.zeros((components, n, self.width))
        for i, site in enumerate(self.sites):
            k = len(site.states)
            self.transition[i, :k, :k] = site.transition
            self.measure[i, :k] = stationary(site.transition)
            self.prior[:, i, :k] = self.measure[i, :k] if founders is None else founders.sites[i]
        self.anchor = np.divide(self.prior, self.measure, out=np.zeros_like(self.prior), where=self.measure > 0)

    @cached_property
    def upward(self) -> Floats:
        """``transition`` from child to parent: (sites, states, states)."""
        return np.ascontiguousarray(self.transition.swapaxes(1, 2))

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


def stationary(transition: Floats) -> Floats:
    """The distribution (states,) that one meiosis leaves as it is; of mutation alike in both directions, the even one.

    Every state must be reached from every other one, or all alike from all.
    """
    n = len(transition)
    if np.allclose(transition.sum(axis=0), 1.0, rtol=0.0, atol=_EVEN):
        return np.full(n, 1.0 / n)
    return np.asarray(np.linalg.solve((np.eye(n) - transition + 1.0).T, np.ones(n)))


_EVEN = 1e-12
"""Rounding of a sum of transitions."""


def line_table(arrays: SiteArrays, line: Line, seen: Mapping[int, Floats], at: int) -> Floats:
    """P(everything seen, the state of the person at ``at``): shape (components, sites, states).

    ``seen``: place in the line → `SiteArrays.evidence`, several samples of one person multiplied, times
    `SiteArrays.anchor` where a site is seen first: (sites, states) or (components, sites, states). Sites that were
    seen nowhere have ``arrays.measure``.
    """
    n = len(line.parent)
    children: list[list[int]] = [[] for _ in range(n)]
    for k, above in enumerate(line.parent):
        if above >= 0:
            children[above].append(k)

    # sites first: transitions of all components of a site are one product of matrices
    def inward(node: int, comes_from: int) -> Floats:
        """(sites, components or 1, states) of all on this side of a node."""
        found = (arrays.measure if line.parent[node] < 0 else arrays.ones)[:, None]
        if node in seen:
            own = seen[node]
            found = found * (own[:, None] if own.ndim == 2 else own.swapaxes(0, 1))
        for child in children[node]:
            if child != comes_from:
                found = found * (inward(child, node) @ arrays.upward)
        above = line.parent[node]
        if above >= 0 and above != comes_from:
            found = found * (inward(above, node) @ arrays.transition)
        return np.asarray(found)

    return np.broadcast_to(inward(at, -1).swapaxes(0, 1), arrays.prior.shape)


def oracle_line(
    sites: Sequence[Site], line: Line, seen: Sequence[tuple[int, Observed]], founders: Founders | None
) -> float:
    """P(everything seen of a line) by enumeration of the states of all persons at every site: for tests.

    ``seen``: (place, what is seen), in the order of sightings. The first of a site has the population's haplotype;
    everybody else follows from him, in a line that goes up without end. Without ``founders`` every line is as likely as
    mutation makes it.
    """
    n = len(line.parent)
    weights = [1.0] if founders is None else founders.weights.tolist()
    total = 0.0
    for c, weight in enumerate(weights):
        every = 1.0
        for i, site in enumerate(sites):
            at_site = [(place, o.sites[i]) for place, o in seen if i in o.sites]
            if not at_site:
                continue
            top = np.linalg.matrix_power(site.transition, 2**14)[0].tolist()
            alike, of_first = [0.0] * len(site.states), [0.0] * len(site.states)
            first = at_site[0][0]
            for states in product(range(len(site.states)), repeat=n):
                chance = 1.0
                for k, above in enumerate(line.parent):
                    chance *= top[states[k]] if above < 0 else float(site.transition[states[above], states[k]])
                alike[states[first]] += chance
                of_first[states[first]] += chance * math.prod(float(e[states[place]]) for place, e in at_site)
            own = alike if founders is None else founders.sites[i][c].tolist()
            every *= sum(p * found / a for p, found, a in zip(own, of_first, alike, strict=True) if a > 0)
        total += weight * every
    return total
