"""The one door: `Record.apply(change, actor)`. Role, state, rows, audit and keys in one transaction."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from homeward.case import Case
from homeward.faults import Fault, Progress, Refusal, silent
from homeward.record import ledger
from homeward.record.case_rows import CASE_KINDS, case_of
from homeward.record.changes import Change, state_of
from homeward.record.consent import uncovered
from homeward.record.database import make_engine, reading, sqlite_file, writing
from homeward.record.draft import Draft
from homeward.record.keys import Installation, create_installation, read_installation
from homeward.record.migrate import at_newest, upgrade
from homeward.record.roles import Actor
from homeward.record.scrub import scrub
from homeward.record.soundness import unsound
from homeward.record.view import View
from homeward.record.withdrawn import remember

__all__ = ["Record", "create_record", "keys_path", "open_record"]


class Record:
    """A case over the years, in one database. Made by `create_record` and `open_record`."""

    def __init__(self, engine: sa.Engine, keys: Installation) -> None:
        self.engine = engine
        self.keys = keys

    def apply(self, change: Change, actor: Actor) -> int:
        """Carry a change out, whole or not at all; its number in the audit chain.

        Raises `Refusal`, with ``rule`` set where role, state, consent or signature forbid it.
        """
        with writing(self.engine) as connection:
            draft = self._draft(connection, actor)
            _carry_out(draft, change)
            entry = (draft.seq, draft.at, actor.account, change.code)
            ledger.append(connection, self.keys, entry, draft.put_rows, draft.closed_rows, draft.new_keys)
            seq, hashed = ledger.head(connection)
        ledger.drop_anchor(self.keys, seq, hashed)
        if draft.destroyed:
            remember(self.keys, draft.destroyed)
            scrub(self.engine)
        return draft.seq

    @contextmanager
    def view(self, at: int | None = None) -> Iterator[View]:
        """What the record holds, in one consistent look; ``at``: as it was after that change."""
        with reading(self.engine) as connection:
            yield View(connection, self.keys, at)

    def case(self, *, purpose: str = "identification", country: str = "", at: int | None = None) -> Case:
        """The `Case`, for a purpose that every living person typed in it allowed.

        Raises `Refusal` (a rule) with ``consent-missing``, ``consent-ended``, ``consent-purpose`` or
        ``consent-country`` for each person whose consent does not cover it.
        """
        with self.view(at) as view:
            case = case_of(view)
            # whenever the case is of, what counts is what people allow today
            faults = uncovered(View(view.connection, self.keys), case, purpose, country, self.today())
        if faults:
            raise Refusal(faults, rule=True)
        return case

    def verify(self, progress: Progress = silent) -> list[ledger.Break]:
        """What is not as the changes left it; empty where nothing was touched."""
        with reading(self.engine) as connection:
            return ledger.verify(connection, self.keys, progress)

    @property
    def revision(self) -> int:
        """The number of the last change."""
        with reading(self.engine) as connection:
            return ledger.head(connection)[0]

    def today(self) -> str:
        return datetime.now(UTC).strftime("%Y-%m-%d")

    def _draft(self, connection: sa.Connection, actor: Actor) -> Draft:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return Draft(connection, self.keys, actor, ledger.head(connection)[0] + 1, now)


def _carry_out(draft: Draft, change: Change) -> None:
    """Into the draft, or a refusal."""
    if not draft.actor.may(change.code, change.roles):
        message = f"{change.code} is for {', '.join(sorted(change.roles))}"
        raise Refusal([Fault("role", message, "ask somebody who has the role")], rule=True)
    if change.target:
        state = state_of(draft.now, change.target, change.target_id)
        if state not in change.states:
            message = (
                f"{change.code} is for a {change.target} that is {' or '.join(sorted(change.states))}; this is {state}"
            )
            raise Refusal([Fault("state", message, "look at it as it is now")], rule=True)
    change.carry_out(draft)
    if draft.touched & set(CASE_KINDS) and not draft.faults and not draft.broken_rules:
        draft.faults += unsound(draft.now)
    if draft.faults:
        raise Refusal(draft.faults)
    if draft.broken_rules:
        raise Refusal(draft.broken_rules, rule=True)


def keys_path(url: str) -> Path:
    """Where the keys of a record are: what HOMEWARD_KEYS names, else beside a SQLite file.

    Raises `Refusal` ``missing-keys`` for a server where nothing is named.
    """
    named = os.environ.get("HOMEWARD_KEYS")
    if named:
        return Path(named)
    file = sqlite_file(url)
    if file is None:
        remedy = "set HOMEWARD_KEYS to the path of the installation's file of keys"
        raise Refusal([Fault("missing-keys", "it is not said where the keys are", remedy)])
    return file.with_name(file.name + ".keys")


def create_record(url: str, keys: Path | None = None) -> Record:
    """A new record in an empty database, with new keys. Raises `Refusal` ``target-exists``."""
    file = sqlite_file(url)
    if file is not None and file.exists():
        message, remedy = f"{file.name} is there already", "name a new file"
        raise Refusal([Fault("target-exists", message, remedy, file=str(file))])
    engine = make_engine(url)
    if file is None and sa.inspect(engine).get_table_names():
        engine.dispose()
        message = "the database holds tables already"
        raise Refusal([Fault("target-exists", message, "name an empty database")])
    made = create_installation(keys or keys_path(url))
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        upgrade(connection)
    if file is not None:
        file.chmod(0o600)
    return Record(engine, made)


def open_record(url: str, keys: Path | None = None) -> Record:
    """A record that is there. Raises `Refusal`: ``missing-file``, ``missing-keys``, ``old-record``, ``bad-url``."""
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise Refusal([Fault("missing-file", "there is no such record", "correct the address", file=str(file))])
    engine = make_engine(url)
    if not at_newest(engine):
        engine.dispose()
        message, remedy = "the record was made by another version", "run homeward migrate URL after a backup"
        raise Refusal([Fault("old-record", message, remedy)], rule=True)
    try:
        record = Record(engine, read_installation(keys or keys_path(url)))
    except Refusal:
        engine.dispose()
        raise
    with record.view() as view:
        destroyed = view.all("tombstone")
    if destroyed:  # a process may have been killed between a withdrawal and what follows it
        remember(record.keys, destroyed)
        scrub(engine)
    return record
