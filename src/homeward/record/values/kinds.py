"""Every kind of thing the record holds, and its value as JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from homeward.case import (
    FrequencyTable,
    HaplotypeTable,
    Hypothesis,
    Identification,
    ListedPerson,
    MutationRow,
    NonDna,
    PersonRecord,
    Remains,
    Sample,
)
from homeward.record.values.access import Account, Credential, Passkey, RecoveryCode, Token
from homeward.record.values.bones import Anthropology, Custody, Effect, Extraction, Photograph, Recovery
from homeward.record.values.case_parts import CaseHead, FamilyFile, MtProfile, Profile, RawFile
from homeward.record.values.people import Agreement, Consent, Names, RosterEntry, Telling, Tombstone
from homeward.record.values.work import Analysis, Candidate, Correction, Notification, Repatriation, Report

__all__ = ["KINDS", "Kind", "from_json", "to_json"]


@dataclass(frozen=True, slots=True)
class Kind:
    """``genotypes``: an administrator never sees it. ``numbered``: many belong to one owner, under made ids."""

    type: type
    genotypes: bool = False
    numbered: bool = False


KINDS: Mapping[str, Kind] = {
    # parts of the Case
    "case": Kind(CaseHead),
    "population": Kind(FrequencyTable),
    "mutation": Kind(MutationRow),
    "hypothesis": Kind(Hypothesis),
    "haplotypes": Kind(HaplotypeTable),
    "family": Kind(FamilyFile),
    "person": Kind(PersonRecord),
    "listed": Kind(ListedPerson),
    "remains": Kind(Remains),
    "sample": Kind(Sample),
    "profile": Kind(Profile, genotypes=True),
    "mt-profile": Kind(MtProfile, genotypes=True),
    "non-dna": Kind(NonDna),
    "identification": Kind(Identification),
    "raw-file": Kind(RawFile, genotypes=True),
    # bones
    "recovery": Kind(Recovery),
    "photograph": Kind(Photograph, numbered=True),
    "custody": Kind(Custody, numbered=True),
    "extraction": Kind(Extraction, numbered=True),
    "effect": Kind(Effect),
    "anthropology": Kind(Anthropology, numbered=True),
    # people
    "names": Kind(Names),
    "roster": Kind(RosterEntry, numbered=True),
    "consent": Kind(Consent),
    "tombstone": Kind(Tombstone),
    "telling": Kind(Telling),
    "agreement": Kind(Agreement),
    # work
    "analysis": Kind(Analysis, genotypes=True),
    "report": Kind(Report, genotypes=True),
    "candidate": Kind(Candidate),
    "correction": Kind(Correction, numbered=True),
    "notification": Kind(Notification, numbered=True),
    "repatriation": Kind(Repatriation),
    # access
    "account": Kind(Account),
    "credential": Kind(Credential),
    "passkey": Kind(Passkey),
    "recovery-code": Kind(RecoveryCode),
    "token": Kind(Token),
}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind].type)


def to_json(kind: str, value: Any) -> bytes:
    """A value of a kind as JSON."""
    return _adapter(kind).dump_json(value)


def from_json(kind: str, data: bytes) -> Any:
    """The value that `to_json` wrote."""
    return _adapter(kind).validate_json(data)
