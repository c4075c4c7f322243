"""Two linked loci: the engine, the oracle, and answers by hand."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_families import locus, pedigree

from homeward import Member, Pedigree, Refusal
from homeward.genetics import Locus, Recombination
from homeward.likelihood import Task, likelihoods, ln_likelihood_linked, oracle_likelihood_linked
from homeward.observe import Evidence, called

A = Locus("A", "autosomal", ("1", "2"), np.array([0.3, 0.7]))
B = Locus("B", "autosomal", ("1", "2"), np.array([0.4, 0.6]))


def seen(family: Pedigree, at: Locus, calls: dict[str, str]) -> dict[str, Evidence]:
    found = {p: called(g.split("/"), at, family[p].sex) for p, g in calls.items()}
    return {p: e for p, e in found.items() if e is not None}


@pytest.mark.parametrize("rho", [0.0, 0.1, 0.5])
def test_a_grandfather_passes_both_loci_on_unless_they_recombine(rho: float) -> None:
    """Grandfather 1/1, grandmother and mother 2/2 at both loci: the child's 1/2, 1/2 is his father's 1-1 haplotype."""
    family = Pedigree(
        [
            Member("gf", sex="male"),
            Member("gm", sex="female"),
            Member("f", "gf", "gm", "male"),
            Member("m", sex="female"),
            Member("c", "f", "m", "male"),
        ]
    )
    old = {"gf": "1/1", "gm": "2/2", "m": "2/2"}
    both = ({**old, "c": "1/2"}, {**old, "c": "1/2"})
    evidence = tuple(seen(family, x, calls) for x, calls in zip((A, B), both, strict=True))
    founders = (0.3**2 * 0.7**4) * (0.4**2 * 0.6**4)
    value = np.exp(ln_likelihood_linked(family, (A, B), evidence, Recombination(0.3, rho)))
    assert value == pytest.approx(founders * 0.5 * (1 - rho), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.05, 0.3]), st.sampled_from([0.0, 0.2, 0.5]))
def test_the_engine_is_the_oracle(seed: int, mother: float, father: float) -> None:
    rng = Random(seed)
    family = plain(pedigree(rng, 4))
    kind = rng.choice(["autosomal", "X"])
    loci = (locus(rng, kind, 2, "A"), locus(rng, kind, 2, "B"))
    evidence = tuple(some_calls(rng, family, x) for x in loci)
    expected = oracle_likelihood_linked(family, loci, evidence, (mother, father))
    found = np.exp(ln_likelihood_linked(family, loci, evidence, Recombination(mother, father)))
    assert found == pytest.approx(expected, rel=1e-10, abs=1e-300)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_loci_that_recombine_freely_are_unlinked(seed: int) -> None:
    rng = Random(seed)
    family = plain(pedigree(rng, 6))
    kind = rng.choice(["autosomal", "X"])
    loci = (locus(rng, kind, 4, "A"), locus(rng, kind, 4, "B"))
    evidence = tuple(some_calls(rng, family, x) for x in loci)
    apart = likelihoods([Task(family, x, e) for x, e in zip(loci, evidence, strict=True)]).prod()
    found = np.exp(ln_likelihood_linked(family, loci, evidence, Recombination(0.5, 0.5)))
    assert found == pytest.approx(apart, rel=1e-10, abs=1e-300)


def test_an_inbred_founder_is_refused_by_name() -> None:
    one = Pedigree([Member("a", founder_inbreeding=0.1)])
    with pytest.raises(Refusal) as refused:
        ln_likelihood_linked(one, (A, B), ({}, {}), Recombination(0.1, 0.1))
    assert [(f.code, f.value) for f in refused.value.faults] == [("linked-inbreeding", "a")]


def plain(family: Pedigree) -> Pedigree:
    """Without twins and inbred founders, which the oracle of two loci does not know."""
    return Pedigree(replace(m, twin=None, founder_inbreeding=0.0, founder_inbreeding_x=0.0) for m in family)


def some_calls(rng: Random, family: Pedigree, at: Locus) -> dict[str, Evidence]:
    found = {}
    for m in family:
        alleles = [rng.choice([*at.alleles, "?"]) for _ in range(2)]
        if at.kind == "X" and m.sex == "male":
            alleles = alleles[:1]
        e = called(alleles, at, m.sex) if rng.random() < 0.7 else None
        if e is not None:
            found[m.id] = e
    return found
