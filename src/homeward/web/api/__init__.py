"""The HTTP API: one route a change, one a kind of thing, both made from the record's own lists."""

from homeward.web.api.audit import router as audit
from homeward.web.api.changes import router as changes
from homeward.web.api.jobs import router as jobs
from homeward.web.api.keys import router as keys
from homeward.web.api.names import router as names
from homeward.web.api.oidc import router as oidc
from homeward.web.api.sessions import router as sessions
from homeward.web.api.summary import router as summary
from homeward.web.api.things import router as things

__all__ = ["audit", "changes", "jobs", "keys", "names", "oidc", "sessions", "summary", "things"]
