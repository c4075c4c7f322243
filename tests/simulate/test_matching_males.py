"""Men who share a Y haplotype: against populations drawn whole, man by man, and what must hold."""

from __future__ import annotations

import numpy as np
import pytest

from homeward.simulate import matching_males


def drawn_whole(unchanged: float, size: int, generations: int, growth: float, living: int, seed: int) -> int:
    """The matching men of one man in a Wright-Fisher population of which every man is drawn; haplotypes never recur."""
    chance = np.random.Generator(np.random.PCG64(seed))
    haplotypes = np.arange(max(1, round(size / (1 + growth) ** (generations - 1))))
    alive, new = [], haplotypes.size
    for g in range(1, generations):
        men = max(1, round(size / (1 + growth) ** (generations - 1 - g)))
        haplotypes = haplotypes[chance.integers(haplotypes.size, size=men)]
        changed = np.flatnonzero(chance.random(men) > unchanged)
        haplotypes[changed] = new + np.arange(changed.size)
        new += changed.size
        if g >= generations - living:
            alive.append(haplotypes.copy())
    everybody = np.concatenate(alive)
    return int((everybody == chance.choice(everybody)).sum()) - 1


def test_against_whole_populations() -> None:
    """Without founders in common the first generation of both is distinct, so the means must agree."""
    slow = [drawn_whole(0.85, 400, 40, 0.02, 3, seed) for seed in range(700)]
    fast = matching_males(
        [0.15], size=400, seed=1, generations=40, growth=0.02, growing=39, variance=0.0, replicates=4000
    )
    error = np.hypot(np.std(slow) / 700**0.5, fast.counts.std() / 4000**0.5)
    assert abs(np.mean(slow) - fast.counts.mean()) < 4 * error + 0.02 * np.mean(slow)
    assert abs(np.median(slow) - fast.quantile(0.5)) <= 1


def test_more_mutation_leaves_fewer_matching_men() -> None:
    """Andersen & Balding 2017: a kit of high mutation rate leaves dozens, not thousands."""
    few, many = (matching_males([rate], size=100_000, seed=2, replicates=400) for rate in (0.15, 0.045))
    assert few.quantile(0.95) < many.quantile(0.95)
    assert 10 < few.quantile(0.95) < 100
    assert few.population > 200_000
    assert np.nanmean(few.meioses) < np.nanmean(many.meioses)


def test_sons_who_vary_more_leave_more_matching_men() -> None:
    even, uneven = (matching_males([0.1], size=50_000, seed=3, variance=v, replicates=1500) for v in (0.0, 1.0))
    assert uneven.counts.mean() > even.counts.mean()


def test_the_same_seed_draws_the_same_and_progress_is_told() -> None:
    told: list[int] = []
    one = matching_males(
        [0.1], size=1000, seed=4, replicates=200, progress=lambda stage, done, total: told.append(done)
    )
    assert one.counts.tolist() == matching_males([0.1], size=1000, seed=4, replicates=200).counts.tolist()
    assert told == [0, 100, 200]
    assert set(one.quantiles) == {0.025, 0.5, 0.95, 0.975}


@pytest.mark.parametrize("wrong", [{"size": 1}, {"generations": 3}, {"growth": -1.0}, {"growing": 999}])
def test_figures_out_of_range(wrong) -> None:
    with pytest.raises(ValueError, match=r"range|between"):
        matching_males([0.1], **{"size": 100, "seed": 1, **wrong})
