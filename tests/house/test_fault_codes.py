"""Every code a fault can have is explained somewhere in the documents."""

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
    told = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    codes = dict(used())
    assert len(codes) > 80, "the search itself must find what there is"
    missing = {code: file for code, file in codes.items() if f"`{code}`" not in told}
    assert not missing
