"""Who comes in: passwords, sessions, tokens, and how often somebody may try."""

from homeward.record.access.limits import LIMITS, Limit, allow
from homeward.record.access.passwords import fits, hashed, password_faults
from homeward.record.access.sessions import IDLE, LONGEST, Session, end_session, log_in, renew, session_of
from homeward.record.access.tokens import SCOPES, actor_of_token, issue_token

__all__ = [
    "IDLE",
    "LIMITS",
    "LONGEST",
    "SCOPES",
    "Limit",
    "Session",
    "actor_of_token",
    "allow",
    "end_session",
    "fits",
    "hashed",
    "issue_token",
    "log_in",
    "password_faults",
    "renew",
    "session_of",
]
