"""`homeward convert` and `populations`."""

from __future__ import annotations

import json
from pathlib import Path

from homeward.formats import read_case
from homeward.genetics import bundled_population

from .conftest import Run


def test_a_folder_becomes_the_same_folder(run: Run, paternity: Path, tmp_path: Path) -> None:
    done = run("convert", paternity, tmp_path / "copy")
    assert (done.code, done.err) == (0, "")
    assert read_case(tmp_path / "copy").digest == read_case(paternity).digest


def test_what_is_there_is_never_overwritten(run: Run, case: Path, tmp_path: Path) -> None:
    target = tmp_path / "full"
    target.mkdir()
    (target / "mine.txt").write_text("mine")
    assert run("convert", case, target).code == 2
    assert [p.name for p in target.iterdir()] == ["mine.txt"]


def test_a_form_that_cannot_be_written_is_refused_by_name(run: Run, case: Path, tmp_path: Path) -> None:
    done = run("convert", case, tmp_path / "case.fam")
    assert done.code == 2 and "unsupported-format" in done.err
    assert not (tmp_path / "case.fam").exists()


def test_populations(run: Run) -> None:
    listed = json.loads(run("populations", "--json", "-").out)["populations"]
    assert {"JPN_GF1501"} <= {p["id"] for p in listed}
    assert all(p["source"] and p["licence"] for p in listed)
    table = run("populations").out
    assert all(p["id"] in table for p in listed)


def test_a_table_written_out_is_a_case_s_own_table(run: Run, tmp_path: Path) -> None:
    """The same frequencies, with one more marker added to the file."""
    done = run("populations", "US_NIST1036_Asian", "--csv", tmp_path / "frequencies.csv")
    assert (done.code, done.err) == (0, "")
    with (tmp_path / "frequencies.csv").open("a") as file:
        file.write("US_NIST1036_Asian,DXS8378,10,97\n")
    (tmp_path / "case.toml").write_text("")
    (tmp_path / "pedigrees.csv").write_text("family,person,father,mother,sex\nF,A,,,male\n")
    (tmp_path / "profiles.csv").write_text("sample,marker,allele1,allele2\nF/A,TH01,6,7\n")
    (table,) = read_case(tmp_path).populations
    bundled = bundled_population("US_NIST1036_Asian")
    assert table.counts and dict(table.markers) == {**bundled.markers, "DXS8378": {"10": 97.0}}


def test_a_table_of_no_population_or_of_all_is_refused(run: Run, tmp_path: Path) -> None:
    misspelt = run("populations", "US_NIST1036_Asia", "--csv", "-")
    assert misspelt.code == 2 and "no-population" in misspelt.err and "US_NIST1036_Asian" in misspelt.err
    assert "bad-argument" in run("populations", "--csv", tmp_path / "all.csv").err
    assert not (tmp_path / "all.csv").exists()


def test_profiles_written_from_a_case_become_persons_of_its_families_again(
    run: Run, case: Path, tmp_path: Path
) -> None:
    out = run("convert", case, tmp_path / "all.csv")
    assert out.code == 0 and all(line.startswith(str(tmp_path / "all.csv")) for line in out.err.splitlines())
    back = run("convert", tmp_path / "all.csv", tmp_path / "back")
    assert back.code == 0 and "family F1 has no pedigree: the relationship of C1 was not drawn" in back.err
    again, given = read_case(tmp_path / "back"), read_case(case)
    assert [f.full_id(m.id) for f in again.families for m in f.pedigree] == ["F1/C1"]
    assert [r.id for r in again.remains] == ["V1", "V2"]
    assert sorted(again.typings, key=str) == sorted(given.typings, key=str)


def test_a_sample_that_can_be_nobody_is_refused_once_at_its_file(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "odd.csv"
    source.write_text("sample,marker,allele1,allele2\na/b/c,TH01,6,7\na/b/c,TPOX,8,8\n")
    done = run("convert", source, tmp_path / "odd")
    assert done.code == 2 and done.err.count("bad-id") == 1 and done.err.startswith("odd.csv:")
    assert not (tmp_path / "odd").exists()


def test_a_file_of_profiles_given_as_a_case_is_told_what_it_is(run: Run, case: Path) -> None:
    done = run("check", case / "profiles.csv")
    assert done.code == 2 and "no-case: the file holds profiles" in done.err and "homeward convert" in done.err
