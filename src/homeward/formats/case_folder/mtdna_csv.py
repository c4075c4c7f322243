"""`mtdna.csv`: the typings of the mtDNA, and how positions and differences are read from cells."""

from __future__ import annotations

import re
from collections.abc import Callable

from homeward.case import MtTyping, Span
from homeward.formats.case_folder.listing import Listing
from homeward.formats.table import Row, shown

__all__ = ["FILE", "NEEDED", "NO_DIFFERENCE", "haplotype_of", "haplotype_text", "ranges_text", "read_mt_typings"]

FILE = "mtdna.csv"
NEEDED = ("sample", "range", "haplotype")
NO_DIFFERENCE = "rCRS"
"""What is written for a haplotype that does not differ from the reference: an empty cell is one not known."""

_MOST_PARTS = 2000
_BETWEEN = re.compile(r"[\s,;]+")
_PROBLEMS = {
    "bad-difference": "is no difference from the rCRS",
    "bad-position": "names no position from 1 to 16569",
    "reference-base": "names a base that the rCRS does not have there",
    "outside-range": "lies outside the positions read",
    "contradiction": "contradicts another difference",
    "insertion-gap": "is inserted after a base that is not there",
}


def read_mt_typings(
    listing: Listing, seen: set[tuple[str, int]], check_sample: Callable[[Row], None]
) -> list[MtTyping]:
    """The typings of the file, none where there is no file; ``seen`` collects sample and replicate."""
    if not listing.has(FILE):
        return []
    found = []
    for row in listing.table(FILE, needed=NEEDED, optional=("replicate",)):
        sample = row.needed("sample")
        replicate = row.whole("replicate", 1) or 1
        haplotype = haplotype_of(row)
        if sample:
            check_sample(row)
        if sample and (sample, replicate) in seen:
            remedy = "put all ranges of one typing into one row, or number the typings in the column replicate"
            row.fault("duplicate-typing", "sample", f"the mtDNA of {shown(sample)} is typed twice", remedy)
        seen.add((sample, replicate))
        if haplotype is not None and not row.faulty:
            found.append(MtTyping(sample, *haplotype, replicate))
    return found


def haplotype_of(row: Row) -> tuple[tuple[Span, ...], tuple[str, ...]] | None:
    """The positions in `range` and the canonical differences in `haplotype`; None and faults where they are none."""
    ranges = _ranges(row)
    text = row.needed("haplotype")
    parts = [] if text.strip().casefold() == NO_DIFFERENCE.casefold() else _parts(text)
    if len(parts) > _MOST_PARTS:
        row.fault("bad-haplotype", "haplotype", "the haplotype has too many differences", "check the cell")
        return None
    sound = not [part for part in parts if not _is_difference(row, part)]
    if not ranges or not text or not sound:
        return None
    from homeward.genetics.mtdna import MtHaplotype, NotationError

    try:
        haplotype = MtHaplotype(ranges, tuple(parts))
    except NotationError as error:
        _report(row, error.code, error.value)
        return None
    return haplotype.ranges, haplotype.differences


def _parts(text: str) -> list[str]:
    return [part for part in _BETWEEN.split(text) if part]


def _ranges(row: Row) -> tuple[Span, ...]:
    """Every range; one that ends before it begins runs over the origin and is two."""
    from homeward.formats.mt_files import ranges_of

    text = row.needed("range")
    try:
        return ranges_of(text) if text else ()
    except ValueError:
        remedy = "write positions from 1 to 16569, such as 16024..16365;73..340"
        row.fault("bad-range", "range", f"{shown(text)} is no range of the mtDNA", remedy)
        return ()


def _is_difference(row: Row, part: str) -> bool:
    from homeward.genetics.mtdna import NotationError, parsed

    try:
        parsed(part)
    except NotationError as error:
        _report(row, error.code, error.value)
        return False
    return True


def _report(row: Row, problem: str, value: str) -> None:
    remedy = (
        "write what differs from the rCRS in the positions read, such as 16223T 263G 315.1C 249-, or rCRS for nothing"
    )
    row.fault("bad-haplotype", "haplotype", f"{shown(value)} {_PROBLEMS[problem]}", remedy)


def ranges_text(ranges: tuple[Span, ...]) -> str:
    """Positions as a cell holds them."""
    return ";".join(map(str, ranges))


def haplotype_text(differences: tuple[str, ...]) -> str:
    """Differences as a cell holds them."""
    return " ".join(differences) or NO_DIFFERENCE
