"""What may be seen of a genotype, by definition: every set of alleles once, its chances adding up to one."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement

import numpy as np
import pytest

from homeward.genetics import Locus
from homeward.observe import Evidence, called, mistyped, with_dropout

P = np.array([0.2, 0.3, 0.4, 0.1])
NAMES = ("8", "9", "9.3", "silent")
LOCI = [Locus("M", kind, NAMES, P, silent=3) for kind in ("autosomal", "X")]
PLAIN = Locus("M", "autosomal", NAMES[:3], np.array([0.2, 0.3, 0.5]))
VISIBLE = NAMES[:3]
SHOWN = [s for n in range(4) for s in combinations(VISIBLE, n)]
RATES = [(0.3, 0.1, 0.0), (0.3, 0.1, 0.2), (0.0, 0.0, 0.0), (0.0, 0.0, 0.4), (1.0, 1.0, 0.0)]


def as_dict(e: Evidence | None) -> dict[tuple[int, ...], float]:
    assert e is not None
    return dict(zip(e.genotypes, e.values, strict=True))


def genotypes(locus: Locus) -> list[tuple[int, ...]]:
    n = range(len(locus.alleles))
    return [(a,) for a in n] if locus.kind == "X" else list(combinations_with_replacement(n, 2))


def by_definition(seen: tuple[str, ...], g: tuple[int, ...], locus: Locus, d: float, h: float, c: float) -> float:
    """Each allele is seen or not by itself, the silent one never."""
    value = 1.0
    for a, name in enumerate(locus.alleles):
        if name == "silent":
            continue
        lost = 1.0 if a not in g else h if len(set(g)) == 1 else d
        unseen = (1 - c * locus.frequencies[a]) * lost
        value *= 1 - unseen if name in seen else unseen
    return value


@pytest.mark.parametrize("locus", [*LOCI, PLAIN], ids=["autosomal", "X", "plain"])
@pytest.mark.parametrize("rates", RATES)
def test_every_observation_of_every_genotype_by_definition(locus: Locus, rates: tuple[float, float, float]) -> None:
    for g in genotypes(locus):
        total = 0.0
        for seen in SHOWN:
            value = as_dict(with_dropout(seen, locus, "male", *rates)).get(g, 0.0)
            assert value == pytest.approx(by_definition(seen, g, locus, *rates), abs=1e-15)
            total += value
        assert total == pytest.approx(1.0, abs=1e-14)


@pytest.mark.parametrize("locus", LOCI, ids=["autosomal", "X"])
@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("typed", [("8|9",), ("8|9", "9.3"), ("8|9", "9|9.3"), ("8|9|9.3", "8")])
def test_an_unresolved_allele_is_one_of_the_sets_it_may_be(locus, rates, typed) -> None:
    sets = {tuple(sorted({a, b})) for a in typed[0].split("|") for b in typed[-1].split("|")}
    if len(typed) == 1:
        sets = {(a,) for a in typed[0].split("|")}
    found = as_dict(with_dropout(typed, locus, "male", *rates))
    for g in genotypes(locus):
        wanted = sum(by_definition(s, g, locus, *rates) for s in sets)
        assert found.get(g, 0.0) == pytest.approx(wanted, abs=1e-15)


@pytest.mark.parametrize("rates", RATES)
@pytest.mark.parametrize("typed", [("8", "?"), ("8|9", "?"), ("8|9", "9.3", "?"), ("8|9", "9|9.3", "?")])
def test_with_an_unknown_allele_anything_more_may_have_been_seen(rates, typed) -> None:
    tokens = [set(t.split("|")) for t in typed if t != "?"]
    found = as_dict(with_dropout(typed, LOCI[0], "male", *rates))
    sets = [s for s in SHOWN if all(t & set(s) for t in tokens)]
    for g in genotypes(LOCI[0]):
        wanted = sum(by_definition(s, g, LOCI[0], *rates) for s in sets)
        assert found.get(g, 0.0) == pytest.approx(wanted, abs=1e-15)


def test_one_allele_shown_may_hide_a_silent_one() -> None:
    """P(a shown) = p² + 2 p s, and of a man's X it is p."""
    one = called(("8", "8"), LOCI[0], "male")
    assert as_dict(one) == {(0, 0): 1.0, (0, 3): 1.0}
    assert one.chance(P) == pytest.approx(0.2**2 + 2 * 0.2 * 0.1)
    assert as_dict(called(("8", "9"), LOCI[0], "male")) == {(0, 1): 1.0}
    assert as_dict(called(("8",), LOCI[1], "female")) == {(0, 0): 1.0, (0, 3): 1.0}
    assert as_dict(called(("8", "8"), LOCI[1], "male")) == {(0,): 1.0}
    assert as_dict(called(("8", "?"), LOCI[0], "male")) == {(0, 0): 1.0, (0, 1): 1.0, (0, 2): 1.0, (0, 3): 1.0}


