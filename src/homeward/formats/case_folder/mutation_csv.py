"""`mutation.csv` and the matrices it names."""

from __future__ import annotations

import math
from typing import Literal, get_args

from homeward.case import MutationRow
from homeward.case.values import MutationName, TransformName
from homeward.faults import Fault
from homeward.formats.alleles import allele_of, marker_of
from homeward.formats.case_folder.listing import Listing
from homeward.formats.table import Row, read_table, shown

__all__ = ["MODELS", "Mutations", "read_mutations"]

FILE = "mutation.csv"
MODELS: tuple[MutationName, ...] = ("none", "equal", "proportional", "onestep", "stepwise", "dawid", "custom")
TRANSFORMS: tuple[TransformName, ...] = get_args(TransformName)
PARENTS: tuple[Literal["father", "mother", "both"], ...] = ("father", "mother", "both")
ROW_SUM_TOLERANCE = 1e-6


class Mutations:
    """The rows read, the marker names they were given under, and whether every matrix path is known."""

    def __init__(self) -> None:
        self.rows: list[MutationRow] = []
        self.given: dict[str, str] = {}
        self.sound = True
        self._taken: set[tuple[str, str]] = set()

    def take(self, row: Row, marker: str, parent: str) -> None:
        """Report a second model for one marker and parent."""
        for one in ("father", "mother") if parent == "both" else (parent,):
            if (marker, one) in self._taken and "parent" not in row.faulty:
                remedy = "give each marker and parent one row"
                row.fault("duplicate-mutation", "parent", f"{marker} has a model for this parent already", remedy)
            self._taken.add((marker, one))


def read_mutations(listing: Listing) -> Mutations:
    """The mutation models by row; none where there is no file."""
    found = Mutations()
    if not listing.has(FILE):
        return found
    optional = ("rate", "rate2", "range", "transform", "matrix")
    table = listing.table(FILE, needed=("marker", "parent", "model"), optional=optional)
    found.sound = table.sound
    for row in table:
        mutation = _mutation(row, listing, found)
        if mutation is not None:
            found.rows.append(mutation)
    return found


def _mutation(row: Row, listing: Listing, found: Mutations) -> MutationRow | None:
    marker = marker_of(row)
    row.needed("parent")
    row.needed("model")
    parent = row.choice("parent", PARENTS, "both")
    model = row.choice("model", MODELS, "none")
    rate = _rate(row, model)
    rate2 = row.number("rate2", 0.0, 1.0)
    decay = row.number("range", 0.0, 1e6)
    if decay == 0.0:
        row.fault("bad-number", "range", "a range of 0 allows no step", "write a number above 0, such as 0.1")
    transform = row.choice("transform", TRANSFORMS, "stationary") if row.has("transform") else None
    matrix = _matrix(row, model, marker, listing)
    if marker:
        found.given.setdefault(marker, row.cells["marker"].strip())
        if not row.faulty & {"parent"}:
            found.take(row, marker, parent)
    if row.faulty or not marker:
        return None
    return MutationRow(marker, parent, model, rate, rate2 or 0.0, 0.1 if decay is None else decay, transform, matrix)


def _rate(row: Row, model: MutationName) -> float:
    if model not in ("none", "custom") and not row.has("rate"):
        row.fault(
            "missing-value", "rate", f"model {model} needs a rate", "give the probability of mutation per meiosis"
        )
    return row.number("rate", 0.0, 1.0) or 0.0


def _matrix(row: Row, model: MutationName, marker: str, listing: Listing) -> dict[str, dict[str, float]] | None:
    """The matrix a custom model names; a fault where one is named or lacking wrongly."""
    path = row.cells.get("matrix", "")
    if not path:
        if model == "custom":
            row.fault("missing-value", "matrix", "model custom needs a matrix", "name a CSV file of the folder")
        return None
    if not listing.inside(path):
        remedy = "name a file in the folder, with forward slashes and without .."
        row.fault("bad-path", "matrix", f"{shown(path)} is no path in the case folder", remedy)
        return None
    data = listing.bytes(path)
    if model != "custom" and "model" not in row.faulty:
        row.fault("bad-value", "matrix", f"model {model} has no matrix", "empty the cell, or write model custom")
    if data is None or not marker:
        return None
    return _read_matrix(data, path, marker, listing.faults)


def _read_matrix(data: bytes, file: str, marker: str, faults: list[Fault]) -> dict[str, dict[str, float]] | None:
    """Parental allele → allele → probability; header and first column name the same alleles, rows sum to one."""
    before = len(faults)
    header: list[str] = []

    def spelt(columns: tuple[str, ...]) -> tuple[str, ...]:
        header.extend(columns)
        return tuple(map(str, range(len(columns))))

    table = read_table(data, file, faults, needed=("0",), known=str.isdigit, spelt=spelt)
    names = [_header_allele(i, name, file, marker, faults) for i, name in enumerate(header) if i]
    matrix: dict[str, dict[str, float]] = {}
    for row in table:
        _matrix_row(row, header, names, marker, matrix)
    if len(faults) == before and (set(matrix) != set(names) or not table.sound):
        message = "header and first column do not name the same alleles"
        faults.append(Fault("bad-matrix", message, "give every allele one row and one column", file=file, row=1))
    return matrix if len(faults) == before else None


def _header_allele(place: int, name: str, file: str, marker: str, faults: list[Fault]) -> str:
    if not name:
        message = f"column {place + 1} of the matrix has no allele"
        faults.append(Fault("missing-value", message, "name the allele", file=file, row=1, marker=marker))
        return ""
    head = Row(file, 1, {name: name, "marker": marker}, faults)
    return allele_of(head, name, marker, typed=False)


def _matrix_row(
    row: Row, header: list[str], names: list[str], marker: str, matrix: dict[str, dict[str, float]]
) -> None:
    """Add one parental allele's row; its faults are reported under the header's own column names."""
    cells = Row(row.file, row.line, {(c or "0"): row.cells[str(i)] for i, c in enumerate(header)}, row.faults)
    first = header[0] or "0"
    parent = allele_of(cells, first, marker, typed=False) if cells.needed(first) else ""
    values: dict[str, float] = {}
    for column, name in zip(header[1:], names, strict=True):
        if column and cells.needed(column):
            values[name] = cells.number(column, 0.0, 1.0) or 0.0
    if cells.faulty:
        return
    if parent in matrix or len(values) != len(names):
        cells.fault("bad-matrix", first, "an allele stands twice", "give every allele one row and one column")
    elif abs(math.fsum(values.values()) - 1.0) > ROW_SUM_TOLERANCE:
        cells.fault("bad-matrix", first, "the row does not sum to 1", "make the probabilities of each row sum to 1")
    matrix[parent] = values
