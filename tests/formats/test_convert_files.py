"""Every writer is read back; what a form cannot hold is said; nothing written is a formula."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from validation.formats import SAMPLES

from homeward.case import Case, Doubt, Family, FrequencyTable, Sample, Typing
from homeward.faults import Refusal
from homeward.formats import FORMATS, Frequencies, Profile, Profiles, read_file, recognise, write_case
from homeward.formats.convert import TARGETS, converted
from homeward.formats.mt_out import MT_WRITERS
from homeward.pedigree import Member, Pedigree

PROFILES = Profiles(
    "homeward-csv",
    (
        Profile(
            "007",
            (
                Typing("007", "TH01", ("6", "9.3"), heights=(812.0, 790.5)),
                Typing("007", "FGA", ("22", "22"), heights=(900.0, 900.0)),
                Typing("007", "AMEL", ("X", "Y")),
                Typing("007", "DYS391", ("10",)),
            ),
        ),
        Profile("뼈=1", (Typing("뼈=1", "TH01", ("7", "7")), Typing("뼈=1", "Penta E", ("5", "12")))),
    ),
)
FREQUENCIES = Frequencies("x", (FrequencyTable("P", False, {"TH01": {"6": 0.25, "9.3": 0.75}, "FGA": {"22": 1.0}}),))
WRITTEN = [code for code in TARGETS if FORMATS[code].holds == "profiles" and code not in MT_WRITERS]
NO_HEIGHTS = {"codis-cmf", "ped", "relsearch"}


def source(tmp_path: Path) -> Path:
    from homeward.formats.tables_out import homeward_long

    path = tmp_path / "in.csv"
    path.write_bytes(homeward_long(PROFILES)[0])
    return path


def typings(profiles: Profiles, *, heights: bool) -> set[Typing]:
    return {t if heights else replace(t, heights=()) for t in profiles.typings}


def test_every_format_said_to_be_written_is() -> None:
    assert {c for c, f in FORMATS.items() if f.written} == {*TARGETS, "case-folder"}


@pytest.mark.parametrize("code", WRITTEN)
def test_profiles_are_read_back(tmp_path: Path, code: str) -> None:
    made, told = converted(source(tmp_path), tmp_path / "out.x", code)
    assert not isinstance(made, Case)
    for path, data in made.items():
        path.write_bytes(data)
    out = next(iter(made))
    assert recognise(out) == code
    again = read_file(out)
    assert isinstance(again, Profiles)
    kept = code not in NO_HEIGHTS
    wanted = typings(PROFILES, heights=kept)
    if code == "ped":  # two columns a marker: one allele of a Y marker stands twice
        wanted = {replace(t, alleles=t.alleles * 2) if t.marker == "DYS391" else t for t in wanted}
    assert typings(again, heights=kept) == wanted
    assert ("not-held" in {f.code for f in told}) == (not kept)


@pytest.mark.parametrize("code", [c for c in TARGETS if FORMATS[c].holds == "frequencies"])
def test_frequencies_are_read_back(tmp_path: Path, code: str) -> None:
    (tmp_path / "in.csv").write_text(
        "population,marker,allele,frequency\nP,TH01,6,0.25\nP,TH01,9.3,0.75\nP,FGA,22,1\n", encoding="utf-8"
    )
    made, _ = converted(tmp_path / "in.csv", tmp_path / "P.x", code)
    assert not isinstance(made, Case)
    (tmp_path / "P.x").write_bytes(made[tmp_path / "P.x"])
    again = read_file(tmp_path / "P.x")
    assert isinstance(again, Frequencies)
    assert [(t.population, t.markers) for t in again.tables] == [("P", FREQUENCIES.tables[0].markers)]


def old(tmp_path: Path) -> Path:
    """A case with everything that profiles of other programs cannot say."""
    family = Pedigree([Member("A", sex="male", population="north"), Member("B", sex="female"), Member("C", "A", "B")])
    case = Case(
        "Old",
        families=(Family("F", family, ("A",), doubts=(Doubt("C", None, "B", 0.1),)),),
        samples=(Sample("F/C", "person", "F/C", 0.1, 0.01, None, 0.002),),
        typings=(Typing("F/C", "TH01", ("6", "8|9")),),
        populations=(FrequencyTable("P", False, {"TH01": {"6": 0.5, "silent": 0.5}}),),
    )
    write_case(case, tmp_path / "old")
    return tmp_path / "old"


@pytest.mark.parametrize("code", WRITTEN)
def test_unresolved_alleles_and_the_samples_errors_are_held_or_told(tmp_path: Path, code: str) -> None:
    made, told = converted(old(tmp_path), tmp_path / "out.x", code)
    assert not isinstance(made, Case)
    for path, data in made.items():
        path.write_bytes(data)
    again = read_file(next(iter(made)))
    assert isinstance(again, Profiles)
    own = code in ("homeward-csv", "xlsx", "ods")
    # PED has no half genotypes
    assert [t.alleles for t in again.typings] == ([] if code == "ped" else [("6", "8|9" if own else "?")])
    words = " ".join(f.message for f in told if f.code == "not-held")
    assert ("unresolved" in words) is not own
    for word in ("drop-out", "mistyping", "in doubt", "populations of founders"):
        assert word in words


@pytest.mark.parametrize("code", [c for c in TARGETS if FORMATS[c].holds == "frequencies"])
def test_silent_alleles_are_held_or_told(tmp_path: Path, code: str) -> None:
    made, told = converted(old(tmp_path), tmp_path / "P.x", code)
    assert not isinstance(made, Case)
    (tmp_path / "P.x").write_bytes(made[tmp_path / "P.x"])
    again = read_file(tmp_path / "P.x")
    assert isinstance(again, Frequencies)
    own = code == "long-frequencies"
    assert ("silent" in again.tables[0].markers["TH01"]) is own
    assert ("silent" in " ".join(f.message for f in told)) is not own


@pytest.mark.parametrize("cell", ["8|", "|", "8|?", "8|OL", "8|silent", "8|<6"])
def test_what_is_no_unresolved_allele_is_refused(tmp_path: Path, cell: str) -> None:
    (tmp_path / "in.csv").write_text(f"SampleName,Marker,Allele1,Allele2\nA,TH01,6,{cell}\n", encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        read_file(tmp_path / "in.csv")
    assert {f.code for f in refusal.value.faults} == {"bad-allele"}


def test_a_second_allele_that_is_any_is_unknown(tmp_path: Path) -> None:
    """Laboratories write F, for fail, where a second allele may have been lost."""
    (tmp_path / "in.csv").write_text("SampleName,Marker,Allele1,Allele2\nA,TH01,9.3,F\n", encoding="utf-8")
    made, _ = converted(tmp_path / "in.csv", tmp_path / "case")
    assert isinstance(made, Case)
    assert [t.alleles for t in made.typings] == [("9.3", "?")]


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@sum"])
@pytest.mark.parametrize("code", ["homeward-csv", "genemapper", "euroformix", "relsearch", "strmix"])
def test_no_cell_written_is_a_formula(tmp_path: Path, name: str, code: str) -> None:
    given = tmp_path / "in.xlsx"
    from homeward.formats.spreadsheet import write_xlsx

    given.write_bytes(write_xlsx({"A": [["Sample Name", "Marker", "Allele 1"], [name, "TH01", "7"]]}))
    made, _ = converted(given, tmp_path / "out.csv", code)
    assert not isinstance(made, Case)
    data = made[tmp_path / "out.csv"]
    cells = [c for line in data.decode().splitlines() for c in line.replace("\t", ",").split(",")]
    assert not [c for c in cells if c.startswith(("=", "+", "-", "@"))]
    (tmp_path / "out.csv").write_bytes(data)
    again = read_file(tmp_path / "out.csv")
    assert isinstance(again, Profiles)
    assert again.profiles[0].sample == name


@pytest.mark.parametrize("file", [s.file for s in SAMPLES.values() if FORMATS[s.format].holds == "profiles"])
def test_every_sample_becomes_a_case_folder(tmp_path: Path, file: str) -> None:
    path = tmp_path / file
    path.write_bytes(SAMPLES[file].data)
    for name, data in SAMPLES[file].beside.items():
        (tmp_path / name).write_bytes(data)
    made, told = converted(path, tmp_path / "case")
    assert isinstance(made, Case)
    write_case(made, tmp_path / "case")
    assert all(len(t.alleles) <= 2 for t in made.typings)
    assert not {"mixture", "off-ladder"} & {f.code for f in told} or "set-aside" in {f.code for f in told}


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        converted(source(tmp_path), tmp_path / "a.docx")
    assert [f.code for f in refusal.value.faults] == ["unsupported-format"]
    with pytest.raises(Refusal):
        converted(source(tmp_path), tmp_path / "a.csv", "strider")
