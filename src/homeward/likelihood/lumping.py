"""Alleles that nobody shows and that the mutation model cannot tell apart are one allele.

Lumping is exact here: a partition of the alleles is used only if, from every allele of a block, the chance
of mutating into any other block is the same (Kemeny & Snell 1976, lumpability), for fathers and mothers.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from homeward.genetics import Locus

__all__ = ["lump", "lumped"]

Ints = NDArray[np.intp]

_SAME = 1e-12
"""Relative difference below which two mutation probabilities are the same number."""


def lump(locus: Locus, apart: Collection[int]) -> Ints:
    """Block of each allele: shape (alleles,), blocks numbered from 0; alleles of ``apart`` stand alone.

    The coarsest exact partition that keeps ``apart`` alone, by splitting until nothing changes.
    """
    n = len(locus.alleles)
    block = np.full(n, len(apart), dtype=np.intp)
    block[sorted(apart)] = np.arange(len(apart))
    if len(apart) >= n - 1:
        block[block == len(apart)] = len(apart)
        return block
    matrices = [m for m in (locus.from_mother, locus.from_father) if m is not None]
    while matrices:
        refined = _split(block, matrices)
        if refined.max() == block.max():
            break
        block = refined
    return block


def _split(block: Ints, matrices: list[NDArray[np.float64]]) -> Ints:
    blocks = int(block.max()) + 1
    member = np.zeros((len(block), blocks))
    member[np.arange(len(block)), block] = 1.0
    towards = np.concatenate([m @ member for m in matrices], axis=1)
    refined = np.empty_like(block)
    next_block = 0
    for b in range(blocks):
        waiting = np.flatnonzero(block == b)
        others = np.delete(towards, [b + k * blocks for k in range(len(matrices))], axis=1)
        while len(waiting):
            first = others[waiting[0]]
            rows = others[waiting]
            same = (np.abs(rows - first) <= _SAME * np.maximum(np.abs(rows), np.abs(first))).all(axis=1)
            refined[waiting[same]] = next_block
            next_block += 1
            waiting = waiting[~same]
    return refined


def lumped(matrix: NDArray[np.float64] | None, block: Ints, blocks: int) -> NDArray[np.float64]:
    """The mutation matrix between blocks, shape (blocks, blocks); None (no mutation) is the identity."""
    if matrix is None:
        return np.eye(blocks)
    member = np.zeros((len(block), blocks))
    member[np.arange(len(block)), block] = 1.0
    representative = np.zeros(blocks, dtype=np.intp)
    representative[block[::-1]] = np.arange(len(block) - 1, -1, -1)
    return np.asarray((matrix @ member)[representative])
