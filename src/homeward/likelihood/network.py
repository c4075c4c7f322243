"""The likelihood of a skeleton as a network of factors over alleles, phases and meiosis selectors.

An untyped person's two alleles are variables. A called person needs none: his genotype is known up to which
allele came from whom, so a child has one binary *phase*, and what he passes on is a fixed vector. A child
of an untyped parent has a binary *selector* for which of the parent's alleles it got, which splits the
three-allele transmission into two factors over two alleles each:

    P(c | x, y) = ½ Σ_s g₀(s, x, c) g₁(s, y, c),   g_s(s, ·, c) = M(·, c),   g_{1-s} = 1.

A founder's two alleles are exchangeable, so one selector of one child is fixed for free.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.conditioning import Gate
from homeward.likelihood.planner import Scope
from homeward.likelihood.skeleton import Node, Skeleton
from homeward.likelihood.structure import Founder, Urn

__all__ = ["Batch", "Network", "network"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

ALLELE, BINARY = "allele", "binary"


@dataclass(frozen=True)
class Batch:
    """The numbers of many loci that share a skeleton, padded to one number of alleles ``n``.

    Where all are one locus, in many families, arrays that do not depend on the family have a first axis of 1.
    ``p``: population → (loci, n) frequencies, for every population of a founder. ``from_mother`` / ``from_father``:
    (loci, n, n). ``genotype``: node → (loci, 2) allele positions of called nodes (the same twice when haploid).
    ``soft``: node → (loci, n[, n]) weights over ordered genotypes. Padding alleles have frequency zero.
    """

    p: dict[str, Floats]
    from_mother: Floats
    from_father: Floats
    genotype: dict[int, Ints]
    soft: dict[int, Floats]


Fill = Callable[[Batch], Floats]


@dataclass(frozen=True)
class Network:
    """Factors without numbers: their scopes, how to fill them, each variable's kind, what to keep.

    ``gates``: the selectors of untyped children, which may be summed outermost; ``selectors``: of all children.
    ``urn``: where the founders' alleles come from if they are not independent; there are then no factors for their
    priors.
    """

    scopes: tuple[Scope, ...]
    fills: tuple[Fill, ...]
    kinds: tuple[str, ...]
    keep: Scope
    gates: tuple[Gate, ...]
    selectors: tuple[Gate, ...]
    urn: Urn | None

    @property
    def binary(self) -> frozenset[int]:
        return frozenset(v for v, kind in enumerate(self.kinds) if kind == BINARY)

    def dims(self, alleles: int) -> tuple[int, ...]:
        return tuple(alleles if kind == ALLELE else 2 for kind in self.kinds)


@lru_cache(maxsize=4096)
def network(shape: Skeleton) -> Network:
    """The network of a skeleton; the variables kept are the targets' alleles (paternal, maternal)."""
    return _Builder(shape).build()


