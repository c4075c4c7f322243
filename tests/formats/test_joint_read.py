"""A joint answer that was written is read again: same probabilities, same conclusions, and so the same pages."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from joint_answers import EXACT, SAMPLED, SAMPLES, hand_made

from homeward.case import Case
from homeward.formats import result_json
from homeward.formats.joint_read import read_conclusions, read_posterior
from homeward.identify import Result, SampleRow
from homeward.identify.joint.posterior import JointMethod


@pytest.mark.parametrize("method", [EXACT, SAMPLED], ids=["exact", "sampled"])
def test_what_was_written_is_read(method: JointMethod) -> None:
    joint = hand_made(method)
    rows = tuple(SampleRow(s, "remains", s, "male", 20) for s in sorted(SAMPLES))
    written = json.loads(result_json(Result(Case("x"), (), 1, (), rows, (), (), (), (), (), joint=joint)))["joint"]
    p, old = read_posterior(written), joint.posterior
    assert p.samples == tuple(sorted(SAMPLES)) and p.names == old.names
    order = [old.samples.index(s) for s in p.samples]
    n = len(p.names)
    np.testing.assert_array_equal(p.marginals[:, :n], old.marginals[order, :n])
    np.testing.assert_allclose(p.unreferenced, old.unreferenced[order], atol=1e-15)
    np.testing.assert_array_equal(p.stranger, old.stranger[order])
    np.testing.assert_array_equal(p.same_body, old.same_body[np.ix_(order, order)])
    np.testing.assert_array_equal(p.bodies[: len(old.bodies)], old.bodies)
    np.testing.assert_array_equal(p.no_sample, old.no_sample)
    np.testing.assert_allclose(p.mc_error[:, :n], old.mc_error[order, :n] if method.chains else 0.0)
    assert p.method.name == old.method.name and p.method.converged == old.method.converged
    assert p.method.chains == old.method.chains and p.method.max_rhat == old.method.max_rhat
    if old.method.ln_evidence is not None:
        assert p.method.ln_evidence == pytest.approx(old.method.ln_evidence)
    assert [dict(a.who) for a in p.assignments] == [dict(a.who) for a in old.assignments]
    for a, b in zip(p.assignments, old.assignments, strict=True):
        assert a.posterior == b.posterior and (a.ln_lr == pytest.approx(b.ln_lr) or math.isinf(b.ln_lr))
    told = read_conclusions(written["conclusions"])
    for c, d in zip(told, joint.conclusions, strict=True):
        assert (c.samples, c.missing, c.conclusion, c.posterior) == (d.samples, d.missing, d.conclusion, d.posterior)
        assert [r.code for r in c.reasons] == [r.code for r in d.reasons]
