"""What a person is shown before a letter leaves is what leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from exchange_sides import DAY, Pair, digest

from homeward.cli import exchange_views
from homeward.exchange.families_side import disclose
from homeward.exchange.remains_side import confirm
from homeward.exchange.side import open_side


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_views, "today", lambda: DAY)


def shown(pair: Pair, capfd: pytest.CaptureFixture[str], written: Path) -> tuple[str, dict[str, object]]:
    """What the families' side is shown, and every byte that would be sealed; the folder is as it was."""
    source = pair.source("families")
    before = digest(pair.kr)
    for file in (None, written):
        exchange_views.preview(pair.kr, source.case, [], source.consents, False, file)
    assert digest(pair.kr) == before
    told: dict[str, object] = json.loads(written.read_bytes())
    return capfd.readouterr().out, told


def test_of_an_answer(asked: Pair, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    said, letter = shown(asked, capfd, tmp_path / "letter.json")
    assert "stays here: every typing, every LR, every pair that is no hit" in said
    assert said.count("F00") >= 4 and "4 remains, 4 families" in said
    assert b"F00" not in (tmp_path / "letter.json").read_bytes()
    assert letter["payload"].keys() == {  # type: ignore[attr-defined]
        "request",
        "hits",
        "compared_remains",
        "compared_families",
        "sealed",
    }


def test_of_a_disclosure(answered: Pair, copy: Path, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pair = answered.copied(copy)
    with open_side(pair.jp) as side:
        confirm(side, DAY, ["first"])
    pair.carry(pair.jp)
    said, letter = shown(pair, capfd, tmp_path / "letter.json")
    assert "fields that stay here: name, born" in said and "samples that stay here: " in said
    with open_side(pair.kr) as side:
        disclose(side, pair.source("families"), ["second"])
        sent = json.loads(side.store.read("letters/families-0002.json"))
    assert sent["payload"] == letter["payload"], "what was shown is what left"
