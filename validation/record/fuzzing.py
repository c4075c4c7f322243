"""Requests that nobody would write, made from the API's own description: none of them may end in a defect."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.core.result import Err

from homeward.record import CHANGES, SYSTEM, Record
from homeward.record.access import SCOPES, issue_token
from homeward.record.access.sessions import begin
from homeward.record.changes import OpenAccount
from validation.record.people import PEOPLE

__all__ = ["Fuzzed", "fuzz"]

# fields by which a change finds what it is done to; without ids that are there no request would get far
_NAMING = {"id", "sample", "missing", "remains", "of", "source", "subject", "analysis", "person", "account", "not_of"}
_ASKING = {"id", "owner", "after"}
_QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large, HealthCheck.large_base_example]


@dataclass
class Fuzzed:
    """How the requests ended. ``wrong``: operation, status and what was wrong with the answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[tuple[str, int, str]] = field(default_factory=list)
    operations: int = 0


def fuzz(record: Record, app: FastAPI, ids: list[str], examples: int, chance: int) -> Fuzzed:
    """So many requests to each operation, by somebody who may make it; ``ids``: of things that are there."""
    found = Fuzzed()
    described = app.openapi()
    schema = schemathesis.openapi.from_dict(described)
    record.apply(OpenAccount("spare", "Spare", ("reviewer",)), SYSTEM)  # whose account may be shut
    tokens = {role: issue_token(record, actor, "fuzz", tuple(SCOPES), 1) for role, actor in PEOPLE.items()}
    for number, made in enumerate(schema.get_all_operations()):
        if isinstance(made, Err):
            raise made.err()
        operation = made.ok()
        declared = described["paths"][operation.path][operation.method]["responses"]
        with TestClient(app, base_url="http://127.0.0.1:8742", raise_server_exceptions=False) as client:
            asking = _Asking(record, client, tokens, ids, declared, random.Random(chance + number), found)
            _draw(operation.as_strategy(), asking, examples, chance + number)
        found.operations += 1
    return found


@dataclass(frozen=True)
class _Asking:
    """Sends the requests to one operation, and looks at the answers."""

    record: Record
    client: TestClient
    tokens: Mapping[str, str]
    ids: list[str]
    declared: Mapping[str, Any]
    drawn: random.Random
    found: Fuzzed

    def __call__(self, case: Any) -> None:
        self.client.cookies.clear()
        headers = _as(self.record, case.path, self.tokens, self.drawn, self.client)
        headers |= {"Content-Type": "application/json"}
        query, body = _query(case, self.ids, self.drawn), _body(case, self.ids, self.drawn)
        told = self.client.request(case.method, case.formatted_path, params=query, headers=headers, **body)
        self.found.statuses[told.status_code] += 1
        if problem := _problem(told, self.declared):
            self.found.wrong.append((case.path, told.status_code, problem))


def _draw(strategy: Any, asking: Callable[[Any], None], examples: int, chance: int) -> None:
    @seed(chance)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=_QUIET
    )
    @given(case=strategy)
    def ask(case: Any) -> None:
        asking(case)

    ask()


def _as(
    record: Record, path: str, tokens: Mapping[str, str], drawn: random.Random, client: TestClient
) -> dict[str, str]:
    """Somebody who may make a change, anybody for the rest; a browser for the routes that are for people."""
    code = path.rpartition("/")[2]
    roles = sorted(CHANGES[code].roles) if code in CHANGES else sorted(PEOPLE)
    role = drawn.choice(roles)
    if not path.startswith("/api/session"):
        return {"Authorization": f"Bearer {tokens[role]}"}
    secret = begin(record, PEOPLE[role].account, strong=drawn.random() < 0.8, now=time.time())
    client.cookies.set("homeward", secret)
    told = client.get("/api/session")
    return {"X-CSRF-Token": told.json().get("csrf", "")}


def _query(case: Any, ids: list[str], drawn: random.Random) -> dict[str, str]:
    told = {name: str(value) for name, value in dict(case.query or {}).items()}
    return {
        n: drawn.choice(ids) if n in ("id", "owner", "after") and drawn.random() < 0.4 else v for n, v in told.items()
    }


def _body(case: Any, ids: list[str], drawn: random.Random) -> dict[str, Any]:
    if case.body is None or type(case.body).__name__ == "NotSet":
        return {}
    told = _with_ids(case.body, ids, drawn)
    return {"content": json.dumps(told).encode()}


def _with_ids(told: Any, ids: list[str], drawn: random.Random, name: str = "") -> Any:
    """The same, with ids of things that are there in half of the places that name something."""
    if isinstance(told, dict):
        return {key: _with_ids(value, ids, drawn, key) for key, value in told.items()}
    if isinstance(told, list):
        return [_with_ids(value, ids, drawn, name) for value in told]
    return drawn.choice(ids) if isinstance(told, str) and name in _NAMING and drawn.random() < 0.5 else told


def _problem(told: Any, declared: Mapping[str, Any]) -> str:
    if told.status_code >= 500 and str(told.status_code) not in declared:
        return "a defect"
    if str(told.status_code) not in declared:
        return "a status that is not described"
    if told.status_code >= 400 and not told.json()["faults"]:
        return "no fault"
    return ""
