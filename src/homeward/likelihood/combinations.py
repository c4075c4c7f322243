"""P(evidence) for every combination of what several persons of one pedigree may show besides, by one elimination.

Beside its alleles every array carries rows: one for each choice of the persons it has summed so far. Rows of exactly
zero go as soon as they arise, and so do those in which more persons show the same than can.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from homeward.likelihood.engine import Task, laid_out
from homeward.likelihood.execute import LARGEST
from homeward.likelihood.planner import Scope, Step, plan_elimination
from homeward.observe import Evidence

__all__ = ["Part", "combinations"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Counts = NDArray[np.int16]

_ALLELES, _CHOICES = 8, 4
"""Dimensions that an order of elimination is planned for, so that all loci of a family share one."""
_AT_ONCE = 1 << 20
"""Numbers of a product held beside what is kept of it."""
_LEAST = 1e-250
"""Likelihoods from which on nothing has been lost below the least double."""


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the targets, whose choices do not depend on those of the others.

    ``targets``: which, in order; ``chosen``: (rows, targets) 0 for nothing more, k for the k-th evidence that may be
    shown, counted from 1; ``ln``: (rows,) natural log of this part's factor. The first row is all zeros, and what is
    impossible has no row; ``complete``: nothing was. The product over parts is P(evidence) up to a factor that no
    choice changes.
    """

    targets: tuple[int, ...]
    chosen: Counts
    ln: Floats
    complete: bool


class _NotAtOnce(Exception):
    """An array would not fit in memory, or nothing is possible."""


def combinations(
    task: Task, shown: Sequence[Evidence], may: Sequence[Sequence[int]], most: Sequence[int]
) -> list[Part] | None:
    """Every combination of what the task's targets show besides its evidence, without theta.

    ``shown``: pieces of evidence; ``may``: for each target the places among them that it may show; ``most``: for each
    piece how many targets may show it at once. None where that is too large to be done at once, or too close to
    what a double can hold, or impossible even when nothing more is shown.
    """
    alleles = len(task.locus.alleles)
    told = [e.genotypes[0] if e.is_call else e.told_apart(alleles) for e in shown]
    apart = task.apart.union(*told)
    net, factors, block, blocks = laid_out(Task(task.pedigree, task.locus, task.evidence, task.targets, apart))
    first = np.array([int(np.flatnonzero(block == b)[0]) for b in range(blocks)])
    dims = tuple(d if v in net.binary else blocks for v, d in enumerate(net.dims(blocks)))
    planned = net.dims(_ALLELES)
    rows = [_constant(f, scope, len(shown)) for f, scope in zip(factors, net.scopes, strict=True)]
    scopes, choices = list(net.scopes), []
    keep = iter(net.keep)
    for t, places in enumerate(may):
        ploidy = 1 if task.locus.kind == "X" and task.pedigree[task.targets[t]].sex == "male" else 2
        scope = tuple(next(keep) for _ in range(ploidy))
        if not places:
            continue
        values = [np.ones((blocks,) * ploidy)]
        values += [shown[k].ordered(alleles)[np.ix_(*([first] * ploidy))] for k in places]
        rows.append(_choices(t, places, np.stack(values), scope, len(shown)))
        choices.append(len(planned))
        planned = (*planned, _CHOICES)
        scopes.append((*scope, choices[-1]))
    plan = plan_elimination(tuple(scopes), planned, tuple(choices))
    slots = dict(enumerate(rows))
    try:
        for new, step in enumerate(plan.steps, len(rows)):
            a, b = slots.pop(step.a), None if step.b is None else slots.pop(step.b)
            slots[new] = _step(a, b, step, dims, np.array(most))
    except _NotAtOnce:
        return None
    return _parts(list(slots.values()))


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """An array over alleles for each choice of some targets; ``counts``: (rows, shown) how many show each piece.

    ``complete``: no row was left out for being zero.
    """

    targets: tuple[int, ...]
    chosen: Counts
    counts: Counts
    scope: Scope
    array: Floats
    complete: bool = True


def _constant(factor: Floats, scope: Scope, shown: int) -> _Rows:
    return _Rows((), np.zeros((1, 0), np.int16), np.zeros((1, shown), np.int16), scope, factor)


def _choices(target: int, places: Sequence[int], values: Floats, scope: Scope, shown: int) -> _Rows:
    chosen = np.array([0, *(k + 1 for k in places)], np.int16)
    counts = (chosen[:, None] == np.arange(1, shown + 1)).astype(np.int16)
    return _Rows((target,), chosen[:, None], counts, scope, values)


