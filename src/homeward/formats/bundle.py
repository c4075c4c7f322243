"""A bundle for peer review: one zip of which the same content gives the same bytes, and such a file read again."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from homeward.case import canonical_json
from homeward.faults import Fault, Refusal
from homeward.formats.source import file_bytes

__all__ = ["Bundle", "bundle_bytes", "is_bundle", "read_bundle"]

FORMAT = "homeward-bundle 1"
HEAD = "bundle.json"
LARGEST = 1 << 30
"""Bytes of all files of a bundle together."""
_DAY = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle as read. ``head``: what `bundle.json` says; ``altered``: files that are not as it says."""

    head: Mapping[str, Any]
    files: Mapping[str, bytes]
    altered: tuple[str, ...]

    @property
    def case(self) -> dict[str, bytes]:
        """The files of the case, by path in its folder; none where the bundle was made without."""
        return {name.removeprefix("case/"): data for name, data in self.files.items() if name.startswith("case/")}


def bundle_bytes(head: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """A zip of the files by name, and of `bundle.json`: the head, and the SHA-256 of each."""
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    told = canonical_json({"format": FORMAT, **head, "files": sums}) + b"\n"
    content = io.BytesIO()
    # stored, not packed: what a packer makes of the same content depends on its version
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted({**files, HEAD: told}.items()):
            entry = zipfile.ZipInfo(name, _DAY)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return content.getvalue()


def is_bundle(path: Path) -> bool:
    """Whether a file is a zip."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def read_bundle(path: str | Path) -> Bundle:
    """A bundle, held in memory: nothing of it is unpacked onto a disk.

    Raises `Refusal` ``bad-bundle`` for what is none, and the faults of a file that cannot be read.
    """
    where = Path(path)
    faults: list[Fault] = []
    data = file_bytes(where, where.name, faults)
    if data is None:
        raise Refusal(faults)
    try:
        files = _unpacked(data)
        head = json.loads(files.get(HEAD, b"null"))
    except (zipfile.BadZipFile, ValueError, RecursionError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refusal([_fault(where)]) from error
    sums = head.get("files") if isinstance(head, dict) and head.get("format") == FORMAT else None
    if not isinstance(sums, dict) or "result.json" not in files:
        raise Refusal([_fault(where)])
    held = {name: hashlib.sha256(content).hexdigest() for name, content in files.items() if name != HEAD}
    altered = sorted(name for name in sums.keys() | held.keys() if sums.get(name) != held.get(name))
    return Bundle(head, files, tuple(altered))


def _unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > LARGEST or len({e.filename for e in entries}) < len(entries):
            raise zipfile.BadZipFile
        return {entry.filename: archive.read(entry) for entry in entries if not entry.is_dir()}


def _fault(where: Path) -> Fault:
    return Fault("bad-bundle", f"the file is no {FORMAT}", "give the file that report --kind bundle wrote", where.name)
