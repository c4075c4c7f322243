"""`non_dna.csv`: how likely what is known besides DNA is, sample by sample and name by name."""

from __future__ import annotations

import math

from homeward.case import NonDna, NonDnaKind
from homeward.formats.case_folder.listing import Listing
from homeward.formats.case_folder.named import Known
from homeward.formats.case_folder.remains_csv import RESERVED
from homeward.formats.table import Row

__all__ = ["COLUMNS", "FILE", "read_non_dna"]

FILE = "non_dna.csv"
NEEDED = ("sample", "missing", "kind", "likelihood")
COLUMNS = (*NEEDED, "note")
KINDS: tuple[NonDnaKind, ...] = ("age", "stature", "dentition", "place", "effects", "sex", "other")


def read_non_dna(listing: Listing, known: Known) -> tuple[NonDna, ...]:
    """The stated likelihoods; none where there is no file."""
    if not listing.has(FILE):
        return ()
    found = []
    seen: set[tuple[str, str, str]] = set()
    for row in listing.table(FILE, needed=NEEDED, optional=COLUMNS):
        stated = _stated(row, known)
        # the age of a bone is the age of the bone, whichever of its samples it is stated of
        key = (known.source(stated.sample), known.name(stated.missing), stated.kind)
        if not row.faulty and key in seen:
            message = "this kind of evidence on these remains and this name stands in an earlier row"
            row.fault("duplicate-non-dna", "kind", message, "keep one row, with the likelihood of all that is known")
        if not row.faulty:
            seen.add(key)
            found.append(stated)
    return tuple(found)


def _stated(row: Row, known: Known) -> NonDna:
    sample, missing = known.sample_of_remains(row), known.missing(row, also=RESERVED)
    row.needed("kind")
    row.needed("likelihood")
    likelihood = row.number("likelihood", 0.0, math.inf)
    if likelihood == 0.0:
        message = "a likelihood of 0 would exclude whatever the DNA says"
        row.fault("bad-number", "likelihood", message, "write how likely it is, if hardly: 1e-6")
    return NonDna(sample, missing, row.choice("kind", KINDS, "other"), likelihood or 0.0, row.text("note"))
