"""Passwords, kept as argon2id."""

from __future__ import annotations

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError

from homeward.faults import Fault

__all__ = ["SHORTEST", "fits", "hashed", "password_faults"]

SHORTEST = 12
LONGEST = 1024
# each hash takes its memory: two at once, however many knock
_TURN = threading.BoundedSemaphore(2)


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
    if account and _plain(account).casefold() in _plain(password).casefold():
        return [Fault("weak-password", "the password holds the account's id", "take another")]
    if len(set(password)) < 5:
        return [Fault("weak-password", "the password repeats a few characters", "take another")]
    return []


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _TURN:
        return _hasher().hash(_plain(password))


def fits(kept: str | None, password: str) -> bool:
    """Whether it is the password; as slow where there is none to compare with."""
    against = kept if kept is not None and _bounded(kept) else _nobody()
    try:
        with _TURN:
            return _hasher().verify(against, _plain(password)) and against is kept
    except (VerificationError, InvalidHashError):
        return False


def _plain(text: str) -> str:
    """One form of what looks the same, whatever keyboard it was typed on."""
    return unicodedata.normalize("NFKC", text)


def _bounded(kept: str) -> bool:
    """Whether a hash is one that costs no more than ours may: another must not stall the server."""
    try:
        told = extract_parameters(kept)
    except (InvalidHashError, ValueError):
        return False
    return told.memory_cost <= 256 * 1024 and told.time_cost <= 10 and told.parallelism <= 8
