"""Two linked loci of one pedigree: the networks of both, with each meiosis' two selectors coupled.

A meiosis passes on the two loci from the same grandparent with probability 1 − ρ. Unlike at one locus, which of
a called parent's alleles came together matters, so called parents have phases and selectors too. Founders are in
linkage equilibrium; a founder's two haplotypes are exchangeable, which fixes one phase or selector for free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.genetics import Locus, Recombination
from homeward.likelihood.execute import eliminate
from homeward.likelihood.lumping import lump, lumped
from homeward.likelihood.planner import Scope
from homeward.likelihood.skeleton import Node, shared_evidence, skeleton
from homeward.observe import Evidence
from homeward.pedigree import Pedigree

__all__ = ["ln_likelihood_linked"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def ln_likelihood_linked(
    pedigree: Pedigree,
    loci: tuple[Locus, Locus],
    evidence: tuple[Mapping[str, Evidence], Mapping[str, Evidence]],
    recombination: Recombination,
) -> float:
    """Natural log of P(evidence at both loci | pedigree), -inf where impossible.

    Both loci autosomal or both X; alleles at different loci are independent in founders. Raises `Refusal` with
    ``linked-inbreeding`` for founder inbreeding strictly between 0 and 1, whose sharing at two loci one number does
    not tell.
    """
    if any(0 < m.founder_inbreeding < 1 or 0 < m.founder_inbreeding_x < 1 for m in pedigree):
        raise Refusal(
            Fault(
                "linked-inbreeding",
                f"founder {m.id} has an inbreeding coefficient, which does not say how two linked loci share",
                "give the founder's own ancestors, or compute the loci as unlinked",
                value=m.id,
            )
            for m in pedigree
            if 0 < m.founder_inbreeding < 1 or 0 < m.founder_inbreeding_x < 1
        )
    total = _Pair(pedigree, loci, evidence, recombination).likelihood()
    return float(np.log(total)) if total > 0 else -np.inf


class _Pair:
    """Collects the factors of both loci; every array has one row of loci."""

    def __init__(
        self,
        pedigree: Pedigree,
        loci: tuple[Locus, Locus],
        evidence: tuple[Mapping[str, Evidence], Mapping[str, Evidence]],
        recombination: Recombination,
    ) -> None:
        seen = tuple(shared_evidence(pedigree, e) for e in evidence)
        somewhere = {**seen[0], **seen[1]}
        shape, people = skeleton(pedigree, loci[0].kind, somewhere)
        self.nodes = shape.nodes
        self.sides = [_Side(locus, [s.get(p) for p in people]) for locus, s in zip(loci, seen, strict=True)]
        self.recombination = recombination
        self.dims: list[int] = []
        self.scopes: list[Scope] = []
        self.factors: list[Floats] = []
        self.alleles: list[dict[int, Scope]] = [{}, {}]
        self.phases: list[dict[int, int]] = [{}, {}]
        self.ordered: set[int] = set()

    def likelihood(self) -> float:
        for i, node in enumerate(self.nodes):
            for at, side in enumerate(self.sides):
                self._person(at, side, i, node)
        for i, node in enumerate(self.nodes):
            if node.mother is not None and node.father is not None:
                if node.ploidy == 2:
                    self._meiosis(node.father, i, 0)
                self._meiosis(node.mother, i, node.ploidy - 1)
        return float(eliminate(self.factors, tuple(self.scopes), tuple(self.dims), ())[0])

    def _variable(self, size: int) -> int:
        self.dims.append(size)
        return len(self.dims) - 1

    def _add(self, scope: Scope, array: Floats | float) -> None:
        self.scopes.append(scope)
        self.factors.append(np.asarray(array, dtype=np.float64)[None])

    def _person(self, at: int, side: _Side, i: int, node: Node) -> None:
        """Variables of one person at one locus, what was seen of him, a founder's prior."""
        founder = node.mother is None
        call = side.calls[i]
        if call is None:
            held = tuple(self._variable(side.blocks) for _ in range(node.ploidy))
            self.alleles[at][i] = held
            soft = side.soft(i)
            if soft is not None:
                self._add(held, soft)
            if founder and node.inbreeding == 1:
                self._add(held, np.diag(side.p))
            elif founder:
                for v in held:
                    self._add((v,), side.p)
            return
        a, b = call
        if node.ploidy == 1:
            if founder:
                self._add((), side.p[a])
            return
        weight = 1.0
        if founder:
            alike = side.p[a] if node.inbreeding == 1 else side.p[a] ** 2
            weight = alike if a == b else (0.0 if node.inbreeding == 1 else side.p[a] * side.p[b])
        if founder and i not in self.ordered:
            self.ordered.add(i)
            self._add((), weight * (1.0 if a == b else 2.0))
            return
        r = self._variable(2)
        self.phases[at][i] = r
        self._add((r,), weight * np.array([1.0, 0.0 if a == b else 1.0]))

    def _meiosis(self, parent: int, child: int, slot: int) -> None:
        """Which of the parent's alleles is passed on at each locus, and what becomes of it."""
        maternal = self.nodes[child].mother == parent
        if self.nodes[parent].ploidy == 1:
            for at, side in enumerate(self.sides):
                self._pass(at, side, parent, child, slot, maternal, None)
            return
        rho = self.recombination.mother if maternal else self.recombination.father
        first, second = self._variable(2), self._variable(2)
        coupled = 0.5 * np.array([[1 - rho, rho], [rho, 1 - rho]])
        if self.nodes[parent].mother is None and parent not in self.ordered:
            self.ordered.add(parent)
            coupled = coupled * np.array([[2.0], [0.0]])
        self._add((first, second), coupled)
        for at, (side, s) in enumerate(zip(self.sides, (first, second), strict=True)):
            self._pass(at, side, parent, child, slot, maternal, s)

    def _pass(self, at: int, side: _Side, parent: int, child: int, slot: int, maternal: bool, s: int | None) -> None:
        columns, scope = self._columns(at, side, child, slot, side.from_mother if maternal else side.from_father)
        call = side.calls[parent]
        if s is None:
            self._add(scope, columns[call[0]]) if call else self._add((*self.alleles[at][parent], *scope), columns)
        elif call is None:
            held = self.alleles[at][parent]
            self._add((s, held[0], *scope), np.stack([columns, np.ones_like(columns)]))
            self._add((s, held[1], *scope), np.stack([np.ones_like(columns), columns]))
        elif parent in self.phases[at]:
            straight, crossed = columns[list(call)], columns[[call[1], call[0]]]
            self._add((self.phases[at][parent], s, *scope), np.stack([straight, crossed]))
        else:
            self._add((s, *scope), columns[list(call)])

    def _columns(self, at: int, side: _Side, child: int, slot: int, matrix: Floats) -> tuple[Floats, Scope]:
        """P(child's allele | parental allele): shape (blocks, values of the child's variable)."""
        call = side.calls[child]
        if call is None:
            return matrix, (self.alleles[at][child][slot],)
        if self.nodes[child].ploidy == 1:
            return matrix[:, call[0]], ()
        return matrix[:, list(call) if slot == 0 else [call[1], call[0]]], (self.phases[at][child],)


