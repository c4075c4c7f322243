"""One round from end to end: what both sides end with, and what they do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from exchange_sides import DAY, Pair

from homeward.exchange import families_side
from homeward.exchange.ending import agreed_by_both, conclude, delete_theirs, result_here
from homeward.exchange.families_side import Families, disclose, disclosure_of
from homeward.exchange.inputs import Source
from homeward.exchange.messages import FIRST
from homeward.exchange.remains_side import confirm, request
from homeward.exchange.side import Side, open_side
from homeward.exchange.state import due, log_faults
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.genetics import scenarios_of
from homeward.identify import identify


def test_both_sides_compute_the_same_bytes_and_sign_the_same_names(disclosed: Pair, copy: Path) -> None:
    pair = disclosed.copied(copy)
    results = []
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            results.append(result_here(side).result)
            conclude(side, DAY, ["first", "second"])
        pair.carry(folder)
    assert results[0] == results[1] and results[0].startswith(b"{")
    named = []
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            named.append(agreed_by_both(side))
            assert due(side.state) == FIRST
            assert not list(log_faults(side.state.log, side.keys.card.signing))
    assert named[0] == named[1] and len(named[0]) >= 2


def test_the_hits_are_those_of_the_case_in_one_hand(answered: Pair) -> None:
    """Split in two, the incident gives the answer that it gives whole."""
    remains, families = (read_case(answered.root / name) for name in ("remains-case", "families-case"))
    whole = replace(
        families,
        remains=remains.remains,
        samples=(*remains.samples, *families.samples),
        typings=(*remains.typings, *families.typings),
    )
    joint = identify(whole, scenarios_of(whole), seed=1).joint
    assert joint is not None
    expected = {(row.sample, who) for row in joint.by_sample for who, p, _ in row.who if "/" in who and p >= 0.9}
    with open_side(answered.jp) as ours, open_side(answered.kr) as theirs:
        samples, persons = ours.committed.home("sample"), theirs.committed.home("person")
        hits = {(samples[h.remains], persons[h.missing]) for h in ours.letter("answer").payload.hits}
    assert hits == expected and len(hits) >= 2


def test_a_rival_that_was_not_disclosed_is_not_forgotten(
    disclosed: Pair, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The families' side signs no name that its whole answer does not propose."""
    import homeward.exchange.ending as ending

    pair = disclosed.copied(copy)
    monkeypatch.setattr(ending, "_answered", lambda side: ())
    with open_side(pair.jp) as side:
        conclude(side, DAY, ["first", "second"])
        assert side.letter("conclusion").payload.identified
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        conclude(side, DAY, ["first", "second"])
        assert side.letter("conclusion").payload.identified == ()
        assert agreed_by_both(side) == ()


def test_a_person_may_leave_a_name_unsigned(disclosed: Pair, copy: Path) -> None:
    pair = disclosed.copied(copy)
    with open_side(pair.jp) as side:
        named = result_here(side).named
        conclude(side, DAY, ["first", "second"], reject=[named[0].remains])
        assert {n.remains for n in side.letter("conclusion").payload.identified} == {n.remains for n in named[1:]}


def test_what_was_declined_is_not_disclosed(answered: Pair, copy: Path) -> None:
    pair = answered.copied(copy)
    with open_side(pair.jp) as side:
        hits = side.letter("answer").payload.hits
        confirm(side, DAY, ["first"])
    pair.carry(pair.jp)
    families = sorted({h.family for h in hits})
    with open_side(pair.kr) as side:
        disclose(side, pair.source("families"), ["second"], decline=families[:1])
        assert {o.entry.id for o in side.letter("disclosure").payload.families} == set(families[1:])
    pair.carry(pair.kr)
    with open_side(pair.jp) as side:
        assert {n.family for n in result_here(side).named} <= set(families[1:])


@pytest.mark.parametrize("people", [[], ["only-one", "only-one"]])
def test_nothing_is_concluded_without_two_persons(disclosed: Pair, copy: Path, people: list[str]) -> None:
    pair = disclosed.copied(copy)
    with open_side(pair.jp) as side, pytest.raises(Refusal) as refused:
        conclude(side, DAY, people)
    assert [f.code for f in refused.value.faults] == ["exchange-person"] and refused.value.rule


def test_after_the_receipt_nothing_of_the_other_side_is_left(disclosed: Pair, copy: Path) -> None:
    pair = disclosed.copied(copy)
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            conclude(side, DAY, ["first", "second"])
        pair.carry(folder)
    with open_side(pair.jp) as side:
        ids = {o.entry.id for o in side.letter("disclosure").payload.references}
        delete_theirs(side, DAY)
    left = b"".join(p.read_bytes() for p in pair.jp.rglob("*") if p.is_file())
    assert ids and not any(id.encode() in left for id in ids)
    assert not list((pair.jp / "results").iterdir())
    with open_side(pair.kr) as side:
        delete_theirs(side, DAY)
    assert [p.name[5:] for p in (pair.kr / "results").iterdir()] == ["seal.json"]
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        theirs = [k.header.payload for k in side.state.letters if k.sent and k.header.kind != "receipt"]
        assert set(side.letter("receipt").payload.deleted) == set(theirs)


def test_a_second_round_may_follow_and_a_third_is_over_the_quota(answered: Pair, copy: Path) -> None:
    from homeward.exchange.families_side import answer

    pair = answered.copied(copy)
    with open_side(pair.jp) as side:
        request(side, pair.source("remains"), ["R-01"])
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        answer(side, pair.source("families"))
        assert side.letter("answer").payload.compared_remains == 1
    pair.carry(pair.kr)
    with open_side(pair.jp) as side, pytest.raises(Refusal) as refused:
        request(side, pair.source("remains"))
    assert [f.code for f in refused.value.faults] == ["exchange-quota"] and refused.value.rule


def test_one_pedigree_is_declined_whole_or_not_at_all(
    answered: Pair, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A family that shares a person with a disclosed one would travel with it, whatever was said of it."""
    pair = answered.copied(copy)
    with open_side(pair.jp) as side:
        confirm(side, DAY, ["first"])
        hits = sorted({h.family for h in side.letter("answer").payload.hits})
    pair.carry(pair.jp)
    real = families_side.families_of

    def sharing(side: Side, source: Source) -> Families:
        """The second of the families of hits has a member of the first."""
        found = real(side, source)
        first = next(o.entry for o in found.families if o.entry.id == hits[0])
        families = tuple(
            replace(o, entry=replace(o.entry, members=(*o.entry.members, first.members[0])))
            if o.entry.id == hits[1]
            else o
            for o in found.families
        )
        return replace(found, families=families)

    monkeypatch.setattr(families_side, "families_of", sharing)
    source = pair.source("families")
    with open_side(pair.kr) as side:
        home = side.committed.home("family")
        with pytest.raises(Refusal) as refused:
            disclosure_of(side, source, [hits[1]])
        (fault,) = refused.value.faults
        assert fault.code == "bad-argument" and fault.sample == home[hits[1]]
        assert hits[0] in fault.message and home[hits[0]] in fault.message
        assert not {o.entry.id for o in disclosure_of(side, source, hits)[0].families} & set(hits)
        with pytest.raises(Refusal):
            disclosure_of(side, source, ["b" * 16])
