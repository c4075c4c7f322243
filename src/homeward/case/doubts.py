"""An uncertain register: the pedigrees a family may really have, each with its probability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import fsum, prod

from homeward.case.values import Doubt
from homeward.faults import Fault, Refusal
from homeward.pedigree import Member, Pedigree

__all__ = ["MOST_VARIANTS", "Variant", "variants"]

MOST_VARIANTS = 256
"""Most pedigrees one family may have: eight independent doubts."""

_ROUNDING = 1e-9
"""How far above one the probabilities of a person's alternatives may sum, as decimals do."""


@dataclass(frozen=True)
class Variant:
    """One pedigree a family may have: ``changed`` are the doubts that hold in it, () = as registered."""

    weight: float
    pedigree: Pedigree
    changed: tuple[Doubt, ...]


def variants(family: str, pedigree: Pedigree, doubts: Sequence[Doubt]) -> tuple[Variant, ...]:
    """Every combination of what may be wrong that has a probability, weights summing to one, as registered first.

    Identical twins share their parents: a doubt about one is a doubt about all of them. Who is given parents is no
    founder any more, and loses what was said of him as one.

    Raises `Refusal`: ``doubt-probability`` (not from 0 to 1, or a person's sum above 1), ``too-many-doubts``
    beyond `MOST_VARIANTS`, ``impossible-doubt`` where the changed pedigree breaks a rule of `Pedigree` or two
    identical twins are doubted apart. ``Fault.value`` is the person in doubt (the family, of too many).
    """
    by_person: dict[str, list[Doubt]] = {}
    for d in doubts:
        by_person.setdefault(d.person, []).append(d)
    faults = [*_probability_faults(family, by_person), *_person_faults(family, pedigree, by_person)]
    if faults:
        raise Refusal(faults)
    options = [[o for o in _options(alternatives) if o[0] > 0.0] for alternatives in by_person.values()]
    if prod(len(o) for o in options) > MOST_VARIANTS:
        message = f"family {family} has {len(doubts)} doubts, more than {MOST_VARIANTS} pedigrees together"
        raise Refusal([Fault("too-many-doubts", message, "keep the doubts that matter most", value=family)])
    found = []
    for choice in product(*options):
        changed = tuple(d for _, d in choice if d is not None)
        found.append(Variant(prod(w for w, _ in choice), _changed(family, pedigree, changed), changed))
    total = fsum(v.weight for v in found)
    return tuple(replace(v, weight=v.weight / total) for v in found)


def _options(alternatives: Sequence[Doubt]) -> Iterator[tuple[float, Doubt | None]]:
    """What may hold of one person, the register first; a remainder that only rounding leaves is none."""
    left = 1.0 - fsum(d.probability for d in alternatives)
    yield (left if left > _ROUNDING else 0.0, None)
    for d in alternatives:
        yield (d.probability, d)


def _probability_faults(family: str, by_person: dict[str, list[Doubt]]) -> Iterator[Fault]:
    for person, alternatives in by_person.items():
        each = all(0.0 <= d.probability <= 1.0 for d in alternatives)
        total = fsum(d.probability for d in alternatives)
        if not each or total > 1.0 + _ROUNDING:
            problem = f"sum to {total:.6g}, more than 1" if each else "are not from 0 to 1"
            yield Fault(
                "doubt-probability",
                f"the probabilities of {person}'s other parents in family {family} {problem}",
                "give each alternative its probability; what is left is the register's",
                value=person,
            )


def _person_faults(family: str, pedigree: Pedigree, by_person: dict[str, list[Doubt]]) -> Iterator[Fault]:
    """Doubts about nobody of the family, and about identical twins one by one."""
    for person in by_person:
        if person not in pedigree:
            message = f"{person}, whose parents are in doubt, is not in family {family}"
            yield Fault("impossible-doubt", message, "add the person, or leave the doubt out", value=person)
    for group in pedigree.twins:
        doubted = [t for t in group if t in by_person]
        if len(doubted) > 1:
            message = f"{' and '.join(doubted)} of family {family} are identical twins, and are doubted apart"
            remedy = "identical twins have the same parents: keep the rows of one of them"
            yield Fault("impossible-doubt", message, remedy, value=doubted[-1])


def _changed(family: str, pedigree: Pedigree, changed: Sequence[Doubt]) -> Pedigree:
    """The pedigree with these persons, and their identical twins, given other parents."""
    if not changed:
        return pedigree
    twins = {t: group for group in pedigree.twins for t in group}
    members = {m.id: m for m in pedigree}
    added: dict[str, Member] = {}
    for d in changed:
        group = twins.get(d.person, (d.person,))
        father, mother = d.father, d.mother
        # twins keep one pair of parents even where nobody knows them: that they are twins is not in doubt
        if father is not None or mother is not None or len(group) > 1:
            father = father or _unknown(pedigree, added, d.person, "father")
            mother = mother or _unknown(pedigree, added, d.person, "mother")
        for person in group:
            members[person] = _with_parents(members[person], father, mother, f"twin {group[0]}")
    try:
        return Pedigree([*members.values(), *added.values()])
    except Refusal as refusal:
        doubted = ", ".join(d.person for d in changed)
        raise Refusal(
            Fault(
                "impossible-doubt",
                f"family {family} with other parents of {doubted}: {f.message}",
                "correct the alternative, or leave it out",
                value=changed[-1].person,
            )
            for f in refusal.faults
        ) from refusal


def _with_parents(m: Member, father: str | None, mother: str | None, twin: str) -> Member:
    """The member as child of these; ``twin`` is his mark, which among new brothers and sisters nobody else has."""
    if father is None:
        return replace(m, father=None, mother=None, twin=None)
    mark = None if m.twin is None else twin
    m = replace(m, father=father, mother=mother, twin=mark)
    return replace(m, founder_inbreeding=0.0, founder_inbreeding_x=0.0, population="")


def _unknown(pedigree: Pedigree, added: dict[str, Member], child: str, role: str) -> str:
    """An untyped founder, whose id nobody else has."""
    id = f"unknown {role} of {child}"
    while id in pedigree:
        id += "_"
    added[id] = Member(id, sex="male" if role == "father" else "female")
    return id
