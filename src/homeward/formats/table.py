"""Row-exact CSV: a file's bytes become rows whose cells know where they stand.

Nothing here raises for bad input: what is wrong is appended to the list of faults that the caller gives, and
a fallback is returned, so that one reading finds every fault of a file.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from homeward.case import Span
from homeward.faults import Fault

__all__ = ["Row", "Table", "decoded", "id_problem", "read_table", "shown"]

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_COMMA_NUMBER = re.compile(r"[+-]?[0-9]+,[0-9]+")
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs"}
_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_SPAN = re.compile(r"([0-9]{1,6})(?:\.\.([0-9]{1,6}))?")
Choice = TypeVar("Choice", bound=str)


def shown(value: str) -> str:
    """A value as a message shows it: quoted, control characters escaped, not longer than 60 characters."""
    return repr(value if len(value) <= 60 else value[:57] + "...")


def id_problem(text: str) -> str | None:
    """Why a text is no id (1-64 characters, NFC, no control characters, no `/`); None when it is one."""
    if not 1 <= len(text) <= 64:
        return "has not 1 to 64 characters"
    if "/" in text:
        return "holds a slash"
    if any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        return "holds a control character"
    if not unicodedata.is_normalized("NFC", text):
        return "is not in Unicode normal form C"
    return None


@dataclass(slots=True)
class Row:
    """One record: its cells by column, the line it begins on, and readers that report what is wrong."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[Fault]
    faulty: set[str] = field(default_factory=set)

    def fault(self, code: str, column: str, message: str, remedy: str) -> None:
        """Report one thing wrong with a cell of this row."""
        self.faulty.add(column)
        self.faults.append(
            Fault(
                code,
                message,
                remedy,
                file=self.file,
                row=self.line,
                column=column,
                value=self.cells.get(column, "")[:200],
                sample=self.cells.get("sample", "")[:64],
                marker=self.cells.get("marker", "")[:64],
            )
        )

    def has(self, column: str) -> bool:
        """Whether the cell exists and is not empty."""
        return bool(self.cells.get(column))

    def needed(self, column: str) -> str:
        """The cell's text; an empty cell is a fault (a column that is absent was reported with the header)."""
        text = self.cells.get(column, "")
        if not text and column in self.cells:
            self.fault("missing-value", column, f"{column} is empty", f"fill in {column}")
        return text

    def text(self, column: str) -> str:
        """Free text; control characters other than tab and line ends are a fault."""
        text = self.cells.get(column, "")
        if any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in text):
            self.fault("bad-value", column, f"{column} holds a control character", "remove it")
        return text

    def id(self, column: str, *, needed: bool = True) -> str:
        """An id, or "" when the cell is empty or no id."""
        text = self.needed(column) if needed else self.cells.get(column, "")
        problem = id_problem(text) if text else None
        if problem:
            self.fault(
                "bad-id",
                column,
                f"{shown(text)} {problem}",
                "ids have 1 to 64 characters in normal form C, no control characters and no slash",
            )
            return ""
        return text

    def choice(self, column: str, choices: Collection[Choice], default: Choice) -> Choice:
        """One of a closed list of words; an empty cell is the default."""
        text = self.cells.get(column, "")
        for choice in choices:
            if text == choice:
                return choice
        if text:
            self.fault("bad-value", column, f"{shown(text)} is no {column}", "write one of: " + ", ".join(choices))
        return default

    def yes(self, column: str) -> bool:
        """`yes` or empty."""
        text = self.cells.get(column, "")
        if text not in ("", "yes"):
            self.fault("bad-value", column, f"{shown(text)} is not yes", "write yes, or leave the cell empty")
        return text == "yes"

    def number(self, column: str, low: float, high: float) -> float | None:
        """A finite number from ``low`` to ``high``, None when the cell is empty or wrong."""
        text = self.cells.get(column, "")
        if not text:
            return None
        value = float(text) if _NUMBER.fullmatch(text) and len(text) < 400 else math.nan
        if low <= value <= high and math.isfinite(value):
            return value
        remedy = f"write a number from {low:g} to {high:g}" if high < math.inf else f"write a number from {low:g} up"
        if _COMMA_NUMBER.fullmatch(text):
            remedy = "write a point, not a comma, before the decimals"
        self.fault("bad-number", column, f"{shown(text)} is no number that {column} can have", remedy)
        return None

    def whole(self, column: str, low: int) -> int | None:
        """A whole number of at least ``low``, None when the cell is empty or wrong."""
        text = self.cells.get(column, "")
        if not text:
            return None
        if _WHOLE.fullmatch(text) and int(text) >= low:
            return int(text)
        self.fault("bad-number", column, f"{shown(text)} is no whole number from {low} up", "write digits only")
        return None

    def span(self, column: str) -> Span | None:
        """`1902` or `1902..1910`, None when the cell is empty or wrong."""
        text = self.cells.get(column, "")
        if not text:
            return None
        match = _SPAN.fullmatch(text)
        if match:
            low, high = int(match[1]), int(match[2] or match[1])
            if low <= high:
                return Span(low, high)
        self.fault(
            "bad-range",
            column,
            f"{shown(text)} is no whole number and no range of them",
            "write 1902, or 1902..1910 with the lower number first",
        )
        return None


