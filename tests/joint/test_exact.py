"""The exact solver is what enumeration of every state says."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from random_problems import problem

from homeward.identify.joint.exact import Impossible, solve_exactly
from homeward.identify.joint.oracle import solve_by_enumeration


@pytest.mark.parametrize("kind", ["bodies", "fragments", "flat-assignments"])
@pytest.mark.parametrize("seed", range(25))
def test_exact_is_enumeration(kind: str, seed: int):
    rng = Random(f"{kind} {seed}")
    p = problem(rng, kind, rng.choice([1, 2, 3, 4]))
    try:
        slow = solve_by_enumeration(p)
    except Impossible:
        with pytest.raises(Impossible):
            solve_exactly(p)
        return
    fast = solve_exactly(p)
    assert fast.marginals == pytest.approx(slow.marginals, abs=1e-12)
    assert fast.same_body == pytest.approx(slow.same_body, abs=1e-12)
    assert fast.bodies == pytest.approx(slow.bodies, abs=1e-12)
    assert fast.no_sample == pytest.approx(slow.no_sample, abs=1e-12)
    assert fast.method.states == slow.method.states
    assert fast.method.ln_evidence == pytest.approx(slow.method.ln_evidence, abs=1e-10)
    assert [a.posterior for a in fast.assignments] == pytest.approx([a.posterior for a in slow.assignments], abs=1e-12)
    found = {a.who: a.ln_lr for a in fast.assignments}
    for a in slow.assignments:
        if a.posterior > 1e-9 and len(found) < 100:
            assert found[a.who] == pytest.approx(a.ln_lr, abs=1e-9)
    assert np.exp(fast.ln_glr) == pytest.approx(np.exp(slow.ln_glr), rel=1e-9)
    assert fast.marginals.sum(axis=1) == pytest.approx(1.0, abs=1e-12)
