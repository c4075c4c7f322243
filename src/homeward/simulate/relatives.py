"""Families of one missing man and one typed relative, by the relationship."""

from __future__ import annotations

from types import MappingProxyType
from typing import cast

from homeward.pedigree import Member, Pedigree, Sex

__all__ = ["MISSING", "RELATIVES", "family_of"]

MISSING = "M"
"""The missing person's id in every simulated family; the typed relative is called by the relationship."""

_PARENTS = "father - - male; mother - - female; M father mother male"
_ROWS = {
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

Sex ``*`` is drawn. The relative's id is the relationship's name.
"""


def family_of(relative: str, sex: Sex) -> Pedigree:
    """The family of a missing man ``M`` whose typed relative stands in ``relative``; ``sex``: of a relative whose
    relationship leaves it open. Raises KeyError for a relationship that is not in `RELATIVES`.
    """
    members = []
    for row in RELATIVES[relative].split(";"):
        person, father, mother, own = row.split()
        founder = father == "-"
        own_sex = sex if own == "*" else cast(Sex, own)
        members.append(Member(person, None if founder else father, None if founder else mother, own_sex))
    return Pedigree(members)
