"""Genotypes that cannot be without mutation, and whose is likeliest wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import exp, inf, isinf, log

import numpy as np

from homeward.case import MergedFamily
from homeward.check.finding import Finding
from homeward.check.subjects import TypedCase
from homeward.genetics import Locus
from homeward.likelihood import Task, ln_likelihoods
from homeward.observe import Evidence

__all__ = ["WRONG_CALL", "TypedFamily", "ln_alone", "mendelian", "typed_families"]

WRONG_CALL = 0.001
"""Probability that one genotype of one person was called wrongly and shows any genotype of the population."""

_MANY = 3
"""Inconsistent markers of one family from which on they are told together."""
_SURE = 0.99

Seen = dict[str, dict[str, Evidence]]


@dataclass(frozen=True, eq=False)
class TypedFamily:
    """A family with at least two typed members. ``seen``: marker → member → evidence."""

    at: int
    family: MergedFamily
    seen: Seen
    samples: Mapping[str, tuple[str, ...]]

    @property
    def typed(self) -> tuple[str, ...]:
        return tuple(p for p in self.family.pedigree.ids if p in self.samples)


def typed_families(typed: TypedCase) -> list[TypedFamily]:
    """The families with at least two typed members."""
    found = []
    for at, family in enumerate(typed.families):
        members = typed.profiles.members(family)
        if len(members) < 2 and not any(len(s) > 1 for s in members.values()):
            continue
        seen: Seen = {}
        for locus in typed.model.loci:
            rows = typed.profiles.of_family(family, locus, members)
            if rows:
                seen[locus.name] = rows
        found.append(TypedFamily(at, family, seen, {p: tuple(s.id for s in m) for p, m in members.items()}))
    return found


def ln_alone(e: Evidence, locus: Locus) -> float:
    """Natural log of P(evidence of one person)."""
    p = locus.frequencies
    total = 0.0
    for g, v in zip(e.genotypes, e.values, strict=True):
        total += v * (float(np.prod(p[list(g)])) * (2.0 if len(set(g)) == 2 else 1.0))
    return log(total) if total > 0 else -inf


def mendelian(typed: TypedCase, families: list[TypedFamily]) -> Iterator[tuple[Finding, int]]:
    """Findings about families whose genotypes need a mutation or a mistake, with the family's position."""
    strict = {x.name: replace(x, from_mother=None, from_father=None) for x in typed.model.loci}
    where = [(f, m) for f in families for m, rows in f.seen.items() if len(rows) > 1 or _impossible(rows)]
    values = ln_likelihoods([Task(f.family.pedigree, strict[m], f.seen[m]) for f, m in where])
    wrong: dict[int, list[str]] = {}
    for (f, m), ln in zip(where, values.tolist(), strict=True):
        if isinf(ln):
            wrong.setdefault(f.at, []).append(m)
    for f in families:
        if f.at in wrong:
            yield from ((finding, f.at) for finding in _family(typed, f, wrong[f.at], strict))


def _impossible(rows: Mapping[str, Evidence]) -> bool:
    return any(not e.genotypes for e in rows.values())


def _family(typed: TypedCase, f: TypedFamily, markers: list[str], strict: Mapping[str, Locus]) -> Iterator[Finding]:
    culprits = {m: _culprits(f, typed.model.locus[m], strict[m]) for m in markers}
    if len(markers) < _MANY:
        for m, c in culprits.items():
            yield _one_marker(f, m, c)
        return
    resolved = {p: sum(p in c.resolving for c in culprits.values()) for p in f.typed}
    most = max(resolved.values())
    persons = tuple(p for p in f.typed if resolved[p] == most > 0)
    yield Finding(
        "mendelian-errors",
        "warning" if any(isinf(c.ln_total) for c in culprits.values()) else "note",
        persons=persons,
        samples=tuple(s for p in persons for s in f.samples[p]),
        markers=tuple(markers),
        evidence={"compared": len(f.seen), "errors": len(markers), "resolved": most},
    )


@dataclass(frozen=True)
class _Culprits:
    """One marker: P(wrong genotype) of each person, P(none wrong), and whose removal makes it consistent."""

    posterior: Mapping[str, float]
    mutation: float
    resolving: frozenset[str]
    ln_total: float


def _culprits(f: TypedFamily, locus: Locus, strict: Locus) -> _Culprits:
    rows = f.seen[locus.name]
    without = [{q: e for q, e in rows.items() if q != p} for p in rows]
    pedigree = f.family.pedigree
    ln_total, *left = ln_likelihoods(
        [Task(pedigree, locus, rows), *(Task(pedigree, locus, w) for w in without)]
    ).tolist()
    resolving = ln_likelihoods([Task(pedigree, strict, w) for w in without]).tolist()
    # a sample that shows no possible genotype is wrong whatever the others show
    ln_wrong = [
        log(WRONG_CALL) + ln + (ln_alone(e, locus) if e.genotypes else 0.0)
        for ln, e in zip(left, rows.values(), strict=True)
    ]
    top = max(ln_total, *ln_wrong)
    weights = [exp(x - top) if top > -inf else 0.0 for x in (ln_total, *ln_wrong)]
    total = sum(weights) or 1.0
    return _Culprits(
        {p: w / total for p, w in zip(rows, weights[1:], strict=True)},
        weights[0] / total,
        frozenset(p for p, ln in zip(rows, resolving, strict=True) if ln > -inf),
        ln_total,
    )


def _one_marker(f: TypedFamily, marker: str, c: _Culprits) -> Finding:
    best = max(c.posterior.values(), default=0.0)
    persons = tuple(p for p, x in c.posterior.items() if x > 0 and x >= 0.5 * best)
    return Finding(
        "mendelian-error",
        "warning" if c.mutation <= 1 - _SURE else "note",
        persons=persons,
        samples=tuple(s for p in persons for s in f.samples[p]),
        markers=(marker,),
        evidence={
            "wrong": tuple(round(c.posterior[p], 6) for p in persons),
            "mutation": round(c.mutation, 6),
            "typed": len(f.seen[marker]),
        },
    )
