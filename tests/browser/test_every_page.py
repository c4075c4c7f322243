"""Every page in every language fits and breaks no rule, and axe finds nothing serious."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.routing import APIRoute
from playwright.sync_api import BrowserContext, Page
from validation.workbench.pictures import WIDTHS
from validation.workbench.visits import Visit, visits

from homeward.record import Record
from homeward.report.catalogue import LANGUAGES
from homeward.web import pages

Enter = Callable[..., BrowserContext]

# what is no page by itself: numbers to draw, files to keep, a part of a page, a document, the step between two others
_NO_PAGES = {"/matrix/data", "/data/csv", "/candidate/prior", "/report", "/log-in/passkey"}
_OVERFLOWING = """() => [...document.querySelectorAll("body *")].filter(e => {
  const own = getComputedStyle(e);
  if (!e.checkVisibility()) return false;
  const free = e.closest(".scroll, pre, svg, canvas, .skip");
  if (own.position === "absolute" || own.display === "inline" || free) return false;
  return e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && own.overflowX === "visible";
}).map(e => e.outerHTML.slice(0, 120))"""


def _by_account(record: Record) -> dict[str, list[Visit]]:
    found: dict[str, list[Visit]] = {}
    for visit in visits(record):
        found.setdefault(visit.account, []).append(visit)
    return found


def _listening(page: Page, origin: str) -> list[str]:
    """What a page complains of, and whom else it asks."""
    heard: list[str] = []
    page.on("console", lambda m: heard.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: heard.append(f"error: {e}"))
    page.on("response", lambda r: None if r.ok else heard.append(f"{r.status} {r.url}"))
    page.on("request", lambda r: None if r.url.startswith((origin, "data:")) else heard.append(f"asks {r.url}"))
    return heard


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_in_every_language_and_breaks_no_rule(
    record: Record, origin: str, enter: Enter, width: int
) -> None:
    """No wider than the window, nothing beyond its box, no complaint, nobody else asked."""
    wrong = {}
    for account, asked in _by_account(record).items():
        page = enter(origin, account, width=width).new_page()
        heard = _listening(page, origin)
        for visit in asked:
            for language in LANGUAGES:
                page.goto(visit.address(language))
                assert page.locator("html").get_attribute("lang") == language
                found = [] if visit.name == "report" else page.evaluate(_OVERFLOWING)
                if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
                    found.append(f"{wide} wide")
                found += [h for h in heard if "404" not in h or visit.name != "refused"]
                if found:
                    wrong[visit.name, language] = found
                heard.clear()
    assert wrong == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(record: Record, origin: str, enter: Enter, dark: bool) -> None:
    axe, wrong = Axe(), {}
    # only colours differ in the dark
    options = {"runOnly": ["color-contrast"]} if dark else None
    for account, asked in _by_account(record).items():
        page = enter(origin, account, dark=dark).new_page()
        # the report, by far the longest, is looked at in the light
        for visit in (v for v in asked if not (dark and v.name == "report")):
            page.goto(visit.address("en"))
            for v in axe.run(page, options=options).response["violations"]:
                if v["impact"] in ("serious", "critical"):
                    wrong[visit.name, v["id"]] = [n["html"][:160] for n in v["nodes"][:3]]
    assert wrong == {}


def test_every_page_there_is_is_visited(record: Record) -> None:
    seen = visits(record)
    paths = {v.path.partition("?")[0] for v in seen}
    # the application itself holds routers, not their routes
    routes = {
        r.path
        for name in pages.__all__
        for r in getattr(pages, name).routes
        if isinstance(r, APIRoute) and "GET" in r.methods
    }
    assert len(routes) > 20
    assert routes - _NO_PAGES - paths == set()
