"""The haplogroup: motifs find their own groups, short ranges high ones; what speaks for and against is told."""

from __future__ import annotations

import pytest

from homeward.case import Span
from homeward.genetics.mtdna import MtHaplotype, haplogroup_of
from homeward.genetics.mtdna.phylotree import groups, is_hotspot, motif

CONTROL = (Span(16024, 16569), Span(1, 576))


def test_the_tree() -> None:
    assert len(groups()) == 5435 and groups()[0].name == "L1'2'3'4'5'6"
    assert all(g.parent < i for i, g in enumerate(groups()))
    assert motif("H2a2a1") == frozenset(), "the rCRS is of H2a2a1"
    assert {"8701G", "9540C", "10398G", "10873C"} <= motif("M") and "10398G" not in motif("R")


@pytest.mark.parametrize("name", [g.name for g in groups()[::400]])
def test_a_motif_finds_its_own_group(name: str) -> None:
    found = haplogroup_of(MtHaplotype((), tuple(motif(name))))
    assert found.name == name and found.quality == pytest.approx(1) and not found.missing and not found.remaining


@pytest.mark.parametrize("name", ["H2a1f", "J1+16193", "B4a1a1a16", "N9b4", "R8b2", "W5b1a", "L1c2b1c"])
def test_a_motif_that_turns_on_a_hotspot_or_on_notation_finds_its_own_group(name: str) -> None:
    haplotype = MtHaplotype((), tuple(motif(name)))
    found = haplogroup_of(haplotype)
    assert set(haplotype.differences) == motif(name), "the tree is written in the one notation of a sequence"
    assert found.name == name and found.quality == pytest.approx(1) and not found.missing and not found.remaining


@pytest.mark.parametrize(
    ("token", "disregarded"),
    [("309.1C", True), ("315-", True), ("523-", True), ("16183C", True), ("16193.2C", True), ("16193-", True),
     ("16519C", True), ("16183G", False), ("16193T", False), ("16519A", False), ("310C", False), ("249-", False)],
)  # fmt: skip
def test_hotspots_are_what_phylotree_leaves_out(token: str, disregarded: bool) -> None:
    assert is_hotspot(token) is disregarded


def test_the_answer_is_told_from_its_parent_by_something_read() -> None:
    """228A is not seen and 185A is: more of J1c's groups explain that than of J1's others, and 185A was read."""
    read = ("73G", "185A", "263G", "295T", "462T", "489C", "16069T", "16126C")
    found = haplogroup_of(MtHaplotype(CONTROL, read))
    assert found.name == "J1c" and found.missing == ("228A",) and 0.5 < found.support < 0.95


def test_a_short_range_finds_a_high_group() -> None:
    assert haplogroup_of(MtHaplotype(CONTROL, ("263G", "315.1C"))).name == "R0"
    assert haplogroup_of(MtHaplotype(CONTROL, ("73G", "263G", "315.1C", "489C", "16223T", "16362C"))).name in ("D", "M")


def test_what_speaks_against_is_told() -> None:
    differences = (set(motif("D4")) - {"16362C"}) | {"100A"}
    found = haplogroup_of(MtHaplotype((), tuple(differences)))
    assert found.name == "D4" and found.missing == ("16362C",) and found.remaining == ("100A",)
    assert 0.8 < found.quality < 1


def test_a_mixture_speaks_neither_way() -> None:
    differences = (set(motif("D4")) - {"16362C"}) | {"16362Y"}
    found = haplogroup_of(MtHaplotype((), tuple(differences)))
    assert found.name == "D4" and found.quality == 1 and not found.remaining
