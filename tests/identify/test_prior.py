"""Another prior by Bayes' rule is what the calculation gives under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.formats.overrides import overridden
from homeward.genetics import scenarios_of
from homeward.identify import Result, identify
from homeward.identify.prior import Prior, prior_of, reconsidered

CHOSEI = read_case(Path(__file__).parents[2] / "demo" / "chosei")


def under(prior: Prior) -> Result:
    case = overridden(CHOSEI, {"incident.size": prior.names, "incident.strangers": prior.strangers, "run.joint": "off"})
    return identify(case, scenarios_of(case), seed=1)


@pytest.fixture(scope="module")
def result() -> Result:
    return under(Prior(200, 0.02))


@pytest.mark.parametrize("prior", [Prior(200, 0.02), Prior(5000, 0.3), Prior(183, 0.0), Prior(250, 1e-6)])
def test_as_computed_anew(result: Result, prior: Prior) -> None:
    anew = under(prior)
    assert prior_of(anew) == prior
    for sample in {p.sample for p in result.pairs}:
        moved = reconsidered(result, sample, prior)
        told = {p.missing: p.posterior for p in anew.pairs if p.sample == sample}
        assert dict(moved.posterior) == pytest.approx(told, rel=1e-9, abs=1e-15)
        outside = next(o for o in anew.outside if o.sample == sample)
        assert (moved.unreferenced, moved.stranger) == pytest.approx((outside.unreferenced, outside.stranger), rel=1e-9)
        assert sum(told.values()) + moved.unreferenced + moved.stranger == pytest.approx(1)


def test_from_a_closed_list() -> None:
    """Where nobody could be a stranger, what anybody weighs is known from the LRs."""
    closed = under(Prior(183, 0.0))
    anew = under(Prior(300, 0.1))
    sample = closed.pairs[0].sample
    moved = reconsidered(closed, sample, Prior(300, 0.1))
    outside = next(o for o in anew.outside if o.sample == sample)
    assert (moved.unreferenced, moved.stranger) == pytest.approx((outside.unreferenced, outside.stranger), rel=1e-9)


def test_what_is_no_prior(result: Result) -> None:
    for prior in (Prior(3, 0.02), Prior(200, 1.0), Prior(200, -0.1), Prior(200, float("nan"))):
        with pytest.raises(Refusal) as refused:
            reconsidered(result, result.pairs[0].sample, prior)
        assert [f.code for f in refused.value.faults] == ["bad-range"]
    with pytest.raises(Refusal):
        reconsidered(result, "nobody", Prior(200, 0.1))
