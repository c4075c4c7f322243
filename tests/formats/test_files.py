"""Every format that is read: what its file says, worked out by eye from the invented samples."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from validation.formats import SAMPLES

from homeward.case import Case, Typing
from homeward.faults import Refusal
from homeward.formats import FORMATS, Frequencies, Profiles, read_case, read_file, recognise
from homeward.formats.convert import converted

Calls = dict[str, dict[str, tuple[str, ...]]]

PROFILES: dict[str, Calls] = {
    "genemapper.txt": {
        "007-B1": {"TH01": ("9.3", "9.3"), "AMEL": ("X", "Y"), "SE33": ("OL", "27.2"), "DYS391": ("10",)},
        "Mix": {"D3S1358": ("14", "15", "16"), "TH01": ("6", "7", "9")},
    },
    "genemapper_wide.txt": {
        "0001#01": {"D10S1248": ("13", "15"), "vWA": ("17", "17"), "AMEL": ("X", "X"), "TH01": ("6", "9.3")},
        "0002#01": {"D10S1248": ("14", "14"), "vWA": ("16", "18"), "AMEL": ("X", "Y")},
    },
    "genemarker.csv": {"R-07": {"D1S1656": ("14", "17.3"), "D2S441": ("11.3", "11.3"), "AMEL": ("X", "Y")}},
    "genemarker_hts.csv": {
        "R-08": {"TPOX": ("AATG" * 8,), "TH01": ("AATG" * 6, "AATGAATGAATGATGAATGAATGAATGAATGAATG")}
    },
    "codis.xml": {"뼈-01#가": {"TH01": ("6", "9.3"), "SE33": ("27.2", "27.2"), "FGA": ("<17", "22")}},
    "codis.csv": {
        "AB#01": {"Penta D": ("12", "13"), "TH01": ("9", "9.3"), "vWA": ("16", "16")},
        "AB#02": {"TH01": ("6", "6"), "Penta D": ("9", "9")},
    },
    "euroformix.csv": {"stain1": {"D3S1358": ("14", "16"), "TH01": ("6", "9.3"), "TPOX": ("8", "8")}},
    "strmix.csv": {"strmix": {"TH01": ("6", "9.3"), "FGA": ("22", "22")}},
    "relsearch.csv": {
        "R1": {"D3S1358": ("15", "18"), "TH01": ("9", "9"), "DYS385": ("11", "16"), "DYS391": ("10",)},
        "R2": {"D3S1358": ("16", "17"), "TH01": ("7", "9.3")},
    },
    "uas.xlsx": {
        "骨-3": {"AMEL": ("X", "Y"), "TPOX": ("11", "11"), "D2S441": ("10", "14"), "DYS391": ("10",)}
    },
    "profiles.csv": {"R-07": {"TH01": ("6", "9.3"), "FGA": ("22", "22")}},
    "wide.txt": {
        "遺骨１": {"TH01": ("9.3", "9.3"), "vWA": ("16", "17"), "AMEL": ("X", "Y")},
        "遺骨２": {"TH01": ("6", "7"), "AMEL": ("X", "X")},
    },
    "transposed.tab": {
        "C1": {"D3S1358": ("14", "15"), "AMEL": ("X", "X"), "TH01": ("8", "9.3")},
        "C2": {"D3S1358": ("16", "16"), "AMEL": ("X", "Y"), "TH01": ("9.3", "9.3")},
    },
    "long.xlsx": {"뼈 01": {"TH01": ("9.3", "6"), "FGA": ("22", "24")}},
    "long.ods": {"뼈 01": {"TH01": ("9.3", "6"), "FGA": ("22", "24")}},
    "family.ped": {
        "F1/M1": {"D3S1358": ("15", "17")},
        "F1/C1": {"D3S1358": ("15", "16"), "TH01": ("6", "7")},
        "V1": {"D3S1358": ("14", "14"), "TH01": ("8", "9")},
    },
}  # fmt: skip
MT: dict[str, dict[str, str]] = {
    "block.emp": {
        "K-01": "1-576 16024-16569: 73G 249- 263G 309.1C 315.1C 489C 523- 524- 16223T 16362C",
        "K-02": "1-576 16024-16569: 263G 315.1C 16519C",
        "K-04": "73-340 16024-16365: 73G 263G 315.1c 16183C 16189C 16193.1C 16217C",
    },
    "list.hsd": {
        "H-1": "1-16569: 73G 263G 315.1C 573.1C 8281- 8282- 8283- 8284- 8285- 8286- 8287- 8288- 8289-",
        "H-2": "1-576 16024-16569: 249- 263G 309.1C 309.2C 315.1C 16093Y",
    },
    "mtdna.csv": {
        "R-1": "73-340 16024-16365: 73G 263G 16223T",
        "R-2": "73-340 16024-16365: 200N 16189Y",
    },
    "part.fasta": {"S-1": "61-180 301-360: 73G 146C 309.1C 315.1C"},
    "calls.vcf": {
        "V-1": "1-16569: 263G 309.1C 309.2C 16223N",
        "V-2": "1-16569: 263R 523- 524- 16223T",
    },
}
"""File → sample → the ranges and differences of its mitochondrial haplotype."""
FREQUENCIES: dict[str, dict[str, dict[str, dict[str, float]]]] = {
    "frequencies.csv": {"frequencies": {"TH01": {"6": 0.25, "8": 0.05, "9.3": 0.7}, "TPOX": {"8": 0.6, "11": 0.4}}},
    "genis.csv": {"genis": {"TPOX": {"8": 0.6, "11": 0.4}, "TH01": {"9.3": 1.0}}},
    "frequencies_long.csv": {"P": {"TH01": {"6": 3, "9.3": 1}}},
    "database.txt": {"database": {"TH01": {"6": 0.25, "9.3": 0.75}, "TPOX": {"8": 1.0}}},
    "strider.xml": {"AUSTRIA": {"vWA": {"16": 0.25, "17": 0.75}}, "JAPAN": {"vWA": {"16": 1.0}}},
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for sample in SAMPLES.values():
        (tmp_path / sample.file).write_bytes(sample.data)
        for name, data in sample.beside.items():
            (tmp_path / name).write_bytes(data)
    return tmp_path


def profiles(path: Path) -> Profiles:
    value = read_file(path)
    assert isinstance(value, Profiles)
    return value


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {f.code for f in refusal.value.faults}


def test_every_format_that_is_read_has_a_sample() -> None:
    assert {s.format for s in SAMPLES.values()} == {f for f in FORMATS if FORMATS[f].holds != "case"}
    assert SAMPLES.keys() == PROFILES.keys() | MT.keys() | FREQUENCIES.keys()


@pytest.mark.parametrize("file", MT)
def test_mitochondrial_haplotypes(folder: Path, file: str) -> None:
    found = profiles(folder / file)
    shown = {
        t.sample: " ".join(f"{r.low}-{r.high}" for r in t.ranges) + ": " + " ".join(t.differences) for t in found.mt
    }
    assert shown == MT[file]
    assert [p.sample for p in found.profiles] == list(MT[file])


def test_what_is_told_of_mitochondrial_haplotypes(folder: Path) -> None:
    assert profiles(folder / "block.emp")["K-02"].count == 3
    assert profiles(folder / "block.emp")["K-01"].haplogroup == "D4"
    assert profiles(folder / "list.hsd")["H-1"].haplogroup == "A2w"
    assert {f.code for f in profiles(folder / "list.hsd").findings} == {"back-mutation", "unknown-length"}
    assert profiles(folder / "mtdna.csv")["R-1"].relationship == "Mother_Son; Mother_Daughter"
    assert {f.code for f in profiles(folder / "calls.vcf").findings} == {"range-assumed"}


@pytest.mark.parametrize("file", MT)
@pytest.mark.parametrize("to", ["emp", "hsd", "mt-table", "fasta", "mt-vcf"])
def test_mitochondrial_haplotypes_survive_every_format(folder: Path, file: str, to: str) -> None:
    """All but a base that only some molecules have, in FASTA: that is told."""
    made, told = converted(folder / file, folder / "made.x", to)
    assert not isinstance(made, Case)
    (folder / "made.x").write_bytes(made[folder / "made.x"])
    assert recognise(folder / "made.x") == to
    before, after = ({(t.sample, t.ranges, t.differences) for t in profiles(folder / f).mt} for f in (file, "made.x"))
    if to == "fasta" and file == "block.emp":
        assert len(before - after) == 1 and any("some molecules" in f.message for f in told)
    else:
        assert after == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#! 16024-576\nS\t?\t1\t73J\n", "bad-difference"), ("#! 16024-576\nS\t?\t1\t600A\n", "outside-range"),
        ("#! 16024-576\nS\t?\tx\t73G\n", "bad-number"), ("#! 16024-99999\nS\t?\t1\n", "bad-range"),
        ("#! 1-576\nS\t?\t1\t73G\t73C\n", "contradiction"), ("#! 1-576\nS\t?\t1\t309.2C\n", "insertion-gap"),
        ("#! 1-576\nS\t?\t1\tG73A\n", "reference-base"), ("#! 1-576\n\t?\t1\t73G\n", "bad-id"),
        ("#! SEQUENCE RANGE 1\nS\t?\t1\t73G\n", "bad-range"), ("#! 1-576\nS\t?\t1\t16570A\n", "bad-position"),
        ("ID\tRange\tHaplogroup\tPolymorphisms\nS\tall\t?\t73G\n", "bad-range"),
        (">S\nACGTZ\n", "bad-sequence"), (">S\n" + "ACGT" * 30 + "\n", "not-mtdna"),
        ("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nMT\t73\t.\tA\tG\t.\t.\t.\n",
         "row-length"),
        ("#! 16024-576\n", "no-profiles"),
    ],
)  # fmt: skip
def test_mitochondrial_nonsense_is_refused(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_file(written(tmp_path / "a", text))
    assert code in codes(refusal)


@pytest.mark.parametrize("file", SAMPLES)
def test_recognised_by_content_alone(folder: Path, file: str) -> None:
    other = (folder / file).rename(folder / "x.dat2")
    assert recognise(other) == SAMPLES[file].format


@pytest.mark.parametrize("file", PROFILES)
def test_profiles(folder: Path, file: str) -> None:
    found = profiles(folder / file)
    for sample, calls in PROFILES[file].items():
        said = {t.marker: t.alleles for t in found[sample].typings if t.replicate == 1}
        assert {m: said.get(m) for m in calls} == calls


@pytest.mark.parametrize("file", FREQUENCIES)
def test_frequencies(folder: Path, file: str) -> None:
    found = read_file(folder / file)
    assert isinstance(found, Frequencies)
    assert {t.population: t.markers for t in found.tables} == FREQUENCIES[file]


def test_genemapper_keeps_heights_replicates_and_says_what_cannot_be_weighed(folder: Path) -> None:
    found = profiles(folder / "genemapper.txt")
    d3 = [t for t in found["007-B1"].typings if t.marker == "D3S1358"]
    assert [(t.replicate, t.heights) for t in d3] == [(1, (812, 790)), (2, (402, 377))]
    assert [p.sample for p in found.profiles] == ["007-B1", "Mix"], "leading zeros stay, the ladder goes"
    said = {(f.code, f.sample, f.marker) for f in found.findings}
    assert {("off-ladder", "007-B1", "SE33"), ("mixture", "Mix", ""), ("ladder", "", "")} <= said
    assert {(t.sample, t.marker) for t in found.weighable} == {
        ("007-B1", m) for m in ("D3S1358", "TH01", "AMEL", "DYS391")
    }


def test_genemapper_wide_heights(folder: Path) -> None:
    first = profiles(folder / "genemapper_wide.txt")["0001#01"].typings
    assert {t.marker: t.heights for t in first} == {
        "D10S1248": (120, 98), "vWA": (301,), "AMEL": (451,), "TH01": (80, 77)
    }  # fmt: skip


def test_facts_about_samples(folder: Path) -> None:
    assert profiles(folder / "codis.xml").profiles[0].category == "Unidentified Person"
    reference = profiles(folder / "relsearch.csv")["R1"]
    assert (reference.family, reference.relationship) == ("F1", "Father_Son")
    report = profiles(folder / "uas.xlsx")["骨-3"]
    assert report.sex == "male"
    assert {t.marker: t.heights for t in report.typings if t.heights} == {"TPOX": (1216,), "D2S441": (1781, 1330)}
    assert "FGA" not in {t.marker for t in report.typings}, "INC is no typing"


def test_ped_families(folder: Path) -> None:
    family = profiles(folder / "family.ped").families[0]
    assert family.id == "F1"
    child = family.pedigree["C1"]
    assert (child.father, child.mother, child.sex) == ("M1", "W1", "female")


def test_ped_without_names_and_parents(tmp_path: Path) -> None:
    found = profiles(written(tmp_path / "a.ped", "F C P 0 1 1 A G 6 9.3\nF D P 0 2 1 A A 7 7\n"))
    assert found["F/C"].typings == (Typing("F/C", "L1", ("A", "G")), Typing("F/C", "L2", ("6", "9.3")))
    pedigree = found.families[0].pedigree
    assert pedigree["C"].father == pedigree["D"].father == "P"
    assert pedigree["C"].mother != pedigree["D"].mother, "two unknown mothers are not one"
    assert {"no-map", "parent-added"} <= {f.code for f in found.findings}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949"])
def test_korean_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "시료명,마커,대립유전자1,대립유전자2\n뼈-01 왼쪽 넙다리뼈,TH01,6,9.3\n뼈-02 머리뼈,TH01,7,7\n"
    found = profiles(written(tmp_path / "a.csv", text.encode(encoding)))
    assert found["뼈-01 왼쪽 넙다리뼈"].typings[0].alleles == ("6", "9.3")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp932"])
def test_japanese_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    text = "試料名\tマーカー\tアレル1\tアレル2\n遺骨第一号 左大腿骨\tTH01\t６\t９．３\n"
    found = profiles(written(tmp_path / "a.txt", text.encode(encoding)))
    assert found["遺骨第一号 左大腿骨"].typings[0].alleles == ("6", "9.3")


def test_names_are_composed_and_otherwise_kept(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", "뼈가")
    text = f"SampleName,Marker,Allele1,Allele2\n{apart},TH01,6,7\n007,TH01,6,7\nＡ１,TH01,6,7\n"
    found = profiles(written(tmp_path / "a.csv", text))
    assert [p.sample for p in found.profiles] == ["뼈가", "007", "Ａ１"]


@pytest.mark.parametrize(
    ("marker", "cells", "alleles"),
    [
        ("TH01", "9,3", ("9.3", "9.3")), ("TH01", "6|9.30", ("6", "9.3")), ("TH01", "12.0|", ("12", "12")),
        ("Amelogenin", "x|y", ("X", "Y")), ("AMEL", "1|2", ("X", "Y")), ("TH01", "OL|7", ("OL", "7")),
        ("FGA", "<16|>51.2", ("<16", ">51.2")), ("TH01", "?|7", ("?", "7")), ("TH01", "NULL|7", ("7", "7")),
        ("rs123", "a|g", ("A", "G")), ("DYS391", "10|", ("10",)), ("DXS7423", "14|", ("14",)),
        ("TH01", "８|９", ("8", "9")), ("D1S1656", "14_13_1_0|17.3_12_1_0", ("14", "17.3")),
    ],
)  # fmt: skip
def test_dirt(tmp_path: Path, marker: str, cells: str, alleles: tuple[str, ...]) -> None:
    first, _, second = cells.partition("|")
    found = profiles(
        written(tmp_path / "a.csv", f"Sample Name;Marker;Allele 1;Allele 2;;\nS;{marker};{first};{second};;\n")
    )
    assert found["S"].typings[0].alleles == alleles


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SampleName,Marker,Allele1\nS,TH01,nonsense\n", "bad-allele"),
        ("SampleName,Marker,Allele1\nS,TH01,45692\n", "bad-allele"),
        ("SampleName,Marker,Allele1,Height1\nS,TH01,7,tall\n", "bad-number"),
        ("SampleName,Marker,Allele1\n,TH01,7\n", "bad-id"),
        ("SampleName,Marker,Allele1\n", "no-profiles"),
        ("SampleName,Range,Haplotype\nS,73-340,16073G\n", "outside-range"),
        ("Allele,TH01,TPOX,FGA\n6,0.1,,\n6,0.2,,\n", "duplicate-allele"),
        ("Allele,TH01,TPOX,FGA\n6,-0.1,,\n", "bad-number"),
        ("Allele,TH01,TPOX,FGA\n6,7.5,,\n", "bad-number"),
        ("dear colleague,\nplease find\n", "unknown-format"),
        ("", "unknown-format"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\0\0\0\1\1", "not-text"),
        (b"PK\x03\x04 nothing", "bad-zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not-xlsx"),
        ("F C C C 1 1\n", "own-ancestor"),
        ("<CODISImportFile><SPECIMEN></CODISImportFile>", "bad-xml"),
    ],
)
def test_refused_by_code(tmp_path: Path, text: str | bytes, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_file(written(tmp_path / "a", text))
    assert code in codes(refusal)


def test_every_fault_at_once(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", "SampleName,Marker,Allele1\nS,TH01,x\nS,FGA,y\n,FGA,9\n")
    with pytest.raises(Refusal) as refusal:
        read_file(path)
    assert [(f.code, f.row) for f in refusal.value.faults] == [("bad-allele", 2), ("bad-allele", 3), ("bad-id", 4)]


def test_equal_names_in_two_families_stay_two_persons(tmp_path: Path) -> None:
    text = "SampleName,Family,Relationship,TH01,TH01\nR1,F1,Father_Son,6,7\nR1,F2,Father_Son,8,9\n"
    found = profiles(written(tmp_path / "a.csv", text))
    assert {p.sample: p.typings[0].alleles for p in found.profiles} == {"R1": ("6", "7"), "F2/R1": ("8", "9")}


def test_a_case_is_read_as_a_case(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"
    assert recognise(example) == "case-folder"
    assert read_case(example).samples
    with pytest.raises(Refusal) as refusal:
        read_file(example)
    assert codes(refusal) == {"whole-case"}


def test_a_name_goes_before_a_number_and_excels_first_line_is_none(tmp_path: Path) -> None:
    text = "sep=;\nStatus;Sample ID;Sample Name;Marker;Allele 1;Allele 2;GQ\nok;8f2e;007;TH01;9,3;7;pass\n"
    found = profiles(written(tmp_path / "a.csv", text))
    assert [(p.sample, p.typings[0].alleles) for p in found.profiles] == [("007", ("9.3", "7"))]


def test_the_y_marker_with_two_copies_in_a_report(folder: Path) -> None:
    calls = {t.marker: t.alleles for t in profiles(folder / "uas.xlsx")["骨-3"].typings}
    assert calls["DYS385"] == ("13", "16")


def test_a_row_stated_twice_with_two_relationships_is_typed_once(tmp_path: Path) -> None:
    text = "SampleName,Family,Relationship,TH01,TH01\nR1,F1,Sister_Brother,6,7\nR1,F1,Paternal-aunt_Nephew,6,7\n"
    found = profiles(written(tmp_path / "a.csv", text))
    assert found["R1"].relationship == "Sister_Brother; Paternal-aunt_Nephew"
    assert len(found.typings) == 1


def test_genotypes_in_one_cell(tmp_path: Path) -> None:
    found = profiles(written(tmp_path / "a.csv", "id;D8S1179;D21S11\nA;12/13;30/31,2\n"))
    assert [t.alleles for t in found["A"].typings] == [("12", "13"), ("30", "31.2")]
    found = profiles(written(tmp_path / "b.ped", "F1 1 0 0 1 0 15/17 6/9.3\nF1 2 0 0 2 0 15/15 6/7\n"))
    assert [t.alleles for t in found["F1/1"].typings] == [("15", "17"), ("6", "9.3")]
