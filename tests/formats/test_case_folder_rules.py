"""The rules of the case folder that one small change to a sound folder shows."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from homeward.case import Identification, Remains
from homeward.case.elements import conflict
from homeward.faults import Refusal
from homeward.formats import read_case, write_case

EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the worked example."""
    copy = tmp_path / "case"
    copy.mkdir()
    for file in EXAMPLE.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def add(folder: Path, file: str, text: str) -> None:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")


def found(folder: Path) -> list[tuple[str, str, int | None, str]]:
    with pytest.raises(Refusal) as refused:
        read_case(folder)
    return [(f.code, f.file, f.row, f.column) for f in refused.value.faults]


def test_byte_order_mark_and_crlf_change_nothing(folder: Path) -> None:
    digest = read_case(folder).digest
    for file in folder.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert read_case(folder).digest == digest


def test_order_of_columns_own_columns_and_notes_change_nothing(folder: Path) -> None:
    digest = read_case(folder).digest
    path = folder / "profiles.csv"
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(",".join([*reversed(row), "x_kit" if not i else "A"]) for i, row in enumerate(rows)))
    add(folder, "NOTES.md", "\x00 anything at all")
    assert read_case(folder).digest == digest


def test_rows_are_counted_by_the_line_a_record_begins_on(folder: Path) -> None:
    (folder / "pedigrees.csv").write_text(
        'family,person,father,mother,sex,missing,name\nF1,M1,,,male,yes,"one\ntwo\nthree"\n\nF1,W1,,,woman,,\n'
        "F1,C1,M1,W1,girl,,\n"
    )
    # line 5 is empty; the mother's faulty sex is not blamed on the child
    assert found(folder) == [("bad-value", "pedigrees.csv", 6, "sex"), ("bad-value", "pedigrees.csv", 7, "sex")]


def test_faults_of_all_files_come_together_by_file_and_row(folder: Path) -> None:
    add(folder, "profiles.csv", "V1,FGA,20,OL\nV2,FGA,20,\n")
    add(folder, "remains.csv", "V3,either,,\n")
    assert found(folder) == [
        ("bad-allele", "profiles.csv", 7, "allele2"),
        ("single-allele", "profiles.csv", 8, "allele2"),
        ("bad-value", "remains.csv", 4, "sex"),
    ]


def test_a_broken_table_is_not_blamed_on_those_who_refer_to_it(folder: Path) -> None:
    (folder / "pedigrees.csv").write_bytes(b"\xff\xfe")
    assert found(folder) == [("not-utf8", "pedigrees.csv", 1, "")]


def test_two_names_of_one_marker_are_one_marker(folder: Path) -> None:
    add(folder, "profiles.csv", "V2,PENTA_E,9,12\nF1/C1,Penta E,9,9\n")
    case = read_case(folder)
    assert case.marker_names == {"Penta E": "PENTA_E"}
    add(folder, "profiles.csv", "V2,penta_e,9,12\n")
    assert found(folder) == [("duplicate-typing", "profiles.csv", 9, "marker")]


def test_sexes_decide_what_one_allele_means(folder: Path) -> None:
    add(folder, "profiles.csv", "V1,DXS8378,10,\nV2,DXS8378,10,\nV1,DYS391,10,\nV2,DYS391,10,\n")
    assert [t.alleles for t in read_case(folder).typings if t.marker == "DXS8378"] == [("10",), ("10",)]
    add(folder, "profiles.csv", "F1/C1,DXS8378,10,\n")
    assert found(folder) == [("single-allele", "profiles.csv", 11, "allele2")]


def test_a_missing_person_may_be_typed(folder: Path) -> None:
    add(folder, "profiles.csv", "F1/M1,TH01,6,9.3\n")
    assert read_case(folder).samples[-1].source == "F1/M1"


def test_size_may_exceed_the_names_but_not_fall_short(folder: Path) -> None:
    toml = folder / "case.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("size = 1", "size = 183"))
    assert read_case(folder).list_size == 183
    toml.write_text(text.replace("size = 1", "size = 0"))
    assert found(folder) == [("list-size", "case.toml", 5, "incident.size")]


def test_who_stands_in_two_families_is_one_name(folder: Path) -> None:
    add(folder, "pedigrees.csv", "F2,Tanaka Jiro,,,male,yes\nF3,Tanaka Jiro,,,male,yes\nF4,M1,,,male,yes\n")
    toml = folder / "case.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("size = 1", "size = 3"))
    assert len(read_case(folder).missing) == 4
    toml.write_text(text.replace("size = 1", "size = 2"))
    assert found(folder) == [("list-size", "case.toml", 5, "incident.size")]


def test_a_bundled_population_may_be_chosen(folder: Path) -> None:
    from homeward.genetics import bundled_populations

    toml = folder / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"example"', f'"{bundled_populations()[0].id}"'))
    (folder / "frequencies.csv").unlink()
    assert read_case(folder).populations == ()


def test_unsupported_evidence_is_refused_by_its_kind(folder: Path) -> None:
    add(folder, "case.toml", '\n[[evidence]]\npath = "evidence/a.bam"\nkind = "bam"\n')
    add(folder, "evidence/a.bam", "")
    with pytest.raises(Refusal, match=r"'bam' is a kind of evidence"):
        read_case(folder)


