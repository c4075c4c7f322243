"""A round of the private match between two sides, in a ring that is far too small for anything but a test."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from exchange_sides import DAY, TERMS, Pair, a_pair, digest, few_loci

from homeward.cli import exchange_private
from homeward.exchange.ending import agreed_by_both, conclude, delete_theirs
from homeward.exchange.entries import KinDoubt
from homeward.exchange.families_side import disclose
from homeward.exchange.form import read_form
from homeward.exchange.inputs import families_of, remains_of
from homeward.exchange.keys import Keys
from homeward.exchange.matching import private_terms, profile_of
from homeward.exchange.messages import FIRST, Decision, Query
from homeward.exchange.private import Reply as Match
from homeward.exchange.private import plain_hits
from homeward.exchange.private_asking import decide, hits_here
from homeward.exchange.private_replying import Places, _at_home, _scores
from homeward.exchange.side import open_side
from homeward.exchange.state import due
from homeward.faults import Refusal, silent

RING = 2048
PRIVATE = """[private]
threshold = 1.5
margin = 9.0
steps = 64
ring = 16384
statistical_bits = 40
min_typed_loci = 5
dropout = []
reveal_scores = false
[quotas]"""


@pytest.fixture(scope="module")
def agreed(tmp_path_factory: pytest.TempPathFactory, auditor: Keys) -> Pair:
    """A private match alone is agreed on."""
    terms = re.sub(r"\[plain\].*?\[quotas\]", PRIVATE, TERMS, flags=re.DOTALL)
    return a_pair(tmp_path_factory.mktemp("private") / "pair", terms, few_loci, auditor.card)


@pytest.fixture(scope="module")
def commands() -> Iterator[None]:
    """The commands on the day of the test, in the small ring, which no option of theirs can choose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange_private, "today", lambda: DAY)
        for name in ("ask_privately", "reply_privately", "decide_hits", "hits_here"):
            patch.setattr(exchange_private, name, partial(getattr(exchange_private, name), ring_for_tests=RING))
        yield


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, commands: None, agreed: Pair) -> Pair:
    pair = agreed.copied(tmp_path_factory.mktemp("asked") / "pair")
    exchange_private.ask(pair.jp, str(pair.root / "remains-case"), [], False, True)
    pair.carry(pair.jp)
    return pair


@pytest.fixture(scope="module")
def replied(tmp_path_factory: pytest.TempPathFactory, commands: None, asked: Pair) -> Pair:
    pair = asked.copied(tmp_path_factory.mktemp("replied") / "pair")
    exchange_private.reply(pair.kr, str(pair.root / "families-case"), pair.root / "consents.csv", False, True)
    pair.carry(pair.kr)
    return pair


def places(pair: Pair) -> tuple[str, ...]:
    """Who stands where, as only the families' side knows."""
    return read_form(Places, (pair.kr / "results" / "0001-places.json").read_bytes()).places


def test_the_hits_are_those_in_clear(replied: Pair) -> None:
    with open_side(replied.jp) as ours, open_side(replied.kr) as theirs:
        terms = private_terms(ours.agreement)
        openings, _ = remains_of(ours, replied.source("remains"))
        scores, left = _scores(theirs.agreement, terms, families_of(theirs, replied.source("families")), silent)
        found = plain_hits(terms, [profile_of(terms, o.entry) for o in openings], scores)
        who = places(replied)
        hits = {(h.remains, who[h.place]) for h in hits_here(ours, ring_for_tests=RING)}
    assert not left
    assert hits == {(openings[r].entry.id, scores.ids[f]) for r, f in found} and len(hits) >= 2


def test_it_ends_in_names_that_both_sides_sign(replied: Pair, copy: Path) -> None:
    pair = replied.copied(copy)
    with open_side(pair.jp) as side:
        decide(side, DAY, ["reviewer-1"], ring_for_tests=RING)
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        _, left = disclose(side, pair.source("families"), ["reviewer-2"])
        assert not left and side.letter("disclosure").payload.families
    pair.carry(pair.kr)
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            conclude(side, DAY, ["first", "second"])
        pair.carry(folder)
    named = []
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            named.append(agreed_by_both(side))
            assert due(side.state) == FIRST
    assert named[0] == named[1] and named[0]
    with open_side(pair.jp) as side:
        delete_theirs(side, DAY)
    assert not list((pair.jp / "results").iterdir()), "the key is gone too"


