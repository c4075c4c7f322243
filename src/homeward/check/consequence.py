"""One fault shows in many places: what another finding already explains is told as a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from homeward.check.finding import Finding

__all__ = ["with_consequences"]

_EXPLAINING = ("duplicate-person", "swapped-samples", "profile-does-not-fit", "misattributed-parentage")
_PAIRS = ("relationship-differs", "undeclared-relatives")


def with_consequences(
    explained: Sequence[Finding], pairs: Sequence[Finding], mendel: Iterable[tuple[Finding, int]], home: dict[str, int]
) -> list[Finding]:
    """All of them; pairs with a person whose profile or parentage is explained, and such families, as notes.

    ``home``: person → position of the merged family.
    """
    explaining = [f for f in (*pairs, *explained) if f.code in _EXPLAINING]
    by_person = {p: f.code for f in explaining for p in f.persons}
    by_family = {home[p]: f.code for f in explaining if f.code != "duplicate-person" for p in f.persons}
    told = [*(f for f in pairs if f.code == "duplicate-person"), *explained]
    for f in pairs:
        why = next((by_person[p] for p in f.persons if p in by_person), "")
        if f.code != "duplicate-person":
            told.append(_noted(f, why) if why and f.code in _PAIRS else f)
    for f, at in mendel:
        told.append(_noted(f, by_family[at]) if at in by_family else f)
    return told


def _noted(finding: Finding, why: str) -> Finding:
    return replace(finding, severity="note", evidence={**finding.evidence, "explained_by": why})
