"""Every schema version that was released comes forward, with its data, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from homeward.faults import Refusal
from homeward.record import open_record
from homeward.record.backup import restore
from homeward.record.database import make_engine, metadata
from homeward.record.keys import read_installation
from homeward.record.migrate import _config, at_newest, revision_of, upgrade

RELEASED = Path(__file__).with_name("released")
VERSIONS = sorted(p.stem for p in RELEASED.glob("*.hwb"))


def test_every_version_has_its_backup() -> None:
    from alembic.script import ScriptDirectory

    known = sorted(s.revision for s in ScriptDirectory.from_config(_config()).walk_revisions())
    assert known == VERSIONS, "run python -m validation.record.released tests/record/released"


@pytest.mark.parametrize("schema", VERSIONS)
def test_a_released_version_comes_forward(schema: str, url: str, tmp_path: Path) -> None:
    keys = Path(shutil.copy(RELEASED / f"{schema}.keys", tmp_path / "released.keys"))
    record = restore(RELEASED / f"{schema}.hwb", url, read_installation(keys))
    assert at_newest(record.engine)
    assert record.verify() == []
    case = record.case()
    assert [(i.sample, i.missing, i.signed) for i in case.identifications] == [("V1", "F1/M1", ("rey", "cora"))]
    assert [t.alleles for t in case.typings if t.sample == "V1"] == [("6", "9.3"), ("8", "8")]
    with record.view() as view:
        assert view.get("candidate", "V1~F1/M1").state == "identified"
        assert view.get("names", "F1/W1").forms[0].text == "김영희"
        assert not view.get("analysis", "a1").rerunnable
        assert view.get("profile", "F1/C1") is None
    record.engine.dispose()
    open_record(url, keys).engine.dispose()


def test_the_scripts_make_the_tables_that_the_program_uses(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    engine = make_engine(url)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        upgrade(connection)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_record_of_another_schema_is_not_opened(url: str, tmp_path: Path) -> None:
    keys = Path(shutil.copy(RELEASED / f"{VERSIONS[-1]}.keys", tmp_path / "released.keys"))
    record = restore(RELEASED / f"{VERSIONS[-1]}.hwb", url, read_installation(keys))
    with record.engine.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Refusal) as refused:
        open_record(url, keys)
    assert [f.code for f in refused.value.faults] == ["old-record"]
    assert revision_of(record.engine) == "0000"
    record.engine.dispose()
