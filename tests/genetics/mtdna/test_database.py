"""The bundled databases hold whom they say, and matching is over what the haplotype asked for shows."""

from __future__ import annotations

import pytest

from homeward.case import Span
from homeward.genetics.mtdna import MtHaplotype, bundled_mt_database, bundled_mt_databases, compare
from homeward.genetics.mtdna.database import MtDatabase

HVS1 = (Span(16024, 16365),)
CONTROL = (Span(16024, 16569), Span(1, 576))


def test_the_index_counts_persons() -> None:
    assert len(bundled_mt_databases()) == 9
    for about in bundled_mt_databases():
        if about.id.startswith("1000G"):
            found = bundled_mt_database(about.id)
            assert sum(n for _, n in found.haplotypes) == about.persons
            assert all(h.ranges == about.ranges for h, _ in found.haplotypes)
    assert sum(d.persons for d in bundled_mt_databases()) == 83 + 97 + 100 + 379 + 234 + 181 + 588


def test_an_unknown_id() -> None:
    with pytest.raises(KeyError):
        bundled_mt_database("nowhere")


def test_who_was_not_read_counts_neither_way() -> None:
    database = MtDatabase(
        "x",
        "",
        "",
        (
            (MtHaplotype(CONTROL, ("263G", "309.1C", "315.1C", "16223T")), 3),
            (MtHaplotype(CONTROL, ("263G", "315.1C", "16223Y")), 1),
            (MtHaplotype(HVS1, ("16223T",)), 5),
            (MtHaplotype(CONTROL, ("263G", "315.1C")), 1),
        ),
    )
    assert database.matches(MtHaplotype(HVS1, ("16223T",))) == (9, 10)
    assert database.matches(MtHaplotype(CONTROL, ("263G", "309.1C", "309.2C", "315.1C", "16223T"))) == (4, 5)
    assert database.matches(MtHaplotype(CONTROL, ("263G", "315.1C", "16223T")), disregard=()) == (1, 5)
    assert database.singletons(CONTROL) == 2
    assert database.singletons(HVS1) == 2


def test_a_common_haplotype_of_the_japanese() -> None:
    found, size = bundled_mt_database("1000G_JPT").matches(MtHaplotype(HVS1, ("16223T", "16362C")))
    assert size == 83 and 1 <= found <= 15


VAGUE = (("16223Y",), ("16223N", "16362C"), ("16223c",), ("16223T", "263G"), ("16189C", "16193.1C"), ("489Y", "73R"))


def test_those_set_aside_by_their_bases_are_those_who_differ():
    """The index of bases against comparing with everybody, of settled and of vague haplotypes on either side."""
    bundled = bundled_mt_database("1000G_JPT")
    rows = list(bundled.haplotypes[::3])
    rows += [(MtHaplotype(CONTROL, d), 2) for d in VAGUE]
    database = MtDatabase("some", "some", "none", tuple(rows))
    asked = [MtHaplotype(CONTROL, d) for d in VAGUE]
    asked += [h.within(r) for h, _ in bundled.haplotypes[:40] for r in (HVS1, CONTROL)]
    for own in asked:
        read = [(h, n) for h, n in rows if h.within(own.ranges).ranges == own.ranges]
        expected = sum(n for h, n in read if compare(own, h).matches)
        assert database.matches(own) == (expected, sum(n for _, n in read)), own
    assert sum(database.matches(own)[0] > 1 for own in asked) > 5
