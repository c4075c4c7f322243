"""All remains against all missing persons: one table a family and locus, then look-ups.

A family table holds P(references, the missing person's genotype); the LR of any sample is read off it, so M
families and N samples cost M eliminations and N·M·L look-ups, never one likelihood a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Progress, Refusal, silent
from homeward.genetics import Locus, Model
from homeward.identify.soft import soft_ln_lr
from homeward.likelihood import GenotypeTable, Shapes, Task, stacked_tables, tables
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree

__all__ = [
    "Block",
    "Column",
    "FamilyTables",
    "LocusTables",
    "Screen",
    "Typed",
    "family_tables",
    "look_up",
    "refuse_impossible",
    "screen",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Counts = NDArray[np.int16]

_BATCH = 4096
"""Tables made between two progress reports."""
_STRANGER = "somebody unrelated"
_NEVER = -1e9
"""Stands for ln 0 while loci are added up, so that one sum also counts the loci that are impossible."""
_MANY = 256
"""Families from which on the loci are taken one by one."""


@dataclass(frozen=True, eq=False)
class Column:
    """One missing person: the pedigree he is in, and the evidence of his relatives, locus → person → evidence.

    ``haplotypes``: (person, sample) of everybody whose Y or mtDNA was typed.
    """

    id: str
    person: str
    pedigree: Pedigree
    evidence: dict[str, dict[str, Evidence]]
    haplotypes: tuple[tuple[str, str], ...] = ()

    @property
    def speaks_at_all(self) -> bool:
        """Whether anything was typed in his family."""
        return any(self.evidence.values()) or bool(self.haplotypes)

    def ploidy(self, locus: Locus) -> int | None:
        """Alleles he carries at a locus; None at an X locus if his own or a parent's sex is unknown."""
        if locus.kind == "autosomal":
            return 2
        if self._parent_of_unknown_sex:
            return None
        return {"male": 1, "female": 2, "unknown": None}[self.pedigree[self.person].sex]

    def speaks(self, locus: Locus) -> bool:
        """Whether anything is known of him there: typed relatives, or founders of another stated population."""
        return bool(self.evidence.get(locus.name)) or any(
            m.population in locus.elsewhere for m in self.pedigree if m.population
        )

    @cached_property
    def _parent_of_unknown_sex(self) -> bool:
        parents = {p for m in self.pedigree for p in (m.father, m.mother) if p is not None}
        return any(self.pedigree[p].sex == "unknown" for p in parents)


@dataclass(frozen=True, eq=False)
class Typed:
    """One sample's evidence: locus → what it says of a person with one or with two alleles there.

    ``haplotypes``: the samples, itself or those it was joined from, whose Y or mtDNA was typed.
    """

    id: str
    evidence: dict[str, dict[int, Evidence]]
    haplotypes: tuple[str, ...] = ()


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
class LocusTables:
    """The tables of every column typed at one locus, ready for look-ups.

    ``columns``: which they are; ``joint``: (columns, *alleles) P(references, the missing person's genotype), up to
    the factor whose natural log is ``ln_scale``, (columns,);
    ``stranger``: the same with somebody unrelated in his place, None where that is a product;
    ``row``: (alleles, alleles) the row of ``ln_ratio``
    that a genotype has, a haploid one at (a, a); ``ln_ratio``: (genotypes, columns) natural log LR, `_NEVER` where
    the LR is 0.
    """

    locus: Locus
    ploidy: int
    columns: Ints
    block: Ints
    frequencies: Floats
    joint: Floats
    ln_scale: Floats
    stranger: Floats | None
    row: Ints
    ln_ratio: Floats

    @cached_property
    def totals(self) -> Floats:
        """P(references of each column), up to the factor of ``ln_scale``."""
        return np.asarray(self.joint.reshape(len(self.columns), -1).sum(axis=1))


