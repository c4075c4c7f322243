"""What a side gives the auditor, and nobody else: its inputs opened, its log, and what opens its answers' seals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.families_side import Seal
from homeward.exchange.form import Hash, read_form, written
from homeward.exchange.inputs import Source, families_of, remains_of
from homeward.exchange.keys import Signature, not_signed, signed_by
from homeward.exchange.messages import FamilyOpening, ReferenceOpening, RemainsOpening
from homeward.exchange.sealing import seal, unseal
from homeward.exchange.side import Side
from homeward.exchange.state import Entry
from homeward.faults import Fault, Refusal

__all__ = ["Deposit", "deposit", "read_deposit"]

_PURPOSE = "homeward-deposit 1"


@dataclass(frozen=True)
class Deposit:
    """Of the families' side, those families and references whose consents still cover it."""

    format: Literal["homeward-deposit 1"]
    agreement: Hash
    role: Role
    remains: tuple[RemainsOpening, ...]
    families: tuple[FamilyOpening, ...]
    references: tuple[ReferenceOpening, ...]
    seals: tuple[Seal, ...]
    log: tuple[Entry, ...]


@dataclass(frozen=True)
class _Signed:
    deposit: Deposit
    signature: Signature


def deposit(side: Side, source: Source) -> tuple[bytes, list[Fault]]:
    """The file, sealed for the auditor alone, and what could not be opened.

    Raises `Refusal` ``exchange-turn`` where the agreement names no auditor, and as `families_of` and `remains_of`.
    """
    auditor = side.agreement.auditor
    if auditor is None:
        message = "the agreement names no auditor"
        raise Refusal([Fault("exchange-turn", message, "agree anew with one")], rule=True)
    remains: tuple[RemainsOpening, ...] = ()
    families: tuple[FamilyOpening, ...] = ()
    references: tuple[ReferenceOpening, ...] = ()
    if side.role == "remains":
        remains, left = remains_of(side, source)
    else:
        found = families_of(side, source)
        families, references, left = found.families, found.references, list(found.left_out)
    seals = tuple(
        read_form(Seal, side.store.read(name), name) for name in side.state.results if name.endswith("-seal.json")
    )
    given = Deposit(
        "homeward-deposit 1",
        side.agreement.hash,
        side.role,
        remains,
        families,
        references,
        seals,
        side.state.log,
    )
    signed = _Signed(given, side.keys.sign(_PURPOSE, written(given)))
    return seal(written(signed), [auditor.sealing]), left


def read_deposit(data: bytes, secret: str, agreement: Agreement, file: str = "") -> Deposit:
    """A deposit, signed by its side.

    Raises `Refusal`: ``exchange-unreadable``, ``exchange-form``, ``exchange-signature``, ``exchange-agreement``.
    """
    signed = read_form(_Signed, unseal(data, secret, file), file)
    given = signed.deposit
    if not signed_by(agreement.party(given.role).signing, _PURPOSE, written(given), signed.signature):
        raise not_signed("the deposit", file)
    if given.agreement != agreement.hash:
        message = "the deposit is of another agreement"
        raise Refusal([Fault("exchange-agreement", message, "give the one of this agreement", file=file)])
    return given
