"""Who has an account, and by what he is known when he comes."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.record.roles import Role

__all__ = ["Account", "Credential", "Passkey", "RecoveryCode", "Token"]


@dataclass(frozen=True, slots=True)
class Account:
    """A person who works with the record. A closed account stays, so that what he did keeps its author."""

    name: str
    roles: tuple[Role, ...]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Credential:
    """What a password is checked against (argon2id)."""

    password: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A WebAuthn credential; both base64url."""

    account: str
    public_key: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class RecoveryCode:
    """The hash of a code that lets somebody in once, when password or second factor are lost."""

    account: str


@dataclass(frozen=True, slots=True)
class Token:
    """What a program shows; the record knows its hash, which is its id. ``expires``: seconds since 1970."""

    account: str
    label: str
    scopes: tuple[str, ...]
    expires: float
