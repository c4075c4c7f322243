"""Passwords, kept as argon2id."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from homeward.faults import Fault

__all__ = ["SHORTEST", "fits", "hashed", "password_faults"]

SHORTEST = 12
LONGEST = 1024


@cache
def _hasher() -> PasswordHasher:
    """The library's defaults, which follow RFC 9106's second choice (64 MiB, three passes)."""
    return PasswordHasher()


@cache
def _nobody() -> str:
    """What a password is compared with where there is no such account, so that both take as long."""
    return _hasher().hash("nobody has this password")


def password_faults(account: str, password: str) -> list[Fault]:
    """Why a password will not do; empty where it will."""
    if len(password) < SHORTEST:
        return [Fault("weak-password", f"a password has at least {SHORTEST} characters", "take a longer one")]
    if len(password) > LONGEST:
        return [Fault("weak-password", f"a password has at most {LONGEST} characters", "take a shorter one")]
    if account and account.casefold() in password.casefold():
        return [Fault("weak-password", "the password holds the account's id", "take another")]
    if len(set(password)) < 5:
        return [Fault("weak-password", "the password repeats a few characters", "take another")]
    return []


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(password)


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; as slow where there is none to compare with."""
    try:
        return _hasher().verify(kept or _nobody(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
