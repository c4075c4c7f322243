"""A result as JSON: what the schema says, in canonical bytes, and no number that JSON has not."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from homeward.case import Settings, canonical_json
from homeward.formats import read_case, read_result_json, result_json
from homeward.genetics import FrequencyChange, Model, Scenario, scenarios_of
from homeward.genetics.haplotypes import augmented_count, brenner_kappa
from homeward.identify import (
    Difference,
    Direct,
    Dropout,
    HaplotypeRow,
    LineageComparison,
    MissingRow,
    Outside,
    Pair,
    PedigreeVariant,
    Result,
    SampleRow,
    Term,
    Warning,
    identify,
)

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "result.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def result() -> Result:
    """A made-up result with every kind of row."""
    case = read_case(DOCS / "case-folder" / "valid" / "example")
    change = FrequencyChange("example", "TH01", "10", 0.0, np.float64(0.001), "added")
    zero = Term("autosomal", ("TH01",), -math.inf)
    return Result(
        case=case,
        scenarios=(Scenario("example", 1.0, Model("example", (), changes=(change,))),),
        seed=11,
        missing=(MissingRow("F1/M1", "male", 1),),
        samples=(SampleRow("V1", "remains", "V1", "male", 2), SampleRow("V2", "remains", "V2", "unknown", 1)),
        pairs=(
            Pair("V1", "F1/M1", "computed", np.float64(0.25), 0, (Term("X", ("DXS8378",), np.float64(0.25)),), 0.5),
            Pair("V2", "F1/M1", "computed", -math.inf, 1, (zero,), 0.0),
            Pair("V3", "F1/M1", "no-shared-markers", None, 0, (), 0.5),
        ),
        outside=(Outside("V1", 0.5, 0.0), Outside("V2", np.float64(1.0), 0.0)),
        direct=(Direct("V1", "V2", "computed", -math.inf, 1, 1), Direct("V1", "V3", "no-shared-markers", None, 0, 0)),
        kinship=(),
        warnings=(Warning("families-merged", {"families": 2, "of": "F1"}),),
    )


@pytest.fixture(scope="module")
def value(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result_json(result))
    return found


def test_the_schema_accepts_it(value: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(value, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_schema_accepts_its_example() -> None:
    example = json.loads((DOCS / "result.example.json").read_text(encoding="utf-8"))
    jsonschema.validate(example, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_example_with_lineages_is_what_its_case_gives() -> None:
    """`homeward identify docs/case-folder/valid/paternal-line --json docs/result.lineages.example.json`"""
    example = json.loads((DOCS / "result.lineages.example.json").read_text(encoding="utf-8"))
    jsonschema.validate(example, SCHEMA, cls=jsonschema.Draft202012Validator)
    case = read_case(DOCS / "case-folder" / "valid" / "paternal-line")
    found = json.loads(result_json(identify(case, scenarios_of(case), seed=1)))
    assert example["lineages"] and example["haplotypes"]
    for key in ("case", "missing", "samples", "pairs", "lineages", "haplotypes", "warnings"):
        assert _rounded(found[key]) == _rounded(example[key])


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_rounded(v) for v in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def test_an_lr_of_zero_is_null_and_computed(value: dict[str, Any]) -> None:
    assert [(p["status"], p["log10_lr"]) for p in value["pairs"]] == [
        ("computed", 0.25),
        ("computed", None),
        ("no-shared-markers", None),
    ]
    assert value["pairs"][1]["terms"] == [
        {"kind": "autosomal", "markers": ["TH01"], "log10_lr": None, "impossible": True}
    ]
    assert "impossible" not in value["pairs"][0]["terms"][0]
    assert [d["log10_lr"] for d in value["direct"]] == [None, None]


def test_settings_repeat_every_key_as_used(value: dict[str, Any]) -> None:
    every = {section: set(type(getattr(Settings(), section)).__dataclass_fields__) for section in value["settings"]}
    assert {section: set(keys) for section, keys in value["settings"].items()} == every
    assert set(every) == {"incident", "model", "y", "mt", "thresholds", "run"}
    assert value["settings"]["incident"]["size"] == 1
    assert value["settings"]["model"]["population"] == "example"
    assert value["settings"]["run"]["seed"] == value["seed"] == 11


def test_a_size_not_given_is_counted_and_a_mixture_lists_its_parts(result: Result) -> None:
    settings = replace(result.case.settings, incident=replace(result.case.settings.incident, size=None))
    parts = tuple(Scenario(p, w, Model(p, ())) for p, w in (("a", 0.25), ("b", 0.75)))
    used = json.loads(result_json(replace(result, case=replace(result.case, settings=settings), scenarios=parts)))
    assert used["settings"]["incident"]["size"] == 1
    assert used["settings"]["model"]["population"] == [{"id": "a", "weight": 0.25}, {"id": "b", "weight": 0.75}]


def test_changes_and_warnings_are_rows(value: dict[str, Any]) -> None:
    assert value["frequency_changes"] == [
        {"population": "example", "marker": "TH01", "allele": "10", "from": 0, "to": 0.001, "reason": "added"}
    ]
    assert value["warnings"] == [{"code": "families-merged", "families": 2, "of": "F1"}]


def test_the_case_is_named_with_its_digest_and_files(value: dict[str, Any], result: Result) -> None:
    assert value["case"]["digest"] == result.case.digest
    assert [f["path"] for f in value["case"]["inputs"]] == [f.path for f in result.case.inputs]


def test_bytes_are_canonical_and_read_again(result: Result, value: dict[str, Any], tmp_path: Path) -> None:
    data = result_json(result)
    assert data == result_json(result) == canonical_json(value) + b"\n"
    (tmp_path / "result.json").write_bytes(data)
    assert read_result_json(tmp_path / "result.json") == value


def test_each_population_of_a_mixture_is_listed(result: Result, value: dict[str, Any]) -> None:
    alone = (("A", np.float64(0.5)), ("B", -math.inf))
    mixed = valid(replace(result, pairs=(replace(result.pairs[0], by_population=alone), *result.pairs[1:])))
    assert mixed["pairs"][0]["by_population"] == [
        {"population": "A", "log10_lr": 0.5},
        {"population": "B", "log10_lr": None},
    ]
    assert not any("by_population" in p for p in (*mixed["pairs"][1:], *value["pairs"]))


def test_lines_tell_what_remains_show_and_never_what_a_reference_shows(result: Result, value: dict[str, Any]) -> None:
    assert "lineages" not in value and "haplotypes" not in value, "absent where none was weighed"
    differs = Difference("DYS19", "15", "17", 2)
    compared = LineageComparison("Y", "V1", "F1/M1", "F1/C1", 3, ("DYS19", "DYS390"), (differs,), -math.inf, 0.25)
    estimates = (augmented_count(0, 99).corrected(0.5), brenner_kappa(0, 99, 49))
    row = HaplotypeRow("V1", "Y", "table", "brenner-kappa", estimates)
    found = valid(replace(result, lineages=(compared,), haplotypes=(row,)))
    (told,) = found["lineages"]
    assert told["differences"] == [{"site": "DYS19", "sample": "15", "mutations": 2}]
    assert (told["sites"], told["meioses"], told["log10_chance"], told["frequency"]) == (2, 3, None, 0.25)
    (rare,) = found["haplotypes"]
    assert rare["estimator"] == "brenner-kappa"
    assert [e["method"] for e in rare["estimates"]] == ["augmented-count", "brenner-kappa"]
    assert rare["estimates"][0]["frequency"] == pytest.approx(0.5 + 0.5 * 0.01)
    assert rare["estimates"][0]["theta"] == 0.5 and rare["estimates"][1]["low"] is None


def test_dropout_stands_at_the_samples_it_was_estimated_for(result: Result) -> None:
    first, second = result.samples
    rows = (replace(first, dropout=Dropout(0.25, np.float64(0.125), 0.5, None)), second)
    found = valid(replace(result, samples=rows))["samples"]
    assert found[0]["dropout"] == {"mean": 0.25, "low": 0.125, "high": 0.5, "heights": None}
    assert "dropout" not in found[1]
    rows = (replace(first, dropout=Dropout(0.25, 0.125, 0.5, 340.5)), second)
    assert valid(replace(result, samples=rows))["samples"][0]["dropout"]["heights"] == 340.5


def test_pedigrees_a_family_may_have_are_told_once_and_whole(result: Result) -> None:
    variants = (
        PedigreeVariant(("F1", "F2"), (), 0.75, 0.25),
        PedigreeVariant(("F1", "F2"), (("F1/C1", "", "F1/W1"),), 0.25, 0.75),
    )
    short = {"family": "F1, F2", "person": "F1/C1", "prior": 0.25, "posterior": 0.75}
    told = replace(result, warnings=(*result.warnings, Warning("pedigree-doubted", short)))
    assert valid(told)["warnings"][1:] == [{"code": "pedigree-doubted", **short}]
    changed = [{"person": "F1/C1", "father": None, "mother": "F1/W1"}]
    assert valid(replace(told, variants=variants))["warnings"][1:] == [
        {"code": "pedigree-doubted", "family": "F1, F2", "changed": [], "prior": 0.75, "posterior": 0.25},
        {"code": "pedigree-doubted", "family": "F1, F2", "changed": changed, "prior": 0.25, "posterior": 0.75},
    ]


def test_the_schema_refuses_what_is_no_probability(result: Result) -> None:
    wrong = replace(result, samples=(replace(result.samples[0], dropout=Dropout(1.5, 0.0, 1.0, None)),))
    with pytest.raises(jsonschema.ValidationError, match=r"1\.5"):
        valid(wrong)
    with pytest.raises(jsonschema.ValidationError, match=r"-0\.5"):
        valid(replace(result, variants=(PedigreeVariant(("F1",), (), 1.0, -0.5),)))


def valid(result: Result) -> dict[str, Any]:
    """The value of a result that the schema accepts."""
    found: dict[str, Any] = json.loads(result_json(result))
    jsonschema.validate(found, SCHEMA, cls=jsonschema.Draft202012Validator)
    return found


def test_a_number_json_has_not_is_a_defect(result: Result) -> None:
    with pytest.raises(ValueError, match="nan"):
        result_json(replace(result, outside=(Outside("V1", math.nan, 0.0),)))
