"""Chance that the other side must not guess: all of it from the operating system, without bias."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from homeward.exchange.private.terms import PLAIN

__all__ = ["noise_residues", "uniform"]

Integers = NDArray[np.int64]

_WORD = 2**32 - 2**32 % PLAIN
"""Words from here on are thrown away: what is left is a whole number of rounds of p."""


def uniform(count: int, least: int = 0) -> Integers:
    """Integers uniform over ``least`` … p − 1 with ``least`` 0 or 1, shape (count,), by rejection."""
    found = np.zeros(0, dtype=np.int64)
    while len(found) < count:
        words = np.frombuffer(os.urandom(4 * (count - len(found) + 64)), dtype="<u4").astype(np.int64)
        values = words[words < _WORD] % PLAIN
        found = np.concatenate([found, values[values >= least]])
    return found[:count]


def noise_residues(count: int, bits: int, moduli: tuple[int, ...]) -> bytes:
    """Integers uniform over −2^bits … 2^bits − 1, as residues of each modulus in turn, 64-bit little-endian words.

    Every residue is exact: the 2^(bits + 1) values are drawn as bits, never reduced before they are shifted.
    """
    size = -(-(bits + 1) // 8)
    keep = (1 << bits + 1) - 1
    raw = os.urandom(size * count)
    drawn = [(int.from_bytes(raw[k : k + size], "little") & keep) - (1 << bits) for k in range(0, size * count, size)]
    return b"".join(np.array([e % q for e in drawn], dtype="<u8").tobytes() for q in moduli)
