"""All remains against all missing persons: one table a family and locus, then look-ups.

A family table holds P(references, the missing person's genotype); the LR of any sample is read off it, so M
families and N samples cost M eliminations and N·M·L look-ups, never one likelihood a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Locus, Model
from homeward.likelihood import GenotypeTable, Task, tables
from homeward.observe import Evidence
from homeward.pedigree import Pedigree

__all__ = ["Block", "Column", "Screen", "Typed", "family_tables", "screen"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

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
    compared: Ints
    impossible: Ints


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
    found = Screen(np.zeros(shape), np.zeros(shape, dtype=np.int32), np.zeros(shape, dtype=np.int32))
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
    never = ln_ratio == -np.inf
    any_never = never.any(axis=1)
    everybody = len(stack.columns) == found.ln_lr.shape[1]
    at: Ints | slice = slice(None) if everybody else stack.columns
    for i, sample in enumerate(samples):
        e = sample.evidence.get(stack.locus.name, {}).get(stack.ploidy)
        if e is None:
            continue
        if e.is_call:
            k = position[tuple([int(stack.block[a]) for a in e.genotypes[0]])]
            row, impossible = ln_ratio[k], never[k] if any_never[k] else None
        else:
            row = _soft_ratio(e, stack)
            impossible = np.isneginf(row)
        found.ln_lr[i, at] += row
        found.compared[i, at] += 1
        if impossible is not None:
            found.impossible[i, at] += impossible
        if block is not None:
            block[i, at] = row


def family_tables(
    samples: Sequence[Typed], columns: Sequence[Column], model: Model, *, progress: Progress = silent
) -> dict[str, list[_LocusTables]]:
    """Locus → its stacked tables, one stack a ploidy; a column without typed relatives there is left out.

    All families of a locus share one lumping (every allele seen anywhere in the screen stands alone), so their
    tables have one shape.
    """
    tasks: list[Task] = []
    where: list[tuple[str, int, int]] = []
    for locus in model.loci:
        apart = _seen_alleles(locus, samples, columns)
        for k, column in enumerate(columns):
            ploidy, seen = column.ploidy(locus), column.evidence.get(locus.name)
            if ploidy is not None and seen:
                tasks.append(Task(column.pedigree, locus, seen, (column.person,), apart))
                where.append((locus.name, ploidy, k))
    made: list[GenotypeTable] = []
    # many families: a locus at a time, so that what depends on the locus alone is computed once
    batch = len(columns) if len(columns) >= _MANY else _BATCH
    for start in range(0, len(tasks), batch):
        progress("family-tables", start, len(tasks))
        made.extend(tables(tasks[start : start + batch]))
    progress("family-tables", len(tasks), len(tasks))
    stacks: dict[tuple[str, int], list[int]] = {}
    for t, (name, ploidy, _) in enumerate(where):
        stacks.setdefault((name, ploidy), []).append(t)
    found: dict[str, list[_LocusTables]] = {}
    for (name, ploidy), members in stacks.items():
        one = made[members[0]]
        joint = np.stack([made[t].joint for t in members])
        at = np.array([where[t][2] for t in members], dtype=np.intp)
        found.setdefault(name, []).append(
            _LocusTables(model.locus[name], ploidy, at, one.block, one.frequencies, joint)
        )
    return found


def _seen_alleles(locus: Locus, samples: Sequence[Typed], columns: Sequence[Column]) -> frozenset[int]:
    """Alleles anybody shows; every allele, where some evidence is not a plain call."""
    seen: set[int] = set()
    pieces = [e for s in samples for e in s.evidence.get(locus.name, {}).values()]
    pieces += [e for c in columns for e in c.evidence.get(locus.name, {}).values()]
    for e in pieces:
        if not e.is_call:
            return frozenset(range(len(locus.alleles)))
        seen.update(e.genotypes[0])
    return frozenset(seen)


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


def _ln_ratios(found: _LocusTables) -> tuple[Floats, dict[tuple[int, ...], int]]:
    """ln LR of every unordered genotype, shape (genotypes, columns), and where each genotype stands."""
    p = found.frequencies
    n = len(p)
    if found.ploidy == 1:
        related, unrelated = found.joint, p
        position: dict[tuple[int, ...], int] = {(a,): a for a in range(n)}
    else:
        i, j = np.triu_indices(n)
        related, unrelated = found.joint[:, i, j], p[i] * p[j]
        position = {(a, b): k for k, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
        position |= {(b, a): k for (a, b), k in list(position.items())}
    totals = found.joint.reshape(len(found.columns), -1).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(related.T) - np.log(unrelated)[:, None] - np.log(totals)[None, :]
    ratio[:, totals <= 0] = -np.inf  # where even the references cannot be, no sample can
    return np.ascontiguousarray(ratio), position


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
