"""Whose line of descent each reference sample is of, so that presumed unrelated lines of a case can be told apart."""

from __future__ import annotations

from collections.abc import Mapping

from homeward.case import Case, merge_families
from homeward.genetics.lineage import LineageKind

__all__ = ["descent"]


def descent(case: Case, kind: LineageKind) -> Mapping[str, str]:
    """Reference sample → the first forefather (mt: foremother) of its person's line in the merged pedigree."""
    home: dict[str, str] = {}
    for family in merge_families(case).families:
        top: dict[str, str] = {}
        for person in family.pedigree.topological:
            member = family.pedigree[person]
            above = member.father if kind == "Y" else member.mother
            top[person] = person if above is None else top[above]
        home |= top | {alias: top[full] for alias, full in family.alias.items()}
    return {s.id: home[s.source] for s in case.samples if s.of == "person" and s.source in home}
