"""Genotypes and names that are sent never stand in a log, a URL, a trace or a temporary file."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from validation.record.people import CONSENT

from homeward.formats import files
from homeward.record import CHANGES, Record

Browser = Callable[[str], TestClient]
NAME, GENOTYPE, SECRET = "Plantedname", "17.3,28.4", "planted password 5"
PLANTED = (NAME, GENOTYPE, "17.3", "28.4", SECRET)
FAMILY = {
    "id": "F9",
    "pedigree": {"members": [{"id": "man", "sex": "male"}, {"id": "wife", "sex": "female"}]},
    "missing": ["man"],
}
TABLE = f"sample,marker,allele1,allele2\nS9,D21S11,{GENOTYPE}\n"
CONSENTED = {
    "purposes": list(CONSENT.purposes),
    "countries": list(CONSENT.countries),
    "since": CONSENT.since,
}
# each with the status that it must end in, so that every way through is gone
REQUESTS: list[tuple[str, Any, int]] = [
    ("register-family", FAMILY, 200),
    ("record-consent", {"subject": "person:F9/wife", "consent": CONSENTED}, 200),
    ("record-names", {"id": "F9/wife", "names": {"forms": [{"script": "romanised", "text": NAME}]}}, 200),
    ("record-person", {"id": "F9/wife", "record": {"name": NAME}}, 200),
    ("take-sample", {"sample": {"id": "S9", "of": "person", "source": "F9/wife"}}, 200),
    ("add-profile", {"sample": "S9", "table": TABLE}, 200),
    ("add-profile", {"sample": "S9", "table": TABLE}, 409),
    ("correct-profile", {"sample": "S9", "table": TABLE.replace("28.4", "28.4x"), "reason": NAME}, 422),
    ("record-names", {"id": "F9/wife", "names": {"forms": [{"script": NAME, "text": NAME}]}}, 422),
    ("record-names", {"id": "F9/wife", NAME: GENOTYPE, "names": {"forms": []}}, 422),
    ("record-person", {"id": "F9/wife", "record": {"name": f"{NAME}\0"}}, 422),
    ("record-consent", {"subject": f"person:F9/{NAME}", "consent": CONSENTED}, 200),
]


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Everything that any part of the program says, and writes into the folder of temporary files."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="homeward.access")

    def all_of_it() -> str:
        handler = logging.Formatter("%(name)s %(message)s")
        said = [handler.format(record) for record in caplog.records]  # traces of exceptions too
        return "\n".join(said) + "".join(f.read_text("utf-8", "replace") for f in place.rglob("*") if f.is_file())

    return all_of_it


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_nothing_of_it_is_told(
    record: Record,
    browser: Browser,
    heard: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    coordinator, geneticist = browser("coordinator"), browser("geneticist")
    for code, body, status in REQUESTS:
        client = coordinator if "coordinator" in CHANGES[code].roles else geneticist
        told = client.post(f"/api/changes/{code}", json=body)
        assert told.status_code == status, (code, told.text)
        assert not any(planted in str(told.url) for planted in PLANTED)
    answer = geneticist.get("/api/things/profile")
    assert GENOTYPE.partition(",")[0] in answer.text, "who may read it does"
    browser("").post("/api/session", json={"account": NAME, "password": SECRET})
    geneticist.post("/api/changes/add-profile", content=f'{{"table": "{GENOTYPE}', headers={"content-type": "x/json"})
    _break(monkeypatch)
    for path in ("record-effect", "register-remains"):
        body = {"id": "E1", "effect": {"description": NAME}} if path == "record-effect" else {"remains": {"id": "R9"}}
        assert coordinator.post(f"/api/changes/{path}", json=body).status_code == 500
    said = heard() + "".join(capfd.readouterr())
    assert "homeward.access" in said and "homeward.defects" in said, "the log was listened to"
    assert [planted for planted in PLANTED if planted in said] == []


def test_nothing_of_a_file_that_is_sent_is_told(
    record: Record,
    browser: Browser,
    heard: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Neither of one that comes in, of one that is refused, nor of one at which a defect of ours shows."""
    client = browser("geneticist")
    rows = f"Sample Name\tMarker\tAllele 1\tAllele 2\t{NAME}\nR-9\tD21S11\t17.3\t28.4\t{NAME * 20}\n"
    table = rows + "".join(f"R-{i}\tD21S11\t17.3\t28.4\t{NAME * 90}\n" for i in range(10, 1500))
    assert len(table) > 1 << 20, "more than the framework would keep in memory"
    for content, status in ((table, 200), (rows.replace("28.4", "28.4x"), 422), (NAME, 422)):
        told = client.post(
            "/import",
            data={"csrf": client.headers["X-CSRF-Token"], "action": "look"},
            files=[("file", (f"{NAME}.txt", content.encode()))],
        )
        assert told.status_code == status and not any(planted in str(told.url) for planted in PLANTED)

    def broken(opened: Any) -> None:
        raise ValueError(f"{opened.text} {GENOTYPE}")

    monkeypatch.setattr(files, "_content", broken)
    sent = [("file", (f"{NAME}.txt", rows.encode()))]
    assert client.post("/import", data={"csrf": client.headers["X-CSRF-Token"]}, files=sent).status_code == 500
    said = heard() + "".join(capfd.readouterr())
    assert "homeward.defects" in said
    assert [planted for planted in PLANTED if planted in said] == []


def _break(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two defects whose messages hold what was sent: one raised by us, one by the database."""

    def ours(self: Any, draft: Any) -> None:
        try:
            raise KeyError(self.effect.description)
        except KeyError as error:
            raise ValueError(f"{self.effect.description} is {GENOTYPE}") from error

    def the_databases(self: Any, draft: Any) -> None:
        import sqlalchemy as sa

        draft.now.connection.execute(sa.text("INSERT INTO nowhere VALUES (:a)"), {"a": f"{NAME} {GENOTYPE}"})

    monkeypatch.setattr(CHANGES["record-effect"], "carry_out", ours)
    monkeypatch.setattr(CHANGES["register-remains"], "carry_out", the_databases)
