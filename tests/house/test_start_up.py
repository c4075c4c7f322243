"""Everyday beginnings stay light: no NumPy, and a quarter of a second of CPU at most."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

HEAVY = {"numpy", "scipy", "numba", "pydantic", "pydantic_core", "sqlalchemy", "rich", "opt_einsum", "pandas"}
BUDGET_SECONDS = 0.250

RUN = """
import json, resource, sys
sys.argv = ["homeward", *json.loads(sys.argv[1])]
try:
    if len(sys.argv) > 1:
        from homeward.cli import main
        main()
    else:
        import homeward
except SystemExit:
    pass
used = resource.getrusage(resource.RUSAGE_SELF)
tops = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps({"seconds": used.ru_utime + used.ru_stime, "modules": tops}), file=sys.__stderr__)
"""

BEGINNINGS = [
    [],
    ["--help"],
    ["--version"],
    ["identify", "--help"],
    ["identify"],
    ["identify", "--no-such-option"],
    ["no-such-command"],
    ["identify", "case", "--seed", "many"],
    ["identify", "no-such-case"],
    ["identify", "no-such-case", "--set", "nonsense"],
]


def start(arguments: list[str]) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, json.dumps(arguments)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""},
    )
    found: dict[str, object] = json.loads(done.stderr.splitlines()[-1])
    return found


@pytest.mark.parametrize("arguments", BEGINNINGS, ids=" ".join)
def test_start_up(arguments: list[str]) -> None:
    """The best of five runs, so that a busy machine does not decide."""
    runs = [start(arguments)]
    assert not HEAVY.intersection(runs[0]["modules"])  # type: ignore[call-overload]
    while min(float(str(r["seconds"])) for r in runs) > BUDGET_SECONDS and len(runs) < 5:
        runs.append(start(arguments))
    assert min(float(str(r["seconds"])) for r in runs) <= BUDGET_SECONDS


def test_only_sampling_imports_the_compiler() -> None:
    """`identify` with all it needs for an exact answer."""
    code = "import sys, homeward.identify.joint.solve, homeward.cli; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
