"""Bytes from the disk, or a fault: never a wait on a pipe, never an exception of the operating system."""

from __future__ import annotations

import stat
from pathlib import Path

from homeward.faults import Fault

__all__ = ["file_bytes"]


def file_bytes(path: Path, file: str, faults: list[Fault]) -> bytes | None:
    """The content of a regular file (or a link to one); None and a fault naming ``file`` otherwise."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            faults.append(Fault("not-a-file", "this is not a regular file", "put a file here", file=file))
            return None
        return path.read_bytes()
    except FileNotFoundError:
        faults.append(Fault("missing-file", "the file is missing", "add the file", file=file))
    except (OSError, ValueError):
        faults.append(Fault("unreadable-file", "the file cannot be read", "check its permissions", file=file))
    return None
