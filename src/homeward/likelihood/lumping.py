"""Alleles that nobody shows and that the mutation model cannot tell apart are one allele.

Lumping is exact here: a partition of the alleles is used only if, from every allele of a block, the chance
of mutating into any other block is the same (Kemeny & Snell 1976, lumpability), for fathers and mothers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus

__all__ = ["lump", "lumped"]

Ints = NDArray[np.intp]

_SAME = 1e-12
"""Relative difference below which two mutation probabilities are the same number."""


@lru_cache(maxsize=16384)
def lump(locus: Locus, apart: frozenset[int]) -> tuple[Ints, int]:
    """Block of each allele and the number of blocks; numbered in order of first allele, ``apart`` stand alone.

    The coarsest exact partition that keeps ``apart`` alone, by splitting until nothing changes.
    """
    n = len(locus.alleles)
    if len(apart) >= n - 1:
        return np.arange(n), n
    block = np.full(n, len(apart), dtype=np.intp)
    block[sorted(apart)] = np.arange(len(apart))
    matrices = [m for m in (locus.from_mother, locus.from_father) if m is not None]
    if len(matrices) == 2 and matrices[0] is matrices[1]:
        matrices.pop()
    blocks = len(apart) + 1
    while matrices and blocks < n:
        block = _split(block, blocks, matrices)
        if (finer := int(block.max()) + 1) == blocks:
            break
        blocks = finer
    return _numbered(block), blocks


def _split(block: Ints, blocks: int, matrices: list[NDArray[np.float64]]) -> Ints:
    """Part alleles of one block that differ in how they mutate into any other block."""
    alleles = np.arange(len(block))
    member = np.zeros((len(block), blocks))
    member[alleles, block] = 1.0
    parts = []
    for m in matrices:
        towards = m @ member
        towards[alleles, block] = 0.0  # the own block follows from the others, rows sum to one
        parts.append(towards)
    rows = np.concatenate(parts, axis=1)
    # equal rows have equal shadows, so only neighbours in this order need comparing
    shadow = rows @ (1.0 + np.sqrt(np.arange(1.0, rows.shape[1] + 1)))
    order = np.lexsort((shadow, block))
    here, before = rows[order[1:]], rows[order[:-1]]
    same = (np.abs(here - before) <= _SAME * np.maximum(here, before)).all(axis=1)
    same &= block[order[1:]] == block[order[:-1]]
    refined = np.empty_like(block)
    refined[order] = np.concatenate([[0], np.cumsum(~same)])
    return refined


def _numbered(block: Ints) -> Ints:
    _, first, inverse = np.unique(block, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def lumped(matrix: NDArray[np.float64] | None, block: Ints, blocks: int) -> NDArray[np.float64]:
    """The mutation matrix between blocks, shape (blocks, blocks); None (no mutation) is the identity."""
    if matrix is None:
        return np.eye(blocks)
    if blocks == len(block):
        return matrix
    member = np.zeros((len(block), blocks))
    member[np.arange(len(block)), block] = 1.0
    representative = np.zeros(blocks, dtype=np.intp)
    representative[block[::-1]] = np.arange(len(block) - 1, -1, -1)
    return np.asarray((matrix @ member)[representative])
