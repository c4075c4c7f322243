"""The figures of Y and mtDNA: one incident with its lines, and besides without them, as a ratio of the two."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from homeward.case import Case, merge_families
from homeward.genetics import scenarios_of
from homeward.identify.joint.solve import solve
from homeward.identify.line_weights import weights_of
from homeward.identify.mixture import Found, compare_all
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.simulate import simulate_incident, with_mtdna, with_y
from validation.bench.measure import Work
from validation.joint import problem_of_case
from validation.studies.lineage_calibration import EAST_ASIA, Y_EAST_ASIA, mothers

__all__ = ["LINEAGE_FIGURES"]

KINDS = {"grandson": 30, "brothers-son": 28, "sisters-child": 26}
SECONDS = 60.0


def _with_and_without(work_of: Callable[[Case], Work], **asked: Any) -> Work:
    case, truth = simulate_incident(seed=1, strangers=0.02, partial=0.0, **asked)
    lined = with_mtdna(with_y(case, truth, Y_EAST_ASIA, seed=1), truth, mothers(EAST_ASIA), seed=1)
    work = work_of(lined)
    return Work(work.run, work.size, work.units, check=work.check, clean=work_of(case))


def _screened(case: Case) -> Work:
    """Every sample against every missing person; models and profiles are ready."""
    scenarios = scenarios_of(case)
    profiles = [gather(case, s.model) for s in scenarios]
    views = views_of(scenarios, profiles, merge_families(case), [s for s in case.samples if s.of == "remains"])
    size = {"remains": len(case.remains), "missing": len(views[0].columns)}

    def run() -> Found:
        weights_of.cache_clear()  # else what lines weigh would be remembered from the run before
        return compare_all(views, refuse=False)

    return Work(run, size, size["remains"] * size["missing"])


def _solved(case: Case) -> Work:
    """Weights and joint posterior, exactly."""
    scenarios = scenarios_of(case)
    size = {"samples": len(case.remains), "names": case.list_size, "families": len(case.families)}

    def run() -> Any:
        weights_of.cache_clear()
        return solve(problem_of_case(case, scenarios), seed=1, method="exact", seconds=SECONDS)

    return Work(run, size, size["samples"])


LINEAGE_FIGURES: dict[str, Callable[[], Work]] = {
    "screen_lineages": partial(_with_and_without, _screened, relatives=KINDS, bodies=183, samples_are="bodies"),
    "joint_lineages": partial(
        _with_and_without,
        _solved,
        size=12,
        relatives={"child": 2, "grandson": 2, "brothers-son": 2},
        kin={"brother": 4, "cousin": 2},
        bodies=12,
        samples_are="bodies",
    ),
}
