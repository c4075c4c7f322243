"""The chain finds every change, deletion, insertion and reordering made behind its back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from validation.record.people import CORA, GEN, take_in
from validation.record.tampering import TAMPERINGS, tamper

from homeward.formats import read_case
from homeward.record import Record, ledger
from homeward.record.changes import RecordTelling, WithdrawConsent
from homeward.record.consent import typed_living

ROOT = Path(__file__).parents[2]
CASE = read_case(ROOT / "demo" / "chosei")
SEED = 7_2026


@pytest.fixture
def used(record: Record) -> Record:
    """A record in which things were put, closed and withdrawn."""
    take_in(record, CASE)
    record.apply(WithdrawConsent(typed_living(CASE)[0]), CORA)
    for i in range(3):
        record.apply(RecordTelling(CASE.families[i].id, "once"), CORA)
        record.apply(RecordTelling(CASE.families[i].id, "never"), CORA)
    return record


def test_each_kind_of_tampering_is_found(used: Record) -> None:
    """Fifty random edits by hand, five of each kind, each undone after it was looked at."""
    assert used.verify() == []
    chance = random.Random(SEED)
    for i in range(50):
        kind = sorted(TAMPERINGS)[i % len(TAMPERINGS)]
        with used.engine.connect() as connection:
            transaction = connection.begin()
            told = tamper(kind, connection, chance)
            found = ledger.verify(connection, used.keys)
            transaction.rollback()
        assert found, (SEED, i, kind, told)
    assert used.verify() == []


def test_an_end_cut_off_is_missed(used: Record) -> None:
    """The rows and entries of the last change taken away together leave a sound chain; the anchor knows better."""
    with used.engine.connect() as connection:
        transaction = connection.begin()
        tamper("cut the end", connection, random.Random(SEED))
        assert [b.code for b in ledger.verify(connection, used.keys)] == ["end-missing"]
        transaction.rollback()


def test_another_installation_signed_nothing(used: Record, tmp_path: Path) -> None:
    from homeward.record.keys import create_installation

    other = create_installation(tmp_path / "other.keys")
    codes = {b.code for b in Record(used.engine, other).verify()}
    assert codes == {"bad-signature", "key-changed"}


def test_the_chain_holds_no_content(used: Record) -> None:
    from homeward.record.database import change, reading

    with reading(used.engine) as connection:
        text = " ".join(str(tuple(row)) for row in connection.execute(change.select()))
    for planted in ("child-001", "R-01", CASE.name, CASE.families[0].id):
        assert planted not in text
    assert CASE.name not in used.keys.path.read_text()
    assert GEN.account not in text
