"""Look-ups for evidence that is no plain call: all samples of a locus in one matrix product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from math import prod

import numpy as np
from numpy.typing import NDArray

from homeward.observe import Evidence

__all__ = ["soft_ln_lr", "weighed"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_AT_ONCE = 4_000_000
"""Most weights, distinct evidence times genotypes, held at once: 32 MB."""


def soft_ln_lr(
    evidence: Sequence[Evidence], block: Ints, joint: Floats, stranger: Floats | None, frequencies: Floats
) -> tuple[Floats, list[int]]:
    """Natural log of the ratio of two inner products, shape (distinct evidence, columns), and which row is whose.

    ``block``: (alleles,) the row of the tables each allele has; ``joint``: (columns, *alleles) P(references,
    genotype), symmetric; ``stranger``: the same with somebody unrelated, None where references and he are
    independent; ``frequencies``: (alleles,) then his. Samples that saw the same are looked up once. -inf where the
    LR is 0, and for families whose own references are impossible.
    """
    related = joint.reshape(len(joint), -1)
    beside = None if stranger is None else stranger.reshape(len(joint), -1)
    alone = frequencies if joint.ndim == 2 else np.outer(frequencies, frequencies).ravel()
    parts, whose = _in_parts(evidence, block, joint.shape[1:])
    return np.concatenate([_ln_ratio(weights, related, beside, alone) for weights in parts]), whose


def weighed(evidence: Sequence[Evidence], block: Ints, chances: Floats) -> tuple[Floats, list[int]]:
    """Σ_g P(seen | g) P(g, references), shape (distinct evidence, columns), and which row is whose.

    ``block``: as in `soft_ln_lr`; ``chances``: (columns, *alleles), symmetric.
    """
    flat = chances.reshape(len(chances), -1)
    parts, whose = _in_parts(evidence, block, chances.shape[1:])
    return np.concatenate([np.zeros((0, len(flat))), *(weights @ flat.T for weights in parts)]), whose


def _in_parts(evidence: Sequence[Evidence], block: Ints, shape: tuple[int, ...]) -> tuple[Iterator[Floats], list[int]]:
    """The weights of distinct evidence, so many at once as may be held, and which row is whose."""
    rows: dict[Evidence, int] = {}
    whose = [rows.setdefault(e, len(rows)) for e in evidence]
    distinct = list(rows)
    step = max(1, _AT_ONCE // prod(shape))
    return (_weights(distinct[k : k + step], block, shape) for k in range(0, len(distinct), step)), whose


def _weights(evidence: Sequence[Evidence], block: Ints, shape: tuple[int, ...]) -> Floats:
    """P(seen | genotype) of each, shape (evidence, cells of a table): an unordered genotype has one cell for both."""
    counts = [len(e.genotypes) for e in evidence]
    flat = chain.from_iterable(chain.from_iterable(e.genotypes for e in evidence))
    genotypes = block[np.fromiter(flat, dtype=np.intp).reshape(-1, len(shape))]
    values = np.fromiter(chain.from_iterable(e.values for e in evidence), dtype=np.float64)
    # lumped alleles may stand before or after in the tables, whatever their order in the genotype
    first, last = genotypes.min(axis=1), genotypes.max(axis=1)
    cells = first if len(shape) == 1 else first * shape[0] + last
    weights = np.zeros((len(evidence), prod(shape)))
    # the tables are over ordered genotypes: a heterozygote is two equal cells, of which one is given both weights
    weights[np.repeat(np.arange(len(evidence)), counts), cells] = np.where(first == last, 1.0, len(shape)) * values
    return weights


def _ln_ratio(weights: Floats, related: Floats, beside: Floats | None, alone: Floats) -> Floats:
    totals = related.sum(axis=1)
    above = weights @ related.T
    with np.errstate(divide="ignore", invalid="ignore"):
        if beside is not None:
            ratio = np.log(above / (weights @ beside.T))
        else:
            ratio = np.log(above / totals) - np.log(weights @ alone)[:, None]
    return np.asarray(np.where((totals > 0) & (above > 0), ratio, -np.inf))
