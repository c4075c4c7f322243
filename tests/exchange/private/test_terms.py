"""The terms of a private match: classes of a locus, what cannot be agreed, one digest for one agreement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from private_cases import small_terms

from homeward.exchange.private import PrivateTerms, private_locus
from homeward.faults import Refusal


def test_classes_of_a_locus() -> None:
    """Genotypes by row, each allele alone at each level, untyped last."""
    locus = private_locus("TH01", ["6", "7", "9.3"], dropout=(0.1, 0.4))
    assert locus.classes == 6 + 2 * 3 + 1
    assert [locus.class_of(g) for g in (["6", "6"], ["9.3", "6"], ["7", "7"], ["7", "9.3"])] == [0, 2, 3, 4]
    assert locus.class_of(["7"], 0) == locus.class_of(["7", "7"], 0) == locus.class_of(["7", "?"], 0) == 6 + 1
    assert locus.class_of(["9.3"], 1) == 6 + 3 + 2
    # what no class can hold says nothing
    assert {locus.class_of(g) for g in ([], ["?", "?"], ["6|7", "9.3"], ["7", "?"])} == {locus.untyped}
    with pytest.raises(KeyError):
        locus.class_of(["8", "6"])
    with pytest.raises(ValueError, match="TH01"):
        locus.class_of(["6", "7", "9.3"])


def test_a_lineage_locus_has_its_alleles_and_untyped() -> None:
    locus = private_locus("DYS19", ["14", "15"], copies=1, dropout=(0.1,))
    assert locus.classes == 3
    assert locus.class_of(["15"]) == 1


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"steps": 24}, "steps"),
        ({"ring": 1000}, "ring"),
        ({"min_typed_loci": 7}, "min_typed_loci"),
        ({"remains": 0}, "remains"),
        ({"remains": 500}, "remains"),
        ({"threshold": -1.0}, "threshold"),
        ({"dropout": (1.5,)}, "dropout"),
        ({"max_mismatches": 99}, "max_mismatches"),
        ({"loci": ()}, "loci"),
    ],
)
def test_terms_that_cannot_be(wrong: dict[str, object], column: str) -> None:
    with pytest.raises(Refusal) as refused:
        replace(small_terms(), **wrong)  # type: ignore[arg-type]
    assert {f.code for f in refused.value.faults} == {"private-terms"}
    assert column in {f.column for f in refused.value.faults}


def test_small_rings_and_little_hiding_are_refused_in_earnest() -> None:
    """Only terms that say they are insecure may have them."""
    small = small_terms(statistical_bits=10)
    with pytest.raises(Refusal) as refused:
        replace(small, insecure=False)
    assert {f.column for f in refused.value.faults} == {"ring", "statistical_bits"}


def test_the_digest_tells_any_two_terms_apart() -> None:
    one = small_terms()
    others = [
        replace(one, threshold=4.1),
        replace(one, families=13),
        replace(one, reveal_scores=True),
        replace(one, loci=one.loci[::-1]),
        small_terms(dropout=(0.3,)),
    ]
    assert len({x.digest for x in (one, *others)}) == 1 + len(others)
    assert small_terms().digest == one.digest


def test_layout_has_room_for_everybody() -> None:
    """Blocks are powers of two; a group of families is never wider than a ring."""
    panel = tuple(private_locus(f"L{k}", [str(a) for a in range(14)]) for k in range(24))
    for remains, families in ((20, 200), (183, 300), (200, 2000), (1, 1)):
        terms = PrivateTerms(panel, remains, families, 12)
        assert terms.width >= remains
        assert terms.width * terms.blocks == terms.ring
        assert terms.groups * terms.blocks >= families
