"""An agreement with its signatures: proposed by one, bound to by both, signed by both, in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from homeward.exchange.agreement import Agreement, Inputs, Role, checked
from homeward.exchange.form import written
from homeward.exchange.keys import Keys, Signature, not_signed, signed_by
from homeward.faults import Fault, Refusal

__all__ = ["UNBOUND", "Signed", "both_signed", "sign"]

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
