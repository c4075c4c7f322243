"""Who comes in: passwords, sessions, tokens, and how often somebody may try."""

from homeward.record.access.limits import LIMITS, Limit, allow, forgive
from homeward.record.access.passwords import fits, hashed, password_faults
from homeward.record.access.recovery import issue_codes, recover, use_code
from homeward.record.access.sessions import IDLE, LONGEST, Session, begin, end_session, log_in, renew, session_of
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
    "begin",
    "end_session",
    "fits",
    "forgive",
    "hashed",
    "issue_codes",
    "issue_token",
    "log_in",
    "password_faults",
    "recover",
    "renew",
    "session_of",
    "use_code",
]
