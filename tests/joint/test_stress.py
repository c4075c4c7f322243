"""Stress tests: what contends is solved again under one changed assumption; small cases agree with solving it all."""

from __future__ import annotations

from dataclasses import replace
from math import log

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
    NonDna,
    Remains,
    Run,
    Sample,
    Settings,
    Typing,
    merge_families,
)
from homeward.genetics import Scenario, scenarios_of
from homeward.identify.joint.answer import Conclusion, Stress
from homeward.identify.joint.changes import edges_of, other_populations, with_faster_mutation
from homeward.identify.joint.component import Component, component_of
from homeward.identify.joint.exact import solve_exactly
from homeward.identify.joint.solve import problems_of, units_of
from homeward.identify.joint.stress import complete_rows, stress_tests
from homeward.identify.joint.whole import Whole
from homeward.identify.joint.wrong import WrongEdges
from homeward.identify.views import views_of
from homeward.observe import gather
from homeward.pedigree import Member, Pedigree

ALLELES = ("6", "7", "8", "9", "10")
MARKERS = ("TH01", "D3S1358", "vWA", "FGA", "D8S1179")


def _table(name: str, shares: tuple[float, ...]) -> FrequencyTable:
    return FrequencyTable(name, False, {m: dict(zip(ALLELES, shares, strict=True)) for m in MARKERS})


NORTH = _table("north", (0.1, 0.2, 0.4, 0.2, 0.1))
SOUTH = _table("south", (0.3, 0.1, 0.2, 0.1, 0.3))
NORTH_ONLY = (("north", 1.0),)
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
    return _whole(replace(case, settings=settings))


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


def _family_changed(case: Case, at: int, family: Family) -> Whole:
    families = [family if k == at else f for k, f in enumerate(case.families)]
    return _whole(replace(case, families=tuple(families)))


def test_a_wrong_edge_changes_the_conclusion():
    whole = _whole(_two())
    found = _tests(whole, "V1", "F1/M")
    # the child is all that speaks for the missing man: with another father nothing does
    unknown = [Member("M", sex="male"), Member("U", sex="male"), Member("W", sex="female")]
    unknown.append(Member("C", "U", "W", "male"))
    other = _family_changed(whole.case, 0, Family("F1", Pedigree(unknown), ("M",)))
    assert _posterior(whole, "V1", "F1/M") > 0.99
    assert found["edge:F1/C:father:unstated"].posterior < 0.6
    assert found["edge:F1/C:father:unstated"].log10_lr == 0.0
    assert found["edge:F1/C:father:unstated"].posterior == pytest.approx(_posterior(other, "V1", "F1/M"), abs=1e-9)


def test_fathers_who_may_not_be_are_a_doubt_about_every_father():
    whole = _whole(_two())
    found = _tests(whole, "V1", "F1/M")["misattributed-paternity:0.02"]
    family = replace(whole.case.families[0], doubts=(Doubt("C", None, "W", 0.02),))
    other = _family_changed(whole.case, 0, family)
    assert found.posterior == pytest.approx(_posterior(other, "V1", "F1/M"), abs=1e-9)


def test_the_prior_of_a_stated_doubt_is_told_with_its_edge():
    case = _two()
    family = replace(case.families[0], doubts=(Doubt("C", None, "W", 0.05),))
    whole = _whole(replace(case, families=(family, case.families[1])))
    assert "edge:F1/C:father:0.05" in _tests(whole, "V1", "F1/M")


def test_only_edges_that_something_hangs_on_are_tried():
    members = [Member("M", sex="male"), Member("W", sex="female"), Member("G", sex="male"), Member("H", sex="female")]
    members[1] = Member("W", "G", "H", "female")
    members += [Member("C", "M", "W", "male"), Member("D", "M", "W", "female")]
    case = _case([Family("F", Pedigree(members), ("M",))], {"F/C": "66 77 88 99 67", "V": "66"})
    family = merge_families(case).families[0]
    tried = {(e.child, e.role) for e in edges_of(family, {"F/C"})}
    # D is neither typed nor missing; W is no founder, and a typed child hangs on her
    assert tried == {("F/C", "father"), ("F/C", "mother"), ("F/W", "father"), ("F/W", "mother")}


