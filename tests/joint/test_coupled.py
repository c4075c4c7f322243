"""Look-ups of a family that misses several say what the chain rule says, filling by filling."""

from __future__ import annotations

import numpy as np
import pytest
from joint_incidents import incident
from validation.joint import problem_of_case

from homeward.genetics import scenarios_of
from homeward.identify import Typed
from homeward.identify.joint import coupled, weights
from homeward.identify.joint.coupled import can_couple
from homeward.observe import averaged, called


@pytest.mark.parametrize(("samples_are", "seed"), [("bodies", 1), ("bodies", 2), ("fragments", 3), ("fragments", 4)])
@pytest.mark.parametrize("mutation", ["default", "none"])
def test_every_filling_weighs_what_the_chain_rule_says(
    monkeypatch: pytest.MonkeyPatch, samples_are: str, seed: int, mutation: str
) -> None:
    case = incident(samples_are, seed, mutation)
    slow = problem_of_case(case, scenarios_of(case))
    monkeypatch.setattr(weights, "_ALL_AT_ONCE", 0)
    quick = problem_of_case(case, scenarios_of(case))
    n = len(slow.samples)
    chance = np.random.Generator(np.random.PCG64(seed))
    looked_at = 0
    for a, b in zip(slow.families, quick.families, strict=True):
        names = len(a.names)
        if names < 2:
            continue
        for _ in range(60):
            order = chance.permutation(n)[: int(chance.integers(1, min(n, 4)))]
            held: list[tuple[int, ...]] = [()] * names
            for i in order.tolist():
                k = int(chance.integers(names))
                if a.ln_given(k, tuple(held))[i] > -np.inf:  # what is impossible is never asked further
                    held[k] = tuple(sorted((*held[k], i)))
            at = int(chance.integers(names))
            one, other = a.ln_given(at, tuple(held)), b.ln_given(at, tuple(held))
            free = [i for i in range(n) if not any(i in body for body in held)]
            np.testing.assert_allclose(other[free], one[free], rtol=0, atol=1e-8)
            looked_at += any(held)
    assert looked_at > 20


def test_only_clean_calls_are_coupled() -> None:
    """A soft reading multiplies, and two of one body are not what either is."""
    case = incident("bodies", 1, "default")
    model = scenarios_of(case)[0].model
    locus = model.loci[0]
    one, other = (called(pair, locus, "male") for pair in (locus.alleles[:2], locus.alleles[1:3]))
    assert one is not None
    soft = averaged([one, other], [0.5, 0.5])
    assert soft is not None
    assert can_couple(model, [Typed("a", {"L": {2: one}}), Typed("b", {})])
    assert not can_couple(model, [Typed("a", {"L": {2: one}}), Typed("b", {"L": {2: soft}})])


def test_a_table_that_would_be_too_large_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """The chain rule answers instead, and says the same."""
    case = incident("bodies", 1, "default")
    slow = problem_of_case(case, scenarios_of(case))
    monkeypatch.setattr(weights, "_ALL_AT_ONCE", 0)
    monkeypatch.setattr(coupled, "_LARGEST", 1)
    quick = problem_of_case(case, scenarios_of(case))
    for a, b in zip(slow.families, quick.families, strict=True):
        if len(a.names) > 1:
            held = ((0,), *((),) * (len(a.names) - 1))
            np.testing.assert_array_equal(a.ln_given(1, held)[1:], b.ln_given(1, held)[1:])
