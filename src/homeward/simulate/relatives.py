"""Families of a missing man and his typed relatives, by the relationship; a kinsman of his may be missing too."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import cast

from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["KIN", "MISSING", "NOBODY", "RELATIVES", "SECOND_MISSING", "family_of", "typed_of"]

MISSING = "M"
"""The missing person's id in every simulated family; the typed relative is called by the relationship."""

SECOND_MISSING = "K"
"""The id of the missing man's kinsman who is missing too."""

NOBODY = "nobody"
"""The kind of a family of which nobody is typed."""

_PARENTS = "father - - male; mother - - female; M father mother male"
_ROWS = {
    NOBODY: _PARENTS,
    "father": "mother - - female; M father mother male; father - - male",
    "child": "M - - male; wife - - female; child M wife *",
    "brother": f"{_PARENTS}; brother father mother male",
    "sister": f"{_PARENTS}; sister father mother female",
    "grandson": "M - - male; wife - - female; son M wife male; sons-wife - - female; grandson son sons-wife male",
    "grandchild": "M - - male; wife - - female; daughter M wife female; son-in-law - - male;"
    " grandchild son-in-law daughter *",
    "brothers-son": f"{_PARENTS}; brother father mother male; brothers-wife - - female;"
    " brothers-son brother brothers-wife male",
    "sisters-child": f"{_PARENTS}; sister father mother female; sisters-husband - - male;"
    " sisters-child sisters-husband sister *",
    "brothers-grandson": f"{_PARENTS}; brother father mother male; brothers-wife - - female;"
    " nephew brother brothers-wife male; nephews-wife - - female; brothers-grandson nephew nephews-wife male",
}

RELATIVES = MappingProxyType(_ROWS)
"""Relationship of the typed relative to the missing man → the family's members, `id father mother sex`.

Sex ``*`` is drawn. The relative's id is the relationship's name; of `NOBODY` nobody is typed.
"""

_SECOND_ROWS = {
    "father": "",
    "child": "child-2 M wife *",
    "brother": "brother-2 father mother male",
    "sister": "sister-2 father mother female",
    "grandson": "son-2 M wife male; sons-wife-2 - - female; grandson-2 son-2 sons-wife-2 male",
    "grandchild": "daughter-2 M wife female; son-in-law-2 - - male; grandchild-2 son-in-law-2 daughter-2 *",
    "brothers-son": "brothers-son-2 brother brothers-wife male",
    "sisters-child": "sisters-child-2 sisters-husband sister *",
    "brothers-grandson": "brothers-grandson-2 nephew nephews-wife male",
}
"""What a second typed relative adds: of a father the mother, of grandchildren one by another child, else a sibling."""

_KIN_ROWS = {
    "brother": "K father mother male",
    "cousin": "grandfather - - male; grandmother - - female; uncle grandfather grandmother male;"
    " uncles-wife - - female; K uncle uncles-wife male",
    "son": "K M wife male",
}

KIN = tuple(_KIN_ROWS)
"""What a second missing man can be to the first: a brother, the son of the father's brother, a son."""


def family_of(relative: str, sex: Sex, *, two: bool = False, kin: str = "") -> Pedigree:
    """The family of a missing man ``M`` whose typed relative stands in ``relative``.

    ``sex``: of relatives whose relationship leaves it open; ``two``: with a second relative to be typed
    (`typed_of`); ``kin``: what a second missing man ``K`` is to ``M``, one of `KIN`. Raises KeyError for what is not
    in `RELATIVES` or `KIN`, and for a second relative of `NOBODY`.
    """
    members = _rows(RELATIVES[relative], sex)
    if two:
        members |= _rows(_SECOND_ROWS[relative], sex)
    if kin:
        added = _rows(_KIN_ROWS[kin], sex)
        if kin == "son":
            members.setdefault("wife", Member("wife", sex="female"))
        else:
            members |= {p: m for p, m in _rows(_PARENTS, sex).items() if p not in members or p == MISSING}
        if kin == "cousin":
            members["father"] = replace(members["father"], father="grandfather", mother="grandmother")
        members |= added
    return Pedigree(members.values())


def typed_of(relative: str, *, two: bool = False) -> tuple[str, ...]:
    """The members of `family_of` who are typed."""
    if relative == NOBODY:
        return ()
    second = "mother" if relative == "father" else f"{relative}-2"
    return (relative, second) if two else (relative,)


def _rows(text: str, sex: Sex) -> dict[str, Member]:
    members = {}
    for row in text.split(";") if text else ():
        person, father, mother, own = row.split()
        founder = father == "-"
        own_sex = sex if own == "*" else cast(Sex, own)
        members[person] = Member(person, None if founder else father, None if founder else mother, own_sex)
    return members