def test_a_mixture_is_each_of_its_populations_alone():
    model = ModelSettings(population=(("north", 0.7), ("south", 0.3)))
    case = replace(_two(), settings=Settings(Incident(strangers=0.02), model))
    scenarios = scenarios_of(case)
    each = [_with_model(_whole(_two()), population=((id, 1.0),)) for id in ("north", "south")]
    ln = np.array([w.posterior.method.ln_evidence for w in each]) + np.log([0.7, 0.3])
    share = np.exp(ln - np.logaddexp.reduce(ln))
    together = sum(s * _posterior(w, "V1", "F1/M") for s, w in zip(share, each, strict=True))
    whole = _whole(case, scenarios)
    c = replace(_conclusion(whole, "V1", "F1/M"), posterior=together)
    found = {s.change: s.posterior for s in stress_tests(whole, [c])[0].stress}
    for id, w in zip(("north", "south"), each, strict=True):
        assert found[f"population:{id}"] == pytest.approx(_posterior(w, "V1", "F1/M"), abs=1e-9)
    # under another prior each population weighs as well as it explains everything then
    open_list = [_with_incident(w, strangers=0.2) for w in each]
    ln = np.array([w.posterior.method.ln_evidence for w in open_list]) + np.log([0.7, 0.3])
    share = np.exp(ln - np.logaddexp.reduce(ln))
    expected = sum(s * _posterior(w, "V1", "F1/M") for s, w in zip(share, open_list, strict=True))
    assert found["strangers:0.2"] == pytest.approx(expected, abs=1e-9)
    assert [id for id, _ in other_populations(case, scenarios)] == ["north", "south"]


def test_a_group_is_tried_as_a_group():
    whole = _whole(_two())
    p = whole.posterior
    rows = p.marginals[1:3, 1:3]
    both = sum(a.posterior for a in p.assignments if {dict(a.who)["V2"], dict(a.who)["V3"]} == {"F2/A", "F2/B"})
    assert rows.max() < 0.51
    c = Conclusion(("V2", "V3"), ("F2/A", "F2/B"), "group", both)
    found = {s.change: s.posterior for s in stress_tests(whole, [c])[0].stress}
    other = _with_incident(whole, strangers=0.2).posterior
    expected = sum(a.posterior for a in other.assignments if {dict(a.who)["V2"], dict(a.who)["V3"]} == {"F2/A", "F2/B"})
    assert found["strangers:0.2"] == pytest.approx(expected, abs=1e-9)
    assert found["edge:F2/A:mother:unstated"] == min(found[k] for k in found if k.startswith("edge"))


def test_an_exclusion_is_tried_as_one():
    case = _case(
        [_father("F1")],
        {"F1/W": "66 77 88 99 67", "F1/C": "68 79 8A 79 78", "V": "66 66 66 66 66"},
        mutations=MUTATION,
        strangers=0.3,
    )
    whole = _whole(case)
    outside = 1.0 - _posterior(whole, "V", "F1/M")
    c = Conclusion(("V",), (), "excluded", outside)
    found = {s.change: s.posterior for s in stress_tests(whole, [c])[0].stress}
    faster = _whole(case, tuple(replace(s, model=with_faster_mutation(s.model, 5.0)) for s in whole.scenarios))
    assert found["mutation:x5"] == pytest.approx(1.0 - _posterior(faster, "V", "F1/M"), abs=1e-12)
    assert found["mutation:x5"] < outside
    # with another father for the child nothing speaks against him any more: P = 0.7
    assert found["edge:F1/C:father:unstated"] == pytest.approx(0.3, abs=1e-9)
    assert "strangers:0.2" not in found


def test_what_is_not_likely_is_not_tried():
    whole = _whole(_two())
    low = Conclusion(("V2",), ("F2/A",), "disputed", 0.5)
    none = Conclusion(("V1",), (), "inconclusive", None)
    assert stress_tests(whole, [low, none]) == (low, none)


def test_no_mutation_and_no_other_population_are_no_tests():
    case = replace(_two(), mutations=(), populations=(NORTH,))
    whole = _whole(replace(case, settings=Settings(Incident(), ModelSettings(population=(("north", 1.0),)))))
    found = _tests(whole, "V1", "F1/M")
    assert not any(k.startswith("mutation") for k in found)
    # the nearest bundled population stands for another where the case has one table
    assert [k for k in found if k.startswith("population:")]


