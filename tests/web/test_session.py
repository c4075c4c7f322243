"""Coming in: passwords, cookies, limits, tokens, and what ends a session."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, PEOPLE

from homeward.faults import Refusal
from homeward.record import SYSTEM, Actor, Record
from homeward.record.access import (
    IDLE,
    LONGEST,
    allow,
    fits,
    hashed,
    issue_token,
    log_in,
    password_faults,
    passwords,
    session_of,
    sessions,
)
from homeward.record.changes import IssueToken, SetPassword, SetRoles, ShutAccount
from homeward.record.database import session
from homeward.web import Settings, create_app

BOTH = pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
Browser = Callable[[str], TestClient]
PASSWORD = "correct horse battery"
ADAM = PEOPLE["administrator"]


def codes(told: object) -> list[str]:
    return [f["code"] for f in told.json()["faults"]]  # type: ignore[attr-defined]


def test_a_password_is_kept_as_argon2id_and_nothing_else(record: Record, kept: str) -> None:
    assert kept.startswith("$argon2id$")
    assert fits(kept, PASSWORD) and not fits(kept, PASSWORD + "x") and not fits(None, PASSWORD)
    assert not fits("no hash at all", PASSWORD)


@pytest.mark.parametrize("bad", ["short", "aaaaaaaaaaaaaaaa", "my name is cora, yes", "x" * 2000])
def test_weak_passwords(bad: str) -> None:
    assert [f.code for f in password_faults("cora", bad)] == ["weak-password"]


def test_an_unknown_account_and_a_wrong_password_are_told_alike(browser: Browser) -> None:
    client = browser("")
    unknown = client.post("/api/session", json={"account": "nobody", "password": PASSWORD})
    wrong = client.post("/api/session", json={"account": "cora", "password": "wrong horse battery"})
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()


def test_who_is_not_there_takes_as_long(monkeypatch: pytest.MonkeyPatch, record: Record) -> None:
    """For an unknown account, a shut one and one without a password the same work is done."""
    done: list[str] = []
    verify = passwords._hasher().verify
    watched = SimpleNamespace(
        hash=passwords._hasher().hash, verify=lambda kept, shown: done.append(kept) or verify(kept, shown)
    )
    monkeypatch.setattr(passwords, "_hasher", lambda: watched)
    record.apply(ShutAccount("rey"), ADAM)
    for account in ("nobody", "rey", "cora"):
        with pytest.raises(Refusal):
            log_in(record, account, PASSWORD, "here")
    assert len(done) == 3


@pytest.mark.parametrize("kept", ["$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ$aGFzaA", "$argon2id$x"])
def test_a_hash_that_costs_too_much_is_no_hash(kept: str) -> None:
    started = time.perf_counter()
    assert not fits(kept, PASSWORD)
    assert time.perf_counter() - started < 1


def test_the_cookie_is_out_of_reach(browser: Browser) -> None:
    client = browser("")
    told = client.post("/api/session", json={"account": "cora", "password": PASSWORD})
    cookie = told.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie
    secret = client.cookies["homeward"]
    assert secret not in told.text


def test_nobody_is_put_into_anothers_session(browser: Browser) -> None:
    """Whatever secret a browser comes with, it leaves with a new one, and the old one is void."""
    client = browser("coordinator")
    before = client.cookies["homeward"]
    client.post("/api/session", json={"account": "gen", "password": PASSWORD})
    assert client.cookies["homeward"] != before
    planted = browser("")
    planted.cookies.set("homeward", before)
    assert codes(planted.get("/api/session")) == ["no-session"]


@BOTH
def test_a_session_ends(record: Record, browser: Browser, kept: str) -> None:
    client = browser("coordinator")
    assert client.get("/api/session").json()["roles"] == ["coordinator"]
    assert client.post("/api/session/end").status_code == 204
    assert client.get("/api/session").status_code == 401
    for change in (
        lambda: record.apply(SetRoles("cora", ("reviewer",)), ADAM),
        lambda: record.apply(SetPassword("cora", kept), CORA),
        lambda: record.apply(ShutAccount("cora"), ADAM),
    ):
        client = browser("coordinator")
        change()
        assert client.get("/api/session").status_code == 401
    secret = log_in(record, "gen", PASSWORD, "here")
    now = time.time()
    assert session_of(record, secret, now + IDLE - 60) is not None
    assert session_of(record, secret, now + IDLE + LONGEST) is None


def test_a_password_that_changes_while_it_is_compared(
    record: Record, browser: Browser, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(kept_before: str, shown: str) -> bool:
        record.apply(SetPassword("cora", kept), CORA)
        return True

    browser("")
    monkeypatch.setattr(sessions, "fits", slow)
    with pytest.raises(Refusal):
        log_in(record, "cora", PASSWORD, "here")
    with record.view() as view:
        assert view.connection.execute(session.select()).all() == []


def test_a_page_of_another_site_cannot_write(browser: Browser) -> None:
    client = browser("coordinator")
    for token in ("", "guessed"):
        client.headers["X-CSRF-Token"] = token
        told = client.post("/api/changes/record-effect", json={"id": "E1", "effect": {"description": "a watch"}})
        assert (told.status_code, codes(told)) == (403, ["csrf"])


@BOTH
def test_too_many_tries_wait(record: Record, browser: Browser) -> None:
    client = browser("")
    answers = [client.post("/api/session", json={"account": "cora", "password": "x" * 12}) for _ in range(9)]
    assert [a.status_code for a in answers] == [401] * 8 + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 600
    with pytest.raises(Refusal) as refused:
        log_in(record, "cora", PASSWORD, "elsewhere")
    assert refused.value.faults[0].code == "too-many-attempts"
    allow(record, "log-in account", "cora", time.time() + 601)


def test_a_token_acts_for_its_account_within_its_scopes(browser: Browser) -> None:
    client = browser("coordinator")
    made = client.post("/api/session/tokens", json={"label": "script", "scopes": ["read", "record-effect"], "days": 1})
    program = browser("")
    program.headers["Authorization"] = f"Bearer {made.json()['token']}"
    assert program.get("/api/things/family").status_code == 200
    body = {"id": "E1", "effect": {"description": "a watch"}}
    assert program.post("/api/changes/record-effect", json=body).status_code == 200
    other = program.post("/api/changes/register-remains", json={"remains": {"id": "R-9"}})
    assert (other.status_code, codes(other)) == (403, ["role"])
    hashes = [t for t in client.get("/api/audit").json() if t["kind"] == "issue-token"]
    assert len(hashes) == 1
    bad = client.post("/api/session/tokens", json={"label": "x", "scopes": ["everything"], "days": 900})
    assert codes(bad) == ["unknown-scope", "bad-range"]
    program.headers["Authorization"] = "Bearer hw_guessed"
    assert codes(program.get("/api/session")) == ["bad-token"]


def test_who_comes_in_tries_anew(browser: Browser) -> None:
    """Good log-ins do not use up the tries, neither of the account nor of an office behind one address."""
    client = browser("")
    for _ in range(45):
        assert client.post("/api/session", json={"account": "cora", "password": PASSWORD}).status_code == 200


def test_a_token_makes_nothing_that_lets_in(record: Record, browser: Browser) -> None:
    """Neither a scope of it, nor a token that a program issues for itself, nor routes of one's own account."""
    client = browser("coordinator")
    for scope in ("set-password", "issue-token", "add-passkey", "issue-recovery-codes", "use-recovery-code"):
        told = client.post("/api/session/tokens", json={"label": "x", "scopes": [scope], "days": 1})
        assert codes(told) == ["unknown-scope"]
    program = browser("")
    program.headers["Authorization"] = f"Bearer {issue_token(record, CORA, 'x', ('read',), 1)}"
    wanted = {"account": "cora", "password": "another good password", "current": PASSWORD}
    assert program.post("/api/session/password", json=wanted).status_code == 401
    token = {"label": "y", "scopes": ["read"], "days": 1}
    assert program.post("/api/session/tokens", json=token).status_code == 401
    assert program.post("/api/session/codes", json={"account": "cora"}).status_code == 401
    narrow = Actor("cora", CORA.roles, frozenset({"issue-token"}))
    with pytest.raises(Refusal) as refused:
        record.apply(IssueToken("0" * 64, "cora", "wide", ("record-effect",), 9e9), narrow)
    assert refused.value.faults[0].code == "role"


