"""Identity by descent between two or more members: coefficients and patterns, at one locus and at two.

On X a man counts as if he had his one allele twice, so that every coefficient keeps its place; those that need
two different alleles of his are 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

from homeward.pedigree.descent import Masks, Partition, descent, is_male
from homeward.pedigree.relatives import require_members
from homeward.pedigree.values import Pedigree

__all__ = [
    "IbdPattern",
    "condensed_identity",
    "detailed_identity",
    "kappa",
    "multi_person_ibd",
    "two_locus_kappa",
    "two_locus_kinship",
]

IbdPattern = tuple[tuple[int, ...], ...]
"""Per member his alleles, equal numbers being identical by descent; without regard to which came from the father."""

# Alleles: a's from his father and his mother, then b's. Equal digits are identical by descent.
_DETAILED = (
    *("1111", "1112", "1121", "1211", "1222"),
    *("1122", "1123", "1233", "1212", "1213"),
    *("1232", "1221", "1231", "1223", "1234"),
)
# Jacquard's Δ1 to Δ9, each the detailed states it gathers (counted from 0).
_CONDENSED = ((0,), (5,), (1, 2), (6,), (3, 4), (7,), (8, 11), (9, 10, 12, 13), (14,))

_A: Masks = (1, 2)
_B: Masks = (4, 8)


def detailed_identity(pedigree: Pedigree, a: str, b: str, *, x: bool = False) -> tuple[float, ...]:
    """Probabilities of the 15 detailed identity states of two members, shape (15,), summing to 1.

    Alleles in the order a's paternal, a's maternal, b's paternal, b's maternal; states, equal digits being identical
    by descent: 1111, 1112, 1121, 1211, 1222, 1122, 1123, 1233, 1212, 1213, 1232, 1221, 1231, 1223, 1234. On X a man's
    two digits are equal. Raises `Refusal`: ``unknown-person``, ``sex-unknown`` (X only).
    Jacquard 1974, The Genetic Structure of Populations.
    """
    place = {_partition(state): i for i, state in enumerate(_DETAILED)}
    found = [0.0] * len(_DETAILED)
    for partition, probability in _pair(pedigree, a, b, x).items():
        found[place[partition]] += probability
    return tuple(found)


def condensed_identity(pedigree: Pedigree, a: str, b: str, *, x: bool = False) -> tuple[float, ...]:
    """Probabilities of Jacquard's 9 condensed identity states Δ1 … Δ9 of two members, shape (9,), summing to 1.

    Δ1 all four alleles the same; Δ2 both autozygous, apart; Δ3 a autozygous, sharing with one of b's; Δ4 a autozygous
    alone; Δ5 and Δ6 likewise for b; Δ7, Δ8, Δ9 neither autozygous, sharing two, one, none. On X men count as
    autozygous. Raises `Refusal`: ``unknown-person``, ``sex-unknown`` (X only).
    Jacquard 1974, The Genetic Structure of Populations.
    """
    detailed = detailed_identity(pedigree, a, b, x=x)
    return tuple(sum(detailed[i] for i in states) for states in _CONDENSED)


def kappa(pedigree: Pedigree, a: str, b: str, *, x: bool = False) -> tuple[float, float, float] | None:
    """Probabilities that two members share 0, 1, 2 alleles by descent; None if one of them is inbred.

    On X the last is 0 as soon as one is a man, and only a woman can be inbred. Raises `Refusal`: ``unknown-person``,
    ``sex-unknown`` (X only). Cotterman 1940, A Calculus for Statistico-Genetics.
    """
    found = [0.0, 0.0, 0.0]
    single = _single(pedigree, (a, b), x)
    for partition, probability in _pair(pedigree, a, b, x).items():
        if _inbred(partition, single):
            return None
        found[_shared(partition)] += probability
    return found[0], found[1], found[2]


def multi_person_ibd(pedigree: Pedigree, persons: Sequence[str], *, x: bool = False) -> dict[IbdPattern, float]:
    """Probability of every pattern of identity by descent among any members, most probable first.

    Persons must differ; three have at most 203 patterns of six alleles, and the work grows steeply with their number.
    A pattern gives each person's alleles as numbers, ((1, 2), (1, 3), (2, 3)); on X a man has one. Which allele came
    from the father is left out: of patterns that differ in that alone, the first in order stands for all. Raises
    `Refusal`: ``unknown-person``, ``sex-unknown`` (X only). Thompson 1974, Genetics 77:565.
    """
    if len(set(persons)) < len(persons):
        raise ValueError(f"the persons {', '.join(persons)} must differ")
    own = {p: (1 << 2 * i, 2 << 2 * i) for i, p in enumerate(persons)}
    require_members(pedigree, persons)
    single = [x and is_male(pedigree, p) for p in persons]
    found: dict[IbdPattern, float] = {}
    for partition, probability in descent(pedigree, own, x=x).items():
        pattern = _unordered(partition, single)
        found[pattern] = found.get(pattern, 0.0) + probability
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def two_locus_kinship(pedigree: Pedigree, a: str, b: str, rho: float, *, x: bool = False) -> float:
    """Probability that a gamete drawn from each of two members is identical by descent at two loci at once.

    ``rho``: recombination fraction between the loci, 0 to 0.5, the same in both sexes; on X men do not recombine.
    Raises ValueError for another ``rho``, `Refusal`: ``unknown-person``, ``sex-unknown`` (X only),
    ``founder-inbreeding`` (an ancestor's coefficient is neither 0 nor 1).
    Thompson 1988, IMA J Math Appl Med Biol 5:261.
    """
    _require_rho(rho)
    gametes = ((a, 0b0101), (b, 0b1010))
    found = descent(pedigree, {}, gametes, x=x, loci=(0b0011, 0b1100), rho=rho)
    return sum(p for partition, p in found.items() if partition == (0b0011, 0b1100))


def two_locus_kappa(
    pedigree: Pedigree, a: str, b: str, rho: float, *, x: bool = False
) -> tuple[tuple[float, ...], ...] | None:
    """Probability that two members share i alleles by descent at one locus and j at another, shape (3, 3).

    None if one of them is inbred. ``rho`` and errors as for `two_locus_kinship`. Rows are the first locus, and their
    sums are `kappa`.
    """
    _require_rho(rho)
    if kappa(pedigree, a, b, x=x) is None:
        return None
    first, second = 0b00001111, 0b11110000
    own = _together({a: _twice(_A)}, {b: _twice(_B)})
    found = [[0.0] * 3 for _ in range(3)]
    for partition, probability in descent(pedigree, own, x=x, loci=(first, second), rho=rho).items():
        here = tuple(block for block in partition if block & first)
        there = tuple(block >> 4 for block in partition if block & second)
        found[_shared(here)][_shared(there)] += probability
    return tuple(tuple(row) for row in found)


def _pair(pedigree: Pedigree, a: str, b: str, x: bool) -> dict[Partition, float]:
    return descent(pedigree, _together({a: _A}, {b: _B}), x=x)


def _together(first: Mapping[str, Masks], second: Mapping[str, Masks]) -> dict[str, Masks]:
    """Alleles by member, those of one member asked for twice being one."""
    found = dict(first)
    for person, (pat, mat) in second.items():
        known = found.get(person, (0, 0))
        found[person] = (known[0] | pat, known[1] | mat)
    return found


def _twice(masks: Masks) -> Masks:
    """The same alleles at both loci."""
    return masks[0] | masks[0] << 4, masks[1] | masks[1] << 4


def _partition(state: str) -> Partition:
    return tuple(sorted(sum(1 << i for i, digit in enumerate(state) if digit == d) for d in set(state)))


def _single(pedigree: Pedigree, pair: tuple[str, str], x: bool) -> tuple[bool, bool]:
    """Which of two members have one allele only."""
    require_members(pedigree, pair)
    return x and is_male(pedigree, pair[0]), x and is_male(pedigree, pair[1])


def _inbred(partition: Partition, single: tuple[bool, bool]) -> bool:
    """Whether somebody has two alleles, and they are the same."""
    own = [sum(masks) for masks, alone in zip((_A, _B), single, strict=True) if not alone]
    return any(block & both == both for block in partition for both in own)


def _shared(partition: Partition) -> int:
    """How many alleles two outbred members share."""
    return sum(1 for block in partition if block & sum(_A) and block & sum(_B))


def _unordered(partition: Partition, single: Sequence[bool]) -> IbdPattern:
    """The first in order of the patterns that differ only in which allele of a person is named first."""
    block_of = {bit: i for i, block in enumerate(partition) for bit in range(block.bit_length()) if block >> bit & 1}
    people = [
        {(block_of[2 * i],)}
        if alone
        else {(block_of[2 * i], block_of[2 * i + 1]), (block_of[2 * i + 1], block_of[2 * i])}
        for i, alone in enumerate(single)
    ]
    return min(_numbered(choice) for choice in product(*people))


def _numbered(blocks: Sequence[tuple[int, ...]]) -> IbdPattern:
    numbers: dict[int, int] = {}
    return tuple(tuple(numbers.setdefault(block, len(numbers) + 1) for block in own) for own in blocks)


def _require_rho(rho: float) -> None:
    if not 0.0 <= rho <= 0.5:
        raise ValueError(f"recombination fraction {rho} is outside 0 to 0.5")
