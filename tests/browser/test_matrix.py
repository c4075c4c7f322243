"""The match matrix in a browser: by keyboard, without a script, and how long a frame takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from bench_record import analysed
from playwright.sync_api import Browser, Page
from validation.record.matrix_frames import MOVES
from validation.record.people import PEOPLE
from validation.record.serving import served

from homeward.record import SYSTEM, create_record
from homeward.record.access.sessions import begin
from homeward.record.changes import OpenAccount


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server, and the secret of a geneticist's session."""
    folder = tmp_path_factory.mktemp("site")
    url, keys = f"sqlite:///{folder / 'case.db'}", folder / "case.keys"
    record = create_record(url, keys)
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
    analysed(record)
    secret = begin(record, "gen", strong=True, now=time.time())
    record.engine.dispose()
    with served(url, keys, folder / "server.log") as address:
        yield address, secret


def opened(driven: Browser, site: tuple[str, str], width: int = 1200, **more: Any) -> tuple[Page, list[str]]:
    """A page, and what its console says."""
    context = driven.new_context(viewport={"width": width, "height": 900}, base_url=site[0], **more)
    context.add_cookies([{"name": "homeward", "value": site[1], "url": site[0]}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def test_the_matrix_by_keyboard(driven: Browser, site: tuple[str, str]) -> None:
    page, said = opened(driven, site)
    page.goto("/matrix")
    page.wait_for_selector("#matrix canvas[data-drawn]")
    page.focus("#matrix canvas")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft", "+", "+"):
        page.keyboard.press(key)
    cell = page.inner_text("#matrix .at")
    assert "R-" in cell and "individual" in cell
    page.wait_for_url("**at=**")
    page.reload()
    page.wait_for_selector("#matrix canvas[data-drawn]")
    assert page.inner_text("#matrix .at") == cell, "the address holds where one is"
    page.focus("#matrix canvas")
    page.keyboard.press("Enter")
    page.wait_for_url("**sample=R-**#pairs")
    assert page.locator("#pairs tbody tr").count() == 1
    sample, missing = (page.locator("#pairs tbody td").nth(k).inner_text() for k in (1, 0))
    assert cell.startswith(f"{missing} and {sample}")
    assert said == []
    page.context.close()


def test_without_a_script_the_table_is_there(driven: Browser, site: tuple[str, str]) -> None:
    page, _ = opened(driven, site, java_script_enabled=False)
    page.goto("/matrix")
    assert not page.is_visible("#matrix") and page.locator("#pairs tbody tr").count() == 50
    page.context.close()


def test_a_frame_is_drawn_in_time(driven: Browser, site: tuple[str, str]) -> None:
    """Far from what it takes (docs/workbench.md), so that a busy machine does not fail it."""
    page, _ = opened(driven, site)
    page.goto("/matrix")
    page.wait_for_selector("#matrix canvas[data-drawn]")
    told = page.evaluate(MOVES, 40)
    assert len(told["drawn"]) == 40 and sorted(told["drawn"])[20] < 30
    page.context.close()
