"""Integer score tables against the exact LRs of `screen`: no hit is missed, and how far below one may be is told."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from private_cases import ALLELES, classes_of, drawn_columns, panel_model, small_terms

from homeward.exchange.private import exact_log10_lr, lineage_scores, plain_hits, score_tables
from homeward.exchange.private.scores import whole_numbers
from homeward.faults import Refusal
from homeward.identify import Typed, screen
from homeward.observe import Evidence, with_dropout


def summed(terms, exact, profiles):  # type: ignore[no-untyped-def]
    """Exact log10 LRs, shape (families, profiles)."""
    return exact[:, np.array(profiles) + terms.starts[:-1]].sum(axis=2)


@pytest.mark.parametrize("relative", ["child", "grandson"])
def test_exact_sums_are_those_of_the_screen(relative: str) -> None:
    """Genotypes, single alleles at a drop-out level and untyped loci, each against the screen's own answer."""
    model = panel_model(6)
    terms = small_terms(alleles=ALLELES, dropout=(0.3,))
    columns, missing = drawn_columns(model, relative, 5, seed=3)
    profiles = classes_of(terms, missing)
    samples = []
    for r, profile in enumerate(profiles):
        evidence = {}
        for k, locus in enumerate(model.loci):
            i, j = missing[r, k].tolist()
            if (r + k) % 4 == 0:
                profile[k] = terms.loci[k].untyped
            elif (r + k) % 4 == 1:
                profile[k] = terms.loci[k].class_of([locus.alleles[i]], 0)
                evidence[locus.name] = {2: with_dropout([locus.alleles[i]], locus, "male", 0.3, 0.09)}
            else:
                evidence[locus.name] = {2: Evidence(2, ((i, j),), (1.0,))}
        samples.append(Typed(str(r), evidence))
    found = summed(terms, exact_log10_lr(terms, columns, model), profiles)
    np.testing.assert_allclose(found, screen(samples, columns, model).ln_lr.T / log(10), atol=1e-12)


@pytest.mark.parametrize("mutation", [0.0, 0.002])
@pytest.mark.parametrize("relative", ["child", "brother", "grandson"])
def test_no_hit_is_missed_and_none_is_further_below_than_told(relative: str, mutation: float) -> None:
    """All of many true and false pairs; where mutation is impossible some LRs are 0."""
    model = panel_model(10, mutation=mutation, seed=2)
    terms = small_terms(10, ALLELES, threshold=1.0, steps=64)
    columns, missing = drawn_columns(model, relative, 60, seed=4)
    scores = score_tables(terms, columns, model)
    profiles = classes_of(terms, missing)
    exact = summed(terms, exact_log10_lr(terms, columns, model), profiles)
    hits = plain_hits(terms, profiles, scores)
    shown = {(r, f) for f, r in np.argwhere(exact >= terms.threshold).tolist()}
    assert shown
    assert shown <= hits.keys()
    for (r, f), score in hits.items():
        low, high = scores.log10_lr(f, score)
        assert low - 1e-6 <= exact[f, r] <= high + 1e-6
        assert exact[f, r] >= scores.lowest[f] - 1e-6
    reach = np.isfinite(scores.lowest)
    assert (scores.lowest[reach] >= terms.threshold - scores.error[reach] - 1e-6).all()


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.floats(-40, 6) | st.just(-np.inf), min_size=10, max_size=10), min_size=3, max_size=3),
    st.sampled_from([4, 16, 64, 1024]),
)
def test_whatever_the_tables(rows: list[list[float]], steps: int) -> None:
    """Every one of all possible profiles: at the threshold a hit, and no sum leaves what p and K can hold."""
    terms = small_terms(3, min_typed_loci=1, steps=steps, margin=1e6)
    exact = np.zeros(terms.starts[-1])
    for start, row in zip(terms.starts, rows, strict=False):
        exact[start : start + 10] = row
    scores = whole_numbers(terms, ("F",), exact[None])
    every = [(a, b, c) for a in range(11) for b in range(11) for c in range(11)]
    sums = summed(terms, exact[None], every)[0]
    hits = {r for r, _ in plain_hits(terms, every, scores)}
    assert set(np.flatnonzero(sums >= terms.threshold).tolist()) <= hits
    assert all(sums[r] >= scores.lowest[0] - 1e-6 for r in hits)
    x = scores.steps[0][np.array(every) + terms.starts[:-1]].sum(axis=1) - scores.thresholds[0]
    assert x.max() < steps
    assert x.min() > steps - 65537


def test_untyped_adds_nothing_and_a_family_without_reach_has_no_hit() -> None:
    terms = small_terms()
    scores = whole_numbers(terms, ("far", "near"), np.stack([np.full(66, -0.1), np.full(66, 0.0)]))
    assert not np.isfinite(scores.lowest).any()
    assert plain_hits(terms, [[x.untyped for x in terms.loci]], scores) == {}


def test_a_family_beyond_the_margin_is_named() -> None:
    model = panel_model(6, ALLELES[:4])
    columns, _ = drawn_columns(model, "child", 3, seed=1)
    terms = replace(small_terms(), threshold=0.5, margin=0.01)
    with pytest.raises(Refusal) as refused:
        score_tables(terms, columns, model)
    assert {f.code for f in refused.value.faults} == {"private-margin"}
    assert {f.value for f in refused.value.faults} == {"F0", "F1", "F2"}


def test_another_panel_is_refused() -> None:
    model = panel_model(6)
    columns, _ = drawn_columns(model, "child", 1, seed=1)
    with pytest.raises(Refusal) as refused:
        score_tables(small_terms(7), columns, model)
    assert [(f.code, f.marker) for f in refused.value.faults] == [("private-panel", f"L{k}") for k in range(7)]


def test_lines_count_mismatches() -> None:
    """Untyped on either side is none; at most as many as agreed are a hit."""
    terms = small_terms(5, ALLELES[:3], max_mismatches=1, min_typed_loci=2)
    line = {"L0": "8", "L1": "9", "L2": "10", "L3": "8"}
    scores = lineage_scores(terms, ["F"], [line])
    profiles = [[0, 1, 2, 0, 1], [0, 1, 2, 1, 1], [0, 1, 0, 1, 1], [3, 3, 0, 0, 3], [1, 3, 0, 0, 3]]
    assert plain_hits(terms, profiles, scores) == {(0, 0): 1, (1, 0): 0, (3, 0): 0}
    with pytest.raises(Refusal) as refused:
        lineage_scores(terms, ["F"], [{"L0": "22"}])
    assert refused.value.faults[0].code == "private-panel"
