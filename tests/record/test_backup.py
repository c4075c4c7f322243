"""A backup is whole or not there, and comes back on either database; what was withdrawn does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from validation.record.people import CORA, take_in

from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.record import Record, open_record
from homeward.record.backup import backup, read_backup, restore
from homeward.record.changes import WithdrawConsent
from homeward.record.consent import typed_living

ROOT = Path(__file__).parents[2]
CASE = read_case(ROOT / "demo" / "chosei")


def test_there_and_back_again(record: Record, tmp_path: Path) -> None:
    take_in(record, CASE)
    told = backup(record, tmp_path / "b.hwb")
    assert told.seq == record.revision
    again = restore(tmp_path / "b.hwb", f"sqlite:///{tmp_path / 'again.db'}", record.keys)
    assert again.case() == CASE
    assert again.verify() == []
    reopened = open_record(f"sqlite:///{tmp_path / 'again.db'}", record.keys.path)
    assert reopened.case().digest == CASE.digest
    assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []


def test_a_withdrawal_after_the_backup_holds(record: Record, tmp_path: Path) -> None:
    take_in(record, CASE)
    backup(record, tmp_path / "b.hwb")
    subject = typed_living(CASE)[0]
    record.apply(WithdrawConsent(subject), CORA)
    without = record.case()
    again = restore(tmp_path / "b.hwb", f"sqlite:///{tmp_path / 'again.db'}", record.keys)
    assert again.case() == without
    assert again.verify() == []


@pytest.mark.parametrize("damage", ["cut", "flip", "append", "empty"])
def test_a_damaged_backup_is_refused(record: Record, tmp_path: Path, damage: str) -> None:
    take_in(record, CASE)
    backup(record, tmp_path / "b.hwb")
    data = bytearray((tmp_path / "b.hwb").read_bytes())
    if damage == "cut":
        del data[-40:]
    elif damage == "flip":
        data[len(data) // 2] ^= 1
    elif damage == "append":
        data += b"more"
    else:
        data = bytearray()
    (tmp_path / "b.hwb").write_bytes(data)
    with pytest.raises(Refusal) as refused:
        read_backup(tmp_path / "b.hwb", record.keys)
    assert refused.value.faults[0].code in ("bad-backup", "not-readable")
    target = tmp_path / "again.db"
    with pytest.raises(Refusal):
        restore(tmp_path / "b.hwb", f"sqlite:///{target}", record.keys)
    assert not target.exists()


def test_nothing_is_written_over(record: Record, tmp_path: Path) -> None:
    (tmp_path / "b.hwb").write_text("mine")
    with pytest.raises(Refusal) as refused:
        backup(record, tmp_path / "b.hwb")
    assert refused.value.faults[0].code == "target-exists"
    assert (tmp_path / "b.hwb").read_text() == "mine"
