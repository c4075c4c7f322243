"""The Y chromosome: its markers, their copies and mutation rates, and a line's Y haplotypes as sites that mutate.

Names are loaded when first touched: what reads files needs marker names without NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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

_HOMES = {
    "dys389": (
        "DYS389",
        "PARTS",
        "parts",
    ),
    "markers": (
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
    ),
    "sites": (
        "MISTYPING",
        "YTyping",
        "y_sites",
    ),
    "steps": ("MULTISTEP",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

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


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'homeward.genetics.y' has no attribute {name!r}")
    return getattr(import_module(f"homeward.genetics.y.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
