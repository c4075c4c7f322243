"""What would explain a family that does not fit: a wrong parent, a profile of somebody else, two profiles exchanged.

Every explanation is an LR against the declared pedigree, over autosomal loci, each of which tells nothing with
probability `ERROR`: under the declared pedigree an LR of t or more has probability at most 1/t, so that the
threshold is the number of explanations that could be tried over the false alarms allowed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, isinf, log

import numpy as np

from homeward.check.finding import FALSE_ALARMS, Finding
from homeward.check.mendel import TypedFamily, ln_alone
from homeward.check.pairs import ln_mixed
from homeward.check.subjects import TypedCase
from homeward.genetics import Locus
from homeward.likelihood import Task, ln_likelihoods, tables
from homeward.observe import Evidence
from homeward.pedigree import Member, Pedigree, ancestors

__all__ = ["explanations"]

_LN10 = log(10.0)
_SHARE = FALSE_ALARMS * 0.15
"""False alarms allowed in a case within families, and again between families."""
_PRIOR = {"misattributed-parentage": 0.01, "profile-does-not-fit": 0.001, "swapped-samples": 0.0005}
"""How often such things happen, to choose between explanations that fit alike; the threshold does not use it."""
_MOST_SWAPS = 12
"""Typed members of a family up to which every two are tried as exchanged."""
_WORTH_TRYING = log(10.0)
_BEST = 5

Rows = Mapping[str, Evidence]


@dataclass(frozen=True, eq=False)
class _Explanation:
    """One way to explain a family, by natural log LR against the declared pedigree."""

    code: str
    persons: tuple[str, ...]
    ln_lr: float
    parent: str = ""

    @property
    def weight(self) -> float:
        return self.ln_lr + log(_PRIOR[self.code])


def explanations(typed: TypedCase, families: Sequence[TypedFamily], suspicious: frozenset[int]) -> list[Finding]:
    """The best explanation of each suspicious family, where it is beyond chance."""
    loci = [x for x in typed.model.loci if x.kind == "autosomal"]
    within = -log(_SHARE / max(1, sum(_tests(f) for f in families)))
    found: dict[int, list[_Explanation]] = {}
    for f in families:
        if f.at in suspicious:
            found[f.at] = list(_explained(f, loci))
    swaps = _between(typed, families, found, loci)
    told: list[Finding] = []
    done: set[int] = set()
    for swap, at in swaps:
        if not done & at and all(swap.weight > e.weight for k in at for e in found.get(k, ())):
            done |= at
            told.append(_finding(typed, swap, found))
    for k, candidates in found.items():
        best = max(candidates, key=lambda e: e.weight, default=None)
        if k not in done and best is not None and best.ln_lr >= within:
            told.append(_finding(typed, best, {k: candidates}))
    return told


def _tests(f: TypedFamily) -> int:
    n = len(f.typed)
    return n + 2 * len(_links(f)) + (n * (n - 1) // 2 if n <= _MOST_SWAPS else 0)


def _finding(typed: TypedCase, e: _Explanation, found: Mapping[int, Sequence[_Explanation]]) -> Finding:
    others = [x for rows in found.values() for x in rows if x is not e and x.persons != e.persons]
    next_best = max(others, key=lambda x: x.weight, default=None)
    evidence: dict[str, str | float] = {
        "log10_lr": round(e.ln_lr / _LN10, 6),
        "p_value": float(f"{min(1.0, exp(-e.ln_lr)):.3g}"),
    }
    if e.parent:
        evidence["parent"] = e.parent
    if next_best is not None:
        evidence |= {
            "next": next_best.code,
            "next_person": next_best.persons[0],
            "next_log10_lr": round(next_best.ln_lr / _LN10, 6),
        }
    samples = tuple(s.sample.id for p in e.persons for s in typed.subjects if s.id == p)
    return Finding(e.code, "warning", persons=e.persons, samples=samples, evidence=evidence)


# -- one family -----------------------------------------------------------------------------------------------


def _explained(f: TypedFamily, loci: Sequence[Locus]) -> Iterator[_Explanation]:
    pedigree = f.family.pedigree
    rows = {x.name: f.seen[x.name] for x in loci if x.name in f.seen}
    at = [x for x in loci if x.name in rows]
    alone = {m: {p: ln_alone(e, x) for p, e in rows[m].items()} for m, x in ((x.name, x) for x in at)}

    def score(family: Pedigree, seen: Mapping[str, Rows], apart: str = "") -> float:
        """ln LR against everybody unrelated; ``apart`` counts as unrelated in any case."""
        ln = ln_likelihoods([Task(family, x, {p: e for p, e in seen[x.name].items() if p != apart}) for x in at])
        total = [sum(v for p, v in alone[x.name].items() if p != apart) for x in at]
        with np.errstate(over="ignore", invalid="ignore"):
            ratio = np.exp(np.clip(ln - np.array(total), -700, 600))
        return float(ln_mixed(np.where(np.isneginf(ln) | np.isnan(ratio), 0.0, ratio)).sum())

    declared = score(pedigree, rows)
    for p in f.typed:
        yield _Explanation("profile-does-not-fit", (p,), score(pedigree, rows, p) - declared)
    for child, parent in _links(f):
        changed = _other_parent(pedigree, child, parent)
        yield _Explanation("misattributed-parentage", (child,), score(changed, rows) - declared, parent)
    if len(f.typed) <= _MOST_SWAPS:
        for k, p in enumerate(f.typed):
            for q in f.typed[k + 1 :]:
                swapped = {m: _exchanged(seen, p, q) for m, seen in rows.items()}
                yield _Explanation("swapped-samples", (p, q), score(pedigree, swapped) - declared)


def _links(f: TypedFamily) -> list[tuple[str, str]]:
    """(child, parent) of every declared parentage that the typed members can tell of; not of identical twins."""
    pedigree = f.family.pedigree
    twins = {t for group in pedigree.twins for t in group}
    found = []
    for person in ancestors(pedigree, f.typed, inclusive=True):
        m = pedigree[person]
        if person not in twins:
            found += [(person, parent) for parent in (m.father, m.mother) if parent is not None]
    return found


def _other_parent(pedigree: Pedigree, child: str, parent: str) -> Pedigree:
    """The child descends from somebody unknown in this parent's place."""
    unknown = f"?{parent}"
    while unknown in pedigree:
        unknown = f"?{unknown}"

    def changed(m: Member) -> Member:
        if m.id != child:
            return m
        return replace(m, father=unknown) if m.father == parent else replace(m, mother=unknown)

    return Pedigree([Member(unknown, sex=pedigree[parent].sex), *(changed(m) for m in pedigree)])


