"""`Pedigree`: who is whose child, checked once and then trusted by every other room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from homeward.faults import Fault, Refusal

__all__ = ["Member", "Pedigree", "Sex"]

Sex = Literal["male", "female", "unknown"]


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a pedigree.

    ``twin``: members of one sibship with equal letters are monozygotic. ``founder_inbreeding`` and
    ``founder_inbreeding_x``: inbreeding coefficient of a founder, autosomal and X, in [0, 1]. ``population``: where a
    founder's alleles come from, an id of a table; empty = the population of the calculation.
    """

    id: str
    father: str | None = None
    mother: str | None = None
    sex: Sex = "unknown"
    twin: str | None = None
    founder_inbreeding: float = 0.0
    founder_inbreeding_x: float = 0.0
    population: str = ""

    @property
    def is_founder(self) -> bool:
        return self.father is None and self.mother is None


@dataclass(frozen=True)
class Pedigree:
    """Members in the order given, with the rules of biology checked.

    Both parents or none, no female father and no male mother (the sex of a parent may be unknown), nobody his
    own ancestor, ids unique, twins in one sibship and of one sex. Several components (unconnected parts) are allowed.

    Raises `Refusal` with codes ``duplicate-person``, ``one-parent``, ``unknown-parent``, ``parent-sex``,
    ``own-ancestor``, ``twins``, ``inbreeding-range``, ``founder-population``; ``Fault.value`` is the person's id.
    """

    members: tuple[Member, ...]
    _index: dict[str, int] = field(init=False, repr=False, compare=False, hash=False)

    def __init__(self, members: Iterable[Member]) -> None:
        object.__setattr__(self, "members", tuple(members))
        object.__setattr__(self, "_index", {m.id: i for i, m in enumerate(self.members)})
        faults = list(_faults(self))
        if faults:
            raise Refusal(faults)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        """How an edge that reads JSON makes one: from its members, under the same rules."""
        from pydantic_core import core_schema as cs

        form = cs.typed_dict_schema({"members": cs.typed_dict_field(handler.generate_schema(tuple[Member, ...]))})
        read = cs.no_info_after_validator_function(lambda told: cls(told["members"]), form)
        written = cs.plain_serializer_function_ser_schema(lambda p: {"members": p.members}, return_schema=form)
        either = cs.union_schema([cs.is_instance_schema(cls), read])
        return cs.json_or_python_schema(json_schema=read, python_schema=either, serialization=written)

    def __len__(self) -> int:
        return len(self.members)

    def __iter__(self) -> Iterator[Member]:
        return iter(self.members)

    def __contains__(self, person: object) -> bool:
        return person in self._index

    def __getitem__(self, person: str) -> Member:
        return self.members[self._index[person]]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(m.id for m in self.members)

    def index(self, person: str) -> int:
        """Position of a member in `members`."""
        return self._index[person]

    @property
    def founders(self) -> tuple[str, ...]:
        return tuple(m.id for m in self.members if m.is_founder)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """Each member's children, in the order of `members`."""
        found: dict[str, list[str]] = {m.id: [] for m in self.members}
        for m in self.members:
            for parent in (m.father, m.mother):
                if parent is not None:
                    found[parent].append(m.id)
        return {person: tuple(kids) for person, kids in found.items()}

    @cached_property
    def topological(self) -> tuple[str, ...]:
        """All ids, parents before children, otherwise in the order given."""
        return tuple(_topological(self.members))

    @cached_property
    def components(self) -> tuple[tuple[str, ...], ...]:
        """The connected parts, each in the order given, ordered by their first member."""
        root: dict[str, str] = {m.id: m.id for m in self.members}

        def find(person: str) -> str:
            while root[person] != person:
                root[person] = root[root[person]]
                person = root[person]
            return person

        for m in self.members:
            for parent in (m.father, m.mother):
                if parent is not None:
                    root[find(m.id)] = find(parent)
        parts: dict[str, list[str]] = {}
        for m in self.members:
            parts.setdefault(find(m.id), []).append(m.id)
        return tuple(tuple(part) for part in parts.values())

    @cached_property
    def twins(self) -> tuple[tuple[str, ...], ...]:
        """Groups of monozygotic twins, each with at least two members."""
        groups: dict[tuple[str | None, str | None, str], list[str]] = {}
        for m in self.members:
            if m.twin is not None:
                groups.setdefault((m.father, m.mother, m.twin), []).append(m.id)
        return tuple(tuple(group) for group in groups.values() if len(group) > 1)

    def parts(self, persons: Iterable[str]) -> Pedigree:
        """The sub-pedigree of these members; a parent left out must be left out with the other one."""
        keep = set(persons)
        return Pedigree(m for m in self.members if m.id in keep)

    def relabelled(self, names: dict[str, str]) -> Pedigree:
        """The same pedigree with ids replaced where ``names`` has them."""

        def new(person: str | None) -> str | None:
            return None if person is None else names.get(person, person)

        return Pedigree(
            replace(m, id=names.get(m.id, m.id), father=new(m.father), mother=new(m.mother)) for m in self.members
        )

    def _repr_svg_(self) -> str:
        from homeward.draw import pedigree_svg

        return pedigree_svg(self)


