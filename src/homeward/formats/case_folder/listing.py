"""What lies in a case folder: its files' bytes, their digests, and the files nobody asked for."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from homeward.case import InputFile
from homeward.faults import Fault
from homeward.formats.source import file_bytes
from homeward.formats.table import Table, decoded, read_table, shown

__all__ = ["HeldFiles", "Listing"]

NOTES = "NOTES.md"


class Listing:
    """One case folder under reading. Every file that is read is remembered with its SHA-256."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults
        self._asked: dict[str, str | None] = {NOTES: None}

    def has(self, file: str) -> bool:
        """Whether an entry of this name exists, be it a file or not."""
        return os.path.lexists(self.folder / file)

    def _content(self, file: str) -> bytes | None:
        return file_bytes(self.folder / file, file, self.faults)

    def bytes(self, file: str) -> bytes | None:
        """A file's content, or None and a fault."""
        data = self._content(file)
        self._asked[file] = None if data is None else hashlib.sha256(data).hexdigest()
        return data

    def text(self, file: str) -> str | None:
        """A UTF-8 file's text, or None and a fault."""
        data = self.bytes(file)
        return None if data is None else decoded(data, file, self.faults)

    def table(
        self,
        file: str,
        *,
        needed: tuple[str, ...],
        optional: tuple[str, ...] = (),
        known: Callable[[str], bool] = lambda column: False,
    ) -> Table:
        """A CSV file's rows; an empty table that is not sound, and a fault, where it cannot be read."""
        data = self.bytes(file)
        if data is None:
            return Table(file, sound=False)
        return read_table(data, file, self.faults, needed=needed, optional=optional, known=known)

    def csv_files(self, directory: str) -> list[str]:
        """The `.csv` files directly in a sub-folder, by name; a fault where it is no folder."""
        if not self.has(directory):
            return []
        if not (self.folder / directory).is_dir():
            self._asked[directory] = None
            self.faults.append(Fault("not-a-folder", "this is not a folder", "make it a folder", file=directory))
            return []
        return sorted(f"{directory}/{name}" for name in self._names(directory) if name.endswith(".csv"))

    def inside(self, file: str) -> bool:
        """Whether a path written in the case stays in the folder: relative, forward slashes, no `..`, no way out
        by a link."""
        parts = file.split("/")
        if "\\" in file or "\0" in file or any(part in ("", ".", "..") for part in parts):
            return False
        try:
            return (self.folder / file).resolve().is_relative_to(self.folder.resolve())
        except (OSError, RuntimeError, ValueError):
            return False

    def inputs(self) -> tuple[InputFile, ...]:
        """Every file that was read, by path."""
        return tuple(InputFile(path, sha) for path, sha in sorted(self._asked.items()) if sha is not None)

    def report_unknown(self, *, also: Callable[[str], bool] = lambda file: False) -> None:
        """Report every entry that was not asked for; a folder without any known file is reported once.

        ``also``: further files that must be let pass.
        """
        for file in self._unknown("", also)[1]:
            self.faults.append(
                Fault(
                    "unknown-field",
                    f"{shown(file)} is not known in a case folder",
                    "correct its name or take it out; notes of your own go into NOTES.md",
                    file=file,
                )
            )

    def _names(self, directory: str) -> list[str]:
        """Entry names; bytes that are no UTF-8 are written as escapes, so that a name can be shown."""
        try:
            names = [path.name for path in (self.folder / directory).iterdir()]
        except (OSError, ValueError):
            self.faults.append(
                Fault("unreadable-file", "the folder cannot be read", "check its permissions", file=directory)
            )
            return []
        return sorted(os.fsencode(name).decode("utf-8", "backslashreplace") for name in names)

    def _unknown(self, directory: str, also: Callable[[str], bool]) -> tuple[bool, list[str]]:
        """Whether the folder holds a known file, and what in it is not known."""
        known, unknown = False, []
        for name in self._names(directory):
            file = f"{directory}/{name}" if directory else name
            if file in self._asked or also(file):
                known = True
            elif (self.folder / file).is_dir() and not (self.folder / file).is_symlink() and file.count("/") < 20:
                inner_known, inner = self._unknown(file, also)
                unknown.extend(inner if inner_known else [file])
                known = known or inner_known
            else:
                unknown.append(file)
        return known, unknown


class HeldFiles(Listing):
    """A case folder whose files are held in memory, by path: what a bundle holds is never written to a disk."""

    def __init__(self, files: Mapping[str, bytes], faults: list[Fault]) -> None:
        super().__init__(Path(), faults)
        self._files = files

    def has(self, file: str) -> bool:
        return file in self._files or any(name.startswith(f"{file}/") for name in self._files)

    def csv_files(self, directory: str) -> list[str]:
        within = (name for name in self._files if name.startswith(f"{directory}/") and name.endswith(".csv"))
        return sorted(name for name in within if name.count("/") == 1)

    def inside(self, file: str) -> bool:
        return file in self._files

    def _content(self, file: str) -> bytes | None:
        if file not in self._files:
            self.faults.append(Fault("missing-file", "the file is missing", "add the file", file=file))
        return self._files.get(file)

    def _unknown(self, directory: str, also: Callable[[str], bool]) -> tuple[bool, list[str]]:
        unknown = [name for name in self._files if name not in self._asked and not also(name)]
        return len(unknown) < len(self._files), unknown
