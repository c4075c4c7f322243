"""What is known of recovered items besides what a calculation uses, and where they have been."""

from __future__ import annotations

from dataclasses import dataclass

from homeward.case import Span
from homeward.pedigree import Sex

__all__ = ["Anthropology", "Custody", "Effect", "Extraction", "Photograph", "Recovery"]


@dataclass(frozen=True, slots=True)
class Recovery:
    """How remains were found. ``depth_m``: metres below the surface. ``date``: YYYY-MM-DD, or empty."""

    depth_m: float | None = None
    date: str = ""
    finder: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture of remains. ``content``: base64; ``media``: such as image/jpeg."""

    remains: str
    media: str
    content: str
    taken: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Custody:
    """A handover of remains or of a sample. ``date``: YYYY-MM-DD. ``seal``: the number on the seal."""

    of: str
    date: str
    giver: str
    receiver: str
    place: str
    seal: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """DNA taken from a sample. ``yield_ng``: nanograms in all."""

    sample: str
    laboratory: str
    method: str
    date: str = ""
    yield_ng: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """A thing found with remains or brought by a family."""

    description: str
    remains: str = ""
    family: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Anthropology:
    """What an examination of bones concludes. It changes no calculation by itself (see non_dna.csv)."""

    remains: str
    examiner: str
    sex: Sex = "unknown"
    age: Span | None = None
    stature_cm: Span | None = None
    note: str = ""
