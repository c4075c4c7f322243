"""An agreement with its signatures: proposed by one, bound to by both, signed by both, in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from homeward.exchange.agreement import Agreement, Inputs, Role, checked
from homeward.exchange.form import written
from homeward.exchange.keys import Card, Keys, Signature, not_signed, signed_by
from homeward.faults import Fault, Refusal

__all__ = ["UNBOUND", "Signed", "both_signed", "other_keys", "sign"]

_PURPOSE = "homeward-agreement 1"
UNBOUND = Inputs("0" * 64, 0)
"""The inputs of a party that has not committed to any yet."""


@dataclass(frozen=True)
class Signed:
    """An agreement, and what each side signed of it so far."""

    format: Literal["homeward-signed-agreement 1"]
    agreement: Agreement
    remains: Signature | None
    families: Signature | None


def sign(signed: Signed, role: Role, keys: Keys) -> Signed:
    """With this side's signature. Raises `Refusal`: ``exchange-terms``, ``exchange-commitment``."""
    agreement = checked(signed.agreement)
    if UNBOUND in (agreement.remains.inputs, agreement.families.inputs):
        message = "a side has not committed to its inputs yet"
        remedy = "both run homeward exchange commit before anybody signs"
        raise Refusal([Fault("exchange-commitment", message, remedy)], rule=True)
    signature = keys.sign(_PURPOSE, written(agreement))
    return replace(signed, remains=signature) if role == "remains" else replace(signed, families=signature)


def both_signed(signed: Signed, file: str = "") -> Agreement:
    """The agreement. Raises `Refusal`: ``exchange-terms``, ``exchange-signature``."""
    agreement = checked(signed.agreement)
    message = written(agreement)
    for party, signature in ((agreement.remains, signed.remains), (agreement.families, signed.families)):
        if signature is None or not signed_by(party.signing, _PURPOSE, message, signature):
            raise not_signed(f"the part of {party.name} in the agreement", file)
    return agreement


def other_keys(agreement: Agreement, role: Role, other: Card | None, auditor: Card | None) -> Iterator[Fault]:
    """Where an agreement names other keys than the cards that a side was given: ``exchange-agreement``."""
    theirs = agreement.other(role)
    if other is not None and (other.name, other.country, other.signing, other.sealing) != (
        theirs.name,
        theirs.country,
        theirs.signing,
        theirs.sealing,
    ):
        yield _other(theirs.name)
    named = agreement.auditor
    if auditor is not None and (
        named is None or (auditor.name, auditor.signing, auditor.sealing) != (named.name, named.signing, named.sealing)
    ):
        yield _other("the auditor")


def _other(who: str) -> Fault:
    message = f"the agreement names other keys, or another name, for {who} than the card"
    return Fault("exchange-agreement", message, "do not sign; ask both by telephone for their fingerprints")
