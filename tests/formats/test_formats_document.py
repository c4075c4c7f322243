"""`docs/formats.md` names every format and every code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from homeward.formats import FORMATS
from homeward.formats.mt_collector import _REMEDIES, _WORDS
from homeward.formats.profiles import _MESSAGES

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "homeward" / "formats"
OTHERS = {"alleles", "table", "profiles_csv", "overrides", "results", "y_haplotypes", "__init__"}  # of case folders
OTHERS |= {"result_value", "bundle", "letterhead"}  # of reports: docs/reports.md
MODULES = [p for p in SOURCE.glob("*.py") if p.stem not in OTHERS]
TELLERS = {"Fault", "fault", "refuse", "_refuse", "note", "find"}


def codes() -> Iterator[str]:
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                if called in TELLERS:
                    for given in node.args[:2]:
                        if isinstance(given, ast.Constant) and re.fullmatch(
                            r"[a-z0-9]+(-[a-z0-9]+)+", str(given.value)
                        ):
                            yield str(given.value)
    yield from (*_MESSAGES, *_REMEDIES, *_WORDS, "bad-sequence", "not-mtdna")
    yield from ("no-profiles", "no-frequencies", "formula")  # built from parts, and a word of its own


def rows(part: str) -> set[str]:
    return set(re.findall(r"^\| `([a-z0-9-]+)`", part, flags=re.MULTILINE))


def test_every_code_is_documented_and_every_documented_code_is_used() -> None:
    documented = rows(DOCUMENT.partition("## Faults")[2])
    used = set(codes())
    assert used - documented == set()
    assert documented - used == set()


def test_every_format_is_documented_with_whether_it_is_written() -> None:
    table = DOCUMENT.partition("## What becomes")[0]
    for code, format in FORMATS.items():
        row = next((line for line in table.splitlines() if line.startswith("|") and f"`{code}`" in line), None)
        assert row is not None, code
        assert (row.split("|")[3].strip() == "yes") == format.written, code
