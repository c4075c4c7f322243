"""A pedigree corrected step by step; each step is one word that can be kept, taken back and checked anew.

A step is `VERB/PERSON/...`, its parts separated by slashes, which no id holds:

`parents/P/FATHER/MOTHER` gives a founder parents; `sibling/P/ID/SEX/SHARED`, shared = both, father, mother;
`child/P/ID/SEX/MATE`; `under/P/FATHER/MOTHER` puts somebody under other parents, none = a founder; `twins/P/OTHER`;
`sex/P/SEX`; `missing/P/yes` or `no`; `remove/P` takes somebody out with his descendants. New ids may be left empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from homeward.faults import Fault, Refusal
from homeward.pedigree.edit import add_child, add_parents, add_sibling, remove_individuals, set_twins
from homeward.pedigree.relatives import require_members
from homeward.pedigree.values import Pedigree, Sex

__all__ = ["VERBS", "Drawn", "stepped"]

_LONGEST = 64
_SHARED = ("both", "father", "mother")


@dataclass(frozen=True)
class Drawn:
    """A pedigree, and who of it is missing."""

    pedigree: Pedigree
    missing: tuple[str, ...]


def stepped(drawn: Drawn, steps: Sequence[str]) -> Drawn:
    """The pedigree after these steps, one after another.

    Raises `Refusal` at the first that cannot be made: ``unknown-step``, ``bad-id``, ``unknown-person``,
    ``duplicate-person``, and whatever `Pedigree` says of it; ``Fault.row`` is its number, from 1.
    """
    for number, step in enumerate(steps, 1):
        try:
            drawn = _stepped(drawn, step)
        except Refusal as refusal:
            raise Refusal(replace(f, row=number) for f in refusal.faults) from None
    return drawn


def _stepped(drawn: Drawn, step: str) -> Drawn:
    verb, *parts = step.split("/")
    if verb not in VERBS or len(parts) != VERBS[verb][1]:
        raise Refusal([Fault("unknown-step", "there is no such step", "use the page's buttons", value=step[:200])])
    require_members(drawn.pedigree, parts[:1])
    return VERBS[verb][0](drawn, *parts)


def _new(pedigree: Pedigree, id: str, word: str) -> str:
    """The id of somebody new: as given, or the first that is free. Raises `Refusal`."""
    if not id:
        return next(name for n in range(1, len(pedigree) + 2) if (name := f"{word}-{n}") not in pedigree)
    if len(id) > _LONGEST or not id.isprintable() or id != id.strip():
        message, remedy = "an id has 1 to 64 characters, no slash and no blank at its ends", "choose another"
        raise Refusal([Fault("bad-id", message, remedy, value=id[:64])])
    if id in pedigree:
        raise Refusal([Fault("duplicate-person", f"{id} is in the pedigree", "choose another id", value=id)])
    return id


def _sex(word: str) -> Sex:
    if word not in get_args(Sex):
        raise Refusal([Fault("unknown-word", "this is no sex", "choose male, female or unknown", value=word[:64])])
    return cast(Sex, word)


def _parents(drawn: Drawn, person: str, father: str, mother: str) -> Drawn:
    pedigree = drawn.pedigree
    names = [
        parent if parent in pedigree else _new(pedigree, parent, word)
        for parent, word in ((father, "father"), (mother, "mother"))
    ]
    return replace(drawn, pedigree=add_parents(pedigree, person, *names))


def _sibling(drawn: Drawn, person: str, id: str, sex: str, shared: str) -> Drawn:
    pedigree = drawn.pedigree
    if shared not in _SHARED:
        raise Refusal([Fault("unknown-word", "siblings share both, father or mother", "choose one", value=shared[:64])])
    if pedigree[person].is_founder:
        pedigree = _parents(drawn, person, "", "").pedigree
    name = _new(pedigree, id, "sibling")
    if shared == "both":
        return replace(drawn, pedigree=add_sibling(pedigree, person, _sex(sex), name))
    parent = str(pedigree[person].father if shared == "father" else pedigree[person].mother)
    mate = _new(pedigree, "", "mother" if shared == "father" else "father")
    return replace(drawn, pedigree=add_child(pedigree, (parent, mate), name, _sex(sex)))


def _child(drawn: Drawn, person: str, id: str, sex: str, mate: str) -> Drawn:
    pedigree = drawn.pedigree
    name = _new(pedigree, id, "child")
    other = mate if mate in pedigree else _new(pedigree, mate, "mate")
    return replace(drawn, pedigree=add_child(pedigree, (person, other), name, _sex(sex)))


def _under(drawn: Drawn, person: str, father: str, mother: str) -> Drawn:
    pedigree = drawn.pedigree
    require_members(pedigree, [p for p in (father, mother) if p])
    return replace(
        drawn,
        pedigree=Pedigree(
            replace(m, father=father or None, mother=mother or None, twin=None) if m.id == person else m
            for m in pedigree
        ),
    )


def _twins(drawn: Drawn, person: str, other: str) -> Drawn:
    pedigree = set_twins(drawn.pedigree, (person, other))
    if not any({person, other} <= set(group) for group in pedigree.twins):
        message, remedy = "identical twins are of one couple", "choose a full sibling"
        raise Refusal([Fault("twins", message, remedy, value=other[:64])])
    return replace(drawn, pedigree=pedigree)


def _of_sex(drawn: Drawn, person: str, sex: str) -> Drawn:
    members = (replace(m, sex=_sex(sex)) if m.id == person else m for m in drawn.pedigree)
    return replace(drawn, pedigree=Pedigree(members))


def _missing(drawn: Drawn, person: str, yes: str) -> Drawn:
    if yes not in ("yes", "no"):
        raise Refusal([Fault("unknown-word", "somebody is missing or is not", "choose yes or no", value=yes[:64])])
    left = tuple(m for m in drawn.missing if m != person)
    return replace(drawn, missing=(*left, person) if yes == "yes" else left)


def _remove(drawn: Drawn, person: str) -> Drawn:
    pedigree = remove_individuals(drawn.pedigree, person)
    return Drawn(pedigree, tuple(m for m in drawn.missing if m in pedigree))


VERBS: Mapping[str, tuple[Callable[..., Drawn], int]] = {
    "parents": (_parents, 3),
    "sibling": (_sibling, 4),
    "child": (_child, 4),
    "under": (_under, 3),
    "twins": (_twins, 2),
    "sex": (_of_sex, 2),
    "missing": (_missing, 2),
    "remove": (_remove, 1),
}
"""Verb → what it does, and how many parts follow it."""
