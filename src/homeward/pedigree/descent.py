"""Where the alleles of some members come from: the distribution of their identity by descent.

Lines of descent are followed backwards. A state says which alleles have been found to be copies of one (a block) and
from whom each block was drawn; members are met children first, and each block drawn from a member chooses one of his
two alleles with probability 1/2. Blocks that choose the same allele become one. At founders the blocks stay apart,
but for founder inbreeding. States equal in what is still to come are one state, so the work grows with the number of
lines, not of meioses. Two loci are followed together: a block then holds alleles of both, and chooses as a gamete does.

Recursions of this kind: Karigl 1981, Ann Hum Genet 45:299 (one locus); Thompson 1988, IMA J Math Appl Med Biol 5:261
(two loci). X markers: Lange 2002, Mathematical and Statistical Methods for Genetic Analysis, §5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homeward.faults import Fault, Refusal
from homeward.pedigree.relatives import ancestors, require_members
from homeward.pedigree.values import Member, Pedigree

__all__ = ["Masks", "Partition", "descent", "is_male", "representatives"]

Masks = tuple[int, int]
"""A member's own alleles as bits: the one from the father, the one from the mother."""
Partition = tuple[int, ...]
"""Alleles as bits; each entry is one block of alleles identical by descent, in increasing order."""

_State = tuple[int, ...]  # blocks, each `rank << width | mask`; rank 0: a founder's allele, no further to go


@dataclass(frozen=True)
class _Step:
    """A member as the recursion meets him; ranks count from 1, parents below their children."""

    rank: int
    father: int
    mother: int
    single: bool
    inbreeding: float
    own: Masks

    @property
    def founder(self) -> bool:
        return self.father == 0


def descent(
    pedigree: Pedigree,
    own: Mapping[str, Masks],
    gametes: Iterable[tuple[str, int]] = (),
    *,
    x: bool = False,
    loci: tuple[int, ...] = (),
    rho: float = 0.0,
) -> dict[Partition, float]:
    """Probability of every way in which alleles are identical by descent.

    ``own``: member → bits of his paternal and maternal allele; ``gametes``: (member, bits) of gametes drawn from him.
    No bit twice. ``loci``: for two loci, the bits of each; ``rho`` is then the recombination fraction between them,
    the same in both sexes, 0 to 0.5 (males' X chromosomes do not recombine). On X a male has one allele: both his
    bits stand for it.

    Raises `Refusal`: ``unknown-person``, ``sex-unknown`` (X only), ``founder-inbreeding`` (two loci: a coefficient
    between 0 and 1 does not say how often both loci are autozygous together).
    """
    drawn = tuple(gametes)
    require_members(pedigree, [*own, *(person for person, _ in drawn)])
    steps, rank_of = _steps(pedigree, own, [person for person, _ in drawn], x)
    width = max([m.bit_length() for pair in own.values() for m in pair] + [m.bit_length() for _, m in drawn], default=0)
    if len(loci) > 1:
        _refuse_partial_inbreeding(pedigree, steps, rank_of)
    start = tuple(sorted(rank_of[person] << width | mask for person, mask in drawn))
    states: dict[_State, float] = {start: 1.0}
    for step in steps:
        states = _advance(states, step, width, loci, rho)
    return states


def representatives(pedigree: Pedigree) -> dict[str, str]:
    """Each member's genome by one id: identical twins share that of the first of them."""
    same = {p: p for p in pedigree.ids}
    for group in pedigree.twins:
        same |= dict.fromkeys(group, group[0])
    return same


def is_male(pedigree: Pedigree, person: str) -> bool:
    """Whether a member has one X chromosome; a parent of unknown sex has the sex of his part.

    Raises `Refusal` (``sex-unknown``) where nothing tells.
    """
    sex = pedigree[person].sex
    if sex != "unknown":
        return sex == "male"
    if not pedigree.children[person]:
        message = f"the sex of {person} is not known, so how many X chromosomes he or she has is not either"
        raise Refusal([Fault("sex-unknown", message, "state the sex, or leave X markers out", value=person)])
    return pedigree[pedigree.children[person][0]].father == person


def _steps(
    pedigree: Pedigree, own: Mapping[str, Masks], drawn: list[str], x: bool
) -> tuple[list[_Step], dict[str, int]]:
    """All whose alleles may be met, children first, and everybody's rank; twins are one."""
    same = representatives(pedigree)
    wanted = {same[p] for p in ancestors(pedigree, [*own, *drawn], inclusive=True)}
    rank: dict[str, int] = {}
    for person in pedigree.topological:
        if same[person] in wanted and same[person] not in rank:
            rank[same[person]] = len(rank) + 1
    ranks = {p: rank[same[p]] for p in pedigree.ids if same[p] in rank}
    bits = dict.fromkeys(rank, (0, 0))
    for person, (pat, mat) in own.items():
        known = bits[same[person]]
        bits[same[person]] = (known[0] | pat, known[1] | mat)
    steps = [_step(pedigree[p], ranks, bits[p], x, x and is_male(pedigree, p)) for p in rank]
    return steps[::-1], ranks


