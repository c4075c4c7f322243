"""Everything that can be done to a record: one class a change, all of them in `CHANGES`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeward.record.changes.access import (
    AddPasskey,
    IssueRecoveryCodes,
    IssueToken,
    OpenAccount,
    RemovePasskey,
    RevokeToken,
    SetPassword,
    SetRoles,
    ShutAccount,
    UseRecoveryCode,
)
from homeward.record.changes.bones import (
    AddPhotograph,
    AddProfile,
    CorrectProfile,
    CorrectRemains,
    RecordAnthropology,
    RecordCustody,
    RecordEffect,
    RecordExtraction,
    RecordRecovery,
    RegisterRemains,
    TakeSample,
)
from homeward.record.changes.change import ABSENT, CLOSED, PRESENT, STATES, Change, state_of
from homeward.record.changes.importing import ImportCase, ImportPreview, RawInput, Step, preview_of, raw_file
from homeward.record.changes.people import (
    CorrectPedigree,
    ListPerson,
    RecordAgreement,
    RecordConsent,
    RecordNames,
    RecordPerson,
    RecordRoster,
    RecordTelling,
    RegisterFamily,
    WithdrawConsent,
)
from homeward.record.changes.work import (
    MarkMisassociated,
    NotifyFamily,
    ProposeCandidate,
    RejectCandidate,
    ReopenIdentification,
    Repatriate,
    ReviewCandidate,
    SignIdentification,
    StoreAnalysis,
    candidate_id,
)

_ALL: tuple[type[Any], ...] = (
    ImportCase,
    RegisterRemains,
    CorrectRemains,
    TakeSample,
    RecordExtraction,
    AddProfile,
    CorrectProfile,
    RecordRecovery,
    AddPhotograph,
    RecordCustody,
    RecordEffect,
    RecordAnthropology,
    RegisterFamily,
    CorrectPedigree,
    RecordPerson,
    ListPerson,
    RecordNames,
    RecordRoster,
    RecordTelling,
    RecordConsent,
    WithdrawConsent,
    RecordAgreement,
    StoreAnalysis,
    ProposeCandidate,
    ReviewCandidate,
    SignIdentification,
    RejectCandidate,
    ReopenIdentification,
    MarkMisassociated,
    NotifyFamily,
    Repatriate,
    OpenAccount,
    SetRoles,
    ShutAccount,
    SetPassword,
    AddPasskey,
    RemovePasskey,
    IssueRecoveryCodes,
    UseRecoveryCode,
    IssueToken,
    RevokeToken,
)
CHANGES: Mapping[str, type[Any]] = {change.code: change for change in _ALL}

__all__ = [
    "ABSENT",
    "CHANGES",
    "CLOSED",
    "PRESENT",
    "STATES",
    "Change",
    "ImportPreview",
    "RawInput",
    "Step",
    "candidate_id",
    "preview_of",
    "raw_file",
    "state_of",
    *sorted(change.__name__ for change in _ALL),
]
