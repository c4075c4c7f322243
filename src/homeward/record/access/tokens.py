"""Tokens of programs: made once, kept as a hash, narrowed to scopes, over after a time."""

from __future__ import annotations

import hashlib
import secrets
import time

from homeward.faults import Fault, Refusal
from homeward.record.changes import CHANGES, IssueToken
from homeward.record.door import Record
from homeward.record.roles import Actor

__all__ = ["LONGEST_DAYS", "SCOPES", "actor_of_token", "issue_token"]

# a token that could let somebody in, or make a wider one, would be no narrow one
_LETS_IN = {"set-password", "add-passkey", "issue-recovery-codes", "use-recovery-code", "issue-token", "mark-restored"}
SCOPES = frozenset({"read", *CHANGES}) - _LETS_IN
LONGEST_DAYS = 366
_PREFIX = "hw_"


def issue_token(record: Record, actor: Actor, label: str, scopes: tuple[str, ...], days: int) -> str:
    """A token for the acting account, shown once. Raises `Refusal`: ``unknown-scope``, ``bad-range``."""
    faults = []
    if not scopes or set(scopes) - SCOPES:
        faults.append(Fault("unknown-scope", "a scope is read or the code of a change", "see docs/api.md#programs"))
    if not 1 <= days <= LONGEST_DAYS:
        faults.append(Fault("bad-range", f"a token lasts 1 to {LONGEST_DAYS} days", "correct the days"))
    if faults:
        raise Refusal(faults)
    token = _PREFIX + secrets.token_urlsafe(32)
    record.apply(IssueToken(_hash(token), actor.account, label, scopes, time.time() + days * 86400.0), actor)
    return token


def actor_of_token(record: Record, token: str) -> Actor | None:
    """Who a token acts for, in his roles of now and the token's scopes; None where it is void."""
    if not token.startswith(_PREFIX):
        return None
    with record.view() as view:
        kept = view.get("token", _hash(token))
        account = None if kept is None else view.get("account", kept.account)
    if kept is None or account is None or not account.active or kept.expires < time.time():
        return None
    return Actor(kept.account, frozenset(account.roles), frozenset(kept.scopes) & SCOPES)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
