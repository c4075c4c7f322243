"""xlsx and ods: their cells as text, sheet by sheet. Formulas are never evaluated; bombs are refused unopened."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from homeward.faults import Fault
from homeward.formats.text import Grid, Line
from homeward.formats.xml_text import parse_events, tree_of

__all__ = ["is_spreadsheet", "read_sheets", "write_ods", "write_xlsx"]

MOST_MEMBERS = 2_000
MOST_UNPACKED = 64_000_000
MOST_RATIO = 250
MOST_CELLS = 1_000_000
MOST_COLUMNS = 2_000
MOST_COPIES = 1_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"


def is_spreadsheet(data: bytes) -> bool:
    """Whether the bytes begin as a zip archive or as an old or encrypted Office file."""
    return data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


class _Archive:
    """A zip file whose members are read only within the limits."""

    def __init__(self, data: bytes, file: str, faults: list[Fault]) -> None:
        self.file, self.faults = file, faults
        self.names: dict[str, zipfile.ZipInfo] = {}
        self.left = MOST_UNPACKED
        if data.startswith(b"\xd0\xcf"):
            self._refuse("not-xlsx", "the workbook is encrypted or of an old kind", "save it as .xlsx, unencrypted")
            return
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, UnicodeDecodeError):
            self._refuse("bad-zip", "the archive is damaged", "save the workbook again")
            return
        total = sum(i.file_size for i in infos)
        bombs = [i for i in infos if i.file_size > 1_000_000 and i.file_size > MOST_RATIO * max(1, i.compress_size)]
        if len(infos) > MOST_MEMBERS or total > 4 * MOST_UNPACKED or bombs:
            self._refuse("zip-bomb", "the archive unpacks to more than a workbook can be", "save it anew")
            return
        self.names = {i.filename: i for i in infos}

    def _refuse(self, code: str, message: str, remedy: str) -> None:
        self.faults.append(Fault(code, message, remedy, file=self.file))

    def read(self, name: str) -> bytes:
        """A member's bytes, "" where there is none or it cannot be had (a fault)."""
        info = self.names.get(name)
        if info is None:
            return b""
        try:
            with self._zip.open(info) as member:
                data = member.read(self.left + 1)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, RuntimeError, zlib.error):
            self._refuse("bad-zip", "the archive is damaged or encrypted", "save the workbook again")
            return b""
        if len(data) > self.left:
            self._refuse("zip-bomb", "the archive unpacks to more than a workbook can be", "save it anew")
            return b""
        self.left -= len(data)
        return data


class _Cells:
    """The cells of one sheet while it is read: sparse, counted, in the order of rows and columns."""

    def __init__(self, file: str, sheet: str, faults: list[Fault]) -> None:
        self.file, self.sheet, self.faults = file, sheet, faults
        self.rows: dict[int, dict[int, str]] = {}
        self.count = 0
        self.formulas = 0

    def put(self, row: int, column: int, text: str) -> None:
        """Keep a cell. Raises StopIteration, with a fault, beyond the limits."""
        self.count += 1
        if self.count > MOST_CELLS or not 0 <= column < MOST_COLUMNS:
            self.faults.append(Fault("too-large", "the sheet has too many cells", "split it", self.file, row))
            raise StopIteration
        self.rows.setdefault(row, {})[column] = text

    def grid(self) -> Grid:
        lines = []
        for number in sorted(self.rows):
            cells = self.rows[number]
            lines.append(Line(number, tuple(cells.get(i, "") for i in range(max(cells) + 1))))
        return Grid(self.file, tuple(lines), "\t", self.sheet)


def read_sheets(data: bytes, file: str, faults: list[Fault], findings: list[Fault]) -> list[Grid]:
    """Every sheet of a workbook as rows of text: numbers in their shortest form, formulas by their saved value.

    Faults: ``zip-bomb``, ``bad-zip``, ``not-xlsx``, ``too-large``, ``formula`` (one without a saved value),
    and those of the XML inside. Finding: ``formula-value``.
    """
    archive = _Archive(data, file, faults)
    if not archive.names:
        return []
    if "content.xml" in archive.names:
        sheets = _read_ods(archive)
    elif any(name.startswith("xl/") for name in archive.names):
        sheets = _read_xlsx(archive)
    else:
        faults.append(Fault("not-xlsx", "the archive is no workbook", "give an .xlsx or .ods file", file=file))
        return []
    formulas = sum(s.formulas for s in sheets)
    if formulas:
        message = f"{formulas} formulas were not evaluated: their last saved values were read"
        findings.append(Fault("formula-value", message, "check them, or save the sheet as values", file=file))
    return [s.grid() for s in sheets]


