"""From a proposal to an agreement in force: nobody signs what is not bound, and nobody is bound to what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from exchange_sides import DAY, TERMS, Pair, digest

from homeward.exchange.form import read_form, written
from homeward.exchange.inputs import commit_inputs
from homeward.exchange.proposal import propose, read_terms
from homeward.exchange.side import AGREEMENT, new_side, open_side
from homeward.exchange.signing import Signed, both_signed, sign
from homeward.faults import Refusal
from homeward.formats import read_case


@pytest.fixture
def signed(agreed: Pair) -> Signed:
    return read_form(Signed, (agreed.jp / AGREEMENT).read_bytes())


def codes(refusal: pytest.ExceptionInfo[Refusal]) -> list[str]:
    return [f.code for f in refusal.value.faults]


def test_nobody_signs_before_both_are_bound(agreed: Pair, tmp_path: Path) -> None:
    mine, theirs = new_side(tmp_path / "a", "a", "JP"), new_side(tmp_path / "b", "b", "KR")
    case = read_case(agreed.root / "remains-case")
    proposal = propose(case, read_terms(TERMS.encode()), "remains", mine, theirs, None)
    with open_side(tmp_path / "a") as side, pytest.raises(Refusal) as refused:
        sign(proposal, "remains", side.keys)
    assert codes(refused) == ["exchange-commitment"]


def test_a_signature_of_one_side_stands_for_one_side(agreed: Pair, signed: Signed) -> None:
    with open_side(agreed.jp) as side:
        twice = sign(sign(signed, "remains", side.keys), "families", side.keys)
    with pytest.raises(Refusal) as refused:
        both_signed(twice)
    assert codes(refused) == ["exchange-signature"]


def test_a_stranger_cannot_take_it(signed: Signed, tmp_path: Path) -> None:
    new_side(tmp_path / "c", "remains-office", "JP")
    before = digest(tmp_path / "c")
    with open_side(tmp_path / "c") as side, pytest.raises(Refusal) as refused:
        side.agree(written(signed), DAY)
    assert codes(refused) == ["exchange-agreement"] and digest(tmp_path / "c") == before


def test_it_is_taken_once_and_holds_the_inputs(agreed: Pair, signed: Signed) -> None:
    before = digest(agreed.jp)
    with open_side(agreed.jp) as side:
        for step in (lambda: side.agree(written(signed), DAY), lambda: side.put_inputs(side.committed)):
            with pytest.raises(Refusal) as refused:
                step()
            assert codes(refused) == ["target-exists"]
    assert digest(agreed.jp) == before


def test_inputs_committed_to_anew_are_other_inputs(agreed: Pair, signed: Signed, tmp_path: Path) -> None:
    """Salts and ids are fresh: the same case committed to twice has two roots."""
    import shutil

    for name in ("keys.json", "card.json"):
        (tmp_path / "again").mkdir(exist_ok=True)
        shutil.copyfile(agreed.jp / name, tmp_path / "again" / name)
    new_side(tmp_path / "empty", "x", "JP")
    for name in ("letters", "outbox", "results", "state.json"):
        (tmp_path / "empty" / name).rename(tmp_path / "again" / name)
    with open_side(tmp_path / "again") as side:
        roots = set()
        for _ in range(2):
            bound, left = commit_inputs(signed.agreement, "remains", agreed.source("remains"))
            assert left == [] and bound.inputs.leaves == signed.agreement.remains.inputs.leaves
            side.put_inputs(bound)
            roots.add(side.committed.inputs.root)
        assert len(roots | {signed.agreement.remains.inputs.root}) == 3
        with pytest.raises(Refusal) as refused:
            side.agree(written(signed), DAY)
    assert codes(refused) == ["exchange-commitment"]
