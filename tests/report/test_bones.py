"""Every element, side and stage has words in every language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from homeward.case.elements import ELEMENTS
from homeward.formats.case_folder.remains_csv import SIDES
from homeward.report.bones import element_text
from homeward.report.catalogue import LANGUAGES
from homeward.report.words import Words

SOURCE = Path(__file__).parents[2] / "src" / "homeward"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_element_and_side_is_said(language: str) -> None:
    say = Words(language)
    told = [element_text(say, element) for element in ELEMENTS]
    assert len(set(told)) == len(ELEMENTS), "two elements have one word"
    if language != "en":
        assert not [word for word in told if re.search("[a-z]{3}", word)]
    assert all(f"side.{side}" in say for side in SIDES)


def test_a_side_stands_with_its_element() -> None:
    assert element_text(Words("en"), "femur", "left") == "left femur"
    assert element_text(Words("ja"), "femur", "left") == "左大腿骨"
    assert element_text(Words("ko"), "femur", "left") == "좌측 대퇴골"
    assert element_text(Words("en"), "") == "not stated"


def test_every_stage_of_a_calculation_is_said() -> None:
    """What a worker tells while it identifies."""
    rooms = ("identify", "check", "genetics")
    sources = [f.read_text(encoding="utf-8") for room in rooms for f in (SOURCE / room).rglob("*.py")]
    stages = {s for text in sources for s in re.findall(r'progress\(\s*"([a-z-]+)"', text)}
    assert len(stages) > 5
    assert [s for s in sorted(stages) if f"stage.{s}" not in Words("en")] == []
