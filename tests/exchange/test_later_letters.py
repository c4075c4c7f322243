"""Confirmations, disclosures and conclusions that do not fit what went before, from software that checks nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exchange_sides import DAY, Pair, digest

import homeward.exchange.rules as rules
from homeward.exchange.ending import delete_theirs, result_here
from homeward.exchange.entries import FamilyEntry, Kin, KinDoubt
from homeward.exchange.envelope import letter_bytes, write_letter
from homeward.exchange.families_side import _with_kin, disclosure_of
from homeward.exchange.inputs import Families, families_of
from homeward.exchange.merkle import Proof
from homeward.exchange.messages import Conclusion, Confirmation, Disclosure, FamilyOpening, Named, Receipt, Request
from homeward.exchange.remains_side import confirm, request_of
from homeward.exchange.sealing import seal
from homeward.exchange.shared import proposed_by
from homeward.exchange.side import Side, open_side
from homeward.faults import Refusal


@pytest.fixture(scope="module")
def confirmed(answered: Pair, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    """The confirmation has arrived."""
    pair = answered.copied(tmp_path_factory.mktemp("confirmed") / "pair")
    with open_side(pair.jp) as side:
        confirm(side, DAY, ["reviewer-1"])
    pair.carry(pair.jp)
    return pair


def envelope(side: Side, kind: Any, payload: Any) -> bytes:
    """A letter of somebody who has the keys and does not care for the rules."""
    header = replace(side.preview("receipt", Receipt((), DAY), DAY).header, kind=kind)
    return seal(letter_bytes(write_letter(side.keys, header, payload)), [side.agreement.other(side.role).sealing])


def refused(pair: Pair, sender: str, kind: Any, payload: Any) -> set[str]:
    here, there = (pair.jp, pair.kr) if sender == "jp" else (pair.kr, pair.jp)
    with open_side(here) as side:
        data = envelope(side, kind, payload)
    before = digest(there)
    with pytest.raises(Refusal) as refusal, open_side(there) as side:
        side.receive(data, DAY)
    assert digest(there) == before
    return {f.code for f in refusal.value.faults}


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("exchange-chain", lambda c: replace(c, answer="1" * 64)),
        ("exchange-turn", lambda c: replace(c, hits=())),
        ("exchange-turn", lambda c: replace(c, hits=(*c.hits, c.hits[0]))),
        ("exchange-turn", lambda c: replace(c, remains=c.remains[1:])),
        ("exchange-turn", lambda c: replace(c, remains=(*c.remains, c.remains[0]))),
    ],
    ids=["answer", "no-hit", "hit-twice", "profile-missing", "profile-twice"],
)
def test_a_confirmation(
    answered: Pair, confirmed: Pair, code: str, change: Callable[[Confirmation], Confirmation]
) -> None:
    with open_side(confirmed.jp) as side:
        good = side.letter("confirmation").payload
    assert refused(answered, "jp", "confirmation", change(good)) == {code}


def test_a_disclosure_of_a_family_that_is_no_hit(confirmed: Pair) -> None:
    """Committed, proven, and none of the other side's business."""
    with open_side(confirmed.kr) as side:
        good, _ = disclosure_of(side, confirmed.source("families"))
        every = families_of(side, confirmed.source("families"))
    other = next(o for o in every.families if o.entry.id not in {f.entry.id for f in good.families})
    said = replace(good, families=(*good.families, other))
    assert refused(confirmed, "kr", "disclosure", said) == {"exchange-turn"}


def _first(said: Disclosure, **changes: Any) -> Disclosure:
    first = said.families[0]
    return replace(said, families=(replace(first, entry=replace(first.entry, **changes)), *said.families[1:]))


