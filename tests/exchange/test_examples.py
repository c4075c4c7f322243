"""The files of the specification: another implementation can be tried on them, and this one is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_sides import digest

import homeward.exchange.rules as rules
from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.envelope import NOTHING, Header, letter_bytes, open_envelope
from homeward.exchange.form import hashed, read_form, written
from homeward.exchange.keys import Keys, read_keys
from homeward.exchange.shared import SharedResult, proposed_by
from homeward.exchange.side import AGREEMENT, KEYS, Side, open_side
from homeward.exchange.signing import Signed, both_signed
from homeward.exchange.state import Kept, State, entered
from homeward.exchange.store import FOLDERS, STATE
from homeward.faults import Refusal

FOLDER = Path(__file__).parents[2] / "docs" / "exchange"
VALID, INVALID = FOLDER / "valid", FOLDER / "invalid"
LETTERS = sorted(VALID.glob("[0-9]*.age"))
CASES: list[dict[str, Any]] = json.loads((INVALID / "cases.json").read_text(encoding="utf-8"))
DAY = "2026-06-01"


def keys(name: str) -> Keys:
    return read_keys((VALID / f"keys-{name}.json").read_bytes())


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return both_signed(read_form(Signed, (VALID / "agreement.json").read_bytes()))


@pytest.fixture(autouse=True)
def the_published_result(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Of the version that wrote the files; `test_the_result` compares it with this version's."""
    data = (VALID / "result.json").read_bytes()
    said = json.loads((VALID / "05-conclusion.json").read_bytes())["payload"]["program"]
    shared = SharedResult(data, said, proposed_by(json.loads(data)))
    monkeypatch.setattr(rules, "shared_result", lambda *given: shared)
    yield


def header_of(file: Path) -> Header:
    return Header(**json.loads(file.with_suffix(".json").read_bytes())["header"])


def replayed(folder: Path, role: Role, agreement: Agreement, count: int) -> None:
    """A side that has sent and received the first so many letters."""
    for each in ("", *FOLDERS):
        (folder / each).mkdir(parents=True)
    mine = keys(role)
    empty = State("homeward-exchange-state 1", role, agreement.hash, (), (), (), (), ())
    log = entered(empty, mine, "agreed", "agreement", agreement.hash, DAY)
    (folder / KEYS).write_bytes(mine.file())
    (folder / AGREEMENT).write_bytes((VALID / "agreement.json").read_bytes())
    (folder / STATE).write_bytes(written(State(empty.format, role, agreement.hash, log, (), (), (), ())))
    for file in LETTERS[:count]:
        with open_side(folder) as side:
            if header_of(file).sender == role:
                take_own(side, file, agreement)
            else:
                side.receive(file.read_bytes(), DAY, file.name)


def take_own(side: Side, file: Path, agreement: Agreement) -> None:
    """What this side sent, by the same rules as what comes."""
    letter = open_envelope(file.read_bytes(), keys("auditor").sealing, side._signers)
    side._check(letter, DAY)
    kept = Kept(True, letter.header, hashed(file.read_bytes()), False)
    side._take(letter, kept, DAY, (), {kept.outbox: file.read_bytes()})


@pytest.mark.parametrize("role", ["remains", "families"])
def test_every_valid_letter_is_taken(tmp_path: Path, agreement: Agreement, role: Role) -> None:
    replayed(tmp_path / role, role, agreement, len(LETTERS))
    with open_side(tmp_path / role) as side:
        assert len(side.state.letters) == len(LETTERS) == 14


def test_an_envelope_holds_what_stands_beside_it(agreement: Agreement) -> None:
    signers: dict[Role, str] = {"remains": agreement.remains.signing, "families": agreement.families.signing}
    for file in LETTERS:
        receiver = "families" if header_of(file).sender == "remains" else "remains"
        for name in (receiver, "auditor"):
            letter = open_envelope(file.read_bytes(), keys(name).sealing, signers)
            assert letter_bytes(letter) == file.with_suffix(".json").read_bytes()


def test_every_kind_of_letter_has_an_example_but_the_long_ones_of_a_private_match() -> None:
    from homeward.exchange.messages import PAYLOADS

    assert {header_of(f).kind for f in LETTERS} == set(PAYLOADS) - {"query", "reply", "decision"}


def test_the_result(agreement: Agreement, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this version computes of the confirmed hits, but for the last digits and its own number."""
    from homeward.exchange.messages import Confirmation, Disclosure
    from homeward.exchange.shared import shared_result

    said = {n: json.loads((VALID / f"{n}.json").read_bytes())["payload"] for n in ("03-confirmation", "04-disclosure")}
    shared = shared_result(
        agreement,
        read_form(Confirmation, written(said["03-confirmation"])),
        read_form(Disclosure, written(said["04-disclosure"])),
    )
    published = (VALID / "result.json").read_bytes()
    told = json.loads((VALID / "05-conclusion.json").read_bytes())["payload"]
    assert hashed(published) == told["result"]
    then, now = json.loads(published), json.loads(shared.result)
    assert proposed_by(then) == shared.named and len(shared.named) == 1
    assert then["case"]["digest"] == now["case"]["digest"]
    lrs = [[p["log10_lr"] for p in result["pairs"]] for result in (then, now)]
    assert lrs[0] == pytest.approx(lrs[1], abs=1e-9)
    assert NOTHING not in published.decode()


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['file']} after {c['after']}")
def test_every_invalid_file_is_refused(tmp_path: Path, agreement: Agreement, case: dict[str, Any]) -> None:
    data = (INVALID / case["file"]).read_bytes()
    if case["file"].startswith("agreement-"):
        with pytest.raises(Refusal) as refused:
            both_signed(read_form(Signed, data))
    else:
        folder = tmp_path / "side"
        replayed(folder, case["receiver"], agreement, case["after"])
        before = digest(folder)
        with pytest.raises(Refusal) as refused, open_side(folder) as side:
            side.receive(data, case["day"])
        assert digest(folder) == before
    assert sorted({f.code for f in refused.value.faults}) == case["codes"]


def test_every_file_has_a_case() -> None:
    named = {c["file"] for c in CASES if not c["file"].startswith("..")}
    assert named == {p.name for p in INVALID.iterdir()} - {"cases.json"}
    codes = {code for c in CASES for code in c["codes"]}
    told = (FOLDER / "specification.md").read_text(encoding="utf-8")
    assert codes >= {"exchange-unreadable", "exchange-replay", "exchange-quota", "exchange-differs"}
    assert not [code for code in codes if f"`{code}`" not in told]
