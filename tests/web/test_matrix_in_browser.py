"""The workbench in a browser: the matrix by keyboard, its frames, and pages by axe and at the width of a telephone."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from bench_record import analysed, drawn
from playwright.sync_api import Browser, Page, sync_playwright
from validation.record.matrix_frames import MOVES
from validation.record.people import CORA, PEOPLE
from validation.record.serving import served

from homeward.record import SYSTEM, create_record
from homeward.record.access.sessions import begin
from homeward.record.changes import OpenAccount, RecordCustody, RecordRecovery
from homeward.record.values import Custody, Recovery

PAGES = (
    "/",
    "/matrix",
    "/matrix?measure=posterior&sort=missing",
    "/individuals",
    "/individuals/one?sample=R-1",
    "/findings",
    "/jobs",
    "/settings",
    "/remains/one?id=R-0",
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server, and the secret of a geneticist's session."""
    folder = tmp_path_factory.mktemp("site")
    url, keys = f"sqlite:///{folder / 'case.db'}", folder / "case.keys"
    record = create_record(url, keys)
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
    warning = {
        "code": "related-remains",
        "severity": "warning",
        "persons": [],
        "samples": ["R-1", "R-2"],
        "markers": [],
        "evidence": {"relationship": "siblings", "log10_lr": 5.0, "estimated_kappa": [0.25, 0.5, 0.25]},
        "action": "compare-kin",
    }
    analysed(record, drawn(warnings=[warning]))
    record.apply(RecordRecovery("R-0", Recovery(40.0, "2025-08-25", "Volunteers")), CORA)
    record.apply(RecordCustody(Custody("R-0", "2025-09-01", "Divers", "국립과학수사연구원", "Wonju")), CORA)
    secret = begin(record, "gen", strong=True, now=time.time())
    record.engine.dispose()
    with served(url, keys, folder / "server.log") as address:
        yield address, secret


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = Path("/usr/bin/chromium")
        if not path.exists():
            pytest.skip("package chromium is not installed (make system)")
        browser = playwright.chromium.launch(executable_path=str(path), args=["--no-sandbox"])
        yield browser
        browser.close()


def opened(chrome: Browser, site: tuple[str, str], width: int = 1200, **more: Any) -> tuple[Page, list[str]]:
    """A page, and what its console says."""
    context = chrome.new_context(viewport={"width": width, "height": 900}, base_url=site[0], **more)
    context.add_cookies([{"name": "homeward", "value": site[1], "url": site[0]}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    return page, said


def test_the_matrix_by_keyboard(chrome: Browser, site: tuple[str, str]) -> None:
    page, said = opened(chrome, site)
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


def test_without_a_script_the_table_is_there(chrome: Browser, site: tuple[str, str]) -> None:
    page, _ = opened(chrome, site, java_script_enabled=False)
    page.goto("/matrix")
    assert not page.is_visible("#matrix") and page.locator("#pairs tbody tr").count() == 50
    page.context.close()


def test_a_frame_is_drawn_in_time(chrome: Browser, site: tuple[str, str]) -> None:
    """Far from what it takes (docs/workbench.md), so that a busy machine does not fail it."""
    page, _ = opened(chrome, site)
    page.goto("/matrix")
    page.wait_for_selector("#matrix canvas[data-drawn]")
    told = page.evaluate(MOVES, 40)
    assert len(told["drawn"]) == 40 and sorted(told["drawn"])[20] < 30
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_pages_fit_a_telephone_and_complain_of_nothing(chrome: Browser, site: tuple[str, str], language: str) -> None:
    page, said = opened(chrome, site, 390, color_scheme="dark" if language == "ja" else "light")
    axe, wrong = Axe(), []
    for path in PAGES:
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        if page.evaluate("document.documentElement.scrollWidth") > 390:
            wrong.append((path, "wider than the page"))
        if language != "ko":  # what axe sees does not turn on the words
            found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
            serious = [v for v in found if v["impact"] in ("serious", "critical")]
            wrong += [(path, v["id"], v["nodes"][0]["html"]) for v in serious]
    assert wrong == []
    assert said == []
    page.context.close()
