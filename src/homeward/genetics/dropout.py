"""What the drop-out of a sample may be where nobody stated it: a grid that all its markers share, Y and autosomal."""

from __future__ import annotations

import numpy as np

__all__ = ["GRID", "read_as", "sample_of"]

_LEAST, _MOST, _POINTS = 0.005, 0.9, 13
_ANGLES = np.linspace(np.arcsin(np.sqrt(_LEAST)), np.arcsin(np.sqrt(_MOST)), _POINTS)
GRID: tuple[float, ...] = tuple((np.sin(_ANGLES) ** 2).tolist())
"""Heterozygote drop-out, evenly spaced in arcsin √d, where every count tells it about equally well everywhere.

Equal weights on it are Jeffreys' prior of a proportion (Jeffreys 1946, Proc R Soc A 186:453), cut at both ends.
"""

_READING = "\x1f"


def read_as(sample: str, k: int) -> str:
    """What a sample's haplotype is called where its drop-out is the ``k``th of `GRID`."""
    return f"{sample}{_READING}{k}"


def sample_of(haplotype: str) -> str:
    """The sample of a haplotype, whatever its drop-out."""
    return haplotype.partition(_READING)[0]