def test_a_matrix_may_not_be_reached_through_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("from,6\n6,1\n")
    (folder / "inside.csv").symlink_to(tmp_path / "outside.csv")
    add(folder, "mutation.csv", "marker,parent,model,matrix\nTH01,both,custom,inside.csv\n")
    assert ("bad-path", "mutation.csv", 2, "matrix") in found(folder)


def test_what_is_no_file_is_refused_and_not_waited_for(folder: Path) -> None:
    (folder / "profiles.csv").unlink()
    os.mkfifo(folder / "profiles.csv")
    (folder / "remains.csv").unlink()
    (folder / "remains.csv").symlink_to(folder / "remains.csv")
    (folder / "missing.csv").mkdir()
    assert found(folder) == [
        ("not-a-file", "missing.csv", None, ""),
        ("not-a-file", "profiles.csv", None, ""),
        ("unreadable-file", "remains.csv", None, ""),
    ]


def test_deep_toml_and_long_numbers_are_refused(folder: Path) -> None:
    for text in ("a = " + "[" * 100_000, "a = " + "9" * 100_000, "[run]\nseed = 99999999999999999999999999"):
        (folder / "case.toml").write_text(text)
        assert {code for code, *_ in found(folder)} <= {"bad-toml", "bad-number"}


def test_what_cannot_be_of_one_body() -> None:
    left, right = Remains("a", element="femur", side="left"), Remains("b", element="femur", side="right")
    assert conflict(left, Remains("c", element="femur", side="left"))
    assert not conflict(left, right)
    assert not conflict(left, Remains("c", element="femur"))
    assert conflict(Remains("a", element="skull"), Remains("b", element="skull", side="left"))
    assert not conflict(Remains("a", element="skull", side="right"), Remains("b", element="skull", side="left"))
    assert not conflict(Remains("a", element="rib", side="left"), Remains("b", element="rib", side="left"))
    assert conflict(left, Remains("c", element="rib", not_same_as=("a",)))
    assert not conflict(
        Remains("a", element="femur", side="left", individual="1"),
        Remains("b", element="femur", side="left", individual="1"),
    )


SAID = "sample,missing,kind,likelihood\n"
SIGNED = "sample,missing,signed,date\n"


def test_one_name_in_two_files_is_stated_of_once(folder: Path) -> None:
    add(folder, "pedigrees.csv", "F2,Tanaka Jiro,,,male,yes\nF3,Tanaka Jiro,,,male,yes\nF4,M1,,,male,yes\n")
    toml = folder / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("size = 1", "size = 3"))
    add(folder, "non_dna.csv", SAID + "V1,F2/Tanaka Jiro,age,2\nV1,F1/M1,age,2\nV1,F4/M1,age,3\n")
    add(folder, "identifications.csv", SIGNED + "V1,F2/Tanaka Jiro,A;B,\n")
    assert [n.missing for n in read_case(folder).non_dna] == ["F2/Tanaka Jiro", "F1/M1", "F4/M1"]
    add(folder, "non_dna.csv", "V1,F3/Tanaka Jiro,age,2\n")
    add(folder, "identifications.csv", "V1,F4/M1,A;B,\nV1,F3/Tanaka Jiro,A;B,\n")
    assert found(folder) == [
        ("identification-conflict", "identifications.csv", 3, "missing"),
        ("duplicate-identification", "identifications.csv", 4, "sample"),
        ("duplicate-non-dna", "non_dna.csv", 5, "kind"),
    ]


def test_nobody_is_sought_in_what_could_not_be_read(folder: Path) -> None:
    said = SAID + "V9,F1/M9,age,2\n"
    add(folder, "non_dna.csv", said)
    add(folder, "identifications.csv", SIGNED + "V9,F1/M9,A;B,\n")
    assert [code for code, *_ in found(folder)] == ["unknown-sample", "unknown-missing"] * 2
    add(folder, "remains.csv", "V3,either,,\n")
    assert [code for code, *_ in found(folder)] == ["unknown-missing"] * 2 + ["bad-value"]
    add(folder, "pedigrees.csv", "F1,M9,,,male,maybe\n")
    assert [code for code, *_ in found(folder)] == ["bad-value", "bad-value"]


def test_faults_of_the_case_are_told_beside_those_of_what_is_stated(folder: Path) -> None:
    add(folder, "profiles.csv", "V2,FGA,20,\n")
    add(folder, "non_dna.csv", SAID + "V1,F1/M1,age,0\nV1,F1/M9,age,1\n")
    assert [(code, file) for code, file, *_ in found(folder)] == [
        ("bad-number", "non_dna.csv"),
        ("unknown-missing", "non_dna.csv"),
        ("single-allele", "profiles.csv"),
    ]


def test_signers_that_one_cell_cannot_hold_are_not_written(folder: Path, tmp_path: Path) -> None:
    case = read_case(folder)
    for signed in (("A;B", "C"), ("A", "a", "B"), (" A", "B")):
        wrong = replace(case, identifications=(Identification("V1", "F1/M1", signed),))
        with pytest.raises(Refusal) as refused:
            write_case(wrong, tmp_path / "new")
        assert [f.code for f in refused.value.faults] == ["not-writable"]


def test_reading_a_folder_does_not_load_numpy() -> None:
    program = f"import sys, homeward; homeward.read_case({str(EXAMPLE)!r}); print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
