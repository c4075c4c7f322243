"""All remains against all missing persons: one table a family and locus, then look-ups.

A family table holds P(references, the missing person's genotype); the LR of any sample is read off it, so M
families and N samples cost M eliminations and N·M·L look-ups, never one likelihood a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Locus, Model
from homeward.likelihood import GenotypeTable, Shapes, Task, stacked_tables, tables
from homeward.observe import Evidence
from homeward.pedigree import Pedigree

__all__ = ["Block", "Column", "Screen", "Typed", "family_tables", "screen"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Counts = NDArray[np.int16]

_BATCH = 4096
"""Tables made between two progress reports."""
_MANY = 256
"""Families from which on the loci are taken one by one."""


@dataclass(frozen=True, eq=False)
class Column:
    """One missing person: the pedigree he is in, and the evidence of his relatives, locus → person → evidence."""

    id: str
    person: str
    pedigree: Pedigree
    evidence: dict[str, dict[str, Evidence]]

    def ploidy(self, locus: Locus) -> int | None:
        """Alleles he carries at a locus; None at an X locus if his own or a parent's sex is unknown."""
        if locus.kind == "autosomal":
            return 2
        if self._parent_of_unknown_sex:
            return None
        return {"male": 1, "female": 2, "unknown": None}[self.pedigree[self.person].sex]

    @cached_property
    def _parent_of_unknown_sex(self) -> bool:
        parents = {p for m in self.pedigree for p in (m.father, m.mother) if p is not None}
        return any(self.pedigree[p].sex == "unknown" for p in parents)


@dataclass(frozen=True, eq=False)
class Typed:
    """One sample's evidence: locus → what it says of a person with one or with two alleles there."""

    id: str
    evidence: dict[str, dict[int, Evidence]]


@dataclass(frozen=True, eq=False)
class Block:
    """The natural log LR of one locus: ``ln_lr`` (samples, missing), NaN where one of the two is not typed."""

    locus: Locus
    ln_lr: Floats


@dataclass(frozen=True, eq=False)
class Screen:
    """Totals over loci, shape (samples, missing): natural log LR, loci compared; ``impossible``: loci of LR 0."""

    ln_lr: Floats
    compared: Counts
    impossible: Counts


@dataclass(frozen=True, eq=False)
class _LocusTables:
    """The tables of every column typed at one locus: ``joint`` (columns, *alleles), ``columns`` which they are."""

    locus: Locus
    ploidy: int
    columns: Ints
    block: Ints
    frequencies: Floats
    joint: Floats


def screen(
    samples: Sequence[Typed],
    columns: Sequence[Column],
    model: Model,
    *,
    each: Callable[[Block], None] | None = None,
    refuse: bool = True,
    progress: Progress = silent,
) -> Screen:
    """LR of every sample against every missing person.

    H1: the sample is of the missing person; H2: of somebody unrelated to the family. ``each`` is handed the LRs
    of one locus at a time. Raises `Refusal` with ``impossible-family`` for every family whose own references
    have likelihood zero; without ``refuse`` no sample can be of such a family.
    """
    shape = (len(samples), len(columns))
    found = Screen(np.zeros(shape), np.zeros(shape, dtype=np.int16), np.zeros(shape, dtype=np.int16))
    per_locus = family_tables(samples, columns, model, progress=progress)
    if refuse:
        _refuse_impossible(per_locus, columns)
    for done, locus in enumerate(model.loci):
        progress("screen", done, len(model.loci))
        block = None if each is None else np.full(shape, np.nan)
        for stack in per_locus.get(locus.name, ()):
            _add_locus(samples, stack, found, block)
        if each is not None and block is not None:
            each(Block(locus, block))
    progress("screen", len(model.loci), len(model.loci))
    return found


def _add_locus(samples: Sequence[Typed], stack: _LocusTables, found: Screen, block: Floats | None) -> None:
    """Add one locus to the totals, row by row: a row is one look-up for all missing persons."""
    ln_ratio, position = _ln_ratios(stack)
    never = (ln_ratio == -np.inf).astype(np.int16)
    everybody = len(stack.columns) == found.ln_lr.shape[1]
    at: Ints | slice = slice(None) if everybody else stack.columns
    typed = []
    for i, sample in enumerate(samples):
        e = sample.evidence.get(stack.locus.name, {}).get(stack.ploidy)
        if e is None:
            continue
        typed.append(i)
        if e.is_call:
            g = e.genotypes[0]
            k = position[stack.block[g[0]], stack.block[g[-1]]]
            row, impossible = ln_ratio[k], never[k]
        else:
            row = _soft_ratio(e, stack)
            impossible = (row == -np.inf).astype(np.int16)
        found.ln_lr[i, at] += row
        found.impossible[i, at] += impossible
        if block is not None:
            block[i, at] = row
    rows: Ints | slice = slice(None) if len(typed) == len(samples) else np.array(typed, dtype=np.intp)
    if isinstance(rows, slice) or isinstance(at, slice):
        found.compared[rows, at] += 1
    else:
        found.compared[np.ix_(rows, at)] += 1


