"""joint_against_alone: how many bodies are named, all weighed together and each by itself, where kin are distant.

183 names, 24 STRs, a closed list; every referenced victim has one grandchild, or two by different children.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import mean, stdev
from typing import Any

from homeward.genetics import scenarios_of
from homeward.identify.joint.solve import solve
from homeward.simulate import simulate_incident
from validation.joint import problem_of_case
from validation.studies.claims import THRESHOLD, Claims
from validation.studies.incidents import SIZE, Whole, alone, sort
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study, told

__all__ = ["JOINT_AGAINST_ALONE"]

DRAWS = 6
"""Incidents of each row at scale 1."""
SECONDS = 60.0
"""Work allowed to each, as `run.seconds`."""
POPULATION = "US_NIST1036_Asian"
MARKERS = 24
"""Of the 29 STRs of that table."""
T95 = {2: 12.71, 3: 4.30, 4: 3.18, 5: 2.78, 6: 2.57, 7: 2.45, 8: 2.36, 9: 2.31, 10: 2.26}
"""Quantiles of Student's t for 95% intervals of the mean of so many draws."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    grandchildren: int
    references: int
    bodies: int

    def __str__(self) -> str:
        kin = "two grandchildren" if self.grandchildren == 2 else "one grandchild"
        return f"{kin}, references for {self.references}, bodies {self.bodies}"


ROWS = (Row(2, 84, 40), Row(2, 183, 40), Row(1, 84, SIZE), Row(2, 84, SIZE), Row(2, SIZE, SIZE))


def _drawn(row: Row, seed: int) -> Whole:
    half = row.references // 2
    case, truth = simulate_incident(
        seed=seed,
        size=SIZE,
        relatives={"grandson": half, "grandchild": row.references - half},
        second_relative=1.0 if row.grandchildren == 2 else 0.0,
        bodies=row.bodies,
        samples_are="bodies",
        strangers=0.0,
        partial=0.0,
        population=POPULATION,
    )
    kept = set(sorted(case.markers)[:MARKERS])
    case = replace(case, typings=tuple(t for t in case.typings if t.marker in kept))
    scenarios = scenarios_of(case)
    return Whole(seed, case, truth, scenarios, problem_of_case(case, scenarios))


def _one(row: Row, seed: int, seconds: float) -> tuple[Claims, bool]:
    """The claims of one draw, and whether its chains converged."""
    whole = _drawn(row, seed)
    found = solve(whole.problem, seed=1, seconds=seconds)
    claims = Claims()
    sort(claims, "joint", found.marginals, whole.problem, whole)
    sort(claims, "alone", alone(whole.problem), whole.problem, whole)
    return claims, found.method.converged


def _work(scale: float, seed: int) -> Outcome:
    draws = round(DRAWS * scale)
    rows = [row for row in (ROWS if draws else ROWS[:1]) for _ in range(max(1, draws))]
    pieces = [(str(row), seed + k) for k, row in enumerate(rows)]
    seconds = SECONDS * min(1.0, 10 * scale)
    done = told("joint_against_alone", pieces, seed, (_one(row, seed + k, seconds) for k, row in enumerate(rows)))
    of_row: dict[Row, list[tuple[Claims, bool]]] = {}
    for row, found in zip(rows, done, strict=True):
        of_row.setdefault(row, []).append(found)
    table = {row: _line(each) for row, each in of_row.items()}
    together = Claims()
    for each in of_row.values():
        for claims, converged in each:
            if converged:
                together.rows["joint"] += claims.rows.get("joint: name", [])
    closed = [line for row, line in table.items() if row.bodies == SIZE and row.grandchildren == 2]
    bounds = (
        Bound("false names above 0.9995, against the 99% quantile of their number", *together.false_above("joint")),
        Bound(
            "rows of two grandchildren and all bodies found where each alone names as many",
            sum(line["joint"]["mean"] <= line["alone"]["mean"] for line in closed),
            0,
        ),
    )
    figures = {"draws": max(1, draws), "threshold": THRESHOLD, "rows": {str(r): line for r, line in table.items()}}
    return Outcome(len(rows), bounds, figures, _plot(table))


def _line(each: Sequence[tuple[Claims, bool]]) -> dict[str, Any]:
    found: dict[str, Any] = {"converged": sum(converged for _, converged in each)}
    for method in ("joint", "alone"):
        counts = [len(claims.above(f"{method}: name")) for claims, _ in each]
        false = [sum(not true for _, true in claims.above(f"{method}: name")) for claims, _ in each]
        found[method] = {"counts": counts, "false": sum(false), **_mean(counts)}
    return found


def _mean(counts: Sequence[int]) -> dict[str, float]:
    """The mean with its 95% interval by Student's t; of one draw the interval is unknown and left out."""
    middle = mean(counts)
    if len(counts) < 2:
        return {"mean": middle}
    half = T95.get(len(counts), 2.23) * stdev(counts) / math.sqrt(len(counts))
    return {"mean": middle, "low": max(0.0, middle - half), "high": middle + half}


def _plot(table: dict[Row, dict[str, Any]]) -> str:
    marks = [
        Mark(at + 0.15 * (series - 0.5), line[m]["mean"], series, line[m].get("low"), line[m].get("high"))
        for at, line in enumerate(table.values())
        for series, m in enumerate(("joint", "alone"))
    ]
    ticks = [
        (float(k), f"{'2' if r.grandchildren == 2 else '1'}, {r.references}, {r.bodies}") for k, r in enumerate(table)
    ]
    return scatter_svg(
        "Bodies named above 0.9995, mean of the draws with its 95% interval",
        Axis("grandchildren, references for, bodies found", -0.5, len(table) - 0.5, ticks),
        Axis("bodies named", 0.0, float(SIZE), [(float(v), str(v)) for v in (0, 50, 100, 150)]),
        marks,
        key=("joint", "alone"),
    )


JOINT_AGAINST_ALONE = Study("joint_against_alone", 183_084, _work)
