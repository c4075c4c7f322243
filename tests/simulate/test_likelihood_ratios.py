"""LRs as what they claim to be: over the unrelated they average one, and large ones are rare in proportion."""

from __future__ import annotations

from functools import cache
from itertools import combinations_with_replacement

import numpy as np
import pytest

from homeward.genetics import Locus, Model, mutation_matrix
from homeward.identify import Column, Typed, screen
from homeward.likelihood import Task, likelihoods, tables
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree
from homeward.simulate import NOBODY, RELATIVES, family_of, simulate_genotypes

ALLELES = ("8", "9", "9.3", "10", "11", "12")
P = np.array([0.05, 0.1, 0.3, 0.25, 0.2, 0.1])
MISSING = "M"


def loci(count: int, rate: float = 0.01) -> tuple[Locus, ...]:
    matrices = [mutation_matrix("stepwise", ALLELES, P, rate=r, rate2=r / 10) for r in (rate, rate / 2)]
    return tuple(
        Locus(f"{kind}{i}", kind, ALLELES, np.roll(P, i), *matrices)
        for i in range(count)
        for kind in ("autosomal", "X")
        if kind == "autosomal" or i < count // 2
    )


MODEL = Model("simulated", loci(8))
FAMILIES = 250
"""Families, and as many unrelated men, of each kind: 62,500 pairs under H2."""


def call(genotype: np.ndarray) -> Evidence:
    return Evidence(len(genotype), (tuple(sorted(genotype.tolist())),), (1.0,))  # type: ignore[arg-type]


def typed(rows: dict[str, np.ndarray], count: int) -> list[Typed]:
    return [Typed(str(i), {name: {g.shape[1]: call(g[i])} for name, g in rows.items()}) for i in range(count)]


def columns(relative: str, pedigree: Pedigree, drawn: dict[str, dict[str, np.ndarray]]) -> list[Column]:
    return [
        Column(
            f"{relative}{i}", MISSING, pedigree, {name: {relative: call(g[relative][i])} for name, g in drawn.items()}
        )
        for i in range(FAMILIES)
    ]


@cache
def log_ratios(relative: str) -> tuple[np.ndarray, np.ndarray]:
    """ln LR of each family's own missing man, shape (families,), and of unrelated men, (men, families)."""
    pedigree = family_of(relative, "female")
    drawn = simulate_genotypes(pedigree, MODEL.loci, seed=11, replicates=FAMILIES, persons=[MISSING, relative])
    alone = Pedigree([Member(MISSING, sex="male")])
    others = simulate_genotypes(alone, MODEL.loci, seed=12, replicates=FAMILIES)
    families = columns(relative, pedigree, drawn)
    own = screen(typed({m: g[MISSING] for m, g in drawn.items()}, FAMILIES), families, MODEL).ln_lr
    unrelated = screen(typed({m: g[MISSING] for m, g in others.items()}, FAMILIES), families, MODEL).ln_lr
    return np.diag(own), unrelated


@pytest.mark.parametrize("relative", [kind for kind in RELATIVES if kind != NOBODY])
@pytest.mark.parametrize("at", range(2))
def test_a_family_table_averages_one_over_genotypes(relative: str, at: int) -> None:
    """Σ_g P(g) LR(g) = 1 exactly, for every genotype of the reference: autosomal and X."""
    locus = MODEL.loci[at]
    one = Model("one", (locus,))
    pedigree = family_of(relative, "female")
    genotypes = [np.array(g) for g in combinations_with_replacement(range(6), 2 if at == 0 else 1)]
    weight = np.array([locus.frequencies[g].prod() * (2 if len(set(g.tolist())) == 2 else 1) for g in genotypes])
    samples = [Typed(str(g), {locus.name: {len(g): call(g)}}) for g in genotypes]
    ploidy = 1 if at == 1 and pedigree[relative].sex == "male" else 2
    seen = [np.array(g) for g in combinations_with_replacement(range(6), ploidy)]
    families = [Column(str(g), MISSING, pedigree, {locus.name: {relative: call(g)}}) for g in seen]
    ratio = np.exp(screen(samples, families, one).ln_lr)
    np.testing.assert_allclose(weight @ ratio, 1.0, rtol=1e-12)


