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
from homeward.pedigree import Member, Pedigree

__all__ = ["Node", "Skeleton", "shared_evidence", "skeleton"]

Known = Literal["called", "soft", "open"]


@dataclass(frozen=True, slots=True)
class Node:
    """One person: positions of the parents, ploidy, what is known, inbreeding and population of a founder.

    ``called``: exactly one genotype is possible; ``soft``: several are, with weights; ``open``: untyped.
    ``population``: a key of `Locus.elsewhere`, or empty. ``gamete``: not a person but the one allele of somebody
    cut away, which his child gets from the population as it is.
    """

    father: int | None
    mother: int | None
    ploidy: int
    known: Known
    inbreeding: float
    population: str = ""
    gamete: bool = False


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
    *,
    populations: Collection[str] = (),
    pruned: bool = False,
) -> tuple[Skeleton, tuple[str, ...]]:
    """The skeleton of a pedigree at one marker and which person each node is.

    ``seen``: from `shared_evidence`. ``targets`` keep the order given; a target's own evidence counts.
    ``populations``: those the marker has frequencies of; founders of any other are of the main one. ``pruned``: cut
    untyped founders with one child, as `cut_away` does; not under ``theta``, where Familias prunes nobody.
    """
    node_of = _node_of(pedigree)
    wanted = [node_of.get(t, t) for t in targets]
    telling = set(seen) | set(wanted)
    kept = _kept(pedigree, node_of, telling)
    line = {p: _Line.of(pedigree[p], kind, node_of, populations) for p in kept}
    if pruned and not theta:
        cut_away(line, telling)
    position: dict[str, int] = {}
    nodes: list[Node] = []
    for p, at in line.items():
        known: Known = "open"
        if p in seen:
            known = "called" if seen[p].is_call and p not in wanted else "soft"
        father, mother = (position[q] if q is not None else None for q in (at.father, at.mother))
        position[p] = len(nodes)
        nodes.append(Node(father, mother, at.ploidy, known, at.inbreeding, at.population, at.gamete))
    return Skeleton(tuple(nodes), tuple(position[t] for t in wanted), theta), tuple(line)


@dataclass(slots=True)
class _Line:
    """What a `Node` says of a person, while people are still being cut away."""

    father: str | None
    mother: str | None
    ploidy: int
    inbreeding: float
    population: str
    gamete: bool = False

    @classmethod
    def of(cls, m: Member, kind: LocusKind, node_of: Mapping[str, str], populations: Collection[str]) -> _Line:
        father, mother = (None if q is None else node_of.get(q, q) for q in (m.father, m.mother))
        ploidy = 1 if kind == "X" and m.sex == "male" else 2
        f = m.founder_inbreeding_x if kind == "X" else m.founder_inbreeding
        population = m.population if m.population in populations else ""
        return cls(father, mother, ploidy, f if ploidy == 2 else 0.0, population)


def cut_away(line: dict[str, _Line], telling: Collection[str]) -> None:
    """Turn untyped founders with one child into the allele they pass on, again and again, as Familias prunes.

    That allele comes straight from the population: it does not mutate on the way. A child of two such alleles of
    one population is a founder, and may be cut in his turn. Egeland et al. 2000 (Forensic Sci Int 110:47).
    """
    while True:
        children: dict[str, int] = dict.fromkeys(line, 0)
        for at in line.values():
            for parent in {at.father, at.mother} - {None}:
                children[parent] += 1  # type: ignore[index]
        cut = [
            p for p, at in line.items() if at.mother is None and not at.gamete and p not in telling and children[p] == 1
        ]
        if not cut:
            return
        for p in cut:
            line[p] = _Line(None, None, 1, 0.0, line[p].population, gamete=True)
        for at in line.values():
            if at.mother is None:
                continue
            sources = [at.mother] if at.ploidy == 1 else [at.mother, at.father]
            gametes = [line[q] for q in sources if q is not None and line[q].gamete]
            if len(gametes) == len(sources) and len({g.population for g in gametes}) == 1:
                at.population = gametes[0].population
                at.father = at.mother = None
        used = {q for at in line.values() for q in (at.father, at.mother)}
        for p in [p for p, at in line.items() if at.gamete and p not in used]:
            del line[p]


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
