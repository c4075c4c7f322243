"""People who work on a record at once over HTTP: each reads, thinks, and now and then writes."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx2

from homeward.record import Actor, Record, Role
from homeward.record.access import hashed
from homeward.record.changes import OpenAccount, SetPassword
from homeward.record.roles import SYSTEM

__all__ = ["Day", "people", "work_together"]

PASSWORD = "a crowd of good people"
_ROLES: tuple[Role, ...] = ("coordinator", "geneticist", "reviewer")
_READS: Mapping[str, Mapping[str, str]] = {
    "/api/summary": {},
    "/api/things/family": {"limit": "50"},
    "/api/things/person": {"limit": "50"},
    "/api/things/remains": {"limit": "100"},
    "/api/things/sample": {"limit": "100"},
    "/api/things/profile": {"limit": "20"},
    "/api/things/candidate": {},
    "/api/things/case": {},
    "/api/jobs": {},
    "/api/session": {},
}
_WRITES_EVERY = 10
THINKS = (0.5, 1.5)  # seconds between two requests of one person


@dataclass
class Day:
    """What came of it. ``reads``, ``writes``: seconds each took; ``seqs``: changes that were answered as done."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def people(record: Record, many: int) -> list[Actor]:
    """So many accounts with one password, in the roles that work on a case."""
    found = []
    kept = hashed(PASSWORD)
    for i in range(many):
        actor = Actor(f"user-{i}", frozenset({_ROLES[i % len(_ROLES)]}))
        record.apply(OpenAccount(actor.account, f"User {i}", tuple(actor.roles)), SYSTEM)
        record.apply(SetPassword(actor.account, kept), actor)
        found.append(actor)
    return found


def work_together(address: str, crowd: list[Actor], seconds: float, seed: int) -> Day:
    """Everybody logs in, and when all are in they work at once for so long."""
    day = Day()
    clients = [_come_in(address, actor) for actor in crowd]
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_work, args=(client, actor, until, random.Random(seed + i), day))
        for i, (client, actor) in enumerate(zip(clients, crowd, strict=True))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for client in clients:
        client.close()
    return day


def _come_in(address: str, actor: Actor) -> httpx2.Client:
    client = httpx2.Client(base_url=address, timeout=60.0)
    told = client.post("/api/session", json={"account": actor.account, "password": PASSWORD})
    client.headers["X-CSRF-Token"] = told.raise_for_status().json()["csrf"]
    return client


def _work(client: httpx2.Client, actor: Actor, until: float, chance: random.Random, day: Day) -> None:
    turn = 0
    time.sleep(chance.uniform(0.0, THINKS[1]))
    while time.monotonic() < until:
        turn += 1
        writes = turn % _WRITES_EVERY == 0 and "reviewer" not in actor.roles
        started = time.perf_counter()
        try:
            told = _write(client, actor, turn) if writes else _read(client, chance)
        except httpx2.HTTPError as error:
            with day.lock:
                day.refused[type(error).__name__] += 1
            continue
        spent = time.perf_counter() - started
        with day.lock:
            (day.writes if writes else day.reads).append(spent)
            if told.status_code != 200:
                day.refused[str(told.status_code)] += 1
            elif writes:
                day.seqs.append(int(told.json()["seq"]))
        time.sleep(chance.uniform(*THINKS))


def _read(client: httpx2.Client, chance: random.Random) -> httpx2.Response:
    path = chance.choice(sorted(_READS))
    return client.get(path, params=_READS[path])


def _write(client: httpx2.Client, actor: Actor, turn: int) -> httpx2.Response:
    effect = {"id": f"{actor.account}-{turn}", "effect": {"description": "a button"}}
    return client.post("/api/changes/record-effect", json=effect)
