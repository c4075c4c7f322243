"""The report as a browser shows it: alone on a machine without a network, at the width of a desk and of a telephone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from homeward.formats import read_case
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.report import result_html

ROOT = Path(__file__).parents[2]
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published case's report; a script of the test's own writes down how wide it is."""
    case = read_case(ROOT / "demo" / "published")
    html = result_html(identify(case, scenarios_of(case), seed=1))
    measure = "<script>document.title = document.documentElement.scrollWidth + ' of ' + innerWidth</script>"
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(html.replace("</body>", measure + "</body>"), encoding="utf-8")
    return path


def test_the_report_asks_nobody_for_anything(report: Path) -> None:
    """No script but ours, no address that would be loaded."""
    html = report.read_text(encoding="utf-8")
    assert html.count("<script") == 1
    assert not re.search(r"""(?:src|srcset|action)\s*=|<link[^>]+href|url\(\s*["']?(?!#|data:)|@import""", html)


@pytest.mark.parametrize("width", [1200, 500])
def test_the_page_fits_and_complains_of_nothing(chromium: str, report: Path, tmp_path: Path, width: int) -> None:
    done = subprocess.run(
        [chromium, *QUIET, f"--user-data-dir={tmp_path}", f"--window-size={width},900", "--dump-dom", report.as_uri()],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "CONSOLE" not in done.stderr, done.stderr
    found = re.search(r"<title>(\d+) of (\d+)</title>", done.stdout)
    assert found, done.stderr[-2000:]
    assert int(found[1]) <= int(found[2]), "the page is wider than the window"