def standard_error(per_family: np.ndarray, per_man: np.ndarray) -> float:
    """Of a mean over all pairs of two independent samples, families and men."""
    return float(np.sqrt(per_family.var(ddof=1) / len(per_family) + per_man.var(ddof=1) / len(per_man)))


KINDS = ("child", "sister", "grandson", "brothers-son", "sisters-child", "brothers-grandson")


@pytest.mark.parametrize("relative", KINDS)
def test_over_unrelated_men_the_lr_averages_one(relative: str) -> None:
    """Truncated at e³, whose mean H1 gives too, so that a few giants do not decide: P₂(LR·1[LR<t]) = P₁(LR<t)."""
    own, unrelated = log_ratios(relative)
    small = np.where(unrelated < 3, np.exp(unrelated), 0.0)
    expected = (own < 3).mean()
    se = np.hypot(standard_error(small.mean(axis=0), small.mean(axis=1)), np.sqrt(0.25 / FAMILIES))
    assert abs(small.mean() - expected) < 4 * se


@pytest.mark.parametrize("relative", KINDS)
def test_kin_and_strangers_have_the_distributions_the_lr_says(relative: str) -> None:
    """In every bin of ln LR, the share of true relatives is the unrelated men's share weighted by their LR."""
    own, unrelated = log_ratios(relative)
    for low, high in ((-np.inf, -2), (-2, -1), (-1, 0), (0, 1), (1, 2), (2, 3), (3, 4)):
        inside = np.where((unrelated >= low) & (unrelated < high), np.exp(unrelated), 0.0)
        related = ((own >= low) & (own < high)).mean()
        binomial = np.sqrt(max(related * (1 - related), 1 / FAMILIES) / FAMILIES)
        se = np.hypot(standard_error(inside.mean(axis=0), inside.mean(axis=1)), binomial)
        assert abs(inside.mean() - related) < 4 * se, (low, high)


@pytest.mark.parametrize("relative", KINDS)
def test_a_large_lr_is_rare_among_the_unrelated(relative: str) -> None:
    """P(LR > t | unrelated) ≤ 1/t, and P(LR < 1/t | related) ≤ 1/t, up to four standard errors."""
    own, unrelated = log_ratios(relative)
    for t in (3, 10, 30, 100, 1000):
        above = unrelated > np.log(t)
        assert above.mean() <= 1 / t + 4 * standard_error(above.mean(axis=0), above.mean(axis=1)), t
        assert (own < -np.log(t)).mean() <= 1 / t + 4 * np.sqrt(1 / t / FAMILIES), t


def test_relatives_are_told_from_strangers_by_how_near_they_are() -> None:
    """Mean ln LR of the true man: more for a nearer relative, above zero for all (Kullback–Leibler)."""
    means = {relative: float(log_ratios(relative)[0].mean()) for relative in KINDS}
    assert means["child"] > means["grandson"] > means["brothers-grandson"] > 0
    assert means["sister"] > means["sisters-child"] > 0


def test_a_wrong_lr_would_be_seen() -> None:
    """Twice the LR, and the LR of another relationship, do not pass for calibrated."""
    own, unrelated = log_ratios("grandson")
    _, child = log_ratios("child")
    for wrong in (unrelated + np.log(2), child):
        small = np.where(wrong < 3, np.exp(wrong), 0.0)
        se = np.hypot(standard_error(small.mean(axis=0), small.mean(axis=1)), np.sqrt(0.25 / FAMILIES))
        assert abs(small.mean() - (own < 3).mean()) > 4 * se


@pytest.mark.parametrize("relative", KINDS)
def test_a_family_table_sums_to_the_likelihood_of_the_references(relative: str) -> None:
    pedigree = family_of(relative, "female")
    for locus in MODEL.loci[:2]:
        seen = {relative: call(np.array([1] if locus.kind == "X" and pedigree[relative].sex == "male" else [1, 3]))}
        (table,) = tables([Task(pedigree, locus, seen, targets=(MISSING,))])
        (alone,) = likelihoods([Task(pedigree, locus, seen)])
        assert table.joint.sum() == pytest.approx(alone, rel=1e-12)
