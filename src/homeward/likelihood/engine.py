"""The exact engine for unlinked markers: any pedigree, any mutation model, autosomal and X.

Many tasks (a pedigree at a marker) go in together; those with one skeleton run as one array calculation.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf, log

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus
from homeward.likelihood.conditioning import add_up
from homeward.likelihood.lumping import lump, lumped
from homeward.likelihood.network import Batch, Network, network
from homeward.likelihood.rescaled import LEAST, eliminate_rescaled, may_underflow
from homeward.likelihood.skeleton import Skeleton, shared_evidence, skeleton
from homeward.likelihood.structure import System
from homeward.likelihood.urns import urn_sum
from homeward.observe import Evidence, called
from homeward.pedigree import Pedigree

__all__ = [
    "GenotypeTable",
    "Shapes",
    "Task",
    "laid_out",
    "likelihoods",
    "ln_likelihood",
    "ln_likelihoods",
    "ln_likelihoods_with_errors",
    "stacked_tables",
    "tables",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_WIDTHS = (6, 9, 13, 19, 26, 39, 56, 80, 128)
"""Numbers of alleles that loci are padded to, so that loci of similar size run together."""


@dataclass(frozen=True, eq=False)
class Task:
    """One pedigree at one locus: what was seen of whom, whose genotype to tabulate.

    ``apart``: allele positions that must not be lumped though nobody in the pedigree shows them. ``theta``: above
    0, all founders of one population draw their alleles from one Pólya urn, related to each other or not.
    ``pruned``: untyped founders with one child are cut away as Familias does it, so that the child's allele comes
    from the population unmutated, and again where that leaves another such founder; without effect under ``theta``.
    """

    pedigree: Pedigree
    locus: Locus
    evidence: Mapping[str, Evidence]
    targets: tuple[str, ...] = ()
    apart: frozenset[int] = field(default=frozenset())
    theta: float = 0.0
    pruned: bool = False


@dataclass(frozen=True, eq=False)
class GenotypeTable:
    """P(evidence of the pedigree, genotypes of the targets) at one locus.

    ``block``: (alleles,) which row each allele of the locus has. ``joint``: one axis pair (one axis where
    the target is haploid) a target, over ordered genotypes and symmetric in each pair, so an unordered
    heterozygote is the sum of its two cells. ``frequencies``: (blocks,), of the main population. ``ln_scale``:
    natural log of what ``joint`` is to be multiplied by, other than 0 only where the product would be too small for
    a double. ``relative_error``: of the sum of ``joint``, 0 where it is exact; only large families under theta are not.
    """

    block: Ints
    frequencies: Floats
    joint: Floats
    ln_scale: float = 0.0
    relative_error: float = 0.0

    @property
    def ln_total(self) -> float:
        """Natural log of P(evidence of the pedigree), -inf where impossible."""
        total = float(self.joint.sum())
        return log(total) + self.ln_scale if total > 0 else -inf


@dataclass(frozen=True, eq=False)
class StackedTables:
    """`GenotypeTable`s of many families at one locus: ``joint`` and ``ln_scale`` have a leading axis of families."""

    block: Ints
    frequencies: Floats
    joint: Floats
    ln_scale: Floats
    relative_error: float


@dataclass(eq=False, slots=True)
class _Prepared:
    """A task with its alleles lumped, ready to be stacked with its like."""

    position: int
    shape: Skeleton
    evidence: list[Evidence | None]
    locus: Locus
    block: Ints
    blocks: int

    @property
    def alike(self) -> int:
        """Equal for tasks with the same alleles, frequencies and mutation: a lumping belongs to one locus."""
        return id(self.block)


def likelihoods(tasks: Sequence[Task]) -> Floats:
    """P(evidence | pedigree) of each task without targets: shape (tasks,); below 1e-308 it is zero."""
    return np.asarray(np.exp(ln_likelihoods(tasks)))


def ln_likelihoods(tasks: Sequence[Task]) -> Floats:
    """Natural log of P(evidence | pedigree) of each task without targets: shape (tasks,), -inf where impossible."""
    return ln_likelihoods_with_errors(tasks)[0]


def ln_likelihoods_with_errors(tasks: Sequence[Task]) -> tuple[Floats, Floats]:
    """As `ln_likelihoods`, and the relative error of each likelihood: (tasks,) twice.

    The error is 0 where the value is exact. Only families with many untyped founder alleles under theta have one: the
    standard error where frequencies were drawn at random (the same for the same task, whatever the others), else twice
    what one level of the rule before added.
    """
    values, errors = np.zeros(len(tasks)), np.zeros(len(tasks))
    for group, result, ln, error in _solve(tasks):
        at = [t.position for t in group]
        with np.errstate(divide="ignore"):
            values[at] = np.log(result) + ln
        errors[at] = error
    return values, errors


def tables(tasks: Sequence[Task]) -> list[GenotypeTable]:
    """The genotype table of each task, in the order of the tasks."""
    found: dict[int, GenotypeTable] = {}
    certain = {k: e for k, task in enumerate(tasks) if (e := _certain(task)) is not None}
    for group, result, ln, errors in _solve(
        [replace(task, targets=()) if k in certain else task for k, task in enumerate(tasks)]
    ):
        symmetric = _symmetric(result, group[0].shape)
        p: dict[int, Floats] = {}
        for t, joint, scale, error in zip(group, symmetric, ln.tolist(), errors.tolist(), strict=True):
            if t.alike not in p:
                p[t.alike] = np.bincount(t.block, weights=t.locus.frequencies, minlength=t.blocks).astype(float)
            if t.position in certain:
                inside = _at_call(float(joint), t.block[list(certain[t.position].genotypes[0])], t.blocks)
            else:
                inside = joint[(slice(t.blocks),) * joint.ndim]
            found[t.position] = GenotypeTable(t.block, p[t.alike], inside, scale, error)
    return [found[i] for i in range(len(tasks))]


def _certain(task: Task) -> Evidence | None:
    """The call of the only target, under theta: a called person needs no table there, and far fewer partitions."""
    if len(task.targets) != 1 or not task.theta > 0 or task.pedigree.twins:
        return None
    e = task.evidence.get(task.targets[0])
    return e if e is not None and e.is_call else None


def _at_call(chance: float, alleles: Ints, blocks: int) -> Floats:
    """The table of a called genotype, of one allele or two, nowhere else anything."""
    table = np.zeros((blocks,) * len(alleles))
    for order in (alleles, alleles[::-1]):
        table[tuple(order)] += 0.5 * chance
    return table


def stacked_tables(
    locus: Locus,
    families: Sequence[tuple[Pedigree, Mapping[str, Evidence], str]],
    apart: frozenset[int],
    shapes: Shapes,
    theta: float = 0.0,
) -> StackedTables:
    """The tables of many families at one locus as one: ``joint`` has a leading axis of families.

    ``families``: pedigree without twins, calls of its members, target, of whom nothing was seen. ``apart`` holds
    every allele called, so that all have the same blocks. What depends on the locus alone is computed once,
    which is what large screens need.
    """
    block, blocks = lump(locus, apart)
    width = _width(blocks)
    groups: dict[int, tuple[Skeleton, list[int], list[tuple[Mapping[str, Evidence], tuple[str, ...]]]]] = {}
    for k, (pedigree, evidence, target) in enumerate(families):
        seen = shared_evidence(pedigree, evidence)
        shape, people = shapes.of(pedigree, locus, seen, (target,), (), theta)
        group = groups.setdefault(id(shape), (shape, [], []))
        group[1].append(k)
        group[2].append((seen, people))
    p = np.bincount(block, weights=locus.frequencies, minlength=blocks).astype(float)
    joint: Floats | None = None
    ln_scale = np.zeros(len(families))
    worst = 0.0
    for shape, at, members in groups.values():
        genotype = {
            i: _in_blocks(block, [seen[people[i]].genotypes[0] for seen, people in members])
            for i, node in enumerate(shape.nodes)
            if node.known == "called"
        }
        batch = Batch(*_padded(shape, locus, block, blocks, width), genotype, {})
        result, ln_scale[at], error = _evaluate(shape, width, batch, len(at))
        worst = max(worst, float(error.max()))
        inside = _symmetric(result, shape)[(slice(None), *(slice(blocks),) * (result.ndim - 1))]
        if joint is None:
            joint = np.empty((len(families), *inside.shape[1:]))
        joint[at] = inside
    assert joint is not None  # there is at least one family
    return StackedTables(block, p, joint, ln_scale, worst)


def laid_out(task: Task) -> tuple[Network, list[Floats], Ints, int]:
    """The factors of one task without theta, with a first axis of one locus; the block of each allele, the blocks."""
    seen = shared_evidence(task.pedigree, task.evidence)
    elsewhere = tuple(task.locus.elsewhere)
    shape, people = skeleton(task.pedigree, task.locus.kind, seen, task.targets, populations=elsewhere)
    prepared = _prepare(0, task, seen, shape, people)
    net = network(shape)
    batch = _stack(shape, prepared.blocks, [prepared])
    return net, [fill(batch) for fill in net.fills], prepared.block, prepared.blocks


def ln_likelihood(
    pedigree: Pedigree,
    loci: Sequence[Locus],
    genotypes: Mapping[str, Mapping[str, Sequence[str | None]]],
    theta: float = 0.0,
    *,
    pruned: bool = False,
) -> Floats:
    """Natural log likelihood of called genotypes, one value a locus, -inf where impossible.

    ``genotypes``: marker → person → alleles as typed (None or ``?`` = unknown allele). ``theta``, ``pruned`` as in
    `Task`.
    """
    tasks = []
    for locus in loci:
        seen = {}
        for person, alleles in genotypes.get(locus.name, {}).items():
            e = called(alleles, locus, pedigree[person].sex) if person in pedigree else None
            if e is not None:
                seen[person] = e
        tasks.append(Task(pedigree, locus, seen, theta=theta, pruned=pruned))
    return ln_likelihoods(tasks)


class Shapes:
    """Skeletons already found, so that the same people typed at many loci share one."""

    def __init__(self) -> None:
        self._found: dict[object, tuple[Skeleton, tuple[str, ...]]] = {}
        self._interned: dict[Skeleton, Skeleton] = {}

    def of(
        self,
        pedigree: Pedigree,
        locus: Locus,
        seen: Mapping[str, Evidence],
        targets: tuple[str, ...],
        soft: tuple[str, ...],
        theta: float = 0.0,
        pruned: bool = False,
    ) -> tuple[Skeleton, tuple[str, ...]]:
        """The skeleton and who its nodes are; equal skeletons are one object. ``soft``: who is no plain call."""
        elsewhere = tuple(locus.elsewhere)
        key = (id(pedigree), locus.kind, elsewhere, targets, tuple(seen), soft, theta, pruned)
        found = self._found.get(key)
        if found is None:
            shape, people = skeleton(pedigree, locus.kind, seen, targets, theta, populations=elsewhere, pruned=pruned)
            found = self._found[key] = (self._interned.setdefault(shape, shape), people)
        return found


def _solve(tasks: Sequence[Task]) -> list[tuple[list[_Prepared], Floats, Floats, Floats]]:
    groups: dict[tuple[int, int], list[_Prepared]] = {}
    shapes = Shapes()
    for position, task in enumerate(tasks):
        seen = shared_evidence(task.pedigree, task.evidence)
        soft = tuple([p for p, e in seen.items() if not e.is_call])
        shape, people = shapes.of(task.pedigree, task.locus, seen, task.targets, soft, task.theta, task.pruned)
        prepared = _prepare(position, task, seen, shape, people)
        groups.setdefault((id(shape), _width(prepared.blocks)), []).append(prepared)
    return [
        (group, *_evaluate(group[0].shape, width, _stack(group[0].shape, width, group), len(group)))
        for (_, width), group in groups.items()
    ]


def _width(blocks: int) -> int:
    return _WIDTHS[bisect_left(_WIDTHS, blocks)] if blocks <= _WIDTHS[-1] else blocks


def _prepare(
    position: int, task: Task, seen: Mapping[str, Evidence], shape: Skeleton, people: tuple[str, ...]
) -> _Prepared:
    """Lump the alleles of one task."""
    apart = task.apart
    for e in seen.values():
        told = e.genotypes[0] if e.is_call else e.told_apart(len(task.locus.alleles))
        if not apart.issuperset(told):
            apart = apart.union(told)
    block, blocks = lump(task.locus, apart)
    return _Prepared(position, shape, [seen.get(p) for p in people], task.locus, block, blocks)


def _evaluate(shape: Skeleton, width: int, batch: Batch, loci: int) -> tuple[Floats, Floats, Floats]:
    """All loci of one skeleton: shape (loci, *targets' axes), padded to ``width`` alleles, ln and error (loci,)."""
    net = network(shape)
    factors = [fill(batch) for fill in net.fills]
    if net.urn is not None:
        network_of = (tuple(factors), net.scopes, net.dims(width), net.keep, net.selectors, net.binary)
        system = System(net.urn, batch.p, batch.genotype, *network_of)
        found = urn_sum(system)
        value = np.broadcast_to(found.value, (loci, *found.value.shape[1:]))
        return value, np.broadcast_to(found.ln, loci), np.broadcast_to(found.relative_error, loci)
    if not factors:
        return np.ones(loci), np.zeros(loci), np.zeros(loci)
    result = add_up(factors, net.scopes, net.dims(width), net.keep, net.gates)
    result = np.broadcast_to(result, (loci, *result.shape[1:]))
    lost = result.reshape(loci, -1).sum(axis=1) < LEAST
    if not lost.any() or not may_underflow(factors):
        return result, np.zeros(loci), np.zeros(loci)
    return *_found_again(net, width, factors, result, np.flatnonzero(lost)), np.zeros(loci)


def _found_again(
    net: Network, width: int, factors: Sequence[Floats], result: Floats, lost: Ints
) -> tuple[Floats, Floats]:
    """The loci whose numbers underflowed, or are impossible, once more with every array rescaled."""
    rows = [f if len(f) == 1 else f[lost] for f in factors]
    again, scale = eliminate_rescaled(rows, net.scopes, net.dims(width), net.keep)
    result, ln = result.copy(), np.zeros(len(result))
    result[lost], ln[lost] = again, scale
    return result, ln


def _stack(shape: Skeleton, width: int, group: Sequence[_Prepared]) -> Batch:
    alike: dict[int, int] = {}
    kind = [alike.setdefault(t.alike, len(alike)) for t in group]
    first = [group[kind.index(k)] for k in range(len(alike))]
    parts = [_padded(shape, t.locus, t.block, t.blocks, width) for t in first]
    p = {population: np.concatenate([each[0][population] for each in parts]) for population in parts[0][0]}
    from_mother, from_father = (np.concatenate([each[k] for each in parts]) for k in (1, 2))
    if 1 < len(alike) < len(group):
        p = {population: rows[kind] for population, rows in p.items()}
        from_mother, from_father = from_mother[kind], from_father[kind]
    genotype, soft = {}, {}
    for i, node in enumerate(shape.nodes):
        if node.known == "called":
            genotype[i] = _called(group, i)
        elif node.known == "soft":
            soft[i] = np.stack([_soft(t, i, width) for t in group])
    return Batch(p, from_mother, from_father, genotype, soft)


def _padded(
    shape: Skeleton, locus: Locus, block: Ints, blocks: int, width: int
) -> tuple[dict[str, Floats], Floats, Floats]:
    """Frequencies (1, width) by population and mutation matrices (1, width, width) of a lumped locus."""
    p = {}
    for population in sorted({node.population for node in shape.nodes}):
        frequencies = locus.elsewhere[population] if population else locus.frequencies
        p[population] = np.zeros((1, width))
        p[population][0, :blocks] = np.bincount(block, weights=frequencies, minlength=blocks)
    from_mother = np.zeros((1, width, width))
    from_father = np.zeros((1, width, width))
    from_mother[0, :blocks, :blocks] = lumped(locus.from_mother, block, blocks)
    from_father[0, :blocks, :blocks] = lumped(locus.from_father, block, blocks)
    return p, from_mother, from_father


def _in_blocks(block: Ints, genotypes: Sequence[tuple[int, ...]]) -> Ints:
    """Blocks of called genotypes, the same twice when haploid: shape (genotypes, 2)."""
    alleles = np.array(genotypes, dtype=np.intp)
    return np.asarray(block[alleles if alleles.shape[1] == 2 else alleles[:, [0, 0]]])


def _called(group: Sequence[_Prepared], node: int) -> Ints:
    """Blocks of a called node's two alleles, the same twice when haploid: shape (loci, 2)."""
    pairs = [t.evidence[node].genotypes[0] for t in group]  # type: ignore[union-attr]
    first = group[0].block
    if all(t.block is first for t in group):
        return _in_blocks(first, pairs)
    alleles = np.array([(g[0], g[-1]) for g in pairs], dtype=np.intp)
    blocks = np.zeros((len(group), max(len(t.block) for t in group)), dtype=np.intp)
    for row, t in zip(blocks, group, strict=True):
        row[: len(t.block)] = t.block
    return np.take_along_axis(blocks, alleles, axis=1)


def _soft(t: _Prepared, node: int, width: int) -> Floats:
    """Evidence over ordered pairs of blocks; alleles of one block are treated alike, so any stands for it."""
    e = t.evidence[node]
    assert e is not None  # the node is soft
    full = e.ordered(len(t.block))
    representative = np.array([int(np.flatnonzero(t.block == b)[0]) for b in range(t.blocks)])
    padded = np.zeros((width,) * e.ploidy)
    inside = np.ix_(*([representative] * e.ploidy))
    padded[(slice(t.blocks),) * e.ploidy] = full[inside]
    return padded


def _symmetric(joint: Floats, shape: Skeleton) -> Floats:
    """Average over the order of each target's two alleles, which nobody can see; axis 0 is the loci."""
    axis = 1
    for target in shape.targets:
        if shape.nodes[target].ploidy == 2:
            joint = 0.5 * (joint + np.swapaxes(joint, axis, axis + 1))
        axis += shape.nodes[target].ploidy
    return joint
