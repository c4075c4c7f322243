"""Tables of profiles in their four layouts, from the rows of a text file or a sheet into a `Collector`.

Long: a row is a typing. Per allele: a row is an allele. Wide: a row is a sample. Transposed: a column is one.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import cast

from homeward.formats.calls import split_cell
from homeward.formats.headers import Header, header_of, marker_columns
from homeward.formats.profiles import Collector
from homeward.formats.text import Grid, Line, key_of
from homeward.formats.writing import plain_cell
from homeward.pedigree import Sex

__all__ = ["read_grid", "read_layout", "sex_of"]

_SEXES = {
    "m": "male", "male": "male", "1": "male", "男": "male", "男性": "male", "남": "male", "남성": "male",
    "f": "female", "female": "female", "2": "female", "女": "female", "女性": "female", "여": "female",
    "여성": "female", "w": "female",
}  # fmt: skip


def sex_of(text: str) -> Sex:
    """Male or female in the words and codes in use, else unknown."""
    return cast(Sex, _SEXES.get(key_of(text), "unknown"))


def read_grid(grid: Grid, into: Collector) -> Header | None:
    """Read whichever layout the rows have; None, and nothing read, where they are no table of profiles."""
    header = header_of(grid)
    if header is None or header.layout not in ("long", "per-allele", "wide", "transposed"):
        return header
    read_layout(grid, header, into)
    return header


def read_layout(grid: Grid, header: Header, into: Collector) -> None:
    """Read the rows under a header of profiles."""
    body = grid.lines[header.at + 1 :]
    if header.layout == "long":
        _long(body, header, into)
    elif header.layout == "per-allele":
        _per_allele(grid, body, header, into)
    elif header.layout == "wide":
        _wide(body, header, into)
    else:
        _transposed(body, header, into)


def _sample(line: Line, header: Header, into: Collector, default: str = "", prefix: str = "") -> str:
    """The row's sample. ``prefix`` keeps apart equal names of several projects in one file."""
    name = header.cell("sample", line.cells) or default
    if not name:
        name = header.cell("file", line.cells)
    return into.sample(
        prefix + plain_cell(name) if name else "",
        row=line.number,
        column=header.cells[header.roles["sample"]] if "sample" in header.roles else "",
        sex=sex_of(header.cell("sex", line.cells)),
        family=header.cell("family", line.cells),
        relationship=header.cell("relationship", line.cells),
        category=header.cell("category", line.cells),
    )


def _long(body: tuple[Line, ...], header: Header, into: Collector) -> None:
    marker_at = header.roles["marker"]
    columns = [header.cells[i] for i in header.alleles]
    default = "" if "sample" in header.roles else PurePath(into.file).stem
    projects = {header.cell("project", line.cells) for line in body}
    for line in body:
        marker = line[marker_at]
        if line.cells == header.cells or not marker:
            continue
        prefix = f"{header.cell('project', line.cells)}:" if len(projects) > 1 else ""
        sample = _sample(line, header, into, default, prefix)
        cells = [line[i] for i in header.alleles]
        heights = [line[i] for i in header.heights]
        into.add(sample, marker, cells, heights, row=line.number, columns=columns)


def _per_allele(grid: Grid, body: tuple[Line, ...], header: Header, into: Collector) -> None:
    """All rows of one sample and marker are one typing, wherever they stand."""
    default = PurePath(grid.sheet or into.file).stem
    calls: dict[tuple[str, str], tuple[int, list[str], list[str]]] = {}
    for line in body:
        marker, allele = line[header.roles["marker"]], line[header.roles["allele"]]
        if line.cells == header.cells or not marker:
            continue
        sample = _sample(line, header, into, "" if header.cell("sample", line.cells) else default)
        call = calls.setdefault((sample, marker), (line.number, [], []))
        call[1].append(allele)
        call[2].append(header.cell("height", line.cells))
    for (sample, marker), (row, cells, heights) in calls.items():
        into.add(sample, marker, cells, heights, row=row, columns=[header.cells[header.roles["allele"]]] * len(cells))


def _wide(body: tuple[Line, ...], header: Header, into: Collector) -> None:
    markers, left_out = marker_columns(header)
    for column in left_out[:20]:
        if key_of(column) not in ("samplefile", "runname", "panel"):
            into.note("column-left-out", "the column is no marker and was left out", column=column)
    for line in body:
        if line.cells == header.cells or not any(line[i] for m in markers for i in m.at):
            continue
        if "relationship" in header.roles:  # one reference may have a row for each person who is missing
            into.part = line.number
        sample = _sample(line, header, into)
        for marker in markers:
            if len(marker.at) == 1:
                cells = split_cell(line[marker.at[0]], marker.name)
                heights = [h.strip() for h in line[marker.heights].split(",")] if marker.heights >= 0 else []
            else:
                cells, heights = [line[i] for i in marker.at], []
            columns = [header.cells[marker.at[min(i, len(marker.at) - 1)]] for i in range(len(cells))]
            if any(cells):
                into.add(sample, marker.name, cells, heights, row=line.number, columns=columns)


def _transposed(body: tuple[Line, ...], header: Header, into: Collector) -> None:
    groups: dict[str, list[int]] = {}
    last = ""
    for i, cell in enumerate(header.cells[1:], 1):
        last = cell or last
        if last:
            groups.setdefault(last, []).append(i)
    for name, at in groups.items():
        sample = into.sample(name, row=1, column=name)
        for line in body:
            marker = line[0]
            cells = split_cell(line[at[0]], marker) if len(at) == 1 else [line[i] for i in at]
            if marker and any(cells):
                into.add(sample, marker, cells, row=line.number, columns=[name] * len(cells))
