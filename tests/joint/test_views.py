"""The same posterior from either side."""

from __future__ import annotations

import numpy as np
import pytest

from homeward.identify.joint.posterior import JointMethod, JointPosterior
from homeward.identify.joint.views import by_name, by_sample

MARGINALS = np.array([[0.7, 0.1, 0.05, 0.05, 0.1], [0.2, 0.0, 0.4, 0.3, 0.1]])
ERRORS = np.array([[0.01, 0.01, 0.003, 0.004, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0]])
POSTERIOR = JointPosterior(
    ("S1", "S2"),
    ("A", "B"),
    ("men", "women"),
    MARGINALS,
    ERRORS,
    np.eye(2),
    np.array([0.0, 0.0, 1.0]),
    (),
    JointMethod("sampled"),
    np.array([0.1, 0.9]),
)


def test_of_every_name():
    a, b = by_name(POSTERIOR)
    assert (a.missing, a.samples, a.nobody) == ("A", (("S1", 0.7, 0.01), ("S2", 0.2, 0.0)), 0.1)
    assert (b.samples, b.nobody) == ((("S1", 0.1, 0.01),), 0.9)
    assert [len(x.samples) for x in by_name(POSTERIOR, least=0.2)] == [1, 0]


def test_of_every_sample():
    one, two = by_sample(POSTERIOR)
    assert [w for w, _, _ in one.who] == ["A", "B", "unreferenced", "stranger"]
    assert one.who[2] == ("unreferenced", pytest.approx(0.1), pytest.approx(0.005))
    assert [(w, p) for w, p, _ in two.who] == [("unreferenced", 0.7), ("A", 0.2), ("stranger", 0.1)]
    assert sum(p for _, p, _ in one.who) == pytest.approx(1.0)