def test_what_is_not_tried_is_told_with_its_reason():
    case = replace(
        _two(), mutations=(), settings=Settings(Incident(strangers=0.2), ModelSettings(population=NORTH_ONLY))
    )
    whole = _whole(case)
    c = replace(_conclusion(whole, "V1", "F1/M"), posterior=0.95)
    (found,) = stress_tests(whole, [c])
    assert {(u.change, u.why) for u in found.untested} == {
        ("mutation", "nothing-mutates"),
        ("strangers", "list-as-open"),
    }
    heads = {s.change.partition(":")[0] for s in found.stress}
    assert heads == {"theta", "population", "edge", "misattributed-paternity", "size", "prior"}


def test_every_edge_is_tried_and_the_worst_told():
    whole = _whole(_two())
    c = _conclusion(whole, "V1", "F1/M")
    family = whole.merged[0]
    edges = edges_of(family, {"F1/W", "F1/C"})
    tried = WrongEdges(whole, [component_of(whole, c)], [0]).edges[0]
    assert tried == edges and len(edges) == 2
    told = [s for s in stress_tests(whole, [c])[0].stress if s.change.startswith("edge:")]
    assert len(told) == 1


def test_listed_persons_told_apart_by_others_are_one_group_here():
    """What is known of other samples than those inside tells nobody apart: one group, the same answer."""
    listed = tuple(ListedPerson(f"L{k}") for k in range(12))
    stated = tuple(NonDna("V3", f"L{k}", "age", 1.0 + k / 10, "") for k in range(12))
    case = replace(_two(), listed=listed, non_dna=stated)
    whole = _whole(case)
    assert len(whole.problems[0].groups) == 12
    c = _conclusion(whole, "V1", "F1/M")
    only = Component(whole, ((0,),), (0,), {})
    narrow = only.problem(whole.problems[0], 0)
    assert narrow is not None
    # all listed persons, and those of the family left out, whom DNA may tell apart
    assert sorted(g.size for g in narrow.groups) == [2, 12]
    assert c.posterior is not None


def test_faster_mutation_keeps_rows_and_stops_at_one_half():
    model = scenarios_of(_two())[0].model
    for times, rate in ((5.0, 0.01), (1000.0, 0.5)):
        matrix = with_faster_mutation(model, times).loci[0].from_father
        assert np.allclose(matrix.sum(axis=1), 1.0)
        assert 1.0 - np.diag(matrix).min() == pytest.approx(rate)


def test_a_list_that_may_be_incomplete_is_varied():
    whole = _whole(_two())
    c = _conclusion(whole, "V1", "F1/M")
    low = replace(whole.case.settings, thresholds=replace(whole.case.settings.thresholds, posterior=0.99))
    whole = replace(whole, case=replace(whole.case, settings=low))
    rows = {complete: (proposed, right) for complete, proposed, right in complete_rows(whole, [c])}
    assert list(rows) == sorted(rows, reverse=True)
    assert 0.98 in rows  # the one used
    for complete, (proposed, right) in rows.items():
        p = _posterior(_with_incident(whole, strangers=1.0 - complete), "V1", "F1/M")
        assert proposed == (p >= 0.99)
        assert right == pytest.approx(p if proposed else 1.0, abs=1e-9)
    assert rows[1.0][0] == 1
    assert rows[0.5] == (0, 1.0)


def test_no_row_for_a_closed_list_that_does_not_hold_everybody():
    case = replace(_two(), listed=())
    settings = replace(case.settings, incident=Incident(size=3, samples_are="bodies", strangers=0.1))
    samples = [*case.samples, Sample("V4", "remains", "V4")]
    case = replace(case, settings=settings, samples=tuple(samples), remains=(*case.remains, Remains("V4")))
    whole = _whole(case)
    rows = complete_rows(whole, [_conclusion(whole, "V1", "F1/M")])
    assert [r[0] for r in rows] == [0.98, 0.95, 0.9, 0.8, 0.5]


