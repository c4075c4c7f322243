"""Small incidents with families that miss several, for tests of the joint answer."""

from __future__ import annotations

from dataclasses import replace

from homeward.case import Case
from homeward.simulate import simulate_incident

__all__ = ["incident"]


def incident(samples_are: str, seed: int, mutation: str, bodies: int = 4) -> Case:
    case, _ = simulate_incident(
        seed=seed,
        size=8,
        relatives={"child": 1, "brothers-son": 1},
        kin={"brother": 1, "cousin": 1},
        bodies=bodies,
        fragments=bodies + 1 if samples_are == "fragments" else None,
        samples_are="fragments" if samples_are == "fragments" else "bodies",
        strangers=0.1,
        typed=(0.1, 0.5),
    )
    # at some markers nobody alive is typed
    untyped, living = set(sorted(case.markers)[::4]), {s.id for s in case.samples if s.of == "person"}
    typings = tuple(t for t in case.typings if t.marker not in untyped or t.sample not in living)
    model = replace(case.settings.model, mutation=mutation)
    return replace(case, typings=typings, settings=replace(case.settings, model=model))
