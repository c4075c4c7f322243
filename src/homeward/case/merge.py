"""Family files that share a person become one pedigree before anything is computed.

Ids are chosen by people, so an equal id in two files is believed to be one person only where nothing speaks
against it: believing it wrongly would make strangers kin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from homeward.case.values import Case, Doubt, Family, PersonRecord
from homeward.pedigree import Member, Pedigree

__all__ = ["MergedFamily", "Merging", "merge_families"]

_ROLES = """
male female man woman victim
father mother parent spouse wife husband partner child son daughter brother sister sibling twin uncle aunt nephew
niece cousin grandfather grandmother grandparent grandchild grandson granddaughter dad mum mom
missing mp poi ref reference person founder added extra untyped unknown other
父 母 妻 夫 子 息子 娘 兄 弟 姉 妹 祖父 祖母 孫 부 모 처 남편 아내 아버지 어머니 아들 딸 형 동생 조부 조모
"""
_LABELS = frozenset(_ROLES.split())
_CONTRADICTIONS = ("sex", "parents", "record", "genotypes")
"""Reasons that say two persons differ; the others say only that equal ids mean nothing."""


@dataclass(frozen=True)
class MergedFamily:
    """One connected piece of declared kinship; members, missing and people are `FAMILY/PERSON` ids.

    ``alias``: full ids that stand for a member known by another file's id. ``doubts``: what any of the files doubts.
    """

    families: tuple[str, ...]
    pedigree: Pedigree
    missing: tuple[str, ...]
    alias: Mapping[str, str]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Merging:
    """The families as computed, and the equal ids that were believed or not.

    ``believed``: (families, shared ids) of every merger. ``doubted``: (family, family, ids, reason code) of
    pairs of files with equal ids that were kept apart.
    """

    families: tuple[MergedFamily, ...]
    believed: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    doubted: tuple[tuple[str, str, tuple[str, ...], str], ...]

    @property
    def family_of(self) -> Mapping[str, MergedFamily]:
        """Full id of a missing person → the family he is computed in."""
        return {m: family for family in self.families for m in family.missing}

    @property
    def alias(self) -> Mapping[str, str]:
        """Full id that stands for a member known by another file's id → that id, over all families."""
        return {alias: full for family in self.families for alias, full in family.alias.items()}


def merge_families(case: Case) -> Merging:
    """Join the case's families wherever they share a person."""
    genotypes = _genotypes(case)
    believed: list[_Equal] = []
    doubted = []
    for a, b in _pairs_with_equal_ids(case.families):
        shared = tuple(p for p in a.pedigree.ids if p in b.pedigree)
        reason = _doubt(a, b, shared, genotypes)
        if reason is None:
            believed.append((a.id, b.id, shared))
        else:
            doubted.append((a.id, b.id, shared, reason))
    believed, unsure = _consistent(believed, doubted)
    root: dict[str, str] = {f.id: f.id for f in case.families}
    for one, other, _ in believed:
        root[_find(root, other)] = _find(root, one)
    groups: dict[str, list[Family]] = {}
    for f in case.families:
        groups.setdefault(_find(root, f.id), []).append(f)
    same = _persons(believed)
    merged = tuple(_merged(group, same) for group in groups.values())
    told = tuple((m.families, tuple(dict.fromkeys(m.alias.values()))) for m in merged if len(m.families) > 1)
    return Merging(merged, told, (*doubted, *unsure))


_Equal = tuple[str, str, tuple[str, ...]]
"""Two files and the ids in both."""
_Doubted = tuple[str, str, tuple[str, ...], str]


def _consistent(believed: Sequence[_Equal], doubted: Sequence[_Doubted]) -> tuple[list[_Equal], list[_Doubted]]:
    """What is still believed, and what no longer: a third file must not make one person of two who differ.

    Where the GF of one file could be the GF of two others, and those two are not one man, nobody knows whose he is.
    """
    same = _persons(believed)
    torn: dict[str, str] = {}
    for a, b, shared, reason in doubted:
        for p in shared if reason in _CONTRADICTIONS else ():
            here = _find(same, f"{a}/{p}")
            if here == _find(same, f"{b}/{p}"):
                torn.setdefault(here, reason)
    kept, unsure = [], []
    for a, b, shared in believed:
        reasons = [torn[x] for p in shared if (x := _find(same, f"{a}/{p}")) in torn]
        if reasons:
            unsure.append((a, b, shared, reasons[0]))
        else:
            kept.append((a, b, shared))
    return kept, unsure


def _persons(believed: Sequence[_Equal]) -> dict[str, str]:
    """Full id → another full id of the same person, for `_find`."""
    same: dict[str, str] = {}
    for a, b, shared in believed:
        for p in shared:
            same[_find(same, f"{b}/{p}")] = _find(same, f"{a}/{p}")
    return same


def _pairs_with_equal_ids(families: Sequence[Family]) -> list[tuple[Family, Family]]:
    """Pairs of files whose equal ids may mean one person, or should be told of.

    Files that share mere labels are left alone; of a label that many files give to their missing person, each
    is paired with the next only, enough to tell of it.
    """
    holders: dict[str, list[int]] = {}
    for k, f in enumerate(families):
        for person in f.pedigree.ids:
            holders.setdefault(person, []).append(k)
    pairs: set[tuple[int, int]] = set()
    for person, at in holders.items():
        missing = [k for k in at if person in families[k].missing]
        if not _is_label(person):
            pairs.update((i, j) for i in at for j in at if i < j)
        elif missing:
            others = [k for k in at if k not in missing]
            pairs.update((min(i, j), max(i, j)) for i in missing for j in others)
            pairs.update(pairwise(missing))
    return [(families[i], families[j]) for i, j in sorted(pairs)]


