"""Sums over descents against sums over partitions, and how many families they serve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, scenes

from homeward.likelihood import Task, descent, tables, urns


@settings(max_examples=150, deadline=None)
@given(scenes(people=6), st.integers(0, 99), st.sampled_from([0.02, 0.3]))
def test_tables_by_descents_are_those_by_partitions(scene: Scene, seed: int, theta: float) -> None:
    person = scene.pedigree.ids[seed % len(scene.pedigree)]
    task = Task(scene.pedigree, scene.locus, scene.evidence, (person,), theta=theta)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(urns, "cheaper_descents", lambda system, setting, work: descent.descents(system, setting))
        (found,) = tables([task])
        patch.setattr(urns, "cheaper_descents", lambda system, setting, work: None)
        (expected,) = tables([task])
    np.testing.assert_allclose(found.joint, expected.joint, rtol=1e-12, atol=1e-15 * float(expected.joint.sum()))
