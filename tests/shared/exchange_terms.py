"""An agreement small enough to know by heart, and how to change a part of it."""

from __future__ import annotations

from homeward.case import FrequencyTable, Incident, ModelSettings, Settings, Thresholds
from homeward.exchange.agreement import (
    Agreement,
    ConsentScope,
    DropoutClass,
    Inputs,
    Missed,
    Panel,
    Party,
    Plain,
    Private,
    Quotas,
)
from homeward.exchange.form import hashed, written
from homeward.formats.overrides import settings_toml

__all__ = ["ALLELES", "TABLE", "an_agreement"]

TABLE = FrequencyTable(
    "example",
    False,
    {"TH01": {"6": 0.2, "7": 0.25, "8": 0.35, "9": 0.15, "9.3": 0.05}, "TPOX": {"8": 0.5, "11": 0.5}},
)
ALLELES = {"TH01": ("6", "7", "8", "9", "9.3", "10"), "TPOX": ("8", "9", "10", "11", "12"), "AMEL": ("X", "Y")}


def _party(name: str, country: str, digit: str) -> Party:
    return Party(name, country, digit * 64, "age1" + "q" * 57 + digit.replace("1", "p"), Inputs("0" * 64, 3))


def an_agreement(**changes: object) -> Agreement:
    """The agreement of two parties that nobody knows, with some fields changed."""
    parts: dict[str, object] = {
        "format": "homeward-agreement 1",
        "title": "An example",
        "remains": _party("remains-office", "JP", "2"),
        "families": _party("families-office", "KR", "3"),
        "auditor": None,
        "basis": "A law that does not exist",
        "consent": ConsentScope("exchange", ("JP", "KR")),
        "panel": Panel(ALLELES, (TABLE,), (hashed(written(TABLE)),), (), (), (DropoutClass(0.1, 0.01, 0.0, None),)),
        "settings": settings_toml(
            Settings(Incident(5), ModelSettings((("example", 1.0),), mutation="none"), thresholds=Thresholds(0.9))
        ),
        "plain": Plain(0.5, 2, ("sex", "grouping", "dropout"), False, (Missed("child", 0.0, 100, 1),)),
        "private": Private(("child",), 4.0, 0.5, 128, 32768, 40, 2, (0.1,), False, (Missed("child", 0.01, 100, 1),)),
        "quotas": Quotas(10, 10, 2),
        "since": "2026-01-01",
        "until": "2126-12-31",
        "retention_days": 30,
        "program": "homeward 0.1.0",
    }
    return Agreement(**{**parts, **changes})  # type: ignore[arg-type]