def test_ones_own_password_asks_for_the_current_one(browser: Browser) -> None:
    client = browser("coordinator")
    wanted = {"account": "cora", "password": "another good password"}
    assert codes(client.post("/api/session/password", json=wanted)) == ["bad-log-in"]
    assert client.post("/api/session/password", json=wanted | {"current": PASSWORD}).status_code == 200
    assert client.get("/api/session").status_code == 401
    assert browser("").post("/api/session", json=wanted).status_code == 200


def test_a_header_in_no_alphabet_is_no_defect(browser: Browser) -> None:
    client = browser("coordinator")
    told = client.post("/api/session/end", headers={b"X-CSRF-Token": "é".encode("latin-1")})
    assert told.status_code == 403


@pytest.mark.parametrize("origin", ["http://homeward.example", "homeward.example", "https://h.example/path", "ftp://x"])
def test_an_origin_in_the_clear_is_refused(origin: str) -> None:
    with pytest.raises(Refusal) as refused:
        Settings(origin)
    assert refused.value.faults[0].code == "bad-origin"


def test_the_cookie_of_https(record: Record, kept: str) -> None:
    record.apply(SetPassword("cora", kept), CORA)
    app = create_app(record, Settings("https://homeward.example"))
    with TestClient(app, base_url="https://homeward.example") as client:
        told = client.post("/api/session", json={"account": "cora", "password": PASSWORD})
        assert told.headers["set-cookie"].startswith("__Host-homeward=") and "; Secure" in told.headers["set-cookie"]
        assert client.get("/api/session").status_code == 200


