"""What people state of the missing by name, under whichever of his names, and which signatures contradict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from homeward.case.merge import merge_families
from homeward.case.units import apart, units
from homeward.case.values import Case

__all__ = ["Contradiction", "contradictions", "names_on_list"]

_Reason = Literal["repeated", "two-names", "two-bodies"]


def names_on_list(case: Case) -> Mapping[str, str]:
    """Every id under which the case knows a missing person → the id he is computed under.

    Somebody who stands in the files of two families has two ids `FAMILY/PERSON`, and is one name.
    """
    found: dict[str, str] = {}
    for family in merge_families(case).families:
        found |= {m: m for m in family.missing}
        found |= {alias: full for alias, full in family.alias.items() if full in family.missing}
    return found | {p.id: p.id for p in case.listed}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two of `Case.identifications`, by position, that cannot both stand.

    ``repeated``: the same said twice. ``two-names``: one body to two names. ``two-bodies``: two bodies to one name,
    known to be different, or because every sample is a body of its own.
    """

    later: int
    earlier: int
    reason: _Reason


def contradictions(case: Case) -> tuple[Contradiction, ...]:
    """What is wrong with the signed identifications: of each, an earlier sound one that it cannot stand beside."""
    if len(case.identifications) < 2:
        return ()
    joined = units(case)
    unit_of = {sample.id: k for k, unit in enumerate(joined) for sample in unit}
    not_one = apart(case, joined)
    incident = case.settings.incident
    all_bodies = incident.samples_are == "bodies" or incident.prior == "flat-assignments"
    name_of = names_on_list(case)
    of_unit: dict[int, list[tuple[int, str]]] = {}
    of_name: dict[str, list[tuple[int, int]]] = {}
    found: list[Contradiction] = []
    for later, said in enumerate(case.identifications):
        # a sample that is not of remains is in no unit, and is compared with nothing but itself
        unit, name = unit_of.get(said.sample, -1 - later), name_of.get(said.missing, said.missing)
        of_body, of_same = of_unit.setdefault(unit, []), of_name.setdefault(name, [])
        other_name = [i for i, known in of_body if known != name]
        again = [i for i, _ in of_body if case.identifications[i].sample == said.sample]
        other_body = [i for i, k in of_same if k != unit and (all_bodies or (min(k, unit), max(k, unit)) in not_one)]
        each: dict[_Reason, list[int]] = {"two-names": other_name, "repeated": again, "two-bodies": other_body}
        against = [Contradiction(later, earlier[0], reason) for reason, earlier in each.items() if earlier]
        if against:
            found.append(against[0])
        else:
            of_body.append((later, name))
            of_same.append((later, unit))
    return tuple(found)