def _step(m: Member, ranks: Mapping[str, int], own: Masks, x: bool, single: bool) -> _Step:
    father, mother = (0 if p is None else ranks[p] for p in (m.father, m.mother))
    inbreeding = m.founder_inbreeding_x if x else m.founder_inbreeding
    return _Step(ranks[m.id], father, mother, single, 1.0 if single else inbreeding, own)


def _advance(
    states: Mapping[_State, float], step: _Step, width: int, loci: tuple[int, ...], rho: float
) -> dict[_State, float]:
    """The states after one member has passed on what was drawn from him."""
    found: dict[_State, float] = {}
    outcomes: dict[_State, list[tuple[_State, float]]] = {}
    first = step.rank << width
    for state, probability in states.items():
        # ranks fall as members are met, so this member's blocks are the last ones
        split = len(state)
        while split and state[split - 1] >= first:
            split -= 1
        here, rest = state[split:], state[:split]
        if here not in outcomes:
            outcomes[here] = _outcomes([code - first for code in here], step, width, loci, rho)
        for added, chance in outcomes[here]:
            new = tuple(sorted(rest + added)) if added else rest
            found[new] = found.get(new, 0.0) + probability * chance
    return found


def _outcomes(
    masks: list[int], step: _Step, width: int, loci: tuple[int, ...], rho: float
) -> list[tuple[_State, float]]:
    """What blocks drawn from one member, and his own alleles, become one generation up."""
    pairs: dict[Masks, float] = {step.own: 1.0}
    for mask in masks:
        choices = _choices(mask, loci, rho)
        grown: dict[Masks, float] = {}
        for (pat, mat), probability in pairs.items():
            for to_pat, to_mat, chance in choices:
                key = (pat | to_pat, mat | to_mat)
                grown[key] = grown.get(key, 0.0) + probability * chance
        pairs = grown
    found: dict[_State, float] = {}
    for (pat, mat), probability in pairs.items():
        for added, chance in _upwards(pat, mat, step, width, loci):
            found[added] = found.get(added, 0.0) + probability * chance
    return list(found.items())


def _choices(mask: int, loci: tuple[int, ...], rho: float) -> list[tuple[int, int, float]]:
    """What of a gamete is the paternal allele and what the maternal, with probabilities."""
    first, second = (mask & loci[0], mask & loci[1]) if loci else (mask, 0)
    if not first or not second:
        return [(mask, 0, 0.5), (0, mask, 0.5)]
    same, other = (1.0 - rho) / 2, rho / 2
    found = [(mask, 0, same), (0, mask, same), (first, second, other), (second, first, other)]
    return [choice for choice in found if choice[2] > 0.0]


def _upwards(pat: int, mat: int, step: _Step, width: int, loci: tuple[int, ...]) -> list[tuple[_State, float]]:
    """The blocks of a member's two alleles, handed to his parents or, for a founder, left where they are."""
    if step.single and not step.founder:
        return [(_blocks(step.mother << width, pat | mat), 1.0)]
    if not step.founder:
        return [(_blocks(step.father << width, pat) + _blocks(step.mother << width, mat), 1.0)]
    f = step.inbreeding if pat and mat else 0.0
    ends = [((pat, mat), 1.0 - f), ((pat | mat, 0), f)]
    return [(_ended(alleles, loci), chance) for alleles, chance in ends if chance > 0.0]


def _blocks(place: int, mask: int) -> _State:
    return (place | mask,) if mask else ()


def _ended(alleles: Masks, loci: tuple[int, ...]) -> _State:
    """Founders' alleles, each locus by itself: what matters no longer is which of them lay on one chromosome."""
    parts = [mask & locus for mask in alleles for locus in loci] if loci else list(alleles)
    return tuple(mask for mask in parts if mask)


def _refuse_partial_inbreeding(pedigree: Pedigree, steps: list[_Step], rank_of: Mapping[str, int]) -> None:
    partial = {s.rank for s in steps if s.founder and 0.0 < s.inbreeding < 1.0}
    faults = [
        Fault(
            "founder-inbreeding",
            f"{p} is an inbred founder; how often two loci of his are autozygous together is not known",
            "draw his parents' relationship into the pedigree, or set his coefficient to 0 or 1",
            value=p,
        )
        for p in pedigree.ids
        if rank_of.get(p) in partial
    ]
    if faults:
        raise Refusal(faults)