def _many(victims: int) -> Case:
    """Eight families, each missing one man, on five markers that tell them apart badly."""
    chance = np.random.default_rng(3)
    drawn = chance.choice(list("6789A"), p=[0.1, 0.2, 0.4, 0.2, 0.1], size=(8, 2, 2, 5))
    families, profiles = [], {}
    for k, (man, woman) in enumerate(drawn):
        families.append(_father(f"F{k}"))
        profiles[f"F{k}/C"] = " ".join(a + b for a, b in zip(man[0], woman[0], strict=True))
        profiles[f"F{k}/W"] = " ".join(a + b for a, b in zip(*woman, strict=True))
        if k < victims:
            profiles[f"V{k}"] = " ".join(a + b for a, b in zip(*man, strict=True))
    return _case(families, profiles, mutations=MUTATION, strangers=0.02)


def _likeliest(whole: Whole) -> tuple[str, str]:
    p = whole.posterior
    own = p.marginals[:, : len(p.names)]
    i = int(own.max(axis=1).argmax())
    return p.samples[i], p.names[int(own[i].argmax())]


def _with_stress(whole: Whole, mode: str) -> Whole:
    settings = whole.case.settings
    return replace(whole, case=replace(whole.case, settings=replace(settings, run=Run(stress=mode))))


def test_what_does_not_contend_is_held():
    """Many families: only what contends is solved again, and what is left keeps its weight."""
    whole = _whole(_many(5))
    sample, name = _likeliest(whole)
    c = _conclusion(whole, sample, name)
    component = component_of(whole, c)
    assert component is not None
    assert component.left_out
    found = {s.change: s.posterior for s in stress_tests(whole, [c])[0].stress}
    for change, other in (
        ("strangers:0.2", _with_incident(whole, strangers=0.2)),
        ("theta:0.03", _with_model(whole, theta=0.03)),
        ("size:x2", _with_incident(whole, size=16)),
    ):
        assert found[change] == pytest.approx(_posterior(other, sample, name), abs=2e-3), change
        assert found[change] != pytest.approx(c.posterior, abs=1e-4), change


def test_deep_tests_solve_everything_again_where_quick_ones_hold_the_rest():
    whole = _whole(_many(8))
    sample, name = "V1", "F1/M"
    c = _conclusion(whole, sample, name)
    (quick,) = stress_tests(whole, [c])
    (deep,) = stress_tests(_with_stress(whole, "deep"), [c])
    assert ("rest", "held") in {(u.change, u.why) for u in quick.untested}
    assert "held" not in {u.why for u in deep.untested}
    off = {}
    for change, other in (
        ("strangers:0.2", _with_incident(whole, strangers=0.2)),
        ("theta:0.03", _with_model(whole, theta=0.03)),
        ("size:x2", _with_incident(whole, size=16)),
    ):
        expected = _posterior(other, sample, name)
        assert {s.change: s.posterior for s in deep.stress}[change] == pytest.approx(expected, abs=1e-9), change
        off[change] = abs({s.change: s.posterior for s in quick.stress}[change] - expected)
    assert 1e-7 < max(off.values()) < 5e-3


def test_no_tests_where_none_are_wanted():
    whole = _with_stress(_whole(_two()), "off")
    (found,) = stress_tests(whole, [replace(_conclusion(whole, "V1", "F1/M"), posterior=0.95)])
    assert found.stress == () and [(u.change, u.why) for u in found.untested] == [("all", "off")]
    assert complete_rows(whole, [found])


def test_a_body_of_many_samples_is_taken_as_one():
    profiles = {s: text for s, text in TWO.items() if text}
    profiles |= {f"V1{k}": TWO["V1"] for k in "abc"}
    case = _case([_father("F1"), _brothers("F2")], profiles, mutations=MUTATION, listed=(ListedPerson("L1"),))
    whole = _whole(case)
    samples = ("V1", "V1a", "V1b", "V1c")
    together = sum(a.posterior for a in whole.posterior.assignments if {dict(a.who)[s] for s in samples} == {"F1/M"})
    found = stress_tests(whole, [Conclusion(samples, ("F1/M",), "identified", together, 2.0)])[0].stress
    other = _with_incident(whole, strangers=0.2).posterior
    expected = sum(a.posterior for a in other.assignments if {dict(a.who)[s] for s in samples} == {"F1/M"})
    assert together > 0.9
    assert {s.change: s.posterior for s in found}["strangers:0.2"] == pytest.approx(expected, abs=1e-3)
