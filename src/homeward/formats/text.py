"""Text as laboratories' programs write it: any of the encodings in use, any of the delimiters, into rows of cells."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from homeward.faults import Fault

__all__ = ["Grid", "Line", "delimiter_of", "grid_of", "key_of", "text_of"]

MOST_BYTES = 32_000_000
MOST_CELLS = 4_000_000
_ASIAN = ("cp932", "cp949")


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the line it begins on, from 1, and its cells without outer blanks."""

    number: int
    cells: tuple[str, ...]

    def __getitem__(self, i: int) -> str:
        """The cell, "" beyond the last one: rows may leave empty cells away."""
        return self.cells[i] if 0 <= i < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Grid:
    """The rows of one sheet or text file that have anything on them. ``file`` names it in messages."""

    file: str
    lines: tuple[Line, ...]
    delimiter: str = ","
    sheet: str = ""

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)


def text_of(data: bytes, file: str, faults: list[Fault], findings: list[Fault]) -> str | None:
    """A file's text in NFC: UTF-8, UTF-16, else Shift-JIS or EUC-KR by what the bytes look like, else Latin-1.

    A guess is told as a finding (``encoding-guessed``). None and a fault for what is no text:
    ``too-large``, ``not-text``.
    """
    if len(data) > MOST_BYTES:
        remedy = f"split it: a text file may have {MOST_BYTES // 1_000_000} MB"
        faults.append(Fault("too-large", "the file is too large to be a table of profiles", remedy, file=file))
        return None
    text, guessed = _decoded(data)
    text = unicodedata.normalize("NFC", text.removeprefix("\ufeff"))
    head = text[:20_000]
    if "\0" in text or sum(unicodedata.category(c) in ("Cc", "Cn") and c not in "\t\r\n\f" for c in head) > 2:
        faults.append(Fault("not-text", "the file is not text", "give the file as its program exported it", file=file))
        return None
    if guessed:
        message = f"the file does not say how its letters are written; it was read as {guessed}"
        findings.append(Fault("encoding-guessed", message, "look at a name; save the file as UTF-8", file=file))
    return text


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and the encoding's name where it is a guess."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), ""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    else:
        if "\0" not in text:
            return text, ""
    even, odd = data[:4000:2], data[1:4000:2]
    for encoding, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high.count(0) > 0.1 * len(high) and high.count(0) > 8 * low.count(0):
            return data.decode(encoding, "replace"), "UTF-16"
    scored = []
    for encoding in _ASIAN:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        scored.append((_strangeness(text), encoding, text))
    if scored:
        strange, encoding, text = min(scored)
        if strange <= 0.5:
            return text, {"cp932": "Shift-JIS", "cp949": "EUC-KR"}[encoding]
    return data.decode("latin-1"), "Latin-1"


def _strangeness(text: str) -> float:
    """The share of letters beyond ASCII that Japanese and Korean files hardly ever have: half-width kana,
    private characters, hangul syllables outside KS X 1001."""
    beyond = [c for c in text if c > "\x7f"]
    if not beyond:
        return 1.0
    return sum(_strange(c) for c in beyond) / len(beyond)


def _strange(char: str) -> bool:
    if "\uff61" <= char <= "\uff9f" or "\ue000" <= char <= "\uf8ff" or "\u0080" <= char <= "\u00ff":
        return True
    if "\uac00" <= char <= "\ud7a3":
        try:
            char.encode("euc_kr")
        except UnicodeEncodeError:
            return True
    return False


def delimiter_of(text: str) -> str:
    """Tab, semicolon or comma: what divides the first lines that have any of them."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()][:30]
    best = max(lines, key=lambda line: max(line.count(d) for d in "\t;,"), default="")
    if "\t" in best:
        return "\t"
    return ";" if best.count(";") >= max(1, best.count(",") // 2) else ","


def grid_of(text: str, file: str, faults: list[Fault], delimiter: str | None = None) -> Grid:
    """The rows of delimited text. Blank lines are passed over, blank trailing cells dropped.

    Faults: ``bad-csv``, ``too-large``.
    """
    if re.match(r"sep=[;,\t]\r?\n", text, re.IGNORECASE):  # Excel's own first line; its row stays counted
        delimiter, text = text[4], "\n" + text.partition("\n")[2]
    delimiter = delimiter or delimiter_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    lines: list[Line] = []
    cells_seen = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            break
        except csv.Error:
            remedy = "close the quotation, and double a quotation mark inside one"
            message = "the file is no table from this row on"
            faults.append(Fault("bad-csv", message, remedy, file=file, row=number))
            break
        while cells and not cells[-1]:
            cells.pop()
        cells_seen += len(cells)
        if cells_seen > MOST_CELLS:
            faults.append(Fault("too-large", "the file has too many cells", "split it", file=file, row=number))
            break
        if cells:
            lines.append(Line(number, tuple(cells)))
    return Grid(file, tuple(lines), delimiter)


def key_of(header: str) -> str:
    """A column's name for comparison: without case, width, blanks, points, hyphens and underscores."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return "".join(c for c in plain if c.isalnum() or c in "#%")
