"""Frequency of a haplotype by counting: published figures, and the formulas as the papers state them."""

from __future__ import annotations

from fractions import Fraction
from math import comb, isclose

import pytest
from scipy.stats import beta

from homeward.genetics.haplotypes import (
    Comparison,
    augmented_count,
    brenner_kappa,
    bundled_database,
    bundled_databases,
    clopper_pearson,
    clopper_pearson_upper,
    estimates,
    theta_corrected,
    y_matches,
)


def test_clopper_pearson_gives_mendels_peas() -> None:
    """682 of 925 plants, the worked example of Conover 1971 (p. 97) that R's binom.test carries."""
    low, high = clopper_pearson(682, 925)
    assert low == pytest.approx(0.7076683, abs=5e-8)
    assert high == pytest.approx(0.7654066, abs=5e-8)


@pytest.mark.parametrize("size", [1, 20, 185, 4451, 100_000])
def test_the_bound_of_an_unseen_haplotype_is_in_closed_form(size: int) -> None:
    """1 − 0.05^(1/n), the formula of SWGDAM's guidelines for no observation; close to 3/n."""
    assert clopper_pearson_upper(0, size).frequency == pytest.approx(1 - 0.05 ** (1 / size), rel=1e-9)
    if size > 100:
        assert clopper_pearson_upper(0, size).frequency == pytest.approx(3 / size, rel=0.02)


@pytest.mark.parametrize(("matches", "size"), [(1, 10), (3, 200), (17, 185), (300, 4451), (10, 10)])
def test_bounds_are_quantiles_of_the_beta_distribution(matches: int, size: int) -> None:
    upper = 1.0 if matches == size else beta.ppf(0.95, matches + 1, size - matches)
    assert clopper_pearson_upper(matches, size).frequency == pytest.approx(upper, rel=1e-9)
    low, high = clopper_pearson(matches, size)
    assert low == pytest.approx(beta.ppf(0.025, matches, size - matches + 1), rel=1e-9)
    assert high == pytest.approx(1.0 if matches == size else beta.ppf(0.975, matches + 1, size - matches), rel=1e-9)


def test_the_bound_solves_the_equation_exactly() -> None:
    """Σ_{k ≤ x} C(n, k) p^k (1 − p)^(n − k) = 0.05, in exact arithmetic."""
    p = Fraction(clopper_pearson_upper(2, 60).frequency)
    tail = sum(comb(60, k) * p**k * (1 - p) ** (60 - k) for k in range(3))
    assert isclose(float(tail), 0.05, rel_tol=1e-12)


def test_kappa_of_the_danes() -> None:
    """112 of 185 Danes have a haplotype nobody else has.

    Brenner's κ counts the new haplotype in: 113/186, and P = (1 − κ)/186, one in 474.
    """
    danes = bundled_database("DNK_Hallenberg2005")
    singletons = sum(count == 1 for _, count in danes.haplotypes)
    assert (danes.size, len(danes.haplotypes)) == (185, 136)
    new = dict.fromkeys(danes.haplotypes[0][0], ("99",))
    compared = y_matches(danes, new, None)
    assert compared == Comparison(0, 185, singletons)
    found = brenner_kappa(compared.matches, compared.size, compared.singletons).frequency
    assert singletons == 112
    assert found == pytest.approx((1 - 113 / 186) / 186, rel=1e-12)
    assert round(1 / found) == 474
    assert found < 1 / 186  # Brenner: distinctly less than the augmented count


def test_kappa_of_a_haplotype_that_was_seen_is_the_augmented_count() -> None:
    assert brenner_kappa(4, 99, 60).frequency == augmented_count(4, 99).frequency == 0.05


def test_kappa_never_makes_a_haplotype_impossible() -> None:
    assert 0 < brenner_kappa(0, 50, 50).frequency <= 1 / 51
    assert brenner_kappa(0, 0, 0).frequency == 1


def test_theta() -> None:
    assert theta_corrected(0.001, 0.0) == 0.001
    assert theta_corrected(0.001, 0.02) == pytest.approx(0.02 + 0.98 * 0.001)
    with pytest.raises(ValueError, match="theta"):
        theta_corrected(0.1, 1.5)


def test_side_by_side() -> None:
    found = {e.method: e for e in estimates(Comparison(0, 185, 112), laplace=2e-4, theta=0.01)}
    assert set(found) == {"count", "augmented-count", "brenner-kappa", "clopper-pearson-upper", "discrete-laplace"}
    assert found["count"].frequency == 0.01
    assert found["discrete-laplace"].frequency == pytest.approx(0.01 + 0.99 * 2e-4)
    assert all(e.theta == 0.01 and e.size == 185 for e in found.values())
    with pytest.raises(ValueError, match="corrected"):
        found["count"].corrected(0.01)


def test_an_empty_database_still_bounds_nothing() -> None:
    assert {e.method for e in estimates(Comparison(0, 0, 0))} == {"augmented-count", "brenner-kappa"}
    with pytest.raises(ValueError, match="empty"):
        clopper_pearson_upper(0, 0)
    with pytest.raises(ValueError, match="3 matches among 2"):
        augmented_count(3, 2)


@pytest.mark.parametrize("about", bundled_databases(), ids=lambda d: d.id)
def test_bundled_databases_are_what_they_say(about) -> None:
    database = bundled_database(about.id)
    assert database.size == about.persons
    assert database.kind == "Y"
    assert about.licence and about.source and about.note


def test_men_not_typed_at_what_is_compared_leave_the_count() -> None:
    database = bundled_database("AUS_SA_Aboriginal_YfilerPlus")
    loci = tuple(database.haplotypes[0][0])
    whole, partial = database.haplotypes[0][0], {"DYS19": database.haplotypes[0][0]["DYS19"]}
    assert y_matches(database, whole, loci).size == 742
    assert y_matches(database, whole, None).matches == database.haplotypes[0][1]
    alone = y_matches(database, partial, None)
    assert alone.matches == sum(n for h, n in database.haplotypes if h.get("DYS19") == partial["DYS19"])
    with pytest.raises(ValueError, match="not typed"):
        y_matches(database, partial, loci)
