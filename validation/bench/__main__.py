"""`python -m validation.bench [--inputs DIR]`: one JSON object on standard output, nothing else."""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()


def machine() -> dict[str, Any]:
    """What a reader must know to compare the figures with his own."""
    cpu = ""
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        cpu = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": cpu or platform.processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def in_a_fresh_process(*arguments: str) -> dict[str, Any]:
    """What this program says when it is run anew to measure one thing."""
    done = subprocess.run(
        [sys.executable, "-m", "validation.bench", *arguments], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def one(figure: str | None, file: Path | None) -> dict[str, Any]:
    """Measure one figure, or the work of one file, in this process."""
    from validation.bench.figures import FIGURES, NotClaimed, work_of_file
    from validation.bench.measure import measured

    imports = time.perf_counter() - STARTED
    try:
        if file is not None:
            return measured(lambda: work_of_file(file), imports)
        assert figure is not None
        return measured(FIGURES[figure], imports)
    except NotClaimed as reason:
        return {"not_claimed": str(reason)}


def cold_start() -> dict[str, Any]:
    """`homeward --help`, each time in a fresh process."""
    command = [sys.executable, "-c", "from homeward.cli import main; main()", "--help"]
    cpu, wall = [], []
    for _ in range(6):
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        wall.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {
        "work": {"starts": 1},
        "cpu_seconds": min(cpu[1:]),
        "seconds": min(wall[1:]),
        "first_seconds": wall[0],
        "peak_mb": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
        "per_second": 1 / min(wall[1:]),
    }


def figures() -> dict[str, Any]:
    """All figures of the contract."""
    from validation.bench.figures import FIGURES

    # first, while no larger child has raised the peak
    found = {"cold_start_help": in_a_fresh_process("--cold-start")}
    for name in FIGURES:
        print(name, file=sys.stderr)
        found[name] = {k: v for k, v in in_a_fresh_process("--figure", name).items() if k != "result"}
    return {"machine": machine(), "figures": found}


def inputs(folder: Path) -> dict[str, Any]:
    """Every JSON file of a folder."""
    found = {}
    for path in sorted(folder.glob("*.json")):
        print(path.name, file=sys.stderr)
        one_file = in_a_fresh_process("--file", str(path))
        wanted = ("cpu_seconds", "first_seconds", "peak_mb", "result", "not_claimed")
        found[path.name] = {key: one_file[key] for key in wanted if key in one_file}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m validation.bench")
    parser.add_argument("--inputs", type=Path, help="measure the files of this folder in place of the figures")
    parser.add_argument("--figure", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--cold-start", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inputs is not None and not options.inputs.is_dir():
        print(f"{options.inputs}: no such folder", file=sys.stderr)
        return 2
    if options.figure or options.file:
        found = one(options.figure, options.file)
    elif options.cold_start:
        found = cold_start()
    else:
        found = inputs(options.inputs) if options.inputs else figures()
    print(json.dumps(found, allow_nan=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
