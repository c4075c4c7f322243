"""Y typings as sites: rows that sum to one, copies without labels, and what is and is not an exclusion."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from homeward.genetics.y import DYS389, MULTISTEP, NULL, copies, y_kits, y_markers, y_rate, y_sites
from homeward.genetics.y.steps import copy_transition, set_transition


def only(sites):
    (site,) = sites
    return site


def test_rows_sum_to_one_and_nothing_is_impossible() -> None:
    shown = [
        {"DYS19": [("14",)], "DYS385": [("11", "14")], "DYS464": [("15", "17")], "DYS458": [("17.2",)]},
        {"DYS19": [("17",)], "DYS385": [("12",)], "DYS464": [("15",)], "DYS458": [(NULL,)]},
        {"DYF387S1": [("35", "36", "38")]},
    ]
    sites, seen = y_sites(shown)
    assert [s.name for s in sites] == ["DYF387S1", "DYS19", "DYS385", "DYS458", "DYS464"]
    for site in sites:
        assert site.transition.sum(axis=1) == pytest.approx(1)
        assert (site.transition > 0).all()
    assert 0 not in seen[0].sites and 0 in seen[2].sites


def test_one_step_has_half_the_rate_less_several() -> None:
    site = only(y_sites([{"DYS390": [("24",)]}])[0])
    assert site.states == ("23", "24", "25")
    up = site.transition[1, 2]
    assert up == site.transition[1, 0] == pytest.approx(y_rate("DYS390") / 2 * (1 - MULTISTEP))
    assert pytest.approx(y_rate("DYS390")) == (33 + 0.5) / (15612 + 1)


def test_copies_mutate_by_themselves_and_carry_no_labels() -> None:
    """Against all ordered pairs of two labelled copies."""
    alleles = ("10", "11", "12")
    one = copy_transition(alleles, 0.05, 0.1)
    sets = [("10", "10"), ("10", "11"), ("10", "12"), ("11", "11"), ("11", "12"), ("12", "12")]
    found = set_transition(sets, alleles, one, 0.0)
    for i, father in enumerate(sets):
        chance = dict.fromkeys(sets, 0.0)
        for son in product(range(3), repeat=2):
            p = np.prod([one[alleles.index(f), s] for f, s in zip(father, son, strict=True)])
            chance[tuple(sorted(alleles[s] for s in son))] += p
        assert found[i] == pytest.approx([chance[s] for s in sets])


def test_without_mutation_one_difference_is_an_exclusion() -> None:
    sites, seen = y_sites([{"DYS19": [("14",)]}, {"DYS19": [("15",)]}], mutates=False)
    assert (only(sites).transition == np.eye(4)).all()
    assert seen[0].sites[0] @ seen[1].sites[0] == 0


def test_a_missing_copy_may_have_dropped_out() -> None:
    sites, seen = y_sites([{"DYS385": [("11", "14")]}, {"DYS385": [("11",)]}], dropout=[0.0, 0.2], mistyping=0.0)
    at = only(sites).states.index("11,14")
    assert seen[0].sites[0][at] == 1
    assert seen[1].sites[0][at] == pytest.approx(0.2 * 0.8 / (1 - 0.04))
    assert seen[1].sites[0][only(sites).states.index("11,11")] == 1


def test_replicates_multiply_and_unreadable_ones_say_nothing() -> None:
    _, once = y_sites([{"DYS19": [("14",)]}])
    _, twice = y_sites([{"DYS19": [("14",), ("OL",), (), ("14",)]}])
    assert twice[0].sites[0] == pytest.approx(once[0].sites[0] ** 2)
    _, nothing = y_sites([{"DYS19": [("<10",)]}])
    assert not nothing[0].sites


def test_unresolved_and_unknown_alleles() -> None:
    sites, seen = y_sites([{"DYS385": [("11", "13|14")]}, {"DYS385": [("11", "?")]}], mistyping=0.0)
    shown = {s for s, v in zip(only(sites).states, seen[0].sites[0], strict=True) if v}
    assert shown == {"11,13", "11,14"}
    assert {s for s, v in zip(only(sites).states, seen[1].sites[0], strict=True) if v} == {
        s for s in only(sites).states if "11" in s.split(",")
    }


def test_one_mutation_changes_both_parts_of_dys389() -> None:
    """A father 13|29 and a son 14|30: one step of the shared part, not two mutations."""
    shown = [{"DYS389I": [("13",)], "DYS389II": [("29",)]}, {"DYS389I": [("14",)], "DYS389II": [("30",)]}]
    site = only(y_sites(shown)[0])
    assert site.name == DYS389
    step = site.transition[site.states.index("13|29"), site.states.index("14|30")]
    assert step == pytest.approx(y_rate("DYS389I") / 2 * (1 - MULTISTEP), rel=0.01)
    assert site.transition.sum(axis=1) == pytest.approx(1)


def test_dys389_typed_in_part() -> None:
    both, second = {"DYS389I": [("13",)], "DYS389II": [("29",)]}, {"DYS389II": [("31",)]}
    sites, seen = y_sites([both, second], mistyping=0.0)
    states = only(sites).states
    assert {s for s, v in zip(states, seen[1].sites[0], strict=True) if v} >= {"15|31"}
    assert all(s.endswith("|31") for s, v in zip(states, seen[1].sites[0], strict=True) if v)
    apart = y_sites([{"DYS389I": [("13",)]}, {"DYS389II": [("29",)]}])[0]
    assert [s.name for s in apart] == ["DYS389I", "DYS389II"]


def test_snps_hardly_mutate() -> None:
    site = only(y_sites([{"M122": [("C",)]}, {"M122": [("T",)]}])[0])
    assert site.states == ("C", "T")
    assert site.transition[0, 1] == pytest.approx(3e-8)


def test_a_rate_of_the_case_comes_first() -> None:
    site = only(y_sites([{"DYS19": [("14",)]}], {"DYS19": 0.2}, multistep=0.0)[0])
    assert site.transition[1] == pytest.approx([0.1, 0.8, 0.1])


def test_the_table_of_markers_and_kits() -> None:
    assert [copies(m) for m in ("DYS385", "DYF387S1", "DYS464", "DYS19", "DYS9999")] == [2, 2, 4, 1, 1]
    assert all(0 < y_rate(m.name) < 0.03 for m in y_markers())
    assert {kit: len(m) for kit, m in y_kits().items()} == {
        "Minimal haplotype": 8, "PowerPlex Y": 11, "Yfiler": 16, "PowerPlex Y23": 22, "Yfiler Plus": 25,
    }  # fmt: skip
