"""A worker: claims jobs, computes, and stores what came of them; it may be killed at any moment."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import homeward
from homeward.case import Case
from homeward.faults import Fault, Interrupted, Progress, Refusal, silent
from homeward.formats import result_json
from homeward.record import queue
from homeward.record.changes import StoreAnalysis
from homeward.record.database import working
from homeward.record.door import Record
from homeward.record.queue import Job
from homeward.record.roles import Actor
from homeward.record.values import Analysis, Report

if TYPE_CHECKING:
    from homeward.identify import Result

__all__ = ["actor_of", "rerun", "work"]

LEASE = 30.0
Writer = Callable[["Result"], tuple[Report, ...]]


class _Watch:
    """Keeps a lease while the work goes on, and tells the work when to stop."""

    def __init__(self, record: Record, job: Job, lease: float) -> None:
        self.record, self.job, self.lease = record, job, lease
        self.at = ("", 0, 0)
        self.verdict = "go"
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> _Watch:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self.thread.join()

    def progress(self, stage: str, done: int, total: int) -> None:
        """What the work calls between its steps."""
        self.at = (stage, done, total)
        if self.verdict != "go":
            raise Interrupted(self.verdict)

    def _beat(self) -> None:
        while not self.ended.wait(self.lease / 6):
            with working(self.record.engine) as connection:
                self.verdict = queue.beat(connection, self.job, time.time() + self.lease, self.at)


def actor_of(record: Record, account: str) -> Actor:
    """An account in the roles it has now; without roles where it is shut."""
    with record.view() as view:
        found = view.get("account", account)
    return Actor(account, frozenset(found.roles) if found is not None and found.active else frozenset())


def work(
    record: Record,
    *,
    once: bool = False,
    lease: float = LEASE,
    idle: float = 1.0,
    stop: Callable[[], bool] = lambda: False,
    write: Writer = lambda result: (),
) -> int:
    """Do jobs until told to stop, or ``once`` there are none; how many ended. ``lease``, ``idle``: seconds.

    ``write`` makes the reports that are stored with an analysis.
    """
    me = f"worker-{secrets.token_hex(8)}"
    ended = 0
    while not stop():
        with working(record.engine) as connection:
            job = queue.claim(connection, me, time.time(), lease)
        if job is None:
            if once:
                break
            time.sleep(idle)
            continue
        _do(record, job, lease, write)
        ended += 1
    return ended


def _do(record: Record, job: Job, lease: float, write: Writer) -> None:
    """One job, to its end or to the end of its lease; a job that fails says why by a code."""
    try:
        with _Watch(record, job, lease) as watch:
            change = _analysis(record, job, watch, write)
            record.apply(change, actor_of(record, job.actor))
    except Interrupted:
        _ended(record, job, "cancelled", "cancelled")
    except Refusal as refusal:
        _ended(record, job, "failed", refusal.faults[0].code)
    except Exception as defect:
        # the type alone: a message might hold a genotype
        _ended(record, job, "failed", f"defect:{type(defect).__name__}")


def _ended(record: Record, job: Job, state: str, code: str) -> None:
    with working(record.engine) as connection:
        queue.fail(connection, job, "cancelled" if state == "cancelled" else "failed", code)


def rerun(record: Record, id: str, progress: Progress = silent) -> bool:
    """Whether an analysis, computed again from the record as it was then, gives the bytes that are stored.

    Raises `Refusal`: ``unknown-analysis``, and (a rule) ``not-rerunnable`` once somebody whose data it used withdrew.
    """
    with record.view() as view:
        kept: Analysis | None = view.get("analysis", id)
    if kept is None:
        raise Refusal([Fault("unknown-analysis", "there is no such analysis", "correct the id")])
    if not kept.rerunnable:
        message = "somebody whose data it used has withdrawn"
        raise Refusal([Fault("not-rerunnable", message, "analyse the case as it is now")], rule=True)
    case = record.case(at=kept.revision)
    if case.digest != kept.digest:
        return False
    return result_json(_computed(case, kept.overrides, progress)) == kept.result.encode()


def _computed(case: Case, overrides: tuple[str, ...], progress: Progress) -> Result:
    from homeward.formats.overrides import overridden, parsed
    from homeward.genetics import scenarios_of
    from homeward.identify import identify

    computed = overridden(case, parsed(overrides))
    return identify(computed, scenarios_of(computed), seed=computed.settings.run.seed, progress=progress)


def _analysis(record: Record, job: Job, watch: _Watch, write: Writer) -> StoreAnalysis:
    """The result of the case as it is now, as a change that stores it."""
    overrides = tuple(job.request["overrides"])
    if job.request["seed"] is not None:
        overrides = (*overrides, f"run.seed={job.request['seed']}")
    revision = record.revision
    case = record.case(at=revision)
    result = _computed(case, overrides, watch.progress)
    return StoreAnalysis(
        id=job.id,
        digest=case.digest,
        revision=revision,
        seed=result.seed,
        overrides=overrides,
        version=homeward.__version__,
        result=result_json(result).decode(),
        job=job.id,
        worker=job.worker,
        reports=write(result),
    )
