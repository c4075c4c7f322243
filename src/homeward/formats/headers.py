"""What the columns of a table of profiles or frequencies are, by the names that programs and people give them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from homeward.formats.text import Grid, key_of
from homeward.genetics import allele_kind, canonical_marker, marker_kind

__all__ = ["Header", "Layout", "MarkerColumns", "header_of", "marker_columns"]

Layout = Literal["long", "per-allele", "wide", "transposed", "frequency-wide", "frequency-long", "sequences", "mt"]

_SAMPLE = {
    "samplename", "sample", "sampleid", "samplenumber", "specimenid", "specimen", "specimenname", "profilename",
    "検体名", "検体", "検体番号", "試料名", "試料", "試料番号", "サンプル名", "サンプル",
    "시료명", "시료", "시료번호", "샘플", "샘플명", "검체", "검체명", "검체번호",
}  # fmt: skip
_SAMPLE_ELSE = ("control", "individual", "individualid", "person", "personid", "profile", "id", "name")
_MARKER = {
    "marker", "markername", "locus", "locusname", "system", "systemname", "loci",
    "マーカー", "マーカー名", "ローカス", "座位", "遺伝子座", "마커", "마커명", "좌위", "유전자좌",
}  # fmt: skip
_MARKER_ELSE = ("marcador", "マーカ", "str")
_ALLELE = re.compile(
    r"(?:allele|alelo|allel|alleles|allelename|call|アレル|アリル|対立遺伝子|대립유전자|대립형질|a)([0-9]{1,2})"
)
_HEIGHT = re.compile(r"(?:height|peakheight|heights|rfu|reads|read|coverage|h)([0-9]{1,2})")
_ONE_ALLELE = {"allele", "alelo", "allel", "allelename", "アレル", "アリル", "対立遺伝子", "대립유전자"}
_ONE_HEIGHT = {"height", "peakheight", "rfu", "reads", "coverage", "totalreads", "readcount"}
_FREQUENCY = {"frequency", "freq", "frequencia", "probability", "頻度", "빈도"}
_COUNT = {"count", "counts", "n", "number"}
_OTHER = {
    "file": {"samplefile", "filename", "file"},
    "category": {"sampletype", "specimencategory", "type", "role"},
    "family": {"family", "familyid", "pedigree", "家系", "家族", "가족"},
    "relationship": {"relationship", "relation", "続柄", "関係", "관계"},
    "sex": {"sex", "gender", "性別", "성별"},
    "project": {"dataset", "project", "caseid", "casenumber"},
    "population": {"population", "populationid", "pop", "集団", "집단"},
}  # fmt: skip
_COPY = re.compile(r"(.+?)(?:[ _.\-]+(?:allele|a)?[ _.]*|[ _.\-]*(?:allele)[ _.]*|\s*[(#])([1-9])\)?", re.IGNORECASE)
_COPY_LETTER = re.compile(
    r"(DYS385|DYF387S1|DYS459|DYS464|DYS413|DYS527|DYF399S1|DYF404S1|YCAII)[ _.\-/]*([a-d])", re.IGNORECASE
)
_TABLES = {"reconstructedcountof", "publishedprobfloored", "paternalm", "kit", "value", "sum", "rate"}
SEARCHED_LINES = 60


@dataclass(frozen=True, slots=True)
class Header:
    """Where a table's header stands (index among the grid's lines), its cells, its layout and columns by role."""

    at: int
    cells: tuple[str, ...]
    layout: Layout
    roles: dict[str, int]
    alleles: tuple[int, ...] = ()
    heights: tuple[int, ...] = ()

    def cell(self, role: str, line: Sequence[str]) -> str:
        """The text of a role's column in a row, "" where there is none."""
        i = self.roles.get(role, -1)
        return line[i] if 0 <= i < len(line) else ""


@dataclass(frozen=True, slots=True)
class MarkerColumns:
    """One marker of a wide table: its name as given, its allele columns, and its column of heights."""

    name: str
    at: tuple[int, ...]
    heights: int = -1


def header_of(grid: Grid) -> Header | None:
    """The first row that can be a header; None where no row can."""
    for at, line in enumerate(grid.lines[:SEARCHED_LINES]):
        if len(line.cells) >= 2:
            header = _header(at, line.cells)
            if header is not None:
                return header
    return None


