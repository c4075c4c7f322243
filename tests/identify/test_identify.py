"""`identify` and `compare` against cases worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hand_cases import CHILD, case, example, father, run, warnings

from homeward import Refusal
from homeward.case import (
    Case,
    Family,
    FrequencyTable,
    Hypothesis,
    ListedPerson,
    MutationRow,
    Remains,
)
from homeward.genetics import scenarios_of
from homeward.identify import compare, identify
from homeward.identify.posterior import Listed, alone
from homeward.pedigree import Member, Pedigree, nuclear


def test_the_contracts_example():
    """V1 passes 6 with ½: LR 1/(4·0.2) = 1.25, and 1/(2·0.5) = 1 at TPOX; prior odds 1."""
    result = run(example())
    v1, v2 = (result.pair[v, "F1/Mi"] for v in ("V1", "V2"))
    assert [10**t.log10_lr for t in v1.terms] == pytest.approx([1.25, 1.0])
    assert v1.posterior == pytest.approx(0.5555555555555556, rel=1e-14)
    assert 10**v2.log10_lr == pytest.approx(1.0) and v2.posterior == pytest.approx(0.5)
    assert [o.stranger for o in result.outside] == pytest.approx([0.4444444444444444, 0.5])
    (direct,) = result.direct
    assert direct.log10_lr == -float("inf") and (direct.markers, direct.mismatches) == (1, 1)


@pytest.mark.parametrize("size", [10, 183])
def test_listed_people_without_references_and_names_not_known(size):
    """LR 1.25 against (1−π)/N for each of the others and π for a stranger; nobody is lost."""
    unreferenced = Family("F9", nuclear(["Mo"], "male", father="Fo", mother="So"), ("Mo",))
    c = case(
        [father("F1"), unreferenced],
        {"V1": {"TH01": "6/9.3"}, "F1/Ki": {"TH01": "6/7"}},
        listed=(ListedPerson("L1", "male"), ListedPerson("L2")),
        size=size,
        strangers=0.02,
    )
    result = run(c)
    name = 0.98 / size
    total = 1.25 * name + (size - 1) * name + 0.02
    (outside,) = result.outside
    assert result.pair["V1", "F1/Mi"].posterior == pytest.approx(1.25 * name / total)
    assert outside.unreferenced == pytest.approx((size - 1) * name / total)
    assert outside.stranger == pytest.approx(0.02 / total)
    assert [m.references for m in result.missing] == [1, 0, 0, 0]


def test_a_contradiction_of_sex_multiplies_by_the_sex_error():
    c = case(
        [father("F1")],
        {"V1": {"TH01": "6/9.3"}, "F1/Ki": {"TH01": "6/7"}},
        remains=(Remains("V1", "female"),),
        listed=(ListedPerson("L1", "male"), ListedPerson("L2", "female")),
        strangers=0.1,
    )
    result = run(c)
    pair, (outside,) = result.pair["V1", "F1/Mi"], result.outside
    total = 0.3 * 1.25 * 0.001 + 0.3 * (0.001 + 1.0) + 0.1
    assert pair.status == "sex" and 10**pair.log10_lr == pytest.approx(1.25)
    assert pair.posterior == pytest.approx(0.3 * 1.25 * 0.001 / total)
    assert outside.unreferenced == pytest.approx(0.3 * 1.001 / total)


def test_a_closed_list_that_nobody_fits():
    c = case([father("F1")], {"V1": {"TH01": "8/9.3"}, "F1/Ki": {"TH01": "6/7"}}, strangers=0.0)
    result = run(c)
    pair, (outside,) = result.pair["V1", "F1/Mi"], result.outside
    assert pair.log10_lr == -float("inf") and pair.exclusions == 1
    assert (pair.posterior, outside.stranger, outside.unreferenced) == (0.0, 0.0, 0.0)
    assert warnings(result)["nobody-possible"] == {"sample": "V1"}


def test_a_closed_list_of_one_is_certain_however_poor_the_match():
    listed = Listed(1, 0.0, ("male",), (), 0.001)
    assert alone(np.array([-900.0]), "male", listed)[0].tolist() == [1.0]
    two = Listed(2, 0.0, ("male", "female"), (), 0.001)
    assert alone(np.array([-900.0, -900.0]), "male", two)[0].tolist() == pytest.approx([1 / 1.001, 0.001 / 1.001])
    assert alone(np.array([2000.0]), "male", Listed(9, 0.1, ("male",), (), 0.001))[0].tolist() == [1.0]


def test_exclusions_are_counted_without_mutation():
    rows = (MutationRow("TH01", "both", "equal", 0.01),)
    c = case([father("F1")], {"V1": {"TH01": "8/9.3"}, "F1/Ki": {"TH01": "6/7"}}, mutations=rows)
    pair = run(c).pair["V1", "F1/Mi"]
    # the child got 6 and 7, whose chances from an untyped parent are p(1 − 0.01) + (1 − p)·0.0025
    six, seven = 0.2 * 0.99 + 0.8 * 0.0025, 0.25 * 0.99 + 0.75 * 0.0025
    assert 10**pair.log10_lr == pytest.approx(0.0025 * (six + seven) / (2 * six * seven))
    assert pair.exclusions == 1


def test_nothing_in_common():
    c = case([father("F1")], {"V1": {"TPOX": "8/8"}, "F1/Ki": {"TH01": "6/7"}}, strangers=0.5)
    pair = run(c).pair["V1", "F1/Mi"]
    assert (pair.status, pair.log10_lr, pair.terms) == ("no-shared-markers", None, ())
    assert pair.posterior == pytest.approx(0.5)


def test_dropout_is_weighed_genotype_by_genotype():
    c = case([father("F1")], {"V1": {"TPOX": "8"}, "F1/Ki": {"TPOX": "8/8"}}, dropout={"V1": 0.2})
    # the father of an 8/8 is 8/8 or 8/11 with probability ½ each
    expected = (0.5 * 0.8 + 0.5 * 0.16) / (0.25 * 0.8 + 0.5 * 0.16)
    assert 10 ** run(c).pair["V1", "F1/Mi"].log10_lr == pytest.approx(expected)


def test_an_unknown_typing_says_nothing_and_nothing_seen_does():
    typed = {"F1/Ki": {"TPOX": "8/8"}}
    unknown = run(case([father("F1")], {"V1": {"TPOX": "?/?"}, **typed}, dropout={"V1": 0.2}))
    assert unknown.pair["V1", "F1/Mi"].status == "no-shared-markers"
    half = run(case([father("F1")], {"V1": {"TPOX": "8/?"}, **typed}, dropout={"V1": 0.2}))
    # 8 is seen of 8/8 and of 8/11 with 1 − 0.2; 8 is in all the fathers an 8/8 can have and in ¾ of men
    assert 10 ** half.pair["V1", "F1/Mi"].log10_lr == pytest.approx(1 / 0.75)


def test_several_samples_of_a_reference_are_one_person():
    twice = {"F1/Ki": {"TH01": "6/7"}, "F1/Ki#2": {"TH01": "6/7", "TPOX": "8/11"}}
    once = {"F1/Ki": CHILD}
    bone = {"V1": {"TH01": "6/9.3", "TPOX": "8/8"}}
    two, one = (run(case([father("F1")], bone | r)) for r in (twice, once))
    assert two.pair["V1", "F1/Mi"].log10_lr == pytest.approx(one.pair["V1", "F1/Mi"].log10_lr)
    assert two.missing[0].references == 1


# replicates and sexes


@pytest.mark.parametrize(
    ("typing", "fine"),
    [
        ("6/7|6/7", True),
        ("6/7|7/6", True),
        ("6/7|6/?", True),
        ("6/?|7/?", True),
        ("6/7|6/6", False),
        ("6/7|8/?", False),
        ("6/6|7/?", False),
        ("6/?|7/?|8/?", False),
    ],
)
def test_replicates_need_one_genotype_behind_them(typing, fine):
    c = case([father("F1")], {"V1": {"TH01": typing}, "F1/Ki": {"TH01": "6/7"}})
    if fine:
        assert run(c).pair["V1", "F1/Mi"].log10_lr is not None
    else:
        with pytest.raises(Refusal) as refused:
            run(c)
        (fault,) = refused.value.faults
        assert (fault.code, fault.sample, fault.marker) == ("conflicting-replicates", "V1", "TH01")


def test_what_dropout_cannot_explain_is_refused():
    c = case([father("F1")], {"V1": {"TH01": ""}, "F1/Ki": {"TH01": "6/7"}}, dropout={"V1": 0.0})
    with pytest.raises(Refusal) as refused:
        run(c)
    assert [(f.code, f.sample, f.marker) for f in refused.value.faults] == [("impossible-dropout", "V1", "TH01")]


def test_two_alleles_on_a_mans_x_are_said_and_not_computed_with():
    c = case(
        [father("F1")],
        {
            "V1": {"DXS8378": "10/11", "TH01": "6/7"},
            "V2": {"DXS8378": "10", "TH01": "6/7"},
            "F1/Ki": {"DXS8378": "10/11"},
        },
        remains=(Remains("V1", "male"), Remains("V2", "male")),
    )
    result = run(c)
    assert result.pair["V1", "F1/Mi"].status == "no-shared-markers"
    assert 10 ** result.pair["V2", "F1/Mi"].log10_lr == pytest.approx(0.5 / 0.3)
    assert warnings(result)["sex-contradicted"] == {"sample": "V1", "recorded": "male", "shown": "female"}
    assert [d.markers for d in result.direct] == [1]


@pytest.mark.parametrize(
    ("amel", "recorded", "expected", "told"),
    [
        ("X/Y", "unknown", "male", False),
        ("X/X", "unknown", "female", False),
        ("X/Y", "female", "female", True),
        ("X/X", "female", "female", False),
    ],
)
def test_sex_from_the_record_then_amelogenin(amel, recorded, expected, told):
    c = case(
        [father("F1")],
        {"V1": {"TH01": "6/7", "AMEL": amel}, "F1/Ki": {"TH01": "6/7"}},
        remains=(Remains("V1", recorded),),
    )
    result = run(c)
    assert result.samples[0].sex == expected
    assert ("sex-contradicted" in warnings(result)) == told


def test_an_x_typing_of_a_relative_of_unknown_sex_is_left_out_and_said():
    c = case([father("F1", "unknown")], {"V1": {"DXS8378": "10"}, "F1/Ki": {"DXS8378": "10/11", "TPOX": "8/8"}})
    result = run(c)
    assert result.pair["V1", "F1/Mi"].status == "no-shared-markers"
    assert warnings(result)["x-typing-not-used"] == {"person": "F1/Ki"}


def test_remains_recorded_as_one_body_whose_profiles_differ():
    bodies = (Remains("V1", individual="B1"), Remains("V2", individual="B1"), Remains("V3", individual="B2"))
    c = case([father("F1")], {v: {"TH01": g} for v, g in (("V1", "6/7"), ("V2", "8/9"), ("V3", "6/7"))}, remains=bodies)
    assert warnings(run(c))["one-body-differs"] == {"a": "V1", "b": "V2", "mismatches": 1}


def test_a_missing_mans_own_earlier_sample_is_no_contamination(monkeypatch):
    monkeypatch.setattr("homeward.identify.run._MATCH_WORTH_TELLING", math.log(1000))
    rare = {"TH01": "9.3/9.3", "TPOX": "8/8"}
    result = run(case([father("F")], {"V1": rare, "F/Mi": rare, "F/Ki": {"TH01": "9.3/9", "TPOX": "8/11"}}))
    assert result.pair["V1", "F/Mi"].log10_lr == pytest.approx(-math.log10(0.05**2 * 0.5**2))
    assert "sample-matches-person" not in warnings(result)
    living = run(case([father("F")], {"V1": rare, "F/Wi": rare, "F/Ki": {"TH01": "9.3/9", "TPOX": "8/11"}}))
    assert warnings(living)["sample-matches-person"]["person"] == "F/Wi"


def test_equal_profiles_are_one_individual_rather_than_kin():
    rare = {f"M{i}": {"1": 0.01, "2": 0.99} for i in range(4)}
    c = case([], {"V1": dict.fromkeys(rare, "1/1"), "V2": dict.fromkeys(rare, "1/1"), "V3": dict.fromkeys(rare, "1/2")})
    c = replace(c, populations=(FrequencyTable("rare", False, rare),))
    told = [(w.parameters["a"], w.parameters["b"]) for w in run(c).warnings if w.code == "related-remains"]
    assert told == [("V1", "V3"), ("V2", "V3")]


# hypotheses


def paternity(name: str, related: bool, sex: str = "male") -> Hypothesis:
    members = [Member("F/f", sex="male"), Member("F/m", sex="female")]
    parents = ("F/f", "F/m") if related else (None, None)
    return Hypothesis(name, Pedigree([*members, Member("F/c", *parents, sex)]))


def kinship_case(*hypotheses: Hypothesis, **typings: str) -> Case:
    family = Family("F", hypotheses[0].pedigree.relabelled({p: p[2:] for p in ("F/f", "F/m", "F/c")}), ())
    typed = typings or {"TH01": "6/7"}
    return case([family], {"F/f": dict.fromkeys(typed, "6/9.3"), "F/c": dict(typed)}, hypotheses=hypotheses)


def test_the_other_way_round_is_the_inverse():
    h1, h2 = paternity("father", True), paternity("unrelated", False)
    c = kinship_case(h1, h2)
    there = compare(c, scenarios_of(c))
    back = compare(c, scenarios_of(c), [h2, h1])
    assert 10 ** there.log10_lr[0, 0] == pytest.approx(1.25)
    assert there.log10_lr[0] == pytest.approx(-back.log10_lr[0])


def test_an_inbred_person_stays_inbred_where_a_hypothesis_leaves_him_out():
    """6/9.3 and 6/7 of father and child: 1/(4p₆), his chance of 6/9.3 being the same under both."""
    couple = [Member("F/f", sex="male", founder_inbreeding=0.3), Member("F/m", sex="female")]
    h1 = Hypothesis("H1", Pedigree([*couple, Member("F/c", "F/f", "F/m", "male")]))
    h2 = Hypothesis("H2", Pedigree([Member("F/c", sex="male")]))
    c = kinship_case(h1, h2)
    assert 10 ** compare(c, scenarios_of(c)).log10_lr[0, 0] == pytest.approx(1 / (4 * 0.2))


def test_a_sex_that_differs_between_hypotheses_is_refused_where_there_are_x_markers():
    c = case(
        [Family("F", nuclear(["c"], "male", father="f", mother="m"), ())],
        {"F/m": {"DXS8378": "10/11"}, "F/c": {"DXS8378": "10"}},
        hypotheses=(paternity("one", True), paternity("other", False, "female")),
    )
    with pytest.raises(Refusal) as refused:
        compare(c, scenarios_of(c))
    assert [(f.code, f.value) for f in refused.value.faults] == [("sex-differs", "F/c")]
    unknown = (paternity("one", True), paternity("other", False, "unknown"))
    with pytest.raises(Refusal) as refused:
        compare(c, scenarios_of(c), unknown)
    assert [(f.code, f.value) for f in refused.value.faults] == [("sex-needed", "F/c")]


def test_no_hypothesis_is_refused():
    c = kinship_case(paternity("father", True))
    with pytest.raises(Refusal):
        compare(c, scenarios_of(c), [])


def test_one_population_twice_is_that_population():
    c = example()
    (scenario,) = scenarios_of(c)
    half = replace(scenario, weight=0.5)
    one, two = identify(c, [scenario], seed=1), identify(c, [half, half], seed=1)
    for a, b in zip(one.pairs, two.pairs, strict=True):
        assert a.log10_lr == pytest.approx(b.log10_lr, abs=1e-12)
        assert [t.log10_lr for t in a.terms] == pytest.approx([t.log10_lr for t in b.terms], abs=1e-12)
        assert a.by_population == ()
        assert [lr for _, lr in b.by_population] == pytest.approx([a.log10_lr] * 2, abs=1e-12)
    assert [d.log10_lr for d in one.direct] == pytest.approx([d.log10_lr for d in two.direct], abs=1e-12)


def test_theta_puts_bone_and_family_in_one_urn():
    """Child 6/7, bone 6/9: H1 shares allele 6, H2 draws four alleles; worked out draw by draw (Balding & Nichols)."""
    c = example()
    scenario = scenarios_of(c)[0]
    theta = 0.03
    model = replace(scenario.model, theta=theta)
    p = dict(zip(model.locus["TH01"].alleles, model.locus["TH01"].frequencies.tolist(), strict=True))

    def drawn(*alleles):
        chance = 1.0
        for k, a in enumerate(alleles):
            chance *= (theta * alleles[:k].count(a) + (1 - theta) * p[a]) / (1 + (k - 1) * theta)
        return chance

    found = identify(c, [replace(scenario, model=model)], seed=1).pair["V1", "F1/Mi"]
    # V1 is 6/9.3 and the child 6/7: as father he gave 6 and the mother 7; otherwise four alleles of strangers
    expected = drawn("6", "9.3", "7") * 2 * 0.5 / (drawn("6", "9.3", "6", "7") * 4)
    assert {t.markers: t.log10_lr for t in found.terms}["TH01",] == pytest.approx(math.log10(expected), rel=1e-10)


def test_theta_lowers_a_direct_match():
    c = case([father("F")], {"V1": {"TH01": "6/6"}, "V2": {"TH01": "6/6"}, "F/Ki": {"TH01": "6/7"}})
    scenario = scenarios_of(c)[0]
    theta, p = 0.1, scenario.model.locus["TH01"].frequencies[scenario.model.locus["TH01"].index["6"]]
    found = identify(c, [replace(scenario, model=replace(scenario.model, theta=theta))], seed=1).direct[0]
    again = (2 * theta + (1 - theta) * p) * (3 * theta + (1 - theta) * p) / ((1 + theta) * (1 + 2 * theta))
    assert found.log10_lr == pytest.approx(-math.log10(again), rel=1e-12)


def test_the_order_of_samples_and_families_changes_no_answer():
    c = case(
        [father("F1"), father("F2")],
        {
            "V1": {"TH01": "6/9.3", "TPOX": "8/8"},
            "V2": {"TH01": "7/9"},
            "F1/Ki": CHILD,
            "F2/Ki": {"TH01": "9/9.3", "DXS8378": "10/11"},
        },
    )
    turned = replace(c, families=c.families[::-1], samples=c.samples[::-1], typings=c.typings[::-1])
    one, other = run(c), run(turned)
    for key, pair in one.pair.items():
        assert other.pair[key].log10_lr == pytest.approx(pair.log10_lr, rel=1e-12)
        assert other.pair[key].posterior == pytest.approx(pair.posterior, rel=1e-12)


def test_candidates_of_a_sample_that_is_not_there():
    result = run(example())
    sample = result.pairs[0].sample
    assert result.candidates(sample)
    with pytest.raises(KeyError, match=f"no sample of remains '{sample}x'; near it: {sample}"):
        result.candidates(f"{sample}x")
