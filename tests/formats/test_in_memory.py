"""What lies in memory is read as what lies on the disk, by the same readers and with the same faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from validation.formats import SAMPLES

from homeward.faults import Refusal
from homeward.formats import InMemory, read_case, read_closely, read_file, recognise
from homeward.formats.source import file_bytes, names_in
from homeward.record.consent_csv import read_consents

ROOT = Path(__file__).parents[2]
VALID = ROOT / "docs" / "case-folder" / "valid"
FAM = ROOT / "tests" / "formats" / "fam"


def held(folder: Path) -> InMemory:
    return InMemory({p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()})


@pytest.mark.parametrize("folder", sorted(VALID.iterdir()), ids=lambda p: p.name)
def test_a_case_folder(folder: Path) -> None:
    case = read_case(held(folder))
    assert case == read_case(folder)
    assert case.digest == read_case(folder).digest and case.inputs == read_case(folder).inputs


def test_every_sample_of_a_format(tmp_path: Path) -> None:
    for name, sample in SAMPLES.items():
        files = {name: sample.data, **sample.beside}
        for file, data in files.items():
            (tmp_path / file).write_bytes(data)
        memory = InMemory(files, name)
        assert recognise(memory) == recognise(tmp_path / name) == sample.format
        assert read_file(memory) == read_file(tmp_path / name), name


def test_a_familias_project() -> None:
    file = next(iter(sorted(FAM.glob("*.fam"))))
    assert read_case(InMemory({file.name: file.read_bytes()}, file.name)).digest == read_case(file).digest


def test_what_is_not_there() -> None:
    memory = InMemory({"a/b.csv": b"x", "c.csv": b"y"})
    assert names_in(memory) == ["a", "c.csv"] and names_in(memory / "a") == ["b.csv"]
    faults: list[object] = []
    assert file_bytes(memory / "none", "none", faults) is None  # type: ignore[arg-type]
    assert file_bytes(memory / "a", "a", faults) is None  # type: ignore[arg-type]
    assert [f.code for f in faults] == ["missing-file", "not-a-file"]  # type: ignore[attr-defined]
    with pytest.raises(Refusal) as refused:
        read_case(memory)
    assert any(f.file == "case.toml" for f in refused.value.faults)
    with pytest.raises(Refusal):
        read_consents(memory / "c.csv")


def test_a_file_is_read_closely() -> None:
    table = b"Sample Name\tMarker\tAllele 1\tAllele 2\nR-1\tth01\t9,3\t6\nR-1\tFGA\t22\t\n"
    seen = read_closely(InMemory({"x.txt": table}, "x.txt"))
    assert (seen.format, seen.faults) == ("genemapper", ())
    assert [line.number for line in seen.rows[0]] == [1, 2, 3]
    origin = seen.content.origins["R-1", "TH01", 1]  # type: ignore[union-attr]
    assert (origin.row, origin.marker, origin.cells) == (2, "th01", ("9,3", "6"))
    bad = read_closely(InMemory({"x.txt": table.replace(b"9,3", b"9.3.1")}, "x.txt"))
    assert (
        bad.content is None
        and bad.format == "genemapper"
        and bad.rows == (*read_closely(InMemory({"x.txt": table.replace(b"9,3", b"9.3.1")}, "x.txt")).rows,)
    )
    assert [(f.code, f.row, f.column, f.value, f.marker) for f in bad.faults] == [
        ("bad-allele", 2, "Allele 1", "9.3.1", "TH01")
    ]
    assert read_closely(InMemory({"x": b"nothing"}, "x")).format == ""
