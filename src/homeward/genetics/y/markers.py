"""Y markers: how many copies a man has of each, how often they mutate, which kits type them; and their alleles."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from homeward.genetics.alleles import NULL, allele_order
from homeward.genetics.markers import canonical_marker

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

YHaplotype = Mapping[str, tuple[str, ...]]
"""Y marker → its alleles, ascending, as often as they stand in the table; a marker that is absent was not typed."""

SNP_RATE = 3.0e-8
"""Probability per meiosis that a base of the Y chromosome mutates, 95% interval 0.89e-8 to 7.0e-8. Xue et al. 2009,
Curr Biol 19:1453."""


@dataclass(frozen=True, slots=True)
class YMarker:
    """A Y-STR of the table.

    ``copies``: how often it stands on a usual Y chromosome, and where that is said. ``mutations`` of ``meioses``: seen
    in father-son pairs, for one copy, and whose count that is; None and empty where the table has none.
    """

    name: str
    copies: int
    copies_source: str
    mutations: int | None
    meioses: int | None
    source: str


@cache
def _table() -> dict[str, YMarker]:
    return {
        row["marker"]: YMarker(
            row["marker"],
            int(row["copies"]),
            row["copies_source"],
            int(row["mutations"]) if row["mutations"] else None,
            int(row["meioses"]) if row["meioses"] else None,
            row["source"],
        )
        for row in _rows("y_markers")
    }


def y_markers() -> tuple[YMarker, ...]:
    """Every marker of the table, in the order of `docs/lineages.md`."""
    return tuple(_table().values())


def copies(marker: str) -> int:
    """How often a marker stands on a usual Y chromosome; 1 for a marker the table does not know."""
    known = _table().get(canonical_marker(marker))
    return known.copies if known else 1


def y_rate(marker: str) -> float:
    """Probability per meiosis that one copy of a Y-STR mutates.

    (mutations + ½) / (meioses + 1) of the marker's own father-son pairs (the mean under Jeffreys' prior, so that no
    rate is zero), or of all pairs of the table together for a marker without any.
    """
    known = _table().get(canonical_marker(marker))
    if known and known.mutations is not None and known.meioses:
        return (known.mutations + 0.5) / (known.meioses + 1)
    counted = [(m.mutations, m.meioses) for m in y_markers() if m.mutations is not None and m.meioses]
    return (sum(x for x, _ in counted) + 0.5) / (sum(n for _, n in counted) + 1)


@cache
def y_kits() -> Mapping[str, tuple[str, ...]]:
    """Kit → the markers it types."""
    found: dict[str, list[str]] = {}
    for row in _rows("y_kits"):
        found.setdefault(row["kit"], []).append(row["marker"])
    return {kit: tuple(markers) for kit, markers in found.items()}


def y_haplotype(alleles: Mapping[str, Iterable[str]]) -> YHaplotype:
    """A Y haplotype with each marker's alleles in ascending order; markers without an allele are left out."""
    ordered = {marker: allele_order(found) for marker, found in alleles.items()}
    return {marker: found for marker, found in ordered.items() if found}


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("homeward.genetics") / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def spelled(alleles: Iterable[str]) -> str:
    """How a state of a marker is written: its alleles ascending, `13,17`."""
    return ",".join(allele_order(alleles))


def split(state: str) -> tuple[str, ...]:
    """The alleles of a state as `spelled` writes it."""
    return tuple(state.split(","))
