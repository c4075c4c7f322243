"""A letter in its envelope: canonical JSON, signed by its sender, sealed for its receiver (and the auditor)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import rfc8785

from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.form import Day, Hash, hashed, read_form, written
from homeward.exchange.keys import Keys, Signature, not_signed, signed_by
from homeward.exchange.messages import PAYLOADS, Kind
from homeward.exchange.sealing import seal, unseal
from homeward.faults import Fault, Refusal

__all__ = [
    "LARGEST",
    "NOTHING",
    "Header",
    "Letter",
    "largest",
    "letter_bytes",
    "open_envelope",
    "read_letter",
    "sealed_letter",
    "write_letter",
]

NOTHING = "0" * 64
"""In place of a hash where there is nothing before."""
LARGEST = 16 * 2**20
"""Bytes of the largest envelope that is read."""
_LARGEST_PRIVATE = 256 * 2**20
_PURPOSE = "homeward-letter 1"


@dataclass(frozen=True, slots=True)
class Header:
    """What is signed of a letter.

    ``number``: of this sender's letters, from 1. ``previous``: hash of his last one. ``heard`` and ``heard_hash``: the
    last letter he had from the other side. ``log`` and ``log_length``: the head of his log before this letter, and
    its entries. ``sent``: the day, in UTC. ``payload``: SHA-256 of the payload's canonical JSON.
    """

    format: Literal["homeward-letter 1"]
    agreement: Hash
    sender: Role
    number: int
    previous: Hash
    heard: int
    heard_hash: Hash
    log: Hash
    log_length: int
    sent: Day
    kind: Kind
    payload: Hash

    @property
    def hash(self) -> str:
        """What later letters name this one by."""
        return hashed(written(self))


@dataclass(frozen=True)
class Letter:
    """A header, the payload of its kind, and the sender's signature over the header."""

    header: Header
    payload: Any
    signature: Signature


def write_letter(keys: Keys, header: Header, payload: Any) -> Letter:
    """The letter, signed; ``header.payload`` is filled in."""
    header = replace(header, payload=hashed(written(payload)))
    return Letter(header, payload, keys.sign(_PURPOSE, written(header)))


def letter_bytes(letter: Letter) -> bytes:
    """A letter as canonical JSON: what is sealed."""
    return written({"header": letter.header, "payload": letter.payload, "signature": letter.signature})


def sealed_letter(letter: Letter, recipients: Sequence[str]) -> bytes:
    """The envelope."""
    return seal(letter_bytes(letter), recipients)


def largest(agreement: Agreement) -> int:
    """Bytes of the largest envelope that is read: more where a private match is agreed on, whose letters are
    ciphertexts."""
    return LARGEST if agreement.private is None else _LARGEST_PRIVATE


def open_envelope(
    data: bytes, secret: str, signers: Mapping[Role, str], file: str = "", *, most: int = LARGEST
) -> Letter:
    """The letter of an envelope of ``most`` bytes, signed by the party it says it is from.

    Raises `Refusal`: ``exchange-unreadable``, ``exchange-form``, ``exchange-signature``.
    """
    if len(data) > most:
        message = "no envelope is as large as this"
        raise Refusal([Fault("exchange-unreadable", message, "ask for the same envelope again", file=file)])
    return read_letter(unseal(data, secret, file), signers, file)


def read_letter(data: bytes, signers: Mapping[Role, str], file: str = "") -> Letter:
    """The letter that these bytes are. Raises `Refusal`: ``exchange-form``, ``exchange-signature``."""
    parts = _parts(data, file)
    header = read_form(Header, parts["header"], file)
    signature = parts["signature"].decode().strip('"')
    if not signed_by(signers[header.sender], _PURPOSE, written(header), signature):
        raise not_signed("the letter", file)
    if hashed(parts["payload"]) != header.payload:
        message = "the payload is not the one that was signed"
        raise Refusal([Fault("exchange-form", message, "ask for the same envelope again", file=file, column="payload")])
    return Letter(header, read_form(PAYLOADS[header.kind], parts["payload"], file), signature)


def _parts(data: bytes, file: str) -> dict[str, bytes]:
    """The canonical JSON of header, payload and signature."""
    try:
        found = json.loads(data.decode("utf-8"))
        if found.keys() == {"header", "payload", "signature"} and rfc8785.dumps(found) == data:
            return {name: rfc8785.dumps(value) for name, value in found.items()}
    except (ValueError, RecursionError, AttributeError):
        pass
    message = "what is sealed is no letter in canonical JSON"
    raise Refusal([Fault("exchange-form", message, "ask the other side for another version", file=file)])
