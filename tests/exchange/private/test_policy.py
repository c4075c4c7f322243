"""Why raw LRs of all pairs are never told: from them the relative's genotypes are rebuilt, from hits they are not."""

from __future__ import annotations

import numpy as np
from private_cases import ALLELES, classes_of, panel_model, small_terms

from homeward.exchange.private import decide, evaluate, exact_log10_lr, plain_hits, query, score_tables
from homeward.exchange.private.asking import opened
from homeward.identify import Column
from homeward.observe import Evidence
from homeward.pedigree import Pedigree
from homeward.simulate import family_of, simulate_genotypes

LOCI, REMAINS = 8, 150
MODEL = panel_model(LOCI, seed=5)
FAMILY = family_of("child", "male")
TERMS = small_terms(LOCI, ALLELES, remains=REMAINS, families=2, threshold=3.0, steps=64, ring=2048)
GENOTYPES = TERMS.loci[0].genotypes


def column(genotypes: np.ndarray) -> Column:
    """A family whose one typed child has these genotypes, shape (loci, 2)."""
    evidence = {
        x.name: {"child": Evidence(2, (tuple(sorted(pair)),), (1.0,))}
        for x, pair in zip(MODEL.loci, genotypes.tolist(), strict=True)
    }
    return Column("F", "M", FAMILY, evidence)


def strangers(count: int, seed: int) -> np.ndarray:
    """Genotypes of unrelated people, shape (people, loci, 2)."""
    g = simulate_genotypes(Pedigree(family_of("nobody", "male")), MODEL, seed=seed, replicates=count, persons=("M",))
    return np.stack([np.sort(g[x.name]["M"], axis=1) for x in MODEL.loci], axis=1)


def dictionary() -> np.ndarray:
    """log10 LR of every class for every genotype that a child may have, shape (genotypes, classes of all loci).

    What the remains' side can compute for itself from the agreement.
    """
    every = [column(np.array([g] * LOCI)) for g in GENOTYPES]
    return exact_log10_lr(TERMS, every, MODEL)


def rebuilt(profiles: list[list[int]], told: np.ndarray) -> list[int]:
    """The child's genotype at each locus that explains best what was told of every one of the remains.

    Linear least squares over one-hot genotypes: what is told is a sum over loci of what the dictionary says.
    """
    at = np.array(profiles) + TERMS.starts[:-1]
    design = np.concatenate([dictionary()[:, at[:, k]] for k in range(LOCI)]).T
    weights = np.linalg.lstsq(design, told, rcond=1e-10)[0]
    return [int(part.argmax()) for part in np.split(weights, LOCI)]


def position(pair: tuple[int, int]) -> int:
    return GENOTYPES.index(tuple(sorted(pair)))


def test_raw_lrs_of_all_pairs_rebuild_a_relative_and_hits_do_not() -> None:
    """150 honest profiles of strangers and one family: all genotypes of its child come out of the raw LRs.

    Hits alone come from the private match itself; the same computation on them does no better than on nothing.
    """
    profiles = classes_of(TERMS, strangers(REMAINS, 11))
    share_raw, share_hits, share_nothing = [], [], []
    for child in strangers(6, 12):
        truth = [position(pair) for pair in child.tolist()]
        exact = exact_log10_lr(TERMS, [column(child)], MODEL)[0]
        raw = np.round(exact[np.array(profiles) + TERMS.starts[:-1]].sum(axis=1), 3)
        share_raw.append(np.mean(np.array(rebuilt(profiles, raw)) == truth))
        scores = score_tables(TERMS, [column(child)], MODEL)
        hits = np.zeros(REMAINS)
        hits[[r for r, _ in plain_hits(TERMS, profiles, scores)]] = 1.0
        share_hits.append(np.mean(np.array(rebuilt(profiles, hits)) == truth))
        share_nothing.append(np.mean(np.array(rebuilt(profiles, np.zeros(REMAINS))) == truth))
    assert np.mean(share_raw) > 0.9
    assert np.mean(share_hits) < 0.3
    assert abs(np.mean(share_hits) - np.mean(share_nothing)) < 0.25


def test_two_families_without_hits_are_answered_alike() -> None:
    """Children who differ at every locus: nothing of the answers is 0, and no number of one repeats in the other."""
    one = strangers(1, 12)[0]
    other = np.sort((one + 2) % len(ALLELES), axis=1)
    scores = score_tables(TERMS, [column(one), column(other)], MODEL)
    every = classes_of(TERMS, strangers(REMAINS, 11))
    profiles = [p for r, p in enumerate(every) if (r, 0) not in plain_hits(TERMS, every, scores)]
    profiles = [p for r, p in enumerate(profiles) if (r, 1) not in plain_hits(TERMS, profiles, scores)]
    assert len(profiles) > 0.8 * REMAINS
    asked, key = query(TERMS, profiles)
    reply = evaluate(TERMS, asked, scores)
    assert decide(TERMS, key, reply, len(profiles)) == ()
    values = opened(TERMS, key, reply)[:, 0, : len(profiles)]
    assert (values > 0).all()
    halves = [np.bincount(row * 4 // 65537, minlength=4) for row in values]
    assert ((halves[0] - halves[1]) ** 2 / (halves[0] + halves[1])).sum() < 36  # χ² of 4 degrees, 1e-6 quantile
