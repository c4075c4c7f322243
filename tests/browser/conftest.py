"""A staged record behind a server, and Debian's browser in front of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from packages import without
from playwright.sync_api import Browser, BrowserContext
from validation.workbench.driven import chromium, come_in, served
from validation.workbench.stage import staged

from homeward.record import Record
from homeward.record.access import passwords

__all__ = ["driven", "origin", "quick", "record"]


@pytest.fixture(scope="package", autouse=True)
def quick() -> Iterator[None]:
    """argon2 is slow on purpose: here with the least that it takes."""
    before = passwords._hasher
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords._hasher = lambda: cheap
    passwords._nobody.cache_clear()
    yield
    passwords._hasher = before
    passwords._nobody.cache_clear()


@pytest.fixture(scope="package")
def record(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Iterator[Record]:
    made = staged(tmp_path_factory.mktemp("staged"))
    yield made
    made.engine.dispose()


@pytest.fixture(scope="package")
def origin(record: Record) -> Iterator[str]:
    with served(record) as address:
        yield address


@pytest.fixture(scope="module")
def driven() -> Iterator[Browser]:
    """The browser; where it is not installed the test is skipped by the package's name, or fails if `CI=true`."""
    if shutil.which("chromium") is None:
        without("chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture
def enter(driven: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """A browser of somebody's own, by the server's address and his account."""
    opened: list[BrowserContext] = []

    def entering(origin: str, account: str, **more: object) -> BrowserContext:
        opened.append(come_in(driven, origin, account, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield entering
    for context in opened:
        context.close()
