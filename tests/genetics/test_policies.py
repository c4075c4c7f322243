"""The frequency policies, worked by hand, in the contract's order."""

import pytest

from homeward import Refusal
from homeward.case import ModelSettings
from homeward.genetics import REST, SILENT, FrequencyChange, apply_policies


def used(values, *, counts=False, observed=(), known=(), mutates=False, **settings):
    return apply_policies(
        "POP",
        "TH01",
        values,
        counts=counts,
        observed=observed,
        settings=ModelSettings(**settings),
        mutates=mutates,
        known=known,
    )


def code(*args, **kwargs):
    with pytest.raises(Refusal) as refused:
        used(*args, **kwargs)
    assert {fault.marker for fault in refused.value.faults} == {"TH01"}
    assert all(fault.remedy for fault in refused.value.faults)
    return [fault.code for fault in refused.value.faults]


def test_a_full_table_is_left_alone():
    result = used({"10": 0.25, "9": 0.5, "9.3": 0.25}, observed=("9", "?"))
    assert result.alleles == ("9", "9.3", "10")
    assert result.frequencies == (0.5, 0.25, 0.25)
    assert result.changes == ()


def test_counts_become_proportions():
    assert used({"9": 3, "10": 1}, counts=True).frequencies == (0.75, 0.25)


def test_add_then_raise_then_rescale():
    result = used({"9": 0.995, "10": 0.005}, observed=("11",), minimum_frequency=0.01)
    total = 0.995 + 0.01 + 0.01
    assert result.alleles == ("9", "10", "11")
    assert result.frequencies == pytest.approx((0.995 / total, 0.01 / total, 0.01 / total), rel=1e-15)
    assert [(c.allele, c.reason) for c in result.changes] == [
        ("11", "added"),
        ("10", "raised"),
        ("9", "rescaled"),
        ("10", "rescaled"),
        ("11", "rescaled"),
    ]
    assert result.changes[0] == FrequencyChange("POP", "TH01", "11", 0.0, 0.01, "added")
    assert result.changes[1] == FrequencyChange("POP", "TH01", "10", 0.005, 0.01, "raised")


def test_add_count_adds_one_chromosome_for_each_allele():
    result = used(
        {"9": 6, "10": 2}, counts=True, observed=("11", "12"), unseen_allele="add-count", minimum_frequency=0.0
    )
    assert result.frequencies == pytest.approx((0.6, 0.2, 0.1, 0.1), rel=1e-15)
    assert [(c.allele, c.reason) for c in result.changes] == [
        ("9", "rescaled"),
        ("10", "rescaled"),
        ("11", "added"),
        ("12", "added"),
    ]


def test_add_count_then_minimum():
    result = used({"9": 9}, counts=True, observed=("11",), unseen_allele="add-count", minimum_frequency=0.2)
    assert result.frequencies == pytest.approx((0.9 / 1.1, 0.2 / 1.1), rel=1e-15)


def test_an_allele_counted_zero_times_is_absent():
    result = used({"9": 4, "10": 0}, counts=True, observed=("10",), unseen_allele="add-count", minimum_frequency=0.0)
    assert result.frequencies == pytest.approx((0.8, 0.2))


def test_rest_takes_what_is_left():
    result = used({"9": 0.5, "10": 0.3}, sum_policy="rest")
    assert result.alleles == ("9", "10", REST)
    assert result.frequencies == pytest.approx((0.5, 0.3, 0.2))
    assert [(c.allele, c.reason, c.before) for c in result.changes] == [(REST, "rest", 0.0)]


def test_a_rest_the_table_names_grows():
    result = used({"9": 0.5, REST: 0.2}, sum_policy="rest")
    assert result.alleles == ("9", REST)
    assert result.frequencies == pytest.approx((0.5, 0.5))


def test_rest_without_a_remainder_rescales():
    result = used({"9": 0.7, "10": 0.5}, sum_policy="rest")
    assert result.alleles == ("9", "10")
    assert result.frequencies == pytest.approx((0.7 / 1.2, 0.5 / 1.2))


def test_as_given():
    assert used({"9": 0.5, "10": 0.5 + 5e-7}, sum_policy="as given").frequencies == (0.5, 0.5 + 5e-7)
    assert used({"9": 0.5, "10": 0.3}, sum_policy="as given").alleles == ("9", "10", REST)
    assert code({"9": 0.5, "10": 0.3}, sum_policy="as given", mutates=True) == ["frequency-sum"]
    assert code({"9": 0.5, "10": 0.6}, sum_policy="as given") == ["frequency-sum"]


def test_refusals():
    assert code({"9": 1.0}, observed=("10", "11"), unseen_allele="refuse") == ["unseen-allele"] * 2
    assert code({"9": 1.0}, observed=("10",), minimum_frequency=0.0) == ["unseen-allele"]
    assert code({"9": 1.0}, observed=("10",), unseen_allele="add-count") == ["counts-needed"]
    assert code({"9": 1.5, "10": -0.5}) == ["frequency-range"]
    assert code({"9": 0.0}) == ["frequency-range"]
    assert code({"9": float("nan")}) == ["frequency-range"]


def test_a_silent_allele_is_as_stated():
    """Neither raised nor added; it takes part in the sum."""
    result = used({"9": 0.6, "10": 0.4, SILENT: 0.0005}, observed=("9",), minimum_frequency=0.01)
    assert result.alleles == ("9", "10", SILENT)
    assert result.frequencies == pytest.approx((0.6 / 1.0005, 0.4 / 1.0005, 0.0005 / 1.0005), rel=1e-15)
    assert {c.reason for c in result.changes} == {"rescaled"}
    assert used({"9": 0.6, "10": 0.4, SILENT: 0.0}).alleles == ("9", "10")
    assert used({"9": 0.6, SILENT: 0.1}, sum_policy="rest").alleles == ("9", REST, SILENT)
    assert code({"9": 0.0, SILENT: 0.1}) == ["frequency-range"]


def test_alleles_that_another_table_knows_are_zeros_of_this_one():
    """A zero that nobody shows is raised like any other, and is no unseen allele to refuse."""
    result = used({"9": 1.0}, known=("9", "10", SILENT), minimum_frequency=0.25, unseen_allele="refuse")
    assert (result.alleles, result.frequencies) == (("9", "10"), (0.8, 0.2))
    assert used({"9": 1.0}, known=("10",), minimum_frequency=0.0).frequencies == (1.0, 0.0)
    assert code({"9": 1.0}, known=("10",), observed=("10",), unseen_allele="refuse") == ["unseen-allele"]
