"""A relative instead: how much better a sample fits a missing person than a close relative of his, known or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Literal

from homeward.faults import Progress, silent
from homeward.identify.mixture import View, compare_all
from homeward.identify.screen import Column
from homeward.pedigree import Member, Pedigree

__all__ = ["KinAlternative", "kin_alternatives"]

KinAlternative = Literal["sibling", "paternal-uncle", "maternal-uncle", "paternal-cousin", "maternal-cousin"]
"""Uncle or aunt, of the missing person's sex."""

_ALTERNATIVES: tuple[KinAlternative, ...] = (
    "sibling",
    "paternal-uncle",
    "maternal-uncle",
    "paternal-cousin",
    "maternal-cousin",
)


def kin_alternatives(
    views: Sequence[View], sample: int, missing: int, *, progress: Progress = silent
) -> dict[KinAlternative, float]:
    """Natural log LR of H1, the sample is of the missing person, against H2, of a relative of his who is in no file.

    ``sample``, ``missing``: places in the views. The relative is a further child of the couple in question, untyped and
    without kin of his own; parents and grandparents that the pedigree lacks are added as founders, who have the
    population of the person they were added for. -inf where H1 is impossible, inf where only H2 is.
    """
    asked = [
        replace(
            view,
            samples=[view.samples[sample]],
            columns=[
                view.columns[missing],
                *([(w, _instead(c, kin)) for w, c in view.columns[missing]] for kin in _ALTERNATIVES),
            ],
        )
        for view in views
    ]
    ln_lr = compare_all(asked, refuse=False, progress=progress).ln_lr[0].tolist()
    with_him = ln_lr[0]
    return {
        kin: with_him if with_him == float("-inf") else with_him - other
        for kin, other in zip(_ALTERNATIVES, ln_lr[1:], strict=True)
    }


def _instead(column: Column, kin: KinAlternative) -> Column:
    """The family with the relative in it, whom the sample is taken to be of."""
    pedigree = _with_parents(column.pedigree, column.person)
    sex = pedigree[column.person].sex
    child_of = column.person
    if kin != "sibling":
        parent = pedigree[column.person].father if kin.startswith("paternal") else pedigree[column.person].mother
        assert parent is not None
        child_of = parent
        pedigree = _with_parents(pedigree, parent)
    beside = pedigree[child_of]
    fresh = _fresh(pedigree)
    own = next(fresh)
    if kin.endswith("cousin"):
        mate = next(fresh)
        members = [
            Member(own, beside.father, beside.mother, sex="male"),
            Member(mate, sex="female", population=_origin(pedigree, child_of)),
            Member(person := next(fresh), own, mate, sex=sex),
        ]
    else:
        members = [Member(person := own, beside.father, beside.mother, sex=sex)]
    return replace(column, person=person, pedigree=Pedigree([*pedigree, *members]))


def _with_parents(pedigree: Pedigree, person: str) -> Pedigree:
    """Two founders for a founder; his population is theirs now, and his inbreeding as a founder is not kept."""
    own = pedigree[person]
    if not own.is_founder:
        return pedigree
    fresh = _fresh(pedigree)
    father = Member(next(fresh), sex="male", population=own.population)
    mother = Member(next(fresh), sex="female", population=own.population)
    child = Member(person, father.id, mother.id, own.sex)
    return Pedigree([father, mother, *(child if m.id == person else m for m in pedigree)])


def _origin(pedigree: Pedigree, person: str) -> str:
    """The stated population of the founders a person descends from, where it is one."""
    above = {person}
    for m in reversed(pedigree.topological):
        if m in above and not pedigree[m].is_founder:
            above |= {p for p in (pedigree[m].father, pedigree[m].mother) if p is not None}
    origins = {pedigree[m].population for m in above if pedigree[m].is_founder}
    return origins.pop() if len(origins) == 1 else ""


def _fresh(pedigree: Pedigree) -> Iterator[str]:
    """Ids that nobody in the pedigree has."""
    return (name for k in count(1) if (name := f"somebody {k}") not in pedigree)
