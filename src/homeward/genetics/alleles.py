"""Allele names: one spelling for one allele, and their order. No NumPy: rooms that must start fast may use it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

__all__ = [
    "NULL",
    "REST",
    "SILENT",
    "UNKNOWN",
    "AlleleKind",
    "allele_order",
    "alternatives",
    "canonical_allele",
    "fraction",
    "repeats",
]

AlleleKind = Literal["STR", "SNP", "AMEL", "other"]

REST = "Rest allele"
"""The one unnamed allele that takes what a table leaves over (`sum_policy = "rest"`), by the name Familias gives it."""

SILENT = "silent"
"""The allele of a frequency table that no typing shows; never typed, so no spelling of a called allele."""

NULL = "null"
"""The allele of a Y marker that was typed and gives no product: a deletion or a changed primer site."""

UNKNOWN = "?"
"""Half of a half-missing genotype."""

_STR = re.compile(r"([0-9]{1,6})(?:\.([0-9]))?")
_CLOSED = {"SNP": frozenset("ACGT"), "AMEL": frozenset("XY")}


def canonical_allele(text: str, kind: AlleleKind) -> str:
    """The one spelling of an allele.

    ``STR``: `[0-9]+(\\.[0-9])?`, equal numbers get equal text (`9.0` and `09` are `9`). ``SNP``: `A C G T`.
    ``AMEL``: `X Y`. ``other``: any token, where tokens that are STR numbers are written as such. `?` is
    the unknown allele of every kind. `silent` and tokens with a `|` are not called. Raises ValueError with the
    offending text otherwise.
    """
    token = text.strip()
    if token == UNKNOWN:
        return token
    if kind in _CLOSED:
        if token in _CLOSED[kind]:
            return token
        raise ValueError(f"{text!r} is not one of {' '.join(sorted(_CLOSED[kind]))}")
    number = _STR.fullmatch(token)
    if number:
        whole = number[1].lstrip("0") or "0"
        return whole if number[2] in (None, "0") else f"{whole}.{number[2]}"
    odd = token in (REST, SILENT) or any(c == "|" or c.isspace() or not c.isprintable() for c in token)
    if kind == "other" and token and not odd:
        return token
    raise ValueError(f"{text!r} is not an allele")


def alternatives(allele: str) -> tuple[str, ...]:
    """What a typed allele may be: itself, each part of an unresolved `8|9`, nothing in particular for `?`."""
    return tuple(a for a in allele.split("|") if a != UNKNOWN)


def allele_order(alleles: Iterable[str]) -> tuple[str, ...]:
    """Alleles by number (9, 9.3, 10), then other tokens in the order of their text, then `REST`, then `SILENT`."""
    return tuple(sorted(alleles, key=_rank))


def repeats(allele: str) -> int | None:
    """Complete repeats of a canonical STR allele (9 for `9.3`), None where the name is not a number."""
    number = _STR.fullmatch(allele)
    return int(number[1]) if number else None


def fraction(allele: str) -> int | None:
    """Microvariant class: the digit after the point (3 for `9.3`, 0 for `9`), None where not a number.

    Alleles of one class differ by whole repeats.
    """
    number = _STR.fullmatch(allele)
    return int(number[2] or 0) if number else None


def _rank(allele: str) -> tuple[int, int, int, str]:
    whole, part = repeats(allele), fraction(allele)
    if whole is None or part is None:
        return ({REST: 2, SILENT: 3}.get(allele, 1), 0, 0, allele)
    return (0, whole, part, allele)
