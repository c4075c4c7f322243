"""The audit chain: what every change put and closed, hashed with salts, chained and signed.

An entry tells who changed what kind of thing and when; of the content it holds a salted hash only. The last entry is
also written to a file beside the keys (the anchor), so that an end cut off the chain is missed.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from homeward.case import canonical_json
from homeward.faults import Progress, Refusal, silent
from homeward.record.database import change, data_key, version
from homeward.record.keys import Installation, unlock

__all__ = ["FIRST", "Break", "append", "drop_anchor", "head", "key_place", "leaf", "lift_anchor", "verify"]

FIRST = "0" * 64
_LOG = logging.getLogger("homeward.record")


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that `verify` found. ``seq``: the entry it was found at; ``place``: a row, a key, or empty."""

    code: str
    seq: int | None
    place: str = ""


def key_place(id: str) -> str:
    """What a wrapped data key is locked to."""
    return f"data-key|{id}"


def leaf(row: Mapping[Any, Any]) -> str:
    """The salted hash of one version as it is stored."""
    content = [row["kind"], row["id"], row["owner"], row["position"], row["sealed_for"] or ""]
    stored = hashlib.sha256(row["salt"].encode() + canonical_json([*content, base64.b64encode(row["data"]).decode()]))
    return stored.hexdigest()


def _content(put: Iterable[str], closed: Iterable[str], keys: Iterable[str]) -> str:
    parts = {"put": sorted(put), "closed": sorted(closed), "keys": sorted(keys)}
    return hashlib.sha256(canonical_json(parts)).hexdigest()


def _hash(seq: int, at: str, actor: str, kind: str, content: str, previous: str) -> str:
    return hashlib.sha256(canonical_json([seq, at, actor, kind, content, previous])).hexdigest()


def head(connection: sa.Connection) -> tuple[int, str]:
    """Number and hash of the last entry; 0 and `FIRST` where there is none."""
    row = connection.execute(sa.select(change.c.seq, change.c.hash).order_by(change.c.seq.desc()).limit(1)).first()
    return (0, FIRST) if row is None else (row.seq, row.hash)


def append(
    connection: sa.Connection,
    keys: Installation,
    entry: tuple[int, str, str, str],
    put: Sequence[Mapping[str, Any]],
    closed: Sequence[Mapping[str, Any]],
    new_keys: Sequence[str],
) -> None:
    """Add an entry (its number, time, actor and kind of change) over the rows that were put and closed."""
    seq, at, actor, kind = entry
    _, previous = head(connection)
    content = _content(map(leaf, put), map(leaf, closed), new_keys)
    hashed = _hash(seq, at, actor, kind, content, previous)
    signature = keys.sign(hashed.encode()).hex()
    row = {"seq": seq, "at": at, "actor": actor, "kind": kind, "content": content, "previous": previous, "hash": hashed}
    connection.execute(change.insert().values(**row, signature=signature))


def _anchor_file(keys: Installation) -> Path:
    return keys.path.with_name(keys.path.name + ".anchor")


def drop_anchor(keys: Installation, seq: int, hashed: str) -> None:
    """Remember the end of the chain outside the database."""
    line = f"{seq} {hashed} {keys.sign(f'anchor {seq} {hashed}'.encode()).hex()}\n"
    file = _anchor_file(keys)
    try:
        with file.open("a", encoding="ascii") as handle:
            handle.write(line)
        if file.stat().st_size > 1_000_000:  # the newest of them vouches for all before it
            beside = file.with_name(file.name + ".new")
            beside.write_text(line, encoding="ascii")
            beside.replace(file)
    except OSError as error:  # the change is committed: to say that it failed would have it made twice
        _LOG.warning("the end of the audit chain could not be written beside the keys (%s)", type(error).__name__)


def lift_anchor(keys: Installation) -> None:
    """Let the chain begin anew where a backup ended; what was remembered is kept under another name."""
    file = _anchor_file(keys)
    if file.exists():
        number = sum(1 for _ in file.parent.glob(f"{file.name}.before-*")) + 1
        file.replace(file.with_name(f"{file.name}.before-{number}"))


