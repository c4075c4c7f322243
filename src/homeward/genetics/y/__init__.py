"""The Y chromosome: its markers, their copies and mutation rates, and a line's Y haplotypes as sites that mutate."""

from homeward.genetics.y.dys389 import DYS389, PARTS, parts
from homeward.genetics.y.markers import (
    NULL,
    SNP_RATE,
    YHaplotype,
    YMarker,
    copies,
    spelled,
    split,
    y_haplotype,
    y_kits,
    y_markers,
    y_rate,
)
from homeward.genetics.y.sites import MISTYPING, YTyping, y_sites
from homeward.genetics.y.steps import MULTISTEP

__all__ = [
    "DYS389",
    "MISTYPING",
    "MULTISTEP",
    "NULL",
    "PARTS",
    "SNP_RATE",
    "YHaplotype",
    "YMarker",
    "YTyping",
    "copies",
    "parts",
    "spelled",
    "split",
    "y_haplotype",
    "y_kits",
    "y_markers",
    "y_rate",
    "y_sites",
]
