"""GROUND. `Pedigree`, the builders that compose it, and its algebra: kinship, identity by descent, relationships.

Stands above `case`, which holds pedigrees. Pure values: no alleles, no files. The algebra is loaded when first
touched: whoever reads a case needs none of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from homeward.pedigree.build import (
    ancestral,
    avuncular,
    cousins,
    double_cousins,
    full_sib_mating,
    half_sib_stack,
    half_sibs,
    linear,
    nuclear,
    quad_half_first_cousins,
    random_pedigree,
    singleton,
)
from homeward.pedigree.edit import (
    add_child,
    add_children,
    add_daughter,
    add_parents,
    add_sibling,
    add_son,
    branch,
    join,
    leaves,
    relabel,
    remove_individuals,
    set_founder_inbreeding,
    set_twins,
    swap_sex,
)
from homeward.pedigree.relatives import ancestors, descendants, mates, parents_of, siblings
from homeward.pedigree.values import Member, Pedigree, Sex

if TYPE_CHECKING:
    from homeward.pedigree.coefficients import inbreeding, kinship, kinship_matrix
    from homeward.pedigree.identity import (
        IbdPattern,
        condensed_identity,
        detailed_identity,
        kappa,
        multi_person_ibd,
        two_locus_kappa,
        two_locus_kinship,
    )
    from homeward.pedigree.ties import Relationship, RelationshipCode, Tie, TieCode, relationship

_HOMES = {
    "identity": (
        "IbdPattern",
        "condensed_identity",
        "detailed_identity",
        "kappa",
        "multi_person_ibd",
        "two_locus_kappa",
        "two_locus_kinship",
    ),
    "coefficients": ("inbreeding", "kinship", "kinship_matrix"),
    "ties": ("Relationship", "RelationshipCode", "Tie", "TieCode", "relationship"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "IbdPattern",
    "Member",
    "Pedigree",
    "Relationship",
    "RelationshipCode",
    "Sex",
    "Tie",
    "TieCode",
    "add_child",
    "add_children",
    "add_daughter",
    "add_parents",
    "add_sibling",
    "add_son",
    "ancestors",
    "ancestral",
    "avuncular",
    "branch",
    "condensed_identity",
    "cousins",
    "descendants",
    "detailed_identity",
    "double_cousins",
    "full_sib_mating",
    "half_sib_stack",
    "half_sibs",
    "inbreeding",
    "join",
    "kappa",
    "kinship",
    "kinship_matrix",
    "leaves",
    "linear",
    "mates",
    "multi_person_ibd",
    "nuclear",
    "parents_of",
    "quad_half_first_cousins",
    "random_pedigree",
    "relabel",
    "relationship",
    "remove_individuals",
    "set_founder_inbreeding",
    "set_twins",
    "siblings",
    "singleton",
    "swap_sex",
    "two_locus_kappa",
    "two_locus_kinship",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'homeward.pedigree' has no attribute {name!r}")
    return getattr(import_module(f"homeward.pedigree.{_HOME_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