class _Builder:
    """Collects factors node by node."""

    def __init__(self, shape: Skeleton) -> None:
        self.shape = shape
        self.kinds: list[str] = []
        self.scopes: list[Scope] = []
        self.fills: list[Fill] = []
        self.alleles: dict[int, Scope] = {}
        self.phase: dict[int, int] = {}
        self.halved: set[int] = set()
        self.gates: list[Gate] = []
        self.selectors: list[Gate] = []
        self.founders: list[Founder] = []

    def build(self) -> Network:
        for i, node in enumerate(self.shape.nodes):
            if node.gamete:
                continue
            if node.known != "called":
                self.alleles[i] = tuple(self._variable(ALLELE) for _ in range(node.ploidy))
            elif node.mother is not None and node.ploidy == 2:
                self.phase[i] = self._variable(BINARY)
        for i, node in enumerate(self.shape.nodes):
            if node.gamete:
                self.alleles[i] = self._gamete(i)
        for i, node in enumerate(self.shape.nodes):
            if node.known == "soft":
                self._soft(i)
            if node.mother is None:
                self._founder(i)
            else:
                self._nonfounder(i)
        keep = tuple(v for t in self.shape.targets for v in self.alleles[t])
        urn = Urn(tuple(self.founders), self.shape.theta) if self.shape.theta > 0 else None
        gates, selectors = tuple(self.gates), tuple(self.selectors)
        return Network(tuple(self.scopes), tuple(self.fills), tuple(self.kinds), keep, gates, selectors, urn)

    def _gamete(self, i: int) -> Scope:
        """The allele of somebody cut away is the child's own, or a variable beside a called child."""
        (child,) = self.shape.children(i)
        node = self.shape.nodes[child]
        # a haploid child has nothing of its father
        if node.known == "called" or (node.ploidy == 1 and node.mother != i):
            return (self._variable(ALLELE),)
        return (self.alleles[child][0 if self.shape.nodes[child].father == i else -1],)

    def _variable(self, kind: str) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def _add(self, scope: Scope, fill: Fill) -> None:
        self.scopes.append(scope)
        self.fills.append(fill)

    def _soft(self, i: int) -> None:
        self._add(self.alleles[i], lambda batch: batch.soft[i])

    def _founder(self, i: int) -> None:
        node = self.shape.nodes[i]
        called = node.known == "called"
        if self.shape.theta > 0:
            held = self.alleles.get(i, ())
            self.founders.append(Founder(i, held, called, node.ploidy, node.inbreeding, node.population))
        elif called:
            self._add((), lambda batch: _called_founder(batch, i, node))
        elif node.inbreeding:
            self._add(self.alleles[i], lambda batch: _inbred_pair(batch.p[node.population], node.inbreeding))
        else:
            for v in self.alleles[i]:
                self._add((v,), lambda batch: batch.p[node.population])

    def _nonfounder(self, i: int) -> None:
        node = self.shape.nodes[i]
        assert node.mother is not None and node.father is not None  # both or none, by Pedigree
        if i in self.phase:
            self._add((self.phase[i],), lambda batch: _phases(batch.genotype[i]))
        if node.ploidy == 2:
            self._pass(node.father, i, 0)
        self._pass(node.mother, i, node.ploidy - 1)

    def _pass(self, parent: int, child: int, slot: int) -> None:
        """The factors of one meiosis; ``slot``: position of the allele among the child's."""
        if self.shape.nodes[parent].gamete:
            if child in self.phase:
                columns, child_scope = self._columns(child, slot, _unchanged)
                self._add((*self.alleles[parent], *child_scope), columns)
            return
        maternal = self.shape.nodes[child].mother == parent
        matrix: Fill = (lambda batch: batch.from_mother) if maternal else (lambda batch: batch.from_father)
        columns, child_scope = self._columns(child, slot, matrix)
        if self.shape.nodes[parent].known == "called":
            self._add(child_scope, lambda batch: _from_called(columns(batch), batch.genotype[parent]))
            return
        held = self.alleles[parent]
        founder = self.shape.nodes[parent].mother is None
        if len(held) == 1 or (founder and parent not in self.halved):
            self.halved.add(parent)
            self._add((held[0], *child_scope), columns)
            return
        s = self._variable(BINARY)
        self.selectors.append(Gate(len(self.scopes), len(self.scopes) + 1))
        if self.shape.nodes[child].known != "called":
            self.gates.append(self.selectors[-1])
        self._add((s, held[0], *child_scope), lambda batch: _gate(columns(batch), 0, 0.5))
        self._add((s, held[1], *child_scope), lambda batch: _gate(columns(batch), 1, 1.0))

    def _columns(self, child: int, slot: int, matrix: Fill) -> tuple[Fill, Scope]:
        """P(child's allele | parental allele), shape (loci, n, values of the child's variable)."""
        node = self.shape.nodes[child]
        if node.known != "called":
            return matrix, (self.alleles[child][slot],)
        if node.ploidy == 1:
            return lambda batch: _pick(matrix(batch), batch.genotype[child][:, :1])[:, :, 0], ()
        # the phase says which of the two called alleles stands in this slot
        order = [0, 1] if slot == 0 else [1, 0]
        return lambda batch: _pick(matrix(batch), batch.genotype[child][:, order]), (self.phase[child],)


def _unchanged(batch: Batch) -> Floats:
    """The matrix of no mutation."""
    return np.eye(batch.from_mother.shape[1])[None]


def _pick(matrix: Floats, alleles: Ints) -> Floats:
    if len(matrix) == 1:
        return np.asarray(matrix[0].T[alleles].transpose(0, 2, 1))
    return np.take_along_axis(matrix, alleles[:, None, :], axis=2)


def _from_called(columns: Floats, genotype: Ints) -> Floats:
    """Either allele of a called parent is passed on with equal chance: shape (loci, child's values)."""
    loci = _each(columns, genotype)
    return np.asarray(0.5 * (columns[loci, genotype[:, 0]] + columns[loci, genotype[:, 1]]))


def _each(shared: Floats, genotype: Ints) -> Ints:
    """Row of ``shared`` that belongs to each row of ``genotype``."""
    return np.zeros(len(genotype), dtype=np.intp) if len(shared) == 1 else np.arange(len(genotype))


def _gate(columns: Floats, open_at: int, factor: float) -> Floats:
    """(loci, 2, n, …): the columns where the selector has value ``open_at``, else one; times a factor."""
    gate = np.full((columns.shape[0], 2, *columns.shape[1:]), factor)
    gate[:, open_at] = factor * columns
    return gate


def _phases(genotype: Ints) -> Floats:
    """A heterozygote has two phases, a homozygote one."""
    return np.stack([np.ones(len(genotype)), (genotype[:, 0] != genotype[:, 1]).astype(float)], axis=1)


def _called_founder(batch: Batch, position: int, node: Node) -> Floats:
    """P(unordered genotype) of a founder with inbreeding f: shape (loci,)."""
    i, j = batch.genotype[position].T
    p, f = batch.p[node.population], node.inbreeding
    loci = _each(p, batch.genotype[position])
    a, b = p[loci, i], p[loci, j]
    if node.ploidy == 1:
        return np.asarray(a)
    return np.asarray(np.where(i == j, (1 - f) * a * b + f * a, 2 * (1 - f) * a * b))


def _inbred_pair(p: Floats, f: float) -> Floats:
    n = p.shape[1]
    pair = (1 - f) * p[:, :, None] * p[:, None, :]
    pair[:, np.arange(n), np.arange(n)] += f * p
    return pair
