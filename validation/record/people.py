"""Who works on the tests' records, and a case for them that can be read at a glance."""

from __future__ import annotations

from typing import Any

from homeward.case import Case
from homeward.record import Actor
from homeward.record.changes import ImportCase, preview_of
from homeward.record.consent import typed_living
from homeward.record.door import Record
from homeward.record.values import Consent

PEOPLE = {
    "coordinator": Actor("cora", frozenset({"coordinator"})),
    "geneticist": Actor("gen", frozenset({"geneticist"})),
    "reviewer": Actor("rey", frozenset({"reviewer"})),
    "liaison": Actor("lia", frozenset({"liaison"})),
    "auditor": Actor("audrey", frozenset({"auditor"})),
    "administrator": Actor("adam", frozenset({"administrator"})),
}
CORA, GEN, REY = PEOPLE["coordinator"], PEOPLE["geneticist"], PEOPLE["reviewer"]
CONSENT = Consent(("identification",), ("JP", "KR"), "2026-01-01")


def take_in(record: Record, case: Case, **more: Any) -> int:
    """Import a case with the consent of everybody typed in it."""
    with record.view() as view:
        seen = preview_of(view, case, more.get("mode", "whole"))
    consents = dict.fromkeys(typed_living(case), CONSENT)
    return record.apply(ImportCase(case, seen.digest, consents=consents, **more), CORA)
