"""Role × change × state: the door lets through exactly what each change says, and a new change cannot be forgotten."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from states import states_of, targeting, with_state
from validation.record.people import PEOPLE

from homeward.faults import Refusal
from homeward.record import CHANGES, Actor, Record

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("code", sorted(CHANGES))
def test_every_role_in_every_state(record: Record, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    kind = CHANGES[code]
    reached: list[str] = []
    monkeypatch.setattr(kind, "carry_out", lambda self, draft: reached.append(draft.actor.account))
    for state in states_of(kind.target):
        change = targeting(code, with_state(record, kind.target, state))
        for role, actor in PEOPLE.items():
            allowed = role in kind.roles and (not kind.target or state in kind.states)
            before = record.revision
            reached.clear()
            refused = _refusal(record, change, actor)
            assert (reached == [actor.account]) is allowed, (code, role, state)
            assert refused == ([] if allowed else ["role" if role not in kind.roles else "state"]), (code, role, state)
            assert record.revision == before + allowed
    assert record.verify() == []


def _refusal(record: Record, change: Any, actor: Actor) -> list[str]:
    try:
        record.apply(change, actor)
    except Refusal as refusal:
        assert refusal.rule
        return [f.code for f in refusal.faults]
    return []


def test_a_token_reaches_no_further_than_its_scopes(record: Record) -> None:
    change = targeting("register-remains", "R-9")
    narrow = Actor("cora", frozenset({"coordinator"}), frozenset({"read", "record-custody"}))
    assert _refusal(record, change, narrow) == ["role"]
    assert _refusal(record, change, Actor("cora", narrow.roles, frozenset({"register-remains"}))) == []


def test_the_document_tells_of_every_change() -> None:
    """docs/record.md has a row for each, with its roles and states."""
    text = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, flags=re.MULTILINE)
    told = {code: (roles.strip(), target.strip(), states.strip()) for code, roles, target, states in rows}
    wanted = {
        code: (
            "all" if len(kind.roles) == 6 else ", ".join(sorted(kind.roles)),
            kind.target or "–",
            ", ".join(sorted(kind.states)) or "–",
        )
        for code, kind in CHANGES.items()
    }
    assert told == wanted