def _step(a: _Rows, b: _Rows | None, step: Step, dims: tuple[int, ...], most: Ints) -> _Rows:
    """One step of the plan on every row; the choices of different targets never meet in an array's axes."""
    alleles = len(dims)
    gone = tuple(v for v in step.out_of if v < alleles)
    if b is None:
        axes = tuple(a.scope.index(v) + 1 for v in gone)
        scope = tuple(v for v in a.scope if v not in gone)
        return _possible(replace(a, scope=scope, array=a.array.sum(axis=axes)))
    together = tuple(v for v in a.scope if v in b.scope and v not in gone)
    left = tuple(v for v in a.scope if v not in b.scope)
    right = tuple(v for v in b.scope if v not in a.scope)
    scope = together + left + right
    sizes = [prod(dims[v] for v in part) for part in (together, left, right, gone)]
    x = _laid(a, together + left + gone).reshape(len(a.array), sizes[0], sizes[1], sizes[3])
    y = _laid(b, together + gone + right).reshape(len(b.array), sizes[0], sizes[3], sizes[2])
    found: list[tuple[Ints, Ints, Floats]] = []
    held, size, complete = 0, sizes[0] * sizes[1] * sizes[2], a.complete and b.complete
    for i, j, z in _products(a, b, x, y, most):
        some = z.reshape(len(i), size).any(axis=1)
        if not some.all():
            i, j, z, complete = i[some], j[some], z[some], False
        found.append((i, j, z.reshape(len(i), *(dims[v] for v in scope))))
        held += len(i) * size
        if held > LARGEST:
            raise _NotAtOnce
    if not held:
        raise _NotAtOnce
    i, j, array = (np.concatenate(each) for each in zip(*found, strict=True))
    return _Rows(
        a.targets + b.targets,
        np.concatenate([a.chosen[i], b.chosen[j]], axis=1),
        a.counts[i] + b.counts[j],
        scope,
        array,
        complete,
    )


def _laid(rows: _Rows, scope: Scope) -> Floats:
    return rows.array.transpose(0, *(rows.scope.index(v) + 1 for v in scope))


def _products(a: _Rows, b: _Rows, x: Floats, y: Floats, most: Ints) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Rows of both that can be together and their products, some at a time.

    ``x``: (rows, shared, left, gone); ``y``: (rows, shared, gone, right); products: (pairs, shared, left, right).
    """
    one, other = len(x), len(y)
    shared, left, gone = x.shape[1:]
    each = shared * left * y.shape[3]
    lines = max(1, _AT_ONCE // (other * each))
    flat = np.ascontiguousarray(y[:, 0].transpose(1, 0, 2)).reshape(gone, -1) if shared == 1 < gone else None
    for start in range(0, one, lines):
        end = min(start + lines, one)
        fits = np.ones((end - start, other), dtype=bool)
        if a.targets and b.targets:
            for k, limit in enumerate(most.tolist()):
                fits &= a.counts[start:end, k, None] + b.counts[None, :, k] <= limit
        i, j = np.nonzero(fits)
        if flat is not None:
            # with nothing shared all products of these rows are one product of matrices
            z = (x[start:end].reshape(-1, gone) @ flat).reshape(end - start, left, other, -1)
            yield i + start, j, z[i, :, j]
            continue
        at_once = max(1, _AT_ONCE // (each * gone))
        for part in range(0, len(i), at_once):
            p, q = i[part : part + at_once] + start, j[part : part + at_once]
            yield p, q, x[p] * y[q] if gone == 1 else x[p] @ y[q]


def _possible(rows: _Rows) -> _Rows:
    some = rows.array.reshape(len(rows.array), -1).any(axis=1)
    if not some.any():
        raise _NotAtOnce
    if some.all():
        return rows
    return _Rows(rows.targets, rows.chosen[some], rows.counts[some], rows.scope, rows.array[some], False)


def _parts(slots: Sequence[_Rows]) -> list[Part] | None:
    found = []
    for rows in slots:
        values = rows.array.reshape(len(rows.array))
        if not len(values) or values.min() < _LEAST or rows.chosen[0].any():
            return None
        order = np.argsort(rows.targets)
        if rows.targets:
            found.append(Part(tuple(sorted(rows.targets)), rows.chosen[:, order], np.log(values), rows.complete))
    return found