def test_a_reply_is_ciphertexts_and_nothing_else_of_the_families_side(replied: Pair) -> None:
    data = (replied.kr / "letters" / "families-0001.json").read_bytes()
    payload = json.loads(data)["payload"]
    assert set(payload) == {"query", "sealed", "match"}
    assert re.fullmatch(r"[0-9a-f]{64}", payload["query"]) and re.fullmatch(r"[0-9a-f]{64}", payload["sealed"])
    with open_side(replied.kr) as side:
        terms = private_terms(side.agreement, ring_for_tests=RING)
        ids = set(side.committed.ids) | set(side.committed.names.values())
    match = Match.from_bytes(b64decode(payload["match"]), terms)
    assert len(match.parts) == terms.groups and match.to_bytes() == b64decode(payload["match"])
    assert not any(id.encode() in data for id in ids)
    assert len(places(replied)) == terms.families and sum(map(bool, places(replied))) < terms.families


def test_a_query_shows_no_typing_and_its_key_stays(asked: Pair) -> None:
    kept = asked.jp / "results" / "0001-asked.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    secret = json.loads(kept.read_bytes())["secret"]
    letter = (asked.jp / "letters" / "remains-0001.json").read_bytes()
    assert set(json.loads(letter)["payload"]) == {"remains", "match"}
    assert secret.encode() not in letter and b64decode(secret) not in b64decode(json.loads(letter)["payload"]["match"])
    assert all(re.fullmatch("[bcdfghjklmnpqrstvwxz]{16}", id) for id in json.loads(letter)["payload"]["remains"])
    assert not any(secret.encode() in p.read_bytes() for p in asked.kr.rglob("*") if p.is_file())


