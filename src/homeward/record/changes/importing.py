"""A whole case comes in: previewed change by change, then all of it or nothing."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from homeward.case import Case, canonical_json
from homeward.faults import Fault, Refusal
from homeward.record.case_rows import CASE_KINDS, Entry, case_from, entries_of, subjects
from homeward.record.changes.change import Change
from homeward.record.consent import consent_faults, faults_of, typed_living
from homeward.record.draft import Draft
from homeward.record.keys import lock, unlock
from homeward.record.soundness import case_faults, torn
from homeward.record.values import Consent, MtProfile, Profile, RawFile, to_json
from homeward.record.view import Held, View, place_of

__all__ = ["ImportCase", "ImportPreview", "RawInput", "Step", "preview_of", "raw_file", "rows_by_sample"]

Action = Literal["add", "change", "remove"]


@dataclass(frozen=True, slots=True)
class RawInput:
    """A file as it came; base64."""

    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that an import would do."""

    action: Action
    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """Everything an import would do, and a digest by which `ImportCase` says that this was seen."""

    steps: tuple[Step, ...]
    unchanged: int
    digest: str


@dataclass(frozen=True)
class ImportCase(Change, code="import-case", roles={"coordinator", "geneticist"}):
    """Take a case in. ``mode``: `whole` = the record becomes this case, `add` = what the case does not name stays.

    ``preview``: the digest of the preview that was seen; another state since then is refused (``preview-stale``).
    ``consents``: data key → what the person allowed, for living persons whose genotypes come and of whom no consent is
    on record.
    """

    case: Case
    preview: str
    mode: Literal["whole", "add"] = "whole"
    consents: Mapping[str, Consent] = field(default_factory=dict)
    raw: tuple[RawInput, ...] = ()

    def carry_out(self, draft: Draft) -> None:
        draft.faults += [*torn(self.case), *_not_base64(self.raw)]
        if draft.faults:
            return
        entries = _entries(draft.now, self.case, self.mode)
        seen = _preview(draft.now, entries, self.mode)
        if seen.digest != self.preview:
            message = "the record changed since the preview, or the import was not previewed"
            draft.forbid("preview-stale", message, "look at the preview again")
            return
        for subject, consent in self.consents.items():
            draft.faults += (replace(f, sample=subject.partition(":")[2]) for f in consent_faults(consent))
        known = {id: h.value for id, h in draft.now.all("consent").items() if h.value is not None}
        draft.broken_rules += faults_of(
            typed_living(self.case), known | dict(self.consents), "identification", "", draft.day
        )
        draft.broken_rules += _withdrawn(draft.now, entries)
        if draft.faults or draft.broken_rules:
            return
        lines = rows_by_sample(self.raw, self.case)
        actions = {(s.kind, s.id): s.action for s in seen.steps}
        for subject, consent in self.consents.items():
            if subject not in known:
                draft.put("consent", subject, consent, subject=subject)
        for entry in entries:
            if (entry.kind, entry.id) in actions:
                value = _with_raw(entry, lines, draft.now)
                draft.put(
                    entry.kind, entry.id, value, owner=entry.owner, subject=entry.subject, position=entry.position
                )
        for step in seen.steps:
            if step.action == "remove":
                draft.close(step.kind, step.id)
        _keep_files(draft, self.case, self.raw, lines)


def preview_of(view: View, case: Case, mode: Literal["whole", "add"] = "whole") -> ImportPreview:
    """What `ImportCase` would do now.

    Raises `Refusal` for a case that no reader of a folder lets through, and where what the record would hold
    afterwards does not go together: `ImportCase` would be refused for the same.
    """
    if faults := torn(case):
        raise Refusal(faults)
    entries = _entries(view, case, mode)
    if faults := case_faults(_afterwards(view, entries, mode)):
        raise Refusal(faults)
    return _preview(view, entries, mode)


def _afterwards(view: View, entries: list[Entry], mode: str) -> Case:
    """The case that the record would hold."""
    there = {kind: view.all(kind) if mode == "add" else {} for kind in CASE_KINDS}
    for e in entries:
        there[e.kind][e.id] = Held(e.kind, e.id, e.owner, e.position, 0, None, e.subject, e.value)
    return case_from(there)


def _entries(view: View, case: Case, mode: str) -> list[Entry]:
    """The case's things, at their places; added to others, they come after them."""
    entries = list(entries_of(case))
    if mode == "whole":
        return entries
    there = {kind: view.all(kind) for kind in CASE_KINDS}
    last = {kind: max((h.position for h in held.values()), default=0) for kind, held in there.items()}
    rows = {
        kind: max((r for h in there[kind].values() if h.value is not None for r in h.value.rows), default=-1) + 1
        for kind in ("profile", "mt-profile")
    }
    found = []
    for entry in entries:
        held = there[entry.kind].get(entry.id)
        if entry.kind == "case" and held is not None:
            continue
        value = entry.value
        if isinstance(value, (Profile, MtProfile)) and held is not None and held.value is not None:
            if held.value.typings == value.typings:
                value = replace(value, rows=held.value.rows)
            else:
                value = replace(value, rows=tuple(r + rows[entry.kind] for r in value.rows))
        elif isinstance(value, (Profile, MtProfile)):
            value = replace(value, rows=tuple(r + rows[entry.kind] for r in value.rows))
        position = held.position if held is not None else last[entry.kind] + entry.position
        found.append(replace(entry, value=value, position=position))
    return found


