"""Reports in the workbench: who gets which, of what state, and nothing of anybody on a disk or in a name."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, PEOPLE, REY, take_in

from homeward.cli.report_command import verify
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.formats.letterhead import Letterhead
from homeward.record import SYSTEM, Record, create_record, open_record
from homeward.record.changes import (
    NotifyFamily,
    OpenAccount,
    ProposeCandidate,
    QueueAnalysis,
    RecordAgreement,
    RecordCustody,
    RecordTelling,
    ReviewCandidate,
    SignIdentification,
    WithdrawConsent,
)
from homeward.record.values import Agreement, Custody
from homeward.record.worker import work
from homeward.report.documents.from_record import subject_in
from homeward.report.words import Words
from homeward.web import create_app
from homeward.web.settings import Settings

ROOT = Path(__file__).parents[2]
CASE = read_case(ROOT / "docs" / "case-folder" / "valid" / "paternal-line")
ID = "V1~F1/M1"
Browser = Callable[[str], TestClient]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case that was analysed, with a candidate of the analysis, and everybody's password; copied for each test."""
    folder = tmp_path_factory.mktemp("record")
    record = create_record(f"sqlite:///{folder / 'case.db'}", folder / "case.keys")
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account.title(), tuple(sorted(actor.roles))), SYSTEM)
    take_in(record, CASE)
    record.apply(QueueAnalysis("a1", 1), GEN)
    assert work(record, once=True) == 1
    record.apply(ProposeCandidate("V1", "F1/M1", "a1"), GEN)
    record.engine.dispose()
    return folder


@pytest.fixture
def record(made: Path, tmp_path: Path) -> Iterator[Record]:
    folder = tmp_path / "record"
    shutil.copytree(made, folder)
    found = open_record(f"sqlite:///{folder / 'case.db'}", folder / "case.keys")
    yield found
    found.engine.dispose()


def sign(record: Record) -> None:
    record.apply(ReviewCandidate(ID, True, "typed twice"), REY)
    record.apply(SignIdentification(ID), REY)
    record.apply(SignIdentification(ID), CORA)


def get(client: TestClient, **asked: str) -> tuple[int, str]:
    told = client.get("/report", params=asked)
    return told.status_code, told.text


def pdf_text(content: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(content)).pages)


def test_every_role_gets_its_reports_and_no_others(record: Record, browser: Browser) -> None:
    sign(record)
    work_only = {"coordinator", "geneticist", "reviewer", "auditor"}
    for role in PEOPLE:
        client = browser(role)
        for kind, id, allowed in (
            ("identification", ID, work_only),
            ("letter", ID, work_only),
            ("bundle", ID, work_only),
            ("custody", "V1", work_only),
            ("status", "", {*PEOPLE}),
        ):
            status, text = get(client, kind=kind, id=id)
            if role in allowed:
                assert status == 200, (role, kind, text)
            else:
                assert status in (403, 404), (role, kind)
                assert "role" in text or "not-found" in text
    assert browser("").get("/report", params={"kind": "status"}, follow_redirects=False).status_code == 303


def test_a_liaison_gets_what_an_agreement_shares(record: Record, browser: Browser) -> None:
    record.apply(RecordAgreement("A1", Agreement("KR", "KR", (), ("V1",), ("lia",))), CORA)
    client = browser("liaison")
    assert get(client, kind="custody", id="V1")[0] == 200
    assert get(client, kind="custody", id="V2")[0] == 404
    assert "One item of remains was received" in get(client, kind="status")[1]


def test_a_report_of_what_was_signed(record: Record, browser: Browser) -> None:
    client = browser("geneticist")
    asked = {"kind": "identification", "id": ID}
    assert Words("ko")("doc.unsigned") in get(client, **asked, lang="ko")[1]
    sign(record)
    for language in ("en", "ja", "ko"):
        page = client.get("/report", params={**asked, "lang": language})
        assert "script-src" not in page.headers["content-security-policy"]
        assert Words(language)("doc.signed") in page.text
    told = client.get("/report", params={**asked, "form": "pdf", "lang": "ja"})
    assert told.headers["content-type"] == "application/pdf"
    assert told.headers["content-disposition"] == 'attachment; filename="identification.pdf"'
    text = pdf_text(told.content)
    assert "Rey" in text and "Cora" in text and record.today() in text