def test_hits_are_listed_and_leave_only_where_a_person_decided(
    replied: Pair, commands: None, copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pair = replied.copied(copy)
    exchange_private.decide(pair.jp, [], [])
    said = capsys.readouterr().out
    assert "R-0" in said and said.endswith(" hits\n")
    assert not list((pair.jp / "outbox").glob("*decision*"))
    exchange_private.decide(pair.jp, ["one"], [])
    assert len(list((pair.jp / "outbox").glob("*decision*"))) == 1


def test_what_the_agreement_does_not_allow_is_refused_and_changes_nothing(replied: Pair, copy: Path) -> None:
    pair = replied.copied(copy)
    before = digest(pair.jp)
    with open_side(pair.jp) as side:
        hits = hits_here(side, ring_for_tests=RING)
        for by, remains, code in ((["one"], ["b" * 16], "unknown-sample"), ([], [], "exchange-person")):
            with pytest.raises(Refusal) as refused:
                decide(side, DAY, by, remains, ring_for_tests=RING)
            assert [f.code for f in refused.value.faults] == [code]
        with pytest.raises(Refusal) as refused:
            hits_here(side)
        assert [f.code for f in refused.value.faults] == ["private-other-terms"], "a real agreement takes no small ring"
        with pytest.raises(Refusal) as refused:
            decide(side, "2027-01-01", ["one"], ring_for_tests=RING)
        assert "exchange-expired" in {f.code for f in refused.value.faults}
    assert hits and digest(pair.jp) == before


def test_a_family_that_whole_numbers_cannot_tell_is_named_as_at_home(replied: Pair) -> None:
    with open_side(replied.kr) as side:
        ours = families_of(side, replied.source("families"))
        terms = replace(private_terms(side.agreement), margin=0.001)
        scores, left = _scores(side.agreement, terms, ours, silent)
        told = [_at_home(side, fault) for fault in left]
        persons = set(side.committed.home("person").values())
    assert told and {f.code for f in told} == {"private-margin"}
    assert {f.sample for f in told} <= persons and len(scores.ids) + len(told) == 4


def test_a_family_of_doubted_parentage_is_left_to_the_plain_exchange(replied: Pair) -> None:
    with open_side(replied.kr) as side:
        ours = families_of(side, replied.source("families"))
        family, child = next(
            (o, k) for o in ours.families for k in o.entry.members if k.father in o.entry.missing and k.mother
        )
        doubted = replace(family.entry, doubts=(KinDoubt(child.id, None, child.mother, 0.1),))
        others = tuple(o for o in ours.families if o is not family)
        ours = replace(ours, families=(replace(family, entry=doubted), *others))
        scores, left = _scores(side.agreement, private_terms(side.agreement), ours, silent)
    assert [(f.code, f.value) for f in left] == [("private-doubt", f"{doubted.id}/{doubted.missing[0]}")]
    assert len(scores.ids) == 3 and not any(id.startswith(doubted.id) for id in scores.ids)


def test_a_decision_says_what_the_agreement_lets_it_say(replied: Pair) -> None:
    with open_side(replied.jp) as side:
        hit = hits_here(side, ring_for_tests=RING)[0]
        openings, _ = remains_of(side, replied.source("remains"))
        (shown,) = (o for o in openings if o.entry.id == hit.remains)
        others = tuple(o for o in openings if o.entry.id != hit.remains)
        reply = side.letter("reply").header.hash
        right = Decision(reply, (hit,), (shown,))
        forged = replace(shown, entry=replace(shown.entry, calls=shown.entry.calls[1:]))
        assert side.preview("decision", right, DAY)
        for wrong, code in (
            (replace(right, reply="0" * 64), "exchange-chain"),
            (replace(right, hits=()), "exchange-turn"),
            (replace(right, hits=(replace(hit, place=9),)), "exchange-turn"),
            (replace(right, hits=(replace(hit, remains="b" * 16),)), "exchange-turn"),
            (replace(right, remains=others), "exchange-turn"),
            (replace(right, hits=(replace(hit, score=3),)), "exchange-outside"),
            (replace(right, remains=(forged,)), "exchange-commitment"),
        ):
            with pytest.raises(Refusal) as refused:
                side.preview("decision", wrong, DAY)
            assert {f.code for f in refused.value.faults} == {code} and refused.value.rule


def test_quotas_and_turns_hold_as_for_requests(asked: Pair, copy: Path) -> None:
    pair = asked.copied(copy)
    with open_side(pair.kr) as side, pytest.raises(Refusal) as refused:
        side.preview("query", Query(("b" * 16,), "AAAA"), DAY)
    assert "exchange-turn" in {f.code for f in refused.value.faults}
    with open_side(pair.jp) as side:
        side.state = replace(side.state, letters=())
        many = Query(tuple(c * 16 for c in "bcdfg"), "AAAA")
        with pytest.raises(Refusal) as refused:
            side.preview("query", many, DAY)
        assert {f.code for f in refused.value.faults} == {"exchange-quota"}


def test_a_pair_that_is_no_hit_is_not_disclosed(replied: Pair, copy: Path) -> None:
    """Whoever calls another place a hit learns nothing of who stands there."""
    pair = replied.copied(copy)
    who = places(pair)
    with open_side(pair.jp) as side:
        hits = hits_here(side, ring_for_tests=RING)
        right = {(h.remains, h.place) for h in hits}
        false = next(p for p, w in enumerate(who) if w and (hits[0].remains, p) not in right)
        openings, _ = remains_of(side, pair.source("remains"))
        shown = tuple(o for o in openings if o.entry.id == hits[0].remains)
        said = Decision(side.letter("reply").header.hash, (replace(hits[0], place=false),), shown)
        side.send("decision", said, DAY, by=("one",))
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        _, left = disclose(side, pair.source("families"), ["two"])
        assert [f.code for f in left] == ["private-no-hit"]
        assert side.letter("disclosure").payload.families == ()
