"""The notebook runs from top to bottom, and what it shows shows itself."""

from __future__ import annotations

import ast
import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).parents[2] / "docs" / "first_steps.ipynb"
CELLS: list[dict[str, Any]] = json.loads(PATH.read_text(encoding="utf-8"))["cells"]


def run(source: str, names: dict[str, Any], where: str) -> Any:
    """The value of a cell's last expression, None if it ends with a statement."""
    body = ast.parse(source, where)
    last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, where, "exec"), names)
    if last is None:
        return None
    assert isinstance(last, ast.Expr)
    return eval(compile(ast.Expression(last.value), where, "eval"), names)


@pytest.fixture(scope="module")
def shown() -> dict[str, Any]:
    """Cell → what it shows, all run in one fresh namespace in their order."""
    names: dict[str, Any] = {"__name__": "__main__"}
    return {
        cell["id"]: run("".join(cell["source"]), names, cell["id"]) for cell in CELLS if cell["cell_type"] == "code"
    }


def picture(value: Any) -> str:
    """What a notebook would show: HTML if there is any, else SVG; plain text is no picture."""
    show = getattr(value, "_repr_html_", None) or getattr(value, "_repr_svg_", None)
    assert show is not None, f"{type(value).__name__} does not show itself"
    return str(show())


@pytest.mark.parametrize("cell", ["family", "drawing", "triangle", "bars"])
def test_drawings_show_themselves(shown: dict[str, Any], cell: str) -> None:
    assert ET.fromstring(picture(shown[cell])).tag.endswith("svg")


@pytest.mark.parametrize("cell", ["incident", "result", "pair", "candidate", "compare"])
def test_values_show_themselves(shown: dict[str, Any], cell: str) -> None:
    assert picture(shown[cell]).startswith('<div class="hw" lang="en">')


def test_nothing_else_is_shown(shown: dict[str, Any]) -> None:
    silent = {cell for cell, value in shown.items() if value is None}
    assert silent == {"truth", "two-men"}
    assert len(shown) == 11


def test_the_figures_are_what_the_text_says(shown: dict[str, Any]) -> None:
    assert shown["pair"].posterior > 0.9995
    lrs = shown["compare"].log10_lr.sum(axis=1)
    assert lrs[0] > lrs[1] > lrs[2] == 0
    assert "R-03" in picture(shown["result"]) and picture(shown["result"]).count("<svg") > 0
    assert f"{lrs[0]:.2f}" in picture(shown["bars"])


def test_it_is_kept_without_outputs_and_in_one_form() -> None:
    notebook = json.loads(PATH.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in CELLS]
    assert len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z-]{1,64}", i) for i in ids)
    for cell in CELLS:
        if cell["cell_type"] == "code":
            assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert PATH.read_text(encoding="utf-8") == json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
