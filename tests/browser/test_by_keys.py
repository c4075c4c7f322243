"""Keys of the data grid, undo of a drawing, a posterior that moves as its prior does, and a file that comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from homeward.record import Record

Enter = Callable[..., BrowserContext]


@pytest.fixture
def page(origin: str, enter: Enter) -> Iterator[Page]:
    """The geneticist's, without a complaint of its scripts."""
    shown = enter(origin, "gen").new_page()
    wrong: list[str] = []
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    yield shown
    assert wrong == []


def test_from_cell_to_cell(page: Page) -> None:
    page.goto("/data")
    page.focus("table[data-grid] tbody th")
    for key, where in (("ArrowRight", [1, 1]), ("ArrowDown", [1, 2]), ("ArrowUp", [1, 1]), ("Home", [0, 1])):
        page.keyboard.press(key)
        at = page.evaluate("[document.activeElement.cellIndex, document.activeElement.parentNode.rowIndex]")
        assert at == where, key
    assert page.locator("table[data-grid] [tabindex='0']").count() == 1, "one stop of the tab key"
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/sample?id=*")


def test_a_step_is_taken_back(record: Record, page: Page) -> None:
    family = record.case().families[0]
    page.goto(f"/families/pedigree?id={family.id}&do=parents/{family.pedigree.founders[0]}//")
    page.keyboard.press("Control+z")
    page.wait_for_url(f"**/families/pedigree?id={family.id}")
    page.focus("figure svg a")
    page.keyboard.press("ArrowRight")
    second = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_url("**&who=*")
    assert page.inner_text("#chosen h2") == second


def test_the_posterior_moves(record: Record, page: Page) -> None:
    with record.view() as view:
        id = next(iter(view.all("candidate")))
    page.goto(f"/candidate?id={id}")
    before = page.inner_text("#prior")
    page.fill("input[name=names]", "900000")
    page.wait_for_function("told => document.getElementById('prior').innerText !== told", arg=before)
    moved = page.inner_text("#prior")
    assert "names=900000" in page.url
    page.reload()
    assert page.inner_text("#prior") == moved, "the address holds it, and the server says the same without script"
    page.fill("input[name=strangers]", "2")
    page.wait_for_selector("#prior [role=alert]")


def test_a_file_comes_in(record: Record, page: Page, tmp_path: Path) -> None:
    file = tmp_path / "run 7.txt"
    file.write_text("Sample Name\tMarker\tAllele 1\tAllele 2\nR-77\tTH01\t9,3\t6\n")
    page.goto("/import")
    page.set_input_files("input[name=file] >> nth=0", file)
    page.click("form.chooser button")
    page.click("button[value=take]")
    page.wait_for_selector("[role=status]")
    assert record.case().typings_by_sample["R-77"][0].alleles == ("9.3", "6")
