"""What a person reads before he signs an agreement, and before it comes into force: whose keys, and which terms."""

from __future__ import annotations

from collections.abc import Iterator

from homeward.cli.output import say
from homeward.exchange.agreement import Agreement, Role
from homeward.exchange.keys import Card, fingerprint
from homeward.exchange.signing import Signed, other_keys
from homeward.faults import Fault, Refusal

__all__ = ["ask_whose", "say_terms"]


def ask_whose(agreement: Agreement, role: Role, other: Card | None, auditor: Card | None, compared: bool) -> None:
    """Ask that somebody said whose keys an agreement names: by the cards, or because he compared the fingerprints.

    Raises `Refusal`: ``bad-argument`` where nobody said, ``exchange-agreement`` where a card has other keys.
    """
    faults = list(other_keys(agreement, role, other, auditor))
    if faults:
        raise Refusal(faults, rule=True)
    if not compared and (other is None or (auditor is None and agreement.auditor is not None)):
        remedy = (
            "give the card of the other side (--with) and of the auditor (--auditor), or say --compared"
            " when a person has compared the fingerprints with those on paper"
        )
        message = "nobody says whose keys the agreement names"
        raise Refusal([Fault("bad-argument", message, remedy, file="--with")])


def say_terms(signed: Signed) -> None:
    """On standard output."""
    for line in _lines(signed):
        say(line)


def _lines(signed: Signed) -> Iterator[str]:
    a = signed.agreement
    yield f"agreement {a.hash}"
    yield f"title: {a.title}"
    yield f"rests on: {a.basis}"
    for role, signature in (("remains", signed.remains), ("families", signed.families)):
        party = a.remains if role == "remains" else a.families
        state = "has signed" if signature else "has not signed"
        yield f"{role}: {party.name} ({party.country}), {party.inputs.leaves} inputs, {state}"
        yield f"fingerprint of {party.name}: {fingerprint(party)}"
    if a.auditor is None:
        yield "auditor: none"
    else:
        yield f"auditor: {a.auditor.name}, whose key opens every letter"
        yield f"fingerprint of {a.auditor.name}: {fingerprint(a.auditor)}"
    if a.plain:
        least = a.plain.min_typed_loci
        yield f"in the clear: a hit from a joint posterior of {a.plain.posterior}, at least {least} loci"
        yield f"told of remains: typings{''.join(f', {r}' for r in a.plain.reveals)}"
        yield f"told of a hit: who it is of{', and its log₁₀ LR to one decimal' if a.plain.hit_log10_lr else ''}"
    if a.private:
        yield f"private: a hit from a log₁₀ LR of {a.private.threshold}, at least {a.private.min_typed_loci} loci"
    for missed in (*(a.plain.missed if a.plain else ()), *(a.private.missed if a.private else ())):
        yield f"missed of {missed.kind}: {missed.share:.1%} of {missed.pairs} simulated true pairs"
    yield f"consents must cover: {', '.join(a.consent.countries)}"
    yield f"at most: {a.quotas.remains} remains, {a.quotas.families} families, {a.quotas.exchanges} requests"
    yield f"holds: {a.since} to {a.until}; what is the other side's is kept for {a.retention_days} days after that"
    yield f"computed with: {a.program}"
    for table, digest in zip(a.panel.tables, a.panel.digests, strict=True):
        yield f"frequencies of {table.population}: {digest}"
