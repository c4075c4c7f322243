"""Who may do what: six roles, and who is acting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

__all__ = ["ROLES", "SYSTEM", "Actor", "Role"]

Role = Literal["coordinator", "geneticist", "reviewer", "liaison", "auditor", "administrator"]
ROLES: frozenset[Role] = frozenset(get_args(Role))


@dataclass(frozen=True, slots=True)
class Actor:
    """An account in its roles. ``scopes``: what a token was narrowed to, ``read`` and codes of changes; None = all."""

    account: str
    roles: frozenset[Role]
    scopes: frozenset[str] | None = None

    def may(self, action: str, roles: frozenset[Role]) -> bool:
        """Whether one of his roles is among these, and his token reaches as far."""
        return bool(self.roles & roles) and (self.scopes is None or action in self.scopes)


# the installation itself: it makes the first account, and ends work whose worker was killed
SYSTEM = Actor("system", ROLES)
