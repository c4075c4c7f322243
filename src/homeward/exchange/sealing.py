"""age encryption (C2SP age v1, X25519), as `pyrage` does it; the one place that touches it."""

from __future__ import annotations

from collections.abc import Sequence

from homeward.faults import Fault, Refusal

try:
    import pyrage  # type: ignore[import-untyped]
except ImportError as error:
    message = "what an exchange needs is not installed"
    raise Refusal([Fault("exchange-not-installed", message, "install homeward[exchange]")]) from error

__all__ = ["new_identity", "seal", "unseal"]


def new_identity() -> tuple[str, str]:
    """A fresh secret key and its recipient, in age's own spelling."""
    made = pyrage.x25519.Identity.generate()
    return str(made), str(made.to_public())


def seal(clear: bytes, recipients: Sequence[str]) -> bytes:
    """Bytes that any one of the recipients opens. Two sealings of equal bytes differ."""
    sealed: bytes = pyrage.encrypt(clear, [pyrage.x25519.Recipient.from_str(r) for r in recipients])
    return sealed


def unseal(sealed: bytes, secret: str, file: str = "") -> bytes:
    """What was sealed. Raises `Refusal` ``exchange-unreadable`` where key or any byte is another."""
    try:
        clear: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(secret)])
    except Exception as error:  # the library raises several kinds, and panics of its parser are a kind of their own
        message = "the envelope does not open: it was cut or changed on its way, or is for somebody else"
        raise Refusal([Fault("exchange-unreadable", message, "ask for the same envelope again", file=file)]) from error
    return clear
