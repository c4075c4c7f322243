"""The joint answer as JSON: what the schema says, rows of every sample, numbers in log10."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from joint_answers import EXACT, NAMES, SAMPLED, SAMPLES, hand_made

from homeward.case import Case
from homeward.formats import result_json
from homeward.identify import Result, SampleRow
from homeward.identify.joint.answer import Joint, Reason
from homeward.identify.joint.posterior import JointAssignment

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "result.schema.json").read_text(encoding="utf-8"))


def joint_of(joint: Joint) -> dict[str, Any]:
    """The `joint` of a result that the schema accepts."""
    rows = tuple(SampleRow(s, "remains", s, "male", 20) for s in sorted(SAMPLES))
    result = Result(Case("Invented"), (), 1, (), rows, (), (), (), (), (), joint=joint)
    value = json.loads(result_json(result))
    jsonschema.validate(value, SCHEMA, cls=jsonschema.Draft202012Validator)
    found: dict[str, Any] = value["joint"]
    return found


def test_marginals_have_a_row_for_every_outcome_and_sum_to_one() -> None:
    rows = joint_of(hand_made())["marginals"]
    for sample in SAMPLES:
        own = {r["who"]: r["posterior"] for r in rows if r["sample"] == sample}
        assert list(own) == [*NAMES, "unreferenced", "stranger"]
        assert sum(own.values()) == pytest.approx(1.0, abs=1e-9)
    # listed persons without references stand together, in whatever groups they were summed
    r05 = next(r for r in rows if r["sample"] == "R-05" and r["who"] == "unreferenced")
    assert r05["posterior"] == pytest.approx(0.0488, abs=1e-12)


def test_rows_stand_in_the_order_of_the_case_not_of_the_solver() -> None:
    found = joint_of(hand_made())
    assert list(dict.fromkeys(r["sample"] for r in found["marginals"])) == sorted(SAMPLES)
    assert [(r["a"], r["b"]) for r in found["same_individual"]][:2] == [("R-01", "R-01b"), ("R-01", "R-02")]
    assert len(found["same_individual"]) == math.comb(len(SAMPLES), 2)


def test_numbers_are_log10_and_errors_stand_only_where_sampled() -> None:
    exact, sampled = joint_of(hand_made()), joint_of(hand_made(SAMPLED))
    assert exact["method"] == {
        "name": "exact",
        "states": 184756,
        "log_evidence": pytest.approx(-812.25 / math.log(10), abs=1e-12),
        "converged": True,
    }
    assert exact["assignments"][0]["log10_lr"] == pytest.approx(33.1, abs=1e-12)
    assert exact["assignments"][0]["who"]["R-05"] == "stranger"
    assert not any("mc_error" in r for r in (*exact["marginals"], *exact["conclusions"]))
    assert all("mc_error" in r for r in (*sampled["marginals"], *sampled["conclusions"]))
    assert sampled["method"]["converged"] is False and sampled["method"]["max_rhat"] == 1.31
    assert sampled["method"]["approximations"] == ["theta-by-family", "something-new"]


def test_conclusions_keep_their_reasons_and_stress_tests() -> None:
    first, group, *_, last = joint_of(hand_made())["conclusions"]
    assert first["samples"] == ["R-01", "R-01b"] and first["missing"] == ["F-61/M-112"]
    assert first["reasons"][0] == {"code": "below-threshold", "threshold": 0.9995}
    assert first["stress"][0]["change"] == "theta:0.03"
    assert group["conclusion"] == "group" and group["missing"] == ["F-62/M-1", "F-62/M-2"]
    assert last["conclusion"] == "inconclusive" and "posterior" not in last


def test_parameters_are_plain_numbers() -> None:
    joint = hand_made()
    told = {"log10_lr": np.float64(-1.5), "markers": np.int16(4), "worst": -math.inf, "sample": "R-01"}
    first = replace(joint.conclusions[0], reasons=(Reason("incompatible", told),))
    found = joint_of(replace(joint, conclusions=(first,)))["conclusions"][0]["reasons"]
    assert found == [{"code": "incompatible", "log10_lr": -1.5, "markers": 4, "worst": None, "sample": "R-01"}]


def test_individuals_and_what_is_true_of_all() -> None:
    found = joint_of(hand_made(signed=True))
    assert [r["count"] for r in found["individuals"]] == [4, 5, 6]
    assert found["all_right"] == 0.99955
    assert found["complete"][0] == {"probability": 0.9, "names": 2, "all_right": 0.9992}
    assert {r["missing"] for r in found["nobody_found"]} == set(NAMES)
    assert len(found["unconditioned"]) == len(found["marginals"])


def test_an_assignment_that_is_impossible_has_no_lr() -> None:
    joint = hand_made()
    worse = JointAssignment(joint.posterior.assignments[0].who, 0.0, -math.inf)
    posterior = replace(joint.posterior, assignments=(worse,))
    assert joint_of(replace(joint, posterior=posterior))["assignments"][0]["log10_lr"] is None


def test_sums_a_bit_above_one_are_one() -> None:
    joint = hand_made(EXACT)
    over = replace(joint.posterior, marginals=np.where(joint.posterior.marginals > 0.999, 1 + 1e-13, 0.0))
    rows = joint_of(replace(joint, posterior=over))["marginals"]
    assert max(r["posterior"] for r in rows) == 1.0