@dataclass(frozen=True, slots=True)
class Table:
    """A file's rows. ``sound`` is false when rows or needed columns may be lacking: then a reference into this
    table that is not found is no fault of the row that makes it."""

    file: str
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    sound: bool = True

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def decoded(data: bytes, file: str, faults: list[Fault]) -> str | None:
    """UTF-8 with or without a byte order mark; None and a fault when it is not."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        faults.append(
            Fault(
                "not-utf8", "the file is not UTF-8", "save it as UTF-8", file=file, row=row, value=f"byte {error.start}"
            )
        )
        return None


def read_table(
    data: bytes,
    file: str,
    faults: list[Fault],
    *,
    needed: tuple[str, ...],
    optional: tuple[str, ...] = (),
    known: Callable[[str], bool] = lambda column: False,
    spelt: Callable[[tuple[str, ...]], tuple[str, ...]] = lambda columns: columns,
) -> Table:
    """The rows of a CSV file (RFC 4180, header first, any order of columns).

    ``known`` tells further columns, such as `allele3`; ``spelt`` turns a header as found into the columns'
    names. Columns that begin with `x_` are the writer's own.
    Lines with nothing at all on them are passed over.
    """
    text = decoded(data, file, faults)
    if text is None:
        return Table(file, sound=False)
    records = _records(text, file, faults)
    first = next(records, None)
    if first is None:
        if not any(f.file == file and f.code == "bad-csv" for f in faults):
            faults.append(Fault("empty-file", "the file has no header row", "write the header row", file=file))
        return Table(file, sound=False)
    columns = spelt(tuple(first[1]))
    sound = _check_header(columns, file, faults, needed, lambda c: c in needed or c in optional or known(c))
    rows: list[Row] = []
    for number, cells in records:
        if len(cells) == len(columns):
            rows.append(Row(file, number, _cells(columns, cells), faults))
            continue
        sound = False
        faults.append(
            Fault(
                "row-length",
                f"the row has {len(cells)} cells, the header {len(columns)}",
                "give every row as many cells as the header; quote cells that hold a comma",
                file=file,
                row=number,
            )
        )
    sound = sound and not any(f.file == file and f.code == "bad-csv" for f in faults)
    return Table(file, columns, tuple(rows), sound)


def _cells(columns: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    """Cells by column; the first of two columns of one name counts (the second was reported)."""
    return dict(zip(reversed(columns), reversed(cells), strict=True))


def _records(text: str, file: str, faults: list[Fault]) -> Iterator[tuple[int, list[str]]]:
    """(line on which the record begins, its cells), up to the first place that is no CSV."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(
                Fault(
                    "bad-csv",
                    "the file is not CSV from this row on: an open quotation, text after one, or a cell too long",
                    "close the quotation, and double a quotation mark inside one",
                    file=file,
                    row=number,
                )
            )
            return
        if cells:
            yield number, cells


def _check_header(
    columns: tuple[str, ...], file: str, faults: list[Fault], needed: tuple[str, ...], known: Callable[[str], bool]
) -> bool:
    """Report unknown, repeated and missing columns; true when nothing needed is missing."""

    def fault(code: str, column: str, message: str, remedy: str) -> None:
        faults.append(Fault(code, message, remedy, file=file, row=1, column=column[:200], value=column[:200]))

    for i, column in enumerate(columns):
        if not known(column) and not column.startswith("x_"):
            fault(
                "unknown-field",
                column,
                f"column {shown(column)} is not known in this file",
                "correct its name, or begin it with x_ to keep a column of your own",
            )
        elif column in columns[:i]:
            fault("duplicate-column", column, f"column {shown(column)} stands twice", "keep one of them")
    missing = [column for column in needed if column not in columns]
    other = next((name for sign, name in _OTHER_SEPARATORS.items() if len(columns) == 1 and sign in columns[0]), "")
    for column in missing:
        remedy = f"add the column {column}"
        if other:
            remedy = f"the cells seem to be separated by {other}: save the file with commas"
        fault("missing-column", column, f"column {column} is missing", remedy)
    return not missing
