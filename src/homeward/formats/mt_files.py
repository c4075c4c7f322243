"""Files of mitochondrial haplotypes: EMPOP .emp, HaploGrep .hsd, tables, FASTA and VCF, told apart by their content."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from homeward.case import Span
from homeward.faults import Fault
from homeward.formats.headers import header_of
from homeward.formats.mt_collector import MtCollector
from homeward.formats.mt_vcf import is_mt_vcf, read_mt_vcf
from homeward.formats.profiles import Profiles
from homeward.formats.text import Grid, key_of
from homeward.formats.writing import plain_cell
from homeward.genetics.mtdna import NotationError, haplotype_of_sequence, merged, parsed

__all__ = ["mt_format", "ranges_of", "read_mt"]

_RANGE = re.compile(r"([0-9]{1,5})\s*(?:-|–|\.\.)\s*([0-9]{1,5})|([0-9]{1,5})")
_RANGE_LINE = re.compile(r"#\s*!")
_WHOLE_CELL = re.compile(r"[0-9]{1,5}\s*-\s*[0-9]{1,5}\s*[;,]?.*")
_NO_DIFFERENCES = frozenset({"", "-", "rcrs", "crs", "ref", "reference"})


def mt_format(text: str) -> str:
    """The format's code by a text's first lines, "" where it is none of these."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    if lines[0].startswith(">"):
        return "fasta"
    if lines[0].startswith("##fileformat=VCF"):
        return "mt-vcf" if is_mt_vcf(lines) else ""
    if any(_RANGE_LINE.match(line) for line in lines):
        return "emp"
    rows = [_cells(line) for line in lines if not line.startswith("#")]
    if not rows:
        return ""
    keys = [key_of(c) for c in rows[0]]
    if "range" in keys and "haplogroup" in keys and {"polymorphisms", "polymorphism", "variants"} & set(keys):
        return "hsd"
    is_table = all("\t" in line for line in lines if not line.startswith("#"))
    if is_table and all(_WHOLE_CELL.fullmatch(r[1]) and _is_ranges(r[1]) for r in rows[:20]):
        return "hsd"
    return ""


def read_mt(code: str, text: str, grids: Iterable[Grid], file: str, faults: list[Fault]) -> Profiles:
    """The haplotypes of a file of one of these formats; what is wrong goes to ``faults``."""
    into = MtCollector(code, file, faults)
    if code == "emp":
        _read_emp(text, into)
    elif code == "hsd":
        _read_hsd(text, into)
    elif code == "fasta":
        _read_fasta(text, into)
    elif code == "mt-vcf":
        read_mt_vcf(text, into)
    else:
        for grid in grids:
            _read_table(grid, into)
    return into.profiles()


def ranges_of(text: str) -> tuple[Span, ...]:
    """`16024-576`, `16024-16365 73-340`, `16024..16365;73..340` as ranges. Raises ValueError for anything else."""
    found: list[Span] = []
    rest = text.strip().strip(";,").strip()
    for part in re.split(r"\s*[;,]\s*|(?<=[0-9])\s+(?=[0-9])", rest):
        match = _RANGE.fullmatch(part.strip())
        if not match:
            raise ValueError(text)
        low = int(match[1] or match[3])
        found.append(Span(low, int(match[2] or low)))
    return merged(found)


def _is_ranges(text: str) -> bool:
    try:
        return bool(ranges_of(text))
    except ValueError:
        return False


def _is_difference(text: str) -> bool:
    try:
        parsed(text)
    except NotationError:
        return False
    return True


def _cells(line: str) -> list[str]:
    """A line's cells: between tabs, or between blanks where it has no tab."""
    return [c.strip() for c in (line.split("\t") if "\t" in line else line.split())]


def _differences(cells: Sequence[str]) -> tuple[str, ...]:
    words = [w for c in cells for w in re.split(r"[\s;,]+", c) if w]
    return tuple(w for w in words if w.casefold() not in _NO_DIFFERENCES)


