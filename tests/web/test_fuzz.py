"""Requests made from the API's description by schemathesis end as it says, and never in a defect."""

from __future__ import annotations

from pathlib import Path

import pytest
from validation.record.fuzzing import fuzz
from validation.record.people import take_in

from homeward.formats import read_case
from homeward.record import Record
from homeward.web import create_app

EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"
SEED = 20260713


@pytest.mark.parametrize(("url", "examples"), [("sqlite", 3), ("postgresql", 1)], indirect=["url"])
def test_no_request_ends_in_a_defect(record: Record, examples: int) -> None:
    take_in(record, read_case(EXAMPLE))
    ids = ["V1", "F1", "F1/M1", "V1~F1/M1", "person:F1/K1", "spare", "R-9"]
    found = fuzz(record, create_app(record), ids, examples, SEED)
    assert found.wrong == []
    assert found.operations > 100 and found.statuses[200] and found.statuses[422]
    assert record.verify() == []
