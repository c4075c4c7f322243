"""Figures are cut, never rounded over a line that matters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from homeward.report.numbers import aligned, posterior_text, times_text


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.0, "0"),
        (1e-9, "< 0.0001"),
        (0.0002, "0.0002"),
        (0.5555555, "0.5555"),
        (0.99949999, "0.99949"),
        (0.9995, "0.9995"),
        (0.99996, "0.99996"),
        (0.9999987, "0.9999987"),
        (1 - 1e-12, "> 0.999999999"),
        (1.0, "> 0.999999999"),
    ],
)
def test_posterior_text(p: float, words: str) -> None:
    assert posterior_text(p).replace("\u00a0", " ") == words


@given(st.floats(0.0001, 1.0))
def test_no_posterior_is_printed_larger_than_it_is(p: float) -> None:
    shown = posterior_text(p).removeprefix(">\u00a0")
    assert float(shown) <= p + 2e-12
    assert p - float(shown) < 1e-4


@pytest.mark.parametrize(
    ("log10_lr", "words"),
    [(7.94, "87,000,000"), (0.0, "1"), (0.301, "2"), (-2.65, "1 / 450"), (None, ""), (float("-inf"), ""), (40.0, "")],
)
def test_times_text(log10_lr: float | None, words: str) -> None:
    assert times_text(log10_lr) == words


def test_decimal_points_stand_under_each_other() -> None:
    assert aligned(["0.5", "12", "0.9997"], " ") == ["0.5   ", "12     ", "0.9997"]
