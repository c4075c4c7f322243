"""The mixtures that come with the bundled tables are what fitting the tables gives."""

from __future__ import annotations

import pytest

from homeward.genetics.haplotypes import bundled_database, bundled_databases, fit_discrete_laplace
from homeward.genetics.haplotypes.fits import bundled_fit


def test_every_bundled_table_has_its_fit() -> None:
    for about in bundled_databases():
        fit = bundled_fit(about.id)
        assert fit.weights.sum() == pytest.approx(1.0)
        assert fit.bic[fit.clusters] == min(fit.bic.values())


def test_a_fit_made_anew_is_the_one_that_is_carried() -> None:
    id = "DNK_Hallenberg2005"
    anew, carried = fit_discrete_laplace(bundled_database(id), seed=1), bundled_fit(id)
    assert anew.locations.tolist() == carried.locations.tolist()
    assert anew.weights == pytest.approx(carried.weights, abs=1e-8)
    assert anew.dispersions == pytest.approx(carried.dispersions, abs=1e-8)
