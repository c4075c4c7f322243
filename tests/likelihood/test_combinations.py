"""Every combination of what several persons show is what the oracle says of each."""

from __future__ import annotations

from itertools import product
from math import exp
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import Scene, evidence, genotypes, scenes

from homeward.genetics import Locus
from homeward.likelihood import Task, combinations, oracle_likelihood
from homeward.observe import called
from homeward.pedigree import nuclear


@settings(max_examples=150, deadline=None)
@given(scenes(people=6), st.randoms(use_true_random=False))
def test_every_combination_is_what_the_oracle_says(scene: Scene, rng: Random):
    targets = tuple(rng.sample(scene.pedigree.ids, rng.randint(1, min(3, len(scene.pedigree)))))
    shown, may = [], []
    for person in targets:
        sex = scene.pedigree[person].sex
        each = [
            evidence(rng, genotypes(rng, scene.pedigree, scene.locus)[person], scene.locus, sex)
            for _ in range(rng.randint(0, 2))
        ]
        may.append([len(shown) + k for k, e in enumerate(e for e in each if e is not None)])
        shown += [e for e in each if e is not None]
    most = [rng.randint(1, 3) for _ in shown]
    parts = combinations(Task(scene.pedigree, scene.locus, scene.evidence, targets), shown, may, most)
    nothing = oracle_likelihood(scene.pedigree, scene.locus, scene.evidence)
    if parts is None:
        assert nothing == 0
        return
    for chosen in product(*([None, *places] for places in may)):
        seen = dict(scene.evidence)
        for person, k in zip(targets, chosen, strict=True):
            if k is not None:
                seen[person] = shown[k].times(seen[person]) if person in seen else shown[k]
        expected = oracle_likelihood(scene.pedigree, scene.locus, seen) / nothing
        assert _ratio(parts, chosen) == pytest.approx(expected, rel=1e-9, abs=1e-250)


def _ratio(parts, chosen) -> float:
    ln = 0.0
    for part in parts:
        wanted = [0 if chosen[t] is None else chosen[t] + 1 for t in part.targets]
        row = (part.chosen == wanted).all(axis=1).nonzero()[0]
        if not len(row):
            return 0.0
        ln += float(part.ln[row[0]] - part.ln[0])
    return exp(ln)


def test_no_more_show_the_same_than_can():
    locus = Locus("M", "autosomal", ("1", "2", "3"), np.array([0.5, 0.3, 0.2]))
    call = called(["1", "2"], locus, "male")
    assert call is not None
    task = Task(nuclear(["A", "B", "C"]), locus, {}, ("A", "B", "C"))
    (part,) = combinations(task, [call], [[0]] * 3, [2]) or []
    assert sorted(map(tuple, part.chosen.tolist())) == [each for each in product((0, 1), repeat=3) if sum(each) < 3]


def test_what_is_impossible_has_no_row():
    locus = Locus("M", "autosomal", ("1", "2", "3"), np.array([0.5, 0.3, 0.2]))
    seen = {"A": called(["1", "1"], locus, "male"), "1": called(["1", "2"], locus, "male")}
    shown = [called(alleles, locus, "male") for alleles in (["2", "2"], ["3", "3"], ["1", "3"])]
    task = Task(nuclear(["A", "B", "C"]), locus, seen, ("B", "C"))
    (part,) = combinations(task, shown, [[0, 1, 2]] * 2, [2] * 3) or []
    # the father has no 3 to give; a mother of 1 and 2 has no child 1,3, and one of 1 and 3 no child 2,2
    assert sorted(map(tuple, part.chosen.tolist())) == [(0, 0), (0, 1), (0, 3), (1, 0), (1, 1), (3, 0), (3, 3)]
