"""record_kills: whoever is killed at whatever moment, nothing is lost and nothing half done, on both databases."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from homeward.formats import read_case
from homeward.record import SYSTEM, Record, create_record, open_record, queue
from homeward.record.backup import read_backup
from homeward.record.changes import OpenAccount, RejectCandidate, ReopenIdentification, candidate_id
from homeward.record.database import change, reading
from homeward.record.worker import work
from validation.record.databases import KINDS, empty, server
from validation.record.hands import FAMILIES, WHAT
from validation.record.people import GEN, PEOPLE, take_in
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["RECORD_KILLS"]

KILLS = 200
LONGEST = 1.2  # seconds from ready to the kill
EXAMPLE = Path(__file__).parents[2] / "docs" / "case-folder" / "valid" / "example"


def _work(scale: float, seed: int) -> Outcome:
    kills = max(8, round(KILLS * scale))
    chance = random.Random(seed)
    found: Counter[str] = Counter()
    marks: list[Mark] = []
    with tempfile.TemporaryDirectory() as place, server() as pattern:
        kinds = [k for k in KINDS if k == "sqlite" or pattern]
        records = {k: _new(k, Path(place) / k, pattern) for k in kinds}
        for i in range(kills):
            kind, what = kinds[i % len(kinds)], sorted(WHAT)[i // len(kinds) % len(WHAT)]
            record, url = records[kind]
            after = chance.uniform(0, LONGEST)
            told = _killed(what, url, record.keys.path, Path(place) / kind, seed + i, after)
            found.update(_wrong(record, url, told, Path(place) / kind))
            found[f"kills of {what} on {kind}"] += 1
            marks.append(Mark(after, len(told)))
            print(f"record_kills: {i + 1} of {kills}, {what}, {kind}, seed {seed}", file=sys.stderr, flush=True)
        for record, _ in records.values():
            record.engine.dispose()
    wrong = {k: found[k] for k in ("lost", "half done", "broken chain", "job undone or twice", "bad backup")}
    bounds = tuple(Bound(f"{what} after a kill", n, 0) for what, n in wrong.items())
    most = max((m.y for m in marks), default=1) or 1
    plot = scatter_svg(
        "Changes committed before each kill",
        Axis("seconds before the kill", 0.0, LONGEST, [(v / 5, f"{v / 5:g}") for v in range(7)]),
        Axis("changes told as committed", 0.0, most, [(most, f"{most:g}")]),
        marks,
    )
    return Outcome(kills, bounds, dict(found) | {"databases": kinds}, plot)


def _new(kind: str, folder: Path, pattern: str) -> tuple[Record, str]:
    folder.mkdir()
    url = empty(kind, folder, pattern)
    record = create_record(url, folder / "keys")
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
    case = read_case(EXAMPLE)
    free = replace(case.settings, incident=replace(case.settings.incident, size=None))  # the hands bring families
    take_in(record, replace(case, settings=free))
    return record, url


def _killed(what: str, url: str, keys: Path, folder: Path, seed: int, after: float) -> list[int]:
    """Numbers of the changes that hands told of before they were killed."""
    command = [sys.executable, "-m", "validation.record.hands", what, url, str(keys), str(folder), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as hands:
        assert hands.stdout is not None
        assert hands.stdout.readline() == "ready\n"
        time.sleep(after)
        hands.kill()
        told = hands.stdout.read()
    whole = told.rpartition("\n")[0]
    return [int(line) for line in whole.splitlines()]


def _wrong(record: Record, url: str, told: list[int], folder: Path) -> list[str]:
    """What is not as it should be, a word for each."""
    wrong = []
    again = open_record(url, record.keys.path)
    try:
        with reading(again.engine) as connection:
            there = set(connection.execute(change.select()).scalars())
        if set(told) - there:
            wrong.append("lost")
        if again.verify():
            wrong.append("broken chain")
        wrong += _half_done(again) + _jobs_wrong(again)
        for file in folder.glob("*.hwb"):
            if file.name[0] != ".":
                wrong += [] if read_backup(file, again.keys).rows else ["bad backup"]
                file.unlink()
    finally:
        again.engine.dispose()
    return wrong


def _half_done(record: Record) -> list[str]:
    """Every import brought all of its families, and an identification stands exactly where its candidate says so."""
    with record.view() as view:
        imports = Counter(id.rpartition("-")[0] for id in view.all("family") if "-" in id)
        candidates = {h.value.sample: h.value.state for h in view.all("candidate").values()}
        signed = {h.value.sample for h in view.all("identification").values()}
    wrong = [n for n in imports.values() if n != FAMILIES]
    named = {s for s, state in candidates.items() if state == "identified"}
    _start_anew(record, candidates)
    return ["half done"] * (len(wrong) + (named != signed))


def _start_anew(record: Record, candidates: dict[str, Any]) -> None:
    """Bring the one candidate of the study back to where its hands begin."""
    id = candidate_id("V1", "F1/M1")
    state = candidates.get("V1")
    if state in ("proposed", "reviewed", "signed"):
        record.apply(RejectCandidate(id, "the hands were killed"), GEN)
    elif state == "identified":
        record.apply(ReopenIdentification(id, "the hands were killed"), GEN)


def _jobs_wrong(record: Record) -> list[str]:
    """After the lease ran out another worker does what was left; every job has exactly one analysis."""
    with reading(record.engine) as connection:
        left = [j for j in queue.jobs(connection) if j.state in ("queued", "running")]
    if left:
        time.sleep(1.1)
        work(record, once=True)
    with reading(record.engine) as connection:
        ended = queue.jobs(connection)
    with record.view() as view:
        stored = set(view.all("analysis"))
    sound = all(j.state == "done" for j in ended) and stored == {j.id for j in ended}
    return [] if sound else ["job undone or twice"]


RECORD_KILLS = Study("record_kills", 20260711, _work)
