"""Everybody against everybody, sorted into blocks, and as the bytes that the browser draws."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from homeward.report.joint_view import SETTLED
from homeward.web.stored import StoredResult

__all__ = ["MEASURES", "Mark", "Matrix", "Measure", "encoded", "matrix_of"]

Floats = NDArray[np.float64]
Measure = Literal["lr", "posterior"]
MEASURES: tuple[Measure, ...] = ("lr", "posterior")
MarkKind = Literal["settled", "shared", "open", "sex"]
_TIED = 0.05
"""Posterior from which a sample and a name stand in one block."""
_MOST_OPEN = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """Something said of a cell: ``settled`` (one name is proposed), ``shared`` (several names share several samples),
    ``open`` (undecided), ``sex`` (the sexes contradict)."""

    row: int
    col: int
    kind: MarkKind


@dataclass(frozen=True, eq=False)
class Matrix:
    """Missing persons × samples, in blocks. ``order_rows``, ``order_cols``: places in the stored result.

    ``individual``: of each column, the number of the individual that the joint answer puts the sample to.
    ``blocks``: (first row, rows, first column, columns) of what hangs together.
    """

    rows: tuple[str, ...]
    cols: tuple[str, ...]
    individual: tuple[int, ...]
    order_rows: NDArray[np.intp]
    order_cols: NDArray[np.intp]
    blocks: tuple[tuple[int, int, int, int], ...]
    marks: tuple[Mark, ...]


def family_of(missing: str) -> str:
    """The family that a missing person's id names; of somebody listed his own id."""
    return missing.partition("/")[0]


@lru_cache(maxsize=4)
def matrix_of(result: StoredResult) -> Matrix:
    """The blocks of a result: samples and names that are tied, kin and fragments of one individual with them."""
    bodies = [result.number_of[s] for s in result.samples]
    p = np.nan_to_num(result.posterior)
    groups = _components(result, bodies, p)
    best = {k: max((float(p[i].max(initial=0.0)) for i in cols), default=-1.0) for k, (_, cols) in groups.items()}
    order = sorted(groups, key=lambda k: (not groups[k][0] or not groups[k][1], -best[k], k))
    rows: list[int] = []
    cols: list[int] = []
    blocks = []
    for k in order:
        names, samples = _sorted_block(*groups[k], p, bodies, result)
        if names and samples:
            blocks.append((len(rows), len(names), len(cols), len(samples)))
        rows += names
        cols += samples
    order_rows, order_cols = np.array(rows, dtype=np.intp), np.array(cols, dtype=np.intp)
    return Matrix(
        tuple(result.names[j] for j in rows),
        tuple(result.samples[i] for i in cols),
        tuple(bodies[i] for i in cols),
        order_rows,
        order_cols,
        tuple(blocks),
        tuple(_marks(result, order_rows, order_cols)),
    )


def _components(result: StoredResult, bodies: Sequence[int], p: Floats) -> dict[int, tuple[list[int], list[int]]]:
    """Names and samples that hang together, by the first of them."""
    n = len(result.names)
    head = list(range(n + len(result.samples)))

    def top(i: int) -> int:
        while head[i] != i:
            head[i] = head[head[i]]
            i = head[i]
        return i

    def join(i: int, j: int) -> None:
        a, b = top(i), top(j)
        head[max(a, b)] = min(a, b)

    tied = np.argwhere(p >= _TIED).tolist()
    for i, j in tied:
        join(j, n + i)
    at, name_at = {s: n + i for i, s in enumerate(result.samples)}, {m: j for j, m in enumerate(result.names)}
    for conclusion in result.joint.conclusions if result.joint is not None else ():
        # what is said of several names and samples together stands together, however small a share of it is
        together = [at[s] for s in conclusion.samples if s in at]
        together += [name_at[m] for m in conclusion.missing if m in name_at]
        for one in together:
            join(together[0], one)
    for things, start in (([family_of(m) for m in result.names], 0), (bodies, n)):
        first: dict[object, int] = {}
        for k, thing in enumerate(things):
            join(first.setdefault(thing, start + k), start + k)
    found: dict[int, tuple[list[int], list[int]]] = {}
    for k in range(len(head)):
        names, samples = found.setdefault(top(k), ([], []))
        (names if k < n else samples).append(k if k < n else k - n)
    return found


def _sorted_block(
    names: Sequence[int], samples: Sequence[int], p: Floats, bodies: Sequence[int], result: StoredResult
) -> tuple[list[int], list[int]]:
    """The individuals best known first, each family beside the one it is likeliest of."""
    if not names or not samples:
        return list(names), list(samples)
    part = p[np.ix_(samples, names)]
    of_body: dict[int, float] = {}
    for i, row in zip(samples, part.max(axis=1).tolist(), strict=True):
        of_body[bodies[i]] = max(of_body.get(bodies[i], 0.0), row)
    cols = sorted(samples, key=lambda i: (-of_body[bodies[i]], bodies[i], i))
    place = {i: k for k, i in enumerate(cols)}
    nearest = {j: place[samples[int(part[:, k].argmax())]] for k, j in enumerate(names)}
    of_family: dict[str, int] = {}
    for j in names:
        family = family_of(result.names[j])
        of_family[family] = min(of_family.get(family, len(cols)), nearest[j])
    rows = sorted(names, key=lambda j: (of_family[f := family_of(result.names[j])], f, nearest[j], j))
    return rows, cols


def _marks(result: StoredResult, rows: NDArray[np.intp], cols: NDArray[np.intp]) -> Iterator[Mark]:
    row = {result.names[j]: k for k, j in enumerate(rows.tolist())}
    col = {result.samples[i]: k for k, i in enumerate(cols.tolist())}
    for r, c in np.argwhere(result.sex[np.ix_(cols, rows)].T).tolist():
        yield Mark(r, c, "sex")
    if result.joint is None:
        return
    p = result.joint.posterior
    for conclusion in result.joint.conclusions:
        kind: MarkKind = (
            "settled" if conclusion.conclusion in SETTLED else "shared" if conclusion.conclusion == "group" else "open"
        )
        for sample in conclusion.samples:
            named = conclusion.missing
            if kind == "open" and not named:
                own = p.marginals[result.joint.at[sample], : len(p.names)]
                named = tuple(p.names[j] for j in np.argsort(-own)[:_MOST_OPEN].tolist() if own[j] >= _TIED)
            for missing in named:
                if sample in col and missing in row:
                    yield Mark(row[missing], col[sample], kind)


def encoded(result: StoredResult, matrix: Matrix, measure: Measure) -> bytes:
    """What the browser draws: the length of a JSON head (4 bytes, little-endian), the head, filled with spaces to a
    multiple of 4, and rows × columns of little-endian 32-bit floats; NaN = not compared, -inf = an LR of 0.
    """
    values = result.log10_lr if measure == "lr" else result.posterior
    ordered = values[np.ix_(matrix.order_cols, matrix.order_rows)].T
    head = {
        "measure": measure,
        "rows": matrix.rows,
        "families": [family_of(m) for m in matrix.rows],
        "cols": matrix.cols,
        "individuals": matrix.individual,
        "blocks": matrix.blocks,
        "marks": [(m.row, m.col, m.kind) for m in matrix.marks],
    }
    told = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    told += b" " * (-len(told) % 4)
    return struct.pack("<I", len(told)) + told + np.ascontiguousarray(ordered, dtype="<f4").tobytes()
