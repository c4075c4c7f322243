"""The keys of one installation, and the card by which the other side knows them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from homeward.exchange.agreement import Party, Sealing, Witness
from homeward.exchange.form import Country, Hash, Token, hashed, read_form, written
from homeward.exchange.sealing import new_identity
from homeward.faults import Fault, Refusal

__all__ = ["Card", "Keys", "Signature", "fingerprint", "new_keys", "not_signed", "read_keys", "signed_by"]

Signature = Annotated[str, r"[0-9a-f]{128}"]


@dataclass(frozen=True, slots=True)
class Card:
    """What anybody may know of a party: name, country and public keys."""

    format: Literal["homeward-card 1"]
    name: Token
    country: Country
    signing: Hash
    sealing: Sealing


@dataclass(frozen=True, slots=True)
class _Written:
    """The file of keys."""

    format: Literal["homeward-exchange-keys 1"]
    card: Card
    signing: Hash
    sealing: Annotated[str, r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}"]


@dataclass(frozen=True)
class Keys:
    """Both secrets of a party, and its card."""

    card: Card
    _signing: Ed25519PrivateKey = field(repr=False)
    sealing: str = field(repr=False)

    def sign(self, purpose: str, message: bytes) -> str:
        """An Ed25519 signature over purpose, a zero byte and the message: of one purpose it is none of another."""
        return self._signing.sign(purpose.encode() + b"\0" + message).hex()

    def file(self) -> bytes:
        """What the file of keys holds."""
        secret = self._signing.private_bytes_raw().hex()
        return written(_Written("homeward-exchange-keys 1", self.card, secret, self.sealing))


def new_keys(name: str, country: str) -> Keys:
    """Fresh keys of the system's random numbers. Raises `Refusal` ``bad-argument``."""
    signing = Ed25519PrivateKey.generate()
    secret, recipient = new_identity()
    public = signing.public_key().public_bytes_raw().hex()
    try:
        card = read_form(Card, written(Card("homeward-card 1", name, country, public, recipient)))
    except Refusal as refusal:
        message = "a party has a short name of letters, digits and . _ -, and a country of two capital letters"
        raise Refusal([Fault("bad-argument", message, "write --party NAME --country CC")]) from refusal
    return Keys(card, signing, secret)


def read_keys(data: bytes, file: str = "") -> Keys:
    """The keys of a file. Raises `Refusal` ``exchange-form``."""
    found = read_form(_Written, data, file)
    return Keys(found.card, Ed25519PrivateKey.from_private_bytes(bytes.fromhex(found.signing)), found.sealing)


def signed_by(public: str, purpose: str, message: bytes, signature: str) -> bool:
    """Whether the holder of a key signed the message for this purpose."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature), purpose.encode() + b"\0" + message)
    except (InvalidSignature, ValueError):
        return False
    return True


def not_signed(what: str, file: str = "") -> Refusal:
    """The refusal of something that is not signed by whom it names."""
    remedy = "compare the fingerprints on paper, and ask for it again"
    return Refusal(
        [Fault("exchange-signature", f"{what} is not signed by the key of the agreement", remedy, file=file)]
    )


def fingerprint(card: Card | Party | Witness) -> str:
    """128 bits of both public keys in groups of four, to be compared on paper."""
    digest = hashed(f"{card.signing} {card.sealing}".encode())[:32]
    return " ".join(digest[i : i + 4] for i in range(0, 32, 4))
