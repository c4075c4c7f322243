"""The page for people who come from pedsuite or Familias: what it says of Homeward is run, row by row."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "pedsuite.md").read_text(encoding="utf-8")
CODE = re.compile(r"`([^`]+)`")


def rows() -> list[tuple[list[str], str]]:
    """Expressions of the Homeward column, and the code under *gives*."""
    found = []
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 3 and cells[1] != "Homeward":
            found.append((CODE.findall(cells[1]), "".join(CODE.findall(cells[2]))))
    return found


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the page starts from, and what its rows name."""
    known: dict[str, Any] = {}
    (start,) = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    exec(start, known)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        for codes, _ in rows():
            for code in codes:
                if isinstance(ast.parse(code).body[0], ast.Assign):
                    exec(code, known)
    return known


def same(a: Any, b: Any) -> bool:
    """Equal, numbers but for rounding."""
    if isinstance(a, list | tuple):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, float | int | np.floating) and isinstance(b, float | int):
        return bool(a == pytest.approx(b, abs=1e-12))
    return bool(a == b)


@pytest.mark.parametrize(("codes", "gives"), rows(), ids=lambda x: x[0] if isinstance(x, list) and x else "")
def test_what_the_page_says(codes: list[str], gives: str, names: dict[str, Any]) -> None:
    assert codes
    values = [eval(code, names) for code in codes if isinstance(ast.parse(code).body[0], ast.Expr)]
    if gives:
        assert len(values) == 1
        assert same(values[0], eval(gives, names)), f"{codes[0]} gives {values[0]}"


def test_no_row_is_left_out() -> None:
    """A stroke inside a cell would make it four cells, which is no row."""
    headed = [table.splitlines()[2:] for table in re.findall(r"(?:^\|.*\n)+", PAGE, flags=re.MULTILINE)]
    assert len(rows()) == sum(map(len, headed))