@dataclass(frozen=True, eq=False)
class FamilyTables:
    """The tables of all missing persons at all loci: made once, looked up for any number of samples.

    ``errors``: marker → largest relative standard error of its tables, where θ was integrated by sampling.
    """

    columns: tuple[Column, ...]
    model: Model
    stacks: dict[str, list[LocusTables]]
    errors: dict[str, float] = field(default_factory=dict)


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
    have likelihood zero; without ``refuse`` no sample can be of such a family. Raises ``zero-frequency`` for
    samples with an allele of frequency zero.
    """
    prepared = family_tables(columns, model, samples=samples, progress=progress)
    if refuse:
        refuse_impossible(prepared)
    return look_up(samples, prepared, each=each, progress=progress)


def look_up(
    samples: Sequence[Typed],
    prepared: FamilyTables,
    *,
    each: Callable[[Block], None] | None = None,
    progress: Progress = silent,
) -> Screen:
    """The LR of every sample against every missing person from tables made before, as `screen`."""
    shape = (len(samples), len(prepared.columns))
    total = np.zeros(shape)
    typed: list[tuple[Floats, Floats]] = []
    loci = prepared.model.loci
    for done, locus in enumerate(loci):
        progress("screen", done, len(loci))
        block = None if each is None else np.full(shape, np.nan)
        for stack in prepared.stacks.get(locus.name, ()):
            typed.append(_add_locus(samples, stack, total, block))
        if each is not None and block is not None:
            block[block <= 0.5 * _NEVER] = -np.inf
            each(Block(locus, block))
    progress("screen", len(loci), len(loci))
    impossible = np.rint(np.minimum(total, 0.0) / _NEVER).astype(np.int16)
    total[impossible > 0] = -np.inf
    return Screen(total, _compared(shape, typed), impossible)


def _compared(shape: tuple[int, int], typed: Sequence[tuple[Floats, Floats]]) -> Counts:
    """Loci typed in both, from which samples and which columns are typed at each."""
    if not typed:
        return np.zeros(shape, dtype=np.int16)
    samples, columns = (np.array(part, dtype=np.float32) for part in zip(*typed, strict=True))
    return np.asarray(np.rint(samples.T @ columns), dtype=np.int16)


def _add_locus(
    samples: Sequence[Typed], stack: LocusTables, total: Floats, block: Floats | None
) -> tuple[Floats, Floats]:
    """Add one locus to the totals, row by row: a row is one look-up for all missing persons.

    Returns which samples and which columns are typed there, as zeros and ones.
    """
    everybody = len(stack.columns) == total.shape[1]
    rows = _rows(samples, stack)
    for i, row in rows:
        if everybody:
            np.add(total[i], row, out=total[i])
        else:
            total[i, stack.columns] += row
        if block is not None:
            block[i, stack.columns] = row
    typed, at = np.zeros(len(samples)), np.zeros(total.shape[1])
    typed[[i for i, _ in rows]] = 1.0
    at[stack.columns] = 1.0
    return typed, at


def _rows(samples: Sequence[Typed], stack: LocusTables) -> list[tuple[int, Floats]]:
    """Which samples are typed, and each one's ln LR against all columns of the stack."""
    rows: list[tuple[int, Floats]] = []
    soft: list[tuple[int, Evidence]] = []
    row, block, ln_ratio = stack.row.tolist(), stack.block.tolist(), stack.ln_ratio
    for i, sample in enumerate(samples):
        e = sample.evidence.get(stack.locus.name, {}).get(stack.ploidy)
        if e is None:
            continue
        if not e.is_call:
            soft.append((i, e))
            continue
        g = e.genotypes[0]
        k = row[block[g[0]]][block[g[-1]]]
        if k < 0:
            raise Refusal([_zero_frequency(sample, stack.locus)])
        rows.append((i, ln_ratio[k]))
    if soft:
        seen = [e for _, e in soft]
        found, whose = soft_ln_lr(seen, stack.block, stack.joint, stack.stranger, stack.frequencies)
        np.maximum(found, _NEVER, out=found)
        rows.extend((i, found[k]) for (i, _), k in zip(soft, whose, strict=True))
    return rows


def _zero_frequency(sample: Typed, locus: Locus) -> Fault:
    return Fault(
        "zero-frequency",
        f"sample {sample.id} has an allele at {locus.name} that the population table gives the frequency zero",
        "set a minimum_frequency in [model], or correct the table",
        sample=sample.id,
        marker=locus.name,
    )


def family_tables(
    columns: Sequence[Column],
    model: Model,
    *,
    samples: Sequence[Typed] | None = None,
    progress: Progress = silent,
) -> FamilyTables:
    """The tables of every missing person at every locus; a column without typed relatives there is left out.

    All families of a locus share one lumping, so their tables have one shape: every allele that ``samples`` or
    relatives show stands alone, or every allele if the samples are yet to come (None).
    """
    related = _joint_tables(columns, [(c.pedigree, c.person) for c in columns], model, samples, progress)
    stacks: dict[str, list[LocusTables]] = {}
    if any(model.theta_at(locus) > 0 for locus in model.loci):
        # references and an unrelated person share an urn: what they show is not independent
        beside = _joint_tables(columns, [(_beside(c), _STRANGER) for c in columns], model, samples, progress)
        strangers: list[Floats | None] = [
            t.joint * np.exp(t.ln_scale - own.ln_scale).reshape(-1, *(1,) * t.ploidy)
            for t, own in zip(beside, related, strict=True)
        ]
    else:
        beside, strangers = [], [None] * len(related)
    for t, stranger in zip(related, strangers, strict=True):
        stacks.setdefault(t.locus.name, []).append(_with_ratios(t, stranger))
    errors: dict[str, float] = {}
    for t in (*related, *beside):
        if t.relative_error > 0:
            errors[t.locus.name] = max(t.relative_error, errors.get(t.locus.name, 0.0))
    return FamilyTables(tuple(columns), model, stacks, errors)


def _beside(column: Column) -> Pedigree:
    """The family with an unrelated person of the missing person's sex beside it."""
    return Pedigree([*column.pedigree, Member(_STRANGER, sex=column.pedigree[column.person].sex)])


@dataclass(frozen=True, eq=False)
class _Joint:
    """P(references, genotype of one person of each column) at one locus: ``joint`` (columns, *alleles)."""

    locus: Locus
    ploidy: int
    columns: Sequence[int]
    block: Ints
    frequencies: Floats
    joint: Floats
    ln_scale: Floats
    relative_error: float