def test_a_letter_is_of_what_two_signed_and_of_what_the_family_wishes(record: Record, browser: Browser) -> None:
    client = browser("coordinator")
    assert get(client, kind="letter", id=ID)[0] == 403
    assert "kind=letter" not in client.get("/candidate", params={"id": ID}).text
    sign(record)
    assert "kind=letter" in client.get("/candidate", params={"id": ID}).text
    status, text = get(client, kind="letter", id=ID)
    assert status == 200 and "Rey and Cora" in text
    record.apply(RecordTelling("F1", "never"), CORA)
    status, text = get(client, kind="letter", id=ID)
    assert status == 403 and "not-to-be-told" in text
    record.apply(RecordTelling("F1", "once"), CORA)
    assert get(client, kind="letter", id=ID)[0] == 200
    record.apply(NotifyFamily(ID, "correction", "a visit"), CORA)
    status, text = get(client, kind="letter", id=ID)
    assert status == 403 and "told-once" in text
    record.apply(NotifyFamily(ID, "identification", "a visit"), CORA)
    assert get(client, kind="letter", id=ID)[0] == 200, "what was told may be written down again"


def test_custody_and_status_follow_the_record(record: Record, browser: Browser) -> None:
    record.apply(RecordCustody(Custody("V1", "2026-01-02", "divers", "police", "quay 4", "S-1")), CORA)
    client = browser("coordinator")
    told = client.get("/report", params={"kind": "custody", "id": "V1", "form": "pdf"})
    assert "police has the remains now" in pdf_text(told.content) and "S-1" in pdf_text(told.content)
    assert "kind=custody" in client.get("/remains/one", params={"id": "V1"}).text
    board = client.get("/").text
    assert "kind=status" in board
    status = get(client, kind="status")[1]
    assert "2 items of remains were received: 0 identified" in status
    sign(record)
    assert "1 identified" in get(client, kind="status")[1]


def test_a_bundle_of_a_record_is_computed_again(record: Record, browser: Browser, tmp_path: Path) -> None:
    told = browser("geneticist").get("/report", params={"kind": "bundle", "id": ID})
    assert told.headers["content-type"] == "application/zip"
    file = tmp_path / "review.zip"
    file.write_bytes(told.content)
    verify(file, None, quiet=True)


def test_what_a_withdrawal_takes_away(record: Record, browser: Browser) -> None:
    client = browser("coordinator")
    record.apply(WithdrawConsent("person:F1/N1"), CORA)
    status, text = get(client, kind="identification", id=ID)
    assert status == 403 and "not-rerunnable" in text


def test_a_candidate_without_an_analysis_has_no_report(tmp_path: Path) -> None:
    record = create_record(f"sqlite:///{tmp_path / 'case.db'}", tmp_path / "case.keys")
    take_in(record, CASE)
    record.apply(ProposeCandidate("V1", "F1/M1", basis="a later fragment"), GEN)
    with pytest.raises(Refusal) as refusal:
        subject_in(record, GEN, ID)
    record.engine.dispose()
    assert [f.code for f in refusal.value.faults] == ["no-analysis"]


def test_nothing_is_written_to_a_disk(
    record: Record, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = browser("geneticist")
    monkeypatch.setattr(tempfile, "mkstemp", lambda *a, **k: pytest.fail("a temporary file"))
    monkeypatch.setattr(tempfile, "mkdtemp", lambda *a, **k: pytest.fail("a temporary folder"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))
    for form in ("html", "pdf"):
        assert get(client, kind="identification", id=ID, form=form)[0] == 200


def test_the_letterhead_of_the_server(record: Record, browser: Browser) -> None:
    client = browser("geneticist")
    app = create_app(record, Settings(letterhead=Letterhead("Institute <of> the North", contact="a telephone")))
    other = TestClient(app, base_url="http://127.0.0.1:8742", cookies=client.cookies)
    text = get(other, kind="status")[1]
    assert "Institute &lt;of&gt; the North" in text and "a telephone" in text
