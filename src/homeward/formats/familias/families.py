"""The reference families of the `[DVI]` part: which pedigree counts, who is missing, and of which sex."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from homeward.case import Family, ListedPerson
from homeward.faults import Fault
from homeward.formats.familias.dvi_part import DviFamily, DviPedigree, DviPerson
from homeward.formats.familias.kin import Relation, implied_sexes, pedigree_of
from homeward.pedigree import Sex

__all__ = ["read_families"]

THE_MISSING = "Missing person"
"""The name by which Familias' relations call the person looked for, whatever the list of persons calls him."""

MISSING_PREFIX = "Missing"
REFERENCE_PEDIGREE = "Reference pedigree"


@dataclass(frozen=True)
class _Reading:
    """One family half read: ``stand_in`` is the listed person that `Missing person` in the relations means."""

    family: DviFamily
    pedigree: DviPedigree
    relations: tuple[Relation, ...]
    sexes: dict[str, Sex]
    stand_in: DviPerson | None
    unrelated: tuple[DviPerson, ...]


def read_families(
    families: Sequence[DviFamily], bodies: Iterable[Sex], file: str
) -> tuple[list[Family], list[ListedPerson], list[Fault]]:
    """The families, the missing persons without any relation, and what is wrong.

    ``bodies``: sexes of the unidentified persons. Familias puts each of them in the missing person's place,
    so a missing parent of whom nothing tells the sex takes the sex of the bodies where all have the same.
    """
    faults: list[Fault] = []
    readings = [r for family in families if (r := _reading(family, file, faults)) is not None]
    trusted = all(_stated(r) in (None, sex) for r in readings if (sex := _implied(r)) != "unknown")
    found, listed = [], []
    only = set(bodies)
    fallback = only.pop() if len(only) == 1 else "unknown"
    for r in readings:
        sexes = dict(r.sexes)
        if THE_MISSING in sexes and _implied(r) == "unknown":
            stated = _stated(r) if trusted else None
            is_parent = any(x.parent == THE_MISSING for x in r.relations)
            sexes[THE_MISSING] = stated or (fallback if is_parent else "unknown")
        pedigree, wrong = pedigree_of(sexes, r.relations, file, r.pedigree.line, f"family {r.family.name}")
        faults += wrong
        if pedigree is not None:
            missing = tuple(p for p in sexes if p.startswith(MISSING_PREFIX))
            found.append(Family(r.family.name, pedigree, missing))
        listed += [ListedPerson(f"{r.family.name}: {p.name}", p.sex) for p in r.unrelated]
    return found, listed, faults


def _implied(r: _Reading) -> Sex:
    """The missing person's sex as his children's other parents tell it."""
    return implied_sexes(r.sexes, r.relations).get(THE_MISSING, "unknown")


def _stated(r: _Reading) -> Sex | None:
    """His sex as the list of persons has it.

    It is believed only if no family of the file is contradicted by its own pedigree: in files from practice
    the list calls men `Missing female 1`.
    """
    return r.stand_in.sex if r.stand_in and r.stand_in.sex != "unknown" else None


def _reading(family: DviFamily, file: str, faults: list[Fault]) -> _Reading | None:
    pedigree = _chosen(family, file, faults)
    if pedigree is None:
        return None
    relations = tuple(Relation(*r) for r in pedigree.relations)
    related = dict.fromkeys(name for r in relations for name in (r.parent, r.child))
    used = [p for p in family.persons if p.name in related or p.typings]
    idle = [p for p in family.persons if p not in used and p.name.startswith(MISSING_PREFIX)]
    listed = {p.name for p in used}
    stand_in = idle[0] if idle and THE_MISSING in related and THE_MISSING not in listed else None
    sexes: dict[str, Sex] = {}
    for p in family.persons:
        if p == stand_in:
            sexes[THE_MISSING] = "unknown"
        elif p in used:
            sexes[p.name] = p.sex
    for name in related:
        if name.startswith(MISSING_PREFIX):
            sexes.setdefault(name, "unknown")
    strangers = [r for r in relations for name in (r.parent, r.child) if name not in sexes]
    for r in strangers:
        faults.append(
            Fault(
                "unknown-person",
                f"the relation {r.parent} – {r.child} names somebody who is not among the family's persons",
                "add the person to the family in Familias",
                file=file,
                row=r.line,
            )
        )
    if strangers:
        return None
    return _Reading(family, pedigree, relations, sexes, stand_in, tuple(idle[1:] if stand_in else idle))


def _chosen(family: DviFamily, file: str, faults: list[Fault]) -> DviPedigree | None:
    """The template pedigree; the reference pedigree stands in where there is no other.

    Templates that state the same relations are one; several different ones are several hypotheses about
    the family, which a case cannot hold.
    """
    templates = [p for p in family.pedigrees if p.name != REFERENCE_PEDIGREE] or list(family.pedigrees)
    if not templates:
        return DviPedigree("", (), family.line)
    if len({frozenset((a, b) for a, b, _ in p.relations) for p in templates}) == 1:
        return templates[0]
    faults.append(
        Fault(
            "several-template-pedigrees",
            f"family {family.name} has {len(templates)} template pedigrees that differ",
            "keep the one that is to be used, or write one file for each",
            file=file,
            row=templates[1].line,
            value=family.name,
        )
    )
    return None
