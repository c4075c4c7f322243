"""How a server is set up."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """``origin``: the address under which browsers reach it; cookies are Secure unless that is plain http.

    ``trusted_proxy``: whether the last X-Forwarded-For is the client's address, because a proxy of ours wrote it.
    """

    origin: str = "http://127.0.0.1:8742"
    trusted_proxy: bool = False

    @property
    def secure(self) -> bool:
        return self.origin.startswith("https://")
