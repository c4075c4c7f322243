"""Passkeys and recovery codes: what they open, and what they do not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from authenticator import SecurityKey
from fastapi.testclient import TestClient
from validation.record.people import CORA, PEOPLE

from homeward.record import SYSTEM, Record
from homeward.record.access import issue_codes
from homeward.record.changes import OpenAccount, ShutAccount

Browser = Callable[[str], TestClient]
PASSWORD = "correct horse battery"
ORIGIN, HOST = "http://127.0.0.1:8742", "127.0.0.1"


def codes(told: Any) -> list[str]:
    return [f["code"] for f in told.json()["faults"]]


def with_passkey(client: TestClient) -> SecurityKey:
    """A key that the browser's account has now."""
    key = SecurityKey(ORIGIN, HOST)
    options = client.post("/api/session/passkeys/options").json()["options"]
    told = client.post("/api/session/passkeys", json={"credential": key.create(options), "label": "blue"})
    assert told.status_code == 200, told.text
    client.headers["X-CSRF-Token"] = told.json()["csrf"]
    return key


def half_in(client: TestClient, account: str = "cora") -> TestClient:
    told = client.post("/api/session", json={"account": account, "password": PASSWORD})
    assert told.json()["second_factor_wanted"] and told.json()["roles"] == []
    client.headers["X-CSRF-Token"] = told.json()["csrf"]
    return client


def proof(client: TestClient, key: SecurityKey) -> Any:
    options = client.post("/api/session/passkey/options").json()["options"]
    return client.post("/api/session/passkey", json={"credential": key.get(options)})


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_an_account_with_a_passkey_shows_it(browser: Browser) -> None:
    first, elsewhere = browser("coordinator"), browser("coordinator")
    key = with_passkey(first)
    assert first.get("/api/things/family").status_code == 200
    assert elsewhere.get("/api/session").status_code == 401, "sessions of before are over"
    assert [k["label"] for k in first.get("/api/session/keys").json()["passkeys"]] == ["blue"]
    client = half_in(browser(""))
    for path in ("/api/things/family", "/api/summary", "/api/session/keys", "/api/jobs", "/api/audit"):
        assert codes(client.get(path)) == ["second-factor"]
    effect = {"id": "E1", "effect": {"description": "a watch"}}
    for path, body in {
        "/api/changes/record-effect": effect,
        "/api/session/passkeys/options": None,
        "/api/session/codes": {"account": "cora"},
        "/api/session/tokens": {"label": "x", "scopes": ["read"], "days": 1},
        "/api/session/password": {"account": "cora", "password": "another good password", "current": PASSWORD},
    }.items():
        assert codes(client.post(path, json=body)) == ["second-factor"], path
    before = client.cookies["homeward"]
    told = proof(client, key)
    assert told.status_code == 200, told.text
    assert client.cookies["homeward"] != before, "no fixation"
    planted = browser("")
    planted.cookies.set("homeward", before)
    assert codes(planted.get("/api/session")) == ["no-session"]
    client.headers["X-CSRF-Token"] = told.json()["csrf"]
    assert client.post("/api/changes/record-effect", json=effect).status_code == 200


def test_a_challenge_is_answered_once_and_by_the_right_key(browser: Browser) -> None:
    owner = browser("coordinator")
    key = with_passkey(owner)
    others = with_passkey(browser("geneticist"))
    client = half_in(browser(""))
    wrong_site = SecurityKey("https://evil.example", HOST)
    wrong_site.id, wrong_site.key = key.id, key.key

    def damaged(options: dict[str, Any]) -> dict[str, Any]:
        answer = key.get(options)
        answer["response"]["signature"] = others.get(options)["response"]["signature"]
        return answer

    answers: list[Callable[[dict[str, Any]], dict[str, Any]]] = [
        others.get,
        wrong_site.get,
        damaged,
        lambda options: {},
        lambda options: {"id": "\0"},
        lambda options: {"id": key.create(options)["id"]},
    ]
    for answer in answers:
        options = client.post("/api/session/passkey/options").json()["options"]
        assert [d["id"] for d in options["allowCredentials"]] == [key.create(options)["id"]]
        bad = answer(options)
        told = client.post("/api/session/passkey", json={"credential": bad})
        assert (told.status_code, codes(told)) == (401, ["bad-passkey"]), bad
    # tries are limited, and those above count: the last one of the eight is answered right, but too late
    options = client.post("/api/session/passkey/options").json()["options"]
    assert codes(client.post("/api/session/passkey", json={"credential": {}})) == ["bad-passkey"]
    told = client.post("/api/session/passkey", json={"credential": key.get(options)})
    assert codes(told) == ["bad-passkey"], "its challenge was looked at before"


