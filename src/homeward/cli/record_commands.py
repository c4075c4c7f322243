"""What each command of a record does."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from homeward.cli.exits import BAD_INPUT, DIFFERS
from homeward.cli.output import TerminalProgress, columns, json_bytes, say, say_error, writable, write_files
from homeward.faults import Fault, Refusal
from homeward.record import SYSTEM, Actor, create_record, open_record
from homeward.record.changes import (
    ImportCase,
    OpenAccount,
    QueueAnalysis,
    SetRoles,
    ShutAccount,
    preview_of,
)
from homeward.record.consent import typed_living
from homeward.record.consent_csv import read_consents
from homeward.record.database import change, reading
from homeward.record.door import Record, keys_path
from homeward.record.intake import raw_of_case
from homeward.record.worker import actor_of, rerun
from homeward.record.worker import work as do_jobs
from homeward.report.stored import reports_of

if TYPE_CHECKING:
    pass

__all__ = [
    "acting",
    "add_user",
    "analyse",
    "create",
    "import_case",
    "list_audit",
    "list_users",
    "make_backup",
    "migrate",
    "rerun_analysis",
    "restore_backup",
    "set_roles",
    "show",
    "shut_user",
    "verify_audit",
    "work",
]

STANDARD_OUTPUT = Path("-")
_SHOWN = 20


def create(url: str) -> None:
    """An empty record; where its keys are is said, for without them it is lost."""
    record = create_record(url)
    say(f"written: {url}")
    say(f"its keys: {record.keys.path} (keep a copy in another place: without them nothing can be read)")


def acting(record: Record, account: str) -> Actor:
    """Who acts: an open account."""
    if not account:
        remedy = "name the account with --as ACCOUNT, or set HOMEWARD_ACCOUNT"
        raise Refusal([Fault("missing-account", "it is not said who acts", remedy)])
    actor = actor_of(record, account)
    if not actor.roles:
        raise Refusal([Fault("unknown-account", "there is no such open account", "homeward user list URL")], rule=True)
    return actor


def import_case(where: str, url: str, account: str, mode: str, consent: Path | None, preview: str) -> None:
    """The preview, or what it showed."""
    from homeward.formats import read_case

    kind: Literal["whole", "add"] = "add" if mode == "add" else "whole"
    case = read_case(where)
    consents = read_consents(consent) if consent is not None else {}
    record = open_record(url)
    if preview:
        folder = Path(where) if Path(where).is_dir() else Path(where).parent
        told = ImportCase(case, preview, kind, consents, raw_of_case(case, folder))
        seq = record.apply(told, acting(record, account))
        say(f"{case.name}: taken in, change {seq}")
        return
    with record.view() as view:
        seen = preview_of(view, case, kind)
        known = {id for id, h in view.all("consent").items() if h.value is not None}
    counts = Counter((s.kind, s.action) for s in seen.steps)
    kinds = list(dict.fromkeys(s.kind for s in seen.steps))
    rows = [(k, *(str(counts[k, a] or "") for a in ("add", "change", "remove"))) for k in kinds]
    say(columns([("Kind", "add", "change", "remove"), *rows], right=True))
    for step in [s for s in seen.steps if s.action != "add"][:_SHOWN]:
        say(f"{step.action}: {step.kind} {step.id}")
    say(f"unchanged: {seen.unchanged}")
    without = [s for s in typed_living(case) if s not in known and s not in consents]
    if without:
        say(f"without consent: {len(without)} living persons ({', '.join(without[:_SHOWN])})")
        say("give it with --consent FILE.csv (docs/record.md#consent)")
    say(f"to do this: --apply {seen.digest}")


def show(url: str, json_file: Path | None) -> None:
    """What there is."""
    from homeward.record.values import KINDS

    writable(json_file)
    record = open_record(url)
    with record.view() as view:
        counts = {kind: view.count(kind) for kind in KINDS}
        states = Counter(h.value.state for h in view.all("candidate").values())
    counts = {kind: n for kind, n in counts.items() if n}
    if json_file is not None:
        told = {"revision": record.revision, "things": counts, "candidates": dict(states)}
        write_files({json_file: json_bytes(told)})
    if json_file != STANDARD_OUTPUT:
        say(columns([("Kind", "there"), *((k, str(n)) for k, n in counts.items())], right=True))
        for state, n in sorted(states.items()):
            say(f"candidates {state}: {n}")
        say(f"last change: {record.revision}")


def analyse(url: str, account: str, seed: int | None, settings: Sequence[str]) -> None:
    """A job in the queue."""
    record = open_record(url)
    id = f"analysis-{secrets.token_hex(6)}"
    record.apply(QueueAnalysis(id, seed, tuple(settings)), acting(record, account))
    say(f"queued: {id}")


def rerun_analysis(url: str, id: str, quiet: bool) -> None:
    """Leaves with 4 where the bytes differ."""
    progress = TerminalProgress(quiet)
    try:
        same = rerun(open_record(url), id, progress)
    finally:
        progress.clear()
    if not same:
        say_error(f"{id}: not what the record gives")
        raise SystemExit(DIFFERS)
    say(f"{id}: the same bytes")


def _manager(record: Record, account: str) -> Actor:
    """An administrator; the installation itself while there is none."""
    if account:
        return acting(record, account)
    with record.view() as view:
        accounts = [h.value for h in view.all("account").values()]
    if any(a.active and "administrator" in a.roles for a in accounts):
        return acting(record, account)
    return SYSTEM


def add_user(url: str, id: str, name: str, roles: Sequence[str], account: str) -> None:
    record = open_record(url)
    manager = _manager(record, account)
    if manager == SYSTEM and list(roles) != ["administrator"]:
        remedy = "add it with --role administrator, and let it open the others (--as)"
        raise Refusal([Fault("role", "the first account is an administrator's", remedy)], rule=True)
    record.apply(OpenAccount(id, name, _roles(roles)), manager)
    say(f"opened: {id}")


def _roles(given: Sequence[str]) -> Any:
    return tuple(dict.fromkeys(given))


def set_roles(url: str, id: str, roles: Sequence[str], account: str) -> None:
    record = open_record(url)
    record.apply(SetRoles(id, _roles(roles)), _manager(record, account))
    say(f"{id}: {', '.join(roles)}")


def shut_user(url: str, id: str, account: str) -> None:
    record = open_record(url)
    record.apply(ShutAccount(id), _manager(record, account))
    say(f"shut: {id}")


def list_users(url: str) -> None:
    with open_record(url).view() as view:
        accounts = {id: h.value for id, h in view.all("account").items()}
    rows = [(id, a.name, ", ".join(a.roles), "open" if a.active else "shut") for id, a in accounts.items()]
    say(columns([("Account", "Name", "Roles", "State"), *rows]))


def verify_audit(url: str, quiet: bool) -> None:
    """Every break on standard error; leaves with 4 where there is one."""
    record = open_record(url)
    progress = TerminalProgress(quiet)
    try:
        found = record.verify(progress)
    finally:
        progress.clear()
    for broken in found:
        at = "" if broken.seq is None else f" at change {broken.seq}"
        say_error(f"{broken.code}{at}{': ' if broken.place else ''}{broken.place}")
    if found:
        raise SystemExit(DIFFERS)
    say(f"{record.revision} changes: nothing was changed, deleted, inserted or moved")


def list_audit(url: str, last: int, json_file: Path | None) -> None:
    writable(json_file)
    asked = sa.select(change.c.seq, change.c.at, change.c.actor, change.c.kind, change.c.hash)
    with reading(open_record(url).engine) as connection:
        found = connection.execute(asked.order_by(change.c.seq.desc()).limit(last)).mappings().all()
    entries = [dict(row) for row in reversed(found)]
    if json_file is not None:
        write_files({json_file: json_bytes({"entries": entries})})
    if json_file != STANDARD_OUTPUT:
        rows = [(str(e["seq"]), e["at"], e["actor"], e["kind"]) for e in entries]
        say(columns([("Change", "When", "Who", "What"), *rows]))


def make_backup(url: str, file: Path, quiet: bool) -> None:
    from homeward.record.backup import backup

    progress = TerminalProgress(quiet)
    try:
        told = backup(open_record(url), file, progress)
    finally:
        progress.clear()
    say(f"written: {file} (to change {told.seq}, {told.rows} rows, read back)")


def restore_backup(file: Path, url: str, quiet: bool) -> None:
    from homeward.record.backup import restore
    from homeward.record.keys import read_installation

    progress = TerminalProgress(quiet)
    try:
        record = restore(file, url, read_installation(keys_path(url)), progress)
    finally:
        progress.clear()
    found = record.verify()
    if found:
        raise SystemExit(DIFFERS)
    say(f"restored: {url} (to change {record.revision}, verified)")


def migrate(url: str) -> None:
    from homeward.record.database import make_engine, sqlite_file
    from homeward.record.migrate import at_newest, revision_of, upgrade

    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise Refusal([Fault("missing-file", "there is no such record", "correct the address", file=str(file))])
    engine = make_engine(url)
    before = revision_of(engine)
    if not before:
        say_error("no-record: the database holds no record")
        raise SystemExit(BAD_INPUT)
    if not at_newest(engine):
        with engine.connect().execution_options(writes=True) as connection, connection.begin():
            upgrade(connection)
    say(f"schema: {before} → {revision_of(engine)}")


def work(url: str, once: bool, quiet: bool) -> None:
    record = open_record(url)
    if not quiet:
        say_error("working; interrupt to end")
    say(f"jobs ended: {do_jobs(record, once=once, write=reports_of)}")
