"""Marker names: the table of `docs/markers.md`, how a name is normalised, and what kind of marker it is."""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from homeward.genetics.alleles import AlleleKind

__all__ = ["ON_Y", "Marker", "MarkerKind", "allele_kind", "canonical_marker", "known_markers", "marker_kind"]

MarkerKind = Literal["autosomal", "X", "Y", "sex"]

_SEPARATORS = re.compile(r"[\s_\-‐‑‒–—−]+")
_SEGMENT = re.compile(r"D(?:[0-9]{1,2}|X|Y)[SF][0-9]+[A-Z0-9]*", re.IGNORECASE)
ON_Y = "Y:"
"""What the name of a SNP of the Y begins with, where the table does not have it: `Y:M122`."""
_SNP = re.compile(r"rs[0-9]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """One marker of the table.

    ``start``, ``end``: the repeats on GRCh38, first and last base counted from 1. ``cM``: position on the
    sex-averaged deCODE map, cM. None where the table has none.
    """

    name: str
    kind: MarkerKind
    chromosome: str
    start: int | None
    end: int | None
    cM: float | None
    aliases: tuple[str, ...]


@cache
def known_markers() -> tuple[Marker, ...]:
    """The table, autosomal markers first, by chromosome."""
    text = (files("homeward.genetics") / "data" / "markers.csv").read_text(encoding="utf-8")
    return tuple(
        Marker(
            name=row["marker"],
            kind=cast(MarkerKind, row["kind"]),
            chromosome=row["chromosome"],
            start=int(row["grch38_start"]) if row["grch38_start"] else None,
            end=int(row["grch38_end"]) if row["grch38_end"] else None,
            cM=float(row["decode_cM"]) if row["decode_cM"] else None,
            aliases=tuple(a for a in row["aliases"].split(";") if a),
        )
        for row in csv.DictReader(text.splitlines())
    )


def canonical_marker(name: str) -> str:
    """The table's name for a marker, whatever the case, width, blanks, hyphens and underscores it is written with.

    A name the table does not know is returned as given, in NFC and without outer blanks; `Y:` before it is kept.
    """
    known = _by_key().get(_key(name))
    if known:
        return known.name
    given = unicodedata.normalize("NFC", name).strip()
    return f"{ON_Y}{given[len(ON_Y) :].strip()}" if _is_on_y(given) else given


def marker_kind(name: str) -> MarkerKind:
    """Where a marker lies: ``autosomal``, ``X``, ``Y`` or ``sex`` (AMEL).

    Names outside the table follow the D-number nomenclature (`DXS…` is X, `DYS…` and `DYF…` are Y), those that begin
    with `Y:` are SNPs of the Y, and all others are autosomal.
    """
    known = _by_key().get(_key(name))
    if known:
        return known.kind
    if _is_on_y(name):
        return "Y"
    plain = _key(name)
    if _SEGMENT.fullmatch(plain):
        if plain.startswith("dx"):
            return "X"
        if plain.startswith("dy"):
            return "Y"
    return "autosomal"


def allele_kind(name: str) -> AlleleKind:
    """How alleles are written: ``AMEL``, ``STR`` (the table and D-numbers), ``SNP`` (`rs…`, `Y:…`), ``other``."""
    known = _by_key().get(_key(name))
    if known:
        return "AMEL" if known.kind == "sex" else "STR"
    plain = _key(name)
    if _SEGMENT.fullmatch(plain):
        return "STR"
    return "SNP" if _SNP.fullmatch(plain) or _is_on_y(name) else "other"


def _is_on_y(name: str) -> bool:
    return unicodedata.normalize("NFKC", name).strip().upper().startswith(ON_Y)


def _key(name: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name)).casefold()


@cache
def _by_key() -> dict[str, Marker]:
    return {_key(spelling): marker for marker in known_markers() for spelling in (marker.name, *marker.aliases)}
