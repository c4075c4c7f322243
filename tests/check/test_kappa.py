"""κ of two persons: the LRs as algebra, and the maximum where pencil and paper find it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from homeward.check import estimate_kappa
from homeward.check.kappa import evidence_ratios, fit_kappa, genotype_ratios
from homeward.genetics import Locus
from homeward.observe import called

LOCUS = Locus("TH01", "autosomal", ("6", "7", "8", "9"), np.array([0.1, 0.2, 0.3, 0.4]))


@pytest.mark.parametrize(
    ("a", "b", "one", "two"),
    [
        (("6", "6"), ("6", "6"), 1 / 0.1, 1 / 0.1**2),
        (("6", "7"), ("6", "7"), (0.1 + 0.2) / (4 * 0.1 * 0.2), 1 / (2 * 0.1 * 0.2)),
        (("6", "6"), ("6", "7"), 1 / (2 * 0.1), 0.0),
        (("6", "7"), ("6", "8"), 1 / (4 * 0.1), 0.0),
        (("6", "7"), ("8", "9"), 0.0, 0.0),
        (("6", "6"), ("7", "7"), 0.0, 0.0),
    ],
)
def test_the_lrs_of_the_textbook(a: tuple[str, str], b: tuple[str, str], one: float, two: float) -> None:
    pieces = [e for alleles in (a, b) if (e := called(alleles, LOCUS, "unknown")) is not None]
    r1, r2 = evidence_ratios(pieces, LOCUS)
    assert r1[0, 1] == r1[1, 0] == pytest.approx(one)
    assert r2[0, 1] == r2[1, 0] == pytest.approx(two)


def test_a_half_missing_genotype_is_every_genotype_that_holds_the_allele() -> None:
    half, whole = called(("6", "?"), LOCUS, "unknown"), called(("6", "7"), LOCUS, "unknown")
    assert half is not None and whole is not None
    p = LOCUS.frequencies
    each = {(0, 0): p[0] ** 2} | {(0, k): 2 * p[0] * p[k] for k in (1, 2, 3)}
    total = sum(each.values())
    theirs = np.array([[0, 1]], dtype=np.intp)
    expected = [
        sum(chance / total * genotype_ratios(np.array([g]), theirs, p)[k][0] for g, chance in each.items())
        for k in (0, 1)
    ]
    one, two = evidence_ratios([half, whole], LOCUS)
    assert (one[0, 1], two[0, 1]) == pytest.approx(tuple(expected))


def test_the_corners() -> None:
    rare = [LOCUS] * 6
    assert estimate_kappa([("6", "7")] * 6, [("8", "9")] * 6, rare) == (1.0, 0.0, 0.0)
    assert estimate_kappa([("6", "7")] * 6, [("6", "7")] * 6, rare) == (0.0, 0.0, 1.0)
    assert estimate_kappa([("6", "7")] * 6, [("6", "8")] * 6, rare) == (0.0, 1.0, 0.0)


def test_on_the_edge_between_unrelated_and_parent_the_maximum_is_a_fraction() -> None:
    """n loci that share nothing, m with r₁ = ρ: d/dκ₁ [n ln(1−κ₁) + m ln(1+κ₁(ρ−1))] = 0."""
    n, m, rho = 3, 5, 1 / (4 * 0.1)
    a = [("6", "7")] * (n + m)
    b = [("8", "9")] * n + [("6", "8")] * m
    k1 = (m * (rho - 1) - n) / ((n + m) * (rho - 1))
    assert estimate_kappa(a, b, [LOCUS] * (n + m)) == pytest.approx((1 - k1, k1, 0.0), abs=1e-9)


def test_loci_that_tell_nothing_leave_the_middle() -> None:
    assert estimate_kappa([()], [("6", "7")], [LOCUS]) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


@given(
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 500)), min_size=1, max_size=30),
)
@settings(max_examples=60, deadline=None)
def test_no_direction_leads_uphill(ratios: list[tuple[float, float]]) -> None:
    """At the maximum of a concave function on a triangle every corner lies downhill: Σ rᵢ/value ≤ number of loci."""
    one, two = np.array(ratios).T
    k = fit_kappa(one, two)
    assert min(k) >= 0 and sum(k) == pytest.approx(1)
    value = k[0] + k[1] * one + k[2] * two
    if (value <= 0).any():
        pytest.fail("the likelihood is zero at the estimate")
    for corner in (np.ones_like(one), one, two):
        assert float((corner / value).sum()) <= len(one) * (1 + 1e-5) + 1e-5
