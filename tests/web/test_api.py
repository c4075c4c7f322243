"""Every role at every route gets what the door and the table of readers say."""

from __future__ import annotations

import base64
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import TypeAdapter
from states import EXAMPLES, states_of, targeting, with_state
from validation.record.people import CONSENT, CORA, GEN, PEOPLE, take_in

from homeward.case import Case, Doubt, ListedPerson, Span
from homeward.formats import read_case
from homeward.record import CHANGES, Record
from homeward.record.changes import (
    ProposeCandidate,
    RawInput,
    RecordAgreement,
    ReviewCandidate,
    WithdrawConsent,
    candidate_id,
)
from homeward.record.reading import READERS
from homeward.record.values import Agreement
from homeward.web import create_app, guard
from homeward.web.api.changes import NOT_OVER_HTTP

ROOT = Path(__file__).parents[2]
CASE = read_case(ROOT / "demo" / "chosei")
JSON = {"content-type": "application/json"}
Browser = Callable[[str], TestClient]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_every_change_has_a_route_and_every_role_gets_what_the_door_says(
    record: Record, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert set(EXAMPLES) == set(CHANGES)
    clients = {role: browser(role) for role in PEOPLE} | {"": browser("")}
    for code in CHANGES.keys() - NOT_OVER_HTTP:
        kind = CHANGES[code]
        monkeypatch.setattr(kind, "carry_out", lambda self, draft: None)
        state = next(iter(sorted(kind.states)), "absent")
        change = targeting(code, with_state(record, kind.target, state))
        body = TypeAdapter(kind).dump_json(change)
        for role, client in clients.items():
            told = client.post(f"/api/changes/{code}", content=body, headers=JSON)
            expected = 401 if not role else 200 if role in kind.roles else 403
            assert told.status_code == expected, (code, role, told.text[:300])
        for other in [s for s in states_of(kind.target) if kind.target and s not in kind.states][:1]:
            body = TypeAdapter(kind).dump_json(targeting(code, with_state(record, kind.target, other)))
            role = next(r for r in PEOPLE if r in kind.roles)
            told = clients[role].post(f"/api/changes/{code}", content=body, headers=JSON)
            assert told.status_code == 409, (code, other)


def test_every_role_reads_what_the_table_says(record: Record, browser: Browser) -> None:
    take_in(record, CASE)
    for role in PEOPLE:
        client = browser(role)
        for kind, readers in READERS.items():
            told = client.get(f"/api/things/{kind}")
            assert told.status_code == (404 if not readers else 200 if role in readers else 403), (role, kind)
        assert client.get("/api/audit/verify").status_code == (
            200 if role in ("auditor", "coordinator", "administrator") else 403
        )
        assert client.get("/api/jobs").status_code == (403 if role == "liaison" else 200)
    nobody = browser("")
    assert {nobody.get(f"/api/things/{k}").status_code for k, readers in READERS.items() if readers} == {401}


def test_an_administrator_sees_no_genotypes_and_no_names_of_the_living() -> None:
    from homeward.record.values import KINDS

    assert not [k for k, kind in KINDS.items() if kind.genotypes and "administrator" in READERS[k]]
    assert not {"person", "names", "consent"} & {k for k, roles in READERS.items() if "administrator" in roles}
    assert not [k for k, kind in KINDS.items() if kind.genotypes and "liaison" in READERS[k]]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_liaison_sees_what_an_agreement_shares(record: Record, browser: Browser) -> None:
    take_in(record, CASE)
    client = browser("liaison")
    assert client.get("/api/things/family").json()["things"] == []
    families, remains = (CASE.families[0].id, CASE.families[3].id), (CASE.remains[2].id,)
    record.apply(RecordAgreement("A1", Agreement("Korea", "KR", families, remains, ("lia",))), CORA)
    assert [t["id"] for t in client.get("/api/things/family").json()["things"]] == list(families)
    assert [t["id"] for t in client.get("/api/things/remains").json()["things"]] == list(remains)
    samples = [t["id"] for t in client.get("/api/things/sample").json()["things"]]
    assert samples == [s.id for s in CASE.samples if s.source in remains]
    assert client.get("/api/things/family/history", params={"id": CASE.families[1].id}).status_code == 404
    assert client.get("/api/things/family/history", params={"id": families[0]}).status_code == 200
    sample = next(s for s in CASE.samples if s.source in remains).id
    missing = f"{families[0]}/{CASE.families[0].missing[0]}"
    record.apply(ProposeCandidate(sample, missing, basis="planted basis"), GEN)
    id = candidate_id(sample, missing)
    record.apply(ReviewCandidate(id, True, "planted reason"), PEOPLE["reviewer"])
    for told in (client.get("/api/things/candidate"), client.get("/api/things/candidate/history", params={"id": id})):
        assert id in told.text and "planted reason" not in told.text
    counted = client.get("/api/summary").json()
    assert (counted["funnel"]["received"], counted["funnel"]["reviewed"], counted["counts"]["family"]) == (1, 1, 2)
    over = Agreement("Korea", "KR", families, remains, ("lia",), until="2026-01-01")
    record.apply(RecordAgreement("A1", over), CORA)
    assert client.get("/api/things/family").json()["things"] == []


def test_pages_follow_each_other(record: Record, browser: Browser) -> None:
    take_in(record, CASE)
    client = browser("geneticist")
    seen: list[str] = []
    after = None
    while True:
        page = client.get("/api/things/family", params={"limit": 30} | ({"after": after} if after else {})).json()
        seen += [t["id"] for t in page["things"]]
        after = page["after"]
        if after is None:
            break
    assert seen == [f.id for f in CASE.families]


def test_an_import_over_http(record: Record, browser: Browser) -> None:
    client = browser("coordinator")
    case = TypeAdapter(type(CASE)).dump_python(CASE, mode="json")
    seen = client.post("/api/preview/import-case", json=case).json()
    assert len(seen["steps"]) > 400
    consent = TypeAdapter(type(CONSENT)).dump_python(CONSENT, mode="json")
    from homeward.record.consent import typed_living

    body = {"case": case, "preview": seen["digest"], "consents": dict.fromkeys(typed_living(CASE), consent)}
    told = client.post("/api/changes/import-case", json=body)
    assert told.status_code == 200, told.text[:500]
    assert record.case().digest == CASE.digest
    again = client.post("/api/changes/import-case", json=body)
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda c: {"typings": (replace(c.typings[0], sample="nowhere"),)}, "unknown-sample"),
        (lambda c: {"remains": (c.remains[0], c.remains[0])}, "duplicate-id"),
        (lambda c: {"families": (c.families[0], c.families[0])}, "duplicate-id"),
        (lambda c: {"families": (replace(c.families[0], missing=("nobody",)),)}, "unknown-person"),
        (lambda c: {"families": (replace(c.families[0], doubts=(Doubt("x", None, None, 0.1),)),)}, "unknown-person"),
    ],
)
def test_a_case_that_no_folder_could_hold(
    browser: Browser, change: Callable[[Case], dict[str, object]], code: str
) -> None:
    client = browser("coordinator")
    case = TypeAdapter(Case).dump_python(replace(CASE, **change(CASE)), mode="json")
    for told in (
        client.post("/api/preview/import-case", json=case),
        client.post("/api/changes/import-case", json={"case": case, "preview": "0"}),
    ):
        assert (told.status_code, told.json()["faults"][0]["code"]) == (422, code)


