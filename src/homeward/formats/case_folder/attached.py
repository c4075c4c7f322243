"""`[[evidence]]` and `[[haplotypes]]` of `case.toml`: the laboratory files a case names, and how one is opened."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from homeward.faults import Fault
from homeward.formats.case_folder.listing import Listing
from homeward.formats.table import id_problem, shown

__all__ = ["Attached", "Opened", "attached"]

FILE = "case.toml"
Section = Literal["evidence", "haplotypes"]
_KEYS = {"evidence": ("path", "kind", "sample", "sha256"), "haplotypes": ("path", "kind", "id", "sha256")}
_NEEDED = {"evidence": ("path",), "haplotypes": ("path", "id")}
_KINDS = ("ystr", "mtdna")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


class Report(Protocol):
    """How a fault of `case.toml` is reported."""

    def __call__(
        self, code: str, key: str, value: object, problem: str, remedy: str, *, row: int | None = None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Attached:
    """One such table. ``name``: the sample that the file is of, or the id of the table of haplotypes.

    ``rows``: key → its line in `case.toml`.
    """

    section: Section
    path: str
    kind: str
    name: str
    sha256: str
    rows: Mapping[str, int | None]

    def fault(self, code: str, key: str, value: str, message: str, remedy: str) -> Fault:
        """What is wrong with a key of this table."""
        return Fault(code, message, remedy, FILE, self.rows.get(key), f"{self.section}.{key}", value[:200])


def attached(
    section: Section, value: Any, lines: Mapping[str, int], report: Report
) -> tuple[tuple[Attached, ...], frozenset[str]]:
    """The sound tables of a section, and every path that any of them names."""
    if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
        report("bad-value", section, value, "is no list of files", f"write [[{section}]] with path and kind")
        return (), frozenset()
    found = (_attached(section, part, i, lines, report) for i, part in enumerate(value))
    paths = frozenset(p for part in value if isinstance(p := part.get("path"), str))
    return tuple(one for one in found if one is not None), paths


def _attached(
    section: Section, part: Mapping[str, Any], i: int, lines: Mapping[str, int], report: Report
) -> Attached | None:
    """One table, or None and its faults; a key that is lacking is reported at the heading."""
    heading = lines.get(f"{section}#{i}")
    keys = _KEYS[section]
    rows = {key: lines.get(f"{section}#{i}.{key}", heading) for key in (*keys, *part)}
    sound = True

    def fault(code: str, key: str, problem: str, remedy: str) -> None:
        nonlocal sound
        sound = False
        report(code, f"{section}.{key}", part.get(key, ""), problem, remedy, row=rows[key])

    for extra in sorted(part.keys() - set(keys)):
        fault("unknown-field", extra, f"is not known in [[{section}]]", f"write {', '.join(keys)} only")
    kind = part.get("kind", "")
    if kind not in _KINDS:
        problem = f"is a kind of {section} that this version does not read"
        fault("unsupported-evidence", "kind", problem, f"write {' or '.join(_KINDS)}, or take this [[{section}]] out")
        return None
    name_key = keys[2]
    for key in _NEEDED[section]:
        if part.get(key, "") == "":
            fault("missing-value", key, "says nothing", f"fill in {key}")
    if not isinstance(part.get("path", ""), str):
        fault("bad-path", "path", "is no path", "write a path in the folder, such as evidence/run-1.csv")
    name = part.get(name_key, "")
    if not isinstance(name, str) or (name and not _is_name(name, person=section == "evidence")):
        fault("bad-id", name_key, "is no id", "write 1 to 64 characters without a slash")
    digest = part.get("sha256", "")
    if not isinstance(digest, str) or (digest and not _SHA256.fullmatch(digest)):
        fault("bad-value", "sha256", "is no SHA-256", "write 64 hexadecimal digits, or leave it out")
    return Attached(section, part["path"], kind, name, digest.lower(), rows) if sound else None


def _is_name(text: str, *, person: bool) -> bool:
    """An id; ``person``: `FAMILY/PERSON` as well."""
    parts = text.split("/") if person else [text]
    return len(parts) <= 2 and all(id_problem(part) is None for part in parts)


class Opened:
    """The files named so far: each is inside the folder, is what its digest says, and is read once."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self._seen: dict[tuple[str, str], str] = {}

    def bytes(self, one: Attached) -> bytes | None:
        """The file's content, or None and a fault."""
        faults = self.listing.faults
        if not self.listing.inside(one.path):
            remedy = "write a path in the folder, relative, with / and without . and .."
            faults.append(one.fault("bad-path", "path", one.path, f"{shown(one.path)} is not in the folder", remedy))
            return None
        data = self.listing.bytes(one.path)
        if data is None:
            return None
        digest = hashlib.sha256(data).hexdigest()
        if one.sha256 and digest != one.sha256:
            message = f"{shown(one.path)} is not the file that was named: its SHA-256 is {digest}"
            faults.append(one.fault("digest-mismatch", "sha256", one.sha256, message, "put the right file there"))
            return None
        earlier = self._seen.get((one.section, digest))
        if earlier is not None:
            message = f"{shown(one.path)} was named before, as {shown(earlier)}: what it says would count twice"
            faults.append(one.fault("duplicate-file", "path", one.path, message, f"take this [[{one.section}]] out"))
            return None
        self._seen[one.section, digest] = one.path
        return data
