"""The parts of a `Case` as the record keeps them: each part with a history, one key to each living person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from homeward.case import Doubt, InputFile, MtTyping, Settings, Typing
from homeward.pedigree import Pedigree

__all__ = ["CaseHead", "FamilyFile", "MtProfile", "Profile", "RawFile"]


@dataclass(frozen=True)
class CaseHead:
    """What a case says of itself and of how it is computed."""

    name: str
    settings: Settings
    marker_names: Mapping[str, str] = field(default_factory=dict)
    inputs: tuple[InputFile, ...] = ()


@dataclass(frozen=True)
class FamilyFile:
    """A family without the register's entries, which are its persons' own."""

    pedigree: Pedigree
    missing: tuple[str, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True)
class Profile:
    """One sample's typings, in the case's order of rows. ``raw``: as written by the laboratory."""

    typings: tuple[Typing, ...]
    rows: tuple[int, ...]
    raw: str = ""
    reason: str = ""


@dataclass(frozen=True)
class MtProfile:
    """One sample's typings of the mtDNA; fields as in `Profile`."""

    typings: tuple[MtTyping, ...]
    rows: tuple[int, ...]
    raw: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RawFile:
    """A file as it came, base64. ``subjects``: the living persons it may be about, whose keys together lock it."""

    path: str
    sha256: str
    subjects: tuple[str, ...]
    locked: str
