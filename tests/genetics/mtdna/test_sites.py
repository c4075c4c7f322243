"""The sites of a maternal line: what varies, what each sample shows of it, and what it costs to change."""

from __future__ import annotations

import math

import numpy as np
import pytest

from homeward.case import Span
from homeward.genetics.mtdna import mt_sites, substitution_rate
from homeward.genetics.mtdna.reference import LENGTH

CONTROL = (Span(1, 576), Span(16024, 16569))
HVS1 = (Span(16024, 16365),)


def test_rates_keep_the_mean_of_their_partition() -> None:
    control = [substitution_rate(p) for r in CONTROL for p in range(r.low, r.high + 1)]
    assert sum(control) == pytest.approx(1122 * 2.056e-7 * 28, rel=1e-3)
    assert substitution_rate(152) > 20 * substitution_rate(11)
    assert substitution_rate(3107) == 0
    assert 0.014 < sum(substitution_rate(p) for p in range(1, LENGTH + 1)) < 0.017


def test_only_what_varies_is_a_site() -> None:
    every, observed, stretches = mt_sites(
        [
            (CONTROL, ("73G", "263G", "309.1C", "315.1C", "16223Y"), False),
            (HVS1, ("16223T", "16311N"), False),
            (CONTROL, ("263G", "315.1C", "16223T", "16311C", "523-", "524-"), False),
        ]
    )
    sites = every[: -len(stretches)]
    assert [s.name for s in sites] == ["mt 73", "mt 524", "mt 16311"]
    for site in every:
        assert np.allclose(site.transition.sum(axis=1), 1.0) and (site.transition > 0).all()
    assert [set(o.sites) - set(stretches) for o in observed] == [{0, 1, 2}, set(), {0, 1, 2}]
    kept = [p for r in CONTROL for p in range(r.low, r.high + 1) if p not in (73, 16311)]
    unchanged = sum(math.log(every[at].transition[0, 0]) for at in stretches)
    assert unchanged == pytest.approx(sum(math.log1p(-substitution_rate(p)) for p in kept), rel=1e-9)


def test_a_stretch_is_read_by_the_same_samples_from_end_to_end() -> None:
    sites, observed, stretches = mt_sites([((Span(16024, 16300),), (), False), ((Span(16200, 16365),), (), True)])
    assert [(s.low, s.high) for s in stretches.values()] == [(16024, 16199), (16200, 16300), (16301, 16365)]
    assert [set(o.sites) for o in observed] == [{0, 1}, {1, 2}]
    for at in stretches:
        assert np.array_equal(sites[at].transition, sites[at].transition.T), "whose turn came first must not matter"


def test_two_notations_of_one_sequence_have_no_site() -> None:
    sites, _, stretches = mt_sites(
        [(CONTROL, ("16183C", "16189C", "16193.1C", "249-"), False),
         (CONTROL, ("16183-", "16189C", "16193.1C", "16193.2C", "248-"), False)],
        disregard=(),
    )  # fmt: skip
    assert len(sites) == len(stretches)


def test_damage_looks_like_a_transition_of_a_degraded_sample_only() -> None:
    rows = [(HVS1, ("16223T",), True), (HVS1, ("16223T",), False), (HVS1, (), True)]
    (site, _), observed, _ = mt_sites(rows)
    worn, sound, plain = (dict(zip(site.states, o.sites[0], strict=True)) for o in observed)
    assert worn["C"] > 50 * sound["C"] > 0
    assert worn["T"] == sound["T"]
    assert plain["T"] < 1e-5, "a C is never a damaged T"
    assert sum(dict(zip(site.states, o.sites[0], strict=True))["A"] for o in observed) < 1e-4


def test_a_mixture_speaks_against_neither_base() -> None:
    rows = [(HVS1, ("16223Y",), False), (HVS1, ("16223T",), False), (HVS1, (), False)]
    (site, _), observed, _ = mt_sites(rows)
    assert dict(zip(site.states, observed[0].sites[0], strict=True))["C"] == 1.0
    assert dict(zip(site.states, observed[0].sites[0], strict=True))["T"] == 1.0


def test_lengths_are_weighed_on_request() -> None:
    rows = [(CONTROL, ("309.1C", "309.2C"), False), (CONTROL, (), False), (CONTROL, ("309.1c",), False)]
    sites, _, stretches = mt_sites(rows)
    assert len(sites) == len(stretches)
    (site, *_), observed, _ = mt_sites(rows, disregard=())
    assert site.states == ("0", "1", "2")
    assert site.transition[0, 2] == 0 and (np.linalg.matrix_power(site.transition, 2) > 0).all()
    assert list(observed[2].sites[0][:2]) == [1.0, 1.0]


def test_without_mutation_nothing_changes() -> None:
    sites, _, _ = mt_sites([(HVS1, ("16223T",), False), (HVS1, (), False)], mutation=False)
    assert all(np.array_equal(s.transition, np.eye(len(s.states))) for s in sites)
