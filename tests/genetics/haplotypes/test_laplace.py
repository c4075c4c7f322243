"""The discrete Laplace mixture: a published fit, parameters recovered, and probabilities that sum to one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from homeward.genetics.haplotypes import HaplotypeDatabase, bundled_database, fit_discrete_laplace, laplace_loci
from homeward.genetics.haplotypes.dispersion import fit_dispersions
from homeward.genetics.haplotypes.laplace import DiscreteLaplace, Irregular

# fmt: off
CENTRES = [[14, 13, 29, 24, 11, 13, 13, 15, 12, 12], [15, 14, 31, 23, 10, 12, 14, 14, 10, 11],
           [15, 13, 30, 25, 10, 11, 13, 14, 11, 11], [14, 12, 28, 22, 10, 11, 13, 16, 10, 11]]
DISPERSIONS = [
    [.1519902, .10790796, .2309797, .2190487, .11291165, .06488933, .10614775, .04510183, .04104708, .1842068],
    [.2119974, .15051099, .3221725, .3055310, .15749018, .09050823, .14805584, .06290844, .05725284, .2569333],
    [.1874694, .13309693, .2848973, .2701812, .13926864, .08003646, .13092584, .05562996, .05062871, .2272062],
    [.1235191, .08769439, .1877120, .1780160, .09176078, .05273412, .08626391, .03665325, .03335805, .1497008]]
# fmt: on


def test_the_published_fit_of_the_danes() -> None:
    """Four clusters, their centres and dispersions, as in the published introduction to disclapmix (Andersen 2018).

    The published EM stops sooner than ours: dispersions agree to 5e-4.
    """
    fit = fit_discrete_laplace(bundled_database("DNK_Hallenberg2005"), seed=1)
    assert min(fit.bic, key=lambda n: fit.bic[n]) == fit.clusters == 4
    order = [fit.locations.tolist().index(centre) for centre in CENTRES]
    assert fit.dispersions[order] == pytest.approx(np.array(DISPERSIONS), abs=5e-4)
    assert fit.weights.sum() == pytest.approx(1)


def drawn(weights, centres, dispersions, men, seed):
    """Men of a known mixture: the difference of two geometric numbers is discrete Laplace."""
    chance = np.random.Generator(np.random.PCG64(seed))
    cluster = chance.choice(len(weights), size=men, p=weights)
    p = np.array(dispersions)[cluster]
    steps = chance.geometric(1 - p) - chance.geometric(1 - p)
    haplotypes = np.array(centres)[cluster] + steps
    names = [f"DYS{k + 1}" for k in range(haplotypes.shape[1])]
    counted = Counter(map(tuple, haplotypes.tolist()))
    rows = tuple(({m: (str(a),) for m, a in zip(names, h, strict=True)}, n) for h, n in sorted(counted.items()))
    return HaplotypeDatabase("drawn", "Y", "drawn", "", rows)


def test_simulated_parameters_are_recovered() -> None:
    weights, centres = [0.2, 0.8], [[13, 29, 20, 15, 11], [15, 31, 23, 17, 14]]
    dispersions = np.outer([1.2, 1.0], [0.3, 0.2, 0.4, 0.1, 0.25])
    fit = fit_discrete_laplace(drawn(weights, centres, dispersions, 4000, 7), seed=2, clusters=range(1, 5))
    assert fit.clusters == 2
    order = np.argsort(fit.weights)
    assert fit.locations[order].tolist() == centres
    assert fit.weights[order] == pytest.approx(weights, abs=0.02)
    assert fit.dispersions[order] == pytest.approx(dispersions, abs=0.03)


def test_one_cluster_and_locus_has_the_closed_form() -> None:
    """p = (√(1 + m²) − 1)/m with m the mean number of steps from the median (Andersen, Eriksen & Morling 2013)."""
    database = drawn([1.0], [[13]], [[0.3]], 1000, 3)
    fit = fit_discrete_laplace(database, seed=1, clusters=[1])
    mean = sum(n * abs(int(h["DYS1"][0]) - 13) for h, n in database.haplotypes) / 1000
    assert fit.locations.tolist() == [[13]]
    assert fit.dispersions[0, 0] == pytest.approx((np.sqrt(1 + mean**2) - 1) / mean, rel=1e-6)


def test_the_same_seed_gives_the_same_fit() -> None:
    database = drawn([0.5, 0.5], [[13, 29], [15, 31]], [[0.3, 0.2]] * 2, 300, 5)
    one, other = (fit_discrete_laplace(database, seed=4) for _ in range(2))
    assert one.dispersions.tobytes() == other.dispersions.tobytes()
    assert one.bic == other.bic


def model(copies_of_385: bool) -> DiscreteLaplace:
    columns = ("DYS19", "DYS385", "DYS385") if copies_of_385 else ("DYS19", "DYS390")
    loci = tuple(dict.fromkeys(columns))
    return DiscreteLaplace(
        "d", loci, columns, np.array([0.3, 0.7]), np.array([[13, 11, 14], [15, 13, 13]])[:, : len(columns)],
        np.array([[0.2, 0.1, 0.3], [0.3, 0.25, 0.2]])[:, : len(columns)],
        {m: Irregular(10, {}) for m in loci}, 10, 0.0, {},
    )  # fmt: skip


def outside(p: float, centre: int, low: int, high: int) -> float:
    """What the discrete Laplace distribution has below ``low`` and above ``high``, in closed form."""
    return (p ** (centre - low + 1) + p ** (high - centre + 1)) / (1 + p)


def test_probabilities_of_a_finite_space_sum_to_one_but_for_the_tails() -> None:
    fit, low, high = model(False), 5, 24
    space = [{"DYS19": (str(a),), "DYS390": (str(b),)} for a, b in product(range(low, high + 1), repeat=2)]
    inside = [
        np.prod([1 - outside(p, y, low, high) for p, y in zip(ps, ys, strict=True)])
        for ps, ys in zip(fit.dispersions, fit.locations, strict=True)
    ]
    assert np.exp(fit.ln_probability(space)).sum() == pytest.approx(fit.weights @ inside, rel=1e-12)


def test_two_copies_without_labels_sum_to_one() -> None:
    """Over all pairs {a, b} of DYS385, each once."""
    fit = model(True)
    pairs = [{"DYS385": (str(a), str(b))} for a, b in combinations_with_replacement(range(45), 2)]
    assert np.exp(fit.ln_probability(pairs)).sum() == pytest.approx(1, abs=1e-5)
    assert fit.probability({"DYS385": ("13",)}) == pytest.approx(fit.probability({"DYS385": ("13", "13")}))


def test_a_partial_haplotype_is_the_sum_over_what_was_not_typed() -> None:
    fit = model(False)
    whole = sum(fit.probability({"DYS19": ("14",), "DYS390": (str(b),)}) for b in range(60))
    assert fit.probability({"DYS19": ("14",)}) == pytest.approx(whole, rel=1e-6)
    assert fit.probability({}) == pytest.approx(1)
    assert fit.probability({"DYS999": ("14",)}) == pytest.approx(1)


def test_irregular_states_have_their_augmented_count() -> None:
    rows = (({"DYS19": ("14",)}, 7), ({"DYS19": ("14.2",)}, 2), ({"DYS19": ("13", "14")}, 1))
    fit = fit_discrete_laplace(HaplotypeDatabase("d", "Y", "p", "s", rows), seed=1)
    assert fit.probability({"DYS19": ("14.2",)}) == pytest.approx(3 / 11)
    assert fit.probability({"DYS19": ("null",)}) == pytest.approx(1 / 11)
    regular = sum(fit.probability({"DYS19": (str(a),)}) for a in range(60))
    assert regular == pytest.approx(7 / 10, rel=1e-6)


def test_markers_of_many_copies_are_left_out() -> None:
    rows = (({"DYS19": ("14",), "DYS464": ("15", "17")}, 3),)
    database = HaplotypeDatabase("d", "Y", "p", "s", rows)
    assert laplace_loci(database) == ("DYS19",)
    with pytest.raises(ValueError, match="nobody"):
        fit_discrete_laplace(database, ["DYS390"], seed=1)


def test_dispersions_are_where_the_likelihood_is_greatest() -> None:
    """Against a slow search over both parts."""
    from scipy.optimize import minimize

    men, steps = np.array([[10.0, 10.0], [25.0, 20.0]]), np.array([[4.0, 1.5], [6.0, 9.0]])
    found = fit_dispersions(men, steps, np.full((2, 2), 0.3))

    def loss(x):
        eta = np.array([0, x[0]])[:, None] + x[1:]
        p = np.exp(np.minimum(eta, -1e-9))
        return -(steps * np.log(p) + men * np.log((1 - p) / (1 + p))).sum()

    x = minimize(loss, [0.0, -1.5, -1.5], method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-12}).x
    assert found == pytest.approx(np.exp(np.array([0, x[0]])[:, None] + x[1:]), rel=1e-4)