def test_a_copied_key_is_noticed_by_its_counter(browser: Browser) -> None:
    key = with_passkey(browser("coordinator"))
    key.count = 7
    assert proof(half_in(browser("")), key).status_code == 200
    key.count = 3
    assert codes(proof(half_in(browser("")), key)) == ["bad-passkey"]


def test_proofs_are_limited_too(browser: Browser) -> None:
    with_passkey(browser("coordinator"))
    client = half_in(browser(""))
    told = [client.post("/api/session/passkey", json={"credential": {}}).status_code for _ in range(9)]
    assert told == [401] * 8 + [429]


def test_a_key_that_goes_ends_sessions(browser: Browser) -> None:
    client = browser("coordinator")
    with_passkey(client)
    id = client.get("/api/session/keys").json()["passkeys"][0]["id"]
    assert client.post("/api/changes/remove-passkey", json={"id": id}).status_code == 200
    assert client.get("/api/session").status_code == 401
    told = browser("").post("/api/session", json={"account": "cora", "password": PASSWORD})
    assert not told.json()["second_factor_wanted"]


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_recovery_code_lets_in_once(record: Record, browser: Browser) -> None:
    owner = browser("coordinator")
    with_passkey(owner)
    given = owner.post("/api/session/codes", json={"account": "cora"}).json()["codes"]
    assert len(set(given)) == 10 and owner.get("/api/session/keys").json()["codes"] == 10
    client = browser("")
    told = client.post("/api/session/recovery", json={"account": "cora", "code": given[0].upper().replace("-", " ")})
    assert told.status_code == 200 and not told.json()["second_factor_wanted"]
    client.headers["X-CSRF-Token"] = told.json()["csrf"]
    again = browser("").post("/api/session/recovery", json={"account": "cora", "code": given[0]})
    other = browser("").post("/api/session/recovery", json={"account": "gen", "code": given[1]})
    assert codes(again) == codes(other) == ["bad-log-in"] and again.json() == other.json()
    wanted = {"account": "cora", "password": "another good password", "current": given[1]}
    assert client.post("/api/session/password", json=wanted).status_code == 200
    assert half_or_whole(browser(""), wanted["password"]) == 200
    fresh = issue_codes(record, "cora", CORA)
    assert codes(browser("").post("/api/session/recovery", json={"account": "cora", "code": given[2]})) == [
        "bad-log-in"
    ]
    record.apply(ShutAccount("cora"), PEOPLE["administrator"])
    assert codes(browser("").post("/api/session/recovery", json={"account": "cora", "code": fresh[0]})) == [
        "bad-log-in"
    ]


def half_or_whole(client: TestClient, password: str) -> int:
    return int(client.post("/api/session", json={"account": "cora", "password": password}).status_code)


def test_an_administrator_lets_somebody_new_in(record: Record, browser: Browser) -> None:
    record.apply(OpenAccount("new", "Somebody New", ("reviewer",)), SYSTEM)
    assert codes(browser("coordinator").post("/api/session/codes", json={"account": "new"})) == ["role"]
    given = browser("administrator").post("/api/session/codes", json={"account": "new"}).json()["codes"]
    client = browser("")
    told = client.post("/api/session/recovery", json={"account": "new", "code": given[0]})
    client.headers["X-CSRF-Token"] = told.json()["csrf"]
    wanted = {"account": "new", "password": "a first good password"}
    assert client.post("/api/session/password", json=wanted).status_code == 200
    assert browser("").post("/api/session", json=wanted).json()["roles"] == ["reviewer"]


def test_codes_are_kept_as_hashes(record: Record, browser: Browser) -> None:
    given = browser("coordinator").post("/api/session/codes", json={"account": "cora"}).json()["codes"]
    with record.view() as view:
        kept = list(view.all("recovery-code", "account:cora"))
    assert len(kept) == 10 and not set(given) & set(kept) and all(len(h) == 64 for h in kept)
