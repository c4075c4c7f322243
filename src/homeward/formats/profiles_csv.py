"""CSV profiles: long (a row is one typing of one marker) and wide (a row is a sample, a marker two columns)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from homeward.case import Typing
from homeward.faults import Fault, Refusal
from homeward.formats.alleles import allele_of, canonical_call, check_call, given_of, marker_of
from homeward.formats.source import file_bytes
from homeward.formats.table import Row, Table, read_table, shown
from homeward.pedigree import Sex

__all__ = ["Calls", "is_profile_column", "read_profiles", "typings_of"]

NEEDED = ("sample", "marker", "allele1")
_ALLELE = re.compile(r"allele([1-9][0-9]?)")
_HEIGHT = re.compile(r"height([1-9][0-9]?)")
_COPY = re.compile(r"(.+)[ _][12]")
_SPELT = {
    "samplename": "sample",
    "sampleid": "sample",
    "sample": "sample",
    "markername": "marker",
    "marker": "marker",
    "locus": "marker",
    "replicate": "replicate",
}


def is_profile_column(column: str) -> bool:
    """Whether a long profile file knows the column, besides those it needs."""
    return bool(_ALLELE.fullmatch(column) or _HEIGHT.fullmatch(column)) or column == "replicate"


@dataclass
class Calls:
    """What reading profiles needs to know of the rest of the case, and what it has seen so far.

    ``sex`` and ``dropout`` by sample; ``tables``: marker → alleles of the population tables;
    ``check_sample`` reports a sample that is nobody's. ``given`` collects marker → name first given. ``y_snps``: as
    `marker_of` takes them.
    """

    sex: Callable[[str], Sex] = lambda sample: "unknown"
    dropout: Collection[str] = ()
    tables: Mapping[str, Collection[str]] = field(default_factory=dict)
    check_sample: Callable[[Row], None] = lambda row: None
    y_snps: Collection[str] = ()
    given: dict[str, str] = field(default_factory=dict)
    seen: set[tuple[str, str, int]] = field(default_factory=set)


def read_profiles(path: str | Path) -> tuple[Typing, ...]:
    """The typings of a CSV file of profiles, long or wide, as its header tells.

    Long: `sample,marker,allele1,allele2…`, also spelt `Sample Name`, `Allele 1`. Wide: a sample a row, each
    marker in two columns: `TH01,TH01`, `TH01_1,TH01_2` or `TH01 1,TH01 2`; a Y marker may have one column.
    Sexes are not known here, so an X marker may have one allele. Raises `Refusal` with the codes of the case
    folder's profiles.
    """
    where = Path(path)
    faults: list[Fault] = []
    data = file_bytes(where, where.name, faults)
    typings: list[Typing] = []
    if data is not None:
        header = read_table(data, where.name, [], needed=(), spelt=_long_names).columns
        if "marker" in header:
            table = read_table(data, where.name, faults, needed=NEEDED, known=is_profile_column, spelt=_long_names)
            typings = typings_of(table, Calls())
        else:
            typings = _read_wide(data, where.name, faults)
    if faults:
        raise Refusal(faults)
    return tuple(typings)


def typings_of(table: Table, calls: Calls) -> list[Typing]:
    """The typings of a long table; what is wrong with them is reported through its rows."""
    alleles = _numbered(table.columns, _ALLELE)
    heights = _numbered(table.columns, _HEIGHT)
    found = []
    for row in table:
        typing = _typing(row, alleles, heights, calls)
        if typing is not None:
            found.append(typing)
    return found


def _numbered(columns: tuple[str, ...], pattern: re.Pattern[str]) -> list[str]:
    return sorted((c for c in set(columns) if pattern.fullmatch(c)), key=lambda c: (len(c), c))


def _typing(row: Row, allele_columns: list[str], height_columns: list[str], calls: Calls) -> Typing | None:
    sample = row.needed("sample")
    marker = marker_of(row, y_snps=calls.y_snps)
    replicate = row.whole("replicate", 1)
    heights = _filled(row, height_columns)
    values = [row.number(column, 0.0, 1e12) for column in heights]
    columns = _filled(row, allele_columns)
    if not columns and sample not in calls.dropout:
        row.needed("allele1")
    if len(heights) > len(columns):
        row.fault(
            "missing-value",
            f"allele{len(columns) + 1}",
            "a height has no allele",
            "give the allele, or remove the height",
        )
    if marker and marker not in calls.given:
        calls.given[marker] = given_of(row, marker)
    alleles = [allele_of(row, c, marker, table=calls.tables.get(marker)) for c in columns] if marker else []
    if sample:
        calls.check_sample(row)
    if row.faulty or "allele1" not in row.cells:
        return None
    sex = calls.sex(sample)
    if alleles:
        check_call(row, marker, alleles, sex, dropout=sample in calls.dropout)
    key = (sample, marker, replicate or 1)
    if key in calls.seen:
        row.fault(
            "duplicate-typing",
            "marker",
            f"{marker} of {sample} is typed twice",
            "remove one row, or number the typings in the column replicate",
        )
    calls.seen.add(key)
    return Typing(
        sample, marker, canonical_call(marker, alleles, sex), replicate or 1, tuple(v for v in values if v is not None)
    )


def _filled(row: Row, columns: list[str]) -> list[str]:
    """The columns up to the last one that has a value; a gap before it is a fault."""
    filled = [c for c in columns if row.has(c)]
    if filled:
        for column in columns[: columns.index(filled[-1])]:
            if column not in filled:
                row.fault("missing-value", column, f"{column} is empty, and a later one is not", f"fill in {column}")
    return filled


def _long_name(column: str) -> str:
    """A long header's column as the case folder spells it."""
    plain = re.sub(r"[\s_]+", "", column).lower()
    if _ALLELE.fullmatch(plain) or _HEIGHT.fullmatch(plain):
        return plain
    return _SPELT.get(plain, column)


