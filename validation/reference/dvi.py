"""What we claim of the disaster cases: all pairs, exclusions, direct matches."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from homeward.identify import SampleView, direct_matches, screen
from homeward.identify.undisputed import undisputed
from validation.incident import Incident
from validation.reference.registry import apart, claim, worst

__all__: list[str] = []

Json = Mapping[str, Any]
Floats = NDArray[np.float64]

SAME_BODY = math.log(1e4)
"""Samples with at least this ln LR of being one individual are joined, in the corpus."""
TOLERATED = 2
"""Incompatible markers that the corpus lets pass before it excludes."""


@claim("03_dvi", "pairwise")
def pairwise(case: Json) -> float:
    """Absolute difference of natural logs; who may be whom must be the same."""
    incident, expected = Incident(case), case["expected"]
    found = []
    if expected.get("loglik0") is not None:
        found.append(apart(incident.ln_likelihood_of_nobody_identified, expected["loglik0"]))
    for victim, allowed in (expected.get("pairings") or {}).items():
        ours = {"*"} | {m for m in incident.missing if incident.compatible(victim, m)}
        found.append(0.0 if ours == set(allowed) else math.inf)
    table = expected.get("pairwise_LR")
    if table is not None:
        ln_lr = screen(incident.samples, incident.columns, incident.model).ln_lr
        for victim, missing, value in _cells(table):
            if value is None:
                found.append(math.inf if incident.compatible(victim, missing) else 0.0)
            else:
                ours_ln = ln_lr[list(incident.sexes).index(victim), incident.missing.index(missing)]
                found.append(apart(float(ours_ln), math.log(value) if value > 0 else -math.inf))
    return worst(found)


@claim("03_dvi", "exclusions")
def exclusions(case: Json) -> float:
    """Incompatible markers of every pair, and who is excluded: all equal or not."""
    incident, expected = Incident(case), case["expected"]
    found = screen(incident.samples, incident.columns, incident.model.without_mutation(), refuse=False).impossible
    allowed = np.array([[incident.compatible(v, m) for m in incident.missing] for v in incident.sexes], dtype=bool)
    for victim, missing, value in _cells(expected.get("exclusion_matrix")):
        at = list(incident.sexes).index(victim), incident.missing.index(missing)
        if (int(found[at]) if allowed[at] else None) != value:
            return math.inf
    out = ~allowed | (found > TOLERATED)
    ours = {
        "PM": {v for v, row in zip(incident.sexes, out, strict=True) if row.all()},
        "AM": {m for m, column in zip(incident.missing, out.T, strict=True) if column.all()},
    }
    excluded = expected.get("find_excluded_maxIncomp2") or {}
    for side, key in (("PM", "Sample"), ("AM", "Missing")):
        if excluded.get(side) is not None and {row[key] for row in excluded[side]} != ours[side]:
            return math.inf
    return 0.0


@claim("03_dvi", "direct")
def direct(case: Json) -> float:
    """Absolute difference of ln LR between two samples (one sample with itself is no pair); groups must be equal."""
    expected = case["expected"]["direct_match"]
    incident = Incident(case)
    names = list(incident.sexes)
    view = SampleView(1.0, incident.model, [[(1.0, sample)] for sample in incident.samples])
    ln_lr = direct_matches([view], list(incident.sexes.values())).ln_lr
    found = [
        apart(float(ln_lr[names.index(a), names.index(b)]), math.log(value) if value > 0 else -math.inf)
        for a, b, value in _cells(expected.get("LR"))
        if a != b and value is not None
    ]
    if expected.get("groups") is not None:
        joined = {frozenset(group) for group in _groups(names, ln_lr)}
        found.append(0.0 if joined == {frozenset(group) for group in expected["groups"]} else math.inf)
    return worst(found)


@claim("03_dvi", "workflow")
def workflow(case: Json) -> float:
    """Who is undisputed for whom, under either rule of what a rival is: equal or not."""
    incident = Incident(case)
    may = np.array([[incident.compatible(v, m) for m in incident.missing] for v in incident.sexes], dtype=bool)
    for rule in ("strict", "nonstrict"):
        expected = case["expected"].get(f"undisputed_1e4_{rule}")
        if expected is None:
            continue
        found = undisputed(
            incident.samples, incident.columns, incident.model, threshold=1e4, strict=rule == "strict", allowed=may
        )
        theirs = {(row["Sample"], row["Missing"]) for row in expected if row["Conclusion"] == "Undisputed"}
        if {(u.sample, u.missing) for u in found} != theirs:
            return math.inf
    return 0.0


def _cells(table: Json | None) -> Iterable[tuple[str, str, float | None]]:
    """Row name, column name, value."""
    if table is None:
        return
    for row, values in zip(table["rows"], table["values"], strict=True):
        yield from ((row, column, value) for column, value in zip(table["cols"], values, strict=True))


def _groups(names: Sequence[str], ln_lr: Floats) -> list[set[str]]:
    """Samples joined, directly or through others."""
    groups = [{name} for name in names]
    for i, a in enumerate(names):
        for j, b in enumerate(names[:i]):
            if ln_lr[i, j] >= SAME_BODY:
                one, other = (next(g for g in groups if x in g) for x in (a, b))
                if one is not other:
                    groups.remove(other)
                    one |= other
    return groups
