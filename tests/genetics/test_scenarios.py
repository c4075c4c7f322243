"""From a case's settings to its models."""

from dataclasses import replace

import numpy as np
import pytest

from homeward import Member, Pedigree, Refusal, scenarios_of
from homeward.case import (
    Case,
    Family,
    FrequencyTable,
    Hypothesis,
    LinkedMarkers,
    ModelSettings,
    MutationRow,
    Settings,
    Typing,
)
from homeward.genetics import REST, Recombination, default_mutation, mutation_matrix, transformed

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


# --- silent alleles ---


def test_a_silent_allele_of_the_table():
    with_silent = {**TABLE.markers, "TPOX": {"8": 0.5, "silent": 0.1, "11": 0.4}}
    case = replace(CASE, populations=(replace(TABLE, markers=with_silent),))
    tpox = under(case, mutation="default")[0].model.locus["TPOX"]
    assert (tpox.alleles, tpox.silent) == (("8", "11", "silent"), 2)
    np.testing.assert_allclose(tpox.frequencies, [0.5, 0.4, 0.1])
    mother, _ = default_mutation("TPOX")
    np.testing.assert_allclose(
        tpox.from_mother, [[1 - mother, mother, 0], [mother, 1 - mother, 0], [0, 0, 1]], rtol=1e-12
    )
    assert under(case)[0].model.locus["TH01"].silent is None


def test_an_unresolved_allele_is_each_of_its_alternatives():
    case = replace(CASE, typings=(Typing("V1", "TPOX", ("8|9", "?")),))
    (scenario,) = scenarios_of(case)
    assert scenario.model.locus["TPOX"].alleles == ("8", "9", "11")


# --- founders of other populations ---


def of_population(*populations):
    founders = [Member(f"p{i}", sex="unknown", population=p) for i, p in enumerate(populations)]
    return Family("F", Pedigree(founders), ("p0",))


OTHER = FrequencyTable("K", True, {"TPOX": {"8": 150, "9": 30, "silent": 20}, "THO1": {"6": 60, "7": 40}})


def test_founders_alleles_come_from_their_own_table_over_the_same_alleles():
    typings = (*CASE.typings[:1], Typing("V1", "TH01", ("6", "7")))
    case = replace(CASE, typings=typings, families=(of_population("K", ""),), populations=(TABLE, OTHER))
    (scenario,) = under(case, population=(("POP", 1.0),), minimum_frequency=0.0)
    tpox, th01 = scenario.model.loci
    assert (tpox.alleles, tpox.silent) == (("8", "9", "11", "silent"), 3)
    np.testing.assert_allclose(tpox.frequencies, [0.5, 0, 0.5, 0])
    assert list(tpox.elsewhere) == ["K"]
    np.testing.assert_allclose(tpox.elsewhere["K"], [0.75, 0.15, 0, 0.1])
    np.testing.assert_allclose(th01.elsewhere["K"], [0.6, 0.4, 0, 0, 0])
    assert scenario.model.provisional == {"K": "small-table"}


def test_policies_are_applied_to_each_table_and_told():
    case = replace(CASE, typings=CASE.typings[:1], families=(of_population("K"),), populations=(TABLE, OTHER))
    (scenario,) = under(case, population=(("POP", 1.0),), minimum_frequency=0.1)
    (tpox,) = scenario.model.loci
    np.testing.assert_allclose(tpox.frequencies, np.array([0.5, 0.1, 0.5, 0]) / 1.1)
    np.testing.assert_allclose(tpox.elsewhere["K"], np.array([0.75, 0.15, 0.1, 0.1]) / 1.1)
    assert {c.population for c in scenario.model.changes if c.reason == "raised"} == {"POP", "K"}


def test_a_founder_of_the_main_population_or_of_none_known():
    case = replace(CASE, families=(of_population("POP", "Atlantis"),))
    (scenario,) = scenarios_of(case)
    assert all(not locus.elsewhere for locus in scenario.model.loci)
    assert scenario.model.provisional == {"Atlantis": "no-table"}


def test_a_table_that_lacks_a_marker_is_used_where_it_has_it():
    case = replace(CASE, hypotheses=(Hypothesis("H1", of_population("K").pedigree),), populations=(TABLE, OTHER))
    (scenario,) = under(case, population=(("POP", 1.0),))
    assert {x.name: list(x.elsewhere) for x in scenario.model.loci} == {"TPOX": ["K"], "TH01": ["K"], "DXS8378": []}
    assert scenario.model.provisional == {"K": "missing-markers"}


