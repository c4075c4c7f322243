"""The suite notices mistakes: some of them with every run, all of them with `make validate`."""

from __future__ import annotations

import pytest
from validation.studies.seeded_faults import FAULTS, ROOT, Fault, caught, in_place


def test_every_fault_fits_the_source():
    assert len({f.name for f in FAULTS}) == len(FAULTS) >= 25
    assert [f.name for f in FAULTS if not in_place(f)] == []


def test_the_rooms_that_compute_are_all_represented():
    assert {f.file.partition("/")[0] for f in FAULTS} >= {"genetics", "likelihood", "observe", "identify"}


def test_the_source_as_it_is_passes_those_tests():
    text = (ROOT / "src" / "homeward" / FAULTS[0].file).read_text(encoding="utf-8")
    tests = tuple(dict.fromkeys(t for f in FAULTS if f.quick for t in f.tests))
    assert not caught(Fault("no fault", FAULTS[0].file, text, text, tests))


@pytest.mark.parametrize("fault", [f for f in FAULTS if f.quick], ids=lambda f: f.name)
def test_a_fault_is_caught(fault):
    assert caught(fault)
