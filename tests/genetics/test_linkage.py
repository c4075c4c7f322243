"""Linked markers: the bundled pairs, which of them a model takes, and what a user may say."""

from __future__ import annotations

from math import tanh

import pytest

from homeward import Refusal
from homeward.case import LinkedMarkers
from homeward.genetics import LinkedPair, Recombination, canonical_marker, known_linkage, known_markers, linked_pairs


def test_bundled_pairs_are_known_markers_of_one_chromosome() -> None:
    chromosome = {m.name: m.chromosome for m in known_markers()}
    pairs = known_linkage()
    for linked in pairs:
        first, second = linked.markers
        assert first != second and chromosome[first] == chromosome[second]
        assert all(canonical_marker(m) == m for m in linked.markers)
        assert 0 <= linked.recombination < 0.35
    assert len({frozenset(linked.markers) for linked in pairs}) == len(pairs)
    assert [p.recombination for p in pairs] == sorted(p.recombination for p in pairs)


@pytest.mark.parametrize(("first", "second"), [("vWA", "D12S391"), ("D5S818", "CSF1PO"), ("D21S2055", "Penta D")])
def test_fractions_are_those_of_the_map(first: str, second: str) -> None:
    """Kosambi: ρ = ½ tanh(2d), d in Morgan."""
    cM = {m.name: m.cM for m in known_markers()}
    a, b = cM[first], cM[second]
    assert a is not None and b is not None
    known = {frozenset(k.markers): k.recombination for k in known_linkage()}
    assert known[frozenset((first, second))] == pytest.approx(0.5 * tanh(2 * abs(a - b) / 100), abs=6e-5)


def test_no_marker_is_in_two_pairs_and_the_tightest_win() -> None:
    found = linked_pairs(["D6S474", "D21S11", "SE33", "Penta D", "D6S1043", "D21S2055", "TH01"])
    assert [p.markers for p in found] == [("SE33", "D6S1043"), ("Penta D", "D21S2055")]
    assert found[0].recombination == Recombination(0.044, 0.044)


def test_markers_far_apart_or_alone_are_no_pair() -> None:
    assert linked_pairs(["TH01", "vWA", "TPOX", "D2S1338"]) == ()


def test_the_users_own_come_first_and_replace() -> None:
    markers = ["D6S474", "SE33", "D6S1043", "vWA", "D12S391"]
    own = [LinkedMarkers(("se33", "D6S474"), 0.25, 0.2), LinkedMarkers(("D12S391", "vWA"), 0.12, 0.08)]
    assert linked_pairs(markers, own) == (
        LinkedPair(("D6S474", "SE33"), Recombination(0.25, 0.2)),
        LinkedPair(("vWA", "D12S391"), Recombination(0.12, 0.08)),
    )


def test_a_half_says_not_linked_and_other_markers_wait() -> None:
    own = [LinkedMarkers(("vWA", "D12S391"), 0.5, 0.5), LinkedMarkers(("DXS10135", "DXS8378"), 0.1, 0.1)]
    assert linked_pairs(["vWA", "D12S391"], own) == ()


def test_markers_of_no_table_may_be_linked_where_they_are_typed() -> None:
    own = [LinkedMarkers(("rs1", "rs2"), 0.01, 0.02)]
    assert linked_pairs(["rs2", "rs1"], own) == (LinkedPair(("rs2", "rs1"), Recombination(0.01, 0.02)),)


@pytest.mark.parametrize(
    ("markers", "mother", "code"),
    [
        (("vWA", "VWA"), 0.1, "linked-markers"),
        (("vWA", "D12S931"), 0.1, "linked-markers"),
        (("vWA", "TH01"), 0.1, "linked-markers"),
        (("vWA", "DXS8378"), 0.1, "linked-markers"),
        (("DYS391", "DYS390"), 0.1, "linked-markers"),
        (("vWA", "D12S391"), 0.6, "recombination-range"),
        (("vWA", "D12S391"), -0.1, "recombination-range"),
        (("vWA", "D12S391"), float("nan"), "recombination-range"),
    ],
)
def test_what_cannot_be_is_refused(markers: tuple[str, str], mother: float, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        linked_pairs(["vWA", "D12S391"], [LinkedMarkers(markers, mother, 0.1)])
    assert [f.code for f in refused.value.faults] == [code]
    assert all(f.remedy for f in refused.value.faults)


def test_all_faults_are_told_at_once() -> None:
    twice = LinkedMarkers(("vWA", "D12S391"), 0.7, 0.8)
    with pytest.raises(Refusal) as refused:
        linked_pairs(["vWA", "D12S391"], [twice, LinkedMarkers(("D12S391", "vWA"), 0.1, 0.1)])
    assert [f.code for f in refused.value.faults] == ["recombination-range", "recombination-range", "linked-markers"]
