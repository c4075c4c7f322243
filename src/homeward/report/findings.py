"""A finding about the data as a sentence, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.check import Finding
from homeward.report.numbers import log10_text
from homeward.report.words import Words

__all__ = ["finding_text", "told_by_warnings"]

_MOST = 6
"""Markers and samples named in a sentence; the JSON has them all."""


def finding_text(finding: Finding, say: Words) -> str:
    """What was found and what to do, in the language of ``say``."""
    shown: dict[str, str] = {key: _value(key, value, say) for key, value in finding.evidence.items()}
    for key in ("persons", "samples", "markers"):
        names: tuple[str, ...] = getattr(finding, key)
        shown[key] = _names(names) or say("nobody-in-particular")
    told = f"finding.{finding.code}"
    if finding.code == "sample-matches-person":  # his own sample usually bears his id: he is named once
        shown["samples"] = _names([s for s in finding.samples if s not in finding.persons])
    if finding.code == "families-merged":
        told += ".ids" if finding.severity == "warning" else ""
    elif finding.code == "provisional-population":
        told += f".{finding.evidence['reason']}" + (".close" if finding.evidence.get("close") else "")
    elif isinstance(families := finding.evidence.get("families"), tuple) and families:
        told, shown["families"] = f"{told}.families", _names([str(f) for f in families])
    return say.joined(say(told, **shown), say(f"do.{finding.action}"))


def told_by_warnings(finding: Finding) -> bool:
    """Whether `identify` has a warning of its own for it, so that a reader need not be told twice."""
    of_remains = not finding.persons
    of_tables = ("markers-without-frequencies", "provisional-population")
    return finding.code in ("related-remains", "sample-matches-person", "families-merged", *of_tables) or (
        of_remains and finding.code in ("sex-differs", "samples-differ")
    )


def _names(names: Sequence[str]) -> str:
    kept = ", ".join(names[:_MOST])
    return kept if len(names) <= _MOST else f"{kept}, …"


def _value(key: str, value: object, say: Words) -> str:
    if key == "relationship":
        return say(f"kin.{value}")
    if isinstance(value, str):
        return say(value) if value in say else value
    if isinstance(value, tuple):
        return ", ".join(_value(key, v, say) for v in value)
    if key.endswith("log10_lr") and isinstance(value, int | float):
        return log10_text(float(value))
    return f"{value:.3g}" if isinstance(value, float) else str(value)
