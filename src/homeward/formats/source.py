"""Where bytes come from: the disk or memory, read in one way. Never a wait on a pipe, never an exception of the
operating system.

What comes over a network is never written to the disk to be read: it is handed on as `InMemory`.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from homeward.faults import Fault

__all__ = ["InMemory", "Place", "file_bytes", "is_inside", "is_there", "names_in", "place_of"]


@dataclass(frozen=True)
class InMemory:
    """A file or folder that lies on no disk: the part of a `Path` that readers use.

    ``files``: path below the root, with forward slashes → content; ``at``: where in it this is, empty = the root.
    """

    files: Mapping[str, bytes]
    at: str = ""

    @property
    def name(self) -> str:
        return PurePosixPath(self.at).name

    @property
    def stem(self) -> str:
        return PurePosixPath(self.at).stem

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.at).suffix

    def with_suffix(self, suffix: str) -> InMemory:
        return InMemory(self.files, str(PurePosixPath(self.at).with_suffix(suffix)))

    def __truediv__(self, below: str) -> InMemory:
        return InMemory(self.files, f"{self.at}/{below}" if self.at else below)

    def is_dir(self) -> bool:
        return not self.at or any(file.startswith(f"{self.at}/") for file in self.files)

    def is_symlink(self) -> bool:
        return False

    def exists(self) -> bool:
        return self.at in self.files or self.is_dir()


Place = Path | InMemory


def place_of(path: str | Place) -> Place:
    return path if isinstance(path, InMemory) else Path(path)


def file_bytes(path: Place, file: str, faults: list[Fault], most: int = -1) -> bytes | None:
    """The content of a regular file (or a link to one), of ``most`` bytes if given; None and a fault naming ``file``
    otherwise."""
    if isinstance(path, InMemory):
        if path.at in path.files:
            return path.files[path.at][: most if most >= 0 else None]
        code, message = ("not-a-file", "this is not a regular file") if path.is_dir() else ("missing-file", "")
        remedy = "put a file here" if message else "add the file"
        faults.append(Fault(code, message or "the file is missing", remedy, file=file))
        return None
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            faults.append(Fault("not-a-file", "this is not a regular file", "put a file here", file=file))
            return None
        with path.open("rb") as stream:
            return stream.read(most)
    except FileNotFoundError:
        faults.append(Fault("missing-file", "the file is missing", "add the file", file=file))
    except (OSError, ValueError):
        faults.append(Fault("unreadable-file", "the file cannot be read", "check its permissions", file=file))
    return None


def is_there(path: Place) -> bool:
    """Whether an entry of this name exists, be it a file or not."""
    return path.exists() if isinstance(path, InMemory) else os.path.lexists(path)


def names_in(folder: Place) -> list[str]:
    """The names of what lies directly in a folder; bytes that are no UTF-8 are written as escapes, so that a name can
    be shown. Raises OSError or ValueError where it cannot be read."""
    if isinstance(folder, InMemory):
        start = f"{folder.at}/" if folder.at else ""
        return sorted({file[len(start) :].partition("/")[0] for file in folder.files if file.startswith(start)})
    return sorted(os.fsencode(path.name).decode("utf-8", "backslashreplace") for path in folder.iterdir())


def is_inside(folder: Place, file: str) -> bool:
    """Whether a path below a folder, without `..`, stays in it: no link leads out."""
    if isinstance(folder, InMemory):
        return True
    try:
        return (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False
