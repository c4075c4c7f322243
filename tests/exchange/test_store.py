"""A step that is interrupted, wherever that is, leaves the folder as it was or as it was to be."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from exchange_sides import DAY, Pair, digest

from homeward.exchange.form import read_form, written
from homeward.exchange.remains_side import request
from homeward.exchange.side import open_side
from homeward.exchange.state import State
from homeward.faults import Refusal

WHOLE = ("fsync", "mkstemp", "replace")


@pytest.mark.parametrize("what", WHOLE)
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "stopped"]
)
def test_interrupted_anywhere(
    agreed: Pair, copy: Path, monkeypatch: pytest.MonkeyPatch, what: str, error: BaseException
) -> None:
    """Letter, envelope and state are three files; none is there without the others."""
    import tempfile

    pair = agreed.copied(copy)
    before = digest(pair.jp)
    owner: Any = {"fsync": os, "mkstemp": tempfile, "replace": Path}[what]
    real = getattr(owner, what)
    for place in range(3):
        calls = iter(range(100))

        def failing(*args: Any, place: int = place, calls: Any = calls, **more: Any) -> Any:
            if next(calls) == place:
                raise error
            return real(*args, **more)

        monkeypatch.setattr(owner, what, failing)
        expected = Refusal if isinstance(error, OSError) else KeyboardInterrupt
        with pytest.raises(expected), open_side(pair.jp) as side:
            request(side, pair.source("remains"))
        monkeypatch.setattr(owner, what, real)
        assert digest(pair.jp) == before
    with open_side(pair.jp) as side:
        request(side, pair.source("remains"))
    assert digest(pair.jp) != before


def test_what_a_killed_program_left_is_swept(asked: Pair, copy: Path) -> None:
    """A letter that was renamed and a state that was not; a payload that the state says is deleted."""
    pair = asked.copied(copy)
    before = digest(pair.kr)
    envelope = "outbox/12345678-families-0001-answer.age"
    for name in ("letters/remains-0002.json", "letters/.begun-xyz", ".begun-abc", envelope, "results/0009-seal.json"):
        (pair.kr / name).write_bytes(b"left")
    with open_side(pair.kr):
        pass
    assert digest(pair.kr) == before
    (pair.kr / "outbox" / "12345678-remains-0001-request.age").write_bytes(b"somebody's")
    with open_side(pair.kr):
        pass
    assert digest(pair.kr) != before, "what came from elsewhere is not ours to remove"


def test_an_interrupt_after_the_last_renaming_takes_nothing_back(
    agreed: Pair, copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = agreed.copied(copy)
    real = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        done = real(self, target)
        if target.name == "state.json":
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt), open_side(pair.jp) as side:
        request(side, pair.source("remains"))
    monkeypatch.setattr(Path, "replace", real)
    with open_side(pair.jp) as side:
        assert side.letter("request").payload.remains
        assert all((pair.jp / name).is_file() for name in side.state.named())


def test_a_second_program_waits(agreed: Pair) -> None:
    import fcntl

    with open_side(agreed.jp):
        handle = os.open(agreed.jp, os.O_RDONLY)
        try:
            with pytest.raises(BlockingIOError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(handle)


def test_secrets_are_for_their_owner_alone(agreed: Pair) -> None:
    for name in ("keys.json", "inputs.json", "state.json"):
        assert (agreed.jp / name).stat().st_mode & 0o077 == 0
    assert agreed.jp.stat().st_mode & 0o077 == 0
    with open_side(agreed.jp) as side:
        assert side.keys.sealing not in repr(side.keys)


def test_no_key_is_ever_overwritten(agreed: Pair) -> None:
    from homeward.exchange.side import new_side

    with pytest.raises(Refusal) as refused:
        new_side(agreed.jp, "again", "JP")
    assert [f.code for f in refused.value.faults] == ["target-exists"]


def test_an_agreement_that_was_cut_short_can_be_taken_again(agreed: Pair, copy: Path) -> None:
    """Killed after the agreement was renamed and before the state was."""
    pair = agreed.copied(copy)
    data = (pair.kr / "agreement.json").read_bytes()
    before = written(replace(read_form(State, (pair.kr / "state.json").read_bytes()), role="", agreement="", log=()))
    (pair.kr / "state.json").write_bytes(before)
    with open_side(pair.kr) as side:
        assert not (pair.kr / "agreement.json").exists()
        side.agree(data, DAY)
    with open_side(pair.kr) as side:
        assert side.agreement.hash == side.state.agreement
