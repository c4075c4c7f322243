"""The terms that a private match is computed by are those of the agreement, or it is not agreed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from exchange_terms import ALLELES, an_agreement

from homeward.exchange.agreement import DropoutClass, Plain, Private, agreement_faults, checked
from homeward.exchange.entries import Call, RemainsEntry
from homeward.exchange.matching import private_scenario, private_terms, profile_of
from homeward.faults import Refusal


def private(**changes: Any) -> Private:
    agreed = an_agreement().private
    assert agreed is not None
    return replace(agreed, **changes)


def plain(**changes: Any) -> Plain:
    agreed = an_agreement().plain
    assert agreed is not None
    return replace(agreed, **changes)


def test_they_are_those_of_the_agreement() -> None:
    agreement = checked(an_agreement(private=private(reveal_scores=True)))
    terms = private_terms(agreement)
    assert {x.name: x.alleles for x in terms.loci} == {"TH01": ALLELES["TH01"], "TPOX": ALLELES["TPOX"]}
    assert (terms.remains, terms.families, terms.min_typed_loci) == (10, 10, 2)
    assert (terms.threshold, terms.margin, terms.steps, terms.ring, terms.statistical_bits) == (
        4.0,
        0.5,
        128,
        32768,
        40,
    )
    assert terms.dropout == (0.1,) and terms.reveal_scores and not terms.insecure and terms.max_mismatches is None
    assert terms.digest == private_terms(an_agreement(private=private(reveal_scores=True))).digest
    assert terms.digest != private_terms(an_agreement()).digest
    model = private_scenario(agreement).model
    assert {x.name: x.alleles for x in model.loci} == {x.name: x.alleles for x in terms.loci}


@pytest.mark.parametrize(
    "changes",
    [
        {"private": private(steps=100)},
        {"private": private(ring=1024)},
        {"private": private(statistical_bits=20)},
        {"private": private(margin=-1.0)},
        {"private": private(min_typed_loci=3)},
        {"private": private(dropout=())},
        {"private": private(dropout=(0.2,))},
        {"plain": plain(reveals=("sex",))},
        {"panel": replace(an_agreement().panel, dropout=(DropoutClass(0.1, 0.1, 0.0, None),))},
        {"panel": replace(an_agreement().panel, dropout=(DropoutClass(0.1, 0.01, 0.05, None),))},
        {"panel": replace(an_agreement().panel, dropout=(DropoutClass(0.1, 0.01, 0.0, 0.001),))},
        {"settings": an_agreement().settings.replace('dropout = "stated"', 'dropout = "estimated"')},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_the_engine_cannot_compute_is_not_agreed_on(changes: dict[str, Any]) -> None:
    agreement = an_agreement(**changes)
    with pytest.raises(Refusal) as refused:
        private_terms(agreement)
    assert {f.code for f in refused.value.faults} == {"private-terms"}
    faults = list(agreement_faults(agreement))
    assert {f.code for f in faults} == {"exchange-terms"} and any("private-terms" in f.message for f in faults)


def test_a_small_ring_is_never_that_of_an_agreement() -> None:
    small = private_terms(an_agreement(), ring_for_tests=1024)
    assert small.insecure and small.digest != private_terms(an_agreement()).digest


def test_without_a_private_match_there_are_no_terms() -> None:
    with pytest.raises(Refusal) as refused:
        private_terms(an_agreement(private=None))
    assert [f.code for f in refused.value.faults] == ["private-terms"] and refused.value.rule


def test_remains_in_a_private_match_alone_state_their_drop_out_and_nothing_else() -> None:
    agreement = an_agreement(plain=None)
    assert agreement.reveals == ("dropout",) and agreement.least_loci == 2
    assert an_agreement().reveals == ("sex", "grouping", "dropout")


@pytest.mark.parametrize(
    ("level", "calls", "expected"),
    [
        (None, [("TH01", ("7", "6"), 1)], (("6", "7"), None)),
        (None, [("TH01", ("8", "8"), 1)], (("8", "8"), None)),
        (0, [("TH01", ("8", "8"), 1)], (("8",), 0)),
        (0, [("TH01", ("8", "?"), 1), ("TH01", ("?", "8"), 2)], (("8",), 0)),
        (None, [("TH01", ("6", "7"), 1), ("TH01", ("6", "8"), 2)], None),
        (0, [("TH01", ("6|7", "8"), 1)], None),
    ],
)
def test_a_profile_is_its_classes(level: int | None, calls: Any, expected: Any) -> None:
    terms = private_terms(an_agreement())
    entry = RemainsEntry("b" * 16, "unknown", "", "", "", (), level, tuple(Call(*c) for c in calls), ())
    th01, tpox = profile_of(terms, entry)
    locus = terms.loci[0]
    assert tpox == terms.loci[1].untyped
    assert th01 == (locus.untyped if expected is None else locus.class_of(*expected))
