"""One figure, measured in this process: the first call, then the best of several."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Work", "measured"]

LEAST_RUNS, MOST_RUNS, ENOUGH_SECONDS = 3, 25, 1.5


@dataclass(frozen=True)
class Work:
    """Inputs parsed and ready: ``run`` computes the answer anew; ``units`` of ``size`` make `per_second`.

    ``show`` gives what is reported of the answer, ``check`` what it was checked against. ``clean``: the same without
    what makes this work harder, measured besides for the ratio of the two. ``once``: the first call is all there is.
    """

    run: Callable[[], Any]
    size: dict[str, int]
    units: int
    show: Callable[[Any], Any] = lambda answer: None
    check: Callable[[Any], dict[str, Any]] = lambda answer: {}
    clean: Work | None = None
    once: bool = False


def measured(prepare: Callable[[], Work], import_seconds: float) -> dict[str, Any]:
    """Everything known of one piece of work; ``import_seconds`` is what importing the library took."""
    work = prepare()
    started, cpu_started = time.perf_counter(), _cpu()
    answer = work.run()
    first = wall = time.perf_counter() - started
    cpu = _cpu() - cpu_started
    if not work.once:
        answer, cpu, wall = _best(work)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "work": work.size,
        "cpu_seconds": cpu,
        "seconds": wall,
        "first_seconds": import_seconds + first,
        "peak_mb": round(peak, 1),
        "per_second": work.units / wall,
        **({} if work.clean is None else {"ratio_to_clean": cpu / _best(work.clean)[1]}),
        "result": work.show(answer),
        **work.check(answer),
    }


def _best(work: Work) -> tuple[Any, float, float]:
    """The answer, and the least processor time and the least time of several runs, in seconds."""
    cpu: list[float] = []
    wall: list[float] = []
    answer = None
    while len(wall) < LEAST_RUNS or (sum(wall) < ENOUGH_SECONDS and len(wall) < MOST_RUNS):
        started, cpu_started = time.perf_counter(), _cpu()
        answer = work.run()
        cpu.append(_cpu() - cpu_started)
        wall.append(time.perf_counter() - started)
    return answer, min(cpu), min(wall)


def _cpu() -> float:
    """Seconds of processor time of this process and of those it has started and seen end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)
