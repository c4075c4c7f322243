"""An uncertain register: the pedigrees a family may really have, each with its probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import fsum, prod

from homeward.case.values import Doubt
from homeward.faults import Fault, Refusal
from homeward.pedigree import Member, Pedigree

__all__ = ["MOST_VARIANTS", "Variant", "variants"]

MOST_VARIANTS = 256
"""Most pedigrees one family may have: eight independent doubts."""


@dataclass(frozen=True)
class Variant:
    """One pedigree a family may have: ``changed`` are the doubts that hold in it, () = as registered."""

    weight: float
    pedigree: Pedigree
    changed: tuple[Doubt, ...]


def variants(family: str, pedigree: Pedigree, doubts: Sequence[Doubt]) -> tuple[Variant, ...]:
    """Every combination of what may be wrong, weights summing to one, as registered first.

    Raises `Refusal`: ``doubt-probability`` (not from 0 to 1, or a person's sum above 1), ``too-many-doubts``
    beyond `MOST_VARIANTS`, ``impossible-doubt`` where the changed pedigree breaks a rule of `Pedigree`.
    """
    by_person: dict[str, list[Doubt]] = {}
    for d in doubts:
        by_person.setdefault(d.person, []).append(d)
    _refuse_probabilities(family, by_person)
    options: list[list[tuple[float, Doubt | None]]] = [
        [(1.0 - fsum(d.probability for d in alternatives), None), *((d.probability, d) for d in alternatives)]
        for alternatives in by_person.values()
    ]
    if prod(len(o) for o in options) > MOST_VARIANTS:
        message = f"family {family} has {len(doubts)} doubts, more than {MOST_VARIANTS} pedigrees together"
        raise Refusal([Fault("too-many-doubts", message, "keep the doubts that matter most", value=family)])
    found = []
    for choice in product(*options):
        weight = prod(w for w, _ in choice)
        changed = tuple(d for _, d in choice if d is not None)
        if weight > 0:
            found.append(Variant(weight, _changed(family, pedigree, changed), changed))
    return tuple(found)


def _refuse_probabilities(family: str, by_person: dict[str, list[Doubt]]) -> None:
    wrong = [
        person
        for person, alternatives in by_person.items()
        if not all(0.0 <= d.probability <= 1.0 for d in alternatives)
        or fsum(d.probability for d in alternatives) > 1.0 + 1e-12
    ]
    if wrong:
        raise Refusal(
            Fault(
                "doubt-probability",
                f"the probabilities of {person}'s other parents in family {family} are not from 0 to 1 together",
                "give each alternative its probability; what is left is the register's",
                value=person,
            )
            for person in wrong
        )


def _changed(family: str, pedigree: Pedigree, changed: Sequence[Doubt]) -> Pedigree:
    """The pedigree with these persons, and their identical twins, given other parents."""
    if not changed:
        return pedigree
    twins = {t: group for group in pedigree.twins for t in group}
    members = {m.id: m for m in pedigree}
    added: dict[str, Member] = {}
    for d in changed:
        father, mother = d.father, d.mother
        if father is None and mother is not None:
            father = _unknown(added, d.person, "father")
        elif mother is None and father is not None:
            mother = _unknown(added, d.person, "mother")
        for person in twins.get(d.person, (d.person,)):
            twin = members[person].twin if father is not None else None
            members[person] = replace(members[person], father=father, mother=mother, twin=twin)
    try:
        return Pedigree([*members.values(), *added.values()])
    except Refusal as refusal:
        raise Refusal(
            Fault(
                "impossible-doubt",
                f"family {family} with other parents of {', '.join(d.person for d in changed)}: {f.message}",
                f.remedy,
                value=f.value,
            )
            for f in refusal.faults
        ) from refusal


def _unknown(added: dict[str, Member], child: str, role: str) -> str:
    id = f"unknown {role} of {child}"
    added[id] = Member(id, sex="male" if role == "father" else "female")
    return id