class _Side:
    """One of the two loci with its alleles lumped: frequencies, matrices, calls and soft evidence by node."""

    def __init__(self, locus: Locus, evidence: Sequence[Evidence | None]) -> None:
        apart: set[int] = set()
        for e in evidence:
            if e is not None:
                apart.update(e.genotypes[0] if e.is_call else range(len(locus.alleles)))
        self.block, self.blocks = lump(locus, frozenset(apart))
        self.p = np.bincount(self.block, weights=locus.frequencies, minlength=self.blocks).astype(float)
        self.from_mother = lumped(locus.from_mother, self.block, self.blocks)
        self.from_father = lumped(locus.from_father, self.block, self.blocks)
        self.evidence = evidence
        self.calls: list[tuple[int, int] | None] = [self._call(e) for e in evidence]

    def _call(self, e: Evidence | None) -> tuple[int, int] | None:
        if e is None or not e.is_call:
            return None
        g = e.genotypes[0]
        return int(self.block[g[0]]), int(self.block[g[-1]])

    def soft(self, node: int) -> Floats | None:
        """Weights over ordered pairs of blocks; soft evidence keeps every allele apart."""
        e = self.evidence[node]
        if e is None:
            return None
        order = np.argsort(self.block)
        return np.asarray(e.ordered(len(self.block))[np.ix_(*([order] * e.ploidy))])