def _read_xlsx(archive: _Archive) -> list[_Cells]:
    book = tree_of(archive.read("xl/workbook.xml"), archive.file, archive.faults)
    links = tree_of(archive.read("xl/_rels/workbook.xml.rels"), archive.file, archive.faults)
    if book is None or links is None:
        return []
    targets = {r.attributes.get("Id", ""): r.attributes.get("Target", "") for r in links.children}
    strings = _shared_strings(archive)
    found = []
    for part in book.all("sheets"):
        for sheet in part.children:
            target = targets.get(sheet.attributes.get("id", ""), "")
            member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            name = sheet.attributes.get("name", "")
            if member in archive.names and "worksheets/" in member and not _is_apparatus(name):
                cells = _Cells(archive.file, name, archive.faults)
                _read_xlsx_sheet(archive.read(member), cells, strings)
                found.append(cells)
    return found


def _is_apparatus(sheet: str) -> bool:
    """Whether a sheet is one of a report's settings, histories and figures, which are large and hold no profile."""
    return sheet in ("Settings", "Sample History") or sheet.endswith(" Figure")


def _shared_strings(archive: _Archive) -> list[str]:
    """The workbook's texts, without the readings (furigana) that Japanese cells carry beside them."""
    found: list[str] = []
    pieces: list[str] = []
    state = {"text": 0, "reading": 0}

    def start(name: str, attributes: Mapping[str, str], line: int) -> None:
        if name == "si":
            pieces.clear()
        state["text"] += name == "t"
        state["reading"] += name == "rPh"

    def end(name: str) -> None:
        state["text"] -= name == "t"
        state["reading"] -= name == "rPh"
        if name == "si":
            found.append("".join(pieces))

    def text(piece: str) -> None:
        if state["text"] and not state["reading"]:
            pieces.append(piece)

    data = archive.read("xl/sharedStrings.xml")
    if data:
        parse_events(data, archive.file, archive.faults, start=start, end=end, text=text)
    return found


def _read_xlsx_sheet(data: bytes, cells: _Cells, strings: Sequence[str]) -> None:
    row, column, kind, has_formula, reading = 0, -1, "", False, ""
    pieces: list[str] = []

    def start(name: str, attributes: Mapping[str, str], line: int) -> None:
        nonlocal row, column, kind, has_formula, reading
        if name == "row":
            number = attributes.get("r", "")
            row = int(number) if number.isdigit() and len(number) < 8 else row + 1
            column = -1
        elif name == "c":
            place = _REFERENCE.fullmatch(attributes.get("r", ""))
            column = _column(place[1]) if place else column + 1
            kind, has_formula = attributes.get("t", "n"), False
            pieces.clear()
        elif name in ("v", "t"):
            reading = name
        elif name == "f":
            has_formula = True

    def end(name: str) -> None:
        nonlocal reading
        if name in ("v", "t"):
            reading = ""
        elif name == "c":
            value = _xlsx_value("".join(pieces), kind, strings)
            if has_formula:
                _formula(cells, row, value)
            if value:
                cells.put(row, column, value)

    def text(piece: str) -> None:
        if reading:
            pieces.append(piece)

    parse_events(data, cells.file, cells.faults, start=start, end=end, text=text)


def _formula(cells: _Cells, row: int, value: str) -> None:
    cells.formulas += 1
    if not value:
        message = "a formula has no saved value"
        cells.faults.append(Fault("formula", message, "save the sheet as values", cells.file, row))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _xlsx_value(text: str, kind: str, strings: Sequence[str]) -> str:
    if kind == "s":
        return strings[int(text)].strip() if text.isdigit() and int(text[:9]) < len(strings) else ""
    if kind == "b":
        return {"1": "TRUE", "0": "FALSE"}.get(text, text)
    return number_text(text) if kind == "n" else text.strip()


def number_text(text: str) -> str:
    """A stored number as people wrote it: 9.3000000000000007 is `9.3`, 12.0 is `12`."""
    try:
        value = float(text)
    except ValueError:
        return text.strip()
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def _read_ods(archive: _Archive) -> list[_Cells]:
    reader = _Ods(archive.file, archive.faults)
    data = archive.read("content.xml")
    parse_events(data, archive.file, archive.faults, start=reader.start, end=reader.end, text=reader.text)
    return reader.sheets


