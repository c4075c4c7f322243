"""A fault says where it is and what to do, short enough to be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import homeward.cli.output

from .conftest import Run


@pytest.mark.parametrize(("sign", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_is_named(run: Run, case: Path, sign: str, name: str) -> None:
    file = case / "remains.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",", sign), encoding="utf-8")
    lines = run("check", case).err.splitlines()
    told = [line for line in lines if ": missing-column: " in line]
    assert told and all(f"separated by {name}: save the file with commas" in line for line in told)


def test_a_missing_column_alone_is_no_matter_of_separators(run: Run, case: Path) -> None:
    (case / "remains.csv").write_text("sex\nmale\n", encoding="utf-8")
    assert "missing-column: column remains is missing (add the column remains)" in run("check", case).err


def test_bad_toml_says_why(run: Run, case: Path) -> None:
    (case / "case.toml").write_text("[model]\ntheta = oops\n", encoding="utf-8")
    (line,) = run("check", case).err.splitlines()
    assert re.fullmatch(
        r"case\.toml:2:: bad-toml: the file is not TOML \(correct the line: .*[Ii]nvalid value.*\)", line
    )


def test_a_bad_seed_is_a_matter_of_the_option(run: Run, case: Path) -> None:
    done = run("identify", case, "--seed", "-1")
    assert done.code == 2 and "--seed" in done.err and "--set" not in done.err


def test_an_unknown_population_suggests_what_was_meant(run: Run, case: Path) -> None:
    toml = case / "case.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"example"', '"exmaple"'), encoding="utf-8")
    (line,) = run("check", case).err.splitlines()
    assert "unknown-population" in line and "choose example)" in line
    toml.write_text(toml.read_text(encoding="utf-8").replace('"exmaple"', '"example"'), encoding="utf-8")
    (line,) = run("identify", case, "--set", "model.population=jpn_gf1510").err.splitlines()
    assert "no-population" in line and "JPN_GF1501" in line and len(line) < 200


def test_what_could_not_be_written_is_named(
    run: Run, case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(homeward.cli.output.os, "fdopen", full)
    target = tmp_path / "r.json"
    done = run("identify", case, "--json", target)
    assert (done.code, done.err) == (
        2,
        f"{target}::: cannot-write: No space left on device (free space or name another file)\n",
    )
    assert [p.name for p in tmp_path.iterdir()] == ["case"]


def test_a_case_is_not_written_over_a_file(run: Run, case: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("mine", encoding="utf-8")
    done = run("convert", case, there)
    assert done.code == 2 and there.read_text(encoding="utf-8") == "mine"
    assert done.err.startswith(f"{there}::: target-exists: there is a file") and "another folder" not in done.err


def test_one_is_not_many(run: Run, case: Path) -> None:
    assert "(1 family, 3 samples, 2 markers)" in run("check", case).out
    lead = run("identify", case).out.splitlines()[0]
    assert "with one missing person who has references, 2 pairs in all; one name is on the list." in lead


def test_help_tells_where_standard_output_is_meant(run: Run) -> None:
    told = " ".join(run("identify", "--help").out.split())
    assert re.search(r"--html FILE Write the report, one file; - is standard output", told)


def test_a_doubt_that_cannot_be_says_whose_and_what_to_do(run: Run, case: Path) -> None:
    rows = ["family,person,father,mother,probability", "F1,C1,,W1,0.7", "F1,C1,,,0.4", "F1,W1,,C1,0.1", "F1,C1,,W1,0.1"]
    (case / "uncertain.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    lines = run("check", case).err.splitlines()
    assert all(len(line) < 250 for line in lines)
    told = [
        line for line in lines if "uncertain.csv:4:person: impossible-doubt: family F1 with other parents of W1" in line
    ]
    assert told and all(line.endswith("(correct the alternative, or leave it out)") for line in told)
    assert (
        "uncertain.csv:5:person: duplicate-doubt: " in lines[-1] and "one row with its whole probability" in lines[-1]
    )
    (line,) = [line for line in lines if "uncertain.csv:3:probability: doubt-probability" in line]
    assert line.endswith("(give each alternative its probability; what is left is the register's)")


@pytest.mark.parametrize(
    ("cell", "code", "remedy"),
    [("silent", "silent-typed", "write the allele that was seen"), ("8|OL", "bad-allele", "may be as 8|9, every part")],
)
def test_an_allele_that_cannot_be_typed_says_what_can(run: Run, case: Path, cell: str, code: str, remedy: str) -> None:
    with (case / "profiles.csv").open("a", encoding="utf-8") as file:
        file.write(f"V2,TPOX,8,{cell}\n")
    (line,) = run("check", case).err.splitlines()
    assert line.startswith(f"profiles.csv:7:allele2: {code}: ") and remedy in line


def test_a_population_of_somebody_with_parents_is_the_founders(run: Run, case: Path) -> None:
    rows = ["family,person,father,mother,sex,missing,population", "F1,M1,,,male,yes,", "F1,W1,,,female,,east"]
    (case / "pedigrees.csv").write_text("\n".join([*rows, "F1,C1,M1,W1,female,,east"]) + "\n", encoding="utf-8")
    (line,) = run("check", case).err.splitlines()
    assert line.startswith("pedigrees.csv:4:population: founder-population: ") and "of the founders" in line
