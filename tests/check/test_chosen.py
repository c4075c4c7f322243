"""Two samples that somebody chose: κ, LRs and what the record says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeward.check import chosen_pair
from homeward.formats import read_case
from homeward.genetics import scenarios_of
from homeward.simulate import simulate_incident

EXAMPLE = read_case(Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example")


def test_brothers_look_like_brothers_and_strangers_like_strangers() -> None:
    case, _ = simulate_incident(seed=3, size=8, relatives={"brother": 4}, second_relative=1.0, bodies=2)
    scenarios = scenarios_of(case)
    of_family: dict[str, list[str]] = {}
    for sample in case.samples:
        if sample.of == "person":
            of_family.setdefault(sample.source.partition("/")[0], []).append(sample.id)
    pairs = [ids[:2] for ids in of_family.values() if len(ids) > 1]
    assert pairs
    for first, second in pairs:
        found = chosen_pair(case, scenarios, first, second)
        again = chosen_pair(case, scenarios, second, first)
        assert found is not None and again is not None
        assert found.declared == pytest.approx((0.25, 0.5, 0.25)) and found.compared > 15
        assert found.kappa == pytest.approx(again.kappa, abs=1e-9) and sum(found.kappa) == pytest.approx(1.0)
        assert found.log10_lr["siblings"] > 0
    strangers = chosen_pair(case, scenarios, pairs[0][0], pairs[1][0])
    assert strangers is not None and strangers.declared is None and strangers.log10_lr["same"] < -10


def test_a_sample_is_not_compared_with_itself_nor_with_none() -> None:
    scenarios = scenarios_of(EXAMPLE)
    with pytest.raises(ValueError, match="two samples"):
        chosen_pair(EXAMPLE, scenarios, "V1", "V1")
    with pytest.raises(ValueError, match="two samples"):
        chosen_pair(EXAMPLE, scenarios, "V1", "nobody")
