"""Small private matches: a panel of a few loci in a ring that is far too small to be secure, and quick."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from homeward.exchange.private import PrivateTerms, Scores, private_locus
from homeward.exchange.private.scores import whole_numbers
from homeward.genetics import Locus, Model, mutation_matrix
from homeward.identify import Column
from homeward.observe import Evidence
from homeward.simulate import family_of, simulate_genotypes

ALLELES = ("8", "9", "10", "11", "12")


def small_terms(loci: int = 6, alleles: Sequence[str] = ALLELES[:4], **given: object) -> PrivateTerms:
    """Terms of a ring of 1,024, where blocks are 32 and a match takes a fifth of a second."""
    dropout = given.get("dropout", ())
    assert isinstance(dropout, tuple)
    copies = 1 if "max_mismatches" in given else 2
    panel = tuple(private_locus(f"L{k}", alleles, copies=copies, dropout=dropout) for k in range(loci))
    own = {"remains": 8, "families": 12, "min_typed_loci": 4, "margin": 9.0, "steps": 16, "ring": 1024}
    return PrivateTerms(panel, **{**own, **given}, insecure=True)  # type: ignore[arg-type]


def panel_model(loci: int, alleles: Sequence[str] = ALLELES, *, mutation: float = 0.002, seed: int = 1) -> Model:
    """Loci with frequencies drawn at random; without mutation some genotypes are impossible."""
    chance = np.random.Generator(np.random.PCG64(seed))
    found = []
    for k in range(loci):
        p = chance.dirichlet(np.full(len(alleles), 2.0))
        p = np.maximum(p, 0.02) / np.maximum(p, 0.02).sum()
        m = mutation_matrix("equal", tuple(alleles), p, rate=mutation) if mutation else None
        found.append(Locus(f"L{k}", "autosomal", tuple(alleles), p, m, m))
    return Model("drawn", tuple(found))


def drawn_columns(model: Model, relative: str, families: int, seed: int) -> tuple[list[Column], np.ndarray]:
    """Families with one typed relative each, and the missing men's genotypes, shape (families, loci, 2), sorted."""
    family = family_of(relative, "male")
    g = simulate_genotypes(family, model, seed=seed, replicates=families, persons=("M", relative))
    columns = []
    for f in range(families):
        seen = {x: Evidence(2, (tuple(sorted(g[x][relative][f].tolist())),), (1.0,)) for x in g}
        columns.append(Column(f"F{f}", "M", family, {x: {relative: e} for x, e in seen.items()}))
    missing = np.stack([np.sort(g[x.name]["M"], axis=1) for x in model.loci], axis=1)
    return columns, missing


def classes_of(terms: PrivateTerms, genotypes: np.ndarray) -> list[list[int]]:
    """Genotypes as allele positions, shape (people, loci, 2) → one class a locus each."""
    return [
        [x.class_of([x.alleles[a] for a in pair]) for x, pair in zip(terms.loci, row, strict=True)]
        for row in genotypes.tolist()
    ]


def random_scores(terms: PrivateTerms, families: int, seed: int) -> Scores:
    """Tables under which about half of all random profiles are hits."""
    chance = np.random.Generator(np.random.PCG64(seed))
    exact = chance.normal(terms.threshold / len(terms.loci), 0.4, (families, terms.starts[-1]))
    for start, locus in zip(terms.starts, terms.loci, strict=False):
        exact[:, start + locus.untyped] = 0.0
    return whole_numbers(terms, tuple(f"F{k}" for k in range(families)), exact)


def random_profiles(terms: PrivateTerms, count: int, seed: int) -> list[list[int]]:
    chance = np.random.Generator(np.random.PCG64(seed))
    untyped = len(terms.loci) - terms.min_typed_loci
    return [
        [x.untyped if k < r % (untyped + 1) else int(chance.integers(x.untyped)) for k, x in enumerate(terms.loci)]
        for r in range(count)
    ]
