"""Mutation matrices: the models in use, the transformations that make them stationary, and what a matrix is.

A matrix has shape (alleles, alleles): row = parental allele, column = child's allele, entries are probabilities
per meiosis and rows sum to one. Mothers and fathers have a matrix each.

Sources: Dawid, Mortera and Pascali 2001, Forensic Sci Int 124:55 (proportional, stepwise); Dawid 2002,
Forensic Sci Int 127:1 (the reversible stepwise model); Kling, Tillmar and Egeland 2014, Forensic Sci Int
Genet 13:121 (extended stepwise, ``rate2``); Simonsson and Mostad 2016, Forensic Sci Int Genet 23:217
(stationary); Egeland, Pinto and Amorim 2017, Forensic Sci Int Genet 29:189 (reversible: MH, BA, PR);
Kemeny and Snell 1976, Finite Markov Chains (lumping).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from homeward.faults import Fault, Refusal
from homeward.genetics.alleles import fraction, repeats

__all__ = [
    "MutationModel",
    "Transform",
    "is_always_lumpable",
    "is_lumpable",
    "is_reversible",
    "is_stationary",
    "mutation_matrix",
    "overall_rate",
    "transformed",
]

Floats = NDArray[np.float64]
MutationModel = Literal["none", "equal", "proportional", "random", "onestep", "stepwise", "dawid", "custom"]
Transform = Literal["stationary", "PM", "MH", "BA", "PR"]

_ROUNDING = 1e-14
"""What a sum of a few dozen doubles near one may be off by."""
_ROW_SUM = 1e-6
"""How far the rows of a matrix typed by a person may be from one; they are rescaled."""


def mutation_matrix(
    model: MutationModel,
    alleles: Sequence[str],
    frequencies: Floats | Sequence[float],
    *,
    rate: float = 0.0,
    rate2: float = 0.0,
    range: float = 0.1,
    matrix: Mapping[str, Mapping[str, float]] | Floats | None = None,
    seed: int | None = None,
    transform: Transform | None = None,
    silent: int | None = None,
) -> Floats:
    """The matrix of a model, shape (alleles, alleles).

    ``rate``, ``rate2``: probability per meiosis in [0, 1]. *equal*: every other allele alike. *proportional*: the
    child's allele in proportion to its frequency, ``rate`` over the whole population. *random*: each row's ``rate``
    spread at random, by ``seed``. *onestep*: the existing alleles one repeat away share ``rate``. *stepwise*: within
    a microvariant class in proportion to ``range`` to the power of the steps, ``rate`` in all; to other classes
    ``rate2`` in all, every allele alike. *dawid*: reversible, in proportion to ``range`` to the power of the steps
    over the parental allele's frequency, ``rate`` over the whole population; whole repeats only. *custom*:
    ``matrix``, as allele → allele → probability or an array in the order of ``alleles``. *none*: identity.
    ``transform``: see `transformed`. ``silent``: position of the silent allele, which neither mutates nor arises
    unless a custom matrix has a row and a column for it; rates over the whole population stay what they are.

    Raises `Refusal` with codes ``mutation-model``, ``mutation-rate``, ``mutation-range``, ``mutation-alleles``,
    ``mutation-matrix``, and with a transformation ``mutation-transform``.
    """
    p = np.asarray(frequencies, dtype=np.float64)
    if silent is not None and not _named(matrix, alleles, alleles[silent]):
        seen = np.arange(p.size) != silent
        whole = np.eye(p.size)
        whole[np.ix_(seen, seen)] = mutation_matrix(
            model,
            [a for i, a in enumerate(alleles) if i != silent],
            p[seen],
            rate=rate,
            rate2=rate2,
            range=range,
            matrix=matrix,
            seed=seed,
            transform=transform,
        )
        return whole
    if transform is not None:
        plain = mutation_matrix(model, alleles, p, rate=rate, rate2=rate2, range=range, matrix=matrix, seed=seed)
        return transformed(plain, p, transform)
    faults = list(_faults(model, alleles, p, rate, rate2, range))
    if faults:
        raise Refusal(faults)
    if model == "none":
        return np.eye(len(alleles))
    if model == "custom" or (model == "random" and matrix is not None):
        return _custom(alleles, matrix)
    if model == "equal":
        off = np.full((p.size, p.size), rate / max(p.size - 1, 1))
    elif model == "proportional":
        off = _proportional(p, rate)
    elif model == "random":
        off = _random(p.size, rate, 0 if seed is None else seed)
    elif model == "onestep":
        off = _one_step(alleles, rate)
    elif model == "stepwise":
        off = _stepwise(alleles, rate, rate2, range)
    else:
        off = _dawid(alleles, p, rate, range)
    return _closed(off, "mutation-rate", f"rate {rate:g} is too high for the model {model} with these frequencies")


def transformed(matrix: Floats, frequencies: Floats | Sequence[float], method: Transform) -> Floats:
    """A matrix for which the frequencies are stationary, made from another one; the overall rate is kept.

    ``stationary`` (or PM): row i's mutations multiplied by c·q_i/p_i, q being the stationary distribution of the
    given matrix (Simonsson and Mostad). Reversible ones (Egeland, Pinto and Amorim), with a = p_i m_ij and
    b = p_j m_ji: ``MH`` min(a, b), ``BA`` ab/(a+b), ``PR`` (a+b)/2, each divided by p_i; MH and BA are then scaled
    to the overall rate of the given matrix.

    Raises `Refusal` with code ``mutation-transform`` where no such matrix exists: a frequency of zero, a
    stationary distribution that is not unique, a diagonal below zero.
    """
    m = np.asarray(matrix, dtype=np.float64)
    p = np.asarray(frequencies, dtype=np.float64)
    if method not in ("stationary", "PM", "MH", "BA", "PR"):
        raise _refusal("mutation-transform", f"{method!r} is not a transformation", "use stationary, MH, BA or PR")
    off = _off_diagonal(m)
    if not off.any():
        return np.eye(p.size)
    if (p <= 0).any():
        raise _refusal(
            "mutation-transform",
            f"the transformation {method} needs every frequency above zero",
            "set a minimum frequency or leave out alleles never seen",
        )
    wanted = float(p @ off.sum(axis=1))
    if method in ("stationary", "PM"):
        flow = _stationary_distribution(off)[:, None] * off
    else:
        a = p[:, None] * off
        flow = _balanced(a, a.T, method)
    kept = float(flow.sum())
    if kept <= 0:
        raise _refusal(
            "mutation-transform",
            f"the transformation {method} leaves no mutation at all: no pair of alleles mutates both ways",
            "use PR, or a model whose mutations go both ways",
        )
    scale = 1.0 if method == "PR" else wanted / kept
    return _closed(
        scale * flow / p[:, None],
        "mutation-transform",
        f"the transformation {method} does not exist for this matrix: a rare allele would mutate more than always",
    )


def overall_rate(matrix: Floats, frequencies: Floats | Sequence[float]) -> float:
    """Probability that a meiosis of a random allele mutates: Σ p_i (1 − m_ii)."""
    return float(np.asarray(frequencies, dtype=np.float64) @ _off_diagonal(matrix).sum(axis=1))


def is_stationary(matrix: Floats, frequencies: Floats | Sequence[float]) -> bool:
    """Whether p M = p: the frequencies stay the same from one generation to the next."""
    flow = np.asarray(frequencies, dtype=np.float64)[:, None] * _off_diagonal(matrix)
    return bool(np.abs(flow.sum(axis=0) - flow.sum(axis=1)).max() <= _tolerance(float(flow.sum())))


def is_reversible(matrix: Floats, frequencies: Floats | Sequence[float]) -> bool:
    """Whether p_i m_ij = p_j m_ji for all pairs: parent and child may change places."""
    flow = np.asarray(frequencies, dtype=np.float64)[:, None] * _off_diagonal(matrix)
    return bool(np.abs(flow - flow.T).max() <= _tolerance(float(flow.sum())))


def is_lumpable(matrix: Floats, alleles: Sequence[str], subset: Iterable[str]) -> bool:
    """Whether the alleles of ``subset`` may be merged into one without error.

    True if each allele outside is reached with the same probability from all alleles of ``subset``.
    Raises ValueError for an allele that is not among ``alleles``.
    """
    inside = np.zeros(len(alleles), dtype=bool)
    for allele in subset:
        inside[list(alleles).index(allele)] = True
    block = np.asarray(matrix, dtype=np.float64)[np.ix_(inside, ~inside)]
    if block.size == 0:
        return True
    return bool(np.ptp(block, axis=0).max() <= _tolerance(float(block.max())))


def is_always_lumpable(matrix: Floats) -> bool:
    """Whether any subset of alleles may be merged: every column is constant off the diagonal."""
    m = np.asarray(matrix, dtype=np.float64)
    if len(m) <= 2:
        return True
    outside = ~np.eye(len(m), dtype=bool)
    spread = np.where(outside, m, -np.inf).max(axis=0) - np.where(outside, m, np.inf).min(axis=0)
    return bool(spread.max() <= _tolerance(float(m[outside].max())))


def _faults(model: str, alleles: Sequence[str], p: Floats, rate: float, rate2: float, range: float) -> Iterable[Fault]:
    if model not in ("none", "equal", "proportional", "random", "onestep", "stepwise", "dawid", "custom"):
        yield Fault("mutation-model", f"{model!r} is not a mutation model", "see the list in the case folder's spec")
        return
    if model in ("none", "custom"):
        return
    if not 0.0 <= rate <= 1.0:
        yield Fault("mutation-rate", f"rate {rate:g} is not a probability", "give a rate from 0 to 1", column="rate")
    elif model == "stepwise" and not (0.0 <= rate2 <= 1.0 and rate + rate2 <= 1.0):
        yield Fault(
            "mutation-rate",
            f"rate2 {rate2:g} is not a probability, or with rate {rate:g} more than one",
            "give a rate2 from 0 to 1 - rate",
            column="rate2",
        )
    if model in ("stepwise", "dawid") and not 0.0 < range <= 1.0:
        yield Fault("mutation-range", f"range {range:g} is not above 0 and at most 1", "0.1 is usual", column="range")
    if model in ("onestep", "stepwise", "dawid"):
        yield from _name_faults(model, alleles)
    if model == "dawid" and (p <= 0).any():
        yield Fault(
            "mutation-rate",
            "the model dawid needs every frequency above zero",
            "set a minimum frequency or leave out alleles never seen",
        )


def _name_faults(model: str, alleles: Sequence[str]) -> Iterable[Fault]:
    nameless = [a for a in alleles if repeats(a) is None]
    if nameless:
        yield Fault(
            "mutation-alleles",
            f"the model {model} counts repeats, and {', '.join(nameless)} is not a number",
            'if it is the unnamed rest, leave it out and set sum_policy "rescale"; or use equal or proportional',
        )
    elif model == "dawid" and any(fraction(a) for a in alleles):
        yield Fault(
            "mutation-alleles",
            "the model dawid knows whole repeats only, and the marker has microvariants",
            "use stepwise with rate2 and a reversible transform",
        )


def _named(matrix: Mapping[str, Mapping[str, float]] | Floats | None, alleles: Sequence[str], allele: str) -> bool:
    """Whether a matrix from a file or an array speaks of this allele."""
    if isinstance(matrix, Mapping):
        return allele in matrix or any(allele in row for row in matrix.values())
    return matrix is not None and len(matrix) == len(alleles)


def _proportional(p: Floats, rate: float) -> Floats:
    # p sums to less than one where a silent allele, which does not mutate, has the rest
    heterozygosity = float((p * (p.sum() - p)).sum())
    alpha = rate / heterozygosity if p.size > 1 and heterozygosity > 0 else 0.0
    return np.tile(alpha * p, (p.size, 1))


def _random(n: int, rate: float, seed: int) -> Floats:
    off = np.random.default_rng(seed).random((n, n))
    np.fill_diagonal(off, 0.0)
    total = off.sum(axis=1, keepdims=True)
    spread: Floats = np.divide(rate * off, total, out=np.zeros_like(off), where=total > 0)
    return spread


def _steps(alleles: Sequence[str]) -> tuple[NDArray[np.int_], NDArray[np.bool_]]:
    """Repeats between each pair, and whether the two are of one microvariant class."""
    whole = np.array([repeats(a) for a in alleles], dtype=np.int_)
    part = np.array([fraction(a) for a in alleles], dtype=np.int_)
    return np.abs(whole[:, None] - whole), part[:, None] == part


def _one_step(alleles: Sequence[str], rate: float) -> Floats:
    steps, same = _steps(alleles)
    neighbours = ((steps == 1) & same).astype(np.float64)
    off: Floats = rate * neighbours / np.maximum(neighbours.sum(axis=1, keepdims=True), 1.0)
    return off


def _stepwise(alleles: Sequence[str], rate: float, rate2: float, range: float) -> Floats:
    steps, same = _steps(alleles)
    nearby = same & (steps > 0)
    # Relative to the nearest allele of the class, so that a far neighbour does not underflow to zero.
    nearest = np.where(nearby, steps, np.iinfo(np.int_).max).min(axis=1, keepdims=True)
    within = np.where(nearby, range ** np.where(nearby, steps - nearest, 0).astype(np.float64), 0.0)
    total = within.sum(axis=1, keepdims=True)
    near = rate * np.divide(within, total, out=np.zeros_like(within), where=total > 0)
    others = (~same).sum(axis=1, keepdims=True)
    off: Floats = near + np.where(same, 0.0, rate2 / np.maximum(others, 1))
    return off


def _dawid(alleles: Sequence[str], p: Floats, rate: float, range: float) -> Floats:
    steps, _ = _steps(alleles)
    flow = range ** steps.astype(np.float64)
    np.fill_diagonal(flow, 0.0)
    total = float(flow.sum())
    return rate * flow / total / p[:, None] if total > 0 else flow


def _custom(alleles: Sequence[str], matrix: Mapping[str, Mapping[str, float]] | Floats | None) -> Floats:
    if matrix is None:
        raise _refusal("mutation-matrix", "the model custom needs a matrix", "name the file of the matrix")
    if isinstance(matrix, Mapping):
        named = set(matrix) | {child for row in matrix.values() for child in row}
        whole = all(a in matrix and all(b in matrix[a] for b in alleles) for a in alleles)
        if named != set(alleles) or not whole:
            odd = sorted(named ^ set(alleles))
            raise _refusal(
                "mutation-matrix",
                "the matrix and the frequencies name different alleles" + (f": {', '.join(odd)}" if odd else ""),
                "give a row and a column for each allele of the population table and each allele typed, and no others",
            )
        m = np.array([[matrix[a][b] for b in alleles] for a in alleles], dtype=np.float64)
    else:
        m = np.array(matrix, dtype=np.float64)
    if m.shape != (len(alleles), len(alleles)) or not np.isfinite(m).all() or (m < 0).any():
        raise _refusal("mutation-matrix", "the matrix is not square, or an entry is below zero", "correct the matrix")
    sums = m.sum(axis=1, keepdims=True)
    if np.abs(sums - 1.0).max() > _ROW_SUM:
        worst = alleles[int(np.abs(sums - 1.0).argmax())]
        raise _refusal("mutation-matrix", f"the row of allele {worst} does not sum to one", "correct the row")
    return m if np.abs(sums - 1.0).max() <= _ROUNDING else m / sums


def _balanced(a: Floats, b: Floats, method: str) -> Floats:
    """The symmetric flow between alleles that Metropolis–Hastings, Barker or the mean make of a and b."""
    if method == "MH":
        return np.minimum(a, b)
    if method == "PR":
        return (a + b) / 2
    total = a + b
    return np.divide(a * b, total, out=np.zeros_like(a), where=total > 0)


def _stationary_distribution(off: Floats) -> Floats:
    """The distribution q with q M = q, by state reduction (Grassmann, Taksar and Heyman 1985): no subtractions."""
    n = len(off)
    rates = off / off.max()
    reach = (rates > 0) | np.eye(n, dtype=bool)
    for _ in range(max(1, (n - 1).bit_length())):
        reach = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
    if not reach.all():
        raise _refusal(
            "mutation-transform",
            "the stationary transformation is not unique: some alleles never mutate into some others",
            "give rate2 above zero, or use MH, BA or PR",
        )
    for k in range(n - 1, 0, -1):
        rates[:k, k] /= rates[k, :k].sum()
        rates[:k, :k] += np.outer(rates[:k, k], rates[k, :k])
    q = np.ones(n)
    for k in range(1, n):
        q[k] = q[:k] @ rates[:k, k]
    return np.asarray(q / q.sum(), dtype=np.float64)


def _off_diagonal(matrix: Floats) -> Floats:
    off = np.array(matrix, dtype=np.float64)
    np.fill_diagonal(off, 0.0)
    return off


def _closed(off: Floats, code: str, message: str) -> Floats:
    """The matrix with these mutation probabilities; refused where a row would exceed one."""
    m = _off_diagonal(off)
    stay = 1.0 - m.sum(axis=1)
    if stay.min() < -_ROUNDING:
        raise _refusal(code, message, "lower the rate, or use another model")
    np.fill_diagonal(m, np.maximum(stay, 0.0))
    return m


def _tolerance(size: float) -> float:
    return 1e-9 * size + _ROUNDING


def _refusal(code: str, message: str, remedy: str) -> Refusal:
    return Refusal([Fault(code, message, remedy)])
