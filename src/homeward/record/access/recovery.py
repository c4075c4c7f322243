"""Recovery codes: each lets an account in once, when its password or its passkey is lost."""

from __future__ import annotations

import hashlib
import secrets
import time

from homeward.faults import Fault, Refusal
from homeward.record.access.limits import allow, forgive
from homeward.record.access.sessions import begin
from homeward.record.changes import IssueRecoveryCodes, UseRecoveryCode
from homeward.record.door import Record
from homeward.record.roles import Actor

__all__ = ["MANY", "code_hash", "issue_codes", "recover", "use_code"]

MANY = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_GROUPS, _WIDE = 4, 5  # 31^20: 99 bits


def issue_codes(record: Record, account: str, actor: Actor) -> tuple[str, ...]:
    """New codes, shown this once; those before them are void. An administrator lets somebody in by them."""
    codes = tuple("-".join(_group() for _ in range(_GROUPS)) for _ in range(MANY))
    record.apply(IssueRecoveryCodes(account, tuple(code_hash(c) for c in codes)), actor)
    return codes


def recover(record: Record, account: str, code: str, address: str, now: float | None = None) -> str:
    """A new session's secret for a code, which is void from then on; nothing more is asked for.

    Raises `Refusal` (a rule): ``bad-log-in`` and ``too-many-attempts``, as `log_in` does.
    """
    now = time.time() if now is None else now
    allow(record, "log-in address", address, now)
    allow(record, "log-in account", account, now)
    if not use_code(record, account, code):
        message, remedy = "account and code do not go together", "try another code, or ask an administrator"
        raise Refusal([Fault("bad-log-in", message, remedy)], rule=True)
    forgive(record, "log-in account", account)
    forgive(record, "log-in address", address, 1)
    return begin(record, account, strong=True, now=now)


def use_code(record: Record, account: str, code: str) -> bool:
    """Whether it was a code of the account, and is void now."""
    hashed = code_hash(code)
    with record.view() as view:
        known = view.get("account", account)
        kept = view.get("recovery-code", hashed)
    if known is None or not known.active or kept is None or kept.account != account:
        return False
    try:
        record.apply(UseRecoveryCode(hashed), Actor(account, frozenset(known.roles)))
    except Refusal:  # it was used in between
        return False
    return True


def code_hash(code: str) -> str:
    """What the record keeps of a code; spaces, dashes and capitals in it do not count."""
    plain = "".join(c for c in code.casefold() if c.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def _group() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(_WIDE))
