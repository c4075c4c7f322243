"""One side of an exchange: its folder, its keys, the agreement, and the door through which letters go and come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.committed import Committed
from homeward.exchange.envelope import (
    NOTHING,
    Header,
    Letter,
    largest,
    letter_bytes,
    open_envelope,
    read_letter,
    sealed_letter,
    write_letter,
)
from homeward.exchange.form import hashed, read_form, written
from homeward.exchange.keys import Card, Keys, new_keys, read_keys
from homeward.exchange.messages import Kind
from homeward.exchange.rules import payload_faults, taking_part
from homeward.exchange.signing import Signed, both_signed
from homeward.exchange.state import Event, Kept, State, entered, header_faults, log_faults, refuse
from homeward.exchange.store import FOLDERS, STATE, Store
from homeward.faults import Fault, Refusal

__all__ = ["AGREEMENT", "INPUTS", "KEYS", "Side", "new_side", "open_side"]

KEYS, CARD, INPUTS, AGREEMENT = "keys.json", "card.json", "inputs.json", "agreement.json"
_EMPTY = State("homeward-exchange-state 1", "", "", (), (), (), (), ())


def new_side(folder: Path, name: str, country: str) -> Card:
    """Make the folder of a side with fresh keys. Raises `Refusal` ``target-exists``."""
    if folder.exists() and any(folder.iterdir()):
        remedy = "name a new folder; keys are never overwritten"
        raise Refusal([Fault("target-exists", "the folder is not empty", remedy, file=str(folder))])
    keys = new_keys(name, country)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in FOLDERS:
        (folder / each).mkdir(mode=0o700)
    Store(folder).commit({KEYS: keys.file(), CARD: written(keys.card)}, written(_EMPTY))
    return keys.card


@dataclass
class Side:
    """What is in the folder now; every method that changes it does so in one step or not at all."""

    store: Store
    keys: Keys
    state: State
    _agreement: Agreement | None

    @property
    def agreement(self) -> Agreement:
        """The agreement in force. Raises `Refusal` ``missing-file`` while there is none."""
        if self._agreement is None:
            remedy = "give the file that both signed to homeward exchange agree"
            raise Refusal([Fault("missing-file", "nothing is agreed yet", remedy, file=AGREEMENT)])
        return self._agreement

    @property
    def role(self) -> Role:
        self.agreement  # noqa: B018  a role comes with an agreement
        assert self.state.role
        return self.state.role

    @property
    def committed(self) -> Committed:
        """What this side bound itself to. Raises `Refusal` ``missing-file`` where it has not."""
        return read_form(Committed, self.store.read(INPUTS), INPUTS)

    def ask_role(self, role: Role) -> None:
        """Raises `Refusal` (a rule) ``exchange-turn`` where this is the other side's work."""
        if self.role != role:
            message = f"this is for the side that holds the {role}"
            raise Refusal([Fault("exchange-turn", message, "the other side does it")], rule=True)

    def letter(self, kind: Kind, sender: Role | None = None) -> Letter:
        """The latest letter of a kind. Raises `Refusal` where there is none, or its payload was deleted."""
        kept = self.state.last(kind, sender)
        if kept is None or kept.deleted:
            message = f"there is no {kind} here" if kept is None else f"the {kind} was deleted"
            remedy = "homeward exchange status says what is due"
            raise Refusal([Fault("exchange-turn", message, remedy)], rule=True)
        return self.read(kept)

    def read(self, kept: Kept) -> Letter:
        """A letter that is here."""
        return read_letter(self.store.read(kept.file), self._signers, kept.file)

    @property
    def _signers(self) -> Mapping[Role, str]:
        return {"remains": self.agreement.remains.signing, "families": self.agreement.families.signing}

    def agree(self, data: bytes, day: str, file: str = "") -> Agreement:
        """Take the agreement that both signed. Raises `Refusal`: ``exchange-signature``, ``exchange-terms``, …"""
        if self._agreement is not None:
            remedy = "make a new folder for a new agreement"
            raise Refusal([Fault("target-exists", "an agreement is in force here", remedy, file=AGREEMENT)])
        agreement = both_signed(read_form(Signed, data, file), file)
        role = role_of(agreement, self.keys.card)
        if agreement.party(role).inputs != self.committed.inputs or self.committed.role != role:
            message = "it holds other inputs than this side committed to"
            fault = Fault("exchange-commitment", message, "commit again before both sign", file=file)
            raise Refusal([fault], rule=True)
        log = entered(self.state, self.keys, "agreed", "agreement", agreement.hash, day)
        self._put(replace(self.state, role=role, agreement=agreement.hash, log=log), {AGREEMENT: data})
        self._agreement = agreement
        return agreement

    def preview(self, kind: Kind, payload: Any, day: str) -> Letter:
        """The letter as it would be sent. Raises `Refusal` (a rule) for whatever the other side would refuse."""
        head, length = self.state.head
        mine = self.state.of(self.role)
        other: Role = "families" if self.role == "remains" else "remains"
        heard = self.state.of(other)
        header = Header(
            "homeward-letter 1",
            self.agreement.hash,
            self.role,
            len(mine) + 1,
            mine[-1].hash if mine else NOTHING,
            len(heard),
            heard[-1].hash if heard else NOTHING,
            head,
            length,
            day,
            kind,
            NOTHING,
        )
        letter = write_letter(self.keys, header, payload)
        self._check(letter, day)
        return letter

    def send(
        self,
        kind: Kind,
        payload: Any,
        day: str,
        *,
        by: tuple[str, ...] = (),
        results: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Path:
        """Sign and seal a letter into the outbox; the path of its envelope. ``results``: files that go with it."""
        letter = self.preview(kind, payload, day)
        recipients = [self.agreement.other(self.role).sealing]
        if self.agreement.auditor is not None:
            recipients.append(self.agreement.auditor.sealing)
        sealed = sealed_letter(letter, recipients)
        kept = Kept(True, letter.header, hashed(sealed), False)
        self._take(letter, kept, day, by, {kept.outbox: sealed, **results})
        return self.store.folder / kept.outbox

    def receive(self, data: bytes, day: str, file: str = "") -> Letter:
        """Take an envelope of the other side. Raises `Refusal`; then nothing has changed."""
        letter = open_envelope(data, self.keys.sealing, self._signers, file, most=largest(self.agreement))
        if letter.header.sender == self.role:
            fault = Fault("exchange-turn", "this side wrote it", "give it to the other side", file=file)
            raise Refusal([fault], rule=True)
        self._check(letter, day)
        self._take(letter, Kept(False, letter.header, hashed(data), False), day, (), {})
        return letter

    def _check(self, letter: Letter, day: str) -> None:
        refuse(header_faults(self.agreement, self.state, letter.header, day))
        refuse(payload_faults(self.agreement, self.state, self.letter, letter.header, letter.payload))

    def _take(self, letter: Letter, kept: Kept, day: str, by: tuple[str, ...], files: Mapping[str, bytes]) -> None:
        event: Event = "sent" if kept.sent else "received"
        their = (NOTHING, 0) if kept.sent else (letter.header.log, letter.header.log_length)
        log = entered(self.state, self.keys, event, letter.header.kind, letter.header.hash, day, their, by)
        remains, families = taking_part(self.state, letter.payload)
        results = tuple(name for name in files if name.startswith("results/"))
        state = replace(
            self.state,
            log=log,
            letters=(*self.state.letters, kept),
            remains=remains,
            families=families,
            results=(*self.state.results, *results),
        )
        self._put(state, {kept.file: letter_bytes(letter), **files})

    def delete(self, day: str) -> tuple[str, ...]:
        """Delete every payload of the other side and every result; the payloads' hashes.

        What opens the seals of answers stays: it is this side's own, and the auditor's to ask for.
        """
        gone = [k for k in self.state.letters if not k.sent and not k.deleted]
        letters = tuple(replace(k, deleted=True) if k in gone else k for k in self.state.letters)
        log = self.state.log
        for kept in gone:
            log = entered(replace(self.state, log=log), self.keys, "deleted", kept.header.kind, kept.header.hash, day)
        seals = tuple(name for name in self.state.results if name.endswith(("-seal.json", "-places.json")))
        drop = [*(k.file for k in gone), *(name for name in self.state.results if name not in seals)]
        self._put(replace(self.state, log=log, letters=letters, results=seals), {}, drop)
        return tuple(k.header.payload for k in self.state.letters if k.deleted)

    def put_inputs(self, committed: Committed) -> None:
        """Keep what this side binds itself to, in place of an earlier choice. Raises `Refusal` once that is agreed."""
        if self._agreement is not None:
            message, remedy = "an agreement holds these inputs", "make a new folder for a new agreement"
            raise Refusal([Fault("target-exists", message, remedy, file=INPUTS)])
        self.store.put(INPUTS, written(committed))

    def _put(self, state: State, files: Mapping[str, bytes], drop: tuple[str, ...] | list[str] = ()) -> None:
        self.store.commit(files, written(state), drop)
        self.state = state


def role_of(agreement: Agreement, card: Card) -> Role:
    """Which side of an agreement a card is. Raises `Refusal` ``exchange-agreement``."""
    for role in ("remains", "families"):
        party = agreement.party(role)
        if (party.name, party.country, party.signing, party.sealing) == (
            card.name,
            card.country,
            card.signing,
            card.sealing,
        ):
            return role
    message = "the agreement is of other parties, or of other keys than these"
    raise Refusal([Fault("exchange-agreement", message, "compare the fingerprints of the cards")], rule=True)


@contextmanager
def open_side(folder: Path) -> Iterator[Side]:
    """The side of a folder, alone in it. Raises `Refusal`: ``missing-file``, ``exchange-form``, ``exchange-log``."""
    store = Store(folder)
    with store.locked():
        keys = read_keys(store.read(KEYS), KEYS)
        state = read_form(State, store.read(STATE), STATE)
        refuse(log_faults(state.log, keys.card.signing))
        agreement = None
        if state.agreement:
            agreement = both_signed(read_form(Signed, store.read(AGREEMENT), AGREEMENT), AGREEMENT)
            if agreement.hash != state.agreement:
                raise Refusal([Fault("exchange-agreement", "the agreement was changed", "restore it", file=AGREEMENT)])
        store.sweep(state.named(), state.role)
        yield Side(store, keys, state, agreement)
