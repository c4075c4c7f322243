"""Whose consent does not cover the exchange takes no part in it, at no step."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from exchange_sides import DAY, Pair, digest

from homeward.exchange.agreement import Agreement
from homeward.exchange.families_side import answer, compute, disclose
from homeward.exchange.inputs import Source, commit_inputs
from homeward.exchange.remains_side import confirm
from homeward.exchange.side import open_side
from homeward.faults import Refusal
from homeward.formats import read_case
from homeward.record import SYSTEM, Actor, create_record
from homeward.record.changes import ImportCase, OpenAccount, WithdrawConsent, preview_of
from homeward.record.consent_csv import read_consents


def rows(pair: Pair) -> list[str]:
    return (pair.root / "consents.csv").read_text(encoding="utf-8").splitlines()


def write(pair: Pair, lines: list[str]) -> None:
    (pair.root / "consents.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("consent-missing", lambda line: ""),
        ("consent-country", lambda line: line.replace("JP;KR", "KR")),
        ("consent-purpose", lambda line: line.replace("identification;exchange", "identification")),
        ("consent-ended", lambda line: line.replace("2026-01-01", "2026-07-01")),
    ],
)
def test_a_consent_that_does_not_cover_it(asked: Pair, copy: Path, code: str, change: object) -> None:
    pair = asked.copied(copy)
    header, first, *rest = rows(pair)
    write(pair, [header, change(first), *rest])  # type: ignore[operator]
    before = digest(pair.kr)
    with open_side(pair.kr) as side, pytest.raises(Refusal) as refused:
        answer(side, pair.source("families"))
    assert [f.code for f in refused.value.faults] == [code] and refused.value.rule
    assert refused.value.faults[0].sample == first.partition(",")[0].removeprefix("person:")
    assert digest(pair.kr) == before


def test_left_out_where_that_is_asked_for(asked: Pair, copy: Path) -> None:
    pair = asked.copied(copy)
    header, first, *rest = rows(pair)
    write(pair, [header, *rest])
    with open_side(pair.kr) as side:
        done = compute(side, pair.source("families", leave_out=True))
        names = side.committed.names
    person = first.partition(",")[0].removeprefix("person:")
    assert [f.code for f in done.left_out] == ["consent-missing"]
    assert names[f"sample:{person}"] not in done.seal.references
    assert len(done.seal.references) == 3


def test_withdrawn_between_the_answer_and_the_disclosure(answered: Pair, copy: Path) -> None:
    """A person of the remains' side confirmed the hit; the relative's data do not leave all the same."""
    pair = answered.copied(copy)
    with open_side(pair.jp) as side:
        confirm(side, DAY, ["first"])
    pair.carry(pair.jp)
    write(pair, rows(pair)[:1])
    before = digest(pair.kr)
    with open_side(pair.kr) as side, pytest.raises(Refusal) as refused:
        disclose(side, pair.source("families"), ["second"])
    assert {f.code for f in refused.value.faults} == {"consent-missing"} and digest(pair.kr) == before


def test_nobody_without_consent_is_committed(agreed: Pair, copy: Path) -> None:
    pair = agreed.copied(copy)
    header, first, *rest = rows(pair)
    write(pair, [header, *rest])
    with open_side(pair.kr) as side:
        agreement: Agreement = side.agreement
    bound, left = commit_inputs(agreement, "families", pair.source("families"))
    person = first.partition(",")[0].removeprefix("person:")
    assert [f.sample for f in left] == [person]
    assert f"sample:{person}" not in bound.names
    assert bound.inputs.leaves == agreement.families.inputs.leaves - 2


def test_a_case_that_changed_since_is_refused(asked: Pair, copy: Path) -> None:
    pair = asked.copied(copy)
    profiles = pair.root / "families-case" / "profiles.csv"
    header, first, *rest = profiles.read_text(encoding="utf-8").splitlines()
    profiles.write_text("\n".join([header, *rest]) + "\n", encoding="utf-8")
    with open_side(pair.kr) as side, pytest.raises(Refusal) as refused:
        answer(side, pair.source("families"))
    assert [f.code for f in refused.value.faults] == ["exchange-commitment"]
    assert refused.value.faults[0].sample == first.partition(",")[0]


@pytest.fixture
def recorded(asked: Pair, copy: Path) -> tuple[Pair, str]:
    """The families in a record, with their consents."""
    pair = asked.copied(copy)
    url = f"sqlite:///{copy}/families.db"
    record = create_record(url)
    record.apply(OpenAccount("cora", "Cora", ("coordinator",)), SYSTEM)
    case = read_case(pair.root / "families-case")
    with record.view() as view:
        seen = preview_of(view, case)
    consents = read_consents(pair.root / "consents.csv")
    record.apply(ImportCase(case, seen.digest, consents=consents), Actor("cora", frozenset({"coordinator"})))
    record.engine.dispose()
    shutil.rmtree(pair.root / "families-case")
    return pair, url


def test_a_record_is_asked_through_its_own_door(recorded: tuple[Pair, str]) -> None:
    """The same hits as from the folder; and who withdrew there is refused here."""
    from homeward.record import open_record

    pair, url = recorded
    source = Source(url, DAY)
    with open_side(pair.kr) as side:
        done = compute(side, source)
    assert len(done.seal.references) == 4 and done.left_out == ()
    record = open_record(url)
    person = rows(pair)[1].partition(",")[0]
    record.apply(WithdrawConsent(person), Actor("cora", frozenset({"coordinator"})))
    record.engine.dispose()
    with open_side(pair.kr) as side:
        with pytest.raises(Refusal) as refused:
            compute(side, source)
        without = compute(side, Source(url, DAY, leave_out=True))
    assert refused.value.rule
    assert {f.sample for f in refused.value.faults} >= {person.removeprefix("person:")}
    assert len(without.seal.references) == 3
