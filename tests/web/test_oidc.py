"""Another's log-in, with a provider that lives in the test: what it must say, and what is not taken from it."""

from __future__ import annotations

import base64
import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import RSAKey
from validation.record.people import PEOPLE

from homeward.faults import Refusal
from homeward.record import Record
from homeward.record.access.oidc import Provider, read_provider
from homeward.record.changes import ShutAccount
from homeward.web import Settings, create_app

ISSUER = "https://login.ministry.example"
ORIGIN = "http://127.0.0.1:8742"


class FakeProvider:
    """A provider of log-ins, as httpx2's transport. ``claims``, ``key``: what it says, and signs with."""

    def __init__(self) -> None:
        self.key = self.published = RSAKey.generate_key(2048, {"kid": "1"})
        self.claims: dict[str, Any] = {"sub": "cora", "email": "cora@ministry.example", "email_verified": True}
        self.algorithm = "RS256"
        self.silent = False
        self.asked: dict[str, str] = {}

    def visit(self, where: str) -> dict[str, str]:
        """Somebody logs in there; the query with which he comes back."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(where).query).items()}
        return {"state": self.asked["state"], "code": "the-code"}

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if self.silent:
            return httpx2.Response(502)
        if path == "/.well-known/openid-configuration":
            ends = {"authorization_endpoint": "/go", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return httpx2.Response(200, json={"issuer": ISSUER} | {k: ISSUER + v for k, v in ends.items()})
        if path == "/keys":
            return httpx2.Response(200, json={"keys": [self.published.as_dict(private=False)]})
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if (form["code"], challenge.decode()) != ("the-code", self.asked["code_challenge"]):
            return httpx2.Response(400, json={"error": "invalid_grant"})
        assert request.headers["authorization"].startswith("Basic ") and "client_secret" not in form
        now = int(time.time())
        told = {"iss": ISSUER, "aud": "homeward", "iat": now, "exp": now + 60, "nonce": self.asked["nonce"]}
        claims = {k: v for k, v in (told | self.claims).items() if v is not None}
        signed = jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, self.key)
        return httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer", "id_token": signed})


@pytest.fixture
def provider() -> FakeProvider:
    return FakeProvider()


@pytest.fixture
def opened(record: Record, provider: FakeProvider) -> Iterator[Callable[..., TestClient]]:
    """A browser at a server that takes the provider's log-ins."""
    clients: list[TestClient] = []

    def come(**settings: Any) -> TestClient:
        transport = httpx2.MockTransport(provider.answer)
        told = Provider(ISSUER, "homeward", "secret", transport=transport, **settings)
        app = create_app(record, Settings(ORIGIN, provider=told))
        clients.append(TestClient(app, base_url=ORIGIN, follow_redirects=False, raise_server_exceptions=False))
        return clients[-1]

    yield come
    for client in clients:
        client.close()


def back(client: TestClient, provider: FakeProvider, **changed: str) -> Any:
    where = client.get("/api/session/oidc").headers["location"]
    return client.get("/api/session/oidc/callback", params=provider.visit(where) | changed)


def refused(told: Any) -> list[str]:
    assert "homeward" not in told.cookies
    return [f["code"] for f in told.json()["faults"]]


def test_there_and_back(opened: Callable[..., TestClient], provider: FakeProvider) -> None:
    client = opened()
    told = back(client, provider)
    assert (told.status_code, told.headers["location"]) == (303, "/")
    assert provider.asked["code_challenge_method"] == "S256" and provider.asked["response_type"] == "code"
    assert client.get("/api/session").json()["account"] == "cora"
    assert "homeward-oidc" not in client.cookies


