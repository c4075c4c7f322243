"""The installation's keys, and what is locked with the data keys that they wrap.

AES-256-GCM throughout: what was locked for one place opens in no other (the place is authenticated with it), and what
was changed does not open. Keys stand in a file of their own, never in the database.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from homeward.faults import Fault, Refusal

__all__ = ["Installation", "create_installation", "lock", "new_key", "read_installation", "unlock"]

_NONCE = 12
_FORMAT = "homeward-keys 1"


@dataclass(frozen=True)
class Installation:
    """The keys of one installation. ``wrapping`` locks data keys, ``signing`` signs the audit chain."""

    path: Path
    wrapping: bytes = field(repr=False)
    signing: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """The 32 bytes by which anybody checks a signature of the audit chain."""
        return self.signing.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        return self.signing.sign(message)

    def signed(self, message: bytes, signature: bytes) -> bool:
        """Whether this installation signed the message."""
        try:
            self.signing.public_key().verify(signature, message)
        except InvalidSignature:
            return False
        return True


def new_key() -> bytes:
    """A fresh key of 32 bytes."""
    return secrets.token_bytes(32)


def lock(key: bytes, clear: bytes, place: str) -> bytes:
    """Nonce and ciphertext; ``place`` must be given again to open it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, clear, place.encode())


def unlock(key: bytes, locked: bytes, place: str) -> bytes:
    """What was locked. Raises `Refusal` ``not-readable`` where key, place or bytes are others."""
    try:
        return AESGCM(key).decrypt(locked[:_NONCE], locked[_NONCE:], place.encode())
    except (InvalidTag, ValueError) as error:
        message = "what is locked here does not open: it was changed, or the keys are of another installation"
        raise Refusal([Fault("not-readable", message, "run homeward audit verify, and check the keys")]) from error


def create_installation(path: Path) -> Installation:
    """New keys in a new file that only its owner may read. Raises `Refusal` ``target-exists``."""
    made = Installation(path, new_key(), Ed25519PrivateKey.generate())
    text = json.dumps(
        {
            "format": _FORMAT,
            "wrapping": base64.b64encode(made.wrapping).decode(),
            "signing": base64.b64encode(made.signing.private_bytes_raw()).decode(),
        }
    )
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        message, remedy = f"{path.name} is there already", "name a new file; keys are never overwritten"
        raise Refusal([Fault("target-exists", message, remedy, file=str(path))]) from error
    except OSError as error:
        message, remedy = f"{path.name} cannot be written", "check the folder and its permissions"
        raise Refusal([Fault("not-writable", message, remedy, file=str(path))]) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return made


def read_installation(path: Path) -> Installation:
    """The keys of a file. Raises `Refusal`: ``missing-keys``, ``bad-keys``."""
    try:
        found = json.loads(path.read_bytes())
        if found["format"] != _FORMAT:
            raise ValueError
        wrapping = base64.b64decode(found["wrapping"], validate=True)
        signing = Ed25519PrivateKey.from_private_bytes(base64.b64decode(found["signing"], validate=True))
        if len(wrapping) != 32:
            raise ValueError
    except OSError as error:
        remedy = "name the file with HOMEWARD_KEYS, or restore it from where the installation keeps its copy"
        raise Refusal([Fault("missing-keys", "the file of keys is not there", remedy, file=str(path))]) from error
    except (ValueError, KeyError, TypeError) as error:
        remedy = "restore it from where the installation keeps its copy"
        raise Refusal([Fault("bad-keys", "this is no file of keys", remedy, file=str(path))]) from error
    return Installation(path, wrapping, signing)