def _exchanged(seen: Rows, p: str, q: str) -> dict[str, Evidence]:
    found = {x: e for x, e in seen.items() if x not in (p, q)}
    if q in seen:
        found[p] = seen[q]
    if p in seen:
        found[q] = seen[p]
    return found


# -- between families -----------------------------------------------------------------------------------------


class _Slot:
    """A typed member's place in the pedigree: the LR of any profile for being his, given the other members."""

    def __init__(self, f: TypedFamily, person: str, loci: Sequence[Locus], apart: Mapping[str, frozenset[int]]) -> None:
        self.person = person
        others = {x.name: {p: e for p, e in f.seen[x.name].items() if p != person} for x in loci if x.name in f.seen}
        self._loci = [x for x in loci if others.get(x.name)]
        self._tables = tables(
            [Task(f.family.pedigree, x, others[x.name], (person,), apart[x.name]) for x in self._loci]
        )

    def ln_lr(self, profile: Rows) -> float:
        """Natural log LR of a profile for being this member's, against unrelated; calls only."""
        ratios = []
        for x, t in zip(self._loci, self._tables, strict=True):
            e = profile.get(x.name)
            if e is None or not e.is_call or isinf(t.ln_total):
                continue
            a, b = (int(t.block[g]) for g in e.genotypes[0])
            ratios.append(float(t.joint[a, b] / t.joint.sum() / (t.frequencies[a] * t.frequencies[b])))
        return float(ln_mixed(np.array(ratios, dtype=np.float64)).sum())


def _between(
    typed: TypedCase,
    families: Sequence[TypedFamily],
    found: Mapping[int, Sequence[_Explanation]],
    loci: Sequence[Locus],
) -> list[tuple[_Explanation, frozenset[int]]]:
    """Exchanges of two references of different families that are beyond chance, the likeliest first."""
    profiles: dict[str, tuple[int, Rows]] = {
        s.id: (s.family, s.evidence) for s in typed.subjects if s.family >= 0 and s.evidence
    }
    misfits = {
        e.persons[0]: k
        for k, rows in found.items()
        for e in rows
        if e.code == "profile-does-not-fit" and e.ln_lr >= _WORTH_TRYING
    }
    if not misfits:
        return []
    threshold = -log(_SHARE / max(1, len(profiles) * (len(profiles) - 1) // 2))
    by_position = {f.at: f for f in families}
    apart = {x.name: _seen(x, profiles) for x in loci}
    slots: dict[str, _Slot | None] = {}

    def slot(person: str) -> _Slot | None:
        if person not in slots:
            f = by_position.get(profiles[person][0])
            slots[person] = None if f is None else _Slot(f, person, loci, apart)
        return slots[person]

    def fits(profile: str, place: str) -> float:
        s = slot(place)
        return 0.0 if s is None else s.ln_lr(profiles[profile][1])

    swaps: dict[frozenset[str], tuple[_Explanation, frozenset[int]]] = {}
    for j, k in misfits.items():
        if j not in profiles:
            continue
        gain = {i: fits(i, j) - fits(j, j) for i, (family, _) in profiles.items() if family != k}
        for i in sorted(gain, key=lambda x: -gain[x])[:_BEST]:
            ln_lr = gain[i] + fits(j, i) - fits(i, i)
            if ln_lr >= threshold:
                e = _Explanation("swapped-samples", (j, i), ln_lr)
                swaps.setdefault(frozenset((i, j)), (e, frozenset((k, profiles[i][0]))))
    return sorted(swaps.values(), key=lambda s: -s[0].ln_lr)


def _seen(locus: Locus, profiles: Mapping[str, tuple[int, Rows]]) -> frozenset[int]:
    """Alleles anybody shows: they stand alone, so that every profile can be looked up."""
    pieces = [e for _, rows in profiles.values() if (e := rows.get(locus.name)) is not None]
    return frozenset(a for e in pieces if e.is_call for a in e.genotypes[0])
