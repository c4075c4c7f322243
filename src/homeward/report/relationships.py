"""Pairs of persons whose genotypes say another relationship than the record, in the relationship triangle."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from homeward.check import Finding
from homeward.draw import triangle_svg
from homeward.report.markup import section
from homeward.report.words import Words

__all__ = ["relationship_triangle"]

_MOST = 20
_NEAR = 0.02
"""Estimates this close are one point: less than the width of a mark."""
Kappa = tuple[float, float, float]


def relationship_triangle(findings: Sequence[Finding], say: Words) -> str:
    """A section with the warnings about pairs in one picture, the likeliest first; nothing if there are none."""
    pairs = [f for f in findings if f.severity == "warning" and _kappa(f, "estimated_kappa") is not None]
    pairs.sort(key=lambda f: -_lr(f))
    # names would lie on each other where pairs lie close: numbers stand in the picture, the names below it
    places: dict[tuple[object, Kappa | None], tuple[Kappa, list[str]]] = {}
    names = []
    for number, f in enumerate(pairs[:_MOST], 1):
        estimated, record = _kappa(f, "estimated_kappa"), _kappa(f, "declared_kappa")
        assert estimated is not None
        shown = record if f.code == "relationship-differs" else None
        near = tuple(round(k / _NEAR) for k in estimated)
        places.setdefault((near, shown), (estimated, []))[1].append(str(number))
        names.append(" – ".join(f.persons if len(f.persons) > 1 else f.samples))
    if not places:
        return ""
    points = [(", ".join(numbers), estimated) for estimated, numbers in places.values()]
    declared = {i: record for i, (_, record) in enumerate(places) if record is not None}
    listed = "".join(f"<li>{escape(name)}</li>" for name in names)
    picture = triangle_svg(points, declared=declared, title=say("triangle"), desc=say("triangle.note"))
    note = f'<p class="note">{say.html("triangle.note")}</p>'
    # who has no mouse must be able to move what is wider than the page
    drawn = f'<div class="scroll" tabindex="0" role="group" aria-label="{say.html("triangle")}">{picture}</div>'
    return section(say.html("triangle"), f"{note}{drawn}<ol>{listed}</ol>", id="triangle")


def _kappa(finding: Finding, key: str) -> Kappa | None:
    value = finding.evidence.get(key)
    if isinstance(value, tuple) and len(value) == 3:
        k0, k1, k2 = (float(v) for v in value)
        return k0, k1, k2
    return None


def _lr(finding: Finding) -> float:
    value = finding.evidence.get("log10_lr", 0.0)
    return float(value) if isinstance(value, int | float) else 0.0
