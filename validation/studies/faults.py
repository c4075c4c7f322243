"""check_planted_faults: what is wrong in a case is found, and a sound case is left in peace."""

from __future__ import annotations

import math
from collections import Counter

from homeward.check import FALSE_ALARMS, check
from homeward.genetics import Model, scenarios_of
from validation.studies.planted import PLANTS, Plant, sound, the_model
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["CHECK_PLANTED_FAULTS"]

SOUND, PLANTED = 500, 60
"""Sound cases, and cases with each fault."""
MISSED = 0.05
"""Share of the faults that the data can show which may be missed."""


def _work(scale: float, seed: int) -> Outcome:
    model = the_model()[0].model
    sound_cases, planted = max(2, round(SOUND * scale)), max(1, round(PLANTED * scale))
    alarms = [codes for k in range(sound_cases) if (codes := _warned(seed + k, model))]
    found = {p.name: sum(_found(p, seed + 1_000_000 + k, model) for k in range(planted)) for p in PLANTS}
    missed = {p.name: 1 - found[p.name] / planted for p in PLANTS if p.shown}
    bounds = (
        Bound("share of sound cases with a warning", len(alarms) / sound_cases, FALSE_ALARMS),
        Bound("largest share missed of a fault that the data can show", max(missed.values()), MISSED),
    )
    figures = {
        "sound_cases": sound_cases,
        "sound_cases_with_a_warning": len(alarms),
        "warnings_in_sound_cases": dict(Counter(code for codes in alarms for code in codes)),
        "cases_with_each_fault": planted,
        "faults": [
            {"fault": p.name, "codes": p.code.split("|"), "data_can_show_it": p.shown, "found": found[p.name] / planted}
            for p in PLANTS
        ],
    }
    return Outcome(sound_cases + planted * len(PLANTS), bounds, figures, _plot(found, planted))


def _warned(seed: int, model: Model) -> list[str]:
    """Codes of the warnings of a sound case."""
    case = sound(seed, model).case()
    return [f.code for f in check(case, scenarios_of(case)) if f.severity == "warning"]


def _found(plant: Plant, seed: int, model: Model) -> bool:
    at = sound(seed, model)
    named = plant.put(at)
    case = at.case()
    return plant.found(check(case, scenarios_of(case)), named)


def _plot(found: dict[str, int], planted: int) -> str:
    shares = [count / planted for count in found.values()]
    marks = [
        Mark(k + 1, s, 0 if p.shown else 1, _edge(s, planted, -2), _edge(s, planted, 2))
        for k, (p, s) in enumerate(zip(PLANTS, shares, strict=True))
    ]
    return scatter_svg(
        "Faults found, by kind",
        Axis(
            "kind of fault, in the order of the report",
            0,
            len(PLANTS) + 1,
            [(k + 1, str(k + 1)) for k in range(len(PLANTS))],
        ),
        Axis("share found, ± 2 standard errors", 0, 1.05, [(x, f"{x:g}") for x in (0, 0.25, 0.5, 0.75, 0.95, 1)]),
        marks,
        line=[(0, 1 - MISSED), (len(PLANTS) + 1, 1 - MISSED)],
        key=("the data can show it", "power only"),
    )


def _edge(share: float, n: int, z: float) -> float:
    return min(max(share + z * math.sqrt(share * (1 - share) / n), 0.0), 1.0)


CHECK_PLANTED_FAULTS = Study("check_planted_faults", 620_000, _work)