@pytest.mark.parametrize(
    ("settings", "claims"),
    [
        ({"claim": "email", "accounts": {"cora@ministry.example": "cora"}}, {"sub": "7"}),
        ({"accounts": {"7": "cora"}}, {"sub": "7"}),
    ],
)
def test_a_claim_names_an_account(
    opened: Callable[..., TestClient], provider: FakeProvider, settings: dict[str, Any], claims: dict[str, Any]
) -> None:
    provider.claims |= claims
    client = opened(**settings)
    assert back(client, provider).status_code == 303
    assert client.get("/api/session").json()["account"] == "cora"


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"aud": ["homeward", "another"]},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"sub": "nobody-here"},
        {"sub": "\0"},
        {"sub": ["cora"]},
        {"sub": None},
        {"sub": "system"},
    ],
)
def test_what_is_not_taken(opened: Callable[..., TestClient], provider: FakeProvider, claims: dict[str, Any]) -> None:
    provider.claims |= claims
    told = back(opened(), provider)
    assert (told.status_code, refused(told)) == (401, ["not-vouched"])


def test_an_email_must_be_verified(opened: Callable[..., TestClient], provider: FakeProvider) -> None:
    provider.claims |= {"email_verified": False, "email": "cora"}
    assert refused(back(opened(claim="email"), provider)) == ["not-vouched"]


def test_state_code_and_browser_belong_together(opened: Callable[..., TestClient], provider: FakeProvider) -> None:
    client = opened()
    assert refused(back(client, provider, state="another")) == ["not-vouched"]
    assert refused(back(client, provider, state="é")) == ["not-vouched"]
    assert refused(back(client, provider, code="another")) == ["not-vouched"]
    where = client.get("/api/session/oidc").headers["location"]
    query = provider.visit(where)
    assert refused(opened().get("/api/session/oidc/callback", params=query)) == ["not-vouched"], "another browser"
    waiting = client.cookies["homeward-oidc"]
    assert client.get("/api/session/oidc/callback", params=query).status_code == 303
    client.cookies.clear()
    client.cookies.set("homeward-oidc", waiting)
    assert refused(client.get("/api/session/oidc/callback", params=query)) == ["not-vouched"], "a second time"


def test_who_waits_is_nobody_yet(opened: Callable[..., TestClient]) -> None:
    client = opened()
    client.get("/api/session/oidc")
    client.cookies.set("homeward", client.cookies["homeward-oidc"])
    assert client.get("/api/session").status_code == 401


def test_another_key_or_none_signs_nothing(opened: Callable[..., TestClient], provider: FakeProvider) -> None:
    provider.key = RSAKey.generate_key(2048, {"kid": "1"})
    assert refused(back(opened(), provider)) == ["not-vouched"]


def test_a_shut_account_stays_out(record: Record, opened: Callable[..., TestClient], provider: FakeProvider) -> None:
    record.apply(ShutAccount("cora"), PEOPLE["administrator"])
    assert refused(back(opened(), provider)) == ["not-vouched"]


def test_a_silent_provider(opened: Callable[..., TestClient], provider: FakeProvider) -> None:
    provider.silent = True
    told = opened().get("/api/session/oidc")
    assert (told.status_code, refused(told)) == (503, ["provider-silent"])


def test_without_a_provider_there_is_nothing(browser: Callable[[str], TestClient]) -> None:
    for path in ("/api/session/oidc", "/api/session/oidc/callback"):
        assert browser("").get(path).status_code == 404


def test_settings_of_a_provider(tmp_path: Path) -> None:
    file = tmp_path / "homeward.toml"
    file.write_text(f'[oidc]\nissuer = "{ISSUER}"\nclient_id = "homeward"\n[oidc.accounts]\n"7" = "cora"\n')
    told = read_provider(file, {"HOMEWARD_OIDC_CLIENT_SECRET": "hidden"})
    assert told == Provider(ISSUER, "homeward", "hidden", accounts={"7": "cora"})
    assert "hidden" not in repr(told)
    assert read_provider(None, {}) is None
    for bad in (
        "issuer = 'http://x'\nclient_id='a'",
        "issuer='https://x'",
        f"issuer='{ISSUER}'\nclient_id='a'\ncolor=1",
    ):
        file.write_text(f"[oidc]\n{bad}\n")
        with pytest.raises(Refusal) as refusal:
            read_provider(file, {})
        assert refusal.value.faults[0].code == "bad-settings"