def _topological(members: tuple[Member, ...]) -> list[str]:
    """Parents before children; members on a directed cycle are left out."""
    placed: set[str] = set()
    order: list[str] = []
    waiting = list(members)
    while waiting:
        rest = []
        for m in waiting:
            if all(p is None or p in placed for p in (m.father, m.mother)):
                placed.add(m.id)
                order.append(m.id)
            else:
                rest.append(m)
        if len(rest) == len(waiting):
            break
        waiting = rest
    return order


def _faults(pedigree: Pedigree) -> Iterator[Fault]:
    seen: set[str] = set()
    for m in pedigree.members:
        if m.id in seen:
            message = f"{m.id} stands twice in the pedigree"
            yield Fault("duplicate-person", message, "give each person one row", value=m.id)
        seen.add(m.id)
        yield from _member_faults(pedigree, m)
    known = all(p is None or p in pedigree for m in pedigree.members for p in (m.father, m.mother))
    if known and len(seen) == len(pedigree.members):
        order = set(_topological(pedigree.members))
        for m in pedigree.members:
            if m.id not in order:
                yield Fault(
                    "own-ancestor",
                    f"{m.id} is his own ancestor or descends from somebody who is",
                    "correct the parents on that line",
                    value=m.id,
                )
    for group in pedigree.twins:
        if len({pedigree[t].sex for t in group}) > 1 or pedigree[group[0]].is_founder:
            yield Fault(
                "twins",
                f"{', '.join(group)} are marked identical twins but differ in sex or have no parents in the pedigree",
                "identical twins share both parents and sex; remove the mark or correct the rows",
                value=group[0],
            )


def _in_one_role(pedigree: Pedigree, person: str) -> str:
    """The sex that anybody may have who is only ever named a father, or only ever a mother."""
    father = any(m.father == person for m in pedigree.members)
    mother = any(m.mother == person for m in pedigree.members)
    return "" if father and mother else "unknown"


def _member_faults(pedigree: Pedigree, m: Member) -> Iterator[Fault]:
    if (m.father is None) != (m.mother is None):
        yield Fault(
            "one-parent",
            f"{m.id} has one parent named and the other not",
            "name both parents (an untyped row will do) or neither",
            value=m.id,
        )
    for parent, role, sex in ((m.father, "father", "male"), (m.mother, "mother", "female")):
        if parent is None:
            continue
        if parent not in pedigree:
            yield Fault(
                "unknown-parent",
                f"{role} {parent} of {m.id} is not in the pedigree",
                "add a row for the parent",
                column=role,
                value=m.id,
            )
        elif pedigree[parent].sex not in (sex, _in_one_role(pedigree, parent)):
            yield Fault(
                "parent-sex",
                f"{role} {parent} of {m.id} is not {sex}",
                f"give {parent} the sex {sex} or correct the {role}",
                column=role,
                value=m.id,
            )
    if m.population and not m.is_founder:
        yield Fault(
            "founder-population",
            f"a population is given for {m.id}, whose alleles come from his parents",
            "give the population of the founders and leave it empty for others",
            column="population",
            value=m.id,
        )
    for f in (m.founder_inbreeding, m.founder_inbreeding_x):
        if not 0.0 <= f <= 1.0 or (f and not m.is_founder):
            yield Fault(
                "inbreeding-range",
                f"founder inbreeding {f:g} of {m.id} is outside 0 to 1 or given for somebody with parents",
                "give founders a value from 0 to 1 and leave it empty for others",
                value=m.id,
            )
