"""A record in one locked file, taken while people work, and back into an empty database of either kind.

The file is lines of JSON, compressed and locked in pieces with a key derived from the installation's: who has the file
and not the keys has nothing. Sessions, rate limits and jobs are not in it.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from homeward.faults import Fault, Progress, Refusal, silent
from homeward.record import ledger
from homeward.record.changes.restoring import MarkRestored
from homeward.record.database import change, data_key, make_engine, passkey_use, reading, sqlite_file, version
from homeward.record.door import Record
from homeward.record.keys import Installation, lock, unlock
from homeward.record.migrate import revision_of, upgrade
from homeward.record.roles import SYSTEM
from homeward.record.withdrawn import withdrawn

__all__ = ["Backup", "backup", "read_backup", "restore"]

_FORMAT = "homeward-backup 1"
_MAGIC = b"HWB1"
_PIECE = 1 << 20
_TABLES = {t.name: t for t in (change, data_key, version, passkey_use)}


@dataclass(frozen=True, slots=True)
class Backup:
    """What a file of backup holds: the last change in it, and how many rows."""

    schema: str
    seq: int
    head: str
    rows: int


def backup(record: Record, target: Path, progress: Progress = silent) -> Backup:
    """Write one consistent state; the file is read back and compared before it takes its name.

    Raises `Refusal`: ``target-exists``, ``not-writable``, ``backup-differs``.
    """
    if target.exists():
        raise Refusal([Fault("target-exists", "the file exists", "name a new one", file=str(target))])
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with reading(record.engine) as connection, beside.open("xb") as file:
            beside.chmod(0o600)
            seq, hashed = ledger.head(connection)
            schema = revision_of(record.engine)
            writer = _Locked(file, _key(record.keys))
            counted = hashlib.sha256()
            rows = 0
            for line in _lines(connection, {"format": _FORMAT, "schema": schema, "seq": seq, "head": hashed}, progress):
                counted.update(line)
                writer.write(line)
                rows += 1
            writer.write(json.dumps({"sha256": counted.hexdigest(), "rows": rows}).encode() + b"\n")
            writer.close()
            file.flush()
            os.fsync(file.fileno())
        told = read_backup(beside, record.keys)
        if (told.seq, told.head) != (seq, hashed):
            raise Refusal([Fault("backup-differs", "what was written does not read back", "try another disk")])
        beside.replace(target)
    except OSError as error:
        message = f"the backup cannot be written: {type(error).__name__}"
        raise Refusal([Fault("not-writable", message, "check the folder and the disk", file=str(target))]) from error
    finally:
        beside.unlink(missing_ok=True)
    return told


def read_backup(file: Path, keys: Installation) -> Backup:
    """Read a backup to its end. Raises `Refusal`: ``missing-file``, ``bad-backup``, ``not-readable``."""
    head: dict[str, Any] = {}
    lines = 0
    for told in _read(file, keys):
        head = head or told
        lines += 1
    return Backup(head["schema"], head["seq"], head["head"], lines - 1)


def restore(file: Path, url: str, keys: Installation, progress: Progress = silent) -> Record:
    """Make a record of a backup in an empty database; keys on the list of withdrawn ones do not come back.

    The database has the schema of the backup first and is then brought forward. Its chain goes on with an entry that
    says so, and the anchor begins anew there. Raises `Refusal`: ``target-exists`` and those of `read_backup`.
    """
    told = read_backup(file, keys)
    place = sqlite_file(url)
    if place is not None and place.exists():
        raise Refusal([Fault("target-exists", "the file exists", "name a new one", file=str(place))])
    beside = None if place is None else place.with_name(f".{place.name}.{os.getpid()}")
    engine = make_engine(url if beside is None else f"sqlite:///{beside}")
    if beside is None and sa.inspect(engine).get_table_names():
        engine.dispose()
        raise Refusal([Fault("target-exists", "the database holds tables already", "name an empty database")])
    buried = withdrawn(keys)
    try:
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            upgrade(connection, told.schema)
            _fill(connection, _read(file, keys), buried, told.rows, progress)
            upgrade(connection)
        ledger.lift_anchor(keys)
        Record(engine, keys).apply(MarkRestored(told.seq, tuple(sorted(buried))), SYSTEM)
        if beside is not None and place is not None:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            beside.replace(place)
            place.chmod(0o600)
            engine = make_engine(url)
    except BaseException:
        engine.dispose()
        raise
    finally:
        if beside is not None:
            for left in (beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm"))):
                left.unlink(missing_ok=True)
    return Record(engine, keys)


def _key(keys: Installation) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"homeward backup").derive(keys.wrapping)


def _lines(connection: sa.Connection, head: dict[str, Any], progress: Progress) -> Iterator[bytes]:
    yield json.dumps(head).encode() + b"\n"
    for name, table in _TABLES.items():
        total = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
        rows = connection.execution_options(yield_per=500).execute(sa.select(table)).mappings()
        for done, row in enumerate(rows):
            if done % 500 == 0:
                progress("backup", done, total)
            yield json.dumps({"table": name, "row": {k: _packed(v) for k, v in row.items()}}).encode() + b"\n"


def _packed(value: Any) -> Any:
    return {"b": base64.b64encode(value).decode()} if isinstance(value, (bytes, memoryview)) else value


def _unpacked(value: Any) -> Any:
    return base64.b64decode(value["b"]) if isinstance(value, dict) else value


class _Locked(io.RawIOBase):
    """Compresses, and locks piece by piece; the last piece says that it is the last, so that a cut is missed."""

    def __init__(self, file: IO[bytes], key: bytes) -> None:
        self.file, self.key, self.number = file, key, 0
        self.pending = io.BytesIO()
        self.zip = gzip.GzipFile(fileobj=self.pending, mode="wb", mtime=0)
        file.write(_MAGIC)

    def write(self, data: Any) -> int:
        self.zip.write(data)
        if self.pending.tell() >= _PIECE:
            self._out(last=False)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self.zip.close()
            self._out(last=True)
        super().close()

    def _out(self, *, last: bool) -> None:
        locked = lock(self.key, self.pending.getvalue(), f"backup|{self.number}|{int(last)}")
        self.file.write(struct.pack(">I?", len(locked), last) + locked)
        self.number += 1
        self.pending.seek(0)
        self.pending.truncate()


def _read(file: Path, keys: Installation) -> Iterator[dict[str, Any]]:
    """The lines of a backup but its last, which is compared with them."""
    counted, rows, end = hashlib.sha256(), 0, None
    for line in _opened_lines(file, _key(keys)):
        told = json.loads(line)
        if "sha256" in told:
            end = told
            continue
        counted.update(line)
        rows += 1
        yield told
    if end is None or (end["sha256"], end["rows"]) != (counted.hexdigest(), rows):
        raise _bad(file)


def _opened_lines(file: Path, key: bytes) -> Iterator[bytes]:
    try:
        with file.open("rb") as handle, gzip.GzipFile(fileobj=_Pieces(handle, key, file)) as opened:
            yield from opened
    except FileNotFoundError as error:
        raise Refusal([Fault("missing-file", "there is no such file", "correct the path", file=str(file))]) from error
    except (OSError, EOFError, struct.error, ValueError) as error:
        raise _bad(file) from error


class _Pieces(io.RawIOBase):
    """The compressed bytes of a locked file."""

    def __init__(self, handle: IO[bytes], key: bytes, file: Path) -> None:
        self.handle, self.key, self.file = handle, key, file
        self.number, self.rest, self.ended = 0, b"", False
        if handle.read(len(_MAGIC)) != _MAGIC:
            raise _bad(file)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.rest and not self.ended:
            length, last = struct.unpack(">I?", self.handle.read(5))
            locked = self.handle.read(length)
            self.rest = unlock(self.key, locked, f"backup|{self.number}|{int(last)}")
            self.number, self.ended = self.number + 1, last
            if last and self.handle.read(1):
                raise _bad(self.file)
        part = self.rest[: len(buffer)]
        buffer[: len(part)] = part
        self.rest = self.rest[len(part) :]
        return len(part)


def _bad(file: Path) -> Refusal:
    message = "this is no whole backup"
    return Refusal([Fault("bad-backup", message, "take another copy of it", file=str(file))])


def _fill(
    connection: sa.Connection,
    told: Iterator[dict[str, Any]],
    buried: frozenset[str],
    total: int,
    progress: Progress,
) -> None:
    """Every row into its table; rows get new numbers, for only their order counts."""
    next(told)
    for done, line in enumerate(told):
        if done % 500 == 0:
            progress("restore", done, total)
        row = {k: _unpacked(v) for k, v in line["row"].items() if (line["table"], k) != ("version", "row")}
        if line["table"] == "data_key" and row["id"] in buried:
            row["wrapped"] = None
        connection.execute(_TABLES[line["table"]].insert().values(**row))
