"""Familias' relations as pedigrees: one-parent relations completed, unsaid sexes worked out where they follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from homeward.faults import Fault, Refusal
from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["MAX_MEMBERS", "Relation", "implied_sexes", "pedigree_of"]

MAX_MEMBERS = 2000
"""Members of one pedigree; checking kinship costs their square at worst."""


@dataclass(frozen=True)
class Relation:
    parent: str
    child: str
    line: int


def implied_sexes(sexes: Mapping[str, Sex], relations: Iterable[Relation]) -> dict[str, Sex]:
    """Every person's sex, a parent's taken from the other parent of his child where it is not given."""
    parents: dict[str, list[str]] = {}
    for r in relations:
        parents.setdefault(r.child, []).append(r.parent)
    couples = [tuple(dict.fromkeys(p)) for p in parents.values()]
    found = dict(sexes)
    opposite: dict[Sex, Sex] = {"male": "female", "female": "male"}
    waiting = True
    while waiting:
        waiting = False
        for couple in couples:
            if len(couple) != 2:
                continue
            for a, b in (couple, couple[::-1]):
                if found[a] == "unknown" and found[b] != "unknown":
                    found[a] = opposite[found[b]]
                    waiting = True
    return found


def pedigree_of(
    sexes: Mapping[str, Sex], relations: Sequence[Relation], file: str, line: int, name: str
) -> tuple[Pedigree | None, list[Fault]]:
    """The pedigree, members in the order of ``sexes``; a child with one parent gets an unnamed founder as the other.

    Returns None and what is wrong where the relations make no pedigree. A parent whose sex neither the file
    nor the other parent tells keeps the sex unknown; he and the unnamed other parent then stand as father and
    mother in that order, which autosomal markers cannot tell from the other.
    """
    if len(sexes) > MAX_MEMBERS:
        message = f"{name} has {len(sexes)} persons; at most {MAX_MEMBERS} can be read"
        return None, [Fault("too-large", message, "split the family", file=file, row=line)]
    known = implied_sexes(sexes, relations)
    faults: list[Fault] = []
    parents: dict[str, dict[Sex, str]] = {}
    for r in relations:
        sex = known[r.parent]
        sex = "male" if sex == "unknown" else sex
        if parents.setdefault(r.child, {}).setdefault(sex, r.parent) != r.parent:
            role = "fathers" if sex == "male" else "mothers"
            faults.append(
                Fault(
                    "two-parents-of-one-sex",
                    f"{r.child} has two {role} in {name}: {parents[r.child][sex]} and {r.parent}",
                    "correct the relations or the sexes in Familias",
                    file=file,
                    row=r.line,
                    value=r.child,
                )
            )
    if faults:
        return None, list(dict.fromkeys(faults))
    try:
        return Pedigree(_members(known, parents)), []
    except Refusal as refusal:
        return None, [replace(f, file=file, row=line) for f in refusal.faults]


def _members(sexes: Mapping[str, Sex], parents: Mapping[str, Mapping[Sex, str]]) -> list[Member]:
    """The unnamed parents stand last, as `added_1`, `added_2`, …: each a founder of his own."""
    members: list[Member] = []
    added: list[Member] = []
    for person, sex in sexes.items():
        couple: dict[Sex, str] = dict(parents.get(person, {}))
        for role in ("male", "female") if len(couple) == 1 else ():
            if role not in couple:
                couple[role] = _free(f"added_{len(added) + 1}", sexes)
                unsure = any(sexes.get(parent) == "unknown" for parent in couple.values())
                added.append(Member(couple[role], sex="unknown" if unsure else role))
        members.append(Member(person, couple.get("male"), couple.get("female"), sex))
    return members + added


def _free(name: str, taken: Mapping[str, Sex]) -> str:
    while name in taken:
        name += "_"
    return name
