"""record_load: fifty people at once over HTTP wait little, and nothing that was answered as done is lost."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from homeward.formats import read_case
from homeward.record import SYSTEM, Record, create_record, open_record
from homeward.record.changes import OpenAccount
from homeward.record.database import change, reading
from validation.record.crowd import Day, people, work_together
from validation.record.databases import KINDS, empty, server
from validation.record.people import PEOPLE, take_in
from validation.record.serving import served
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["RECORD_LOAD", "lost", "one_day"]

PEOPLE_AT_ONCE, SECONDS = 50, 120.0
SLOWEST_READ = 0.3  # seconds, the 95th percentile
CHOSEI = Path(__file__).parents[2] / "demo" / "chosei"


def one_day(url: str, folder: Path, many: int, seconds: float, seed: int) -> tuple[Record, Day]:
    """So many people on the demo's record for so long; the record as they left it."""
    keys = folder / "case.keys"
    record = create_record(url, keys)
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
    take_in(record, read_case(CHOSEI))
    crowd = people(record, many)
    record.engine.dispose()
    with served(url, keys, folder / "server.log") as address:
        day = work_together(address, crowd, seconds, seed)
    return open_record(url, keys), day


def lost(record: Record, day: Day) -> int:
    """Changes that were answered as done and are not there, and breaks of the chain."""
    with reading(record.engine) as connection:
        there = set(connection.execute(change.select()).scalars())
    return len(set(day.seqs) - there) + len(day.seqs) - len(set(day.seqs)) + len(record.verify())


def _work(scale: float, seed: int) -> Outcome:
    many, seconds = max(10, round(PEOPLE_AT_ONCE * min(1.0, scale))), max(10.0, SECONDS * scale)
    bounds: list[Bound] = []
    figures: dict[str, Any] = {"people": many, "seconds": seconds}
    marks: list[Mark] = []
    with tempfile.TemporaryDirectory() as place, server() as pattern:
        for kind in [k for k in KINDS if k == "sqlite" or pattern]:
            folder = Path(place) / kind
            folder.mkdir()
            record, day = one_day(empty(kind, folder, pattern), folder, many, seconds, seed)
            p95 = float(np.quantile(day.reads, 0.95))
            bounds += [
                Bound(f"{kind}: 95th percentile of reads, seconds", round(p95, 4), SLOWEST_READ),
                Bound(f"{kind}: changes lost", lost(record, day), 0),
                Bound(f"{kind}: requests not answered with 200", sum(day.refused.values()), 0),
            ]
            figures[kind] = _figures(day)
            marks += [Mark(q, float(np.quantile(day.reads, q))) for q in np.linspace(0.0, 1.0, 101)]
            record.engine.dispose()
            print(f"record_load: {kind}, seed {seed}, {_figures(day)}", file=sys.stderr, flush=True)
    top = max(m.y for m in marks)
    plot = scatter_svg(
        "How long reads took, by quantile",
        Axis("quantile", 0.0, 1.0, [(v / 5, f"{v / 5:g}") for v in range(6)]),
        Axis("seconds", 0.0, top, [(SLOWEST_READ, f"{SLOWEST_READ:g}"), (top, f"{top:.2f}")]),
        marks,
    )
    return Outcome(
        sum(figures[k]["reads"] + figures[k]["writes"] for k in KINDS if k in figures), tuple(bounds), figures, plot
    )


def _figures(day: Day) -> dict[str, Any]:
    return {
        "reads": len(day.reads),
        "writes": len(day.writes),
        "read median ms": round(1000 * float(np.median(day.reads))),
        "read p95 ms": round(1000 * float(np.quantile(day.reads, 0.95))),
        "write p95 ms": round(1000 * float(np.quantile(day.writes, 0.95))) if day.writes else None,
        "refused": dict(day.refused),
    }


RECORD_LOAD = Study("record_load", 20260714, _work)
