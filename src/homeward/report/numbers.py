"""Figures as people read them: never rounded across a line that matters."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, log10

from homeward.draw import log10_text

__all__ = ["aligned", "log10_text", "posterior_text", "proportion_text", "times_text"]

_FIGURE_SPACE = "\u2007"
_NEAREST = 9


def posterior_text(p: float) -> str:
    """A probability cut off, not rounded: 0.99996 stays 0.99996, and nothing below 1 is shown as 1.

    Four decimals, or above 0.999 as many as show two figures of what is left to 1.
    """
    if p >= 1 - 10**-_NEAREST:
        return ">\u00a00." + "9" * _NEAREST
    if p <= 0:
        return "0"
    if p < 1e-4:
        return "<\u00a00.0001"
    decimals = 4 if p < 0.999 else min(_NEAREST, max(4, ceil(-log10(1 - p)) + 1))
    # 1e-12 undoes the last bit of 0.9995 * 10**5 without lifting anything over a printed digit
    cut = floor(p * 10**decimals + 1e-12 * 10**decimals) / 10**decimals
    shown = f"{cut:.{decimals}f}"
    return shown[:6] + shown[6:].rstrip("0")


def proportion_text(p: float) -> str:
    """A frequency, rate or share as given: up to six significant figures."""
    return f"{p:.6g}"


def times_text(log10_lr: float | None) -> str:
    """An LR in numbers a person can say: 87,000,000 or 1 / 450; empty where there is none."""
    if log10_lr is None or log10_lr == -inf or abs(log10_lr) > 12:
        return ""
    times = 10 ** abs(log10_lr)
    step = 10 ** max(0, floor(log10(times)) - 1)
    shown = f"{round(times / step) * step:,}" if times >= 10 else f"{times:.2g}"
    return shown if log10_lr >= 0 else f"1 / {shown}"


def aligned(texts: Sequence[str], fill: str = _FIGURE_SPACE) -> list[str]:
    """The same texts, filled on the right so that decimal points stand under each other when set flush right."""
    tails = [len(t.partition(".")[2]) + ("." in t) for t in texts]
    longest = max(tails, default=0)
    return [t + fill * (longest - tail) for t, tail in zip(texts, tails, strict=True)]
