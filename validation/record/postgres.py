"""A PostgreSQL server of the tests' own, from Debian's package: started when first asked for, gone with the tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["programs", "running"]


def programs() -> Path | None:
    """Where the newest server's programs are; None where the package is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


def _as_owner(command: list[str]) -> list[str]:
    """The server refuses to run as root: then the package's own user runs it."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def running() -> Iterator[str]:
    """The URL of a fresh server, with `{}` where a database's name goes."""
    where = programs()
    assert where is not None
    folder = Path(tempfile.mkdtemp(prefix="homeward-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    data = str(folder / "data")
    subprocess.run(
        _as_owner([str(where / "initdb"), "-D", data, "-U", "homeward", "-A", "trust", "-E", "UTF8", "--no-sync"]),
        check=True,
        capture_output=True,
        cwd=folder,
    )
    server = subprocess.Popen(
        _as_owner(
            [
                str(where / "postgres"),
                "-D",
                data,
                "-k",
                str(folder),
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_connections=120",
            ]
        ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        ready = [str(where / "pg_isready"), "-h", str(folder), "-U", "homeward", "-q"]
        for _ in range(200):
            if subprocess.run(ready, check=False).returncode == 0:
                break
            time.sleep(0.05)
        yield f"postgresql://homeward@/{{}}?host={folder}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
