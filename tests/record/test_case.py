"""The record is a home of the `Case`: what goes in comes out, with the same digest."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from validation.record.people import CORA, GEN, take_in

from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.record import Record
from homeward.record.changes import CorrectProfile, ImportCase, preview_of

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    [*(ROOT / "docs" / "case-folder" / "valid").iterdir(), ROOT / "demo" / "published", ROOT / "demo" / "chosei"]
)


def test_every_example_comes_out_as_it_went_in(record: Record) -> None:
    """Each replaces the one before: nothing of it is left over."""
    for folder in FOLDERS:
        case = read_case(folder)
        take_in(record, case)
        out = record.case()
        assert out == case, folder.name
        assert (out.digest, out.inputs) == (case.digest, case.inputs)
    assert record.verify() == []


def test_what_it_was_stays_readable(record: Record) -> None:
    first = read_case(ROOT / "demo" / "published")
    seq = take_in(record, first)
    take_in(record, read_case(ROOT / "demo" / "chosei"))
    assert record.case(at=seq) == first


def test_an_import_needs_the_preview_of_now(record: Record) -> None:
    case = read_case(ROOT / "demo" / "published")
    with record.view() as view:
        seen = preview_of(view, case)
    take_in(record, read_case(ROOT / "demo" / "chosei"))
    before = record.revision
    with pytest.raises(Refusal) as refused:
        record.apply(ImportCase(case, seen.digest), CORA)
    assert [f.code for f in refused.value.faults] == ["preview-stale"]
    assert record.revision == before


def test_a_second_import_of_the_same_changes_nothing(record: Record) -> None:
    case = read_case(ROOT / "demo" / "chosei")
    take_in(record, case)
    with record.view() as view:
        assert preview_of(view, case).steps == ()


def test_added_cases_stand_beside_what_is_there(record: Record) -> None:
    a, b = read_case(ROOT / "demo" / "chosei"), read_case(ROOT / "demo" / "published")
    take_in(record, a)
    with pytest.raises(Refusal) as refused:  # the list has 183 names, and the case says so
        take_in(record, b, mode="add")
    assert [f.code for f in refused.value.faults] == ["list-size"]
    longer = dataclasses.replace(a.settings.incident, size=190)
    a = dataclasses.replace(a, settings=dataclasses.replace(a.settings, incident=longer))
    take_in(record, a)
    take_in(record, b, mode="add")
    out = record.case()
    assert out.families == a.families + b.families
    assert out.typings == a.typings + b.typings
    assert out.settings == a.settings


def test_a_correction_adds(record: Record) -> None:
    case = read_case(ROOT / "demo" / "chosei")
    take_in(record, case)
    sample = case.typings[0].sample
    record.apply(CorrectProfile(sample, f"sample,marker,allele1,allele2\n{sample},TH01,6,9.0\n", "wrong tube"), GEN)
    assert [t.alleles for t in record.case().typings if t.sample == sample] == [("6", "9")]
    with record.view() as view:
        old, new = view.history("profile", sample)
        assert old.value.typings == case.typings_by_sample[sample]
        assert "9.0" in new.value.raw
        assert view.all("correction", f"profile:{sample}")
    assert record.verify() == []


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("sample,marker,allele1,allele2\nR-01,TH01,6,nine\n", "bad-allele"),
        ("sample,marker,allele1,allele2\nR-02,TH01,6,9\n", "unknown-sample"),
        ("sample,marker,allele1\n", "missing-value"),
        ("sample,marker,allele1,colour\nR-01,TH01,6,red\n", "unknown-field"),
    ],
)
def test_a_bad_table_is_refused_whole(record: Record, table: str, code: str) -> None:
    case = read_case(ROOT / "demo" / "chosei")
    take_in(record, case)
    before = record.revision
    with pytest.raises(Refusal) as refused:
        record.apply(CorrectProfile("R-01", table, "as the laboratory says"), GEN)
    assert code in [f.code for f in refused.value.faults]
    assert record.revision == before
    assert record.case() == case


def test_digests_do_not_tell_the_two_ways_apart(record: Record) -> None:
    case = read_case(ROOT / "demo" / "published")
    take_in(record, dataclasses.replace(case, inputs=()))
    assert record.case().digest == case.digest
