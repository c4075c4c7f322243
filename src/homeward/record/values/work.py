"""What people did with the case: analyses, candidates and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Analysis",
    "Candidate",
    "CandidateState",
    "Comment",
    "Correction",
    "Notification",
    "Repatriation",
    "Report",
    "Review",
    "Signature",
]

CandidateState = Literal["proposed", "reviewed", "signed", "identified", "notified", "returned", "rejected", "reopened"]


@dataclass(frozen=True, slots=True)
class Analysis:
    """A result stored whole. ``revision``: the last change the case was read after. ``result``: its JSON, as written.

    ``subjects``: living persons whose data it used; ``rerunnable`` is false once one of them withdrew.
    """

    digest: str
    revision: int
    seed: int
    overrides: tuple[str, ...]
    version: str
    by: str
    result: str
    subjects: tuple[str, ...] = ()
    rerunnable: bool = True


@dataclass(frozen=True, slots=True)
class Report:
    """An analysis as people read it, in one language: a page that needs nothing from elsewhere."""

    language: str
    html: str


@dataclass(frozen=True, slots=True)
class Review:
    """What somebody other than its proposer says of a candidate."""

    by: str
    date: str
    supports: bool
    reasons: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed an identification, and when."""

    by: str
    date: str


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody remarks on a candidate, without deciding anything."""

    by: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sample of remains and a name, and how far people have come with the two.

    ``searched``: how many names it was found among; no LR is told without it. ``basis``: why it stands although no
    analysis proposed it, such as a later fragment of an identified body.
    """

    sample: str
    missing: str
    state: CandidateState
    proposed_by: str
    analysis: str = ""
    posterior: float | None = None
    searched: int = 0
    basis: str = ""
    reviews: tuple[Review, ...] = ()
    signatures: tuple[Signature, ...] = ()
    reasons: str = ""
    comments: tuple[Comment, ...] = ()


@dataclass(frozen=True, slots=True)
class Notification:
    """That a family was told. ``topic``: what of."""

    family: str
    topic: Literal["identification", "later-fragment", "correction", "unexpected-kinship"]
    date: str
    means: str
    person: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Repatriation:
    """That remains were given to a family."""

    date: str
    receiver: str
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a thing was corrected, reopened or rejected."""

    by: str
    date: str
    reason: str