def family_tables(
    samples: Sequence[Typed], columns: Sequence[Column], model: Model, *, progress: Progress = silent
) -> dict[str, list[_LocusTables]]:
    """Locus → its stacked tables, one stack a ploidy; a column without typed relatives there is left out.

    All families of a locus share one lumping (every allele seen anywhere in the screen stands alone), so their
    tables have one shape.
    """
    found: dict[str, list[_LocusTables]] = {}
    tasks: list[Task] = []
    where: list[tuple[Locus, int, int]] = []
    shapes = Shapes()
    for done, locus in enumerate(model.loci):
        progress("family-tables", done, len(model.loci))
        apart, all_called = _seen_alleles(locus, samples, columns)
        by_ploidy: dict[int, list[int]] = {}
        for k, column in enumerate(columns):
            ploidy = column.ploidy(locus)
            if ploidy is not None and column.evidence.get(locus.name):
                by_ploidy.setdefault(ploidy, []).append(k)
        for ploidy, at in by_ploidy.items():
            if all_called and len(at) >= _MANY:
                families = [(columns[k].pedigree, columns[k].evidence[locus.name], columns[k].person) for k in at]
                one = stacked_tables(locus, families, apart, shapes)
                found.setdefault(locus.name, []).append(_stack(locus, ploidy, at, one, one.joint))
            else:
                tasks.extend(
                    Task(columns[k].pedigree, locus, columns[k].evidence[locus.name], (columns[k].person,), apart)
                    for k in at
                )
                where.extend((locus, ploidy, k) for k in at)
    made: list[GenotypeTable] = []
    for start in range(0, len(tasks), _BATCH):
        progress("family-tables", start, len(tasks))
        made.extend(tables(tasks[start : start + _BATCH]))
    for (locus, ploidy), group in groupby(range(len(tasks)), key=lambda t: where[t][:2]):
        members = list(group)
        joint = np.stack([made[t].joint for t in members])
        at = [where[t][2] for t in members]
        found.setdefault(locus.name, []).append(_stack(locus, ploidy, at, made[members[0]], joint))
    return found


def _stack(locus: Locus, ploidy: int, at: Sequence[int], one: GenotypeTable, joint: Floats) -> _LocusTables:
    return _LocusTables(locus, ploidy, np.array(at, dtype=np.intp), one.block, one.frequencies, joint)


def _seen_alleles(locus: Locus, samples: Sequence[Typed], columns: Sequence[Column]) -> tuple[frozenset[int], bool]:
    """Alleles anybody shows, and whether all evidence is plain calls; if not, every allele."""
    seen: set[int] = set()
    for by_somebody in (samples, columns):
        for one in by_somebody:
            for e in one.evidence.get(locus.name, {}).values():
                if not e.is_call:
                    return frozenset(range(len(locus.alleles))), False
                seen.update(e.genotypes[0])
    return frozenset(seen), True


def _refuse_impossible(per_locus: dict[str, list[_LocusTables]], columns: Sequence[Column]) -> None:
    markers: dict[str, list[str]] = {}
    for stacks in per_locus.values():
        for stack in stacks:
            totals = stack.joint.reshape(len(stack.columns), -1).sum(axis=1)
            for k in stack.columns[totals <= 0]:
                markers.setdefault(columns[k].id, []).append(stack.locus.name)
    if markers:
        raise Refusal(
            Fault(
                "impossible-family",
                f"the references of {missing}'s family cannot all be right at {', '.join(names)}:"
                " their likelihood is zero under the declared pedigree and mutation model",
                'correct the pedigree or the typing, or allow mutation ([model] mutation = "default")',
                marker=names[0],
                value=missing,
            )
            for missing, names in markers.items()
        )


def _ln_ratios(found: _LocusTables) -> tuple[Floats, Ints]:
    """ln LR of every unordered genotype, shape (genotypes, columns), and each genotype's row, shape (alleles, alleles).

    A haploid genotype stands at (a, a).
    """
    p = found.frequencies
    n = len(p)
    flat = found.joint.reshape(len(found.columns), -1)
    position = np.zeros((n, n), dtype=np.intp)
    if found.ploidy == 1:
        cells, unrelated = np.arange(n), p
        position[cells, cells] = cells
    else:
        i, j = np.triu_indices(n)
        cells, unrelated = i * n + j, p[i] * p[j]
        position[i, j] = position[j, i] = np.arange(len(i))
    totals = flat.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(np.take(flat, cells, axis=1).T / (unrelated[:, None] * totals[None, :]))
    ratio[:, totals <= 0] = -np.inf  # where even the references cannot be, no sample can
    return ratio, position


def _soft_ratio(e: Evidence, found: _LocusTables) -> Floats:
    """ln of the ratio of two inner products, shape (columns of the stack,)."""
    weights = e.ordered(len(found.block))
    p = found.frequencies
    # soft evidence keeps every allele apart, so blocks are alleles
    hardy_weinberg = p if found.ploidy == 1 else p[:, None] * p[None, :]
    order = np.argsort(found.block)
    weights = weights[np.ix_(*([order] * found.ploidy))]
    related = found.joint.reshape(len(found.columns), -1) @ weights.ravel()
    totals = found.joint.reshape(len(found.columns), -1).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(related) - np.log(totals) - np.log((weights * hardy_weinberg).sum())
    return np.asarray(np.where(totals > 0, ratio, -np.inf))
