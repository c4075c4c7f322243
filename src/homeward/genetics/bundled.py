"""What is known of the tables that come along: where each is from, and how far it can be trusted."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Literal

from homeward.case import Span

__all__ = ["BundledDatabase", "BundledTable", "provenance", "table_rows"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledTable:
    """What is known of any bundled table.

    ``status``: ``provisional`` where the provenance or the figures are too weak for casework without a check.
    """

    id: str
    status: Literal["sound", "provisional"]
    source: str
    reference: str
    licence: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BundledDatabase(BundledTable):
    """What is known of a bundled database of haplotypes. ``ranges``: read of the mtDNA, none of the Y."""

    population: str
    persons: int
    ranges: tuple[Span, ...] = ()


def provenance(row: Mapping[str, str]) -> dict[str, Any]:
    """What a row of an index says of any table, as `BundledTable` takes it."""
    if row["status"] not in ("sound", "provisional"):
        raise ValueError(f"table {row['id']} has status {row['status']!r}")
    return {name: row[name] for name in ("id", "status", "source", "reference", "licence", "note")}


def table_rows(folder: str, name: str) -> list[dict[str, str]]:
    """The rows of a bundled file; ``folder``: in the data of this room, parts joined by `/`."""
    path = files("homeward.genetics").joinpath("data", *folder.split("/"), f"{name}.csv")
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
