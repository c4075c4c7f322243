"""The folder of one side: read whole, changed in one step or not at all."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from homeward.faults import Fault, Refusal

__all__ = ["FOLDERS", "STATE", "Store"]

STATE = "state.json"
"""Renamed last: what it does not name is not there."""
FOLDERS = ("letters", "outbox", "results")
_BEGUN = ".begun-"


class Store:
    """Files by their path in the folder. New files are written beside their place and renamed, `STATE` last of all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone in the folder: a second program waits."""
        self._is_there()
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _is_there(self) -> None:
        if not (self.folder / STATE).is_file():
            remedy = "make it with homeward exchange keygen, or correct the path"
            message = "this is no folder of an exchange"
            raise Refusal([Fault("missing-file", message, remedy, file=str(self.folder))])

    def has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def read(self, name: str) -> bytes:
        """A file's bytes. Raises `Refusal` ``missing-file``."""
        self._is_there()
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError as error:
            remedy = "take the step before this one first (homeward exchange status says which)"
            raise Refusal([Fault("missing-file", f"{name} is not there", remedy, file=name)]) from error

    def commit(self, files: Mapping[str, bytes], state: bytes, drop: Collection[str] = ()) -> None:
        """Put files that are not there yet and the new state, then drop others.

        Interrupted before the state is renamed, everything is as it was; `sweep` ends what was interrupted after it.
        Raises `Refusal` ``cannot-write`` where the system does not take the files.
        """
        begun: list[Path] = []
        done: list[Path] = []
        try:
            ready = [(self._begin(name, data, begun), self.folder / name) for name, data in files.items()]
            last = self._begin(STATE, state, begun)
            for beside, target in ready:
                done.append(target)
                beside.replace(target)
            self._settle(*(self.folder / f for f in FOLDERS))
            last.replace(self.folder / STATE)
        except OSError as error:
            reason = error.strerror or "the file cannot be written"
            raise Refusal([Fault("cannot-write", reason, "free space", file=str(self.folder))]) from error
        finally:
            # an interrupt may come right after the renaming: what the state on the disk names is to stay
            undone = [] if (self.folder / STATE).is_file() and (self.folder / STATE).read_bytes() == state else done
            for path in (*begun, *undone):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        self._settle(self.folder)
        for name in drop:
            (self.folder / name).unlink(missing_ok=True)

    def put(self, name: str, data: bytes) -> None:
        """One file, in place of what was there. Raises `Refusal` ``cannot-write``."""
        begun: list[Path] = []
        try:
            self._write(self.folder / name, data, begun).replace(self.folder / name)
        except OSError as error:
            reason = error.strerror or "the file cannot be written"
            raise Refusal([Fault("cannot-write", reason, "free space", file=str(self.folder))]) from error
        finally:
            for path in begun:
                path.unlink(missing_ok=True)
        self._settle(self.folder)

    def _begin(self, name: str, data: bytes, begun: list[Path]) -> Path:
        target = self.folder / name
        if name != STATE and target.exists():
            raise Refusal([Fault("target-exists", f"{name} is there already", "use another folder", file=name)])
        return self._write(target, data, begun)

    def _write(self, target: Path, data: bytes, begun: list[Path]) -> Path:
        handle, beside = tempfile.mkstemp(prefix=_BEGUN, dir=target.parent)  # of mode 0600
        begun.append(Path(beside))
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return Path(beside)

    def _settle(self, *folders: Path) -> None:
        """The names themselves onto the disk, where the system can do that."""
        for folder in folders:
            handle = os.open(folder, os.O_RDONLY)
            with suppress(OSError):
                os.fsync(handle)
            os.close(handle)

    def sweep(self, named: Collection[str], role: str) -> None:
        """Remove what a killed program left: files begun, and letters, results and own envelopes nobody names.

        Without a ``role`` nothing is agreed, and an agreement is such a file too.

        Whatever else somebody put into the folder is his, and stays.
        """
        own = (("letters", "*-[0-9]*.json"), ("results", "[0-9]*-*.json"), ("outbox", f"*-{role}-[0-9]*.age"))
        left = [path for folder in ("", *FOLDERS) for path in (self.folder / folder).glob(f"{_BEGUN}*")]
        for folder, pattern in own:
            left += [p for p in (self.folder / folder).glob(pattern) if f"{folder}/{p.name}" not in named]
        if not role:
            left += self.folder.glob("agreement.json")
        for path in left:
            path.unlink()
