"""Pedigrees made from nothing; `edit` composes them further.

Persons are numbered ``1``, ``2``, … generation by generation. The words are those of the R package
pedtools where it has one (Vigeland 2021, *Pedigree Analysis in R*).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from homeward.pedigree.edit import add_children, join, relabel
from homeward.pedigree.values import Member, Pedigree, Sex

__all__ = [
    "ancestral",
    "avuncular",
    "cousins",
    "double_cousins",
    "full_sib_mating",
    "half_sib_stack",
    "half_sibs",
    "linear",
    "nuclear",
    "quad_half_first_cousins",
    "random_pedigree",
    "singleton",
]


def singleton(id: str = "1", sex: Sex = "male", *, founder_inbreeding: float = 0.0) -> Pedigree:
    """One person alone."""
    return Pedigree([Member(id, sex=sex, founder_inbreeding=founder_inbreeding)])


def nuclear(
    children: int | Sequence[str] = 1, sex: Sex | Sequence[Sex] = "male", *, father: str = "1", mother: str = "2"
) -> Pedigree:
    """Father, mother and their children: a number of them, or their ids; ``sex`` is repeated as needed."""
    couple = Pedigree([Member(father, sex="male"), Member(mother, sex="female")])
    return add_children(couple, father, mother, children, sex)


def half_sibs(
    first: int = 1,
    second: int = 1,
    *,
    sex_first: Sex | Sequence[Sex] = "male",
    sex_second: Sex | Sequence[Sex] = "male",
    shared: Sex = "male",
) -> Pedigree:
    """Two sibships that share the father (``shared`` male) or the mother (female).

    ``1`` is the shared parent, ``2`` and ``3`` the others.
    """
    other: Sex = "female" if shared == "male" else "male"
    start = Pedigree([Member("1", sex=shared), Member("2", sex=other), Member("3", sex=other)])
    couples = [("1", "2"), ("1", "3")] if shared == "male" else [("2", "1"), ("3", "1")]
    return add_children(add_children(start, *couples[0], first, sex_first), *couples[1], second, sex_second)


def linear(generations: int, sex: Sex | Sequence[Sex] = "male") -> Pedigree:
    """A straight line of descent of so many generations below ``1``; ``sex`` is that of each in the line."""
    rows: list[list[Member]] = []
    sexes = _cycle(sex, generations + 1)
    _descend(rows, [Member("0", sex=sexes[0])], sexes[1:])
    return _numbered(rows)


def ancestral(generations: int, sex: Sex = "male") -> Pedigree:
    """All ancestors of one person, so many generations back; he comes last."""
    rows: list[list[Member]] = [[Member("0.0", sex=sex)]]
    for g in range(1, generations + 1):
        below = rows[0]
        rows[0] = [replace(m, father=f"{g}.{2 * i}", mother=f"{g}.{2 * i + 1}") for i, m in enumerate(below)]
        rows.insert(0, [Member(f"{g}.{i}", sex="female" if i % 2 else "male") for i in range(2 * len(below))])
    return _numbered(rows)


def cousins(
    degree: int = 1, removal: int = 0, *, half: bool = False, sex: tuple[Sex, Sex] = ("male", "male")
) -> Pedigree:
    """Two cousins of a degree, the second so many times removed; ``degree`` 0 = siblings.

    ``half``: the lines start from half siblings. The cousins, of these sexes, are `leaves` of the
    pedigree; the lines between go through men.
    """
    if degree < 0 or removal < 0:
        raise ValueError(f"degree {degree} and removal {removal} must not be negative")
    founders = [Member("f", sex="male"), Member("m", sex="female")] + ([Member("n", sex="female")] if half else [])
    rows: list[list[Member]] = [founders]
    for line, depth in (("a", degree + 1), ("b", degree + 1 + removal)):
        mother = "n" if half and line == "b" else "m"
        father = "f"
        for g in range(1, depth + 1):
            if len(rows) <= g:
                rows.append([])
            last = g == depth
            rows[g].append(Member(f"{line}{g}", father, mother, sex[line == "b"] if last else "male"))
            if not last:
                rows[g].append(Member(f"{line}{g}w", sex="female"))
            father, mother = f"{line}{g}", f"{line}{g}w"
    return _numbered(rows)


def avuncular(removal: int = 1, *, half: bool = False, sex: tuple[Sex, Sex] = ("male", "male")) -> Pedigree:
    """Uncle or aunt, and nephew or niece; ``removal`` 2 = great-nephew, and so on."""
    return cousins(0, removal, half=half, sex=sex)


def double_cousins(
    degree1: int = 1,
    degree2: int = 1,
    *,
    removal1: int = 0,
    removal2: int = 0,
    half1: bool = False,
    half2: bool = False,
    sex: tuple[Sex, Sex] = ("male", "male"),
) -> Pedigree:
    """Two persons who are cousins through their fathers (first figures) and their mothers (second)."""
    if degree1 < 1 or degree2 < 1:
        raise ValueError("cousins through both parents need degrees of at least 1")
    fathers = cousins(degree1 - 1, removal1, half=half1)
    mothers = cousins(degree2 - 1, removal2, half=half2, sex=("female", "female"))
    mothers = relabel(mothers, {p: str(int(p) + len(fathers)) for p in mothers.ids})
    # the last two of `cousins` are not always the cousins: a removed one stands a generation lower
    (fa, fb), (ma, mb) = (_pair(x) for x in (fathers, mothers))
    both = join(fathers, mothers)
    return add_children(add_children(both, fa, ma, 1, sex[0]), fb, mb, 1, sex[1])


def quad_half_first_cousins(sex: tuple[Sex, Sex] = ("male", "female")) -> Pedigree:
    """Two persons each of whose parents is a half sibling of both parents of the other."""
    couples = (("1", "2"), ("3", "4"), ("1", "4"), ("3", "2"))
    start = [Member(str(i), sex="male" if i % 2 else "female") for i in range(1, 5)]
    middle = [Member(str(5 + i), f, m, "female" if i % 2 else "male") for i, (f, m) in enumerate(couples)]
    return Pedigree([*start, *middle, Member("9", "5", "6", sex[0]), Member("10", "7", "8", sex[1])])


def full_sib_mating(generations: int) -> Pedigree:
    """A line of brother–sister matings; ``generations`` 1 = one such mating, two children each time."""
    pedigree = nuclear(2, ("male", "female"))
    for g in range(generations):
        pedigree = add_children(pedigree, str(2 * g + 3), str(2 * g + 4), 2, ("male", "female"))
    return pedigree


def half_sib_stack(generations: int) -> Pedigree:
    """A line of matings between paternal half siblings: each time a brother has one child with his half
    sister and one with an unrelated woman, and these two mate next."""
    pedigree = half_sibs(sex_second="female")
    brother, sister = "4", "5"
    for _ in range(generations - 1):
        n = len(pedigree)
        pedigree = add_children(pedigree, brother, sister, [str(n + 2)])
        pedigree = Pedigree([*pedigree, Member(str(n + 1), sex="female")])
        pedigree = add_children(pedigree, brother, str(n + 1), [str(n + 3)], "female")
        brother, sister = str(n + 2), str(n + 3)
    return pedigree


def random_pedigree(seed: int, people: int = 10, founders: int = 4) -> Pedigree:
    """Founders of both sexes and children of random couples; loops and several mates occur.

    Ids are in birth order, so parents stand before children. Not always connected.
    """
    if founders < 2 or people < founders:
        raise ValueError(f"{people} people with {founders} founders: at least 2 founders, no more than people")
    chance = Random(seed)
    sexes: list[Sex] = ["male", "female"]
    members = [Member(str(i + 1), sex=sexes[i] if i < 2 else chance.choice(sexes)) for i in range(founders)]
    while len(members) < people:
        father = chance.choice([m.id for m in members if m.sex == "male"])
        mother = chance.choice([m.id for m in members if m.sex == "female"])
        members.append(Member(str(len(members) + 1), father, mother, chance.choice(sexes)))
    return Pedigree(members)


def _cycle(sex: Sex | Sequence[Sex], count: int) -> list[Sex]:
    sexes: Sequence[Sex] = (sex,) if isinstance(sex, str) else sex
    return [sexes[i % len(sexes)] for i in range(count)]


def _descend(rows: list[list[Member]], start: list[Member], sexes: list[Sex]) -> None:
    """Fill rows with a line of descent, each person with a founder mate."""
    rows.append(start)
    for g, sex in enumerate(sexes, 1):
        person = rows[-1][0]
        mate = Member(f"{person.id}w", sex="male" if person.sex == "female" else "female")
        rows[-1].append(mate)
        father, mother = (mate.id, person.id) if person.sex == "female" else (person.id, mate.id)
        rows.append([Member(str(g), father, mother, sex)])


def _numbered(rows: list[list[Member]]) -> Pedigree:
    """The rows in order, ids replaced by 1, 2, …"""
    flat = Pedigree(m for row in rows for m in row)
    return relabel(flat, {m: str(i) for i, m in enumerate(flat.ids, 1)})


def _pair(pedigree: Pedigree) -> tuple[str, str]:
    """The two childless members, in order of id."""
    a, b = (p for p in pedigree.ids if not pedigree.children[p])
    return a, b
