"""The agreement as bytes and back, and what cannot be agreed."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace

import pytest
from exchange_terms import TABLE, an_agreement
from hypothesis import given
from hypothesis import strategies as st

from homeward.case import FrequencyTable, Incident, LinkedMarkers, ModelSettings, Settings, Thresholds
from homeward.exchange.agreement import Agreement, ConsentScope, Quotas, checked
from homeward.exchange.form import read_form, written
from homeward.faults import Refusal
from homeward.formats.overrides import settings_toml


def test_it_is_the_same_value_after_a_journey() -> None:
    agreed = checked(an_agreement())
    again = read_form(Agreement, written(agreed))
    assert again == agreed
    assert again.hash == agreed.hash


def test_settings_are_those_of_a_case() -> None:
    """All of them, a mixture of populations and linked pairs too; a key that came later has its default."""
    linked = LinkedMarkers(("D5S818", "CSF1PO"), 0.3, 0.2)
    model = ModelSettings((("a", 0.25), ("b", 0.75)), theta=0.01, linked=(linked,))
    settings = Settings(Incident(183), model, thresholds=Thresholds(0.99))
    agreed = an_agreement(settings=settings_toml(settings))
    assert agreed.case_settings == settings
    less = "".join(line + "\n" for line in agreed.settings.splitlines() if not line.startswith("seconds"))
    assert an_agreement(settings=less).case_settings == settings


def test_its_bytes_are_those_of_rfc_8785() -> None:
    told = json.loads(written(an_agreement()))
    assert list(told) == sorted(told)
    assert b" :" not in written(an_agreement()) and b"40.0" not in written(an_agreement())


@pytest.mark.parametrize(
    "changes",
    [
        {"remains": an_agreement().families},
        {"until": "2025-12-31"},
        {"until": "2026-13-45"},
        {"until": "9999-12-31"},
        {"retention_days": 10**10},
        {"retention_days": -1},
        {"consent": ConsentScope("exchange", ("KR",))},
        {"plain": None, "private": None},
        {"panel": replace(an_agreement().panel, digests=("0" * 64,))},
        {"panel": replace(an_agreement().panel, tables=())},
        {"panel": replace(an_agreement().panel, alleles={**an_agreement().panel.alleles, "TPOX": ("8",)})},
        {"plain": replace(an_agreement().plain, posterior=0.0)},  # type: ignore[type-var]
        {"private": replace(an_agreement().private, steps=1)},  # type: ignore[type-var]
        {"quotas": Quotas(0, 1, 1)},
        {"settings": "[model]\nno_such_key = 1\n"},
        {"settings": '[model]\npopulation = "another"\n'},
        {"settings": "no TOML"},
    ],
    ids=lambda c: str(c)[:40],
)
def test_what_cannot_be_agreed(changes: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        checked(an_agreement(**changes))
    assert {f.code for f in refused.value.faults} == {"exchange-terms"}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"title":', '"titel":'),
        lambda text: text.replace('"until":', '"note":"x","until":'),
        lambda text: text.replace(":", ": ", 1),
        lambda text: text.replace('"KR"', '"kr"'),
        lambda text: text.replace('"retention_days":30', '"retention_days":"30"'),
        lambda text: text.replace('"retention_days":30', '"retention_days":9007199254740993'),
        lambda text: text.replace("0.25", "NaN"),
        lambda text: text.replace("An example", "\\ud800"),
        lambda text: "[" * 100_000,
        lambda text: text[:-1],
    ],
)
def test_other_bytes_are_refused(change: object) -> None:
    text = written(an_agreement()).decode()
    changed = change(text)  # type: ignore[operator]
    assert changed != text
    with pytest.raises(Refusal) as refused:
        read_form(Agreement, changed.encode())
    assert {f.code for f in refused.value.faults} == {"exchange-form"}


@given(st.data())
def test_no_byte_is_without_a_meaning(data: st.DataObject) -> None:
    """A table read from changed bytes is another table, or refused: nothing in a file goes unread."""
    good = written(TABLE)
    at = data.draw(st.integers(0, len(good) - 1))
    bad = bytearray(good)
    bad[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        assert read_form(FrequencyTable, bytes(bad)) != TABLE
    except Refusal as refusal:
        assert {f.code for f in refusal.faults} == {"exchange-form"}


@pytest.mark.parametrize("library", ["rfc8785", "pyrage"])
def test_without_its_libraries_it_says_what_to_install(library: str) -> None:
    code = f"import sys; sys.modules[{library!r}] = None; import homeward.exchange.sealing, homeward.exchange.form"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "exchange-not-installed" in done.stderr and "homeward[exchange]" in done.stderr


def test_a_strangers_key_cannot_speak_to_the_terminal() -> None:
    """An escape sequence in the name of a field is shown as letters."""
    told = json.loads(written(an_agreement()))
    for changed in ({**told, "\x1b[2Jx": 1}, {**told, "\x9b2J": 1}):
        with pytest.raises(Refusal) as refused:
            read_form(Agreement, json.dumps(changed).encode())
        places = "".join(f.column for f in refused.value.faults)
        assert places.isprintable() and places.isascii() and "2J" in places
