"""A neutral auditor finds what either side's altered software did, and nothing in an honest exchange."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exchange_sides import DAY, Pair

import homeward.exchange.audit as auditing
import homeward.exchange.families_side as families_side
from homeward.exchange.audit import Finding, audit
from homeward.exchange.deposit import Deposit, deposit, read_deposit
from homeward.exchange.ending import conclude
from homeward.exchange.families_side import answer
from homeward.exchange.keys import Keys
from homeward.exchange.messages import Conclusion, Hit, Request
from homeward.exchange.remains_side import request_of
from homeward.exchange.side import Side, open_side
from homeward.faults import Fault, Refusal


def opened(pair: Pair, auditor: Keys) -> list[Deposit]:
    """What both sides give the auditor."""
    found = []
    for role, folder in (("remains", pair.jp), ("families", pair.kr)):
        with open_side(folder) as side:
            data, _ = deposit(side, pair.source(role, leave_out=True))  # type: ignore[arg-type]
            found.append(read_deposit(data, auditor.sealing, side.agreement))
    return found


def bag(pair: Pair) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for folder in (pair.jp, pair.kr) for p in (folder / "outbox").iterdir()}


def audited(pair: Pair, auditor: Keys, change: Callable[[dict[str, bytes]], None] = lambda b: None) -> list[Finding]:
    with open_side(pair.jp) as side:
        agreement = side.agreement
    travelled = bag(pair)
    change(travelled)
    return audit(agreement, travelled, auditor.sealing, opened(pair, auditor))


@pytest.fixture(scope="module")
def concluded(disclosed: Pair, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    pair = disclosed.copied(tmp_path_factory.mktemp("concluded") / "pair")
    for folder in (pair.jp, pair.kr):
        with open_side(folder) as side:
            conclude(side, DAY, ["first", "second"])
        pair.carry(folder)
    return pair


@pytest.fixture
def no_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Software that checks nothing, on both sides."""
    monkeypatch.setattr(Side, "_check", lambda self, letter, day: None)


def test_an_honest_exchange(concluded: Pair, auditor: Keys) -> None:
    assert audited(concluded, auditor) == []


def test_a_bag_that_was_touched(concluded: Pair, auditor: Keys) -> None:
    def lost(travelled: dict[str, bytes]) -> None:
        del travelled[next(n for n in travelled if "answer" in n)]

    def flipped(travelled: dict[str, bytes]) -> None:
        name = next(n for n in travelled if "confirmation" in n)
        travelled[name] = travelled[name][:-1] + bytes([travelled[name][-1] ^ 1])

    assert {f.code for f in audited(concluded, auditor, lost)} >= {"missing-letter"}
    assert {f.code for f in audited(concluded, auditor, flipped)} >= {"unreadable-letter", "missing-letter"}


def test_another_letter_in_the_bag_than_the_one_that_arrived(
    asked: Pair, answered: Pair, copy: Path, auditor: Keys
) -> None:
    """Both are signed and sealed, and bear one number: the logs tell them apart."""
    other = asked.copied(copy)
    with open_side(other.kr) as side:
        envelope, _ = answer(side, other.source("families"))
        second = envelope.read_bytes()

    def swapped(travelled: dict[str, bytes]) -> None:
        travelled[next(n for n in travelled if "answer" in n)] = second

    found = audited(answered, auditor, swapped)
    assert {f.code for f in found} >= {"missing-letter", "altered-log"}
    assert sum(f.code == "missing-letter" for f in found) == 2, "either side's log has the one that arrived"


def test_a_query_that_was_never_committed_to(agreed: Pair, copy: Path, auditor: Keys, no_rules: None) -> None:
    """Both sides' software lets a crafted profile through; its opening does not lie."""
    pair = agreed.copied(copy)
    with open_side(pair.jp) as side:
        asked, _ = request_of(side, pair.source("remains"))
        entry = asked.remains[0].entry
        crafted = replace(asked.remains[0], entry=replace(entry, calls=entry.calls[3:]))
        side.send("request", Request((crafted, *asked.remains[1:])), DAY)
    pair.carry(pair.jp)
    with open_side(pair.kr) as side:
        answer(side, pair.source("families"))
    pair.carry(pair.kr)
    found = [f for f in audited(pair, auditor) if f.code == "forged-query"]
    assert [(f.letter, f.subject) for f in found] == [("remains 1", entry.id)]


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("withheld-hit", lambda hits: hits[1:]),
        ("invented-hit", lambda hits: (*hits, Hit(hits[0].remains, "b" * 16, "c" * 16, None))),
    ],
)
def test_hits_that_are_not_those_of_the_inputs(
    asked: Pair, copy: Path, auditor: Keys, monkeypatch: pytest.MonkeyPatch, code: str, change: Callable[..., Any]
) -> None:
    pair = asked.copied(copy)
    real = families_side.hits_of
    monkeypatch.setattr(families_side, "hits_of", lambda *given: change(real(*given)))
    with open_side(pair.kr) as side:
        answer(side, pair.source("families"))
    pair.carry(pair.kr)
    assert [f.code for f in audited(pair, auditor)] == [code]


