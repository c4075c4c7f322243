"""What is said of remains, of a family and of a reference to the other side: these fields and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from homeward.exchange.agreement import Agreement, Panel, Reveal
from homeward.exchange.form import Opaque
from homeward.faults import Fault
from homeward.genetics import marker_kind
from homeward.pedigree import Sex

__all__ = [
    "Call",
    "FamilyEntry",
    "Kin",
    "KinDoubt",
    "MtCall",
    "ReferenceEntry",
    "RemainsEntry",
    "family_faults",
    "loci",
    "reference_faults",
    "remains_faults",
]

Side = Annotated[str, r"|left|right"]
Word = Annotated[str, r"|[a-z0-9-]{1,40}"]
Population = Annotated[str, r"[^\x00-\x1f]{0,100}"]
Mark = Annotated[str, r"[a-z]{1,3}"]
Difference = Annotated[str, r"[0-9]{1,5}(\.[0-9]{1,2})?[A-Z-]"]
Allele = Annotated[str, r"[^\x00-\x1f]{1,64}"]


_COPIES = 8
"""Alleles of one typing of a Y marker, which may have several copies."""


@dataclass(frozen=True, slots=True)
class Call:
    """One typing of one marker, as in `case.Typing`."""

    marker: Allele
    alleles: tuple[Allele, ...]
    replicate: int


@dataclass(frozen=True, slots=True)
class MtCall:
    """One typing of the mtDNA: first and last position of each range read, and differences from the rCRS."""

    ranges: tuple[tuple[int, int], ...]
    differences: tuple[Difference, ...]
    replicate: int


@dataclass(frozen=True)
class RemainsEntry:
    """A sample of remains. ``body``: equal ids are known to be of one body; ``apart``: entries that cannot be.

    ``dropout``: which agreed class, None where nothing is stated. What is not agreed to be said is empty.
    """

    id: Opaque
    sex: Sex
    element: Word
    side: Side
    body: Annotated[str, r"|[bcdfghjklmnpqrstvwxz]{16}"]
    apart: tuple[Opaque, ...]
    dropout: int | None
    calls: tuple[Call, ...]
    mt: tuple[MtCall, ...]


@dataclass(frozen=True, slots=True)
class Kin:
    """A member of a pedigree, as in `pedigree.Member`; ``population``: a table of the agreement, or empty."""

    id: Opaque
    father: Opaque | None
    mother: Opaque | None
    sex: Sex
    twin: Mark | None
    founder_inbreeding: float
    founder_inbreeding_x: float
    population: Population


@dataclass(frozen=True, slots=True)
class KinDoubt:
    """As in `case.Doubt`."""

    person: Opaque
    father: Opaque | None
    mother: Opaque | None
    probability: float


@dataclass(frozen=True)
class FamilyEntry:
    """A pedigree without names, days or places, and who of it is missing."""

    id: Opaque
    members: tuple[Kin, ...]
    missing: tuple[Opaque, ...]
    doubts: tuple[KinDoubt, ...]


@dataclass(frozen=True)
class ReferenceEntry:
    """What one sample of a member of a family was typed as."""

    id: Opaque
    family: Opaque
    person: Opaque
    dropout: int | None
    calls: tuple[Call, ...]
    mt: tuple[MtCall, ...]


def loci(panel: Panel, calls: tuple[Call, ...]) -> int:
    """How many markers that have frequencies are typed; unknown alleles alone are no typing."""
    known = {m for table in panel.tables for m in table.markers}
    return len({c.marker for c in calls if set(c.alleles) - {"?"}} & known)


def remains_faults(
    agreement: Agreement, entry: RemainsEntry, reveals: tuple[Reveal, ...], least: int
) -> Iterator[Fault]:
    """What of an entry is outside the agreement: ``exchange-outside``, ``exchange-few-loci``."""
    said: dict[Reveal, object] = {
        "sex": entry.sex != "unknown",
        "grouping": entry.body or entry.apart,
        "element": entry.element or entry.side,
        "dropout": entry.dropout is not None,
        "mtdna": entry.mt,
    }
    for what, stated in said.items():
        if stated and what not in reveals:
            yield _outside(entry.id, f"{what} is stated and not agreed to be")
    yield from _profile_faults(agreement.panel, entry)
    if loci(agreement.panel, entry.calls) < least:
        message = f"fewer than {least} loci are typed"
        yield Fault("exchange-few-loci", message, "leave it out until more is typed", sample=entry.id)


def reference_faults(agreement: Agreement, entry: ReferenceEntry) -> Iterator[Fault]:
    """What of a reference's typings is outside the agreement: ``exchange-outside``."""
    yield from _profile_faults(agreement.panel, entry)


def family_faults(agreement: Agreement, entry: FamilyEntry) -> Iterator[Fault]:
    """What of a family is outside the agreement: ``exchange-outside``."""
    ids = {k.id for k in entry.members}
    named = {p for d in entry.doubts for p in (d.person, d.father, d.mother) if p} | set(entry.missing)
    if not named <= ids or not entry.missing:
        yield _outside(entry.id, "somebody is named who is no member, or nobody is missing")
    known = {t.population for t in agreement.panel.tables} | {""}
    if any(k.population not in known for k in entry.members):
        yield _outside(entry.id, "a founder's population has no table in the agreement")


def _profile_faults(panel: Panel, entry: RemainsEntry | ReferenceEntry) -> Iterator[Fault]:
    for call in entry.calls:
        if not all(_agreed(panel.alleles, call.marker, allele) for allele in call.alleles):
            yield _outside(entry.id, "a marker or an allele is not among those of the panel", call.marker)
        if len(call.alleles) > (_COPIES if marker_kind(call.marker) == "Y" else 2) or not 1 <= call.replicate <= 99:
            yield _outside(entry.id, "a typing has too many alleles, or no replicate number", call.marker)
    if entry.dropout is not None and not 0 <= entry.dropout < len(panel.dropout):
        yield _outside(entry.id, "this class of drop-out is not agreed")
    if any(not 1 <= low <= high <= 16569 for mt in entry.mt for low, high in mt.ranges):
        yield _outside(entry.id, "a range of the mtDNA is none", "mtDNA")


def _agreed(alleles: Mapping[str, tuple[str, ...]], marker: str, allele: str) -> bool:
    """`?` is any allele, `8|9` one of these."""
    known = alleles.get(marker, ())
    return marker in alleles and all(part in known or part == "?" for part in allele.split("|"))


def _outside(id: str, message: str, marker: str = "") -> Fault:
    remedy = "agree on it first, or leave it out"
    return Fault("exchange-outside", message, remedy, sample=id, marker=marker[:64])
