"""Samples whose haplogroup somebody gives, and how a haplogroup of ours compares with it.

Carried: the 588 complete sequences of Just et al. 2015 (Forensic Sci Int Genet 14:141), with the haplogroups of the
paper, in `just2015_haplogroups.csv`. Others are read from a folder of the caller's own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Literal

from homeward.case import Span
from homeward.faults import Refusal
from homeward.formats import Profiles, read_file
from homeward.genetics.mtdna import (
    Group,
    Haplogroup,
    MtHaplotype,
    branch_support,
    covers,
    groups,
    haplogroup_of,
    intersection,
    shown_motif,
)

__all__ = [
    "CARRIED",
    "HVS1",
    "RELATIONS",
    "Judged",
    "Labelled",
    "Relation",
    "carried",
    "cut",
    "group_of",
    "judged",
    "of_folder",
    "on_one_line",
]

CARRIED = "Just et al. 2015"
HVS1 = Span(16024, 16365)
_ENDINGS = (".emp", ".hsd", ".hsd.txt")
_STEPS = re.compile(r"[A-Z]+|[0-9]+|.")

Relation = Literal["same", "finer", "coarser", "elsewhere"]
RELATIONS: tuple[Relation, ...] = ("same", "finer", "coarser", "elsewhere")


@dataclass(frozen=True)
class Labelled:
    """A sample of a collection, the haplogroup it is said to have, and its haplotype."""

    collection: str
    sample: str
    label: str
    haplotype: MtHaplotype


@dataclass(frozen=True)
class Judged:
    """A sample's label beside our answer. ``relation``: of ours to the label, once both are raised to what was read;
    ``reason``: why ours is coarser or elsewhere, else "" (`_reason`)."""

    given: Labelled
    found: Haplogroup
    relation: Relation
    reason: str


def carried() -> tuple[Labelled, ...]:
    """The samples that the project carries."""
    path = Path(__file__).parent / "just2015_haplogroups.csv"
    with path.open(encoding="ascii", newline="") as file:
        return tuple(
            Labelled(CARRIED, row["sample"], row["haplogroup"], MtHaplotype((), tuple(row["haplotype"].split())))
            for row in csv.DictReader(file)
        )


def of_folder(folder: Path) -> tuple[tuple[Labelled, ...], tuple[str, ...]]:
    """The samples of every `.emp`, `.hsd` and `.hsd.txt` below a folder that have a haplogroup and were read in all of
    HVS-I.

    Also the names of the files that were refused.
    """
    found: list[Labelled] = []
    refused: list[str] = []
    for path in sorted(p for p in folder.rglob("*") if p.name.lower().endswith(_ENDINGS) and p.is_file()):
        try:
            read = read_file(path)
        except Refusal:
            refused.append(path.name)
            continue
        assert isinstance(read, Profiles)
        found += _labelled(path.name.partition(".")[0], read)
    return tuple(found), tuple(refused)


def _labelled(collection: str, read: Profiles) -> Iterator[Labelled]:
    labels = {p.sample: p.haplogroup for p in read.profiles}
    for typing in read.mt:
        haplotype = MtHaplotype(typing.ranges, typing.differences)
        if group_of(labels[typing.sample]) and covers(haplotype.ranges, HVS1.low, HVS1.high):
            yield Labelled(collection, typing.sample, labels[typing.sample], haplotype)


def group_of(label: str) -> str:
    """The group of PhyloTree 17 that a label names, "" for none.

    Of several joined (`T1a1'T1a3`, `L3d1'2'3'4'5`), where the tree does not have them by that name, the lowest that
    holds all; of another name that it does not have (`K*`, `H38`, `M7c3c`), what it is a part of by its name (`K`, `H`,
    `M7c3`).
    """
    plain = label.strip().rstrip("*")
    if plain in _by_name() or "'" not in plain:
        return _beginning(plain)
    first, *others = plain.split("'")
    names = [first, *(other if other[:1].isupper() else _with_last(first, other) for other in others)]
    lines = [_line(name) for name in map(_beginning, names) if name]
    return next((name for name in lines[0] if all(name in line for line in lines)), "") if lines else ""


def _beginning(name: str) -> str:
    """The longest beginning of a name that is a group's: letters and whole numbers are taken away from its end."""
    parts = _STEPS.findall(name)
    beginnings = ("".join(parts[:n]) for n in range(len(parts), 0, -1))
    return next((b for b in beginnings if b in _by_name()), "")


def _with_last(name: str, last: str) -> str:
    """A name with another last number or letter: `L3d1` and `2` are `L3d2`."""
    return "".join(_STEPS.findall(name)[:-1]) + last


def judged(given: Labelled) -> Judged:
    """Our answer for a sample, and how it stands to the label. Raises ValueError for a label that names no group."""
    named = group_of(given.label)
    if not named:
        raise ValueError(f"{given.label!r} is no haplogroup")
    found = haplogroup_of(given.haplotype)
    ours = _line(_level(found.name, given.haplotype))
    theirs = _line(_level(named, given.haplotype))
    relation: Relation = "elsewhere"
    if ours[0] == theirs[0]:
        relation = "same"
    elif theirs[0] in ours:
        relation = "finer"
    elif ours[0] in theirs:
        relation = "coarser"
    reason = _reason(given, named) if relation in ("coarser", "elsewhere") else ""
    return Judged(given, found, relation, reason)


def _reason(given: Labelled, named: str) -> str:
    """Why a sample is not placed where its label is.

    `another build`: PhyloTree 17 has no group of the label's name; `not seen: …`: of the label's motif these were read
    and are not there; `seen, p = …`: all of it is there, and the share of its branch is this.
    """
    if named != given.label.strip().rstrip("*"):
        return "another build"
    lacking = shown_motif(named, given.haplotype) - set(given.haplotype.differences)
    if lacking:
        return "not seen: " + " ".join(sorted(lacking, key=_place))
    return f"seen, p = {branch_support(given.haplotype, named):.2f}"


def _place(token: str) -> tuple[int, str]:
    return int("".join(c for c in token.partition(".")[0] if c.isdigit())), token


def _level(name: str, haplotype: MtHaplotype) -> str:
    """The highest group above one from which nothing that was read tells it: the level that the ranges allow."""
    own = shown_motif(name, haplotype)
    return list(takewhile(lambda up: shown_motif(up, haplotype) == own, _line(name)))[-1]


@cache
def _line(name: str) -> tuple[str, ...]:
    """A group and all above it, lowest first."""
    group = _by_name()[name]
    return (name, *(_line(groups()[group.parent].name) if group.parent >= 0 else ()))


@cache
def _by_name() -> dict[str, Group]:
    return {g.name: g for g in groups()}


def on_one_line(first: str, second: str) -> bool:
    """Whether one of two groups holds the other."""
    return first in _line(second) or second in _line(first)


def cut(samples: Iterable[Labelled], ranges: tuple[Span, ...]) -> Iterator[Labelled]:
    """The same samples as if only these ranges had been read."""
    for s in samples:
        if intersection(s.haplotype.ranges, ranges):
            yield Labelled(s.collection, s.sample, s.label, s.haplotype.within(ranges))
