"""Small cases with something nobody knows, worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hand_cases import case, father

from homeward.case import Case, Doubt, Family, FrequencyTable, Hypothesis, LinkedMarkers, MutationRow
from homeward.genetics import scenarios_of
from homeward.identify import compare, identify
from homeward.pedigree import Member, Pedigree

A = {"TH01": {"6": 0.2, "7": 0.3, "9": 0.5}, "TPOX": {"8": 0.4, "11": 0.6}}
B = {"TH01": {"6": 0.5, "7": 0.2, "9": 0.3}, "TPOX": {"8": 0.1, "11": 0.9}}


def populations(c: Case, *weights: tuple[str, float], **model: object) -> Case:
    tables = (FrequencyTable("A", False, A), FrequencyTable("B", False, B))
    settings = replace(c.settings, model=replace(c.settings.model, population=weights, **model))
    return replace(c, populations=tables, settings=settings)


def solved(c: Case):
    return identify(c, scenarios_of(c), seed=1)


def test_after_an_impossible_marker_the_others_say_what_they_say_alone():
    """Child 6/6, bone 7/9: impossible. Then 8/11 and 8/11: LR under p is (p₈ + p₁₁) / (4 p₈ p₁₁) = 1 / (4 p₈ p₁₁)."""
    c = case([father("F")], {"V": {"TH01": "7/9", "TPOX": "8/11"}, "F/Ki": {"TH01": "6/6", "TPOX": "8/11"}})
    (pair,) = solved(populations(c, ("A", 0.6), ("B", 0.4))).pairs
    assert pair.exclusions == 1 and pair.log10_lr == -float("inf")
    th01, tpox = pair.terms
    assert th01.log10_lr == -float("inf")
    above = [w * (2 * p * q) * 0.5 * (p + q) * (1.0) for w, p, q in ((0.6, 0.4, 0.6), (0.4, 0.1, 0.9))]
    below = [w * (2 * p * q) * (2 * p * q) for w, p, q in ((0.6, 0.4, 0.6), (0.4, 0.1, 0.9))]
    assert 10**tpox.log10_lr == pytest.approx(sum(above) / sum(below))


def test_a_mixture_without_anything_to_compare_has_no_pairs():
    nobody = case([father("F")], {"V": {"TH01": "7/9"}})
    assert solved(populations(nobody, ("A", 0.6), ("B", 0.4))).pairs == ()
    no_bones = case([father("F")], {"F/Ki": {"TH01": "6/6"}})
    assert solved(populations(no_bones, ("A", 0.6), ("B", 0.4))).pairs == ()
    assert solved(populations(nobody, ("A", 1.0), dropout="estimated")).pairs == ()


def test_a_person_whom_a_hypothesis_leaves_out_keeps_his_population():
    """A (population B) is the father of K, or not mentioned: then P(A) is drawn from B all the same."""
    mentioned = Member("F/A", sex="male", population="B")
    one = Pedigree([mentioned, Member("F/M", sex="female"), Member("F/K", "F/A", "F/M", "male")])
    other = Pedigree([Member("F/K", sex="male")])
    hypotheses = (Hypothesis("father", one), Hypothesis("not", other))
    family = Family("F", Pedigree([Member("A", sex="male"), Member("K", sex="male")]), ())
    c = case([family], {"F/A": {"TH01": "6/7"}, "F/K": {"TH01": "6/9"}}, hypotheses=hypotheses)
    found = compare(c2 := populations(c, ("A", 1.0)), scenarios_of(c2))
    # 2·0.5·0.2 in B; K: ½ · p₉ of the mother, in A
    assert 10**found.log10_likelihood == pytest.approx([0.2 * 0.5 * 0.5, 0.2 * 2 * 0.2 * 0.5])


def test_a_marker_is_excluded_if_it_is_so_in_every_pedigree_the_family_can_have():
    """Child of the missing man, or with ½ of his typed brother, whom TH01 excludes: that pedigree is no way out."""
    family = Family(
        "F",
        Pedigree(
            [
                Member("M", sex="male"),
                Member("U", sex="male"),
                Member("W", sex="female"),
                Member("C", "M", "W", "male"),
            ]
        ),
        ("M",),
        doubts=(Doubt("C", "U", "W", 0.5),),
    )
    typed = {"F/C": {"TH01": "6/6", "TPOX": "8/8"}, "F/U": {"TH01": "7/9", "TPOX": "8/8"}}
    c = populations(case([family], {"V": {"TH01": "6/7", "TPOX": "11/11"}, **typed}), ("A", 1.0))
    result = solved(c)
    (pair,) = result.pairs
    assert pair.exclusions == 1 and pair.log10_lr == -float("inf")
    assert [v.posterior for v in result.variants] == [1.0, 0.0]


def test_a_linked_pair_on_the_x_is_one_term_and_no_matter_for_the_kinship_of_bones():
    family = Family(
        "F", Pedigree([Member("M", sex="male"), Member("W", sex="female"), Member("D", "M", "W", "female")]), ("M",)
    )
    typed = {"V": {"DXS8378": "10", "DXS7132": "14"}, "F/D": {"DXS8378": "10/11", "DXS7132": "14/15"}}
    c = case([family], typed)
    table = FrequencyTable("X", False, {"DXS8378": {"10": 0.3, "11": 0.7}, "DXS7132": {"14": 0.4, "15": 0.6}})
    linked = LinkedMarkers(("DXS8378", "DXS7132"), 0.1, 0.1)
    model = replace(c.settings.model, linkage="pairs", linked=(linked,), population=(("X", 1.0),))
    c = replace(c, populations=(table,), settings=replace(c.settings, model=model))
    (pair,) = solved(c).pairs
    assert [t.kind for t in pair.terms] == ["linked"]
    # he passes 10 and 14 together; the mother gives 11 and 15
    unlinked = (0.7 * 0.6) / ((2 * 0.3 * 0.7) * (2 * 0.4 * 0.6))
    assert 10**pair.log10_lr == pytest.approx(unlinked)


def test_mutation_is_of_the_calculations_own_population():
    """A founder of another population draws from its table; what becomes of his alleles is the model's."""
    family = Family(
        "F",
        Pedigree([Member("M", sex="male", population="B"), Member("W", sex="female"), Member("K", "M", "W")]),
        ("M",),
    )
    c = case(
        [family],
        {"V": {"TH01": "6/6"}, "F/K": {"TH01": "7/9"}},
        mutations=(MutationRow("TH01", "father", "equal", 0.01),),
    )
    (pair,) = solved(populations(c, ("A", 1.0))).pairs
    # 6/6 in B; 6 → 7 or 6 → 9 with 0.005 each, the mother's other allele in A; references: P(K) with the father in B
    related = 0.5**2 * 0.005 * (0.5 + 0.3)
    passed = {a: sum(p * (0.99 if a == b else 0.005) for b, p in B["TH01"].items()) for a in ("7", "9")}
    references = passed["7"] * 0.5 + passed["9"] * 0.3
    assert 10**pair.log10_lr == pytest.approx(related / (references * 0.2**2))


def test_a_faded_bone_is_the_ratio_of_two_sums_over_its_genotypes():
    """Bone shows 7 alone, alleles before and after it unseen, child 7/9: Σ P(g | child) e(g) / Σ P(g) e(g)."""
    c = populations(case([father("F")], {"V": {"TH01": "7"}, "F/Ki": {"TH01": "7/9"}}, dropout={"V": 0.3}), ("A", 1.0))
    (pair,) = solved(c).pairs
    p = A["TH01"]
    seen = {(a, b): 0.7 if a == b == "7" else 0.7 * 0.3 if "7" in (a, b) else 0.0 for a in p for b in p}
    above = below = 0.0
    for (a, b), e in seen.items():
        chance = p[a] * p[b]
        passed = 0.5 * sum(p["9"] if x == "7" else p["7"] if x == "9" else 0.0 for x in (a, b))
        above += e * chance * passed
        below += e * chance * 2 * p["7"] * p["9"]
    assert 10**pair.log10_lr == pytest.approx(above / below)
