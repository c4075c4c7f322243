"""damaged_files: any file of any format ends in a value or in a refusal, soon."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from validation.formats import SAMPLES, Sample, damaged, ends_well
from validation.studies.plot import Axis, Mark, scatter_svg
from validation.studies.study import Bound, Outcome, Study

__all__ = ["DAMAGED_FILES"]

FILES = 20_000
MOST_SECONDS = 5.0
MOST_BYTES = 1e9


def _work(scale: float, seed: int) -> Outcome:
    files = max(10, round(FILES * scale))
    figures: dict[str, Any] = {}
    before = _memory()
    with tempfile.TemporaryDirectory() as folder:
        for sample in SAMPLES.values():
            figures[sample.file] = _befall(sample, Path(folder), files, seed)
    tracebacks = sum(f["tracebacks"] for f in figures.values())
    slowest = max(f["slowest_seconds"] for f in figures.values())
    grown = _memory() - before
    bounds = (
        Bound("files that ended in neither a value nor a refusal", tracebacks, 0),
        Bound("seconds of CPU for the slowest file", slowest, MOST_SECONDS),
        Bound("bytes by which memory grew at the most", grown, MOST_BYTES),
    )
    return Outcome(files * len(SAMPLES), bounds, figures | {"memory_growth_bytes": grown}, _plot(figures))


def _memory() -> int:
    """The most memory this process has held so far, bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _befall(sample: Sample, folder: Path, files: int, seed: int) -> dict[str, Any]:
    random_ = random.Random(f"{seed} {sample.file}")
    path = folder / sample.file
    for name, data in sample.beside.items():
        (folder / name).write_bytes(data)
    read = tracebacks = 0
    slowest = 0.0
    for _ in range(files):
        path.write_bytes(damaged(sample.data, random_))
        started = time.process_time()
        try:
            read += ends_well(path)
        except Exception:  # whatever it is, it is what the study counts
            tracebacks += 1
        slowest = max(slowest, time.process_time() - started)
    return {"files": files, "read": read, "tracebacks": tracebacks, "slowest_seconds": round(slowest, 3)}


def _plot(figures: dict[str, Any]) -> str:
    """A point a format: the share of its damaged files that still could be read, and its slowest file."""
    slowest = max(f["slowest_seconds"] for f in figures.values()) or 0.001
    return scatter_svg(
        "Damaged files of each format",
        Axis("share still readable", 0.0, 1.0, [(v / 4, f"{v / 4:g}") for v in range(5)]),
        Axis("seconds of CPU for the slowest file", 0.0, slowest, [(slowest, f"{slowest:g}")]),
        [Mark(f["read"] / f["files"], f["slowest_seconds"]) for f in figures.values()],
    )


DAMAGED_FILES = Study("damaged_files", 20260203, _work)
