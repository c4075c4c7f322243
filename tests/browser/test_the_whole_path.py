"""From an empty record to a signed identification and its report, in every language, and by the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from validation.workbench.driven import served
from validation.workbench.stage import empty

from homeward.formats import read_case
from homeward.record import Record
from homeward.record.consent import typed_living
from homeward.report import Words
from homeward.report.catalogue import LANGUAGES

Enter = Callable[..., BrowserContext]
Press = Callable[[Locator], None]

PUBLISHED = Path(__file__).parents[2] / "demo" / "published"
_WAIT = 90_000
_MOST_TABS = 200


@pytest.fixture
def record(tmp_path: Path) -> Iterator[Record]:
    made = empty(tmp_path)
    yield made
    made.engine.dispose()


@pytest.fixture
def origin(record: Record) -> Iterator[str]:
    with served(record) as address:
        yield address


def _by_mouse(target: Locator) -> None:
    target.click()


def _by_keyboard(target: Locator) -> None:
    _reach(target)
    target.page.keyboard.press("Enter")


def _reach(target: Locator) -> None:
    """Tab until it has the focus, which must be seen."""
    expect(target).to_be_visible()
    for _ in range(_MOST_TABS):
        if target.evaluate("e => e === document.activeElement"):
            shown = target.evaluate("e => getComputedStyle(e).outlineStyle !== 'none' && e.matches(':focus-visible')")
            assert shown, target.inner_html()
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {target}")


def _write(press: Press, target: Locator, words: str) -> None:
    if press is _by_keyboard:
        _reach(target)
        target.page.keyboard.type(words)
    else:
        target.fill(words)


def _button(page: Page, say: Words, code: str) -> Locator:
    return page.get_by_role("button", name=say(code), exact=True)


def _menu(page: Page, say: Words, code: str) -> Locator:
    return page.get_by_role("navigation").get_by_role("link", name=say(code), exact=True)


def _analyse(page: Page, say: Words, press: Press) -> None:
    """The geneticist asks, waits, and makes candidates of the names above the threshold."""
    press(_menu(page, say, "page.analyses"))
    _write(press, page.get_by_label(say("analyses.seed")), "1")
    press(_button(page, say, "analyses.ask"))
    page.wait_for_selector("a[href*='/analyses/report']", timeout=_WAIT)
    press(_button(page, say, "analyses.propose"))
    page.wait_for_url("**/candidates")


@pytest.fixture
def consents(tmp_path: Path) -> Path:
    """The table that goes with the case: everybody typed allowed it."""
    rows = [f"{subject},identification,JP;KR,2026-01-01" for subject in sorted(typed_living(read_case(PUBLISHED)))]
    file = tmp_path / "consents.csv"
    file.write_text("\n".join(["subject,purposes,countries,since", *rows]) + "\n", encoding="utf-8")
    return file


def _import(page: Page, say: Words, press: Press, consents: Path) -> None:
    """The coordinator looks at a case folder, and takes it in."""
    press(page.get_by_role("link", name=say("import.first")))
    page.get_by_label(say("import.folder")).set_input_files(PUBLISHED)
    page.get_by_label(say("import.consents")).set_input_files(consents)
    press(_button(page, say, "import.look"))
    press(_button(page, say, "import.take"))
    expect(page.get_by_role("status")).to_be_visible()


def _first_candidate(page: Page, say: Words, press: Press) -> None:
    press(_menu(page, say, "page.candidates"))
    press(page.locator("main a[href*='/candidate?']").first)


def _whole_path(record: Record, origin: str, enter: Enter, say: Words, press: Press, consents: Path) -> None:
    gen, rey, cora = (enter(origin, account).new_page() for account in ("gen", "rey", "cora"))
    for page in (gen, rey, cora):
        page.goto(f"/?lang={say.language}")
    _import(cora, say, press, consents)
    _analyse(gen, say, press)
    press(_menu(gen, say, "page.findings"))
    expect(gen.locator("h1")).to_have_text(say("findings.question"))
    _first_candidate(rey, say, press)
    _write(press, rey.get_by_label(say("candidates.reasons")), "typed twice")
    press(_button(rey, say, "candidates.review"))
    expect(rey.locator("main")).to_contain_text(say("state.reviewed"))
    press(_button(rey, say, "candidates.sign"))
    _first_candidate(cora, say, press)
    press(_button(cora, say, "candidates.countersign"))
    expect(cora.locator("main")).to_contain_text(say("state.identified"))
    press(cora.get_by_role("link", name=say("candidates.evidence")))
    expect(cora.locator("html")).to_have_attribute("lang", say.language)
    expect(cora.locator("h1").first).to_be_visible()
    with record.view() as view:
        states = [h.value.state for h in view.all("candidate").values()]
    assert states.count("identified") == 1
    assert record.verify() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_from_the_analysis_to_the_report(
    record: Record, origin: str, enter: Enter, consents: Path, language: str
) -> None:
    _whole_path(record, origin, enter, Words(language), _by_mouse, consents)


def test_the_same_by_the_keyboard_alone(record: Record, origin: str, enter: Enter, consents: Path) -> None:
    _whole_path(record, origin, enter, Words("en"), _by_keyboard, consents)
