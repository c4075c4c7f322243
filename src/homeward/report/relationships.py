"""Pairs of persons whose genotypes say another relationship than the record, in the relationship triangle."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.check import Finding
from homeward.draw import triangle_svg
from homeward.report.markup import section
from homeward.report.words import Words

__all__ = ["relationship_triangle"]

_MOST = 20
Kappa = tuple[float, float, float]


def relationship_triangle(findings: Sequence[Finding], say: Words) -> str:
    """A section with the warnings about pairs in one picture, the likeliest first; nothing if there are none."""
    pairs = [f for f in findings if f.severity == "warning" and _kappa(f, "estimated_kappa") is not None]
    pairs.sort(key=lambda f: -_lr(f))
    points, declared = [], {}
    for i, f in enumerate(pairs[:_MOST]):
        estimated, record = _kappa(f, "estimated_kappa"), _kappa(f, "declared_kappa")
        assert estimated is not None
        points.append((" – ".join(f.persons if len(f.persons) > 1 else f.samples), estimated))
        if record is not None and f.code == "relationship-differs":
            declared[i] = record
    if not points:
        return ""
    picture = triangle_svg(points, declared=declared, title=say("triangle"), desc=say("triangle.note"))
    note = f'<p class="note">{say.html("triangle.note")}</p>'
    return section(say.html("triangle"), f'{note}<div class="scroll">{picture}</div>', id="triangle")


def _kappa(finding: Finding, key: str) -> Kappa | None:
    value = finding.evidence.get(key)
    if isinstance(value, tuple) and len(value) == 3:
        k0, k1, k2 = (float(v) for v in value)
        return k0, k1, k2
    return None


def _lr(finding: Finding) -> float:
    value = finding.evidence.get("log10_lr", 0.0)
    return float(value) if isinstance(value, int | float) else 0.0