def _find(root: dict[str, str], one: str) -> str:
    while root.setdefault(one, one) != one:
        root[one] = root[root[one]]
        one = root[one]
    return one


def _is_label(person: str) -> bool:
    """An id that says a role, counts, or is one letter (Father, added_1, P3, 12, M) and so recurs in every file."""
    word = re.sub(r"[\W\d_]+", " ", person).strip().casefold()
    if not word or re.fullmatch(r"[a-z]|[a-z]{1,2}[\W_]*\d+", person.casefold()):
        return True
    return all(part in _LABELS for part in word.split())


def _doubt(a: Family, b: Family, shared: Sequence[str], genotypes: Mapping[str, Mapping[str, object]]) -> str | None:
    """Why equal ids are not taken for one person; None = nothing speaks against it."""
    # a count such as M2 that is missing in one file and a relative in the other is the list's own number
    labels = [p for p in shared if _is_label(p) and (p in a.missing) == (p in b.missing)]
    if labels:
        return "labels" if len(labels) == len(shared) else "partly-labels"
    for p in shared:
        ma, mb = a.pedigree[p], b.pedigree[p]
        if "unknown" not in (ma.sex, mb.sex) and ma.sex != mb.sex:
            return "sex"
        if not ma.is_founder and not mb.is_founder and (ma.father, ma.mother) != (mb.father, mb.mother):
            return "parents"
        if _differ(a.records.get(p), b.records.get(p)):
            return "record"
        ga, gb = genotypes.get(a.full_id(p), {}), genotypes.get(b.full_id(p), {})
        if any(ga[marker] != gb[marker] for marker in ga.keys() & gb.keys()):
            return "genotypes"
    return None


def _differ(a: PersonRecord | None, b: PersonRecord | None) -> bool:
    if a is None or b is None:
        return False
    return any(x and y and x != y for x, y in ((a.name, b.name), (a.born, b.born), (a.died, b.died)))


def _genotypes(case: Case) -> dict[str, dict[str, frozenset[object]]]:
    """Full id of a typed member → marker → the calls made of him."""
    found: dict[str, dict[str, frozenset[object]]] = {}
    for sample in case.samples:
        if sample.of == "person":
            for t in case.typings_by_sample[sample.id]:
                of_person = found.setdefault(sample.source, {})
                of_person[t.marker] = of_person.get(t.marker, frozenset()) | {tuple(sorted(t.alleles))}
    return found


def _merged(group: Sequence[Family], same: dict[str, str]) -> MergedFamily:
    """One pedigree over full ids; a shared person goes by the first file that has him."""
    name: dict[tuple[str, str], str] = {}
    first: dict[str, str] = {}
    alias: dict[str, str] = {}
    for family in group:
        for person in family.pedigree.ids:
            own = family.full_id(person)
            full = first.setdefault(_find(same, own), own)
            if full != own:
                alias[own] = full
            name[family.id, person] = full
    twins = _twin_marks(group, name)
    members: dict[str, Member] = {}
    for family in group:
        for m in family.pedigree:
            full = name[family.id, m.id]
            new = replace(
                m,
                id=full,
                father=name[family.id, m.father] if m.father is not None else None,
                mother=name[family.id, m.mother] if m.mother is not None else None,
                twin=twins.get(full),
            )
            members[full] = _joined(members[full], new) if full in members else new
    missing = tuple(dict.fromkeys(name[f.id, p] for f in group for p in f.missing))
    doubts = (
        replace(
            d,
            person=name[f.id, d.person],
            father=None if d.father is None else name[f.id, d.father],
            mother=None if d.mother is None else name[f.id, d.mother],
        )
        for f in group
        for d in f.doubts
    )
    return MergedFamily(
        tuple(f.id for f in group), Pedigree(members.values()), missing, alias, tuple(dict.fromkeys(doubts))
    )


def _twin_marks(group: Sequence[Family], name: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Full id of each identical twin → a mark that his twins have and nobody else.

    A mark means something within its file only: brothers whom two files call ``a`` are not four of one egg.
    """
    mark: dict[str, str] = {}
    for family in group:
        for twins in family.pedigree.twins:
            full = [name[family.id, t] for t in twins]
            known = {mark[t] for t in full if t in mark}
            one = min(known, default=full[0])
            mark.update(dict.fromkeys((*full, *(t for t, m in mark.items() if m in known)), one))
    return mark


def _joined(a: Member, b: Member) -> Member:
    """Two files' rows of one person: whichever knows parents, sex or inbreeding."""
    with_parents = a if not a.is_founder else b
    founder = with_parents.is_founder
    return replace(
        with_parents,
        sex=a.sex if a.sex != "unknown" else b.sex,
        founder_inbreeding=max(a.founder_inbreeding, b.founder_inbreeding) if founder else 0.0,
        founder_inbreeding_x=max(a.founder_inbreeding_x, b.founder_inbreeding_x) if founder else 0.0,
        population=(a.population or b.population) if founder else "",
    )