@pytest.mark.parametrize(
    ("codes", "change"),
    [
        ({"exchange-chain"}, lambda d: replace(d, confirmation="1" * 64)),
        ({"exchange-turn"}, lambda d: replace(d, families=d.families[1:])),
        ({"exchange-turn"}, lambda d: replace(d, references=(*d.references, d.references[0]))),
        ({"exchange-commitment", "exchange-outside"}, lambda d: _first(d, missing=())),
        ({"exchange-commitment", "exchange-outside"}, lambda d: _first(d, missing=("b" * 16,))),
        (
            {"exchange-commitment"},
            lambda d: _first(d, members=tuple(_own_ancestor(k) for k in d.families[0].entry.members)),
        ),
        (
            {"exchange-commitment", "exchange-outside"},
            lambda d: _first(d, members=tuple(replace(k, population="Ube") for k in d.families[0].entry.members)),
        ),
    ],
    ids=["confirmation", "family-missing", "reference-twice", "nobody", "stranger", "impossible", "place"],
)
def test_a_disclosure(confirmed: Pair, codes: set[str], change: Callable[[Disclosure], Disclosure]) -> None:
    with open_side(confirmed.kr) as side:
        good, _ = disclosure_of(side, confirmed.source("families"))
    found = refused(confirmed, "kr", "disclosure", change(good))
    assert codes <= found


def _own_ancestor(kin: Any) -> Any:
    """Whoever has parents is one of them."""
    if kin.father is None:
        return kin
    return replace(kin, father=kin.id) if kin.sex != "female" else replace(kin, mother=kin.id)


def test_a_conclusion_that_names_somebody_else(disclosed: Pair) -> None:
    with open_side(disclosed.jp) as side:
        shared = result_here(side)
        good = Conclusion(side.letter("disclosure").header.hash, shared.digest, shared.program, shared.named)
    named = shared.named[0]
    swapped = (Named(named.remains, named.family, "b" * 16), *shared.named[1:])
    assert refused(disclosed, "jp", "conclusion", replace(good, identified=swapped)) == {"exchange-turn"}
    assert refused(disclosed, "jp", "conclusion", replace(good, result="1" * 64)) == {"exchange-differs"}
    assert refused(disclosed, "jp", "conclusion", replace(good, disclosure="1" * 64)) >= {"exchange-chain"}


def test_nothing_is_deleted_in_the_middle_of_a_round(confirmed: Pair) -> None:
    for folder in (confirmed.jp, confirmed.kr):
        before = digest(folder)
        with open_side(folder) as side, pytest.raises(Refusal) as refusal:
            delete_theirs(side, DAY)
        assert {f.code for f in refusal.value.faults} == {"exchange-turn"} and digest(folder) == before


def test_after_the_end_it_is_deleted_all_the_same(confirmed: Pair, copy: Any) -> None:
    """A round that was never ended keeps nothing beyond the agreement."""
    pair = confirmed.copied(copy)
    with open_side(pair.kr) as side:
        delete_theirs(side, "2027-01-15")
        assert len(side.letter("receipt").payload.deleted) == 2
    assert not list((pair.kr / "letters").glob("remains-*"))
    pair.carry(pair.kr, "2027-01-16")


def test_only_conclusions_above_the_threshold_name_somebody() -> None:
    def told(conclusion: str, *missing: str) -> dict[str, Any]:
        return {"conclusion": conclusion, "missing": list(missing), "samples": ["x", "y"]}

    def named(*conclusions: dict[str, Any]) -> list[tuple[str, str, str]]:
        found = proposed_by({"joint": {"conclusions": list(conclusions)}})
        return [(n.remains, n.family, n.missing) for n in found]

    assert named(told("identified", "f/m")) == [("x", "f", "m"), ("y", "f", "m")]
    assert named(told("undisputed", "f/m")) == [("x", "f", "m"), ("y", "f", "m")]
    assert named(told("probable", "f/m"), told("group", "f/m", "f/k"), told("identified", "listed"), told("x")) == []
    assert proposed_by({}) == ()


