"""Why no LR of a pair that is no hit ever leaves: from LRs of enough remains a relative's genotypes are rebuilt."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import numpy as np
from exchange_sides import Pair
from numpy.typing import NDArray

from homeward.exchange.families_side import compute
from homeward.exchange.messages import Answer, Hit
from homeward.exchange.side import open_side

LOCI, ALLELES, REMAINS = 6, 5, 120
Floats = NDArray[np.float64]


def parent_child(frequencies: Floats, child: tuple[int, int], parent: tuple[int, int]) -> float:
    """LR of one locus that a genotype is the parent's of the child, against unrelated: two shared alleles at most."""
    return float(np.mean([np.mean([(p == a) / frequencies[a] for p in parent]) for a in child]))


def test_exact_lrs_of_all_pairs_rebuild_the_genotypes_of_a_living_relative() -> None:
    """Small loci, all remains honest, mutation so that nothing is impossible: coordinate descent does it."""
    chance = np.random.default_rng(1)
    frequencies = chance.dirichlet(np.full(ALLELES, 3.0), LOCI)
    genotypes = [(i, j) for i in range(ALLELES) for j in range(i, ALLELES)]

    def draw(locus: int) -> int:
        pair = sorted(chance.choice(ALLELES, 2, p=frequencies[locus]).tolist())
        return genotypes.index((pair[0], pair[1]))

    def table(locus: int) -> Floats:
        """log10 LR: rows the relative's genotype, columns that of the remains."""
        f = frequencies[locus]
        return np.log10(0.998 * np.array([[parent_child(f, c, p) for p in genotypes] for c in genotypes]) + 0.002)

    tables = [table(locus) for locus in range(LOCI)]
    remains = np.array([[draw(locus) for locus in range(LOCI)] for _ in range(REMAINS)])
    relative = [draw(locus) for locus in range(LOCI)]
    released = sum(tables[k][relative[k], remains[:, k]] for k in range(LOCI))
    assert rebuilt(tables, remains, np.asarray(released)) == relative
    hits_alone = np.where(np.asarray(released) >= 2.0, 1.0, 0.0)
    assert hits_alone.sum() < REMAINS / 10, "what may be released is a bit for each of a few"


def rebuilt(tables: list[Floats], remains: NDArray[np.intp], released: Floats) -> list[int]:
    """The relative's genotypes that explain the released values best, one locus after the other until nothing moves."""
    shown = [t[:, remains[:, k]] for k, t in enumerate(tables)]
    best: tuple[float, list[int]] = (np.inf, [])
    for start in range(8):
        chance = np.random.default_rng(start)
        guess = [int(chance.integers(len(t))) for t in tables]
        while True:
            before = list(guess)
            for k in range(len(tables)):
                rest = released - sum(s[guess[j]] for j, s in enumerate(shown) if j != k)
                guess[k] = int(((rest - shown[k]) ** 2).sum(axis=1).argmin())
            if guess == before:
                break
        missing = float(((released - sum(s[guess[j]] for j, s in enumerate(shown))) ** 2).sum())
        best = min(best, (missing, guess))
    return best[1]


def test_an_answer_has_no_place_for_a_pair_that_is_no_hit(answered: Pair) -> None:
    """Its fields are ids of hits, two counts and two hashes; the only number of a pair is a hit's, to one decimal."""
    assert {f.name for f in fields(Answer)} == {"request", "hits", "compared_remains", "compared_families", "sealed"}
    assert {f.name for f in fields(Hit)} == {"remains", "family", "missing", "log10_lr"}
    with open_side(answered.kr) as side:
        answer: Answer = side.letter("answer").payload
        (name,) = [n for n in side.state.results if n.endswith("-result.json")]
        result = json.loads(side.store.read(name))
        threshold = side.agreement.plain.posterior  # type: ignore[union-attr]
    assert len(answer.hits) < answer.compared_remains * answer.compared_families
    marginals = {(m["sample"], m["who"]): m["posterior"] for m in result["joint"]["marginals"]}
    told = {(h.remains, f"{h.family}/{h.missing}") for h in answer.hits}
    assert told == {pair for pair, p in marginals.items() if "/" in pair[1] and p >= threshold}


def test_a_rounded_lr_of_a_hit_is_told_only_where_it_is_agreed(answered: Pair, asked: Pair) -> None:
    with open_side(answered.kr) as side:
        hits = side.letter("answer").payload.hits
    assert hits and all(h.log10_lr is None for h in hits)
    with open_side(asked.kr) as side:
        plain = side.agreement.plain
        assert plain is not None
        side._agreement = replace(side.agreement, plain=replace(plain, hit_log10_lr=True))
        told = compute(side, asked.source("families")).answer.hits
    assert [(h.remains, h.missing) for h in told] == [(h.remains, h.missing) for h in hits]
    assert all(h.log10_lr is not None and h.log10_lr == round(h.log10_lr, 1) and h.log10_lr > 0 for h in told)
