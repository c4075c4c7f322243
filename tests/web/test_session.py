"""Coming in: passwords, cookies, limits, tokens, and what ends a session."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from validation.record.people import CORA, GEN, PEOPLE

from homeward.faults import Refusal
from homeward.record import SYSTEM, Record
from homeward.record.access import IDLE, LONGEST, allow, fits, hashed, log_in, password_faults, session_of
from homeward.record.changes import SetPassword, SetRoles, ShutAccount

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
    started = time.perf_counter()
    fits(None, PASSWORD)
    assert time.perf_counter() - started > 0.005, "no shortcut for who is not there"


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


def test_a_page_of_another_site_cannot_write(browser: Browser) -> None:
    client = browser("coordinator")
    for token in ("", "guessed"):
        client.headers["X-CSRF-Token"] = token
        told = client.post("/api/changes/record-effect", json={"id": "E1", "effect": {"description": "a watch"}})
        assert (told.status_code, codes(told)) == (403, ["csrf"])


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


def test_an_administrator_sets_a_password_and_nobody_else_anothers(browser: Browser) -> None:
    wanted = {"account": "gen", "password": "another good password"}
    assert codes(browser("coordinator").post("/api/session/password", json=wanted)) == ["role"]
    assert browser("administrator").post("/api/session/password", json=wanted).status_code == 200
    assert browser("").post("/api/session", json=wanted).status_code == 200
    assert GEN.account == "gen" and SYSTEM.account == "system" and hashed("x" * 12) != hashed("x" * 12)
