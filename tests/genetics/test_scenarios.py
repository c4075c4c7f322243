"""From a case's settings to its models."""

from dataclasses import replace

import numpy as np
import pytest

from homeward import Refusal, scenarios_of
from homeward.case import Case, FrequencyTable, ModelSettings, MutationRow, Settings, Typing
from homeward.genetics import REST, default_mutation, mutation_matrix, transformed

TABLE = FrequencyTable(
    "POP",
    False,
    {
        "TH01": {"6": 0.2, "7": 0.25, "8": 0.35, "9": 0.15, "9.3": 0.05},
        "TPOX": {"8": 0.5, "11": 0.5},
        "DXS8378": {"10": 0.4, "11": 0.6},
        "rs1": {"A": 0.7, "G": 0.3},
        "indel": {"ins": 0.5, "del": 0.5},
    },
)
CASE = Case(
    "example",
    typings=(
        Typing("V1", "TPOX", ("8", "8")),
        Typing("V1", "AMEL", ("X", "Y")),
        Typing("V1", "DYS19", ("14",)),
        Typing("V1", "TH01", ("6", "9.3")),
        Typing("F/C", "TH01", ("6", "?")),
        Typing("F/C", "DXS8378", ("10",)),
    ),
    populations=(TABLE,),
)


def under(case=CASE, **model):
    return scenarios_of(case, settings=Settings(model=ModelSettings(**model)))


def faults(*args, **kwargs):
    with pytest.raises(Refusal) as refused:
        under(*args, **kwargs)
    assert all(fault.remedy for fault in refused.value.faults)
    return [(fault.code, fault.marker) for fault in refused.value.faults]


def test_the_only_table_is_used():
    (scenario,) = scenarios_of(CASE)
    assert (scenario.label, scenario.weight) == ("POP", 1.0)
    loci = scenario.model.loci
    assert [(x.name, x.kind) for x in loci] == [("TPOX", "autosomal"), ("TH01", "autosomal"), ("DXS8378", "X")]
    assert loci[1].alleles == ("6", "7", "8", "9", "9.3")
    np.testing.assert_allclose(loci[1].frequencies, [0.2, 0.25, 0.35, 0.15, 0.05], rtol=1e-15)
    assert not any(x.mutates for x in loci)
    assert scenario.model.changes == ()


def test_theta_and_sex_error_reach_the_model():
    (scenario,) = under(theta=0.02, sex_error=0.01)
    assert (scenario.model.theta, scenario.model.sex_error) == (0.02, 0.01)
    assert faults(theta=1.0) == [("theta-range", "")]


def test_an_allele_typed_anywhere_is_added():
    case = replace(CASE, typings=(*CASE.typings, Typing("V2", "TPOX", ("9", "11"))))
    (scenario,) = scenarios_of(case)
    assert scenario.model.locus["TPOX"].alleles == ("8", "9", "11")
    assert scenario.model.locus["TPOX"].frequencies[1] == pytest.approx(0.001 / 1.001, rel=1e-15)
    assert {(c.marker, c.allele, c.reason) for c in scenario.model.changes} == {
        ("TPOX", "9", "added"),
        ("TPOX", "8", "rescaled"),
        ("TPOX", "9", "rescaled"),
        ("TPOX", "11", "rescaled"),
    }


def test_a_mixture_of_populations():
    case = replace(CASE, typings=CASE.typings[:4])
    scenarios = under(case, population=(("POP", 1.0), ("JPN_GF1501", 3.0)))
    assert [(s.label, s.weight) for s in scenarios] == [("POP", 0.25), ("JPN_GF1501", 0.75)]
    japan = scenarios[1].model.locus["TH01"]
    # 663 of 3002 chromosomes, before the rare ones were raised to 0.001.
    assert japan.frequencies[japan.index["6"]] == pytest.approx(663 / 3002, rel=1e-3)


def test_the_cases_own_table_goes_before_a_bundled_one():
    case = replace(CASE, populations=(replace(TABLE, population="JPN_GF1501"),))
    (scenario,) = under(case, population=(("JPN_GF1501", 1.0),))
    assert scenario.model.locus["TPOX"].alleles == ("8", "11")


def test_no_population():
    bare = replace(CASE, populations=())
    for chosen in ({}, {"population": (("Atlantis", 1.0),)}):
        with pytest.raises(Refusal) as refused:
            under(bare, **chosen)
        (fault,) = refused.value.faults
        assert fault.code == "no-population"
        assert "homeward populations" in fault.remedy
    with pytest.raises(Refusal) as refused:
        under(bare, population=(("jpn_gf1051", 1.0),))
    (fault,) = refused.value.faults
    assert "JPN_GF1501" in fault.remedy and len(fault.line()) < 200
    two = replace(CASE, populations=(TABLE, replace(TABLE, population="POP2")))
    assert faults(two) == [("no-population", "")]
    assert faults(population=(("POP", -1.0),)) == [("population-weight", "")]