def test_a_raw_file_that_is_no_base64(browser: Browser) -> None:
    case = TypeAdapter(Case).dump_python(Case("x"), mode="json")
    raw = [{"path": "profiles.csv", "content": "no base64!"}]
    told = browser("coordinator").post("/api/changes/import-case", json={"case": case, "preview": "0", "raw": raw})
    assert (told.status_code, told.json()["faults"][0]["code"]) == (422, "bad-value")


def test_a_field_that_nobody_reads_is_refused(browser: Browser) -> None:
    body = {"remains": {"id": "R1", "elemment": "femur_left"}}
    told = browser("coordinator").post("/api/changes/register-remains", json=body)
    fault = told.json()["faults"][0]
    assert (told.status_code, fault["code"], fault["column"]) == (422, "unknown-field", "remains.elemment")


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("id", ["", "x" * 300, "a\0b"])
def test_an_id_that_no_database_holds(browser: Browser, id: str) -> None:
    told = browser("coordinator").post("/api/changes/register-remains", json={"remains": {"id": id}})
    assert told.status_code == 422
    asked = browser("geneticist").get("/api/things/remains/history", params={"id": id or "none"})
    assert asked.status_code in (404, 422)


def test_a_large_body_is_refused(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether its length was said before or not."""
    client = browser("coordinator")
    monkeypatch.setattr(guard, "LARGEST", 1000)
    body = b'{"remains": {"id": "' + b"x" * 1000 + b'"}}'
    for content in (body, iter([body[:500], body[500:]])):
        told = client.post("/api/changes/register-remains", content=content, headers=JSON)
        assert (told.status_code, told.json()["faults"][0]["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/api/nothing", None, 404, "not-found"),
        ("PUT", "/api/session", None, 405, "bad-request"),
        ("POST", "/api/changes/register-remains", {"remains": {"sex": "male"}}, 422, "bad-request"),
        ("POST", "/api/changes/register-remains", {"remains": {"id": "R1", "element": "wing"}}, 422, "unknown-word"),
        (
            "POST",
            "/api/changes/register-family",
            {"id": "F", "pedigree": {"members": [{"id": "a", "father": "b"}]}, "missing": []},
            422,
            "one-parent",
        ),
    ],
)
def test_what_is_wrong_is_told_as_faults(
    browser: Browser, method: str, path: str, body: object, status: int, code: str
) -> None:
    told = browser("coordinator").request(method, path, json=body)
    assert (told.status_code, told.json()["faults"][0]["code"]) == (status, code)


def test_a_defect_tells_nothing_of_what_was_computed(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(self: object, draft: object) -> None:
        raise ValueError("planted genotype 13,14 of Planted Name")

    monkeypatch.setattr(CHANGES["register-remains"], "carry_out", broken)
    with caplog.at_level(logging.DEBUG):
        told = browser("coordinator").post("/api/changes/register-remains", json={"remains": {"id": "R1"}})
    assert (told.status_code, told.json()["faults"][0]["code"]) == (500, "defect")
    ours = " ".join(r.getMessage() for r in caplog.records if r.name.startswith("homeward"))
    assert "ValueError" in ours and "record/door.py" in ours
    assert "planted" not in (told.text + ours).lower()


def test_every_route_is_documented(record: Record) -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for path in create_app(record).openapi()["paths"]:
        shown = path
        for kind in READERS:
            if path.startswith(f"/api/things/{kind}") and path.removeprefix(f"/api/things/{kind}") in ("", "/history"):
                shown = path.replace(kind, "KIND", 1)
        if path.startswith("/api/changes/"):
            shown = "/api/changes/CODE"
        assert f"`{shown}`" in text or f" {shown}`" in text, path


def test_a_name_is_asked_for_in_the_body(record: Record, browser: Browser) -> None:
    person = ListedPerson("L-1", name="金本永浩", born=Span(1910, 1910))
    longer = replace(CASE.settings, incident=replace(CASE.settings.incident, size=184))
    take_in(record, replace(CASE, listed=(*CASE.listed, person), settings=longer))
    asked = {"forms": ["김영호"], "born_from": 1908, "born_to": 1912}
    told = browser("coordinator").post("/api/names", json=asked)
    assert told.status_code == 200, told.text
    assert told.json()[0]["id"] == "L-1"
    assert "imposed-derivation" in [r["code"] for r in told.json()[0]["reasons"]]
    for role in ("liaison", "administrator"):
        assert browser(role).post("/api/names", json=asked).status_code == 403
    assert browser("").post("/api/names", json=asked).status_code == 401


def test_a_file_is_there_as_it_came_until_somebody_in_it_withdraws(record: Record, browser: Browser) -> None:
    content = "family,person\n가,나\n".encode()
    take_in(record, CASE, raw=(RawInput("pedigrees.csv", base64.b64encode(content).decode()),))
    client = browser("geneticist")
    (file,) = client.get("/api/things/raw-file").json()["things"]
    asked = {"params": {"id": file["id"]}}
    assert client.get("/api/things/raw-file/content", **asked).content == content
    assert browser("administrator").get("/api/things/raw-file/content", **asked).status_code == 403
    record.apply(WithdrawConsent(file["value"]["subjects"][0]), CORA)
    assert client.get("/api/things/raw-file/content", **asked).status_code == 404
