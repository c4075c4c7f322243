"""The workbench: every page for every role, the whole path by its forms, and nothing that slips in as markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, PEOPLE, take_in

from homeward.formats import FORMATS, read_case
from homeward.record import Record
from homeward.record.changes import (
    AddPasskey,
    ProposeCandidate,
    RecordAgreement,
    ReviewCandidate,
    SignIdentification,
)
from homeward.record.reading import may_read
from homeward.record.values import Agreement
from homeward.record.worker import work
from homeward.report.english_formats import ENGLISH_FORMATS
from homeward.report.stored import reports_of
from homeward.web.pages.frame import PLACES

ROOT = Path(__file__).parents[2]
EXAMPLE = read_case(ROOT / "docs" / "case-folder" / "valid" / "example")
CHOSEI = read_case(ROOT / "demo" / "chosei")
Browser = Callable[[str], TestClient]


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Pages only read and build changes: what differs between databases is tested below them."""
    return f"sqlite:///{tmp_path / 'case.db'}"


def form(client: TestClient, page: str) -> str:
    """The token that the forms of a page carry."""
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def test_every_role_sees_its_pages_and_no_others(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    for role, actor in PEOPLE.items():
        client = browser(role)
        menu = client.get("/").text if role != "liaison" else client.get("/remains").text
        for place in PLACES:
            allowed = may_read(actor, place.kind)
            if place.kind == "audit":
                assert allowed is (role in ("auditor", "coordinator", "administrator"))
            shown = client.get(place.path)
            assert (f'href="{place.path}"' in menu) is allowed, (role, place.path)
            if place.kind in ("analysis", "consent", "audit", "job", "profile"):
                assert shown.status_code == (200 if allowed else 403), (role, place.path)
            else:
                assert shown.status_code == 200


def test_who_is_not_in_is_led_to_the_door(browser: Browser) -> None:
    client = browser("")
    for path in ("/", "/remains", "/candidate?id=x", "/people"):
        told = client.get(path, follow_redirects=False)
        assert (told.status_code, told.headers["location"]) == (303, "/log-in")
    told = client.post("/log-in", data={"account": "cora", "password": "wrong horse battery"})
    assert told.status_code == 401
    assert "bad-log-in" in told.text and 'value="cora"' in told.text
    told = client.post("/log-in", data={"account": "cora", "password": "correct horse battery"})
    assert told.status_code == 200 and "What needs a person now?" in told.text


def test_from_the_analysis_to_the_family_by_forms(record: Record, browser: Browser) -> None:
    take_in(record, CHOSEI)
    gen, rey, cora = browser("geneticist"), browser("reviewer"), browser("coordinator")
    assert "The case has not been analysed yet" in gen.get("/").text
    gen.post("/analyses", data={"csrf": form(gen, "/analyses"), "action": "ask", "seed": "1", "deep": "yes"})
    assert 'http-equiv="refresh"' in gen.get("/analyses").text
    assert work(record, once=True, write=reports_of) == 1
    page = gen.get("/analyses").text
    assert 'http-equiv="refresh"' not in page
    with record.view() as view:
        assert view.get("analysis", _analysis(record)).overrides == ("run.stress=deep", "run.seed=1")
    assert "4 names above the threshold are not candidates yet." in page
    gen.post("/analyses", data={"csrf": form(gen, "/analyses"), "action": "propose", "id": _analysis(record)})
    with record.view() as view:
        ids = list(view.all("candidate"))
    assert len(ids) == 4
    id = ids[0]

    def does(client: TestClient, action: str, **more: str) -> str:
        data = {"csrf": form(client, "/"), "id": id, "action": action, **more}
        return client.post("/candidate", data=data).text

    assert "own-work" in does(gen, "review", reasons="mine")
    assert "Done: change" in does(rey, "review", reasons="typed twice")
    assert "Done: change" in does(rey, "sign")
    assert "same-signer" in does(rey, "sign")
    assert "Done: change" in does(cora, "sign")
    assert "The family of" in cora.get("/").text
    assert "Done: change" in does(cora, "notify", means="a visit")
    assert "Done: change" in does(cora, "return", receiver="the son", place="Busan")
    with record.view() as view:
        assert view.get("candidate", id).state == "returned"
    assert "since change" in gen.get("/candidate", params={"id": id}).text
    report = gen.get("/analyses/report", params={"id": _analysis(record), "language": "en"})
    assert "Who could the remains be?" in report.text
    assert "script-src" not in report.headers["content-security-policy"]
    assert record.verify() == []


def _analysis(record: Record) -> str:
    with record.view() as view:
        return next(iter(view.all("analysis")))


def test_a_withdrawal_asks_for_the_id(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    cora = browser("coordinator")
    token = form(cora, "/people")
    asked = cora.get("/people", params={"withdraw": "person:F1/C1"}).text
    assert "This cannot be undone." in asked
    cora.post("/people/withdraw", data={"csrf": token, "id": "person:F1/C1", "typed": "F1/C2"})
    assert len(record.case().typings) == len(EXAMPLE.typings)
    told = cora.post("/people/withdraw", data={"csrf": token, "id": "person:F1/C1", "typed": "F1/C1"}).text
    assert "withdrew on" in told
    assert len(record.case().typings) < len(EXAMPLE.typings)


@pytest.mark.parametrize("path", ["/candidate", "/analyses", "/people/withdraw", "/log-out"])
def test_a_form_of_another_site_does_nothing(record: Record, browser: Browser, path: str) -> None:
    take_in(record, EXAMPLE)
    before = record.revision
    data = {"id": "person:F1/C1", "typed": "F1/C1", "action": "ask", "csrf": "guessed"}
    told = browser("coordinator").post(path, data=data)
    assert told.status_code == 403 and "csrf" in told.text
    assert record.revision == before


def test_what_people_write_is_text(record: Record, browser: Browser) -> None:
    """Ids, reasons and names of tags and quotation marks stay what they are."""
    evil = "<script>alert('x')</script>\"><img src=x onerror=alert(1)>"
    remains = replace(EXAMPLE.remains[0], place=evil)
    case = replace(EXAMPLE, name=evil, remains=(remains, *EXAMPLE.remains[1:]))
    take_in(record, case)
    record.apply(ProposeCandidate("V1", "F1/M1", basis=evil), GEN)
    client = browser("geneticist")
    for path in (
        "/",
        "/remains",
        "/remains/one?id=V1",
        "/candidates",
        "/candidate?id=V1~F1/M1",
        f"/candidate?id={evil}",
    ):
        text = client.get(path).text
        assert "<script" not in text and "<img" not in text, path
    told = client.get("/")
    assert "script-src 'self'" in told.headers["content-security-policy"]
    assert "unsafe-inline" not in told.headers["content-security-policy"].replace("style-src-attr 'unsafe-inline'", "")


def test_a_liaison_sees_only_what_is_shared(record: Record, browser: Browser) -> None:
    take_in(record, CHOSEI)
    record.apply(ProposeCandidate("R-01", "F001/M-001", basis="x"), GEN)
    client = browser("liaison")
    assert "F001" not in client.get("/families").text
    assert client.get("/families/one", params={"id": "F001"}).status_code == 404
    shared = Agreement("Korea", "KR", ("F001",), ("R-01",), ("lia",))
    record.apply(RecordAgreement("A", shared), CORA)
    assert "F001" in client.get("/families").text and "F002" not in client.get("/families").text
    one = client.get("/families/one", params={"id": "F001"})
    assert one.status_code == 200 and "child-001" in one.text
    assert client.get("/candidate", params={"id": "R-01~F001/M-001"}).status_code == 200
    assert client.get("/candidate", params={"id": "R-02~F016/M-016"}).status_code == 404


def test_nothing_comes_from_elsewhere(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    client = browser("coordinator")
    for place in PLACES:
        text = client.get(place.path).text
        assert re.findall(r"""(?:src|action|href)=["'](?:https?:)?//[^"']+""", text) == []
    assert client.get("/static/workbench.css").status_code == 200
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/app.py").status_code == 404


def test_an_account_with_a_passkey_shows_it_next(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    record.apply(AddPasskey("cora", "a-key", "AAAA"), CORA)
    client = browser("")
    told = client.post("/log-in", data={"account": "cora", "password": "correct horse battery"})
    assert told.url.path == "/log-in/passkey"
    assert 'data-passkey="get"' in told.text and '<script src="/static/passkey.js"' in told.text
    for path in ("/", "/people", "/account"):
        assert client.get(path, follow_redirects=False).headers["location"] == "/log-in/passkey"
    assert client.get("/static/passkey.js").headers["content-type"].startswith("text/javascript")


def test_a_recovery_code_lets_in_once(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    cora = browser("coordinator")
    shown = cora.post("/account/codes", data={"csrf": form(cora, "/account")}).text
    code = re.findall(r"<li><code>([a-z0-9-]+)</code></li>", shown)[0]
    record.apply(AddPasskey("cora", "a-key", "AAAA"), CORA)
    client = browser("")
    told = client.post("/log-in/code", data={"account": "cora", "code": code})
    assert (told.url.path, told.status_code) == ("/account", 200)
    again = browser("").post("/log-in/code", data={"account": "cora", "code": code})
    assert again.status_code == 401 and "bad-log-in" in again.text


def test_the_wish_of_a_family_stands_where_it_is_told(record: Record, browser: Browser) -> None:
    """Who tells a family sees what it wishes, is warned where nobody asked, and records it by a form."""
    take_in(record, EXAMPLE)
    with record.view() as view:
        family, file = next((id, h.value) for id, h in view.all("family").items())
        sample = next(id for id, h in view.all("sample").items() if h.value.of == "remains")
    record.apply(ProposeCandidate(sample, f"{family}/{file.missing[0]}", basis="papers"), GEN)
    with record.view() as view:
        id = next(iter(view.all("candidate")))
    record.apply(ReviewCandidate(id, True, "sound"), PEOPLE["reviewer"])
    record.apply(SignIdentification(id), PEOPLE["reviewer"])
    record.apply(SignIdentification(id), CORA)
    cora = browser("coordinator")
    shown = cora.get("/candidate", params={"id": id}).text
    assert "To be told: not asked yet" in shown and "Ask the family before telling them" in shown
    assert f'href="/families/one?id={family}#wish"' in shown
    data = {"csrf": form(cora, "/"), "id": family}
    told = cora.post("/families/one", data=data | {"wish": "every-time"}).text
    assert "Done: change" in told and 'value="every-time" required checked' in told
    shown = cora.get("/candidate", params={"id": id}).text
    assert "To be told: every time" in shown and "Ask the family before" not in shown
    assert "unknown-word" in cora.post("/families/one", data=data | {"wish": "perhaps"}).text
    gen = browser("geneticist")
    assert 'name="wish"' not in gen.get("/families/one", params={"id": family}).text
    refused = gen.post("/families/one", data=data | {"csrf": form(gen, "/import"), "wish": "never"})
    assert refused.status_code == 403
    with record.view() as view:
        assert view.get("telling", family).wish == "every-time"


def test_a_handover_is_entered_where_the_way_of_the_remains_is_shown(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    with record.view() as view:
        id = next(iter(view.all("remains")))
    gen = browser("geneticist")
    assert '<details id="hand-over" open>' in gen.get("/remains/one", params={"id": id}).text
    data = {"csrf": form(gen, "/import"), "id": id, "date": "2026-01-05", "giver": "Divers"}
    told = gen.post("/remains/one", data=data | {"receiver": "Police", "place": "Ube", "seal": "S-1"}).text
    assert "Done: change" in told and "Since 2026-01-05 with Police, Ube." in told and "seal S-1" in told
    assert 'name="giver" value="Police"' in told, "who had them last gives them next"
    gap = gen.post("/remains/one", data=data | {"receiver": "Museum", "place": "Ube"})
    assert gap.status_code >= 400 and "custody-gap" in gap.text
    reader = browser("reviewer")
    assert "hand-over" not in reader.get("/remains/one", params={"id": id}).text
    with record.view() as view:
        assert [h.value.receiver for h in view.all("custody", f"remains:{id}").values()] == ["Police"]


@pytest.mark.parametrize("language", ["ja", "ko"])
def test_no_english_is_left_in_the_list_of_formats(record: Record, browser: Browser, language: str) -> None:
    assert {f"format.{f.code}": f.name for f in FORMATS.values()} == ENGLISH_FORMATS
    shown = browser("geneticist").get("/import", params={"lang": language}).text
    assert not [f.name for f in FORMATS.values() if f">{f.name}<" in shown]
    assert "Homeward" in shown and "Familias 3" in shown


def test_the_board_leads_to_an_import_for_who_may(record: Record, browser: Browser) -> None:
    take_in(record, EXAMPLE)
    for role in ("coordinator", "geneticist", "reviewer"):
        assert ('href="/import"' in browser(role).get("/").text) is (role != "reviewer")


def test_a_page_that_is_not_there_leads_to_the_board(browser: Callable[[str], TestClient]) -> None:
    told = browser("coordinator").get("/nothing-here")
    assert told.status_code == 404 and "openapi" not in told.text and '<p><a href="/">Board</a></p>' in told.text