def _anchors(keys: Installation) -> list[tuple[int, str]]:
    """The remembered ends that are signed; a line half written by a killed process counts as none."""
    try:
        lines = _anchor_file(keys).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    found = []
    for line in lines:
        parts = line.split(" ")
        if len(parts) == 3 and parts[0].isdigit() and _signed(keys, f"anchor {parts[0]} {parts[1]}", parts[2]):
            found.append((int(parts[0]), parts[1]))
    return found


def _signed(keys: Installation, message: str, signature: str) -> bool:
    try:
        return keys.signed(message.encode(), bytes.fromhex(signature))
    except ValueError:
        return False


def verify(connection: sa.Connection, keys: Installation, progress: Progress = silent) -> list[Break]:
    """Everything that is not as the changes left it.

    Codes: ``chain-broken`` (an entry changed, missing, inserted or moved), ``bad-signature``, ``content-changed`` (rows
    of a change changed, missing or added), ``row-without-entry``, ``key-state`` (a key gone without a tombstone, or
    there in spite of one), ``key-changed``, ``end-missing`` (the anchor knows an entry that is not there).
    """
    entries = connection.execute(sa.select(change).order_by(change.c.seq)).mappings().all()
    put, closed = _leaves(connection, progress)
    keys_of: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(sa.select(data_key.c.id, data_key.c.since)):
        keys_of[row.since].append(row.id)
    found: list[Break] = []
    previous, expected = FIRST, 1
    for entry in entries:
        seq = entry["seq"]
        hashed = _hash(*(entry[c] for c in ("seq", "at", "actor", "kind", "content", "previous")))
        if seq != expected or entry["previous"] != previous or entry["hash"] != hashed:
            found.append(Break("chain-broken", seq))
        if not _signed(keys, entry["hash"], entry["signature"]):
            found.append(Break("bad-signature", seq))
        if entry["content"] != _content(put.pop(seq, []), closed.pop(seq, []), keys_of.pop(seq, [])):
            found.append(Break("content-changed", seq))
        previous, expected = entry["hash"], seq + 1
    for lost in sorted({*put, *closed, *keys_of}):
        found.append(Break("row-without-entry", lost))
    known = {entry["seq"]: entry["hash"] for entry in entries}
    found += [Break("end-missing", seq) for seq, hashed in _anchors(keys) if known.get(seq) != hashed]
    return found + _key_breaks(connection, keys)


def _leaves(connection: sa.Connection, progress: Progress) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Leaf hashes of all versions, by the change that put and by the one that closed them."""
    put: dict[int, list[str]] = defaultdict(list)
    closed: dict[int, list[str]] = defaultdict(list)
    total = connection.execute(sa.select(sa.func.count()).select_from(version)).scalar_one()
    rows = connection.execution_options(yield_per=500).execute(sa.select(version)).mappings()
    for done, row in enumerate(rows):
        if done % 500 == 0:
            progress("audit", done, total)
        hashed = leaf(row)
        put[row["since"]].append(hashed)
        if row["until"] is not None:
            closed[row["until"]].append(hashed)
    progress("audit", total, total)
    return put, closed


def _key_breaks(connection: sa.Connection, keys: Installation) -> list[Break]:
    buried = set(connection.execute(sa.select(version.c.id).where(version.c.kind == "tombstone")).scalars())
    found = []
    for row in connection.execute(sa.select(data_key)).mappings():
        if (row["wrapped"] is None) != (row["id"] in buried):
            found.append(Break("key-state", row["since"], row["id"]))
        elif row["wrapped"] is not None and not _opens(keys, row["wrapped"], row["id"]):
            found.append(Break("key-changed", row["since"], row["id"]))
    return found


def _opens(keys: Installation, wrapped: bytes, id: str) -> bool:
    try:
        unlock(keys.wrapping, bytes(wrapped), key_place(id))
    except Refusal:
        return False
    return True
