"""GeneMarker HTS (SoftGenetics): a table of sequences with their reads, without allele numbers."""

from __future__ import annotations

from pathlib import PurePath

from homeward.formats.headers import Header
from homeward.formats.profiles import Collector
from homeward.formats.text import Grid, key_of

__all__ = ["FORMAT", "read_sequences"]

FORMAT = "genemarker-hts"


def read_sequences(grid: Grid, header: Header, into: Collector) -> None:
    """Each sample's sequences by marker, reads as heights. They cannot be weighed until somebody numbers them."""
    sequence = next(i for i, c in enumerate(header.cells) if key_of(c) == "sequence")
    calls: dict[tuple[str, str], tuple[int, list[str], list[str]]] = {}
    for line in grid.lines[header.at + 1 :]:
        name = header.cell("sample", line.cells) or PurePath(into.file).stem
        call = calls.setdefault((name, line[header.roles["marker"]]), (line.number, [], []))
        call[1].append(line[sequence])
        call[2].append(header.cell("height", line.cells))
    for (name, marker), (row, cells, heights) in calls.items():
        sample = into.sample(name, row=row)
        into.add_sequences(sample, marker, cells, heights, row=row)
