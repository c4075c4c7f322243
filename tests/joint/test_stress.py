"""Stress tests: what contends is solved again under one changed assumption; small cases agree with solving it all."""

from __future__ import annotations

from dataclasses import replace
from math import exp, log

import numpy as np
import pytest

from homeward.case import (
    Case,
    Doubt,
    Family,
    FrequencyTable,
    Incident,
    ListedPerson,
    ModelSettings,
    MutationRow,
    Remains,
    Sample,
    Settings,
    Typing,
    merge_families,
)
from homeward.genetics import Scenario, scenarios_of
from homeward.identify.joint.answer import Conclusion, Stress
from homeward.identify.joint.changes import edges_of, other_populations, with_faster_mutation
from homeward.identify.joint.component import Whole, component_of
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.solve import problems_of, units_of
from homeward.identify.joint.stress import complete_rows, stress_tests
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.pedigree import Member, Pedigree

ALLELES = ("6", "7", "8", "9", "10")
MARKERS = ("TH01", "D3S1358", "vWA", "FGA", "D8S1179")


def _table(name: str, shares: tuple[float, ...]) -> FrequencyTable:
    return FrequencyTable(name, False, {m: dict(zip(ALLELES, shares, strict=True)) for m in MARKERS})


NORTH = _table("north", (0.1, 0.2, 0.4, 0.2, 0.1))
SOUTH = _table("south", (0.3, 0.1, 0.2, 0.1, 0.3))
MUTATION = tuple(MutationRow(m, "both", "equal", 0.002) for m in MARKERS)


def _father(family: str) -> Family:
    """A missing man, his wife and their child."""
    members = [Member("M", sex="male"), Member("W", sex="female"), Member("C", "M", "W", "male")]
    return Family(family, Pedigree(members), ("M",))


def _brothers(family: str) -> Family:
    """Two missing brothers with their mother."""
    members = [Member("F", sex="male"), Member("W", sex="female")]
    members += [Member(b, "F", "W", "male") for b in ("A", "B")]
    return Family(family, Pedigree(members), ("A", "B"))


def _case(
    families: list[Family],
    profiles: dict[str, str],
    *,
    populations: tuple[FrequencyTable, ...] = (NORTH,),
    mutations: tuple[MutationRow, ...] = (),
    listed: tuple[ListedPerson, ...] = (),
    model: ModelSettings | None = None,
    **incident: object,
) -> Case:
    """Profiles are one genotype a marker, `67 88 ...` with `A` for allele 10; FAMILY/PERSON, or remains."""
    samples = [Sample(s, "person" if "/" in s else "remains", s) for s in profiles]
    rows = [
        Typing(s, m, tuple("10" if a == "A" else a for a in genotype))
        for s, text in profiles.items()
        for m, genotype in zip(MARKERS, text.split(), strict=False)
    ]
    return Case(
        "stressed",
        tuple(families),
        listed,
        tuple(Remains(s) for s in profiles if "/" not in s),
        tuple(samples),
        tuple(rows),
        populations,
        mutations,
        settings=Settings(Incident(**incident), model or ModelSettings(population=((populations[0].population, 1.0),))),
    )


def _whole(case: Case, scenarios: tuple[Scenario, ...] | None = None) -> Whole:
    scenarios = scenarios or scenarios_of(case)
    profiles = [gather(case, s.model) for s in scenarios]
    merging = merge_families(case)
    views = views_of(scenarios, profiles, merging, [s for s in case.samples if s.of == "remains"])
    joined = units_of(case, views[0])
    problems = problems_of(case, views, profiles, merging, joined)
    return Whole(case, scenarios, views, profiles, merging, joined, problems, solve_exactly(problems[0]))


def _posterior(whole: Whole, sample: str, missing: str) -> float:
    p = whole.posterior
    return float(p.marginals[p.samples.index(sample), p.names.index(missing)])


def _conclusion(whole: Whole, sample: str, missing: str) -> Conclusion:
    p = whole.posterior
    problem = whole.problems[0]
    family = next(f for f in problem.families if p.names.index(missing) in f.names)
    at = family.names.index(p.names.index(missing))
    ln = float(family.ln_given(at, ((),) * len(family.names))[p.samples.index(sample)])
    return Conclusion((sample,), (missing,), "identified", _posterior(whole, sample, missing), ln / log(10.0))


def _tests(whole: Whole, sample: str, missing: str) -> dict[str, Stress]:
    found = stress_tests(whole, [_conclusion(whole, sample, missing)])[0].stress
    assert [s.posterior for s in found] == sorted(s.posterior for s in found)
    return {s.change: s for s in found}


def _with_model(whole: Whole, **changed: object) -> Whole:
    """Everything solved again with other settings of the model."""
    case = whole.case
    settings = replace(case.settings, model=replace(case.settings.model, **changed))
    return _whole(case, scenarios_of(case, settings=settings))


def _with_incident(whole: Whole, **changed: object) -> Whole:
    case = whole.case
    settings = replace(case.settings, incident=replace(case.settings.incident, **changed))
    return _whole(replace(case, settings=settings))


TWO = {
    "F1/W": "66 77 88 99 67",
    "F1/C": "68 79 8A 79 78",
    "F2/W": "67 78 89 9A 68",
    "F2/A1": "",
    "V1": "88 9A AA 78 89",
    "V2": "68 78 99 9A 66",
    "V3": "78 88 89 99 68",
}


def _two() -> Case:
    """Two families, one with two brothers missing, on an open list with one more name."""
    profiles = {s: text for s, text in TWO.items() if text}
    return _case(
        [_father("F1"), _brothers("F2")],
        profiles,
        mutations=MUTATION,
        populations=(NORTH, SOUTH),
        listed=(ListedPerson("L1"),),
        strangers=0.02,
    )


def test_small_cases_agree_with_solving_everything_again():
    whole = _whole(_two())
    assert component_of(whole, _conclusion(whole, "V1", "F1/M")).left_out == ()
    found = _tests(whole, "V1", "F1/M")
    case = whole.case
    faster = [replace(s, model=with_faster_mutation(s.model, 5.0)) for s in whole.scenarios]
    again = {
        "theta:0.01": _with_model(whole, theta=0.01),
        "theta:0.03": _with_model(whole, theta=0.03),
        "mutation:x5": _whole(case, tuple(faster)),
        "population:south": _with_model(whole, population=(("south", 1.0),)),
        "strangers:0.05": _with_incident(whole, strangers=0.05),
        "strangers:0.2": _with_incident(whole, strangers=0.2),
        "size:x2": _with_incident(whole, size=8),
        "prior:bodies": _with_incident(whole, samples_are="bodies"),
    }
    for change, other in again.items():
        assert found[change].posterior == pytest.approx(_posterior(other, "V1", "F1/M"), abs=1e-9), change
    for change in ("theta:0.03", "mutation:x5", "population:south"):
        lr = _conclusion(again[change], "V1", "F1/M").log10_lr
        assert found[change].log10_lr == pytest.approx(lr, abs=1e-9), change
    moved = {round(found[change].posterior, 9) for change in again}
    assert len(moved) == len(again)