def test_without_dropout_a_silent_pair_shows_nothing_and_what_is_seen_is_the_call() -> None:
    assert as_dict(with_dropout([], LOCI[0], "male", 0.0, 0.0)) == {(3, 3): 1.0}
    for typed in (("8", "8"), ("8", "9"), ("8", "?"), ("8|9", "8"), ("8|9", "9.3")):
        assert with_dropout(typed, LOCI[0], "male", 0.0, 0.0) == called(typed, LOCI[0], "male")


def test_a_silent_allele_is_never_typed() -> None:
    with pytest.raises(KeyError):
        called(("8", "silent"), LOCI[0], "male")
    with pytest.raises(KeyError):
        with_dropout(("silent",), LOCI[0], "male", 0.1, 0.1)


@pytest.mark.parametrize(
    ("typed", "locus", "sex", "wanted"),
    [
        (("8|9", "9.3"), PLAIN, "male", {(0, 2), (1, 2)}),
        (("8|9", "8"), PLAIN, "male", {(0, 0), (0, 1)}),
        (("8|9", "8|9"), PLAIN, "male", {(0, 0), (0, 1), (1, 1)}),
        (("8|9", "?"), PLAIN, "male", {(0, 0), (0, 1), (0, 2), (1, 1), (1, 2)}),
        (("8|9", "8"), LOCI[0], "male", {(0, 0), (0, 1), (0, 3)}),
        (("8|9", "9"), LOCI[1], "male", {(1,)}),
        (("8|9",), LOCI[1], "male", {(0,), (1,)}),
    ],
)
def test_unresolved_calls(typed, locus, sex, wanted) -> None:
    e = as_dict(called(typed, locus, sex))
    assert set(e) == wanted and set(e.values()) == {1.0}


def test_mistyping_by_hand() -> None:
    """ε times what anybody shows, and 1 − ε of the typing itself: 8/9 of anybody is 2 p q."""
    e = as_dict(mistyped(called(("8", "9"), PLAIN, "male"), PLAIN, 0.1))
    other = 0.1 * 2 * 0.2 * 0.3
    assert set(e) == set(genotypes(PLAIN))
    assert e.pop((0, 1)) == pytest.approx(0.9 + other)
    assert all(v == pytest.approx(other) for v in e.values())
    man = Locus("M", "X", NAMES[:3], PLAIN.frequencies)
    x = as_dict(mistyped(called(("8",), man, "male"), man, 0.1))
    assert x == pytest.approx({(0,): 0.9 + 0.1 * 0.2, (1,): 0.1 * 0.2, (2,): 0.1 * 0.2})


@pytest.mark.parametrize("locus", [*LOCI, PLAIN], ids=["autosomal", "X", "plain"])
def test_mistyped_observations_add_up_to_one_and_keep_their_chance(locus: Locus) -> None:
    total = dict.fromkeys(genotypes(locus), 0.0)
    for seen in SHOWN:
        clean = with_dropout(seen, locus, "male", 0.3, 0.1, 0.2)
        e = mistyped(clean, locus, 0.25)
        assert e.chance(locus.frequencies) == pytest.approx(clean.chance(locus.frequencies))
        for g, v in as_dict(e).items():
            total[g] += v
    assert list(total.values()) == pytest.approx([1.0] * len(total), abs=1e-14)


def test_mistyping_explains_nothing_that_nobody_can_show() -> None:
    assert as_dict(mistyped(called(("8", "9"), LOCI[1], "male"), LOCI[1], 0.1)) == {}


@pytest.mark.parametrize("typed", [("8", "8"), ("8", "11"), ("8", "?"), ("8|9", "11")])
@pytest.mark.parametrize("dropout", [False, True])
def test_alleles_not_shown_stay_equal_to_the_last_bit(typed: tuple[str, ...], dropout: bool) -> None:
    """The engine takes alleles together only where their evidence is exactly the same."""
    rng = np.random.default_rng(4)
    names = tuple(str(k) for k in range(5, 45))
    locus = Locus("M", "autosomal", names, rng.dirichlet(np.ones(40)))
    clean = with_dropout(typed, locus, "male", 0.37, 0.11) if dropout else called(typed, locus, "male")
    full = mistyped(clean, locus, 0.013).ordered(40)
    rest = [locus.index[a] for a in names if a not in ("8", "9", "11")]
    assert len(set(full[np.ix_(rest, rest)].ravel())) == 1
    assert len({tuple(full[rest_, [3, 4, 6]]) for rest_ in rest}) == 1
    assert len(set(full.sum(axis=1)[rest])) == 1


def test_the_chance_of_a_stranger() -> None:
    assert called(("8", "9"), PLAIN, "male").chance(PLAIN.frequencies) == pytest.approx(2 * 0.2 * 0.3)
    assert called(("8", "8"), PLAIN, "male").chance(PLAIN.frequencies) == pytest.approx(0.2**2)
    assert with_dropout([], PLAIN, "male", 1.0, 1.0).chance(PLAIN.frequencies) == pytest.approx(1.0)
