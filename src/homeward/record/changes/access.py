"""Changes to accounts, and to what lets people and programs in. Secrets come hashed; the door never sees one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from homeward.record.changes.change import ABSENT, PRESENT, Change
from homeward.record.database import session
from homeward.record.draft import Draft
from homeward.record.roles import ROLES, SYSTEM, Role
from homeward.record.values import Account, Credential, Passkey, RecoveryCode, Token

__all__ = [
    "AddPasskey",
    "IssueRecoveryCodes",
    "IssueToken",
    "OpenAccount",
    "RemovePasskey",
    "RevokeToken",
    "SetPassword",
    "SetRoles",
    "ShutAccount",
    "UseRecoveryCode",
]

_ADMINISTRATORS: frozenset[Role] = frozenset({"administrator"})
_OPEN = frozenset({"open"})


def _own_or_administrator(draft: Draft, account: str) -> None:
    if draft.actor.account != account and "administrator" not in draft.actor.roles:
        draft.forbid("role", "this is for the account itself or an administrator", "ask an administrator")


def _log_out(draft: Draft, account: str) -> None:
    """Whoever is in under what no longer holds is out, in the same transaction."""
    draft.now.connection.execute(session.delete().where(session.c.account == account))


def _check_roles(draft: Draft, account: str, roles: tuple[Role, ...]) -> None:
    if not roles or set(roles) - ROLES:
        draft.refuse("unknown-word", "an account has one or more of the roles", "see docs/record.md", column="roles")
    if "administrator" in roles and len(set(roles)) > 1:
        draft.forbid("role-mix", "an administrator sees no genotypes, and so has no other role", "use two accounts")
    if "auditor" in roles and len(set(roles)) > 1:
        draft.forbid("role-mix", "an auditor changes nothing, and so has no other role", "use two accounts")
    if draft.actor.account == account:
        draft.forbid("own-roles", "nobody gives himself roles", "ask another administrator")


@dataclass(frozen=True, slots=True)
class OpenAccount(
    Change, code="open-account", roles=_ADMINISTRATORS, target="account", states=frozenset({ABSENT}), id="id"
):
    """Somebody gets an account."""

    id: str
    name: str
    granted: tuple[Role, ...]

    def carry_out(self, draft: Draft) -> None:
        reserved = self.id == SYSTEM.account
        if reserved or not self.id or len(self.id) > 64 or not self.id.isprintable() or set(self.id) & set("/:"):
            draft.refuse(
                "bad-id", "an account's id has 1 to 64 characters, no / and no :", "choose another", column="id"
            )
        _check_roles(draft, self.id, self.granted)
        draft.put("account", self.id, Account(self.name, self.granted), subject=f"account:{self.id}")


@dataclass(frozen=True, slots=True)
class SetRoles(Change, code="set-roles", roles=_ADMINISTRATORS, target="account", states=_OPEN, id="id"):
    """Somebody gets other roles."""

    id: str
    granted: tuple[Role, ...]

    def carry_out(self, draft: Draft) -> None:
        _check_roles(draft, self.id, self.granted)
        account: Account = draft.now.get("account", self.id)
        draft.put("account", self.id, replace(account, roles=self.granted), subject=f"account:{self.id}")
        _log_out(draft, self.id)


@dataclass(frozen=True, slots=True)
class ShutAccount(Change, code="shut-account", roles=_ADMINISTRATORS, target="account", states=_OPEN, id="id"):
    """Somebody no longer works with the record; what he did stays his."""

    id: str

    def carry_out(self, draft: Draft) -> None:
        if draft.actor.account == self.id:
            draft.forbid("own-roles", "nobody shuts his own account", "ask another administrator")
        account: Account = draft.now.get("account", self.id)
        draft.put("account", self.id, replace(account, active=False), subject=f"account:{self.id}")
        for kind in ("passkey", "token", "recovery-code"):
            for id in draft.now.all(kind, f"account:{self.id}"):
                draft.close(kind, id)
        draft.close("credential", self.id)
        _log_out(draft, self.id)


@dataclass(frozen=True, slots=True)
class SetPassword(Change, code="set-password", roles=ROLES, target="account", states=_OPEN, id="id"):
    """An account gets a password; ``hashed``: argon2id in its usual form."""

    id: str
    hashed: str

    def carry_out(self, draft: Draft) -> None:
        _own_or_administrator(draft, self.id)
        if not self.hashed.startswith("$argon2id$"):
            draft.refuse("bad-hash", "a password is kept as argon2id", "hash it first", column="hashed")
        _log_out(draft, self.id)
        draft.put(
            "credential", self.id, Credential(self.hashed), owner=f"account:{self.id}", subject=f"account:{self.id}"
        )


@dataclass(frozen=True, slots=True)
class AddPasskey(Change, code="add-passkey", roles=ROLES, target="account", states=_OPEN, id="account"):
    """An account gets a second factor. ``id`` and ``public_key``: base64url, as the browser registered them."""

    account: str
    id: str
    public_key: str
    label: str = ""

    def carry_out(self, draft: Draft) -> None:
        if draft.actor.account != self.account:
            draft.forbid("role", "a passkey is added by its owner", "log in as the account")
        if draft.now.held("passkey", self.id) is not None:
            draft.refuse("duplicate-id", "this passkey is registered already", "use another", column="id")
            return
        _log_out(draft, self.account)
        draft.put(
            "passkey", self.id, Passkey(self.account, self.public_key, self.label), owner=f"account:{self.account}"
        )


@dataclass(frozen=True, slots=True)
class RemovePasskey(Change, code="remove-passkey", roles=ROLES, target="passkey", states={PRESENT}, id="id"):
    """An account loses a second factor."""

    id: str

    def carry_out(self, draft: Draft) -> None:
        account: str = draft.now.get("passkey", self.id).account
        _own_or_administrator(draft, account)
        _log_out(draft, account)
        draft.close("passkey", self.id)


@dataclass(frozen=True, slots=True)
class IssueRecoveryCodes(
    Change, code="issue-recovery-codes", roles=ROLES, target="account", states=_OPEN, id="account"
):
    """New codes that each let the account in once; those before it are void. ``hashes``: SHA-256, hex."""

    account: str
    hashes: tuple[str, ...]

    def carry_out(self, draft: Draft) -> None:
        _own_or_administrator(draft, self.account)
        for id in draft.now.all("recovery-code", f"account:{self.account}"):
            draft.close("recovery-code", id)
        for hashed in dict.fromkeys(self.hashes):
            draft.put("recovery-code", hashed, RecoveryCode(self.account), owner=f"account:{self.account}")


@dataclass(frozen=True, slots=True)
class UseRecoveryCode(
    Change, code="use-recovery-code", roles=ROLES, target="recovery-code", states=frozenset({PRESENT}), id="hashed"
):
    """A code was shown, and is void. Made by the log-in itself, for the account that is coming in."""

    hashed: str

    def carry_out(self, draft: Draft) -> None:
        if draft.now.get("recovery-code", self.hashed).account != draft.actor.account:
            draft.forbid("role", "the code is of another account", "use one of your own")
        draft.close("recovery-code", self.hashed)


@dataclass(frozen=True, slots=True)
class IssueToken(Change, code="issue-token", roles=ROLES, target="token", states={ABSENT}, id="hashed"):
    """A program may act for the account, within scopes. ``hashed``: SHA-256 of the token, hex."""

    hashed: str
    account: str
    label: str
    scopes: tuple[str, ...]
    expires: float

    def carry_out(self, draft: Draft) -> None:
        if draft.actor.account != self.account:
            draft.forbid("role", "a token is issued by the account it acts for", "log in as the account")
        if draft.actor.scopes is not None and not draft.actor.scopes >= set(self.scopes):
            draft.forbid("role", "a token issues no wider one", "log in as the account")
        if draft.now.get("account", self.account) is None:
            draft.refuse("unknown-account", "there is no such account", "correct it", column="account")
        value = Token(self.account, self.label, self.scopes, self.expires)
        draft.put("token", self.hashed, value, owner=f"account:{self.account}")


@dataclass(frozen=True, slots=True)
class RevokeToken(Change, code="revoke-token", roles=ROLES, target="token", states={PRESENT}, id="hashed"):
    """A token is void."""

    hashed: str

    def carry_out(self, draft: Draft) -> None:
        _own_or_administrator(draft, draft.now.get("token", self.hashed).account)
        draft.close("token", self.hashed)
