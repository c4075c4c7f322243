"""The registry of file formats, how a file's format is recognised from its content, and the one way to read any."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from homeward.faults import Fault, Refusal
from homeward.formats.headers import Header, header_of
from homeward.formats.profiles import Collector, Frequencies, Profiles
from homeward.formats.source import Place, file_bytes, is_there, place_of
from homeward.formats.text import Grid, Line, grid_of, key_of, text_of

__all__ = ["FORMATS", "Format", "Reading", "read_closely", "read_file", "recognise"]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its code, what a file of it holds, what it is called, and whether it is also written."""

    code: str
    holds: Literal["profiles", "frequencies", "case"]
    name: str
    written: bool = False


FORMATS: dict[str, Format] = {
    f.code: f
    for f in (
        Format("case-folder", "case", "Homeward case folder", written=True),
        Format("familias", "case", "Familias 3 project (.fam)"),
        Format("genemapper", "profiles", "GeneMapper ID export, long or a row a sample, with or without heights", True),
        Format("genemarker", "profiles", "GeneMarker HID allele report"),
        Format("genemarker-hts", "profiles", "GeneMarker HTS sequences"),
        Format("codis-cmf", "profiles", "CODIS Common Message Format 3.2 (XML)", written=True),
        Format("codis-csv", "profiles", "CODIS database as CSV: specimenId, LOCUS_1 to LOCUS_4"),
        Format("euroformix", "profiles", "EuroForMix and LRmix evidence and references", written=True),
        Format("strmix", "profiles", "STRmix input: a row an allele", written=True),
        Format("relsearch", "profiles", "RelSearch victims and references, autosomal and Y", written=True),
        Format("forenseq-uas", "profiles", "ForenSeq Universal Analysis Software sample report"),
        Format("homeward-csv", "profiles", "profiles.csv of a case folder", written=True),
        Format("wide", "profiles", "a table with a row a sample"),
        Format("transposed", "profiles", "a table with a column a sample"),
        Format("xlsx", "profiles", "Excel workbook", written=True),
        Format("ods", "profiles", "OpenDocument spreadsheet", written=True),
        Format("emp", "profiles", "EMPOP mitochondrial haplotypes (.emp)", written=True),
        Format("hsd", "profiles", "HaploGrep mitochondrial haplotypes (.hsd)", written=True),
        Format("mt-table", "profiles", "mitochondrial haplotypes as a table: mtdna.csv, RelSearch", written=True),
        Format("fasta", "profiles", "mitochondrial sequences (FASTA)", written=True),
        Format("mt-vcf", "profiles", "mitochondrial variants (VCF)", written=True),
        Format("ped", "profiles", "PED text (PLINK, MERLIN) with .map or .dat beside it", written=True),
        Format("euroformix-frequencies", "frequencies", "EuroForMix and RelSearch tables: a column a marker", True),
        Format("genis-frequencies", "frequencies", "GENis frequencies, long or wide"),
        Format("long-frequencies", "frequencies", "frequencies.csv, and other long tables", written=True),
        Format("familias-frequencies", "frequencies", "Familias text database: blocks of allele and frequency"),
        Format("strider", "frequencies", "STRidER frequencies (XML)", written=True),
    )
}  # fmt: skip


@dataclass(slots=True)
class _Opened:
    """A file on its way: its bytes, and whatever has been made of them so far."""

    path: Place
    data: bytes
    faults: list[Fault]
    findings: list[Fault]
    code: str = ""
    text: str = ""
    grids: list[Grid] | None = None
    closely: bool = False

    @property
    def file(self) -> str:
        return self.path.name


@dataclass(frozen=True)
class Reading:
    """A file as far as it could be read: the code of its format ("" where no reader knows it), its rows as they stand,
    what they say (None where anything is wrong), and everything that is wrong."""

    format: str
    rows: tuple[Grid, ...]
    content: Profiles | Frequencies | None
    faults: tuple[Fault, ...]


def recognise(path: str | Place) -> str:
    """The code of a file's format, by its content alone.

    Raises `Refusal`: ``unknown-format``, and the faults of a file that cannot be opened at all.
    """
    return _opened(path).code


