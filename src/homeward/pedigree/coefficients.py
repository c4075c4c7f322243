"""Kinship and inbreeding coefficients."""

from __future__ import annotations

from collections.abc import Iterable

from homeward.pedigree.descent import is_male, representatives
from homeward.pedigree.relatives import ancestors, parents_of, require_members
from homeward.pedigree.values import Pedigree

__all__ = ["inbreeding", "kinship", "kinship_matrix"]


def kinship(pedigree: Pedigree, a: str, b: str, *, x: bool = False) -> float:
    """Probability that an allele drawn from each of two members is the same by descent.

    ``x``: of X markers; a man has one allele there, so his kinship with himself is 1. Raises `Refusal`:
    ``unknown-person``, ``sex-unknown`` (X only). Malécot 1948, Les mathématiques de l'hérédité.
    """
    require_members(pedigree, (a, b))
    found = _coefficients(pedigree, ancestors(pedigree, (a, b), inclusive=True), x)
    same = representatives(pedigree)
    return found[same[a]][same[b]]


def kinship_matrix(pedigree: Pedigree, *, x: bool = False) -> tuple[tuple[float, ...], ...]:
    """`kinship` of every two members, rows and columns in the order of ``pedigree.ids``."""
    found, same = _coefficients(pedigree, pedigree.ids, x), representatives(pedigree)
    return tuple(tuple(found[same[a]][same[b]] for b in pedigree.ids) for a in pedigree.ids)


def inbreeding(pedigree: Pedigree, *, x: bool = False) -> dict[str, float]:
    """Each member's probability that his two alleles are the same by descent; on X it is 1 for men.

    Raises `Refusal` (``sex-unknown``) on X. Wright 1922, Am Nat 56:330.
    """
    found, same = _coefficients(pedigree, pedigree.ids, x), representatives(pedigree)
    return {p: 2.0 * found[same[p]][same[p]] - 1.0 for p in pedigree.ids}


def _coefficients(pedigree: Pedigree, persons: Iterable[str], x: bool) -> dict[str, dict[str, float]]:
    """Kinship of every two of these members, all their ancestors among them; identical twins are one."""
    wanted, same = set(persons), representatives(pedigree)
    found: dict[str, dict[str, float]] = {}
    for person in pedigree.topological:
        me = same[person]
        if person not in wanted or me in found:
            continue
        single = x and is_male(pedigree, me)
        parents = [same[p] for p in parents_of(pedigree, me)]
        sources = parents[1:] if single else parents
        row = {p: sum(found[q][p] for q in sources) / max(len(sources), 1) for p in found}
        for p, value in row.items():
            found[p][me] = value
        if single:
            own = 1.0
        elif parents:
            own = 0.5 + 0.5 * found[parents[0]][parents[1]]
        else:
            founder = pedigree[me]
            own = 0.5 + 0.5 * (founder.founder_inbreeding_x if x else founder.founder_inbreeding)
        found[me] = {**row, me: own}
    return found
