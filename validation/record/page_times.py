"""`python -m validation.record.page_times`: how long the workbench's pages take with a case of 183 names, as JSON.

84 families of 183 missing have references, 60 samples are of 40 bodies; the case is analysed as a worker does it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
from fastapi.testclient import TestClient

from homeward.record import SYSTEM, Record, create_record
from homeward.record.access.sessions import begin
from homeward.record.changes import OpenAccount, ProposeCandidate, QueueAnalysis
from homeward.record.view import View
from homeward.record.worker import work
from homeward.report.stored import reports_of
from homeward.simulate import simulate_incident
from homeward.web import create_app
from homeward.web.stored import newest_result
from validation.record.people import GEN, PEOPLE, take_in
from validation.record.serving import served

__all__ = ["page_times"]

SEED, TIMES = 42, 40


def _case_of_183(record: Record) -> None:
    for actor in PEOPLE.values():
        record.apply(OpenAccount(actor.account, actor.account, tuple(sorted(actor.roles))), SYSTEM)
    case, _ = simulate_incident(
        seed=SEED,
        relatives={"child": 20, "brother": 14, "grandson": 32, "brothers-son": 18},
        second_relative=0.5,
        kin={"brother": 3},
        bodies=40,
        fragments=60,
    )
    take_in(record, case)
    record.apply(QueueAnalysis("a", 1), GEN)
    work(record, once=True, write=reports_of)


def _pages(view: View) -> list[str]:
    """Every page of the menu, and one thing of each kind."""
    result = newest_result(view)
    assert result is not None, "the analysis failed"
    sample, family = result.samples[0], next(iter(view.all("family")))
    typed = sorted(view.ids("profile"))[:2]
    return [
        "/",
        "/remains",
        f"/remains/one?id={result.source[sample]}",
        "/individuals",
        f"/individuals/one?sample={sample}",
        "/families",
        f"/families/one?id={family}",
        "/candidates",
        "/matrix",
        "/matrix?measure=posterior&sort=lr&part=3",
        "/matrix/data",
        "/findings",
        f"/findings?first={typed[0]}&second={typed[1]}",
        "/analyses",
        "/jobs",
        "/people",
        "/settings",
        "/audit",
    ]


def _processor(record: Record, secret: str, pages: list[str]) -> dict[str, int]:
    """Milliseconds of processor that each page takes (the median), which other work on the machine does not change."""
    found = {}
    with TestClient(create_app(record), base_url="http://127.0.0.1:8742", cookies={"homeward": secret}) as client:
        for page in pages:
            taken = []
            for _ in range(TIMES // 4):
                started = time.process_time()
                client.get(page).raise_for_status()
                taken.append(1000 * (time.process_time() - started))
            found[page] = round(float(np.median(taken)))
    return found


def page_times(folder: Path) -> dict[str, Any]:
    """Milliseconds of each page over HTTP, one after another: the first time, the median, the 95th percentile; and of
    the processor.
    """
    url, keys = f"sqlite:///{folder / 'case.db'}", folder / "case.keys"
    record = create_record(url, keys)
    _case_of_183(record)
    with record.view() as view:
        pages = _pages(view)
        result = newest_result(view)
    assert result is not None
    for sample, missing in result.named:
        record.apply(ProposeCandidate(sample, missing, "a"), GEN)
    secret = begin(record, "cora", strong=True, now=time.time())
    processor = _processor(record, secret, pages)
    record.engine.dispose()
    found = {}
    with served(url, keys, folder / "server.log") as address:
        client = httpx2.Client(base_url=address, cookies={"homeward": secret}, timeout=60.0)
        for page in pages:
            taken = []
            for _ in range(TIMES):
                started = time.perf_counter()
                client.get(page).raise_for_status()
                taken.append(1000 * (time.perf_counter() - started))
            p95 = round(float(np.quantile(taken, 0.95)))
            found[page] = {"first": round(taken[0]), "median": round(float(np.median(taken))), "p95": p95}
            found[page]["processor"] = processor[page]
        client.close()
    return {"seed": SEED, "times": TIMES, "names": 183, "samples": len(result.samples), "ms": found}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        json.dump(page_times(Path(place)), sys.stdout, indent=1)
        print()


if __name__ == "__main__":
    main()
