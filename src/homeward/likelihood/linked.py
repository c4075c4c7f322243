"""Two linked loci of one pedigree: the networks of both, with each meiosis' two selectors coupled.

A meiosis passes on the two loci from the same grandparent with probability 1 − ρ. Unlike at one locus, which of
a called parent's alleles came together matters, so called parents have phases and selectors too. Founders are in
linkage equilibrium; a founder's two haplotypes are exchangeable, which fixes one phase or selector for free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.genetics import Locus, LocusKind, Recombination
from homeward.likelihood.execute import eliminate
from homeward.likelihood.lumping import lump, lumped
from homeward.likelihood.planner import Scope, plan_elimination
from homeward.likelihood.rescaled import LEAST, eliminate_rescaled, may_underflow
from homeward.likelihood.skeleton import Node, shared_evidence, skeleton
from homeward.observe import Evidence
from homeward.pedigree import Pedigree

__all__ = ["linked_inbreeding", "linked_table", "ln_likelihood_linked"]

Floats = NDArray[np.float64]
Readings = Sequence[Evidence | None]


def ln_likelihood_linked(
    pedigree: Pedigree,
    loci: tuple[Locus, Locus],
    evidence: tuple[Mapping[str, Evidence], Mapping[str, Evidence]],
    recombination: Recombination,
) -> float:
    """Natural log of P(evidence at both loci | pedigree), -inf where impossible.

    Both loci autosomal or both X; alleles at different loci are independent in founders, who may be of other
    populations. θ is taken as 0. Raises `Refusal` with ``linked-inbreeding`` as `linked_inbreeding` finds it.
    """
    _refuse_inbreeding(pedigree, loci[0].kind)
    return float(_Pair(pedigree, loci, evidence, recombination, None, ((), ())).ln_likelihoods())


def linked_table(
    pedigree: Pedigree,
    loci: tuple[Locus, Locus],
    evidence: tuple[Mapping[str, Evidence], Mapping[str, Evidence]],
    recombination: Recombination,
    target: str,
    readings: tuple[Readings, Readings],
    *,
    at_most: float = inf,
) -> Floats:
    """Natural log of P(evidence at both loci, the target read so | pedigree), for every two readings of him at once.

    ``readings``: what may be seen of the target at either locus besides his own ``evidence``, None for nothing.
    Shape (readings at the first locus, readings at the second), -inf where impossible. NaN throughout if it takes more
    than ``at_most`` multiplications, by a bound from above. Refuses as `ln_likelihood_linked`.
    """
    _refuse_inbreeding(pedigree, loci[0].kind)
    pair = _Pair(pedigree, loci, evidence, recombination, target, readings)
    if pair.work > at_most:
        return np.full((len(readings[0]), len(readings[1])), np.nan)
    return pair.ln_likelihoods()


def linked_inbreeding(pedigree: Pedigree, kind: LocusKind) -> list[Fault]:
    """One fault (``linked-inbreeding``) for each founder with inbreeding strictly between 0 and 1.

    One number does not tell how his alleles at two loci are shared.
    """
    inbred = [m.id for m in pedigree if 0 < (m.founder_inbreeding_x if kind == "X" else m.founder_inbreeding) < 1]
    return [
        Fault(
            "linked-inbreeding",
            f"founder {person} has an inbreeding coefficient, which does not say how two linked loci share",
            "give the founder's own ancestors, or compute the loci as unlinked",
            value=person,
        )
        for person in inbred
    ]


def _refuse_inbreeding(pedigree: Pedigree, kind: LocusKind) -> None:
    faults = linked_inbreeding(pedigree, kind)
    if faults:
        raise Refusal(faults)


class _Pair:
    """Collects the factors of both loci; every array has one row of loci."""

    def __init__(
        self,
        pedigree: Pedigree,
        loci: tuple[Locus, Locus],
        evidence: tuple[Mapping[str, Evidence], Mapping[str, Evidence]],
        recombination: Recombination,
        target: str | None,
        readings: tuple[Readings, Readings],
    ) -> None:
        seen = tuple(shared_evidence(pedigree, e) for e in evidence)
        somewhere = {**seen[0], **seen[1]}
        shape, people = skeleton(pedigree, loci[0].kind, somewhere, () if target is None else (target,))
        self.nodes = shape.nodes
        self.leaves = [not shape.children(i) for i in range(len(self.nodes))]
        self.target = shape.targets[0] if shape.targets else None
        populations = [pedigree[p].population for p in people]
        self.sides = [
            _Side(locus, [s.get(p) for p in people], populations, self.target, read)
            for locus, s, read in zip(loci, seen, readings, strict=True)
        ]
        self.readings = readings
        self.recombination = recombination
        self.dims: list[int] = []
        self.scopes: list[Scope] = []
        self.factors: list[Floats] = []
        self.alleles: list[dict[int, Scope]] = [{}, {}]
        self.phases: list[dict[int, int]] = [{}, {}]
        self.ordered: set[int] = set()
        self.keep: Scope = ()
        self._collect()

    @property
    def work(self) -> float:
        """Multiplications, at least as many as there are."""
        return plan_elimination(tuple(self.scopes), tuple(self.dims), self.keep).cost

    def ln_likelihoods(self) -> Floats:
        """Shape (readings, readings) with a target, () without."""
        network = self.factors, tuple(self.scopes), tuple(self.dims), self.keep
        total, scale = np.asarray(eliminate(*network))[0], 0.0
        if total.size and total.min() < LEAST and may_underflow(self.factors):
            again, ln = eliminate_rescaled(*network)
            total, scale = again[0], float(ln[0])
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(np.maximum(total, 0.0)) + scale)

    def _collect(self) -> None:
        for i, node in enumerate(self.nodes):
            for at, side in enumerate(self.sides):
                self._person(at, side, i, node)
        for i, node in enumerate(self.nodes):
            if node.mother is not None and node.father is not None:
                if node.ploidy == 2:
                    self._meiosis(node.father, i, 0)
                self._meiosis(node.mother, i, node.ploidy - 1)

    def _variable(self, size: int) -> int:
        self.dims.append(size)
        return len(self.dims) - 1

    def _add(self, scope: Scope, array: Floats | float) -> None:
        self.scopes.append(scope)
        self.factors.append(np.asarray(array, dtype=np.float64)[None])

    def _person(self, at: int, side: _Side, i: int, node: Node) -> None:
        """Variables of one person at one locus, what was seen of him, a founder's prior."""
        if i == self.target:
            self._held(at, side, i, node)
            weights = side.read(self.readings[at], node.ploidy)
            read = self._variable(len(weights))
            self.keep += (read,)
            self._add((read, *self.alleles[at][i]), weights)
        elif side.calls[i] is not None:
            self._called(at, side, i, node, side.calls[i])
        elif not self.leaves[i]:
            self._held(at, side, i, node)
        elif node.mother is None:
            soft = side.soft[i]
            if soft is not None:
                self._add((), (soft * side.prior(i, node)).sum())
        elif side.soft[i] is not None and node.ploidy == 2:
            self.phases[at][i] = self._variable(len(side.classes(i)[0]))

    def _held(self, at: int, side: _Side, i: int, node: Node) -> None:
        """A person whose alleles are variables."""
        held = tuple(self._variable(side.blocks) for _ in range(node.ploidy))
        self.alleles[at][i] = held
        soft = side.soft[i]
        if soft is not None:
            self._add(held, soft)
        if node.mother is None and node.inbreeding == 1:
            self._add(held, side.prior(i, node))
        elif node.mother is None:
            for v in held:
                self._add((v,), side.p[i])

    def _called(self, at: int, side: _Side, i: int, node: Node, call: tuple[int, int] | None) -> None:
        assert call is not None  # the caller has looked
        a, b = call
        founder = node.mother is None
        if node.ploidy == 1:
            if founder:
                self._add((), side.p[i][a])
            return
        weight = float(side.prior(i, node)[a, b]) if founder else 1.0
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
        found = self._columns(at, side, child, slot, side.from_mother if maternal else side.from_father)
        if found is None:
            return
        columns, scope = found
        call = None if parent in self.alleles[at] else side.calls[parent]
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

    def _columns(self, at: int, side: _Side, child: int, slot: int, matrix: Floats) -> tuple[Floats, Scope] | None:
        """P(child's allele | parental allele): shape (blocks, values of the child's variable); None where always 1."""
        if child in self.alleles[at]:
            return matrix, (self.alleles[at][child][slot],)
        haploid = self.nodes[child].ploidy == 1
        call = side.calls[child]
        if call is not None:
            if haploid:
                return matrix[:, call[0]], ()
            return matrix[:, list(call) if slot == 0 else [call[1], call[0]]], (self.phases[at][child],)
        soft = side.soft[child]
        if soft is None:
            return None
        if haploid:
            return np.asarray(matrix @ soft), ()
        return np.asarray(matrix @ side.classes(child)[slot].T), (self.phases[at][child],)