def _joint_tables(
    columns: Sequence[Column],
    who: Sequence[tuple[Pedigree, str]],
    model: Model,
    samples: Sequence[Typed] | None,
    progress: Progress,
) -> list[_Joint]:
    """The tables of one person a column, ``who``: his pedigree and id; grouped by locus, ploidy and shape."""
    found: list[_Joint] = []
    tasks: list[Task] = []
    where: list[tuple[Locus, int, int]] = []
    shapes = Shapes()
    for done, locus in enumerate(model.loci):
        progress("family-tables", done, len(model.loci))
        apart, all_called = _seen_alleles(locus, samples, columns)
        theta = model.theta_at(locus)
        by_ploidy: dict[int, list[int]] = {}
        for k, column in enumerate(columns):
            ploidy = column.ploidy(locus)
            if ploidy is not None and column.speaks(locus):
                by_ploidy.setdefault(ploidy, []).append(k)
        for ploidy, at in by_ploidy.items():
            plain = [k for k in at if all_called and _plain(columns[k], locus)]
            if len(plain) >= _MANY:
                families = [(who[k][0], columns[k].evidence[locus.name], who[k][1]) for k in plain]
                many = stacked_tables(locus, families, apart, shapes, theta)
                sizes = (many.joint, many.ln_scale, many.relative_error)
                found.append(_Joint(locus, ploidy, plain, many.block, many.frequencies, *sizes))
                at = sorted(set(at) - set(plain))
            tasks.extend(
                Task(who[k][0], locus, columns[k].evidence.get(locus.name, {}), (who[k][1],), apart, theta) for k in at
            )
            where.extend((locus, ploidy, k) for k in at)
    made: list[GenotypeTable] = []
    for start in range(0, len(tasks), _BATCH):
        progress("family-tables", start, len(tasks))
        made.extend(tables(tasks[start : start + _BATCH]))
    for (locus, ploidy), group in groupby(range(len(tasks)), key=lambda t: where[t][:2]):
        members = list(group)
        joint = np.stack([made[t].joint for t in members])
        one = made[members[0]]
        ln_scale = np.array([made[t].ln_scale for t in members])
        at = [where[t][2] for t in members]
        error = max(made[t].relative_error for t in members)
        found.append(_Joint(locus, ploidy, at, one.block, one.frequencies, joint, ln_scale, error))
    return found


def _with_ratios(t: _Joint, stranger: Floats | None) -> LocusTables:
    """Tables of one shape with the log of every genotype's LR beside them."""
    p = t.frequencies
    n = len(p)
    flat = t.joint.reshape(len(t.columns), -1)
    row = np.full((n, n), -1, dtype=np.intp)
    if t.ploidy == 1:
        cells, unrelated = np.arange(n), p
        row[cells, cells] = cells
    else:
        i, j = np.triu_indices(n)
        cells, unrelated = i * n + j, p[i] * p[j]
        row[i, j] = row[j, i] = np.arange(len(i))
    # an allele that nobody can have has no ratio; `_rows` refuses a sample that shows it
    row[p <= 0, :] = row[:, p <= 0] = -1
    totals = flat.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        if stranger is None:
            below = unrelated[:, None] * totals[None, :]
        else:
            below = np.take(stranger.reshape(len(t.columns), -1), cells, axis=1).T
        ratio = np.log(np.take(flat, cells, axis=1).T / below)
    np.maximum(ratio, _NEVER, out=ratio)
    ratio[:, totals <= 0] = _NEVER  # where even the references cannot be, no sample can
    at = np.array(t.columns, dtype=np.intp)
    return LocusTables(t.locus, t.ploidy, at, t.block, p, t.joint, t.ln_scale, stranger, row, ratio)


def _plain(column: Column, locus: Locus) -> bool:
    """Whether nothing was seen of the missing person himself and no twins' calls are to be joined."""
    seen = column.evidence.get(locus.name, {})
    return bool(seen) and column.person not in seen and not column.pedigree.twins


def _seen_alleles(
    locus: Locus, samples: Sequence[Typed] | None, columns: Sequence[Column]
) -> tuple[frozenset[int], bool]:
    """Alleles to keep apart, and whether the relatives' evidence is plain calls.

    Those that anybody's evidence treats unlike the others; all, if the samples are yet to come.
    """
    n = len(locus.alleles)
    every = [e for c in columns for e in c.evidence.get(locus.name, {}).values()]
    called = all(e.is_call for e in every)
    every += [e for s in samples or () for e in s.evidence.get(locus.name, {}).values()]
    seen: set[int] = set(range(n) if samples is None else ())
    for e in every:
        if len(seen) < n:
            seen.update(e.genotypes[0] if e.is_call else e.told_apart(n))
    return frozenset(seen), called


def refuse_impossible(prepared: FamilyTables) -> None:
    markers: dict[str, list[str]] = {}
    for stacks in prepared.stacks.values():
        for stack in stacks:
            for k in stack.columns[stack.totals <= 0]:
                markers.setdefault(prepared.columns[k].id, []).append(stack.locus.name)
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
