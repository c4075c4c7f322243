"""How a server is set up."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from homeward.faults import Fault, Refusal
from homeward.formats.letterhead import Letterhead
from homeward.record.access.oidc import Provider
from homeward.record.access.passkeys import Site
from homeward.record.roles import Role

__all__ = ["Settings"]

_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Settings:
    """``origin``: the address under which browsers reach it; cookies are Secure unless that is plain http.

    ``trusted_proxy``: whether the last X-Forwarded-For is the client's address, because a proxy of ours wrote it.
    ``provider``: whose log-ins are taken, None = nobody's. ``letterhead``: of the reports.
    ``demo``: accounts with their roles, and the password of all, told at the log-in; of a demonstration alone.
    Raises `Refusal` ``bad-origin``.
    """

    origin: str = "http://127.0.0.1:8742"
    trusted_proxy: bool = False
    provider: Provider | None = None
    letterhead: Letterhead = field(default_factory=Letterhead)
    demo: tuple[tuple[tuple[str, tuple[Role, ...]], ...], str] | None = None

    def __post_init__(self) -> None:
        told = urlsplit(self.origin)
        plain = told.scheme == "http" and told.hostname in _HERE
        if not told.hostname or told.path or told.query or not (plain or told.scheme == "https"):
            message = "an origin is https:// and a host; plain http is for this machine alone"
            raise Refusal([Fault("bad-origin", message, "give https://HOST, and let a proxy end it", file="origin")])

    @property
    def site(self) -> Site:
        """What passkeys are made for."""
        return Site(self.origin, str(urlsplit(self.origin).hostname))

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")
