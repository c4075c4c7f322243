"""Findings on the command line, in the result and in the report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from validation.studies.planted import PLANTS, sound, the_model

from homeward.case import Family
from homeward.check import Finding, check
from homeward.cli import commands
from homeward.formats import read_case, result_json
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.pedigree import nuclear
from homeward.report import Words, finding_text, result_html, summary

PUBLISHED = Path(__file__).parents[2] / "demo" / "published"


def test_check_says_each_finding_and_counts_them(capsys: pytest.CaptureFixture[str]) -> None:
    commands.check(str(PUBLISHED), None, True)
    out = capsys.readouterr().out.splitlines()
    assert out[1].startswith("warning: related-remains: V7, V8 look like kin of each other: full siblings")
    assert out[-1] == "findings: 1 to look at, 0 to know"


def test_check_writes_findings_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    commands.check(str(PUBLISHED), Path("-"), True)
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == []
    (finding,) = told["findings"]
    assert set(finding) == {"code", "severity", "persons", "samples", "markers", "evidence", "action"}
    assert finding["samples"] == ["V7", "V8"]
    assert finding["evidence"]["log10_lr"] == pytest.approx(5.736, abs=1e-3)


def test_a_result_carries_what_check_found() -> None:
    case = read_case(PUBLISHED)
    result = identify(case, scenarios_of(case), seed=1)
    assert [f.code for f in result.findings] == ["related-remains"]
    written = json.loads(result_json(result))["warnings"]
    assert written[-1] == result.findings[0].as_json()


def test_a_result_carries_them_under_its_own_seed() -> None:
    """What `verify` recomputes from the seed a result states."""
    case = read_case(Path(__file__).parents[1] / "casework" / "example1")
    model = scenarios_of(case)
    assert check(case, model, seed=1) == check(case, model) != check(case, model, seed=2)
    assert identify(case, model, seed=2).findings == check(case, model, seed=2)


def test_the_report_tells_of_a_duplicate_once() -> None:
    at = sound(6, the_model()[0].model)
    next(p for p in PLANTS if p.code == "duplicate-person").put(at)
    case = at.case()
    result = identify(case, scenarios_of(case), seed=1)
    words = "have profiles of one person"
    assert summary(result).count(words) == 1
    assert result_html(result).count(words) == 1


def test_kin_among_the_listed_missing_are_the_first_thing_to_compare_with() -> None:
    """V7 and V8 look like full siblings: a family that misses two brothers is named, father and son are not."""
    case = read_case(PUBLISHED)
    brothers = Family("B", nuclear(["b1", "b2"], father="f", mother="m"), ("b1", "b2"))
    father_and_son = Family("C", nuclear(["c"], father="f", mother="m"), ("c", "f"))
    more = replace(case, families=(*case.families, brothers, father_and_son))
    for given, families in ((case, None), (more, ("B",))):
        (finding,) = (f for f in check(given, scenarios_of(given)) if f.code == "related-remains")
        assert finding.evidence.get("families") == families
        words = finding_text(finding, Words())
        assert ("as listed missing of one family are: B." in words) == bool(families)
        assert "Compare first with kin among the listed missing" in words and "whichever is wrong" not in words


def test_a_living_person_whose_sample_bears_his_id_is_named_once() -> None:
    evidence = {"relationship": "same", "log10_lr": 2.6}
    finding = Finding("sample-matches-person", "warning", ("F/R",), ("V1", "F/R"), evidence=evidence)
    words = finding_text(finding, Words())
    assert words.startswith("V1: the profile of the living person F/R (log₁₀ LR 2.60 for one individual")
    assert words.count("F/R") == 1
