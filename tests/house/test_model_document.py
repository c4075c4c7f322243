"""The page of formulas names functions that exist where it says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "model.md"
LINKS = re.findall(r"\[`(\w+)`\]\(([^)]+\.py)\)", PAGE.read_text(encoding="utf-8"))


def test_every_linked_name_is_defined_in_its_file() -> None:
    assert len(LINKS) > 30
    for name, target in LINKS:
        file = (PAGE.parent / target).resolve()
        assert file.is_file(), target
        defined = {
            node.name
            for node in ast.parse(file.read_text(encoding="utf-8")).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }
        assert name in defined, f"{target} has no {name}"


def test_every_door_of_likelihood_and_identify_that_computes_is_on_the_page() -> None:
    named = {name for name, _ in LINKS}
    assert {"ln_likelihoods", "tables", "oracle_likelihood", "screen", "direct_matches", "compare"} <= named
    assert {"bone_kinship", "merge_families", "alone", "called", "with_dropout", "apply_policies"} <= named


def test_it_fits_two_pages() -> None:
    assert len(PAGE.read_text(encoding="utf-8").splitlines()) <= 230