def test_all_faults_at_once():
    case = replace(
        CASE,
        typings=(
            Typing("V1", "vWA", ("17", "18")),
            Typing("V1", "FGA", ("21", "22")),
            Typing("V1", "TPOX", ("12", "13")),
        ),
    )
    assert faults(case, unseen_allele="refuse") == [
        ("marker-not-in-population", "vWA"),
        ("marker-not-in-population", "FGA"),
        ("unseen-allele", "TPOX"),
        ("unseen-allele", "TPOX"),
    ]


def test_a_fault_names_the_marker_and_nobody():
    case = replace(CASE, typings=(Typing("F/C", "TPOX", ("12", "8")),))
    with pytest.raises(Refusal) as refused:
        under(case, unseen_allele="refuse")
    (fault,) = refused.value.faults
    assert "TPOX" in fault.message
    assert "F/C" not in str(fault)
    assert fault.sample == ""


def test_a_word_never_seen_is_refused_and_a_base_is_added():
    case = replace(CASE, typings=(Typing("V1", "indel", ("ins", "dup")), Typing("V1", "rs1", ("A", "T"))))
    assert faults(case) == [("unseen-allele", "indel")]
    (scenario,) = scenarios_of(replace(case, typings=case.typings[1:]))
    assert scenario.model.locus["rs1"].alleles == ("A", "G", "T")


def test_mutation_from_the_file_by_parent():
    rows = (
        MutationRow("TH01", "father", "equal", rate=0.004),
        MutationRow("TPOX", "both", "proportional", rate=0.002, transform="MH"),
        MutationRow("DXS8378", "mother", "none"),
    )
    (scenario,) = scenarios_of(replace(CASE, mutations=rows))
    th01, tpox, x = (scenario.model.locus[m] for m in ("TH01", "TPOX", "DXS8378"))
    assert th01.from_mother is None
    np.testing.assert_allclose(th01.from_father, mutation_matrix("equal", th01.alleles, th01.frequencies, rate=0.004))
    m = transformed(mutation_matrix("proportional", ("8", "11"), [0.5, 0.5], rate=0.002), [0.5, 0.5], "MH")
    np.testing.assert_allclose(tpox.from_mother, m)
    np.testing.assert_allclose(tpox.from_father, m)
    assert not x.mutates
    (still,) = under(replace(CASE, mutations=rows), mutation="none")
    assert not any(locus.mutates for locus in still.model.loci)


def test_a_custom_matrix_names_every_allele():
    rows = {"8": {"8": 0.99, "11": 0.01}, "11": {"8": 0.02, "11": 0.98}}
    case = replace(CASE, mutations=(MutationRow("TPOX", "both", "custom", matrix=rows),))
    (scenario,) = scenarios_of(case)
    np.testing.assert_allclose(scenario.model.locus["TPOX"].from_mother, [[0.99, 0.01], [0.02, 0.98]])
    wider = replace(case, typings=(*CASE.typings, Typing("V2", "TPOX", ("9", "9"))))
    assert faults(wider) == [("mutation-matrix", "TPOX")]


def test_default_mutation():
    case = replace(
        CASE, typings=(*CASE.typings, Typing("V1", "rs1", ("A", "G")), Typing("V1", "indel", ("ins", "del")))
    )
    (scenario,) = under(case, mutation="default")
    th01 = scenario.model.locus["TH01"]
    mother, father = default_mutation("TH01")
    for m, rate in ((th01.from_mother, mother), (th01.from_father, father)):
        assert m is not None
        # 9.3 is alone in its class and leaves it at rate2 only.
        np.testing.assert_allclose(1 - m.diagonal(), [rate + 1e-6] * 4 + [1e-6], rtol=1e-9)
    assert not scenario.model.locus["rs1"].mutates
    assert not scenario.model.locus["indel"].mutates


def test_an_unnamed_rest_cannot_mutate_by_steps():
    short = replace(TABLE, markers={"TPOX": {"8": 0.5, "11": 0.3}})
    case = replace(CASE, typings=CASE.typings[:1], populations=(short,))
    with pytest.raises(Refusal) as refused:
        under(case, mutation="default", sum_policy="rest")
    (fault,) = refused.value.faults
    assert (fault.code, fault.marker) == ("mutation-alleles", "TPOX")
    assert "rescale" in fault.remedy
    assert faults(case, mutation="default", sum_policy="as given") == [("frequency-sum", "TPOX")]
    named = replace(case, populations=(replace(TABLE, markers={"TPOX": {"8": 0.5, "11": 0.3, REST: 0.2}}),))
    assert faults(named, mutation="default") == [("mutation-alleles", "TPOX")]
    (scenario,) = under(case, sum_policy="as given")
    assert scenario.model.locus["TPOX"].alleles == ("8", "11", REST)
