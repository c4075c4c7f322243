"""The commands of an exchange: the demonstration, and what a person sees before and after each step."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from homeward.cli import exchange_demo
from homeward.exchange.keys import Card, fingerprint


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The demonstration with fewer families, and what it said on standard output."""
    import contextlib
    import io
    import sys

    folder = tmp_path_factory.mktemp("exchange") / "demo"
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange_demo, "_RELATIVES", {"child": 3, "brother": 1, "grandson": 1})
        patch.setattr(exchange_demo, "_BODIES", ("child", "child", "brother", exchange_demo.STRANGER))
        patch.setattr(exchange_demo, "_FRAGMENTS", 5)
        patch.setattr(exchange_demo, "_TERMS", exchange_demo._TERMS.replace("pairs = 200", "pairs = 5"))
        patch.setattr(sys, "stdout", said)
        with contextlib.redirect_stderr(io.StringIO()):
            exchange_demo.demo(folder, 3)
        said.flush()
    return folder, said.buffer.getvalue().decode()  # type: ignore[attr-defined]


def test_the_demonstration_ends_with_a_count(shown: tuple[Path, str]) -> None:
    folder, said = shown
    last = said.rstrip("\n").splitlines()[-1]
    count = int(last.removeprefix("exchange: ").partition(" ")[0])
    assert last == f"exchange: {count} identifications agreed by both sides" and count >= 2
    assert "audited: 6 envelopes, 0 findings, 0 notes" in said
    assert sorted(p.suffix for p in (folder / "bag").iterdir()) == [".age"] * 6 + [".json", ".toml"]
    conclusions = []
    for side in ("jp", "kr"):
        letters = folder / side / "exchange" / "letters"
        conclusions += [
            json.loads(p.read_bytes()) for p in sorted(letters.glob("*.json")) if b"identified" in p.read_bytes()
        ]
    assert len(conclusions) == 4 and len({c["payload"]["result"] for c in conclusions}) == 1
    assert count == len(conclusions[0]["payload"]["identified"])


@pytest.fixture
def demo(shown: tuple[Path, str], tmp_path: Path) -> Path:
    shutil.copytree(shown[0], tmp_path / "demo")
    return tmp_path / "demo"


def test_it_does_not_write_over_a_folder(demo: Path, run: Run) -> None:
    ran = run("exchange", "demo", "--folder", demo)
    assert ran.code == 2 and "target-exists" in ran.err


def test_status_says_where_a_side_stands(demo: Path, run: Run) -> None:
    ran = run("exchange", "status", demo / "jp" / "exchange")
    assert ran.code == 0
    assert "due: request of the remains side" in ran.out and "identified by both sides: " in ran.out
    told = json.loads(run("exchange", "status", demo / "kr" / "exchange", "--json", "-").out)
    assert told["role"] == "families" and told["left"]["exchanges"] == 2
    assert all(hit["at_home"].startswith("F") for hit in told["hits"]) and told["hits"]
    assert len(told["log"]["head"]) == 64


def test_a_folder_without_an_agreement(run: Run, tmp_path: Path) -> None:
    ran = run("exchange", "keygen", tmp_path / "new", "--party", "office", "--country", "JP")
    assert ran.code == 0 and "fingerprint of office: " in ran.out
    assert "AGE-SECRET-KEY" not in ran.out + ran.err
    assert "nothing is agreed yet" in run("exchange", "status", tmp_path / "new").out
    ran = run("exchange", "export", tmp_path / "new", "case")
    assert ran.code == 2 and "missing-file" in ran.err
    ran = run("exchange", "keygen", tmp_path / "bad", "--party", "an office", "--country", "Japan")
    assert ran.code == 2 and "bad-argument" in ran.err
    assert run("exchange", "status", tmp_path / "nowhere").code == 2


def test_preview_shows_what_would_leave_and_sends_nothing(demo: Path, run: Run) -> None:
    side, case = demo / "jp" / "exchange", demo / "jp" / "case"
    ran = run("exchange", "preview", side, case, "--sample", "R-01")
    assert ran.code == 0 and "R-01" in ran.out and "nothing was sent" in ran.out
    assert "fields that stay here: element, side" in ran.out
    assert "samples that stay here: R-02, R-03, R-04, R-05" in ran.out
    written = demo / "preview.json"
    assert run("exchange", "preview", side, case, "--json", written).code == 0
    letter = json.loads(written.read_bytes())
    assert letter["header"]["kind"] == "request" and b"R-01" not in written.read_bytes()
    assert not list((side / "outbox").glob("*0004*"))
    ran = run("exchange", "preview", demo / "kr" / "exchange", demo / "kr" / "case")
    assert ran.code == 3 and "exchange-turn" in ran.err


