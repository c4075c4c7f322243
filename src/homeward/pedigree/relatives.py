"""Who is whose relative: ancestors, descendants, siblings and mates, as ids in the pedigree's order."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from homeward.faults import Fault, Refusal
from homeward.pedigree.values import Pedigree

__all__ = ["ancestors", "descendants", "mates", "parents_of", "require_members", "siblings"]


def require_members(pedigree: Pedigree, persons: Iterable[str]) -> None:
    """Refuse ids that are not in the pedigree (``unknown-person``)."""
    faults = [
        Fault("unknown-person", f"{p} is not in the pedigree", f"its members are {', '.join(pedigree.ids)}", value=p)
        for p in persons
        if p not in pedigree
    ]
    if faults:
        raise Refusal(faults)


def parents_of(pedigree: Pedigree, person: str) -> tuple[str, ...]:
    """Father and mother of a person, or nothing for a founder."""
    member = pedigree[person]
    return () if member.father is None or member.mother is None else (member.father, member.mother)


def ancestors(pedigree: Pedigree, persons: str | Iterable[str], *, inclusive: bool = False) -> tuple[str, ...]:
    """Everybody a person (or any of several) descends from; with ``inclusive`` the persons too."""
    return _reached(pedigree, persons, lambda p: parents_of(pedigree, p), inclusive)


def descendants(pedigree: Pedigree, persons: str | Iterable[str], *, inclusive: bool = False) -> tuple[str, ...]:
    """Everybody who descends from a person (or any of several); with ``inclusive`` the persons too."""
    return _reached(pedigree, persons, lambda p: pedigree.children[p], inclusive)


def mates(pedigree: Pedigree, person: str) -> tuple[str, ...]:
    """Those a person has children with."""
    found = {p for child in pedigree.children[person] for p in parents_of(pedigree, child)} - {person}
    return tuple(p for p in pedigree.ids if p in found)


def siblings(pedigree: Pedigree, person: str, *, half: bool = False) -> tuple[str, ...]:
    """Full siblings of a person, or with ``half`` those who share exactly one parent."""
    own = set(parents_of(pedigree, person))
    shared = 1 if half else 2
    return tuple(m.id for m in pedigree if m.id != person and len(own & set(parents_of(pedigree, m.id))) == shared)


def _reached(
    pedigree: Pedigree, persons: str | Iterable[str], step: Callable[[str], Iterable[str]], inclusive: bool
) -> tuple[str, ...]:
    start = [persons] if isinstance(persons, str) else list(persons)
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        for person in step(waiting.pop()):
            if person not in reached:
                reached.add(person)
                waiting.append(person)
    wanted = reached | set(start) if inclusive else reached - set(start)
    return tuple(p for p in pedigree.ids if p in wanted)