def _header(at: int, cells: tuple[str, ...]) -> Header | None:
    keys = [key_of(c) for c in cells]
    roles: dict[str, int] = {}
    for role, names in (("sample", _SAMPLE), ("marker", _MARKER), ("allele", _ONE_ALLELE), ("height", _ONE_HEIGHT),
                        ("frequency", _FREQUENCY), ("count", _COUNT), *_OTHER.items()):  # fmt: skip
        for i, key in enumerate(keys):
            if key in names:
                roles.setdefault(role, i)
    if "samplename" in keys:  # a laboratory's number or a machine's id may stand before the name
        roles["sample"] = keys.index("samplename")
    alleles = _numbered(keys, _ALLELE)
    heights = _numbered(keys, _HEIGHT)
    for role, names_else in (("sample", _SAMPLE_ELSE), ("marker", _MARKER_ELSE)):
        for name in names_else:
            if role not in roles and name in keys:
                roles[role] = keys.index(name)
    layout = _layout(cells, keys, roles, alleles)
    if layout == "wide" and "sample" not in roles:
        return None
    return Header(at, cells, layout, roles, alleles, heights) if layout else None


def _layout(cells: tuple[str, ...], keys: list[str], roles: dict[str, int], alleles: tuple[int, ...]) -> Layout | None:
    known = sum(is_known(base_of(c)) for c in cells if c)
    if "haplotype" in keys and "range" in keys:
        return "mt"
    first_is_allele = roles.get("allele") == 0 and known >= 1 and "marker" not in roles
    if first_is_allele or (roles.get("marker") == 0 and known >= 3 and not alleles):
        return "frequency-wide"
    if "marker" in roles and "sequence" in keys and not alleles and "allele" not in roles:
        return "sequences"
    if "marker" in roles and "allele" in roles and ("frequency" in roles or ("count" in roles and not alleles)):
        return "frequency-long"
    if "marker" in roles and alleles and (known < 3 or "sample" in roles):
        return "long"
    if _TABLES & {"".join(c for c in k if c.isalpha()) for k in keys}:
        return None
    if "marker" in roles and "allele" in roles:
        return "per-allele"
    if "sample" in roles and (known >= 1 or _pairs(cells, roles["sample"])):
        return "wide"
    if roles.get("marker") == 0 and len(cells) >= 2 and not known and len(roles) == 1:
        return "transposed"
    return None


def _pairs(cells: tuple[str, ...], after: int) -> bool:
    """Whether some column stands twice, as the markers of a wide table do."""
    bases = [key_of(base_of(c)) for c in cells[after + 1 :] if c]
    return any(bases.count(b) == 2 for b in bases)


def _numbered(keys: list[str], pattern: re.Pattern[str]) -> tuple[int, ...]:
    found = {int(m[1]): i for i, key in reversed(list(enumerate(keys))) if (m := pattern.fullmatch(key))}
    return tuple(found[n] for n in sorted(found))


def is_known(name: str) -> bool:
    """Whether a name is surely a marker's: of the table, a D-number or an rs-number."""
    return allele_kind(name) != "other"


def base_of(column: str) -> str:
    """The marker a wide table's column is of: `TH01` for `TH01`, `TH01_1`, `TH01 (2)`, `TH01 Allele 2`."""
    plain = unicodedata.normalize("NFKC", column).strip()
    letter = _COPY_LETTER.fullmatch(plain)
    if letter:
        return letter[1]
    if is_known(plain) and canonical_marker(plain) != plain.removesuffix(".1"):
        return plain
    copy = _COPY.fullmatch(plain)
    if copy and (is_known(copy[1]) or not is_known(plain)):
        return copy[1]
    return plain


def marker_columns(header: Header) -> tuple[list[MarkerColumns], list[str]]:
    """The markers of a wide table in the order of its columns, and the columns left out: neither a known marker
    nor a pair. A column without a name belongs to the marker before it."""
    used = {header.roles[r] for r in header.roles if r not in ("allele", "count", "height", "frequency")}
    groups: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    heights: dict[str, int] = {}
    last = ""
    for i, cell in enumerate(header.cells):
        if i in used:
            last = ""
            continue
        key = key_of(cell)
        if not cell and last:
            groups[last].append(i)
        elif key in _ONE_HEIGHT and last:
            heights[last] = i
        elif cell:
            base = base_of(cell)
            last = canonical_marker(base)
            names.setdefault(last, base)
            groups.setdefault(last, []).append(i)
    found, left_out = [], []
    for marker, at in groups.items():
        if is_known(marker) or (len(at) == 2 and key_of(marker) not in ("x", "remark", "comment", "notes")):
            found.append(MarkerColumns(names[marker], tuple(at), heights.get(marker, -1)))
        elif marker_kind(marker) != "Y":
            left_out += [header.cells[i] for i in at]
    return found, left_out
