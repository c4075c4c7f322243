"""What of a result's warnings needs a person, and how pressing it is; the rest stands in its own section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from homeward.check import Finding
from homeward.identify import Result, Warning

__all__ = ["Point", "gathered", "warning_points"]

_FIRST = 1
_RANKS = {
    "signed-impossible": 0,
    "signed-against": _FIRST,
    "signed-moves": _FIRST,
    "sample-matches-person": _FIRST,
    "related-remains": 5,
    "families-merged": 7,
    "markers-without-frequencies": 6,
    "haplotypes-not-weighed": 6,
    "small-haplotype-database": 7,
    "haplotype-population": 7,
    "loci-not-in-database": 7,
    "provisional-population": 4,
    "pedigree-doubted": 4,
    "linked-markers": 6,
    "theta-sampled": 7,
}
_GATHERED = (
    "same-body",
    "related-remains",
    "population-matters",
    "provisional-population",
    "theta-sampled",
    "linked-markers",
)
# what is said at each sample and asks nothing of anybody
_TOLD_THERE = ("dropout-estimated",)
_DOUBT_WORTH_DECIDING = 0.05
_DOUBT_SPOKEN_OF = 1.5


@dataclass(frozen=True)
class Point:
    """Something a person must look at: a stable code and its parameters; small ``rank`` first."""

    rank: int
    code: str
    parameters: Mapping[str, str | int | float]
    finding: Finding | None = None


def warning_points(result: Result) -> list[Point]:
    """The warnings that ask for a decision, many of one kind as one."""
    joined_by_ids = {
        f.evidence.get("families"): f
        for f in result.findings
        if f.code == "families-merged" and f.severity == "warning"
    }
    told: dict[tuple[str, bool], list[Point]] = {}
    for w in result.warnings:
        if w.code in _TOLD_THERE or (w.code == "pedigree-doubted" and not _open(w)):
            continue
        families = tuple(str(w.parameters.get("families", "")).split(", "))
        if w.code == "families-merged" and families in joined_by_ids:
            told[w.code + str(families), False] = [Point(_FIRST, w.code, {}, joined_by_ids[families])]
            continue
        mere_labels = str(w.parameters.get("reason", "")).endswith("labels")
        rank = 7 if mere_labels else _RANKS.get(w.code, 3)
        # what concerns the whole calculation is not one of many families
        told.setdefault((w.code, w.parameters.get("family") == ""), []).append(Point(rank, w.code, w.parameters))
    return [point for same in told.values() for point in gathered(same)]


def _open(w: Warning) -> bool:
    """Whether the references make a doubt about the register likelier, enough for somebody to go and ask."""
    prior, posterior = float(w.parameters.get("prior", 0.0)), float(w.parameters.get("posterior", 1.0))
    return posterior >= _DOUBT_WORTH_DECIDING and posterior >= min(0.5, _DOUBT_SPOKEN_OF * prior)


def gathered(points: Sequence[Point]) -> list[Point]:
    """More than two findings of one kind about pairs become one, which names the strongest."""
    if len(points) < 3 or points[0].code not in _GATHERED:
        return list(points)
    first = max(points, key=_strength)
    n = len(points)
    if first.code == "provisional-population":
        n = len({family for p in points for family in str(p.parameters.get("family", "")).split(", ")})
    return [Point(first.rank, f"many-{first.code}", {**first.parameters, "n": n})]


def _strength(p: Point) -> float:
    """What makes one of many findings of a kind the one to name."""
    known = p.parameters
    if p.code == "population-matters":
        return float(known["high"]) - float(known["low"])
    key = {"theta-sampled": "error", "linked-markers": "worst"}.get(p.code, "log10_lr")
    return abs(float(known.get(key, 0.0)))
