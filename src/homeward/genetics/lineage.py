"""What is inherited whole along a line of fathers or of mothers: its sites, and what samples show of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["LineageKind", "Observed", "Site"]

LineageKind = Literal["Y", "mt"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Site:
    """What mutates by itself within a haplotype: a Y-STR with all its copies, a Y-SNP, a position of the mtDNA.

    ``transition``: shape (states, states), row = the parent's state, rows sum to one, probability per meiosis.
    """

    name: str
    states: tuple[str, ...]
    transition: Floats


@dataclass(frozen=True, eq=False)
class Observed:
    """What one sample shows of its haplotype: site index → P(seen | state), shape (states,); absent = not typed."""

    sites: Mapping[int, Floats]