def _rows(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, line.rstrip()


def _read_emp(text: str, into: MtCollector) -> None:
    """Blocks of rows under `#! RANGE`: name, haplogroup, how many, differences."""
    ranges: tuple[Span, ...] | None = None
    told = False
    for number, line in _rows(text):
        if match := _RANGE_LINE.match(line):
            try:
                ranges = ranges_of(line[match.end() :])
            except ValueError:
                ranges = None
                into.fault("bad-range", "the line names no range", "write #! 16024-576", row=number, value=line)
                told = True
            continue
        if line.startswith("#"):
            continue
        if ranges is None:
            if not told:
                into.fault("bad-range", "no range stands before the haplotypes", "begin with #! 16024-576", row=number)
                told = True
            continue
        cells = _cells(line)
        haplogroup, count, rest = _emp_head(cells[1:])
        if not count.isdigit() or int(count) < 1:
            remedy = "write a whole number of persons in the third column"
            into.fault("bad-number", f"{count[:40]!r} is no count", remedy, row=number, value=count)
            continue
        into.add(plain_cell(cells[0]), ranges, _differences(rest), row=number, haplogroup=haplogroup, count=int(count))


def _emp_head(cells: list[str]) -> tuple[str, str, list[str]]:
    """(haplogroup, count, differences); files of queries may leave haplogroup and count away."""
    if not cells or _is_difference(cells[0]):
        return "", "1", cells
    if len(cells) > 1 and _is_difference(cells[1]):
        return cells[0], "1", cells[1:]
    return cells[0], cells[1] if len(cells) > 1 else "1", cells[2:]


def _read_hsd(text: str, into: MtCollector) -> None:
    for number, line in _rows(text):
        cells = _cells(line)
        if line.startswith("#") or (number == 1 and "range" in [key_of(c) for c in cells]):
            continue
        if len(cells) < 2 or not _is_ranges(cells[1]):
            value = cells[1] if len(cells) > 1 else ""
            remedy = "write the range read, such as 16024-576;"
            into.fault("bad-range", "the row has no range", remedy, row=number, column="Range", value=value)
            continue
        rest = cells[2:]
        haplogroup = rest.pop(0) if rest and not _is_difference(rest[0]) else ""
        into.add(plain_cell(cells[0]), ranges_of(cells[1]), _differences(rest), row=number, haplogroup=haplogroup)


def _read_table(grid: Grid, into: MtCollector) -> None:
    """`SampleName,Range,Haplotype` of RelSearch, `sample,range,haplotype` of a case folder."""
    header = header_of(grid)
    if header is None or header.layout != "mt":
        return
    keys = [key_of(c) for c in header.cells]
    range_at, haplotype_at = keys.index("range"), keys.index("haplotype")
    for line in grid.lines[header.at + 1 :]:
        text = plain_cell(line[range_at])
        if not _is_ranges(text):
            remedy = "write the range read, such as 16024..16365;73..340"
            message = "the row has no range"
            into.fault("bad-range", message, remedy, row=line.number, column=header.cells[range_at], value=text)
            continue
        into.add(
            plain_cell(header.cell("sample", line.cells)),
            ranges_of(text),
            _differences([plain_cell(line[haplotype_at])]),
            row=line.number,
            haplogroup=line[keys.index("haplogroup")] if "haplogroup" in keys else "",
            family=header.cell("family", line.cells),
            relationship=header.cell("relationship", line.cells),
        )


def _read_fasta(text: str, into: MtCollector) -> None:
    """Records of one name are ranges of one haplotype."""
    records: dict[str, list[tuple[int, list[str]]]] = {}
    name = ""
    for number, line in _rows(text):
        if line.startswith(">"):
            name = line[1:].split()[0] if line[1:].split() else ""
            records.setdefault(name, []).append((number, []))
        elif not line.startswith(";"):
            records[name][-1][1].append(line)
    for name, parts in records.items():
        ranges: list[Span] = []
        differences: list[str] = []
        row = parts[0][0]
        sound = True
        for number, lines in parts:
            try:
                found = haplotype_of_sequence("".join(lines))
            except ValueError as problem:
                sound = False
                into.fault(*_SEQUENCE_FAULTS.get(str(problem), _SEQUENCE_FAULTS["not-mtdna"]), row=number, sample=name)
                continue
            ranges += found.ranges
            differences += found.differences
        if sound:
            into.add(name, tuple(ranges), tuple(dict.fromkeys(differences)), row=row)


_SEQUENCE_FAULTS = {
    "bad-sequence": ("bad-sequence", "the record is no sequence of bases", "write A C G T, IUPAC letters, N"),
    "not-mtdna": ("not-mtdna", "the sequence has no place on the rCRS", "give the light strand of human mtDNA"),
}