class _Ods:
    """The state of reading a content.xml; repeated cells and rows are copied only where they hold something."""

    def __init__(self, file: str, faults: list[Fault]) -> None:
        self.file, self.faults = file, faults
        self.sheets: list[_Cells] = []
        self.row = self.column = self.copies = self.row_copies = 0
        self.kept: list[tuple[int, str]] = []
        self.pieces: list[str] = []
        self.value: str | None = None
        self.formula = self.in_cell = False
        self.in_text = self.in_note = 0

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        if name == "table":
            self.sheets.append(_Cells(self.file, attributes.get("name", ""), self.faults))
            self.row = 0
        elif name == "table-row":
            self.row_copies = _count(attributes.get("number-rows-repeated", "1"))
            self.column, self.kept = 0, []
        elif name in ("table-cell", "covered-table-cell"):
            self.copies = _count(attributes.get("number-columns-repeated", "1"))
            self.value = attributes.get("value") if attributes.get("value-type") in ("float", "percentage") else None
            self.formula = "formula" in attributes
            self.pieces, self.in_cell = [], True
        elif name == "annotation":
            self.in_note += 1
        elif name == "p" and self.in_cell:
            if self.pieces:
                self.pieces.append(" ")
            self.in_text += 1
        elif name in ("s", "tab") and self.in_text:
            self.pieces.append(" ")

    def end(self, name: str) -> None:
        if name == "annotation":
            self.in_note -= 1
        elif name == "p" and self.in_cell:
            self.in_text -= 1
        elif name in ("table-cell", "covered-table-cell") and self.sheets:
            text = number_text(self.value) if self.value is not None else "".join(self.pieces).strip()
            self.in_cell = False
            if self.formula:
                _formula(self.sheets[-1], self.row + 1, text)
            if text:
                self.kept += [(self.column + i, text) for i in range(min(self.copies, MOST_COPIES))]
            self.column += self.copies
        elif name == "table-row" and self.sheets:
            for i in range(min(self.row_copies, MOST_COPIES) if self.kept else 0):
                for column, text in self.kept:
                    self.sheets[-1].put(self.row + 1 + i, column, text)
            self.row += self.row_copies

    def text(self, piece: str) -> None:
        if self.in_text and not self.in_note:
            self.pieces.append(piece)


def _count(text: str) -> int:
    return int(text) if text.isdigit() and len(text) < 8 else 1


def _packed(members: Mapping[str, bytes]) -> bytes:
    """A zip archive whose bytes depend on its members alone."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            stored = name == "mimetype"  # OpenDocument wants its type readable at a fixed place
            archive.writestr(info, data, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED)
    return out.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_xlsx(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """A workbook of text cells: nothing in it is a formula, and no program turns an allele into a date."""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    books, links, types = [], [], []
    members: dict[str, bytes] = {}
    for i, (name, rows) in enumerate(sheets.items(), 1):
        body = "".join(
            f'<row r="{r}">'
            + "".join(
                f'<c t="inlineStr"><is><t xml:space="preserve">{escape(c)}</t></is></c>' if c else "<c/>" for c in row
            )
            + "</row>"
            for r, row in enumerate(rows, 1)
        )
        sheet = f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
        members[f"xl/worksheets/sheet{i}.xml"] = sheet.encode()
        books.append(f'<sheet name={quoteattr(name[:31])} sheetId="{i}" r:id="rId{i}"/>')
        links.append(f'<Relationship Id="rId{i}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{i}.xml"/>')
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        types.append(f'<Override PartName="/xl/worksheets/sheet{i}.xml" ContentType="{kind}"/>')
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    content = (
        f'{head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/>{"".join(types)}</Types>'
    )
    root = f'<Relationship Id="rId1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/>'
    book = f'{head}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{"".join(books)}</sheets></workbook>'
    return _packed(
        {
            "[Content_Types].xml": content.encode(),
            "_rels/.rels": f'{head}<Relationships xmlns="{_RELATIONS}">{root}</Relationships>'.encode(),
            "xl/workbook.xml": book.encode(),
            "xl/_rels/workbook.xml.rels": (
                f'{head}<Relationships xmlns="{_RELATIONS}">{"".join(links)}</Relationships>'.encode()
            ),
            **members,
        }
    )


def write_ods(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """An OpenDocument spreadsheet of text cells."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    tables = []
    for name, rows in sheets.items():
        body = "".join(
            "<table:table-row>"
            + "".join(
                f'<table:table-cell office:value-type="string"><text:p>{escape(c)}</text:p></table:table-cell>'
                if c
                else "<table:table-cell/>"
                for c in row
            )
            + "</table:table-row>"
            for row in rows
        )
        tables.append(f"<table:table table:name={quoteattr(name)}>{body}</table:table>")
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    content = (
        f'{head}<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0" office:version="1.2"><office:body><office:spreadsheet>{"".join(tables)}'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _ODS_TYPE.decode()), ("content.xml", "text/xml"))
    )
    manifest = (
        f'{head}<manifest:manifest xmlns:manifest="{space}:manifest:1.0" manifest:version="1.2">{entries}'
        "</manifest:manifest>"
    )
    return _packed({"mimetype": _ODS_TYPE, "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()})
