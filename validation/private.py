"""Private matches made up by a seed: families, bones and terms at the size that two countries would have."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray

from homeward.exchange.private import (
    Finding,
    Hit,
    PrivateTerms,
    Query,
    Reply,
    Scores,
    audit,
    decide,
    evaluate,
    exact_log10_lr,
    plain_hits,
    private_locus,
    query,
)
from homeward.exchange.private.scores import whole_numbers
from homeward.genetics import Model
from homeward.identify import Column
from homeward.observe import Evidence
from homeward.pedigree import Pedigree
from homeward.simulate import NOBODY, family_of, simulate_genotypes, typed_of
from validation.studies.lr_distributions import NOTHING, model_of, seen_after_dropout

__all__ = ["KINDS", "LEVEL", "Match", "Run", "columns_of", "made_up", "summed", "terms_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
T = TypeVar("T")

KINDS = (
    *(("child", False), ("brother", False), ("grandson", False), ("grandson", True), ("brothers-son", False)),
    *(("sisters-child", False), ("brothers-grandson", False)),
)
"""Typed relatives of a family: the relationship, and whether two of them are typed."""
WIDE = 99.0
"""A margin that refuses no family: how far below the threshold hits are is what is measured."""
LEVEL = 0.3
"""The one agreed drop-out level, that of every fourth bone."""
UNTYPED = 0.15
"""Of the loci of a bone, besides those lost to drop-out."""


@dataclass(frozen=True, eq=False)
class Match:
    """What both sides hold: ``profiles`` of the remains; ``exact`` log10 LRs of every class, and ``scores`` of them."""

    terms: PrivateTerms
    profiles: list[list[int]]
    exact: Floats
    scores: Scores

    @property
    def right(self) -> tuple[Hit, ...]:
        """The answers in clear, from the same whole numbers."""
        return tuple(sorted(Hit(r, f) for r, f in plain_hits(self.terms, self.profiles, self.scores)))

    @property
    def log10_lr(self) -> Floats:
        """Exact, shape (families, remains)."""
        return summed(self.terms, self.exact, self.profiles)


def summed(terms: PrivateTerms, exact: Floats, profiles: Sequence[Sequence[int]]) -> Floats:
    """Exact log10 LR of every family and profile, shape (families, profiles)."""
    return np.asarray(exact[:, np.array(profiles) + terms.starts[:-1]].sum(axis=2))


def terms_of(model: Model, remains: int, families: int, ring: int, steps: int, **given: Any) -> PrivateTerms:
    """Terms over all loci of a model."""
    loci = tuple(private_locus(x.name, x.alleles, dropout=(LEVEL,)) for x in model.loci)
    return PrivateTerms(
        loci, remains, families, len(loci) // 2, steps=steps, ring=ring, dropout=(LEVEL,), **{"margin": WIDE, **given}
    )


def columns_of(model: Model, kind: str, two: bool, families: int, seed: int) -> tuple[list[Column], Ints]:
    """Families of one kind, and the genotypes of their missing men, shape (families, loci, 2)."""
    family, typed = family_of(kind, "male", two=two), typed_of(kind, two=two)
    g = simulate_genotypes(family, model, seed=seed, replicates=families, persons=("M", *typed))
    columns = [
        Column(
            f"{kind}-{f}",
            "M",
            family,
            {x: {p: Evidence(2, (tuple(sorted(g[x][p][f].tolist())),), (1.0,)) for p in typed} for x in g},
        )
        for f in range(families)
    ]
    return columns, np.stack([np.sort(g[x.name]["M"], axis=1) for x in model.loci], axis=1)


def profiles_of(terms: PrivateTerms, genotypes: Ints, chance: Generator) -> list[list[int]]:
    """Classes of bones of these people: loci fail at random, and of every fourth bone alleles are lost."""
    found = []
    for r, person in enumerate(genotypes):
        old = r % 4 == 3
        shown = seen_after_dropout(person, LEVEL, chance) if old else person
        lost = chance.random(len(terms.loci)) < UNTYPED
        row = []
        for locus, pair, gone in zip(terms.loci, shown.tolist(), lost.tolist(), strict=True):
            names = [] if gone else [locus.alleles[a] for a in pair if a != NOTHING]
            row.append(locus.class_of(names, 0 if old else None))
        found.append(row)
    return [row for row in found if _typed(terms, row) >= terms.min_typed_loci]


def _typed(terms: PrivateTerms, row: Sequence[int]) -> int:
    return sum(c != x.untyped for c, x in zip(row, terms.loci, strict=True))


def made_up(
    remains: int, families: int, *, ring: int, steps: int, seed: int, markers: int | None = None, insecure: bool = False
) -> Match:
    """A match of so many: families of all `KINDS`, half of the bones of their missing men, half of strangers."""
    chance = Generator(PCG64(seed))
    model = model_of() if markers is None else model_of(0.0, [x.name for x in model_of().loci[:markers]])
    threshold = 4.0 if markers is None else 1.0
    terms = terms_of(model, remains, families, ring, steps, threshold=threshold, insecure=insecure)
    columns: list[Column] = []
    missing = []
    for k, (kind, two) in enumerate(KINDS):
        own, men = columns_of(model, kind, two, len(range(k, families, len(KINDS))), seed + 1 + k)
        columns += own
        missing.append(men)
    order = chance.permutation(families)
    nobody = simulate_genotypes(
        Pedigree(family_of(NOBODY, "male")), model, seed=seed, replicates=2 * remains, persons=("M",)
    )
    strangers = np.stack([np.sort(nobody[x.name]["M"], axis=1) for x in model.loci], axis=1)
    people = np.concatenate([np.concatenate(missing)[order[: (remains + 1) // 2]], strangers])
    exact = exact_log10_lr(terms, columns, model)
    scores = whole_numbers(terms, tuple(c.id for c in columns), exact)
    return Match(terms, profiles_of(terms, people, chance)[:remains], exact, scores)


@dataclass(eq=False)
class Run:
    """A whole private match of what was made up: what travelled, what was decided, and what each step took.

    ``seconds``: of processor time, by step.
    """

    match: Match
    seconds: dict[str, float] = field(default_factory=dict)
    sent: Query | None = None
    answered: Reply | None = None
    hits: tuple[Hit, ...] = ()
    findings: tuple[Finding, ...] = ()

    def all_steps(self, *, audited: bool = False) -> Run:
        m = self.match
        self.sent, key = self._timed("query", lambda: query(m.terms, m.profiles))
        sent = Query.from_bytes(self.sent.to_bytes(), m.terms)
        self.answered = self._timed("evaluate", lambda: evaluate(m.terms, sent, m.scores))
        answered = Reply.from_bytes(self.answered.to_bytes(), m.terms)
        self.hits = self._timed("decide", lambda: decide(m.terms, key, answered, len(m.profiles)))
        if audited:
            self.findings = self._timed(
                "audit", lambda: audit(m.terms, key, sent, answered, self.hits, m.profiles, m.scores)
            )
        return self

    def _timed(self, step: str, work: Callable[[], T]) -> T:
        started = time.process_time()
        found = work()
        self.seconds[step] = round(time.process_time() - started, 2)
        return found

    @property
    def wrong(self) -> int:
        """Pairs whose private answer is not the answer in clear."""
        return len(set(self.hits) ^ set(self.match.right))

    def figures(self) -> dict[str, Any]:
        assert self.sent is not None
        assert self.answered is not None
        t = self.match.terms
        keys = (self.sent.public_key, self.sent.relinearisation_key, self.sent.rotation_keys)
        return {
            "remains": len(self.match.profiles),
            "families": len(self.match.scores.ids),
            "ring": t.ring,
            "steps": t.steps,
            "coordinates": t.coordinates,
            "groups": t.groups,
            "hits": len(self.hits),
            "step_cpu_seconds": self.seconds,
            "bytes": {
                "keys": sum(map(len, keys)),
                "profiles": sum(map(len, self.sent.profiles)),
                "reply": len(self.answered.to_bytes()),
            },
        }
