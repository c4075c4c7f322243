"""What a letter can say: one payload for each kind, and whose turn each kind is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from homeward.exchange.agreement import Role
from homeward.exchange.concordance import Blinded, Opened, Returned, Seals
from homeward.exchange.entries import FamilyEntry, ReferenceEntry, RemainsEntry
from homeward.exchange.form import Base64, Day, Hash, Opaque, Prose
from homeward.exchange.merkle import Proof

__all__ = [
    "FIRST",
    "PAYLOADS",
    "TURNS",
    "Answer",
    "Conclusion",
    "Confirmation",
    "Decision",
    "Disclosure",
    "FamilyOpening",
    "Hit",
    "Kind",
    "Named",
    "PlacedHit",
    "Query",
    "Receipt",
    "ReferenceOpening",
    "RemainsOpening",
    "Reply",
    "Request",
]

Kind = Literal[
    "request",
    "answer",
    "confirmation",
    "query",
    "reply",
    "decision",
    "disclosure",
    "conclusion",
    "receipt",
    "seals",
    "blinded",
    "returned",
    "opened",
]


@dataclass(frozen=True)
class RemainsOpening:
    """An entry, and that it is among the inputs its party committed to."""

    entry: RemainsEntry
    proof: Proof


@dataclass(frozen=True)
class FamilyOpening:
    entry: FamilyEntry
    proof: Proof


@dataclass(frozen=True)
class ReferenceOpening:
    entry: ReferenceEntry
    proof: Proof


@dataclass(frozen=True, slots=True)
class Hit:
    """A pair at or above the threshold, under opaque ids. ``log10_lr``: to one decimal, where that is agreed."""

    remains: Opaque
    family: Opaque
    missing: Opaque
    log10_lr: float | None


@dataclass(frozen=True)
class Request:
    """From the remains' side: profiles to be compared with all families."""

    remains: tuple[RemainsOpening, ...]


@dataclass(frozen=True)
class Answer:
    """From the families' side: the hits, and of everything else only how much was compared.

    ``request``: hash of the letter it answers. ``sealed``: SHA-256 of a nonce, which only the auditor is given, and
    the digest of the whole result: what it was computed from cannot be changed afterwards.
    """

    request: Hash
    hits: tuple[Hit, ...]
    compared_remains: int
    compared_families: int
    sealed: Hash


@dataclass(frozen=True)
class Confirmation:
    """From the remains' side: hits that people there want to see through, with the profiles of their remains."""

    answer: Hash
    hits: tuple[Hit, ...]
    remains: tuple[RemainsOpening, ...]


@dataclass(frozen=True)
class Query:
    """From the remains' side: encrypted profiles and the keys to compute with, as `private.Query` writes them.

    ``remains``: whose profiles they are, in the order of their places.
    """

    remains: tuple[Opaque, ...]
    match: Base64


@dataclass(frozen=True)
class Reply:
    """From the families' side: ciphertexts, as `private.Reply` writes them, and nothing else of anybody.

    ``query``: hash of the letter it answers. ``sealed``: SHA-256 of a nonce, of who stands in which place, and of the
    tables, which stay at home.
    """

    query: Hash
    sealed: Hash
    match: Base64


@dataclass(frozen=True, slots=True)
class PlacedHit:
    """A pair that the reply shows to be a hit: of whom, the families' side alone knows by the place.

    ``score``: steps above the threshold, where that is agreed.
    """

    remains: Opaque
    place: int
    score: int | None


@dataclass(frozen=True)
class Decision:
    """From the remains' side: hits of a reply that people there want to see through, with their remains' profiles."""

    reply: Hash
    hits: tuple[PlacedHit, ...]
    remains: tuple[RemainsOpening, ...]


@dataclass(frozen=True)
class Disclosure:
    """From the families' side: the families of hits that people there confirmed too. The others are declined.

    ``confirmation``: hash of the confirmation, or of the decision.
    """

    confirmation: Hash
    families: tuple[FamilyOpening, ...]
    references: tuple[ReferenceOpening, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """Remains, and whose they are."""

    remains: Opaque
    family: Opaque
    missing: Opaque


@dataclass(frozen=True)
class Conclusion:
    """From each side: the digest of the result that both compute, and the identifications its people signed."""

    disclosure: Hash
    result: Hash
    program: Prose
    identified: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """The payloads of these letters, and all that was computed from them, were deleted here."""

    deleted: tuple[Hash, ...]
    day: Day


PAYLOADS: Mapping[str, type[Any]] = {
    "request": Request,
    "answer": Answer,
    "confirmation": Confirmation,
    "query": Query,
    "reply": Reply,
    "decision": Decision,
    "disclosure": Disclosure,
    "conclusion": Conclusion,
    "receipt": Receipt,
    "seals": Seals,
    "blinded": Blinded,
    "returned": Returned,
    "opened": Opened,
}

FIRST: tuple[tuple[Role, Kind], ...] = (("remains", "request"), ("remains", "query"))
"""Whose turn it is before anything was sent, and with what."""
TURNS: Mapping[tuple[Role, Kind], tuple[tuple[Role, Kind], ...]] = {
    ("remains", "request"): (("families", "answer"),),
    ("families", "answer"): (("remains", "confirmation"), *FIRST),
    ("remains", "confirmation"): (("families", "disclosure"),),
    ("remains", "query"): (("families", "reply"),),
    ("families", "reply"): (("remains", "decision"), *FIRST),
    ("remains", "decision"): (("families", "disclosure"),),
    ("families", "disclosure"): (("remains", "conclusion"),),
    ("remains", "conclusion"): (("families", "conclusion"),),
    ("families", "conclusion"): FIRST,
}
"""After the last letter of a round: whose turn it is, and with what. Other kinds have no part in a round."""
