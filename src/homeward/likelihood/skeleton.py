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

__all__ = ["Node", "Skeleton", "shared_evidence", "skeleton"]

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
    """Nodes, parents before children; ``targets`` are the nodes whose genotypes are to be tabulated.

    ``theta``: above 0, all founders draw from one urn.
    """

    nodes: tuple[Node, ...]
    targets: tuple[int, ...]
    theta: float = 0.0

    def children(self, node: int) -> tuple[int, ...]:
        return tuple(i for i, n in enumerate(self.nodes) if node in (n.father, n.mother))


def shared_evidence(pedigree: Pedigree, evidence: Mapping[str, Evidence]) -> Mapping[str, Evidence]:
    """Evidence by node: what was seen of identical twins is joined under the first of them."""
    if not pedigree.twins:
        return evidence
    node_of = _node_of(pedigree)
    seen: dict[str, Evidence] = {}
    for person, e in evidence.items():
        node = node_of.get(person, person)
        seen[node] = e.times(seen[node]) if node in seen else e
    return seen


def skeleton(
    pedigree: Pedigree,
    kind: LocusKind,
    seen: Mapping[str, Evidence],
    targets: Collection[str] = (),
    theta: float = 0.0,
) -> tuple[Skeleton, tuple[str, ...]]:
    """The skeleton of a pedigree at one marker and which person each node is.

    ``seen``: from `shared_evidence`. ``targets`` keep the order given; a target's own evidence counts.
    """
    node_of = _node_of(pedigree)
    wanted = [node_of.get(t, t) for t in targets]
    kept = _kept(pedigree, node_of, set(seen) | set(wanted))
    position = {p: i for i, p in enumerate(kept)}
    nodes = []
    for p in kept:
        m = pedigree[p]
        father = position[node_of.get(m.father, m.father)] if m.father is not None else None
        mother = position[node_of.get(m.mother, m.mother)] if m.mother is not None else None
        ploidy = 1 if kind == "X" and m.sex == "male" else 2
        known: Known = "open"
        if p in seen:
            known = "called" if seen[p].is_call and p not in wanted else "soft"
        f = m.founder_inbreeding_x if kind == "X" else m.founder_inbreeding
        nodes.append(Node(father, mother, ploidy, known, f if ploidy == 2 else 0.0))
    return Skeleton(tuple(nodes), tuple(position[t] for t in wanted), theta), tuple(kept)


def _node_of(pedigree: Pedigree) -> dict[str, str]:
    """Each twin → the one of them that stands first in `topological`, so that all their children come later."""
    if not pedigree.twins:
        return {}
    place = {p: i for i, p in enumerate(pedigree.topological)}
    return {t: min(group, key=place.__getitem__) for group in pedigree.twins for t in group}


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
