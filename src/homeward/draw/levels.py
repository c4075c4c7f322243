"""Which generation each member of a pedigree is drawn in, and what must be placed between generations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from homeward.pedigree import Pedigree

__all__ = ["Edge", "Mating", "Sketch", "sketch"]


@dataclass(frozen=True)
class Mating:
    """A couple and their children. ``a`` and ``b`` are nodes in the row where the line between them is drawn."""

    father: str
    mother: str
    children: tuple[str, ...]
    row: int
    a: int
    b: int


@dataclass(frozen=True)
class Edge:
    """A line from a couple (``mating``) or from a bend (``node``) in one row to a node in the next."""

    row: int
    mating: int | None
    node: int | None
    to: int


@dataclass
class Sketch:
    """One connected part, in rows of nodes. ``person``: node → member, None for a bend in a long line."""

    person: list[str | None] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    matings: list[Mating] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    node: dict[str, int] = field(default_factory=dict)
    row_of: list[int] = field(default_factory=list)
    ends: list[tuple[str, ...]] = field(default_factory=list)  # whom the line of a bend joins; the person himself

    def add(self, person: str | None, row: int, ends: tuple[str, ...] = ()) -> int:
        self.person.append(person)
        self.row_of.append(row)
        self.ends.append(ends if person is None else (person,))
        while len(self.rows) <= row:
            self.rows.append([])
        self.rows[row].append(len(self.person) - 1)
        return len(self.person) - 1


def sketch(pedigree: Pedigree, members: tuple[str, ...]) -> Sketch:
    """The rows of one component: mates side by side where biology allows, children below their parents."""
    couples: dict[tuple[str, str], list[str]] = {}
    for person in members:
        m = pedigree[person]
        if m.father is not None and m.mother is not None:
            couples.setdefault((m.father, m.mother), []).append(person)
    level = _levels(members, couples)
    s = Sketch()
    for person in _reading_order(members, couples, level):
        s.node[person] = s.add(person, level[person])
    for (father, mother), children in couples.items():
        row = max(level[father], level[mother])
        a, b = (_beside(s, parent, level[parent], row, (father, mother)) for parent in (father, mother))
        s.matings.append(Mating(father, mother, tuple(children), row, a, b))
        for child in children:
            above: tuple[int | None, int | None] = (len(s.matings) - 1, None)
            for r in range(row + 1, level[child]):
                bend = s.add(None, r, (father, mother, child))
                s.edges.append(Edge(r - 1, *above, bend))
                above = (None, bend)
            s.edges.append(Edge(level[child] - 1, *above, s.node[child]))
    return s


def _beside(s: Sketch, parent: str, level: int, row: int, ends: tuple[str, ...]) -> int:
    """The parent's node in a row: his own, or a bend under it where his mate stands lower."""
    node = s.node[parent]
    for r in range(level + 1, row + 1):
        bend = s.add(None, r, ends)
        s.edges.append(Edge(r - 1, None, node, bend))
        node = bend
    return node


def _levels(members: tuple[str, ...], couples: dict[tuple[str, str], list[str]]) -> dict[str, int]:
    group = {p: p for p in members}
    for father, mother in couples:
        if group[father] != group[mother]:
            tried = {p: group[father] if g == group[mother] else g for p, g in group.items()}
            if _longest(tried, couples) is not None:
                group = tried
    level = _longest(group, couples) or {}
    _lower_founders(group, couples, level)
    return {p: level[group[p]] for p in members}


def _arrows(group: dict[str, str], couples: dict[tuple[str, str], list[str]]) -> set[tuple[str, str]]:
    return {(group[p], group[c]) for couple, children in couples.items() for p in couple for c in children}


def _longest(group: dict[str, str], couples: dict[tuple[str, str], list[str]]) -> dict[str, int] | None:
    """Longest path from the top for every group of mates; None if a group would stand below itself."""
    arrows = sorted(_arrows(group, couples))
    level = dict.fromkeys(sorted(set(group.values())), 0)
    for _ in range(len(level) + 1):
        changed = False
        for above, below in arrows:
            if level[below] < level[above] + 1:
                level[below] = level[above] + 1
                changed = True
        if not changed:
            return level
    return None


def _lower_founders(group: dict[str, str], couples: dict[tuple[str, str], list[str]], level: dict[str, int]) -> None:
    """Founders stand just above their uppermost child, so that lines stay short."""
    arrows = _arrows(group, couples)
    for g in sorted(level, key=lambda x: -level[x]):
        below = [level[c] for p, c in arrows if p == g]
        if below and not any(c == g for _, c in arrows):
            level[g] = min(below) - 1


def _reading_order(
    members: Iterable[str], couples: dict[tuple[str, str], list[str]], level: dict[str, int]
) -> list[str]:
    """Families kept together: a person, his mates, their children, and so on down; a first guess for the rows."""
    of: dict[str, list[tuple[str, str]]] = {}
    parents: dict[str, tuple[str, str]] = {}
    for couple, children in couples.items():
        for parent in couple:
            of.setdefault(parent, []).append(couple)
        parents |= dict.fromkeys(children, couple)
    order: list[str] = []
    seen: set[str] = set()

    def visit(person: str) -> None:
        if person in seen:
            return
        seen.add(person)
        order.append(person)
        for couple in of.get(person, ()):
            for mate in couple:
                if mate not in parents:
                    visit(mate)
        for couple in of.get(person, ()):
            if all(p in seen for p in couple):
                for child in couples[couple]:
                    visit(child)

    for person in sorted(members, key=lambda p: level[p]):
        visit(person)
    return order