def read_file(path: str | Place) -> Profiles | Frequencies:
    """What a file of profiles or frequencies says, whatever its format; whole or not at all.

    Raises `Refusal` with every fault: those of `recognise`, and those of the format's reader. Case folders
    and Familias projects are read by `read_case` (``whole-case``).
    """
    return _content(_opened(path))


def read_closely(path: str | Place) -> Reading:
    """The same with the rows of the file and where in it each typing stands; what is wrong is returned, not raised."""
    opened = None
    try:
        opened = _opened(path)
        opened.closely = True
        return Reading(opened.code, _rows(opened), _content(opened), ())
    except Refusal as refusal:
        return Reading(opened.code if opened else "", _rows(opened) if opened else (), None, refusal.faults)


def _rows(opened: _Opened) -> tuple[Grid, ...]:
    """The rows of a file; of text that is no table its lines."""
    if opened.grids is not None:
        return tuple(opened.grids)
    lines = tuple(Line(i, (line,)) for i, line in enumerate(opened.text.splitlines(), 1) if line.strip())
    return (Grid(opened.file, lines),) if lines else ()


def _content(opened: _Opened) -> Profiles | Frequencies:
    if FORMATS[opened.code].holds == "case":
        _refuse(opened, "whole-case", "the file holds a whole case", "read it as a case")
    result = _read(opened)
    if opened.faults:
        raise Refusal(opened.faults)
    empty = not (result.families or result.typings or result.mt) if isinstance(result, Profiles) else not result.tables
    if empty:
        words = "profiles" if isinstance(result, Profiles) else "frequencies"
        _refuse(opened, f"no-{words}", f"the file has no {words}", "export it again, with alleles")
    return replace(result, findings=(*opened.findings, *result.findings))


def _refuse(opened: _Opened, code: str, message: str, remedy: str) -> None:
    raise Refusal([*opened.faults, Fault(code, message, remedy, file=opened.file)])


def _opened(path: str | Place) -> _Opened:
    where = place_of(path)
    faults: list[Fault] = []
    try:
        is_folder = where.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if is_folder:
        if is_there(where / "case.toml"):
            return _Opened(where, b"", [], [], "case-folder")
        raise Refusal([Fault("unknown-format", "the folder is no case folder", "name a file", file=where.name)])
    data = file_bytes(where, where.name, faults)
    opened = _Opened(where, data or b"", faults, [])
    if data is not None:
        opened.code = _code(opened)
    if not opened.code:
        if not faults:
            remedy = "export it in one of the formats of docs/formats.md"
            _refuse(opened, "unknown-format", "no reader knows this kind of file", remedy)
        raise Refusal(faults)
    return opened


def _code(opened: _Opened) -> str:
    from homeward.formats.mt_files import mt_format
    from homeward.formats.ped import is_ped
    from homeward.formats.spreadsheet import is_spreadsheet
    from homeward.formats.xml_text import is_xml

    if is_spreadsheet(opened.data):
        return _workbook_code(opened)
    if is_xml(opened.data):
        head = opened.data[:4000].replace(b"\0", b"")
        return "codis-cmf" if b"CODISImportFile" in head else "strider" if b"<frequencies" in head else ""
    text = text_of(opened.data, opened.file, opened.faults, opened.findings)
    if text is None:
        return ""
    opened.text = text
    if code := mt_format(text):
        return code
    if "[DVI]" in text or "#TRUE#" in text or "#FALSE#" in text or text.lstrip(' "').startswith("Familias"):
        return "familias"
    grid = grid_of(text, opened.file, opened.faults)
    opened.grids = [grid]
    code = _grid_code(opened, grid)
    if not code and is_ped(text):
        opened.faults[:] = [f for f in opened.faults if f.code != "bad-csv"]
        return "ped"
    return code


def _workbook_code(opened: _Opened) -> str:
    from homeward.formats.forenseq import is_report
    from homeward.formats.spreadsheet import read_sheets

    opened.grids = read_sheets(opened.data, opened.file, opened.faults, opened.findings)
    if opened.faults:
        return ""
    if is_report(opened.grids):
        return "forenseq-uas"
    kinds = {_grid_code(opened, g) for g in opened.grids} - {""}
    holds = {FORMATS[k].holds for k in kinds}
    if holds == {"frequencies"}:
        return "euroformix-frequencies"
    return ("ods" if b"opendocument" in opened.data[:200] else "xlsx") if holds else ""


