"""The match matrix: what the browser draws, what the table tells, and who may see either."""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np
import pytest
from validation.record.analysed import drawn_result, stored

from homeward.web.matrix import encoded, matrix_of
from homeward.web.stored import StoredResult, result_of


@pytest.fixture(scope="module")
def result() -> StoredResult:
    return result_of("a", stored(drawn_result(names=30, samples=20, seed=5)))


def decoded(content: bytes) -> tuple[dict[str, Any], Any]:
    length = struct.unpack("<I", content[:4])[0]
    head = json.loads(content[4 : 4 + length])
    values = np.frombuffer(content, dtype="<f4", offset=4 + length)
    return head, values.reshape(len(head["rows"]), len(head["cols"]))


@pytest.mark.parametrize("measure", ["lr", "posterior"])
def test_every_cell_is_where_its_names_say(result: StoredResult, measure: Any) -> None:
    head, values = decoded(encoded(result, matrix_of(result), measure))
    told = result.log10_lr if measure == "lr" else result.posterior
    for r, missing in enumerate(head["rows"]):
        for c, sample in enumerate(head["cols"]):
            i, j = result.samples.index(sample), result.names.index(missing)
            assert values[r, c] == np.float32(told[i, j])
    assert sorted(head["rows"]) == sorted(result.names) and sorted(head["cols"]) == sorted(result.samples)


def test_blocks_hold_whole_families_and_whole_individuals(result: StoredResult) -> None:
    made = matrix_of(result)
    assert len(made.blocks) > 3
    tied = {(m.row, m.col) for m in made.marks}
    for row, rows, col, cols in made.blocks:
        inside = set(made.rows[row : row + rows])
        families = {m.partition("/")[0] for m in inside}
        assert inside == {m for m in result.names if m.partition("/")[0] in families}
        numbers = set(made.individual[col : col + cols])
        assert set(made.cols[col : col + cols]) == {s for s in result.samples if result.number_of[s] in numbers}
        tied -= {(r, c) for r in range(row, row + rows) for c in range(col, col + cols)}
    assert tied == set(), "what is said of a cell stands in a block"


def test_what_is_undecided_or_shared_is_marked(result: StoredResult) -> None:
    made = matrix_of(result)
    told = {(made.rows[m.row], made.cols[m.col]): m.kind for m in made.marks}
    assert result.joint is not None
    for conclusion in result.joint.conclusions:
        kind = {"group": "shared", "probable": "open", "identified": "settled"}[conclusion.conclusion]
        assert {told[m, s] for m in conclusion.missing for s in conclusion.samples} == {kind}
    assert {"settled", "shared", "open"} <= set(told.values())


def test_what_was_not_compared_or_cannot_be_is_told_apart() -> None:
    value = drawn_result(names=2, samples=2, seed=1)
    value["pairs"][0] |= {"log10_lr": None}
    value["pairs"][1] = {"sample": "R-0", "missing": value["missing"][1]["id"], "status": "no-shared-markers"}
    value["pairs"][2]["status"] = "sex"
    result = result_of("a", stored(value))
    assert result.log10_lr[0, 0] == -np.inf and np.isnan(result.log10_lr[0, 1])
    made = matrix_of(result)
    assert [(made.rows[m.row], made.cols[m.col]) for m in made.marks if m.kind == "sex"] == [("F000/M-0", "R-1")]
