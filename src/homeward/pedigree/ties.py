"""How two members are related, as data: every line through a common ancestor, classified. Faces make the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from homeward.pedigree.relatives import ancestors, mates, parents_of, require_members
from homeward.pedigree.values import Pedigree

__all__ = ["Relationship", "RelationshipCode", "Tie", "TieCode", "relationship"]

TieCode = Literal["lineal", "siblings", "half-siblings", "avuncular", "cousins"]
RelationshipCode = Literal["self", "twins", "double-cousins", "spouses", "unrelated"] | TieCode

_Chain = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """One connection of two persons, a and b, through their nearest ancestors in common on these lines.

    ``ancestors``: one person, or a couple both of whom the lines come from. ``line_a``: a, his parent on the line, and
    so on up to the child of the ancestors; empty if a is the ancestor. ``line_b`` likewise. ``twins``: the two lines
    start from identical twins, so that genetically the twins are the common ancestor.
    """

    ancestors: tuple[str, ...]
    line_a: tuple[str, ...]
    line_b: tuple[str, ...]
    twins: bool = False

    @property
    def code(self) -> TieCode:
        nearer, farther = self._generations
        if nearer == 0:
            return "lineal"
        if farther == 1:
            return "half-siblings" if self.half else "siblings"
        return "avuncular" if nearer == 1 else "cousins"

    @property
    def degree(self) -> int:
        """Lineal, avuncular: generations between (parent, uncle 1; great-uncle 2). First cousins 1, siblings 0."""
        nearer, farther = self._generations
        return {0: farther, 1: farther - 1}.get(nearer, nearer - 1)

    @property
    def removal(self) -> int:
        """Generations by which cousins differ; 0 for all others."""
        nearer, farther = self._generations
        return farther - nearer if nearer > 1 else 0

    @property
    def half(self) -> bool:
        """Whether the lines come from one person and not from a couple; a line of descent is never half."""
        return len(self.ancestors) == 1 and self._generations[0] > 0

    @property
    def older(self) -> Literal["a", "b"] | None:
        """Who stands nearer the ancestors; None where the generations are equal."""
        if len(self.line_a) == len(self.line_b):
            return None
        return "a" if len(self.line_a) < len(self.line_b) else "b"

    @property
    def _generations(self) -> tuple[int, int]:
        lengths = len(self.line_a), len(self.line_b)
        return min(lengths), max(lengths)


@dataclass(frozen=True, slots=True)
class Relationship:
    """How two members are related: ``code`` says the nearest tie, ``ties`` are all of them, nearest first.

    ``mates``: they have a child together, whatever else they are to each other. Double cousins: the two nearest ties
    are cousins of one degree and removal, through different parents of both.
    """

    a: str
    b: str
    code: RelationshipCode
    ties: tuple[Tie, ...] = ()
    mates: bool = False


def relationship(pedigree: Pedigree, a: str, b: str) -> Relationship:
    """How b is related to a, through every common ancestor.

    The lines of a tie share nobody but the ancestors; in pedigrees of many generations of inbreeding their number grows
    exponentially. Raises `Refusal` (``unknown-person``). Lines and ancestors as in Wright 1922, Am Nat 56:330.
    """
    require_members(pedigree, (a, b))
    if a == b:
        return Relationship(a, b, "self")
    ties = tuple(sorted(_ties(pedigree, a, b), key=lambda tie: _nearness(pedigree, tie)))
    together = b in mates(pedigree, a)
    return Relationship(a, b, _code(ties, together), ties, together)


def _code(ties: tuple[Tie, ...], together: bool) -> RelationshipCode:
    if not ties:
        return "spouses" if together else "unrelated"
    first = ties[0]
    if first.code == "siblings" and first.twins:
        return "twins"
    if first.code == "cousins" and len(ties) > 1:
        alike = [t for t in ties if _kind(t) == _kind(first)]
        if len(alike) == 2 and all(
            one != other for one, other in zip(_parents(alike[0]), _parents(alike[1]), strict=True)
        ):
            return "double-cousins"
    return first.code


def _kind(tie: Tie) -> tuple[TieCode, int, int, bool]:
    return tie.code, tie.degree, tie.removal, tie.half


def _parents(tie: Tie) -> tuple[str, str]:
    """The parents of two cousins through whom they are."""
    return tie.line_a[1], tie.line_b[1]


def _ties(pedigree: Pedigree, a: str, b: str) -> Iterator[Tie]:
    shared = set(ancestors(pedigree, a, inclusive=True)) & set(ancestors(pedigree, b, inclusive=True))
    from_b: dict[str, list[_Chain]] = {}
    for top, line in _lines(pedigree, b, shared):
        from_b.setdefault(top, []).append(line)
    tops: dict[tuple[_Chain, _Chain], list[str]] = {}
    for top, line_a in _lines(pedigree, a, shared):
        for line_b in from_b.get(top, ()):
            if set(line_a).isdisjoint(line_b):
                tops.setdefault((line_a, line_b), []).append(top)
    twins = [set(group) for group in pedigree.twins]
    for (line_a, line_b), couple in tops.items():
        starts = {*line_a[-1:], *line_b[-1:]}
        alike = len(starts) == 2 and any(starts <= group for group in twins)
        yield Tie(tuple(sorted(couple, key=pedigree.index)), line_a, line_b, alike)


def _lines(pedigree: Pedigree, person: str, shared: set[str]) -> Iterator[tuple[str, _Chain]]:
    """Every line upwards: the common ancestor it reaches, and whom it passes below, the person first."""
    waiting: list[tuple[str, _Chain]] = [(person, ())]
    while waiting:
        top, line = waiting.pop()
        if top in shared:
            yield top, line
        waiting += [(parent, (*line, top)) for parent in parents_of(pedigree, top)]


def _nearness(pedigree: Pedigree, tie: Tie) -> tuple[int, int, list[int], list[int]]:
    """Sorts by meioses, a couple before one ancestor, then by place in the pedigree."""
    distance = 2 * (len(tie.line_a) + len(tie.line_b)) - len(tie.ancestors)
    places = [[pedigree.index(p) for p in line] for line in (tie.line_a, tie.line_b)]
    return distance, len(tie.line_a), places[0], places[1]
