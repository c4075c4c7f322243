"""After a withdrawal nothing readable of the person is left: in the database, its log, a result, a backup."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from validation.record.people import CONSENT, CORA, GEN, take_in

from homeward.case import Family, PersonRecord, Sample, Typing
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.pedigree import Member, Pedigree
from homeward.record import Record
from homeward.record.backup import _key as backup_key
from homeward.record.backup import _opened_lines, backup
from homeward.record.changes import (
    AddProfile,
    QueueAnalysis,
    RawInput,
    RecordConsent,
    RecordNames,
    RecordPerson,
    StoreAnalysis,
    WithdrawConsent,
    raw_file,
)
from homeward.record.database import data_key, reading, sqlite_file
from homeward.record.values import NameForm, Names
from homeward.record.worker import work
from homeward.report.stored import reports_of

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "case-folder" / "valid" / "example"
NAME, DOCUMENT, MARKED = "Planted Daughter 심은 이름", "letter-of-planted-daughter", "planted-allele-row"
SUBJECT = "person:F1/C1"


@pytest.fixture
def used(record: Record) -> Record:
    """The example, whose daughter has a name, names, a consent and a raw file; analysed once."""
    case = read_case(EXAMPLE)
    family = replace(case.families[0], records={"C1": PersonRecord(NAME)})
    case = replace(case, families=(family,))
    rows = (EXAMPLE / "profiles.csv").read_text().replace("F1/C1,TH01,6,7", "F1/C1,TH01,6,7").rstrip()
    profiles = base64.b64encode(rows.encode()).decode()
    pedigrees = base64.b64encode(f"family,person,name\nF1,C1,{NAME}\n{MARKED}\n".encode()).decode()
    take_in(record, case, raw=(RawInput("profiles.csv", profiles), RawInput("pedigrees.csv", pedigrees)))
    record.apply(RecordConsent(SUBJECT, replace(CONSENT, document=DOCUMENT)), CORA)
    record.apply(RecordNames("F1/C1", Names((NameForm("hangul", NAME),))), CORA)
    record.apply(QueueAnalysis("a1"), GEN)
    assert work(record, once=True, write=reports_of) == 1
    return record


def stored(record: Record, url: str, folder: Path) -> bytes:
    """Everything the database keeps: files and write-ahead log, or every row of a server."""
    file = sqlite_file(url)
    if file is not None:
        record.engine.dispose()
        return b"".join(p.read_bytes() for p in file.parent.glob(f"{file.name}*") if ".keys" not in p.name)
    from homeward.record.database import metadata

    with reading(record.engine) as connection:
        rows = [tuple(row) for t in metadata.sorted_tables for row in connection.execute(sa.select(t))]
    return b"\n".join(v if isinstance(v, bytes) else str(v).encode() for row in rows for v in row)


SECRETS = (NAME.encode(), json.dumps(NAME).encode(), DOCUMENT.encode(), MARKED.encode(), b"F1/C1,TH01", b'"6","7"')


def test_a_living_person_is_never_readable_in_the_database(used: Record, url: str, tmp_path: Path) -> None:
    """Not even before: what is kept of him is locked."""
    kept = stored(used, url, tmp_path)
    assert not [s for s in SECRETS if s in kept]
    with used.view() as view:
        assert view.get("person", "F1/C1").name == NAME
        assert "F1/C1,TH01,6,7" in view.get("profile", "F1/C1").raw
        assert MARKED in str(raw_file(view, next(iter(view.all("raw-file")))))


def test_nothing_readable_is_left(used: Record, url: str, tmp_path: Path) -> None:
    with reading(used.engine) as connection:
        wrapped = connection.execute(sa.select(data_key.c.wrapped).where(data_key.c.id == SUBJECT)).scalar_one()
    used.apply(WithdrawConsent(SUBJECT), CORA)
    kept = stored(used, url, tmp_path)
    assert bytes(wrapped) not in kept
    told = backup(used, tmp_path / "b.hwb")
    opened = b"".join(_opened_lines(tmp_path / "b.hwb", backup_key(used.keys)))
    assert told.rows > 10
    assert base64.b64encode(bytes(wrapped)) not in opened
    with used.view() as view:
        for kind, id in (("person", "F1/C1"), ("profile", "F1/C1"), ("names", "F1/C1")):
            assert [h.value for h in view.history(kind, id)] == [None]
        assert [raw_file(view, id) for id in view.all("raw-file")] == [None]
        analysis = view.get("analysis", "a1")
        assert view.history("analysis", "a1")[0].value is None
        assert [h.value for h in view.history("report", "a1/en")] == [None]
        assert view.all("report") == {}
    assert not analysis.rerunnable
    assert not {"lineages", "haplotypes"} & json.loads(analysis.result).keys()
    assert [t for t in used.case().typings if t.sample == "F1/C1"] == []
    assert used.verify() == []


def test_who_withdrew_cannot_come_in_again(used: Record) -> None:
    used.apply(WithdrawConsent(SUBJECT), CORA)
    case = read_case(EXAMPLE)
    for change in (
        RecordConsent(SUBJECT, CONSENT),
        RecordPerson("F1/C1", PersonRecord(NAME)),
    ):
        with pytest.raises(Refusal) as refused:
            used.apply(change, CORA)
        assert {f.code for f in refused.value.faults} <= {"withdrawn", "state"}
    with pytest.raises(Refusal) as refused:
        take_in(used, case)
    assert [(f.code, f.sample) for f in refused.value.faults] == [("withdrawn", "F1/C1")]
    with pytest.raises(Refusal):
        used.apply(AddProfile("F1/C1", "sample,marker,allele1,allele2\nF1/C1,TH01,6,7\n"), GEN)


def test_a_result_that_shows_typings_loses_them(used: Record) -> None:
    """Haplotypes side by side are cut out when somebody whose data the result used withdraws; the rest stays."""
    with used.view() as view:
        kept = view.get("analysis", "a1")
    told = json.loads(kept.result) | {"lineages": [{"planted": "haplotype"}]}
    more = StoreAnalysis("a2", kept.digest, kept.revision, kept.seed, (), kept.version, json.dumps(told))
    used.apply(more, GEN)
    used.apply(WithdrawConsent(SUBJECT), CORA)
    with used.view() as view:
        left = view.get("analysis", "a2")
        assert [h.value is None for h in view.history("analysis", "a2")] == [True, False]
    assert "planted" not in left.result
    assert json.loads(left.result)["pairs"] == told["pairs"]


def test_somebody_in_two_files_withdraws_from_both(record: Record) -> None:
    """Equal ids join two families; his data under either id are his."""
    case = read_case(EXAMPLE)
    daughter = [
        Member("Sato_Mei", "pa", "ma", "female"),
        Member("pa", None, None, "male"),
        Member("ma", None, None, "female"),
    ]
    families = tuple(Family(id, Pedigree(daughter), ("pa",)) for id in ("A", "B"))
    samples = tuple(Sample(f"{id}/Sato_Mei", "person", f"{id}/Sato_Mei") for id in ("A", "B"))
    typings = tuple(Typing(s.id, "TH01", ("6", "7")) for s in samples)
    case = replace(case, families=families, samples=samples, typings=typings, remains=())
    take_in(record, case)
    record.apply(WithdrawConsent("person:A/Sato_Mei"), CORA)
    assert record.case().typings == ()
    assert record.verify() == []


def test_the_gzip_of_a_backup_is_locked(used: Record, tmp_path: Path) -> None:
    backup(used, tmp_path / "b.hwb")
    data = (tmp_path / "b.hwb").read_bytes()
    assert gzip.compress(b"")[:2] not in data[:12]
    assert b"homeward" not in data


def test_what_can_be_read_is_told_without_opening_it(used: Record) -> None:
    with used.view() as view:
        before = view.ids("profile")
        assert before == set(view.all("profile"))
        last = view.last_change(("profile",))
    used.apply(WithdrawConsent(SUBJECT), CORA)
    with used.view() as view:
        assert view.ids("profile") == before - {"F1/C1"}
        assert view.last_change(("profile",)) == last
        assert view.last_change(("consent",)) == used.revision
        assert view.last_change(("repatriation",)) == 0
