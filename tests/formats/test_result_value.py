"""A result file read again is the result: what is written of it anew is the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from homeward.case import Case
from homeward.faults import Refusal
from homeward.formats import read_case, result_json
from homeward.formats.overrides import overridden
from homeward.formats.result_value import case_as_computed, result_of
from homeward.genetics import scenarios_of
from homeward.identify import identify

VALID = Path(__file__).parents[2] / "docs" / "case-folder" / "valid"


def computed(case: Case) -> bytes:
    return result_json(identify(case, scenarios_of(case), seed=case.settings.run.seed))


def told(data: bytes) -> Any:
    """Without what each body shows marker by marker, which a result file tells only in part."""
    value = json.loads(data)
    for body in (value.get("joint") or {}).get("bodies", ()):
        del body["markers"]
    return value


@pytest.mark.parametrize("name", ["incident", "paternal-line", "dropout"])
def test_a_result_is_what_its_file_says(name: str) -> None:
    case = read_case(VALID / name)
    written = computed(case)
    value = json.loads(written)
    again = result_of(value, case_as_computed(read_case(VALID / name), value))
    assert told(result_json(again)) == told(written)


def test_the_settings_are_those_that_the_result_states() -> None:
    """The theta and seed of the command line are no part of the folder, and are of the result."""
    case = read_case(VALID / "example")
    written = computed(overridden(case, {"model.theta": 0.03, "run.seed": 7}))
    value = json.loads(written)
    found = case_as_computed(case, value)
    assert (found.settings.model.theta, found.settings.run.seed) == (0.03, 7)
    assert result_json(result_of(value, found)) == written


def test_another_case_is_refused() -> None:
    case = read_case(VALID / "example")
    value = json.loads(computed(case))
    with pytest.raises(Refusal) as refusal:
        case_as_computed(replace(case, typings=case.typings[:-1]), value)
    assert [f.code for f in refusal.value.faults] == ["other-case"]
