"""Bombs, entities, formulas and accidents: a value or a refusal, soon and in little memory."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from validation.formats import SAMPLES, damaged, ends_well

from homeward.faults import Refusal
from homeward.formats import read_file
from homeward.formats.spreadsheet import write_ods, write_xlsx

ACCIDENTS = 500
MOST_SECONDS = 5.0
MOST_BYTES = 1_000_000_000
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><CODISImportFile>&c;</CODISImportFile>'
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    "<CODISImportFile><SPECIMEN><SPECIMENID>&x;</SPECIMENID></SPECIMEN></CODISImportFile>"
)


def refused(path: Path, data: bytes) -> set[str]:
    path.write_bytes(data)
    with pytest.raises(Refusal) as refusal:
        read_file(path)
    return {f.code for f in refusal.value.faults}


def with_member(book: bytes, name: str, content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()} | {name: content}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return out.getvalue()


BOOK = write_xlsx({"A": [["Sample Name", "Marker", "Allele 1"], ["S", "TH01", "7"]]})
ODS = write_ods({"A": [["Sample Name", "Marker", "Allele 1"], ["S", "TH01", "7"]]})
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("text", [LAUGHS, OUTSIDE, LAUGHS.replace("CODISImportFile", "frequencies")])
def test_documents_with_entities_are_refused(tmp_path: Path, text: str) -> None:
    assert refused(tmp_path / "a.xml", text.encode()) == {"xml-doctype"}
    assert refused(tmp_path / "b.xml", text.encode("utf-16")) == {"xml-doctype"}


def test_entities_inside_workbooks_are_refused(tmp_path: Path) -> None:
    bomb = LAUGHS.replace("CODISImportFile", "worksheet").encode()
    assert refused(tmp_path / "a.xlsx", with_member(BOOK, SHEET, bomb)) == {"xml-doctype"}
    assert refused(tmp_path / "a.ods", with_member(ODS, "content.xml", bomb)) == {"xml-doctype"}


@pytest.mark.parametrize(("book", "member"), [(BOOK, SHEET), (ODS, "content.xml")])
def test_zip_bombs_are_refused_unopened(tmp_path: Path, book: bytes, member: str) -> None:
    bomb = with_member(book, member, b" " * 300_000_000)
    tracemalloc.start()
    try:
        assert refused(tmp_path / "a", bomb) == {"zip-bomb"}
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def test_a_cell_far_away_does_not_fill_memory(tmp_path: Path) -> None:
    rows = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
    sheet = f'<worksheet xmlns="x"><sheetData>{rows}</sheetData></worksheet>'.encode()
    assert refused(tmp_path / "a.xlsx", with_member(BOOK, SHEET, sheet)) == {"too-large"}


def test_cells_repeated_a_million_times_are_not_copied_when_empty(tmp_path: Path) -> None:
    text = ODS and zipfile.ZipFile(io.BytesIO(ODS)).read("content.xml").decode()
    many = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
    many += 'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    path = tmp_path / "a.ods"
    path.write_bytes(with_member(ODS, "content.xml", text.replace("</table:table>", many).encode()))
    started = time.process_time()
    read_file(path)
    assert time.process_time() - started < 1


def test_formulas_are_never_evaluated(tmp_path: Path) -> None:
    head = '<worksheet xmlns="x"><sheetData><row r="1"><c t="str"><v>Sample Name</v></c><c t="str"><v>Marker</v></c>'
    head += '<c t="str"><v>Allele 1</v></c></row><row r="2"><c t="str"><v>S</v></c><c t="str"><v>TH01</v></c>'
    saved = head + "<c><f>3+4</f><v>9.3000000000000007</v></c></row></sheetData></worksheet>"
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_member(BOOK, SHEET, saved.encode()))
    found = read_file(path)
    assert found.typings[0].alleles == ("9.3", "9.3")  # type: ignore[union-attr]
    assert "formula-value" in {f.code for f in found.findings}
    unsaved = saved.replace("<v>9.3000000000000007</v>", "")
    assert refused(path, with_member(BOOK, SHEET, unsaved.encode())) >= {"formula"}


@pytest.mark.parametrize("file", SAMPLES)
def test_accidents_end_in_a_value_or_a_refusal(tmp_path: Path, file: str) -> None:
    sample = SAMPLES[file]
    random_ = random.Random(f"{file} 1942")
    path = tmp_path / sample.file
    for name, data in sample.beside.items():
        (tmp_path / name).write_bytes(data)
    read = 0
    slowest = 0.0
    for _ in range(ACCIDENTS):
        path.write_bytes(damaged(sample.data, random_))
        started = time.process_time()
        read += ends_well(path)
        slowest = max(slowest, time.process_time() - started)
    assert 0 < read < ACCIDENTS, "the accidents are neither all harmless nor all fatal"
    assert slowest < MOST_SECONDS
