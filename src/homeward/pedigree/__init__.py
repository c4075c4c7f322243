"""GROUND. `Pedigree`, the builders that compose it, and (later) its algebra.

Stands above `case`, which holds pedigrees. Pure values: no alleles, no files.
"""

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

__all__ = [
    "Member",
    "Pedigree",
    "Sex",
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
    "cousins",
    "descendants",
    "double_cousins",
    "full_sib_mating",
    "half_sib_stack",
    "half_sibs",
    "join",
    "leaves",
    "linear",
    "mates",
    "nuclear",
    "parents_of",
    "quad_half_first_cousins",
    "random_pedigree",
    "relabel",
    "remove_individuals",
    "set_founder_inbreeding",
    "set_twins",
    "siblings",
    "singleton",
    "swap_sex",
]
