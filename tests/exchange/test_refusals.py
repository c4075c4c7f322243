"""Whatever is wrong with an envelope, it is refused with its reason and not a byte of the folder changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exchange_sides import DAY, Pair, a_pair, digest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeward.exchange.ending import delete_theirs
from homeward.exchange.entries import Call
from homeward.exchange.envelope import LARGEST, Header, Letter, letter_bytes, write_letter
from homeward.exchange.families_side import answer
from homeward.exchange.form import read_form
from homeward.exchange.keys import Card, Keys, new_keys
from homeward.exchange.messages import Answer, Hit, Receipt, Request
from homeward.exchange.remains_side import request, request_of
from homeward.exchange.sealing import seal
from homeward.exchange.side import Side, open_side
from homeward.faults import Refusal

SLOW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="session")
def on_its_way(tmp_path_factory: pytest.TempPathFactory, agreed: Pair) -> tuple[Pair, bytes]:
    """Two sides, and the envelope of a request that has not arrived."""
    pair = agreed.copied(tmp_path_factory.mktemp("on-its-way") / "pair")
    with open_side(pair.jp) as side:
        envelope, _ = request(side, pair.source("remains"))
    return pair, envelope.read_bytes()


def refused(folder: Path, envelope: bytes, day: str = DAY) -> list[str]:
    """The codes with which a folder refuses an envelope; and it is as it was before."""
    before = digest(folder)
    with pytest.raises(Refusal) as refusal, open_side(folder) as side:
        side.receive(envelope, day)
    assert digest(folder) == before
    return [f.code for f in refusal.value.faults]


@SLOW
@given(at=st.integers(0, 2**30), bit=st.integers(0, 7))
def test_a_flipped_bit(on_its_way: tuple[Pair, bytes], at: int, bit: int) -> None:
    pair, envelope = on_its_way
    changed = bytearray(envelope)
    changed[at % len(envelope)] ^= 1 << bit
    assert refused(pair.kr, bytes(changed)) == ["exchange-unreadable"]


@SLOW
@given(cut=st.integers(0, 2**30), more=st.binary(max_size=40))
def test_a_cut_or_lengthened_envelope(on_its_way: tuple[Pair, bytes], cut: int, more: bytes) -> None:
    pair, envelope = on_its_way
    changed = envelope[: cut % len(envelope)] + more
    if changed != envelope:
        assert refused(pair.kr, changed) == ["exchange-unreadable"]


@SLOW
@given(data=st.data())
def test_other_bytes_under_the_seal(on_its_way: tuple[Pair, bytes], data: st.DataObject) -> None:
    """Somebody who may seal for a side, and has no key of the other: nothing of a letter can be changed."""
    pair, _ = on_its_way
    letter = (pair.jp / "letters" / "remains-0001.json").read_bytes()
    ours = read_form(Card, (pair.kr / "card.json").read_bytes()).sealing
    changed = bytearray(letter)
    changed[data.draw(st.integers(0, len(letter) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert set(refused(pair.kr, seal(bytes(changed), [ours]))) <= {"exchange-form", "exchange-signature"}


@pytest.fixture(scope="session")
def numbered(tmp_path_factory: pytest.TempPathFactory, agreed: Pair) -> tuple[Pair, list[bytes]]:
    """Five letters of one side that are out of any turn."""
    pair = agreed.copied(tmp_path_factory.mktemp("numbered") / "pair")
    for _ in range(5):
        with open_side(pair.jp) as side:
            delete_theirs(side, DAY)
    return pair, [p.read_bytes() for p in sorted((pair.jp / "outbox").iterdir())]


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(order=st.lists(st.integers(0, 4), min_size=1, max_size=8))
def test_letters_in_any_order(
    numbered: tuple[Pair, list[bytes]], tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    """Whatever is lost, repeated or overtaken: what is taken is the letters in their order, none left out."""
    pair, envelopes = numbered
    folder = tmp_path_factory.mktemp("order") / "kr"
    shutil.copytree(pair.kr, folder)
    taken = 0
    for i in order:
        if i == taken:
            with open_side(folder) as side:
                side.receive(envelopes[i], DAY)
            taken += 1
        else:
            assert refused(folder, envelopes[i]) == ["exchange-replay" if i < taken else "exchange-order"]
    with open_side(folder) as side:
        assert [h.number for h in side.state.of("remains")] == list(range(1, taken + 1))
    shutil.rmtree(folder.parent)


def forged(
    side: Side, payload: Any, header: Callable[[Header], Header] = lambda h: h, keys: Keys | None = None
) -> bytes:
    """An envelope whose sender has the keys and does not care for the rules."""
    kinds: dict[type, Any] = {Request: "request", Answer: "answer", Receipt: "receipt"}
    last = side.preview("receipt", Receipt((), DAY), DAY).header
    letter = write_letter(keys or side.keys, header(replace(last, kind=kinds[type(payload)])), payload)
    return seal(letter_bytes(letter), [side.agreement.other(side.role).sealing])


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("exchange-agreement", lambda h: replace(h, agreement="1" * 64)),
        ("exchange-expired", lambda h: replace(h, sent="2025-12-31")),
        ("exchange-expired", lambda h: replace(h, sent="2027-01-01")),
        ("exchange-replay", lambda h: replace(h, number=0)),
        ("exchange-order", lambda h: replace(h, number=h.number + 1)),
        ("exchange-chain", lambda h: replace(h, previous="1" * 64)),
        ("exchange-chain", lambda h: replace(h, heard=1)),
        ("exchange-chain", lambda h: replace(h, heard_hash="1" * 64)),
        ("exchange-signature", lambda h: replace(h, sender="families")),
    ],
)
def test_a_header_that_cannot_be(agreed: Pair, code: str, change: Callable[[Header], Header]) -> None:
    with open_side(agreed.jp) as side:
        asked, _ = request_of(side, agreed.source("remains"))
        envelope = forged(side, asked, change)
    assert refused(agreed.kr, envelope) == [code]


def test_a_log_that_became_shorter(asked: Pair) -> None:
    with open_side(asked.jp) as side:
        envelope = forged(side, Receipt((), DAY), lambda h: replace(h, log_length=1))
    assert refused(asked.kr, envelope) == ["exchange-chain"]


def test_another_key(agreed: Pair) -> None:
    with open_side(agreed.jp) as side:
        asked, _ = request_of(side, agreed.source("remains"))
        envelope = forged(side, asked, keys=new_keys("remains-office", "JP"))
    assert refused(agreed.kr, envelope) == ["exchange-signature"]


def test_a_payload_that_was_not_signed(agreed: Pair) -> None:
    with open_side(agreed.jp) as side:
        asked, _ = request_of(side, agreed.source("remains"))
        letter = side.preview("request", asked, DAY)
        other = Letter(letter.header, Request(asked.remains[:1]), letter.signature)
        envelope = seal(letter_bytes(other), [side.agreement.families.sealing])
    assert refused(agreed.kr, envelope) == ["exchange-form"]


def test_a_letter_that_is_not_due(asked: Pair) -> None:
    with open_side(asked.jp) as side:
        again = forged(side, side.letter("request").payload)
    assert refused(asked.kr, again) == ["exchange-turn"]


def test_ones_own_letter_comes_back(on_its_way: tuple[Pair, bytes]) -> None:
    """It is not even sealed for its sender."""
    pair, envelope = on_its_way
    assert refused(pair.jp, envelope) == ["exchange-unreadable"]


def test_after_the_last_day(on_its_way: tuple[Pair, bytes]) -> None:
    pair, envelope = on_its_way
    assert refused(pair.kr, envelope, "2027-01-01") == ["exchange-expired"]


@pytest.mark.parametrize(
    ("codes", "change"),
    [
        (
            {"exchange-commitment", "exchange-outside"},
            lambda e: replace(e, calls=(*e.calls, Call("DYS19", ("14",), 1))),
        ),
        ({"exchange-commitment", "exchange-outside"}, lambda e: replace(e, calls=(Call("TH01", ("77",), 1), *e.calls))),
        ({"exchange-commitment", "exchange-outside"}, lambda e: replace(e, calls=(Call("TH01", ("6",), 0), *e.calls))),
        ({"exchange-commitment", "exchange-outside"}, lambda e: replace(e, element="femur")),
        ({"exchange-commitment", "exchange-outside"}, lambda e: replace(e, dropout=0)),
        ({"exchange-commitment", "exchange-few-loci"}, lambda e: replace(e, calls=e.calls[:2])),
        ({"exchange-commitment"}, lambda e: replace(e, calls=e.calls[1:])),
        ({"exchange-commitment"}, lambda e: replace(e, sex="female")),
    ],
    ids=["marker", "allele", "replicate", "element", "dropout", "few", "crafted", "sex"],
)
def test_a_profile_outside_the_agreement(agreed: Pair, codes: set[str], change: Callable[[Any], Any]) -> None:
    """A crafted profile is none that was committed to, so it is refused before anything is computed."""
    with open_side(agreed.jp) as side:
        asked, _ = request_of(side, agreed.source("remains"))
        first = replace(asked.remains[0], entry=change(asked.remains[0].entry))
        envelope = forged(side, Request((first, *asked.remains[1:])))
    assert set(refused(agreed.kr, envelope)) == codes


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("exchange-chain", lambda a: replace(a, request="1" * 64)),
        ("exchange-turn", lambda a: replace(a, compared_remains=3)),
        ("exchange-quota", lambda a: replace(a, compared_families=10)),
        ("exchange-turn", lambda a: replace(a, hits=(*a.hits, a.hits[0]))),
        ("exchange-turn", lambda a: replace(a, hits=(replace(a.hits[0], remains="b" * 16),))),
        ("exchange-outside", lambda a: replace(a, hits=(replace(a.hits[0], log10_lr=5.0),))),
    ],
)
def test_an_answer_that_does_not_fit(
    asked: Pair, answered: Pair, code: str, change: Callable[[Answer], Answer]
) -> None:
    with open_side(answered.kr) as side:
        good: Answer = side.letter("answer").payload
    with open_side(asked.kr) as side:
        envelope = forged(side, change(good))
    assert refused(asked.jp, envelope) == [code]


def test_its_own_software_does_not_send_what_the_other_would_refuse(asked: Pair) -> None:
    before = digest(asked.kr)
    hit = Hit("b" * 16, "c" * 16, "d" * 16, None)
    with open_side(asked.kr) as side, pytest.raises(Refusal) as refusal:
        side.send("answer", Answer(side.letter("request").header.hash, (hit,), 4, 4, "0" * 64), DAY)
    assert {f.code for f in refusal.value.faults} == {"exchange-turn"} and digest(asked.kr) == before


def test_more_remains_than_agreed(tmp_path: Path) -> None:
    pair = a_pair(tmp_path / "pair", change=lambda a: replace(a, quotas=replace(a.quotas, remains=3, families=2)))
    with open_side(pair.jp) as side:
        before = digest(pair.jp)
        with pytest.raises(Refusal) as refusal:
            request(side, pair.source("remains"))
        assert {f.code for f in refusal.value.faults} == {"exchange-quota"} and digest(pair.jp) == before
        asked, _ = request_of(side, pair.source("remains"), ["R-01", "R-02", "R-03"])
        side.send("request", asked, DAY)
    pair.carry(pair.jp)
    with open_side(pair.kr) as side, pytest.raises(Refusal) as refusal:
        answer(side, pair.source("families"))
    assert {f.code for f in refusal.value.faults} == {"exchange-quota"}


def test_a_changed_log_is_seen_when_the_folder_is_opened(asked: Pair, copy: Path) -> None:
    pair = asked.copied(copy)
    state = pair.kr / "state.json"
    state.write_bytes(state.read_bytes().replace(b'"day":"2026-06-01"', b'"day":"2026-06-02"', 1))
    with pytest.raises(Refusal) as refusal, open_side(pair.kr):
        pass
    assert {f.code for f in refusal.value.faults} == {"exchange-log"}


def test_a_changed_agreement_is_seen_too(agreed: Pair, copy: Path) -> None:
    pair = agreed.copied(copy)
    file = pair.kr / "agreement.json"
    file.write_bytes(file.read_bytes().replace(b'"exchanges":2', b'"exchanges":9'))
    with pytest.raises(Refusal) as refusal, open_side(pair.kr):
        pass
    assert {f.code for f in refusal.value.faults} == {"exchange-signature"}


def test_two_letters_under_one_number(agreed: Pair, copy: Path) -> None:
    """Of a sender who restored a backup, or tells each reader something else; the same letter again is harmless."""
    pair = agreed.copied(copy)
    other = pair.copied(copy.with_name("backup"))
    envelopes = []
    for each in (pair, other):
        with open_side(each.jp) as side:
            envelope, _ = request(side, each.source("remains"))
            envelopes.append(envelope.read_bytes())
            day = "2026-06-02"
            if each is other:
                header = replace(side.letter("request").header, sent=day)
                letter = write_letter(side.keys, header, side.letter("request").payload)
                envelopes.append(seal(letter_bytes(letter), [side.agreement.families.sealing]))
    pair.carry(pair.jp)
    assert refused(pair.kr, envelopes[0]) == ["exchange-replay"]
    assert refused(pair.kr, envelopes[2], "2026-06-02") == ["exchange-chain"]


def test_an_envelope_that_is_too_large(on_its_way: tuple[Pair, bytes]) -> None:
    """It is not opened: whoever has the public card could fill the memory of its owner."""
    pair, _ = on_its_way
    ours = read_form(Card, (pair.kr / "card.json").read_bytes()).sealing
    assert refused(pair.kr, seal(b"0" * LARGEST, [ours])) == ["exchange-unreadable"]
    assert refused(pair.kr, seal(b"0" * (LARGEST // 2), [ours])) == ["exchange-form"]
