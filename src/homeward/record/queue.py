"""The table of jobs: queued, claimed by lease, kept by heartbeat, ended once.

A job belongs to whoever holds its lease. A worker that is killed lets it run out, and another claims the job; whatever
the first had not committed never was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from homeward.record.database import job

__all__ = ["Job", "JobState", "beat", "cancel", "claim", "enqueue", "fail", "finish", "jobs", "requeue"]

JobState = Literal["queued", "running", "done", "failed", "cancelled"]
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A piece of work. ``stage``, ``done``, ``total``: how far; ``outcome``: id of what it made, or a fault's code."""

    id: str
    kind: str
    state: JobState
    actor: str
    request: Mapping[str, Any]
    worker: str
    attempts: int
    cancel: bool
    stage: str
    done: int
    total: int
    outcome: str


def _of(row: sa.RowMapping) -> Job:
    return Job(
        row["id"],
        row["kind"],
        row["state"],
        row["actor"],
        json.loads(bytes(row["request"])),
        row["worker"] or "",
        row["attempts"],
        bool(row["cancel"]),
        row["stage"],
        row["done"],
        row["total"],
        row["outcome"],
    )


def enqueue(connection: sa.Connection, id: str, kind: str, actor: str, request: Mapping[str, Any], now: float) -> None:
    """Put a job at the end of the queue."""
    made = {"id": id, "kind": kind, "actor": actor, "request": json.dumps(dict(request)).encode(), "queued": now}
    fresh = {"state": "queued", "attempts": 0, "cancel": 0, "stage": "", "done": 0, "total": 0, "outcome": ""}
    connection.execute(job.insert().values(**made, **fresh))


def jobs(connection: sa.Connection, id: str | None = None) -> list[Job]:
    """All jobs, the newest first, or the one."""
    asked = sa.select(job).order_by(job.c.queued.desc(), job.c.id)
    if id is not None:
        asked = asked.where(job.c.id == id)
    return [_of(row) for row in connection.execute(asked).mappings()]


def claim(connection: sa.Connection, worker: str, now: float, lease: float) -> Job | None:
    """The job that waits longest, or whose worker let its lease run out; None where there is nothing to do.

    One that has been begun too often is failed (``worker-lost``) instead of being begun again.
    """
    waits = sa.or_(job.c.state == "queued", sa.and_(job.c.state == "running", job.c.lease_until < now))
    lost = sa.and_(waits, job.c.attempts >= MOST_ATTEMPTS)
    connection.execute(job.update().where(lost).values(state="failed", outcome="worker-lost", worker=None))
    first = sa.select(job.c.id).where(waits).order_by(job.c.queued, job.c.id).limit(1)
    if connection.dialect.name == "postgresql":
        first = first.with_for_update(skip_locked=True)
    taken = (
        job.update()
        .where(job.c.id == first.scalar_subquery())
        .values(state="running", worker=worker, lease_until=now + lease, attempts=job.c.attempts + 1)
        .returning(job)
    )
    row = connection.execute(taken).mappings().first()
    return None if row is None else _of(row)


def _mine(id: str, worker: str) -> sa.ColumnElement[bool]:
    return sa.and_(job.c.id == id, job.c.worker == worker, job.c.state == "running")


def beat(
    connection: sa.Connection, mine: Job, until: float, at: tuple[str, int, int]
) -> Literal["go", "cancel", "lost"]:
    """Hold on to a job and say how far it is; whether to go on, to stop, or that another has it."""
    stage, done, total = at
    values = {"lease_until": until, "stage": stage[:64], "done": done, "total": total}
    told = job.update().where(_mine(mine.id, mine.worker)).values(**values).returning(job.c.cancel)
    row = connection.execute(told).first()
    if row is None:
        return "lost"
    return "cancel" if row.cancel else "go"


def finish(connection: sa.Connection, id: str, worker: str, outcome: str) -> bool:
    """The job is done, in the transaction that stores what it made; false where it is not this worker's any more."""
    asked = job.update().where(_mine(id, worker), job.c.cancel == 0).values(state="done", outcome=outcome, worker=None)
    return connection.execute(asked).rowcount == 1


def fail(connection: sa.Connection, mine: Job, state: Literal["failed", "cancelled"], code: str) -> None:
    """The job ended without a result."""
    asked = job.update().where(_mine(mine.id, mine.worker)).values(state=state, outcome=code, worker=None)
    connection.execute(asked)


def cancel(connection: sa.Connection, id: str) -> None:
    """Stop a job: at once where it waits, at its next step where it runs."""
    connection.execute(job.update().where(job.c.id == id, job.c.state == "running").values(cancel=1))
    stopped = {"state": "cancelled", "outcome": "cancelled"}
    connection.execute(job.update().where(job.c.id == id, job.c.state == "queued").values(**stopped))


def requeue(connection: sa.Connection, id: str) -> None:
    """Begin a cancelled or failed job again."""
    fresh = {"state": "queued", "attempts": 0, "cancel": 0, "stage": "", "done": 0, "total": 0, "outcome": ""}
    connection.execute(job.update().where(job.c.id == id, job.c.state.in_(("cancelled", "failed"))).values(**fresh))
