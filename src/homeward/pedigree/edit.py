"""Pedigrees made from pedigrees: each verb returns a new one and leaves the old alone.

An id that is not in the pedigree raises `Refusal` (``unknown-person``); everything else that is wrong is
said by `Pedigree` itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count
from string import ascii_lowercase
from typing import Literal

from homeward.faults import Fault, Refusal
from homeward.pedigree.relatives import ancestors, descendants, parents_of, require_members
from homeward.pedigree.values import Member, Pedigree, Sex

__all__ = [
    "add_child",
    "add_children",
    "add_daughter",
    "add_parents",
    "add_sibling",
    "add_son",
    "branch",
    "join",
    "leaves",
    "relabel",
    "remove_individuals",
    "set_founder_inbreeding",
    "set_twins",
    "swap_sex",
]


def add_children(
    pedigree: Pedigree,
    father: str | None,
    mother: str | None,
    children: int | Sequence[str] = 1,
    sex: Sex | Sequence[Sex] = "male",
) -> Pedigree:
    """Children for a couple; a parent given as None, or not yet in the pedigree, is added as a founder.

    ``children``: how many, or their ids; ``sex`` is repeated as needed.
    """
    if father is None and mother is None:
        raise ValueError("at least one parent must be given")
    members = list(pedigree)
    fresh = _fresh(pedigree)
    wanted: tuple[tuple[str | None, Sex], ...] = ((father, "male"), (mother, "female"))
    couple = []
    for parent, role in wanted:
        name = next(fresh) if parent is None else parent
        if name not in pedigree:
            members.append(Member(name, sex=role))
        couple.append(name)
    ids = [next(fresh) for _ in range(children)] if isinstance(children, int) else list(children)
    sexes: Sequence[Sex] = (sex,) if isinstance(sex, str) else sex
    members += [Member(c, couple[0], couple[1], sexes[i % len(sexes)]) for i, c in enumerate(ids)]
    return Pedigree(members)


def add_child(pedigree: Pedigree, parents: str | tuple[str, str], id: str | None = None, sex: Sex = "male") -> Pedigree:
    """One child of one parent (the other is added) or of two, in either order."""
    given = (parents,) if isinstance(parents, str) else parents
    require_members(pedigree, given[:1])
    by_sex: dict[Sex, str] = {}
    for p in given:
        if p in pedigree:
            by_sex[pedigree[p].sex] = p
    for p in given:
        if p not in pedigree:
            by_sex["female" if "male" in by_sex else "male"] = p
    if "unknown" in by_sex or len(by_sex) < len(given):
        raise Refusal([Fault("parent-sex", f"{' and '.join(given)} are not a man and a woman", "correct their sexes")])
    name = next(_fresh(pedigree, skip=2 - len(given))) if id is None else id
    return add_children(pedigree, by_sex.get("male"), by_sex.get("female"), [name], sex)


def add_son(pedigree: Pedigree, parents: str | tuple[str, str], id: str | None = None) -> Pedigree:
    """A son; see `add_child`."""
    return add_child(pedigree, parents, id, "male")


def add_daughter(pedigree: Pedigree, parents: str | tuple[str, str], id: str | None = None) -> Pedigree:
    """A daughter; see `add_child`."""
    return add_child(pedigree, parents, id, "female")


def add_parents(pedigree: Pedigree, person: str, father: str | None = None, mother: str | None = None) -> Pedigree:
    """Parents for a founder; those not in the pedigree are added as founders, before him.

    His founder inbreeding is dropped: he is no founder any more.
    """
    require_members(pedigree, [person])
    if not pedigree[person].is_founder:
        raise Refusal([Fault("has-parents", f"{person} already has parents", "choose a founder", value=person)])
    fresh = _fresh(pedigree)
    names = [next(fresh) if p is None else p for p in (father, mother)]
    roles: tuple[Sex, Sex] = ("male", "female")
    new = [Member(n, sex=s) for n, s in zip(names, roles, strict=True) if n not in pedigree]
    child = replace(
        pedigree[person], father=names[0], mother=names[1], founder_inbreeding=0.0, founder_inbreeding_x=0.0
    )
    at = pedigree.index(person)
    return Pedigree([*pedigree.members[:at], *new, child, *pedigree.members[at + 1 :]])


def add_sibling(
    pedigree: Pedigree,
    person: str,
    sex: Sex = "male",
    id: str | None = None,
    *,
    shared: Literal["both", "father", "mother"] = "both",
) -> Pedigree:
    """A full sibling, or a half sibling through the ``shared`` parent; missing parents are added."""
    require_members(pedigree, [person])
    if pedigree[person].is_founder:
        pedigree = add_parents(pedigree, person)
    father, mother = parents_of(pedigree, person)
    if shared == "both":
        return add_child(pedigree, (father, mother), id, sex)
    return add_child(pedigree, father if shared == "father" else mother, id, sex)


def remove_individuals(
    pedigree: Pedigree, persons: str | Iterable[str], *, also: Literal["descendants", "ancestors"] = "descendants"
) -> Pedigree:
    """Without these persons and the branch that hangs on them.

    ``also`` descendants: theirs go too, and mates who married in and have no child left. ``also``
    ancestors: theirs go too, their children become founders, and founders left without any child or
    parent because of it go.
    """
    gone = {persons} if isinstance(persons, str) else set(persons)
    require_members(pedigree, gone)
    gone |= set((descendants if also == "descendants" else ancestors)(pedigree, gone))
    kept = [m for m in pedigree if m.id not in gone]
    freed = [replace(m, father=None, mother=None, twin=None) if {m.father, m.mother} & gone else m for m in kept]
    parents = {p for m in freed for p in (m.father, m.mother)}
    lonely = {m.id for m in freed if m.is_founder and m.id not in parents and _lost_a_tie(pedigree, m.id, gone)}
    return Pedigree(m for m in freed if m.id not in lonely)


def branch(pedigree: Pedigree, person: str) -> Pedigree:
    """A person with all his descendants and the mates they had them with; he becomes a founder."""
    require_members(pedigree, [person])
    line = set(descendants(pedigree, person, inclusive=True))
    keep = line | {p for d in line - {person} for p in parents_of(pedigree, d)}
    return Pedigree(
        replace(m, father=None, mother=None, twin=None) if m.id not in line - {person} else m
        for m in pedigree
        if m.id in keep
    )


def relabel(pedigree: Pedigree, names: Mapping[str, str] | Sequence[str]) -> Pedigree:
    """Other ids: old → new, or one for each member in order."""
    pairs = dict(names) if isinstance(names, Mapping) else dict(zip(pedigree.ids, names, strict=True))
    require_members(pedigree, pairs)
    return pedigree.relabelled(pairs)


def swap_sex(pedigree: Pedigree, persons: str | Iterable[str]) -> Pedigree:
    """The other sex for these persons, and for everybody they have children with, so that it stays a pedigree."""
    waiting = {persons} if isinstance(persons, str) else set(persons)
    require_members(pedigree, waiting)
    swapped: set[str] = set()
    while waiting:
        person = waiting.pop()
        swapped.add(person)
        mates = {p for c in pedigree.children[person] for p in parents_of(pedigree, c)}
        waiting |= mates - swapped
    other: dict[Sex, Sex] = {"male": "female", "female": "male", "unknown": "unknown"}

    def turned(m: Member) -> Member:
        father, mother = (m.mother, m.father) if m.father in swapped else (m.father, m.mother)
        return replace(m, father=father, mother=mother, sex=other[m.sex] if m.id in swapped else m.sex)

    return Pedigree(turned(m) for m in pedigree)


def set_founder_inbreeding(pedigree: Pedigree, values: float | Mapping[str, float], *, x: bool = False) -> Pedigree:
    """Inbreeding coefficients in [0, 1] of founders: one value for all, or by id; ``x`` = of X markers."""
    by_id = values if isinstance(values, Mapping) else dict.fromkeys(pedigree.founders, float(values))
    require_members(pedigree, by_id)

    def given(m: Member) -> Member:
        if m.id not in by_id:
            return m
        return replace(m, founder_inbreeding_x=by_id[m.id]) if x else replace(m, founder_inbreeding=by_id[m.id])

    return Pedigree(given(m) for m in pedigree)


def set_twins(pedigree: Pedigree, *groups: Iterable[str]) -> Pedigree:
    """Each group of siblings is monozygotic; marks already there stay."""
    used = {m.twin for m in pedigree}
    letters = chain(ascii_lowercase, (f"t{n}" for n in count(1)))
    mark: dict[str, str] = {}
    for group in groups:
        persons = tuple(group)
        require_members(pedigree, persons)
        mark |= dict.fromkeys(persons, next(x for x in letters if x not in used))
    return Pedigree(replace(m, twin=mark.get(m.id, m.twin)) for m in pedigree)


def join(*pedigrees: Pedigree) -> Pedigree:
    """One pedigree of them all; members with the same id are the same person.

    Where one has a person's parents and another does not, they are kept; an unknown sex yields to a known
    one. Raises `Refusal` (``person-conflict``) where two pedigrees contradict each other.
    """
    merged: dict[str, Member] = {}
    faults = []
    for m in (m for pedigree in pedigrees for m in pedigree):
        known = merged.get(m.id)
        both = m if known is None else _united(known, m)
        if both is None:
            faults.append(
                Fault("person-conflict", f"pedigrees differ in sex or parents of {m.id}", "correct one", value=m.id)
            )
        else:
            merged[m.id] = both
    if faults:
        raise Refusal(faults)
    return Pedigree(merged.values())


def leaves(pedigree: Pedigree) -> tuple[str, ...]:
    """Members without children."""
    return tuple(p for p in pedigree.ids if not pedigree.children[p])


def _united(a: Member, b: Member) -> Member | None:
    if "unknown" not in (a.sex, b.sex) and a.sex != b.sex:
        return None
    if not a.is_founder and not b.is_founder and (a.father, a.mother) != (b.father, b.mother):
        return None
    base = b if a.is_founder else a
    return replace(base, sex=b.sex if a.sex == "unknown" else a.sex, twin=a.twin or b.twin)


def _lost_a_tie(pedigree: Pedigree, person: str, gone: set[str]) -> bool:
    return bool(gone & set(pedigree.children[person])) or any(
        gone & set(parents_of(pedigree, c)) for c in pedigree.children[person]
    )


def _fresh(pedigree: Pedigree, skip: int = 0) -> Iterator[str]:
    """Unused positive integers as ids; ``skip`` leaves the first ones to parents yet to be added."""
    number, left = 0, skip
    while True:
        number += 1
        if str(number) not in pedigree:
            if left:
                left -= 1
            else:
                yield str(number)
