"""Ten people at once over HTTP: everybody is answered, and nothing that was answered as done is lost."""

from __future__ import annotations

from pathlib import Path

from validation.studies.record_load import lost, one_day


def test_ten_at_once(tmp_path: Path) -> None:
    record, day = one_day(f"sqlite:///{tmp_path / 'case.db'}", tmp_path, 10, 10.0, seed=3)
    try:
        assert not day.refused
        assert len(day.reads) > 50 and day.seqs
        assert lost(record, day) == 0
    finally:
        record.engine.dispose()
    said = (tmp_path / "server.log").read_text()
    assert "Traceback" not in said and "user-" not in said and "?" not in said