def test_families_that_share_somebody_are_disclosed_together() -> None:
    """They are one pedigree; who shares nobody with them is not told of."""

    def family(id: str, *people: str) -> FamilyOpening:
        members = tuple(Kin(p, None, None, "male", None, 0.0, 0.0, "") for p in people)
        return FamilyOpening(FamilyEntry(id, members, people[:1], ()), Proof("0" * 64, 0, ()))

    ours = Families((family("a", "1", "2"), family("b", "2", "3"), family("c", "3"), family("d", "4")), (), ())
    assert [o.entry.id for o in _with_kin(ours, {"a"})] == ["a", "b", "c"]
    assert [o.entry.id for o in _with_kin(ours, {"d"})] == ["d"]
    assert _with_kin(ours, set()) == ()


@pytest.fixture
def bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is sent was committed to: a side may commit to nonsense."""
    monkeypatch.setattr(rules, "_bound", lambda *given: iter(()))


def test_a_request_about_nothing(agreed: Pair, copy: Path) -> None:
    """Nobody could answer it, and the round would never end."""
    assert refused(agreed.copied(copy), "jp", "request", Request(())) == {"exchange-turn"}


@pytest.mark.parametrize(
    ("code", "father", "probability"),
    [("doubt-probability", None, 2.0), ("doubt-probability", None, -1.0), ("impossible-doubt", "himself", 0.3)],
)
def test_a_family_that_nobody_could_compute_with(
    confirmed: Pair, copy: Path, bound: None, code: str, father: str | None, probability: float
) -> None:
    pair = confirmed.copied(copy)
    with open_side(pair.kr) as side:
        honest, _ = disclosure_of(side, pair.source("families"))
    first = honest.families[0]
    child = next(k.id for k in first.entry.members if k.father)
    doubt = KinDoubt(child, child if father else None, None, probability)
    crafted = replace(first, entry=replace(first.entry, doubts=(doubt,)))
    said = replace(honest, families=(crafted, *honest.families[1:]))
    assert code in refused(pair, "kr", "disclosure", said)


def test_a_family_tree_that_cannot_be(confirmed: Pair, copy: Path, bound: None) -> None:
    pair = confirmed.copied(copy)
    with open_side(pair.kr) as side:
        honest, _ = disclosure_of(side, pair.source("families"))
    said = _first(honest, members=tuple(_own_ancestor(k) for k in honest.families[0].entry.members))
    assert "own-ancestor" in refused(pair, "kr", "disclosure", said)


def test_entries_stand_in_the_order_of_their_ids(agreed: Pair, confirmed: Pair, copy: Path) -> None:
    """The order of the files at home would tell which case is older than which."""
    pair = agreed.copied(copy)
    with open_side(pair.jp) as side:
        asked, _ = request_of(side, pair.source("remains"))
    ids = [o.entry.id for o in asked.remains]
    assert ids == sorted(ids) and len(ids) > 1
    assert refused(pair, "jp", "request", Request(asked.remains[::-1])) == {"exchange-turn"}
    with open_side(confirmed.kr) as side:
        said, _ = disclosure_of(side, confirmed.source("families"))
    assert len(said.references) > 1
    turned = replace(said, references=said.references[::-1])
    assert refused(confirmed, "kr", "disclosure", turned) == {"exchange-turn"}


def test_a_confirmation_with_another_profile_than_was_asked_about(answered: Pair, copy: Path, bound: None) -> None:
    """Two profiles committed to under one id: the one that was answered is the one that is confirmed."""
    pair = answered.copied(copy)
    with open_side(pair.jp) as side:
        told = side.letter("answer")
        asked = {o.entry.id: o for o in side.letter("request").payload.remains}
    hit = told.payload.hits[0]
    first = asked[hit.remains]
    other = replace(first, entry=replace(first.entry, calls=first.entry.calls[:-1]))
    said = Confirmation(told.header.hash, (hit,), (other,))
    assert refused(pair, "jp", "confirmation", said) == {"exchange-turn"}