def test_tables_that_were_altered(asked: Pair, copy: Path, auditor: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hits are the same, and the seal tells that they were computed otherwise."""
    pair = asked.copied(copy)
    real = families_side.weighed

    def other(agreement: Any, *given: Any) -> Any:
        (table,) = agreement.panel.tables
        first, rows = next(iter(table.markers.items()))
        halved = {a: v / 2 for a, v in rows.items()} | {next(iter(rows)): 0.5}
        changed = replace(table, markers={**table.markers, first: halved})
        return real(replace(agreement, panel=replace(agreement.panel, tables=(changed,))), *given)

    monkeypatch.setattr(families_side, "weighed", other)
    with open_side(pair.kr) as side:
        answer(side, pair.source("families"))
    pair.carry(pair.kr)
    assert [f.code for f in audited(pair, auditor)] == ["altered-tables"]


def test_a_family_that_was_not_compared(
    asked: Pair, copy: Path, auditor: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Left out without a reason that anybody knows of: a note, for a person to ask about."""
    pair = asked.copied(copy)
    real = families_side.families_of
    with open_side(pair.kr) as side:
        hits = {h.family for h in families_side.compute(side, pair.source("families")).answer.hits}

    def fewer(*given: Any) -> Any:
        found = real(*given)
        dropped = next(o.entry.id for o in found.families if o.entry.id not in hits)
        return replace(
            found,
            families=tuple(o for o in found.families if o.entry.id != dropped),
            references=tuple(r for r in found.references if r.entry.family != dropped),
        )

    monkeypatch.setattr(families_side, "families_of", fewer)
    with open_side(pair.kr) as side:
        answer(side, pair.source("families"))
    pair.carry(pair.kr)
    monkeypatch.setattr(families_side, "families_of", real)
    assert {(f.code, f.is_note) for f in audited(pair, auditor)} == {("left-out", True)}


def test_inputs_that_are_not_opened(answered: Pair, auditor: Keys) -> None:
    with open_side(answered.kr) as side:
        agreement = side.agreement
    remains, families = opened(answered, auditor)
    fewer = replace(families, references=families.references[1:])
    found = audit(agreement, bag(answered), auditor.sealing, [remains, fewer])
    assert {f.code for f in found} == {"left-out", "not-opened"}
    found = audit(agreement, bag(answered), auditor.sealing, [])
    assert {f.code for f in found} == {"no-deposit"}
    reference = families.references[0]
    false = replace(reference, entry=replace(reference.entry, calls=reference.entry.calls[1:]))
    found = audit(
        agreement,
        bag(answered),
        auditor.sealing,
        [remains, replace(families, references=(false, *families.references[1:]))],
    )
    assert {f.code for f in found} >= {"false-deposit", "altered-tables"}


def test_a_log_that_was_written_anew(answered: Pair, auditor: Keys) -> None:
    with open_side(answered.kr) as side:
        agreement = side.agreement
    remains, families = opened(answered, auditor)
    for log in (remains.log[1:], (replace(remains.log[0], day="2026-05-01"), *remains.log[1:])):
        found = audit(agreement, bag(answered), auditor.sealing, [replace(remains, log=log), families])
        assert {f.code for f in found} == {"altered-log"}


def test_a_conclusion_over_another_result(disclosed: Pair, copy: Path, auditor: Keys, no_rules: None) -> None:
    pair = disclosed.copied(copy)
    with open_side(pair.jp) as side:
        said = Conclusion(side.letter("disclosure").header.hash, "1" * 64, "homeward 0", ())
        side.send("conclusion", said, DAY)
    pair.carry(pair.jp)
    (found,) = audited(pair, auditor)
    assert (found.code, found.letter, found.subject) == ("broken-rule", "remains 3", "exchange-differs")


def test_a_deposit_is_for_the_auditor_alone_and_signed(answered: Pair, auditor: Keys) -> None:
    with open_side(answered.kr) as side:
        data, _ = deposit(side, answered.source("families"))
        agreement, secret = side.agreement, side.keys.sealing
    with pytest.raises(Refusal) as refused:
        read_deposit(data, secret, agreement)
    assert [f.code for f in refused.value.faults] == ["exchange-unreadable"]
    swapped = replace(agreement, families=replace(agreement.families, signing=agreement.remains.signing))
    with pytest.raises(Refusal) as refused:
        read_deposit(data, auditor.sealing, swapped)
    assert [f.code for f in refused.value.faults] == ["exchange-signature"]


def test_an_answer_that_nobody_can_compute(answered: Pair, auditor: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit ends with a finding, not with a refusal."""

    def unanswered(*given: Any, **more: Any) -> Any:
        raise Refusal([Fault("not-converged", "there is no joint answer")])

    monkeypatch.setattr(auditing, "weighed", unanswered)
    assert [(f.code, f.is_note) for f in audited(answered, auditor)] == [("not-computed", False)]


def test_a_reference_left_out_of_the_computation(
    asked: Pair, copy: Path, auditor: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seal and answer fit each other, and the deposit is whole: only the whole computed anew shows the hit."""
    pair = asked.copied(copy)
    real = families_side.families_of
    with open_side(pair.kr) as side:
        hit = families_side.compute(side, pair.source("families")).answer.hits[0]

    def fewer(side: Side, source: Any) -> Any:
        found = real(side, source)
        return replace(found, references=tuple(o for o in found.references if o.entry.family != hit.family))

    with monkeypatch.context() as patch, open_side(pair.kr) as side:
        patch.setattr(families_side, "families_of", fewer)
        answer(side, pair.source("families"))
    pair.carry(pair.kr)
    found = audited(pair, auditor)
    assert "left-out" in {f.code for f in found}
    withheld = [f for f in found if f.code == "withheld-hit"]
    assert f"{hit.remains} {hit.family}/{hit.missing}" in [f.subject for f in withheld]


def test_an_opening_counts_once(answered: Pair, auditor: Keys) -> None:
    """A deposit cannot hide what it lacks by opening something twice."""
    with open_side(answered.jp) as side:
        agreement = side.agreement
    ours, theirs = opened(answered, auditor)
    padded = replace(theirs, references=(theirs.references[0],) * (len(theirs.references) + 1))
    found = audit(agreement, bag(answered), auditor.sealing, [ours, padded])
    assert any(f.code == "left-out" and f.subject == "families" for f in found)
