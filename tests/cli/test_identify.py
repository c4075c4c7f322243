"""`homeward identify` and `verify`: the answers of the worked example, and the same bytes again."""

from __future__ import annotations

import json
import math
from pathlib import Path

import jsonschema
import pytest

from .conftest import Mixture, Run

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs" / "result.schema.json").read_text(encoding="utf-8"))


def test_the_worked_example(run: Run, case: Path) -> None:
    """V1–M1: 1/(4·p6) at TH01 and 1 at TPOX; with N = 1 and π = ½ the posterior is LR/(LR + 1)."""
    done = run("identify", case, "--json", "-", "--pairwise")
    assert (done.code, done.err) == (0, "")
    result = json.loads(done.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    assert "joint" not in result
    v1, v2 = result["pairs"]
    assert v1["log10_lr"] == pytest.approx(math.log10(1 / (4 * 0.2)), abs=1e-12)
    assert v1["posterior"] == pytest.approx(1.25 / 2.25, abs=1e-12)
    assert v2["log10_lr"] == pytest.approx(math.log10(1 / (4 * 0.25)), abs=1e-12)
    example = json.loads((ROOT / "docs" / "result.example.json").read_text(encoding="utf-8"))
    for ours, theirs in zip(result["pairs"], example["pairs"], strict=True):
        assert ours["posterior"] == pytest.approx(theirs["posterior"], abs=1e-12)
        assert ours["log10_lr"] == pytest.approx(theirs["log10_lr"], abs=1e-12)
    assert result["direct"][0]["mismatches"] == example["direct"][0]["mismatches"] == 1


def test_a_mixture_and_a_doubted_register_are_told_in_full(run: Run, case: Path, mixture: Mixture) -> None:
    """LR 1.25 or 0.625 as registered, 1 if C1 is of another father: 3/4 and 1/4, which C1 alone does not change."""
    mixture(case)
    doubts = "family,person,father,mother,probability\nF1,C1,,W1,0.25\n"
    (case / "uncertain.csv").write_text(doubts, encoding="utf-8")
    done = run("identify", case, "--json", "-")
    assert done.code == 0
    result = json.loads(done.out)
    jsonschema.Draft202012Validator(SCHEMA).validate(result)
    alone = {row["population"]: row["log10_lr"] for row in result["pairs"][0]["by_population"]}
    expected = {"example": 0.75 * 1.25 + 0.25, "other": 0.75 * 0.625 + 0.25}
    assert alone == {p: pytest.approx(math.log10(lr), abs=1e-9) for p, lr in expected.items()}
    told = [w for w in result["warnings"] if w["code"] == "pedigree-doubted"]
    changed = [{"person": "F1/C1", "father": None, "mother": "F1/W1"}]
    assert [(w["changed"], w["prior"]) for w in told] == [([], 0.75), (changed, 0.25)]
    assert [w["posterior"] for w in told] == [pytest.approx(0.75, abs=1e-9), pytest.approx(0.25, abs=1e-9)]
    shown = run("identify", case, "--html", "-").out
    assert "Under each population alone" in shown and "C1: child of an unknown father and W1" in shown
    assert ">uncertain</text>" in shown


def test_same_bytes_every_time(run: Run, case: Path) -> None:
    assert run("identify", case, "--json", "-").out == run("identify", case, "--json", "-", "--quiet").out


def test_files_and_summary(run: Run, case: Path, tmp_path: Path) -> None:
    result, report = tmp_path / "r.json", tmp_path / "r.html"
    done = run("identify", case, "--json", result, "--html", report)
    assert done.code == 0
    assert "V1" in done.out and "F1/M1" in done.out
    assert json.loads(result.read_text(encoding="utf-8"))["format"] == "homeward-result 1"
    assert report.read_text(encoding="utf-8").lower().startswith("<!doctype html>")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["case", "r.html", "r.json"]


def test_settings_from_the_command_line_stand_in_the_result(run: Run, case: Path) -> None:
    options = ("--set", "incident.strangers=0.25", "--set", "incident.size=3", "--seed", "7")
    result = json.loads(run("identify", case, "--json", "-", *options).out)
    assert result["settings"]["incident"]["strangers"] == 0.25
    assert (result["seed"], result["settings"]["run"]["seed"]) == (7, 7)
    # three on the list, one of them referenced: LR·w against 2w unreferenced and π for a stranger, w = (1 − π)/3
    assert result["pairs"][0]["posterior"] == pytest.approx(1.25 * 0.25 / (1.25 * 0.25 + 0.5 + 0.25), abs=1e-12)


@pytest.mark.parametrize(
    ("options", "code", "column"),
    [
        (["model.theta=2"], "bad-number", "model.theta"),
        (["model.mutation=sometimes"], "bad-value", "model.mutation"),
        (["model.colour=red"], "unknown-field", "model.colour"),
        (["colour=red"], "unknown-field", "colour"),
        (["model.theta"], "bad-argument", "model.theta"),
        (["incident.size=0"], "list-size", "incident.size"),
        (["run.seed=1.5"], "bad-number", "run.seed"),
        (['model.population=[{id = "example", weight = 0.4}]'], "weights", "model.population"),
        (["thresholds.posterior=2020-01-01"], "bad-number", "thresholds.posterior"),
        (['model.population="a\\nb"'], "bad-id", "model.population"),
    ],
)
def test_a_bad_setting_is_a_fault(run: Run, case: Path, options: list[str], code: str, column: str) -> None:
    done = run("identify", case, "--json", "-", *[part for o in options for part in ("--set", o)])
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"--set::{column}: {code}: ")


def test_verify_says_yes_to_its_own(run: Run, case: Path, tmp_path: Path) -> None:
    result = tmp_path / "r.json"
    run("identify", case, "--json", result)
    assert run("verify", result, case).code == 0


def test_verify_uses_the_settings_the_result_states(run: Run, case: Path, tmp_path: Path) -> None:
    result = tmp_path / "r.json"
    run("identify", case, "--json", result, "--seed", "5", "--set", "incident.strangers=0.1")
    assert run("verify", result, case).code == 0


@pytest.mark.parametrize("part", ["posterior", "digest", "input", "settings"])
def test_verify_finds_what_was_changed(run: Run, case: Path, tmp_path: Path, part: str) -> None:
    path = tmp_path / "r.json"
    run("identify", case, "--json", path)
    result = json.loads(path.read_text(encoding="utf-8"))
    if part == "posterior":
        result["pairs"][0]["posterior"] = 0.9999
    elif part == "digest":
        result["case"]["digest"] = "0" * 64
    elif part == "settings":
        result["settings"]["incident"]["strangers"] = 0.01
    path.write_text(json.dumps(result), encoding="utf-8")
    if part == "input":
        (case / "profiles.csv").write_text((case / "profiles.csv").read_text().replace("V2,TH01,7,9", "V2,TH01,7,8"))
    done = run("verify", path, case)
    assert (done.code, done.out) == (4, "")
    assert str(path) in done.err


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format":"homeward-result 1"}', "\x00\xff"])
def test_verify_refuses_what_is_no_result(run: Run, case: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(content, encoding="latin-1")
    assert run("verify", path, case).code == 2
