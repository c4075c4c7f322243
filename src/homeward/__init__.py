"""Homeward gives unidentified human remains their names back by DNA.

The public names are loaded when first touched; importing this package imports no NumPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "Case": "homeward.case",
    "Family": "homeward.case",
    "Fault": "homeward.faults",
    "Member": "homeward.pedigree",
    "Model": "homeward.genetics",
    "Pedigree": "homeward.pedigree",
    "Refusal": "homeward.faults",
    "Result": "homeward.identify",
    "read_case": "homeward.formats",
    "write_case": "homeward.formats",
    "scenarios_of": "homeward.genetics",
}

__all__ = ["__version__", *sorted(_HOMES)]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'homeward' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
