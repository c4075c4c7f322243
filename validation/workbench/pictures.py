"""`python -m validation.workbench.pictures [FOLDER] [--only PAGE]`: every page as it looks.

In three languages, two widths, light and dark.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser

from homeward.report.catalogue import LANGUAGES
from validation.workbench.driven import chromium, come_in, served
from validation.workbench.stage import staged
from validation.workbench.visits import Visit, visits

__all__ = ["FOLDER", "WIDTHS", "picture_name"]

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
WIDTHS = (1200, 390)
_SCALE = {1200: 0.6, 390: 0.8}
"""Dots a pixel: some hundreds of pictures are to remain a few megabytes."""
_QUALITY = 40
_TALLEST = 1600
"""Pixels of a page that are shown; what is below goes on as above."""


def picture_name(visit: Visit, language: str, width: int, dark: bool) -> str:
    """The file of one picture."""
    return f"{visit.name}.{language}.{width}.{'dark' if dark else 'light'}.jpg"


def take(browser: Browser, origin: str, asked: list[Visit], folder: Path) -> int:
    """Pictures of pages into a folder; how many."""
    taken = 0
    for account, width, dark in product(dict.fromkeys(v.account for v in asked), WIDTHS, (False, True)):
        context = come_in(browser, origin, account, width=width, dark=dark, scale=_SCALE[width])
        page = context.new_page()
        for visit, language in product([v for v in asked if v.account == account], LANGUAGES):
            page.goto(visit.address(language))
            page.wait_for_load_state("networkidle")
            height = min(int(page.evaluate("document.documentElement.scrollHeight")), _TALLEST)
            page.screenshot(
                path=folder / picture_name(visit, language, width, dark),
                type="jpeg",
                quality=_QUALITY,
                full_page=True,
                clip={"x": 0, "y": 0, "width": width, "height": height},
            )
            taken += 1
        context.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--only", default="", help="pages whose name begins so")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        record = staged(Path(scratch))
        wanted = [v for v in visits(record) if v.name.startswith(asked.only)]
        with served(record) as origin, chromium() as browser:
            taken = take(browser, origin, wanted, asked.folder)
        record.engine.dispose()
    print(f"pictures: {taken} in {asked.folder.name}")


if __name__ == "__main__":
    main()
