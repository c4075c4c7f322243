"""How the files of a case folder are written: CSV whose numbers read back as the same numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

__all__ = ["Cell", "csv_text", "padded"]

Cell = str | int | float | None


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, keep: int) -> str:
    """CSV text with `\\n` line ends; columns after the first ``keep`` that are empty throughout are left out."""
    table = [[_text(cell) for cell in row] for row in rows]
    used = [i for i in range(len(columns)) if i < keep or any(row[i] for row in table)]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([columns[i] for i in used])
    writer.writerows([row[i] for i in used] for row in table)
    return out.getvalue()


def _text(cell: Cell) -> str:
    """A cell; numbers in the shortest form that reads back as the same number."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return repr(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


def padded(values: Sequence[Cell], length: int) -> list[Cell]:
    """The values and empty cells after them."""
    return [*values, *[None] * (length - len(values))]