def _grid_code(opened: _Opened, grid: Grid) -> str:
    """The format of a table by its header, "" where it is none we know."""
    from homeward.formats.frequency_tables import is_blocks

    if is_blocks(grid):
        return "familias-frequencies"
    header = header_of(grid)
    if header is None:
        return ""
    keys = [key_of(c) for c in header.cells]
    match header.layout:
        case "mt":
            return "mt-table"
        case "frequency-wide":
            return "genis-frequencies" if keys[0] == "alelo" else "euroformix-frequencies"
        case "frequency-long":
            return "genis-frequencies" if "marcador" in keys else "long-frequencies"
        case "sequences":
            return "genemarker-hts"
        case "per-allele":
            return "strmix"
        case "transposed":
            return "transposed"
        case "wide":
            return _wide_code(header, keys)
    return _long_code(grid, header, keys)


def _wide_code(header: Header, keys: list[str]) -> str:
    if "samplefile" in keys or "height" in keys:
        return "genemapper"
    if "specimenid" in keys:
        return "codis-csv"
    return "relsearch" if header.cells[0] == "SampleName" else "wide"


def _long_code(grid: Grid, header: Header, keys: list[str]) -> str:
    if header.at > 0:
        return "genemarker"
    if header.cells[0] == "sample" and "allele1" in header.cells:
        return "homeward-csv"
    if {"samplefile", "dye", "panel", "size1", "remark"} & set(keys):
        return "genemapper"
    if grid.delimiter == "\t" and "ado" not in keys and header.cells[0] != "SampleName":
        return "genemapper"
    return "euroformix"


def _read(opened: _Opened) -> Profiles | Frequencies:
    from homeward.formats.codis import read_codis
    from homeward.formats.forenseq import read_reports
    from homeward.formats.mt_files import read_mt
    from homeward.formats.ped import read_ped
    from homeward.formats.strider import read_strider

    if opened.code == "codis-cmf":
        return read_codis(opened.data, opened.file, opened.faults)
    if opened.code == "strider":
        return read_strider(opened.data, opened.file, opened.faults)
    if FORMATS[opened.code].holds == "frequencies":
        return _read_frequencies(opened)
    if opened.code in ("emp", "hsd", "mt-table", "fasta", "mt-vcf"):
        return read_mt(opened.code, opened.text, opened.grids or (), opened.file, opened.faults)
    into = Collector(opened.code, opened.file, opened.faults)
    into.origins = {} if opened.closely else None
    if opened.code == "ped":
        read_ped(opened.text, opened.path, into)
    elif opened.code == "forenseq-uas":
        read_reports(opened.grids or (), into)
    else:
        _read_tables(opened, into)
    return into.profiles()


def _read_tables(opened: _Opened, into: Collector) -> None:
    from homeward.formats.genemarker import read_sequences
    from homeward.formats.layouts import read_grid

    for part, grid in enumerate(opened.grids or ()):
        into.part = part
        if len(opened.grids or ()) > 1 and not _grid_code(opened, grid):
            continue
        header = read_grid(grid, into)
        if header is not None and header.layout == "sequences":
            read_sequences(grid, header, into)
        elif header is not None and header.layout.startswith("frequency"):
            into.note("sheet-left-out", f"the sheet {grid.sheet[:60]!r} holds frequencies and was left out")


def _read_frequencies(opened: _Opened) -> Frequencies:
    from homeward.formats.frequency_tables import (
        Tables,
        is_blocks,
        read_blocks,
        read_long_frequencies,
        read_wide_frequencies,
    )

    into = Tables(opened.code, opened.file, opened.faults)
    for grid in opened.grids or ():
        if is_blocks(grid):
            read_blocks(grid, into)
            continue
        header = header_of(grid)
        if header is not None and header.layout == "frequency-wide":
            read_wide_frequencies(grid, header, into)
        elif header is not None and header.layout == "frequency-long":
            read_long_frequencies(grid, header, into)
    return into.frequencies()