def _long_names(columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_long_name(column) for column in columns)


def _read_wide(data: bytes, file: str, faults: list[Fault]) -> list[Typing]:
    """Every marker of every row goes the way of a long row; faults name the wide file's own columns."""
    header: list[str] = []

    def places(columns: tuple[str, ...]) -> tuple[str, ...]:
        header.extend(columns)
        return tuple(str(i) if _long_name(c) != "sample" else "sample" for i, c in enumerate(columns))

    table = read_table(data, file, faults, needed=("sample",), known=str.isdigit, spelt=places)
    if "sample" not in table.columns:
        return []
    markers = _wide_markers(header, file, faults)
    calls = Calls()
    found = []
    for row in table:
        for name, at in markers.items():
            cells = [row.cells[str(i)] for i in at]
            if len(at) == 1:
                cells = [c.strip() for c in cells[0].split(",")]
            if not any(cells):
                continue
            alleles = {f"allele{i}": cell for i, cell in enumerate(cells, 1)}
            inner: list[Fault] = []
            long_row = Row(file, row.line, {"sample": row.cells["sample"], "marker": name, **alleles}, inner)
            typing = _typing(long_row, list(alleles), [], calls)
            names = {column: header[at[min(i, len(at) - 1)]] for i, column in enumerate(alleles)}
            places_of = {"sample": "sample", "marker": header[at[0]], **names}
            faults.extend(replace(f, column=places_of.get(f.column, header[at[-1]])) for f in inner)
            if typing is not None and not inner:
                found.append(typing)
    return found


def _wide_markers(header: list[str], file: str, faults: list[Fault]) -> dict[str, list[int]]:
    """Marker as given → the places of its columns in the header."""
    from homeward.genetics import canonical_marker, marker_kind

    groups: dict[str, list[int]] = {}
    for i, column in enumerate(header):
        if _long_name(column) == "sample" or column.startswith("x_"):
            continue
        copy = _COPY.fullmatch(column)
        groups.setdefault(canonical_marker(copy[1] if copy else column), []).append(i)
    found: dict[str, list[int]] = {}
    for marker, at in groups.items():
        if len(at) == 2 or (len(at) == 1 and marker_kind(marker) == "Y"):
            copy = _COPY.fullmatch(header[at[0]])
            found[copy[1] if copy else header[at[0]]] = at
            continue
        code, message = ("unknown-field", "has one column") if len(at) == 1 else ("duplicate-column", "has too many")
        remedy = "give each marker two columns, or begin a column of your own with x_"
        faults.append(Fault(code, f"{shown(marker)} {message}", remedy, file=file, row=1, column=header[at[-1]][:200]))
    return found