class _Side:
    """One of the two loci with its alleles lumped: frequencies of founders, calls and soft evidence, by node."""

    def __init__(
        self,
        locus: Locus,
        evidence: Sequence[Evidence | None],
        populations: Sequence[str],
        target: int | None,
        readings: Readings,
    ) -> None:
        apart: set[int] = set()
        for e in (*evidence, *readings):
            if e is not None:
                apart.update(e.genotypes[0] if e.is_call else range(len(locus.alleles)))
        self.block, self.blocks = lump(locus, frozenset(apart))
        self.first = np.unique(self.block, return_index=True)[1]
        self.from_mother = lumped(locus.from_mother, self.block, self.blocks)
        self.from_father = lumped(locus.from_father, self.block, self.blocks)
        lumps = {q: self._lumped(locus.elsewhere.get(q, locus.frequencies)) for q in set(populations)}
        self.p = [lumps[q] for q in populations]
        # what is read of a target varies, so his own calls are weights like any other
        self.calls = [None if i == target else self._call(e) for i, e in enumerate(evidence)]
        told = zip(evidence, self.calls, strict=True)
        self.soft = [None if e is None or call is not None else self._weights(e) for e, call in told]
        self._classes: dict[int, tuple[Floats, Floats]] = {}

    def _lumped(self, frequencies: Floats) -> Floats:
        return np.bincount(self.block, weights=frequencies, minlength=self.blocks).astype(float)

    def _call(self, e: Evidence | None) -> tuple[int, int] | None:
        if e is None or not e.is_call:
            return None
        g = e.genotypes[0]
        return int(self.block[g[0]]), int(self.block[g[-1]])

    def _weights(self, e: Evidence) -> Floats:
        """Weights over ordered pairs of blocks; alleles of one block are weighed alike, so any stands for it."""
        return np.asarray(e.ordered(len(self.block))[np.ix_(*([self.first] * e.ploidy))])

    def read(self, readings: Readings, ploidy: int) -> Floats:
        """Weights of every reading: shape (readings, blocks) or (readings, blocks, blocks)."""
        everything = np.ones((self.blocks,) * ploidy)
        return np.stack([everything if e is None else self._weights(e) for e in readings])

    def prior(self, i: int, node: Node) -> Floats:
        """P(ordered genotype) of a founder: shape (blocks,) or (blocks, blocks)."""
        p = self.p[i]
        if node.ploidy == 1:
            return p
        return np.diag(p) if node.inbreeding == 1 else np.outer(p, p)

    def classes(self, i: int) -> tuple[Floats, Floats]:
        """The soft evidence of a diploid, W(a, b) = Σ_z U(z, a) V(z, b): U and V, each (classes, blocks).

        Alleles a with the same row of W are one class. Somebody without children needs no variables but z: a phase
        is the special case in which either allele is in a class of its own.
        """
        if i not in self._classes:
            weights = self.soft[i]
            assert weights is not None  # the caller has looked
            rows, row = np.unique(weights, axis=0, return_inverse=True)
            member = (np.arange(len(rows))[:, None] == row.ravel()[None, :]).astype(float)
            told = np.any(rows > 0, axis=1)
            told[0] |= not told.any()
            self._classes[i] = member[told], rows[told]
        return self._classes[i]
