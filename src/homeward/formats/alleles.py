"""What may stand in an allele cell: one rule for the case folder and for profile files of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from homeward.formats.table import Row, shown
from homeward.pedigree import Sex

if TYPE_CHECKING:
    from homeward.genetics import AlleleKind

__all__ = ["allele_of", "canonical_call", "check_call", "given_of", "marker_of"]

_UNREADABLE = "a ladder, off-ladder or beyond-ladder call cannot be weighed; leave the row out or give the allele"
_MOST_TEXT = 64
_MOST_UNRESOLVED = 640


def marker_of(row: Row, column: str = "marker", *, y_snps: Collection[str] = ()) -> str:
    """The canonical name of the marker in a cell, or "" when there is none.

    ``y_snps``: names that stand for SNPs of the Y, which are called `Y:…`.
    """
    from homeward.genetics import canonical_marker
    from homeward.genetics.markers import ON_Y

    text = row.needed(column)
    name = canonical_marker(text) if text else ""
    if text and (not 1 <= len(name) <= 64 or not name.isprintable()):
        row.fault("bad-value", column, f"{shown(text)} is no marker name", "use 1 to 64 printable characters")
        return ""
    return f"{ON_Y}{name}" if name in y_snps else name


def given_of(row: Row, marker: str) -> str:
    """The name of a marker as given; its canonical one where it stands for a SNP of the Y."""
    from homeward.genetics import canonical_marker

    text = row.cells["marker"].strip()
    return text if canonical_marker(text) == marker else marker


def allele_of(row: Row, column: str, marker: str, *, table: Collection[str] | None = None, typed: bool = True) -> str:
    """The canonical allele in a non-empty cell, or "" and a fault.

    ``table``: the alleles of the population tables at this marker, where there are any. ``typed``: whether
    the cell is of a profile, where `?` is an unknown allele and `8|9` one of several, or of a table, where they are
    faults and `silent` is an allele. At a Y marker `null` is an allele everywhere.
    """
    from homeward.genetics import NULL, REST, SILENT, allele_kind, allele_order, marker_kind

    text = row.cells[column]
    kind = allele_kind(marker)
    if text in (REST, SILENT) and not typed:
        return text
    if text == NULL and marker_kind(marker) == "Y":
        return NULL
    parts = text.split("|") if typed and len(text) <= _MOST_UNRESOLVED else [text]
    if typed and SILENT in (part.strip() for part in parts):
        remedy = "leave the row out, or write the allele that was seen (twice where no other was)"
        row.fault("silent-typed", column, "a silent allele is one that no typing shows", remedy)
        return ""
    try:
        found = [_spelt(part, kind) for part in parts]
        if "?" in found and (len(found) > 1 or not typed):
            raise ValueError(text)
    except ValueError:
        remedy = _UNREADABLE if typed else "write the allele as a number such as 9.3 (SNP: A C G T; AMEL: X Y)"
        if text[:1].isdigit() and "," in text:
            remedy = "write a point, not a comma, in a microvariant"
        elif "|" in text and typed:
            remedy = "write what an unresolved allele may be as 8|9, every part an allele"
        row.fault("bad-allele", column, f"{shown(text)} is no allele of {marker}", remedy)
        return ""
    if table and kind == "other" and any(a not in table and a != "?" and not a[0].isdigit() for a in found):
        row.fault(
            "bad-allele",
            column,
            f"{shown(text)} is no allele of {marker} in the population tables",
            "correct the allele, or add it to frequencies.csv",
        )
        return ""
    return "|".join(allele_order(set(found)))


def _spelt(text: str, kind: AlleleKind) -> str:
    """One allele's spelling. Raises ValueError for what is none, ladder calls included."""
    from homeward.genetics import canonical_allele

    if text.startswith(("<", ">")) or text.upper() == "OL" or len(text) > _MOST_TEXT:
        raise ValueError(text)
    return canonical_allele(text, kind)


def canonical_call(marker: str, alleles: Sequence[str], sex: Sex) -> tuple[str, ...]:
    """The alleles as a case keeps them: what a male shows twice at an X marker is his one allele."""
    from homeward.genetics import marker_kind

    if sex == "male" and len(alleles) == 2 and alleles[0] == alleles[1] and marker_kind(marker) == "X":
        return (alleles[0],)
    return tuple(alleles)


def check_call(row: Row, marker: str, alleles: Sequence[str], sex: Sex, *, dropout: bool) -> None:
    """Report alleles that cannot be one person's call at this marker.

    ``dropout``: the sample has drop-out parameters, so that an allele may stand alone.
    """
    from homeward.genetics import marker_kind

    kind = marker_kind(marker)
    known = {a for a in alleles if a != "?"}
    if kind == "Y":
        if sex == "female" and known:
            row.fault(
                "y-of-female",
                "marker",
                f"{marker} lies on the Y chromosome, and the sample is of a female",
                "correct the sex, or remove the row",
            )
        return
    if len(alleles) > 2:
        row.fault(
            "three-alleles",
            "allele3",
            f"{marker} has more than two alleles",
            "mixtures and triallelic calls cannot be weighed; leave the row out",
        )
    elif kind == "X" and sex == "male" and len(known) > 1:
        row.fault(
            "x-of-male",
            "allele2",
            f"{marker} lies on the X chromosome, and the sample is of a male, with two different alleles",
            "correct the sex or the alleles",
        )
    elif len(alleles) == 1 and not dropout and (kind == "autosomal" or (kind == "X" and sex == "female")):
        row.fault(
            "single-allele",
            "allele2",
            f"{marker} has one allele only",
            "write a homozygote's allele twice, an unknown one as ?, or give the sample drop-out parameters",
        )
