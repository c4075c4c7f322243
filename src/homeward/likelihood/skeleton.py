"""The part of a pedigree that matters for one marker, without its alleles.

Identical twins become one node, people who can tell nothing (untyped, without descendants who can) are
left out, and each remaining person is only: whose child, how many alleles, how much is known. Markers
with equal skeletons are computed together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from homeward.genetics import LocusKind
from homeward.observe import Evidence
from homeward.pedigree import Pedigree

__all__ = ["Node", "Skeleton", "skeleton"]

Known = Literal["called", "soft", "open"]


@dataclass(frozen=True, slots=True)
class Node:
    """One person: positions of the parents, ploidy, what is known, inbreeding of a founder.

    ``called``: exactly one genotype is possible; ``soft``: several are, with weights; ``open``: untyped.
    """

    father: int | None
    mother: int | None
    ploidy: int
    known: Known
    inbreeding: float


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Nodes, parents before children; ``targets`` are the nodes whose genotypes are to be tabulated."""

    nodes: tuple[Node, ...]
    targets: tuple[int, ...]

    def children(self, node: int) -> tuple[int, ...]:
        return tuple(i for i, n in enumerate(self.nodes) if node in (n.father, n.mother))


def skeleton(
    pedigree: Pedigree, kind: LocusKind, evidence: Mapping[str, Evidence], targets: Collection[str] = ()
) -> tuple[Skeleton, tuple[Evidence | None, ...]]:
    """The skeleton of a pedigree at one marker and each node's evidence, in the order of the nodes.

    ``targets`` keep their place in the order given; a target's own evidence counts.
    """
    node_of = {t: group[0] for group in pedigree.twins for t in group}
    seen: dict[str, Evidence] = {}
    for person, e in evidence.items():
        node = node_of.get(person, person)
        seen[node] = e.times(seen[node]) if node in seen else e
    wanted = [node_of.get(t, t) for t in targets]
    kept = _kept(pedigree, node_of, set(seen) | set(wanted))
    position = {p: i for i, p in enumerate(kept)}
    nodes = []
    for p in kept:
        m = pedigree[p]
        father = position[node_of.get(m.father, m.father)] if m.father is not None else None
        mother = position[node_of.get(m.mother, m.mother)] if m.mother is not None else None
        ploidy = 1 if kind == "X" and m.sex == "male" else 2
        known: Known = "open" if p not in seen else "called"
        if p in seen and (len(seen[p].genotypes) != 1 or seen[p].values[0] != 1.0 or p in wanted):
            known = "soft"
        f = m.founder_inbreeding_x if kind == "X" else m.founder_inbreeding
        nodes.append(Node(father, mother, ploidy, known, f if ploidy == 2 else 0.0))
    shape = Skeleton(tuple(nodes), tuple(position[t] for t in wanted))
    return shape, tuple(seen.get(p) for p in kept)


def _kept(pedigree: Pedigree, node_of: Mapping[str, str], telling: set[str]) -> list[str]:
    """Nodes with something to tell and all their ancestors, parents first.

    Summing an untyped childless person out gives one whatever the mutation model, so leaving people without
    telling descendants out is exact; ancestors stay, since mutation may change the frequencies on the way.
    """
    needed = set(telling)
    order = [p for p in pedigree.topological if node_of.get(p, p) == p]
    for p in reversed(order):
        if p in needed:
            m = pedigree[p]
            needed.update(node_of.get(q, q) for q in (m.father, m.mother) if q is not None)
    return [p for p in order if p in needed]
