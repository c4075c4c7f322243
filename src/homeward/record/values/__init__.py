"""What the record holds besides the parts of a `Case`, as frozen values; `KINDS` names every kind of thing there is."""

from homeward.record.values.access import Account, Credential, Passkey, RecoveryCode, Token
from homeward.record.values.bones import Anthropology, Custody, Effect, Extraction, Photograph, Recovery
from homeward.record.values.case_parts import CaseHead, FamilyFile, MtProfile, Profile, RawFile
from homeward.record.values.kinds import KINDS, Kind, from_json, to_json
from homeward.record.values.people import Agreement, Consent, NameForm, Names, RosterEntry, Telling, Tombstone
from homeward.record.values.work import (
    Analysis,
    Candidate,
    Comment,
    Correction,
    Notification,
    Repatriation,
    Report,
    Review,
    Signature,
)

__all__ = [
    "KINDS",
    "Account",
    "Agreement",
    "Analysis",
    "Anthropology",
    "Candidate",
    "CaseHead",
    "Comment",
    "Consent",
    "Correction",
    "Credential",
    "Custody",
    "Effect",
    "Extraction",
    "FamilyFile",
    "Kind",
    "MtProfile",
    "NameForm",
    "Names",
    "Notification",
    "Passkey",
    "Photograph",
    "Profile",
    "RawFile",
    "Recovery",
    "RecoveryCode",
    "Repatriation",
    "Report",
    "Review",
    "RosterEntry",
    "Signature",
    "Telling",
    "Token",
    "Tombstone",
    "from_json",
    "to_json",
]
