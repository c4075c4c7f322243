"""Any two samples: the same LRs as the engine's, and p-values that are probabilities."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from homeward.check import ERROR, RELATIONSHIPS
from homeward.check.kappa import genotype_ratios
from homeward.check.pairs import PairTable, ln_mixed, p_value
from homeward.genetics import Locus
from homeward.likelihood import ln_likelihood
from homeward.observe import Evidence, called
from homeward.pedigree import Pedigree, cousins, half_sibs, nuclear, singleton

CHANCE = Generator(PCG64(11))
LOCI = [
    Locus(f"L{k}", "autosomal", tuple("abcdefgh"[: 5 + k % 4]), np.array(p) / sum(p))
    for k in range(12)
    for p in [CHANCE.random(5 + k % 4) + 0.1]
]


def profile() -> dict[str, tuple[str, str]]:
    return {x.name: tuple(CHANCE.choice(x.alleles, 2, p=x.frequencies)) for x in LOCI}  # type: ignore[misc]


def evidence(genotypes: dict[str, tuple[str, str]]) -> dict[str, Evidence]:
    return {x.name: e for x in LOCI if (e := called(genotypes[x.name], x, "unknown")) is not None}


@pytest.mark.parametrize(
    ("name", "pedigree", "pair"),
    [
        ("parent-child", nuclear(1), ("1", "3")),
        ("siblings", nuclear(2), ("3", "4")),
        ("second-degree", half_sibs(), ("4", "5")),
        ("third-degree", cousins(1), ("7", "8")),
    ],
)
def test_a_relationship_has_the_lr_of_its_pedigree(name: str, pedigree: Pedigree, pair: tuple[str, str]) -> None:
    a, b = profile(), profile()
    table = PairTable([evidence(a), evidence(b)], LOCI)
    both = {x.name: {pair[0]: a[x.name], pair[1]: b[x.name]} for x in LOCI}
    alone = sum(ln_likelihood(singleton("1"), LOCI, {x.name: {"1": g[x.name]} for x in LOCI}) for g in (a, b))
    engine = np.exp(ln_likelihood(pedigree, LOCI, both) - alone)
    expected = float(np.log((1 - ERROR) * engine + ERROR).sum())
    found = table.ln_lr(RELATIONSHIPS[name])
    assert found[0, 1] == pytest.approx(expected)
    assert found[0, 1] == pytest.approx(table.ln_lr_of(0, 1, RELATIONSHIPS[name]))


def test_a_marker_one_of_them_lacks_tells_nothing() -> None:
    a, b = evidence(profile()), evidence(profile())
    few = {m: e for m, e in b.items() if m in ("L0", "L5")}
    table = PairTable([a, few, {}], LOCI)
    assert table.compared().tolist() == [[12, 2, 0], [2, 2, 0], [0, 0, 0]]
    assert table.ln_lr((0.0, 1.0, 0.0))[0, 2] == 0.0
    loci, one, two, calls = table.ratios(0, 1)
    assert [x.name for x in loci] == ["L0", "L5"] and calls and one.shape == two.shape == (2,)


def test_nothing_is_ever_impossible() -> None:
    """A locus that contradicts a relationship costs at most the probability of an error."""
    assert float(ln_mixed(np.array([0.0]))[0]) == pytest.approx(log(ERROR))


def test_the_p_value_is_the_share_of_unrelated_pairs_that_reach_it() -> None:
    declared, other = RELATIONSHIPS["unrelated"], RELATIONSHIPS["siblings"]
    n = 400_000
    total = np.zeros(n)
    for x in LOCI:
        g = CHANCE.choice(len(x.alleles), size=(n, 4), p=x.frequencies)
        one, two = genotype_ratios(g[:, :2], g[:, 2:], x.frequencies)
        total += ln_mixed(other[0] + other[1] * one + other[2] * two)
    for ln_lr in (1.0, 2.5, 4.0):
        share = float((total >= ln_lr).mean())
        found = np.mean([p_value(LOCI, declared, other, ln_lr, seed=s) for s in range(8)])
        assert found == pytest.approx(share, rel=0.12)


def test_the_p_value_is_never_above_the_bound() -> None:
    declared, other = RELATIONSHIPS["unrelated"], RELATIONSHIPS["parent-child"]
    for ln_lr in (0.1, 3.0, 20.0, 60.0):
        assert 0 < p_value(LOCI, declared, other, ln_lr, seed=1) <= exp(-ln_lr)
    assert p_value(LOCI, declared, other, -1.0, seed=1) == 1.0
