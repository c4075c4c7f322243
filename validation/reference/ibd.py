"""What we claim of pedigree algebra: kinship, identity coefficients, two loci, three persons."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from homeward.pedigree import (
    Pedigree,
    condensed_identity,
    detailed_identity,
    inbreeding,
    kappa,
    kinship,
    kinship_matrix,
    multi_person_ibd,
    two_locus_kappa,
    two_locus_kinship,
)
from validation.corpus import pedigree
from validation.reference.registry import apart, claim, worst

__all__: list[str] = []

Json = Mapping[str, Any]
Nested = float | Sequence[Any] | None


@claim("07_ibd", "kinship")
def kinship_and_inbreeding(case: Json) -> float:
    """Absolute difference of the matrices, of the inbreeding coefficients, and of each pair's own."""
    family, expected = _family(case), case["expected"]
    here = [list(family.ids).index(p) for p in expected["order"]]
    found = []
    for field, x in (("kinship", False), ("kinship_X", True)):
        if expected.get(field) is not None:
            ours = kinship_matrix(family, x=x)
            found.append(_apart([[ours[i][j] for j in here] for i in here], expected[field]))
        pairs = [pair for pair in expected.get("pairs") or [] if pair.get(field) is not None]
        found += [apart(kinship(family, *pair["ids"], x=x), pair[field]) for pair in pairs]
    for field, x in (("inbreeding", False), ("inbreeding_X", True)):
        if expected.get(field) is not None:
            ours_of = inbreeding(family, x=x)
            found += [apart(ours_of[p], value) for p, value in expected[field].items() if value is not None]
    return worst(found)


@claim("07_ibd", "kappa")
def kappas(case: Json) -> float:
    """Absolute difference, autosomal and X."""
    family = _family(case)
    found = [
        _apart(kappa(family, *pair["ids"], x=x), pair[field])
        for pair in case["expected"]["pairs"]
        for field, x in (("kappa", False), ("kappa_X", True))
        if _given(pair.get(field))
    ]
    return worst(found)


@claim("07_ibd", "identity")
def identity(case: Json) -> float:
    """Absolute difference of the 9 and the 15 coefficients, and of the 9 on X."""
    family = _family(case)
    found = []
    for pair in case["expected"]["pairs"]:
        for field, coefficients, x in (
            ("condensed9", condensed_identity, False),
            ("detailed15", detailed_identity, False),
            ("condensed_X", condensed_identity, True),
            ("detailed_X", detailed_identity, True),
        ):
            if _given(pair.get(field)):
                found.append(_apart(coefficients(family, *pair["ids"], x=x), pair[field]))
    return worst(found)


@claim("07_ibd", "two_locus")
def two_locus(case: Json) -> float:
    """Absolute difference of kinship and of the 3 by 3 table, each recombination fraction."""
    family = _family(case)
    found = []
    for pair in case["expected"]["pairs"]:
        a, b = pair["ids"]
        for row in pair.get("two_locus") or []:
            if row.get("kinship") is not None:
                found.append(apart(two_locus_kinship(family, a, b, row["rho"]), row["kinship"]))
            if _given(row.get("ibd")):
                found.append(_apart(two_locus_kappa(family, a, b, row["rho"]), row["ibd"]))
    return worst(found)


@claim("07_ibd", "three_person")
def three_person(case: Json) -> float:
    """Absolute difference of each pattern's probability; one that only one side has is 0 on the other."""
    expected = case["expected"]["three_person_ibd"]
    ids = expected["ids"]
    theirs: dict[Any, float] = {}
    for row in expected["table"]:
        pattern = _first_in_order([row[p].split() for p in ids])
        theirs[pattern] = theirs.get(pattern, 0.0) + row["Prob"]
    ours: Mapping[Any, float] = multi_person_ibd(_family(case), ids)
    return worst([apart(ours.get(p, 0.0), theirs.get(p, 0.0)) for p in {*ours, *theirs}])


def _family(case: Json) -> Pedigree:
    """The members; who is father and mother of one child at once (selfing) is given an identical twin to have it with.

    Both are children of two unrelated founders, so that founder inbreeding of such a person could not be said.
    """
    members = [dict(m) for m in case["pedigree"]]
    doubled = {m["father"] for m in members if m["father"] is not None and m["father"] == m["mother"]}
    marks = {p: f"self {p}" for p in doubled}
    made: list[dict[str, Any]] = []
    for m in members:
        if m["father"] in doubled and m["father"] == m["mother"]:
            m["mother"] = _twin(m["mother"])
        if m["id"] in doubled:
            if m["father"] is None:
                m["father"], m["mother"] = f"{m['id']} father", f"{m['id']} mother"
                made += [{"id": m[role], "father": None, "mother": None, "sex": None} for role in ("father", "mother")]
            made.append(m | {"id": _twin(m["id"])})
            marks[_twin(m["id"])] = marks[m["id"]]
    return pedigree([m | {"twin": marks.get(m["id"])} for m in [*members, *made]], case.get("founder_inbreeding"))


def _twin(person: str) -> str:
    return f"{person} again"


def _first_in_order(genotypes: Sequence[Sequence[str]]) -> tuple[tuple[int, ...], ...]:
    """Alleles renumbered as they come, the smallest of the ways to write each genotype."""
    found = []
    for written in product(*({tuple(g), tuple(reversed(g))} for g in genotypes)):
        numbers: dict[str, int] = {}
        found.append(tuple(tuple(numbers.setdefault(a, len(numbers) + 1) for a in g) for g in written))
    return min(found)


def _given(value: Nested) -> bool:
    """Whether anything in it is a number."""
    return isinstance(value, int | float) or (value is not None and any(_given(v) for v in value))


def _apart(ours: Nested, theirs: Nested) -> float:
    """The largest difference of two arrays where the second has a number; of unlike shapes, infinity."""
    if not _given(theirs):
        return 0.0
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return apart(ours, theirs)
    if not isinstance(ours, Sequence) or not isinstance(theirs, Sequence) or len(ours) != len(theirs):
        return math.inf
    return worst([_apart(a, b) for a, b in zip(ours, theirs, strict=True)])
