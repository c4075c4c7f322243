"""The Y chromosome: its markers, their copies and mutation rates, and a line's Y haplotypes as sites that mutate."""

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

__all__ = [
    "NULL",
    "SNP_RATE",
    "YHaplotype",
    "YMarker",
    "copies",
    "spelled",
    "split",
    "y_haplotype",
    "y_kits",
    "y_markers",
    "y_rate",
]
