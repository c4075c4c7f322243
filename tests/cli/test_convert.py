"""`homeward convert` and `populations`."""

from __future__ import annotations

import json
from pathlib import Path

from homeward.formats import read_case

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
