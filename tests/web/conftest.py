"""A server over a record, and people who are logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from record_fixtures import address, keys, record, server
from validation.record.people import PEOPLE

from homeward.record import Record
from homeward.record.access import hashed, passwords
from homeward.record.changes import SetPassword
from homeward.web import create_app

__all__ = ["browser", "keys", "record", "server", "url"]
PASSWORD = "correct horse battery"


@pytest.fixture
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite, unless the test names its databases by `indirect`."""
    return address(getattr(request, "param", "sqlite"), request, tmp_path)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """argon2 is slow on purpose: here with the least that it takes."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", lambda: cheap)
    passwords._nobody.cache_clear()


@pytest.fixture
def kept(quick: None) -> str:
    return hashed(PASSWORD)


@pytest.fixture
def browser(record: Record, kept: str) -> Iterator[Callable[[str], TestClient]]:
    """A browser by role: logged in, with the header that writes need."""
    for actor in PEOPLE.values():
        record.apply(SetPassword(actor.account, kept), actor)
    app = create_app(record)
    opened: list[TestClient] = []

    def come_in(role: str) -> TestClient:
        client = TestClient(app, base_url="http://127.0.0.1:8742", raise_server_exceptions=False)
        opened.append(client)
        if role:
            told = client.post("/api/session", json={"account": PEOPLE[role].account, "password": PASSWORD})
            assert told.status_code == 200, told.text
            client.headers["X-CSRF-Token"] = told.json()["csrf"]
        return client

    yield come_in
    for client in opened:
        client.close()