def test_an_administrator_sets_a_password_and_nobody_else_anothers(browser: Browser) -> None:
    wanted = {"account": "gen", "password": "another good password"}
    assert codes(browser("coordinator").post("/api/session/password", json=wanted)) == ["role"]
    assert browser("administrator").post("/api/session/password", json=wanted).status_code == 200
    assert browser("").post("/api/session", json=wanted).status_code == 200
    assert GEN.account == "gen" and SYSTEM.account == "system" and hashed("x" * 12) != hashed("x" * 12)


def test_the_demonstration_lets_in_who_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record of `serve --demo`, without the server: made once, opened again, and everybody comes in."""
    from homeward.cli import serve_command

    monkeypatch.chdir(tmp_path)
    record = serve_command._demonstration()
    assert record.verify() == []
    assert len(record.case().remains) >= 12
    for account, _ in serve_command._PEOPLE:
        assert log_in(record, account, serve_command.DEMO_PASSWORD, "here")
    record.engine.dispose()
    again = serve_command._demonstration()
    assert again.revision == record.revision
    again.engine.dispose()
    record.engine.dispose()


def test_a_password_is_set_from_the_command_line(
    record: Record, url: str, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from homeward.cli import serve_command

    monkeypatch.setenv("HOMEWARD_KEYS", str(keys))
    monkeypatch.setattr("sys.stdin", io.StringIO("a good long password\n"))
    serve_command.set_password(url, "cora")
    assert log_in(record, "cora", "a good long password", "here")
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(Refusal) as refused:
        serve_command.set_password(url, "cora")
    assert [f.code for f in refused.value.faults] == ["weak-password"]


def test_the_accounts_of_a_demonstration_are_told_at_its_log_in_alone(record: Record) -> None:
    from homeward.cli import serve_command

    told = (serve_command._PEOPLE, serve_command.DEMO_PASSWORD)
    shown = TestClient(create_app(record, Settings(demo=told))).get("/log-in").text
    assert serve_command.DEMO_PASSWORD in shown and "<b>gen</b>: geneticist" in shown
    assert serve_command.DEMO_PASSWORD not in TestClient(create_app(record)).get("/log-in").text
