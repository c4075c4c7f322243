"""Every code that a fault or a warning can have is explained somewhere in the documents."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
# what makes a fault of its first argument
MAKERS = {"Fault", "fault", "_fault", "_refusal"}


def used() -> Iterator[tuple[str, str]]:
    """(code, file) of every fault that the source writes out."""
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                first = node.args[0] if node.args else None
                if name in MAKERS and isinstance(first, ast.Constant) and CODE.fullmatch(str(first.value)):
                    yield str(first.value), path.name


def test_every_fault_code_is_documented() -> None:
    told = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").rglob("*.md"))
    codes = dict(used())
    assert len(codes) > 80, "the search itself must find what there is"
    missing = {code: file for code, file in codes.items() if f"`{code}`" not in told}
    assert not missing


def warned() -> Iterator[tuple[str, str]]:
    """(code, file) of every warning that the source writes out, and of every doubt that becomes one."""
    for path in sorted((ROOT / "src" / "homeward").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in WARNERS and isinstance(node, ast.Call) and node.args:
                for each in ast.walk(node.args[0]):
                    if isinstance(each, ast.Constant) and CODE.fullmatch(str(each.value)):
                        yield str(each.value), path.name


WARNERS = {"Warning", "DatabaseDoubt"}


def test_every_warning_code_is_documented_and_has_words() -> None:
    """Told in `docs/commands.md`, and in the words of the reports."""
    told = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    codes = dict(warned())
    assert len(codes) > 20, "the search itself must find what there is"
    assert {"small-haplotype-database", "theta-sampled", "signed-against"} <= set(codes)
    words = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "src/homeward/report").glob("english*.py"))
    missing = {
        code: file for code, file in codes.items() if f"`{code}`" not in told or f'"warning.{code}"' not in words
    }
    assert not missing
