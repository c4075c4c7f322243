"""What a typing says of a genotype."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest

from homeward.genetics import Locus
from homeward.observe import Evidence, called, sex_shown, with_dropout

AUTOSOMAL = Locus("M", "autosomal", ("8", "9", "9.3"), np.array([0.2, 0.3, 0.5]))
X = Locus("M", "X", ("8", "9", "9.3"), np.array([0.2, 0.3, 0.5]))
EVERY = list(combinations_with_replacement(range(3), 2))


def as_dict(e: Evidence | None) -> dict[tuple[int, ...], float]:
    assert e is not None
    return dict(zip(e.genotypes, e.values, strict=True))


@pytest.mark.parametrize(
    ("alleles", "genotypes"),
    [
        (("8", "9.3"), {(0, 2)}),
        (("9.3", "8"), {(0, 2)}),
        (("9", "9"), {(1, 1)}),
        (("9", "?"), {(0, 1), (1, 1), (1, 2)}),
        ((None, "9"), {(0, 1), (1, 1), (1, 2)}),
    ],
)
def test_autosomal_calls(alleles, genotypes):
    e = as_dict(called(alleles, AUTOSOMAL, "unknown"))
    assert set(e) == genotypes and set(e.values()) == {1.0}


@pytest.mark.parametrize("alleles", [(), ("?",), ("?", "?"), (None, None)])
def test_nothing_known_is_no_evidence(alleles):
    assert called(alleles, AUTOSOMAL, "male") is None


@pytest.mark.parametrize(
    ("alleles", "sex", "genotypes"),
    [
        (("8",), "male", {(0,)}),
        (("8", "8"), "male", {(0,)}),
        (("8", "?"), "male", {(0,)}),
        (("8", "9"), "male", set()),
        (("8",), "female", {(0, 0)}),
        (("8", "9"), "female", {(0, 1)}),
        (("8", "?"), "female", {(0, 0), (0, 1), (0, 2)}),
    ],
)
def test_x_calls(alleles, sex, genotypes):
    assert set(as_dict(called(alleles, X, sex))) == genotypes


def test_an_allele_the_locus_does_not_have():
    with pytest.raises(KeyError):
        called(("8", "17"), AUTOSOMAL, "male")


def test_a_call_is_a_call_and_nothing_else_is():
    assert called(("8", "9"), AUTOSOMAL, "male").is_call
    assert not called(("8", "?"), AUTOSOMAL, "male").is_call
    assert not Evidence(2, ((0, 1),), (0.5,)).is_call
    assert not Evidence(2, (), ()).is_call


@pytest.mark.parametrize("genotype", EVERY)
def test_the_chances_of_all_that_may_be_seen_of_a_genotype_sum_to_one(genotype):
    names = [AUTOSOMAL.alleles[a] for a in genotype]
    shown = {frozenset(kept) for kept in ((), names, names[:1], names[1:])}
    total = sum(as_dict(with_dropout(sorted(s), AUTOSOMAL, "male", 0.3, 0.1)).get(genotype, 0.0) for s in shown)
    assert total == pytest.approx(1.0, abs=1e-15)


def test_dropout_by_hand():
    one = as_dict(with_dropout(["8"], AUTOSOMAL, "male", 0.3, 0.1))
    assert one == pytest.approx({(0, 0): 0.9, (0, 1): 0.21, (0, 2): 0.21})
    both = as_dict(with_dropout(["8", "9"], AUTOSOMAL, "male", 0.3, 0.1))
    assert both == pytest.approx({(0, 1): 0.49})
    none = as_dict(with_dropout([], AUTOSOMAL, "male", 0.3, 0.1))
    assert none == pytest.approx({g: 0.1 if g[0] == g[1] else 0.09 for g in EVERY})


@pytest.mark.parametrize("genotype", EVERY)
def test_with_dropin_any_set_of_alleles_may_be_seen_and_the_chances_sum_to_one(genotype):
    every = [set(s) for n in range(4) for s in combinations(AUTOSOMAL.alleles, n)]
    total = sum(as_dict(with_dropout(sorted(s), AUTOSOMAL, "male", 0.3, 0.1, 0.2)).get(genotype, 0.0) for s in every)
    assert total == pytest.approx(1.0, abs=1e-14)


def test_dropin_by_hand():
    p = AUTOSOMAL.frequencies
    one = as_dict(with_dropout(["8"], AUTOSOMAL, "male", 0.3, 0.1, 0.2))
    absent = 1 - 0.2 * p
    assert one[0, 0] == pytest.approx((1 - absent[0] * 0.1) * absent[1] * absent[2])
    assert one[0, 1] == pytest.approx((1 - absent[0] * 0.3) * absent[1] * 0.3 * absent[2])
    assert one[1, 2] == pytest.approx(0.2 * p[0] * absent[1] * 0.3 * absent[2] * 0.3)
    assert one[1, 1] == pytest.approx(0.2 * p[0] * absent[1] * 0.1 * absent[2])


def test_half_missing_with_dropout_is_no_allele_lost():
    """8/? shows 8 and leaves the rest open: 1 − D of 8/8, 1 − d of 8/x; without drop-out, the half-missing call."""
    half = as_dict(with_dropout(["8", "?"], AUTOSOMAL, "male", 0.3, 0.1))
    assert half == pytest.approx({(0, 0): 0.9, (0, 1): 0.7, (0, 2): 0.7})
    assert with_dropout(["8", "?"], AUTOSOMAL, "male", 0.0, 0.0) == called(("8", "?"), AUTOSOMAL, "male")


def test_dropout_on_a_mans_x():
    assert as_dict(with_dropout(["9"], X, "male", 0.3, 0.1)) == pytest.approx({(1,): 0.9})
    assert as_dict(with_dropout([], X, "male", 0.3, 0.1)) == pytest.approx({(0,): 0.1, (1,): 0.1, (2,): 0.1})
    assert as_dict(with_dropout(["8", "9"], X, "male", 0.3, 0.1)) == {}


def test_no_dropout_is_a_call():
    assert as_dict(with_dropout(["8", "9"], AUTOSOMAL, "male", 0.0, 0.0)) == {(0, 1): 1.0}
    assert as_dict(with_dropout(["8"], AUTOSOMAL, "male", 0.0, 0.0)) == {(0, 0): 1.0}


def test_two_observations_multiply():
    half = called(("8", "?"), AUTOSOMAL, "male")
    other = called(("9", "?"), AUTOSOMAL, "male")
    assert as_dict(half.times(other)) == {(0, 1): 1.0}
    seen = with_dropout(["8"], AUTOSOMAL, "male", 0.3, 0.1)
    assert as_dict(seen.times(seen))[0, 1] == pytest.approx(0.21**2)
    assert as_dict(called(("8", "8"), AUTOSOMAL, "male").times(other)) == {}


def test_ordered_is_symmetric():
    full = with_dropout(["8"], AUTOSOMAL, "male", 0.3, 0.1).ordered(3)
    np.testing.assert_array_equal(full, full.T)
    assert full[0, 1] == pytest.approx(0.21) and full[0, 0] == pytest.approx(0.9) and full[1, 1] == 0


def test_two_alleles_on_the_x_show_a_woman():
    assert sex_shown([("8", "8"), ("9",), ("8", "?")]) == "unknown"
    assert sex_shown([("8", "8"), ("8", "9")]) == "female"
