"""What would settle a conclusion: each reason that keeps it open asks for something, and nothing else does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from homeward.identify.joint.answer import Conclusion, Reason, Stress
from homeward.report.settle import settling
from homeward.report.words import Words


def view(share: float = 0.9999, provisional: bool = False) -> Any:
    """As much of a joint answer as is asked."""
    told = (1,) if provisional else ()
    inner = SimpleNamespace(
        threshold=0.9995, provisional=lambda m: told, name=lambda m: "", households={}, case=SimpleNamespace(listed=())
    )
    return SimpleNamespace(
        view=inner, share=lambda c: share, stress=lambda c: sorted(c.stress, key=lambda s: s.posterior), name_at={}
    )


def conclusion(*codes: str, stress: tuple[Stress, ...] = (), **parameters: str) -> Conclusion:
    return Conclusion(
        ("R1",), ("F1/M1",), "probable", 0.9, reasons=tuple(Reason(c, parameters) for c in codes), stress=stress
    )


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("below-threshold", "settle.more"),
        ("four-errors", "settle.sampling"),
        ("no-shared-markers", "settle.shared"),
        ("rival-body", "settle.rival-body"),
        ("rests-on-signed", "settle.rests-on-signed"),
        ("prior-dependent", "settle.prior-dependent"),
        ("group", "settle.group"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja", "ko"])
def test_a_reason_asks_for_something(code: str, word: str, language: str) -> None:
    say = Words(language)
    assert settling(view(), say, conclusion(code)) == [say.html(word)]


def test_what_keeps_nothing_open_asks_for_nothing() -> None:
    assert settling(view(), Words(), conclusion("undisputed", "one-body", "runner-up", who="stranger")) == []
    assert settling(view(provisional=True), Words(), conclusion()) == [Words().html("settle.population")]


def test_kin_are_named() -> None:
    (told,) = settling(view(), Words(), conclusion("kin-on-list", missing="F1/M2", relationship="siblings"))
    assert "F1/M2" in told
    (told,) = settling(view(), Words(), conclusion("runner-up", who="F1/M3", relationship="siblings"))
    assert "F1/M3" in told


def test_assumptions_under_which_it_falls() -> None:
    stress = (Stress("theta:0.03", 0.9), Stress("edge:C:mother:unstated", 0.1), Stress("theta:0.01", 0.99999))
    (told,) = settling(view(), Words(), conclusion(stress=stress))
    assert "0.03" in told and "0.01" not in told and "mother" not in told
    assert settling(view(share=0.9), Words(), conclusion(stress=stress)) == [], "it was below all the time"