def test_a_private_round_is_due_where_it_is_agreed_on(demo: Path, run: Run) -> None:
    side = demo / "jp" / "exchange"
    assert "due: request of the remains side or query of the remains side" in run("exchange", "status", side).out
    for command in (["decide", side], ["reply", demo / "kr" / "exchange", demo / "kr" / "case", "--quiet"]):
        ran = run("exchange", *command)
        assert ran.code == 3 and "exchange-turn" in ran.err


def test_a_refusal_has_its_exit_code(demo: Path, run: Run) -> None:
    again = next((demo / "bag").glob("*remains-0001*"))
    ran = run("exchange", "receive", demo / "kr" / "exchange", again)
    assert ran.code == 3 and "exchange-replay" in ran.err
    again.write_bytes(again.read_bytes()[:-1])
    ran = run("exchange", "receive", demo / "kr" / "exchange", again)
    assert ran.code == 2 and "exchange-unreadable" in ran.err


def test_an_audit_that_finds_something(demo: Path, run: Run) -> None:
    next((demo / "bag").glob("*answer*")).unlink()
    given = [f"--deposit={p}" for p in sorted((demo / "auditor").glob("*.deposit"))]
    agreement = demo / "bag" / "agreement.json"
    ran = run("exchange", "audit", demo / "auditor", demo / "bag", agreement, *given, "--json", demo / "found.json")
    assert ran.code == 4
    assert "missing-letter" in {f["code"] for f in json.loads((demo / "found.json").read_bytes())["findings"]}


def test_receipts_and_one_bone_in_two_laboratories(demo: Path, run: Run, case: Path) -> None:
    jp, kr = demo / "jp" / "exchange", demo / "kr" / "exchange"
    begin = ("--case", case, "--sample", "V1", "--bone", "bone-1")

    def carry(sender: Path, receiver: Path) -> None:
        newest = max((sender / "outbox").iterdir(), key=lambda p: p.name)
        assert run("exchange", "receive", receiver, newest).code == 0

    assert run("exchange", "concord", jp, "--case", case).code == 2
    for step in range(3):
        for side in (jp, kr):
            ran = run("exchange", "concord", side, *(begin if step == 0 else ()))
            assert ran.code == 0, ran.err
        carry(jp, kr)
        carry(kr, jp)
    ran = run("exchange", "concord", jp)
    assert ran.code == 0 and "different: none" in ran.out and "equal: TH01, TPOX" in ran.out
    ran = run("exchange", "receipt", jp)
    assert ran.code == 0 and "deleted: 6 payloads" in ran.out
    carry(jp, kr)
    assert run("exchange", "status", jp).code == 0


def test_nobody_signs_without_knowing_whose_keys(demo: Path, run: Run) -> None:
    """The fingerprints and terms are shown first; another card, no card or a missing auditor's is refused."""
    side, agreement = demo / "jp" / "exchange", demo / "bag" / "agreement.json"
    before = agreement.read_bytes()
    cards = [json.loads((f / "card.json").read_bytes()) for f in (side, demo / "kr" / "exchange", demo / "auditor")]
    shown = run("exchange", "show", agreement)
    assert shown.code == 0 and all(fingerprint(Card(**c)) in shown.out for c in cards)
    assert "joint posterior of 0.9" in shown.out and "20 remains, 60 families, 3 requests" in shown.out
    theirs, auditor = demo / "kr" / "exchange" / "card.json", demo / "auditor" / "card.json"
    run("exchange", "keygen", demo / "eve", "--party", "auditor", "--country", "CH")
    for command in ("sign", "agree"):
        for given, code, said in (
            ((), 2, "bad-argument"),
            (("--with", theirs), 2, "bad-argument"),
            (("--with", theirs, "--auditor", demo / "eve" / "card.json"), 3, "exchange-agreement"),
            (("--with", auditor, "--auditor", auditor), 3, "exchange-agreement"),
            (("--compared", "--auditor", demo / "eve" / "card.json"), 3, "exchange-agreement"),
        ):
            ran = run("exchange", command, side, agreement, *given)
            assert ran.code == code and said in ran.err
            assert fingerprint(Card(**cards[2])) in ran.out
    assert agreement.read_bytes() == before
    for given in (("--with", theirs, "--auditor", auditor), ("--compared",)):
        assert run("exchange", "sign", side, agreement, *given).code == 0
    assert agreement.read_bytes() == before, "Ed25519 signs the same twice"
