"""What one side knows of an exchange: its letters, its log, and what may come next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Literal

from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.concordance import LAB
from homeward.exchange.envelope import NOTHING, Header
from homeward.exchange.form import Day, Hash, Opaque, Token, hashed, written
from homeward.exchange.keys import Keys, Signature, signed_by
from homeward.exchange.messages import FIRST, TURNS, Kind
from homeward.faults import Fault, Refusal

__all__ = [
    "FREE",
    "Entry",
    "Event",
    "Kept",
    "State",
    "due",
    "entered",
    "entry_hash",
    "header_faults",
    "log_faults",
    "refuse",
]

Event = Literal["agreed", "sent", "received", "deleted"]
_PURPOSE = "homeward-log 1"
OUTLASTING: tuple[Kind, ...] = ("receipt",)
"""Kinds that may be sent when the agreement has ended."""
FREE: tuple[Kind, ...] = (*OUTLASTING, *LAB)
"""Kinds that have no part in a round."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a log, chained to the one before and signed.

    ``subject``: hash of the agreement or the letter. ``their_log`` and ``their_length``: the head of the other side's
    log, as it came with the letter. ``by``: who of this side decided.
    """

    number: int
    previous: Hash
    day: Day
    event: Event
    kind: Annotated[str, r"[a-z]{1,20}"]
    subject: Hash
    their_log: Hash
    their_length: int
    by: tuple[Token, ...]
    signature: Signature


@dataclass(frozen=True, slots=True)
class Kept:
    """A letter sent or received. ``envelope``: SHA-256 of its file; ``deleted``: its payload is here no longer."""

    sent: bool
    header: Header
    envelope: Hash
    deleted: bool

    @property
    def file(self) -> str:
        return f"letters/{self.header.sender}-{self.header.number:04}.json"

    @property
    def outbox(self) -> str:
        return f"outbox/{self.name}"

    @property
    def name(self) -> str:
        """What the envelope is called on its way."""
        return f"{self.header.agreement[:8]}-{self.header.sender}-{self.header.number:04}-{self.header.kind}.age"


@dataclass(frozen=True)
class State:
    """All of it. ``remains``, ``families``: opaque ids that took part so far; ``results``: files of results."""

    format: Literal["homeward-exchange-state 1"]
    role: Literal["", "remains", "families"]
    agreement: Annotated[str, r"|[0-9a-f]{64}"]
    log: tuple[Entry, ...]
    letters: tuple[Kept, ...]
    remains: tuple[Opaque, ...]
    families: tuple[Opaque, ...]
    results: tuple[str, ...]

    def of(self, sender: Role) -> list[Header]:
        """The headers of one side's letters, in their order."""
        return [k.header for k in self.letters if k.header.sender == sender]

    def last(self, kind: Kind, sender: Role | None = None) -> Kept | None:
        """The latest letter of a kind."""
        found = [k for k in self.letters if k.header.kind == kind and sender in (None, k.header.sender)]
        return found[-1] if found else None

    @property
    def head(self) -> tuple[str, int]:
        """The head of the log, and its entries."""
        return (entry_hash(self.log[-1]) if self.log else NOTHING, len(self.log))

    def named(self) -> list[str]:
        """Every file of the sub-folders that belongs here."""
        letters = [k.file for k in self.letters if not k.deleted]
        return [*letters, *(k.outbox for k in self.letters if k.sent), *self.results]


def due(state: State) -> tuple[tuple[Role, Kind], ...]:
    """Whose turn it is in the round, and with what."""
    rounds = [k.header for k in state.letters if k.header.kind not in FREE]
    return TURNS[rounds[-1].sender, rounds[-1].kind] if rounds else FIRST


def header_faults(agreement: Agreement, state: State, header: Header, day: str) -> Iterator[Fault]:
    """Why a letter cannot be the next of its sender; the same for those that are sent and those that come."""
    if header.agreement != agreement.hash:
        yield _fault("exchange-agreement", "it names another agreement", "use the folder of that agreement")
        return
    outlasts = header.kind in OUTLASTING
    if not agreement.since <= header.sent or not (outlasts or max(header.sent, day) <= agreement.until):
        yield _fault("exchange-expired", "the agreement does not hold on this day", "agree anew")
    earlier = state.of(header.sender)
    if 0 < header.number <= len(earlier) and earlier[header.number - 1].hash != header.hash:
        yield _chain(f"another letter {header.number} was here: its sender wrote two under one number")
        return
    if header.number <= len(earlier):
        yield _fault("exchange-replay", f"letter {header.number} was here already", "nothing is to be done")
        return
    if header.number > len(earlier) + 1:
        remedy = f"take letter {len(earlier) + 1} first; ask for it if it did not arrive"
        yield _fault("exchange-order", f"letter {header.number} came before letter {len(earlier) + 1}", remedy)
        return
    if header.previous != (earlier[-1].hash if earlier else NOTHING):
        yield _chain("it follows another letter than the one that was here before")
    ours = state.of("families" if header.sender == "remains" else "remains")
    if header.heard > len(ours) or header.heard_hash != (ours[header.heard - 1].hash if header.heard else NOTHING):
        yield _chain("it answers a letter that was never sent")
    if earlier and (header.heard < earlier[-1].heard or header.log_length <= earlier[-1].log_length):
        yield _chain("its sender's log has become shorter")
    if header.kind not in FREE and (header.sender, header.kind) not in due(state):
        turns = " or ".join(f"{kind} of {sender}" for sender, kind in due(state))
        yield _fault("exchange-turn", f"{header.kind} of {header.sender} is not due; {turns} is", "wait, or send that")


def _chain(message: str) -> Fault:
    return _fault("exchange-chain", message, "compare the heads of both logs with the other side")


def _fault(code: str, message: str, remedy: str) -> Fault:
    return Fault(code, message, remedy)


def entered(
    state: State,
    keys: Keys,
    event: Event,
    kind: str,
    subject: str,
    day: str,
    their: tuple[str, int] = (NOTHING, 0),
    by: tuple[str, ...] = (),
) -> tuple[Entry, ...]:
    """The log with one more entry."""
    head, length = state.head
    unsigned = Entry(length + 1, head, day, event, kind, subject, *their, by, "0" * 128)
    return (*state.log, replace(unsigned, signature=keys.sign(_PURPOSE, bytes.fromhex(entry_hash(unsigned)))))


def entry_hash(entry: Entry) -> str:
    """Of all but the signature."""
    return hashed(written(replace(entry, signature="0" * 128)))


def log_faults(log: tuple[Entry, ...], public: str) -> Iterator[Fault]:
    """Where a log is not the chain that its owner signed: ``exchange-log``."""
    head = NOTHING
    for number, entry in enumerate(log, 1):
        own = entry_hash(entry)
        signed = signed_by(public, _PURPOSE, bytes.fromhex(own), entry.signature)
        if entry.number != number or entry.previous != head or not signed:
            message = f"entry {number} was changed, or one before it was taken out or put in"
            yield _fault("exchange-log", message, "restore the folder from its backup")
            return
        head = own


def refuse(faults: Iterator[Fault] | list[Fault]) -> None:
    """Raise a `Refusal` (a rule) if there is any fault."""
    found = list(faults)
    if found:
        raise Refusal(found, rule=True)
