"""Jobs: done once, whoever is killed."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from validation.record.people import CORA, GEN, take_in

from homeward.case import Remains
from homeward.faults import Refusal
from homeward.formats import read_case, result_json
from homeward.formats.overrides import overridden
from homeward.genetics import scenarios_of
from homeward.identify import identify
from homeward.record import Record, queue
from homeward.record.changes import (
    CancelJob,
    QueueAnalysis,
    RegisterRemains,
    ResumeJob,
    StoreAnalysis,
    WithdrawConsent,
)
from homeward.record.database import reading, working
from homeward.record.worker import rerun, work

ROOT = Path(__file__).parents[2]
CASE = read_case(ROOT / "docs" / "case-folder" / "valid" / "example")


def state_of(record: Record, id: str) -> str:
    with reading(record.engine) as connection:
        return queue.jobs(connection, id)[0].state


def test_an_analysis_is_the_bytes_of_the_command_line(record: Record) -> None:
    take_in(record, CASE)
    record.apply(QueueAnalysis("a1", seed=7), GEN)
    assert work(record, once=True) == 1
    assert state_of(record, "a1") == "done"
    with record.view() as view:
        kept = view.get("analysis", "a1")
    case = overridden(CASE, {"run.seed": 7})
    assert kept.result.encode() == result_json(identify(case, scenarios_of(case), seed=7))
    assert record.verify() == []


def test_an_old_analysis_is_computed_again_after_the_case_went_on(record: Record) -> None:
    take_in(record, CASE)
    record.apply(QueueAnalysis("a1", overrides=("model.theta=0.01",)), GEN)
    work(record, once=True)
    record.apply(RegisterRemains(Remains("V9")), CORA)
    assert rerun(record, "a1")
    with record.view() as view:
        kept = view.get("analysis", "a1")
    forged = json.loads(kept.result)
    forged["seed"] += 1
    fields = ("digest", "revision", "seed", "overrides", "version")
    told = {f: getattr(kept, f) for f in fields} | {"result": json.dumps(forged)}
    record.apply(StoreAnalysis("a2", **told), GEN)
    assert not rerun(record, "a2")
    record.apply(WithdrawConsent("person:F1/C1"), CORA)
    with pytest.raises(Refusal) as refused:
        rerun(record, "a1")
    assert [f.code for f in refused.value.faults] == ["not-rerunnable"]


def test_a_lease_that_ran_out_is_claimed_by_another(record: Record) -> None:
    take_in(record, CASE)
    record.apply(QueueAnalysis("a1"), GEN)
    with working(record.engine) as connection:
        dead = queue.claim(connection, "dead", time.time(), lease=-1.0)
    assert dead is not None
    assert work(record, once=True) == 1
    assert state_of(record, "a1") == "done"
    with working(record.engine) as connection:
        assert queue.beat(connection, dead, time.time() + 9, ("x", 0, 1)) == "lost"
    with record.view() as view:
        kept = view.get("analysis", "a1")
    late = StoreAnalysis("a1-again", kept.digest, kept.revision, kept.seed, kept.overrides, kept.version, kept.result)
    with pytest.raises(Refusal) as refused:
        record.apply(
            StoreAnalysis(
                **{f: getattr(late, f) for f in ("id", "digest", "revision", "seed", "overrides", "version", "result")},
                job="a1",
                worker="dead",
            ),
            GEN,
        )
    assert [f.code for f in refused.value.faults] == ["lease-lost"]


def test_who_dies_every_time_is_given_up(record: Record) -> None:
    take_in(record, CASE)
    record.apply(QueueAnalysis("a1"), GEN)
    for _ in range(queue.MOST_ATTEMPTS):
        with working(record.engine) as connection:
            assert queue.claim(connection, "dead", time.time(), lease=-1.0) is not None
    assert work(record, once=True) == 0
    assert state_of(record, "a1") == "failed"
    record.apply(ResumeJob("a1"), GEN)
    assert work(record, once=True) == 1
    assert state_of(record, "a1") == "done"


def test_cancelled_while_it_waits_and_while_it_runs(record: Record) -> None:
    take_in(record, CASE)
    record.apply(QueueAnalysis("waits"), GEN)
    record.apply(CancelJob("waits"), GEN)
    assert (state_of(record, "waits"), work(record, once=True)) == ("cancelled", 0)
    record.apply(QueueAnalysis("runs"), GEN)
    with working(record.engine) as connection:
        mine = queue.claim(connection, "me", time.time(), lease=30)
    assert mine is not None
    record.apply(CancelJob("runs"), GEN)
    with working(record.engine) as connection:
        assert queue.beat(connection, mine, time.time() + 30, ("peel", 1, 2)) == "cancel"
        assert not queue.finish(connection, "runs", "me", "x")


def test_two_workers_share_the_queue(record: Record) -> None:
    take_in(record, CASE)
    for i in range(6):
        record.apply(QueueAnalysis(f"a{i}"), GEN)
    workers = [threading.Thread(target=work, args=(record,), kwargs={"once": True}) for _ in range(3)]
    for w in workers:
        w.start()
    for w in workers:
        w.join()
    with reading(record.engine) as connection:
        assert [(j.state, j.attempts) for j in queue.jobs(connection)] == [("done", 1)] * 6
    with record.view() as view:
        assert len(view.all("analysis")) == 6
    assert record.verify() == []


def test_a_result_of_another_case_is_not_stored(record: Record) -> None:
    take_in(record, CASE)
    result = result_json(identify(CASE, scenarios_of(CASE), seed=1)).decode()
    forged = json.loads(result)
    forged["case"]["digest"] = "0" * 64
    made = StoreAnalysis("a", CASE.digest, record.revision, 1, (), "0", json.dumps(forged))
    with pytest.raises(Refusal) as refused:
        record.apply(made, GEN)
    assert [f.code for f in refused.value.faults] == ["digest-mismatch"]