def _preview(view: View, entries: list[Entry], mode: str) -> ImportPreview:
    there = {kind: view.all(kind) for kind in CASE_KINDS}
    steps: list[Step] = []
    unchanged = 0
    content = hashlib.sha256()
    for entry in entries:
        held = there[entry.kind].pop(entry.id, None)
        content.update(to_json(entry.kind, entry.value))
        if held is None:
            steps.append(Step("add", entry.kind, entry.id))
        elif (held.owner, held.position, _plain(held.value)) != (entry.owner, entry.position, entry.value):
            steps.append(Step("change", entry.kind, entry.id))
        else:
            unchanged += 1
        content.update(f"{held.since if held else 0}".encode())
    if mode == "whole":
        steps += [Step("remove", kind, id) for kind, left in there.items() for id in left]
    seen = canonical_json([mode, content.hexdigest(), [[s.action, s.kind, s.id] for s in steps]])
    return ImportPreview(tuple(steps), unchanged, hashlib.sha256(seen).hexdigest())


def _plain(value: Any) -> Any:
    """A value without what the record adds to it."""
    return replace(value, raw="", reason="") if isinstance(value, (Profile, MtProfile)) else value


def _not_base64(raw: tuple[RawInput, ...]) -> list[Fault]:
    found = []
    for file in raw:
        try:
            base64.b64decode(file.content, validate=True)
        except ValueError:
            found.append(Fault("bad-value", "a file comes as base64", "encode it", file=file.path))
    return found


def _withdrawn(view: View, entries: list[Entry]) -> list[Fault]:
    buried = set(view.all("tombstone"))
    asked = dict.fromkeys(e.subject for e in entries if e.subject in buried)
    message = "this person withdrew, and nothing more of him can be stored"
    remedy = "take him out of the file; somebody who consents anew gets an id of his own"
    return [Fault("withdrawn", message, remedy, sample=str(subject).partition(":")[2]) for subject in asked]


def rows_by_sample(raw: tuple[RawInput, ...], case: Case) -> dict[str, dict[str, str]]:
    """File → sample → header and lines, of every CSV file whose rows are all of samples of the case."""
    samples = {s.id for s in case.samples}
    found: dict[str, dict[str, str]] = {}
    for file in raw:
        if not file.path.endswith(".csv"):
            continue
        text = base64.b64decode(file.content).decode("utf-8-sig", "replace")
        rows = list(csv.reader(io.StringIO(text)))
        header = [c.strip() for c in rows[0]] if rows else []
        if "sample" not in header or "id" in header:
            continue
        by: dict[str, list[list[str]]] = {}
        for row in rows[1:]:
            if len(row) > header.index("sample"):
                by.setdefault(row[header.index("sample")].strip(), []).append(row)
        if by.keys() <= samples:
            found[file.path] = {sample: _csv([rows[0], *lines]) for sample, lines in by.items()}
    return found


def _csv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _with_raw(entry: Entry, lines: Mapping[str, Mapping[str, str]], now: View) -> Any:
    """A profile with its rows as they came, after those of the typings that it goes on from."""
    if entry.kind not in ("profile", "mt-profile"):
        return entry.value
    mt = entry.kind == "mt-profile"
    own = [text for path, by in lines.items() if (path == "mtdna.csv") is mt for s, text in by.items() if s == entry.id]
    before = now.get(entry.kind, entry.id)
    if before is not None and before.raw and entry.value.typings[: len(before.typings)] == before.typings:
        own = [before.raw, *own]
    return replace(entry.value, raw="\n".join(own))


def _keep_files(draft: Draft, case: Case, raw: tuple[RawInput, ...], split: Mapping[str, object]) -> None:
    """Files whose lines are not kept with their samples: each under the keys of all the living who may be in it."""
    living = tuple(
        sorted({s for s in subjects(case).values() if s} | {e.subject for e in entries_of(case) if e.subject})
    )
    living = tuple(s for s in living if draft.now.key(s) is not None)
    for file in raw:
        if file.path in split:
            continue
        content = base64.b64decode(file.content)
        sha = hashlib.sha256(content).hexdigest()
        id = f"{file.path}@{sha[:16]}"
        held = draft.now.held("raw-file", id)
        if held is not None:
            continue
        locked = lock(_combined(draft.now, living), content, place_of("raw-file", id))
        draft.put("raw-file", id, RawFile(file.path, sha, living, base64.b64encode(locked).decode()))


def raw_file(view: View, id: str) -> bytes | None:
    """A kept file as it came; None once somebody whose key locks it withdrew."""
    file: RawFile | None = view.get("raw-file", id)
    if file is None or any(view.key(s) is None for s in file.subjects):
        return None
    return unlock(_combined(view, file.subjects), base64.b64decode(file.locked), place_of("raw-file", id))


def _combined(view: View, subjects: tuple[str, ...]) -> bytes:
    """One key that is lost with any of the persons' keys."""
    parts = [view.key(s) or b"" for s in sorted(subjects)] or [view.keys.wrapping]
    return HKDF(hashes.SHA256(), 32, None, b"homeward raw file").derive(b"".join(parts))
