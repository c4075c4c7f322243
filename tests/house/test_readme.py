"""What the README tells a newcomer to type works as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after the ten lines of the first case."""
    block = re.search(r"```sh\n(mkdir first.*?)```", README, flags=re.DOTALL)
    assert block
    assert len(block[1].splitlines()) == 10
    where = tmp_path_factory.mktemp("newcomer")
    command = f"homeward() {{ '{sys.executable}' -c 'from homeward.cli import main; main()' \"$@\"; }}\n{block[1]}"
    done = subprocess.run(["bash", "-ec", command], cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert re.search(r"^bone-1 +\(?F1/man", done.stdout, flags=re.MULTILINE)
    return where / "first"


def test_the_first_case_leaves_a_report(first: Path) -> None:
    assert "<svg" in (first.parent / "report.html").read_text(encoding="utf-8")


def test_the_python_lines(first: Path) -> None:
    block = re.search(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert block
    done = subprocess.run(
        [sys.executable, "-c", block[1]],
        cwd=first.parent,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ},
    )
    assert (done.returncode, done.stderr) == (0, "")
    person, log10_lr, posterior = done.stdout.split()
    assert person == "F1/man" and float(log10_lr) > 2 and 0.99 < float(posterior) < 1
