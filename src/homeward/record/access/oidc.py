"""Coming in by another's log-in (OpenID Connect Core 1.0): authorization code, PKCE, state and nonce.

Nobody gets an account this way: what the provider says of somebody is looked up among the accounts that are open.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import httpx2
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]  # it has no types
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from homeward.faults import Fault, Refusal
from homeward.record.door import Record

__all__ = ["Provider", "complete", "depart", "read_provider"]

_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
_LEEWAY = 60  # seconds between two clocks


@dataclass(frozen=True)
class Provider:
    """Who vouches. ``claim``: what of his word names the account; ``accounts``: its value → account, where they differ.

    ``transport``: how it is reached, None = over the network.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    claim: Literal["sub", "email"] = "sub"
    accounts: Mapping[str, str] = field(default_factory=dict)
    transport: httpx2.BaseTransport | None = field(default=None, repr=False, compare=False)


def read_provider(file: Path | None = None, environ: Mapping[str, str] = os.environ) -> Provider | None:
    """The provider of a TOML file's section [oidc], each key overridden by HOMEWARD_OIDC_ISSUER, _CLIENT_ID,
    _CLIENT_SECRET and _CLAIM; None where no issuer is named. Raises `Refusal`: ``missing-file``, ``bad-settings``.
    """
    told: dict[str, Any] = {}
    if file is not None:
        try:
            told = tomllib.loads(file.read_text(encoding="utf-8")).get("oidc", {})
        except OSError as error:
            raise Refusal([Fault("missing-file", "there is no such file", "correct it", file=str(file))]) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise _bad_settings("this is no TOML") from error
    keys = ("issuer", "client_id", "client_secret", "claim")
    told |= {key: environ[name] for key in keys if (name := f"HOMEWARD_OIDC_{key.upper()}") in environ}
    if not told.get("issuer"):
        return None
    if unknown := set(told) - {*keys, "accounts"}:
        raise _bad_settings(f"unknown keys: {', '.join(sorted(unknown))}")
    if not told.get("client_id") or told.get("claim", "sub") not in ("sub", "email"):
        raise _bad_settings("client_id is missing, or claim is neither sub nor email")
    if not str(told["issuer"]).startswith("https://"):
        raise _bad_settings("an issuer begins with https://")
    return Provider(**told)


def _bad_settings(message: str) -> Refusal:
    return Refusal([Fault("bad-settings", message, "see docs/api.md#another-log-in", file="oidc")])


def depart(provider: Provider, back: str) -> tuple[str, dict[str, str]]:
    """Where to send the browser, and what its return is compared with. ``back``: the address it comes back to."""
    with _client(provider) as client:
        found = _discovered(provider, client)
    kept = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
    }
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid email" if provider.claim == "email" else "openid",
        "state": kept["state"],
        "nonce": kept["nonce"],
        "code_challenge": create_s256_code_challenge(kept["verifier"]),
        "code_challenge_method": "S256",
    }
    return f"{found['authorization_endpoint']}?{urlencode(asked)}", kept


def complete(record: Record, provider: Provider, back: str, kept: Mapping[str, str], state: str, code: str) -> str:
    """The open account that the provider vouches for. Raises `Refusal` ``not-vouched``."""
    if not kept or not secrets.compare_digest(kept["state"].encode(), state.encode("utf-8", "replace")):
        raise _not_vouched()
    try:
        with _client(provider) as client:
            found = _discovered(provider, client)
            told = _exchanged(provider, client, found["token_endpoint"], back, kept["verifier"], code)
            keys = KeySet.import_key_set(client.get(found["jwks_uri"]).raise_for_status().json())
        token = jwt.decode(told["id_token"], keys, algorithms=_ALGORITHMS)
        claims = CodeIDToken(token.claims, token.header, _options(provider), _parameters(provider, kept, told))
        claims.validate(leeway=_LEEWAY)
    except (httpx2.HTTPError, JoseError, ValueError, TypeError, KeyError) as error:
        raise _not_vouched() from error
    except Exception as error:  # the claims of Authlib fail with errors of their own, which share no public parent
        if type(error).__module__.startswith("authlib."):
            raise _not_vouched() from error
        raise
    account = _account(provider, claims)
    with record.view() as view:
        known = view.get("account", account) if "\0" not in account else None
    if known is None or not known.active:
        raise _not_vouched()
    return account


def _account(provider: Provider, claims: Mapping[str, Any]) -> str:
    value = claims.get(provider.claim)
    if not isinstance(value, str) or not value:
        raise _not_vouched()
    if provider.claim == "email" and claims.get("email_verified") is not True:
        raise _not_vouched()
    return provider.accounts.get(value, value)


def _options(provider: Provider) -> dict[str, Any]:
    return {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }


def _parameters(provider: Provider, kept: Mapping[str, str], told: Mapping[str, Any]) -> dict[str, Any]:
    return {"nonce": kept["nonce"], "client_id": provider.client_id, "access_token": told.get("access_token")}


def _exchanged(
    provider: Provider, client: httpx2.Client, endpoint: str, back: str, verifier: str, code: str
) -> dict[str, Any]:
    """The provider's answer to the code."""
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
    if provider.client_secret:
        answer = client.post(endpoint, data=form, auth=(provider.client_id, provider.client_secret))
    else:
        answer = client.post(endpoint, data=form | {"client_id": provider.client_id})
    return dict(answer.raise_for_status().json())


def _discovered(provider: Provider, client: httpx2.Client) -> dict[str, str]:
    """The provider's description of itself. Raises `Refusal` ``provider-silent``."""
    try:
        answer = client.get(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration").raise_for_status()
        found = dict(answer.json())
        if found["issuer"] != provider.issuer:
            raise ValueError("another issuer")
        return {key: str(found[key]) for key in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
    except (httpx2.HTTPError, ValueError, TypeError, KeyError) as error:
        message = "the provider of log-ins does not answer as it should"
        raise Refusal([Fault("provider-silent", message, "log in with a password, or try later")], rule=True) from error


def _client(provider: Provider) -> httpx2.Client:
    return httpx2.Client(transport=provider.transport, timeout=10.0, follow_redirects=False)


def _not_vouched() -> Refusal:
    message = "the provider of log-ins does not vouch for an account here"
    return Refusal([Fault("not-vouched", message, "begin the log-in again, or ask an administrator")], rule=True)