def test_a_bundled_table_serves_founders_and_a_small_one_is_provisional():
    case = replace(CASE, typings=CASE.typings[:4], families=(of_population("JPN_GF1501", "JPN_HGDP28"),))
    model = scenarios_of(case)[0].model
    assert list(model.locus["TH01"].elsewhere) == ["JPN_GF1501", "JPN_HGDP28"]
    assert model.provisional == {"JPN_HGDP28": "small-table"}
    (small,) = under(replace(case, families=(), populations=()), population=(("JPN_HGDP28", 1.0),))
    assert small.model.provisional == {"JPN_HGDP28": "small-table"}


def test_a_word_of_another_table_is_no_mistake():
    other = FrequencyTable("K", False, {"indel": {"ins": 0.5, "dup": 0.5}})
    case = replace(
        CASE,
        typings=(Typing("V1", "indel", ("ins", "dup")),),
        families=(of_population("K"),),
        populations=(TABLE, other),
    )
    (scenario,) = under(case, population=(("POP", 1.0),))
    assert scenario.model.locus["indel"].alleles == ("del", "dup", "ins")


# --- a mixture's models hold the same loci ---


def test_a_marker_that_one_bundled_table_lacks_is_in_no_model():
    typings = tuple(Typing("V1", m, ("10", "11")) for m in ("SE33", "TPOX", "D3S1358"))
    case = replace(CASE, typings=typings, populations=())
    scenarios = under(case, population=(("JPN_GF1501", 1.0), ("US_NIST1036_Cauc", 1.0), ("STRIDER2015_Norway", 2.0)))
    assert len({tuple(x.name for x in s.model.loci) for s in scenarios}) == 1
    assert [x.name for x in scenarios[0].model.loci] == ["D3S1358"]


# --- sampling error, linkage, errors ---


def test_sampling_error_needs_the_number_of_chromosomes():
    case = replace(CASE, typings=CASE.typings[:1], families=(of_population("K"),), populations=(OTHER,))
    model = under(case, sampling_error=True)[0].model
    assert model.loci[0].chromosomes == 200
    assert model.theta_at(model.loci[0]) == pytest.approx(1 / 201)
    assert under(case)[0].model.loci[0].chromosomes is None
    assert under(case, population=(("JPN_ID1350", 1.0),), sampling_error=True)[0].model.loci[0].chromosomes == 200
    alone = replace(case, families=())
    for id, size in (("JPN_ID1350", 2700), ("JPN_GF1501", 3002)):
        assert under(alone, population=((id, 1.0),), sampling_error=True)[0].model.loci[0].chromosomes == size
    both = replace(case, populations=(TABLE, OTHER), typings=CASE.typings[:4])
    with pytest.raises(Refusal) as refused:
        under(both, population=(("POP", 1.0),), sampling_error=True)
    assert [(f.code, f.value, f.marker) for f in refused.value.faults] == [("counts-needed", "POP", "")]


def test_linked_pairs_and_errors_reach_the_model():
    case = replace(CASE, typings=(Typing("V1", "D12S391", ("18", "19")), Typing("V1", "vWA", ("17", "18"))))
    japan = (("JPN_GF1501", 1.0),)
    (scenario,) = under(case, population=japan, mistyping=0.01, dropout="estimated", linkage="pairs")
    model = scenario.model.without_mutation()
    assert (model.mistyping, model.dropout, model.linkage) == (0.01, "estimated", "pairs")
    (pair,) = model.linked
    assert set(pair.markers) == {"vWA", "D12S391"}
    assert 0 < pair.recombination.mother < 0.5
    mine = LinkedMarkers(("vWA", "D12S391"), 0.2, 0.1)
    ((pair,),) = (s.model.linked for s in under(case, population=japan, linked=(mine,)))
    assert pair.recombination == Recombination(0.2, 0.1)


def test_faults_of_linked_markers_and_errors_are_told_with_the_others():
    two_chromosomes = LinkedMarkers(("TPOX", "TH01"), 0.1, 0.08)
    assert faults(theta=1.0, mistyping=1.0, linked=(two_chromosomes,)) == [
        ("theta-range", ""),
        ("mistyping-range", ""),
        ("linked-markers", ""),
    ]
